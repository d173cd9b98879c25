"""Methods of pg_hba.conf records that believe, or tell, more than they should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.finding.fix import SAFE, SHOWN, UNSAFE
from pgfpmlint.finding.fix import written as fixed
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import is_loopback
from pgfpmlint.model.hba_address import is_remote, is_unmet, written
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.model.world import World
from pgfpmlint.resolve.hba import HbaRecord

OTHERS = 0o002


def ident_from_network(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The client's machine says who the client is."""
    for record in _remote(file):
        if record.method == "ident":
            fix = fixed(record.method_place, "scram-sha-256") if not record.options else None
            yield Hit(record.method_place, {"address": written(record)}, fix=fix)


def md5_method(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit | Silent]:
    """A method that PostgreSQL 18 has deprecated. Nobody needs it who has a SCRAM secret."""
    from pgfpmlint.model.md5_need import of_record

    version, name = file.reading.reading.version, file.instance.name if file.instance is not None else "the server"
    if version.assumed:
        yield Silent(f"which version of {name} it is about is not known")
    if version.assumed or not version.at_least(18):
        return
    for record in file.reading.records:
        if record.method == "md5":
            need = of_record(file.instance, record) if file.instance is not None else None
            safety = SHOWN if need is None or not need.is_none else SAFE if need.is_written else UNSAFE
            fix = fixed(record.method_place, "scram-sha-256", safety)
            yield Hit(record.method_place, fix=None if need is not None and need.has_hash else fix)


def ldap_in_clear(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The password goes on to a directory server on another machine, without TLS."""
    for record in file.reading.records:
        options = dict(record.options)
        if record.method != "ldap" or options.get("ldaptls") == "1" or options.get("ldapscheme") == "ldaps":
            continue
        address = options.get("ldapurl", "").lower()
        if address.startswith("ldaps:"):
            continue
        servers = (options.get("ldapserver") or address.partition("//")[2].partition("/")[0]).split()
        if not servers or not all(is_loopback(server.partition(":")[0]) for server in servers):
            fix = None
            if "ldapserver" in options:
                end = record.place._replace(start=record.place.end)
                fix = fixed(end, " ldaptls=1")
            yield Hit(record.method_place, fix=fix)


def realm_thrown_away(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Users of any realm that the server trusts are taken for each other."""
    for record in file.reading.records:
        options = dict(record.options)
        if record.method in ("gss", "sspi") and options.get("include_realm") == "0" and "krb_realm" not in options:
            yield Hit(record.method_place, {"method": record.method})


def local_trust(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Every account of the machine that reaches the socket may be any user."""
    labels: tuple[Label, ...] = ()
    if file.instance is not None:
        mode = file.instance.postgres.setting("unix_socket_permissions")
        if mode.number is None or not mode.number & OTHERS:
            return
        if mode.is_written and mode.place is not None:
            labels = (Label(mode.place, "lets everybody connect to the socket"),)
    for record in file.reading.records:
        if record.type == "local" and record.method == "trust":
            users = ", ".join(word.text for word in record.users)
            yield Hit(record.method_place, {"users": users}, labels, fix=fixed(record.method_place, "peer"))


def certificate_without_authority(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Clients are to show certificates, and the server has none to hold them against."""
    if file.instance is None:
        return
    ssl, authority = (file.instance.postgres.setting(name) for name in ("ssl", "ssl_ca_file"))
    if ssl.value != "on" or authority.value != "":
        return
    labels = (Label(authority.place, "is empty"),) if authority.is_written and authority.place is not None else ()
    for record in file.reading.records:
        wanted = dict(record.options).get("clientcert", "verify-full" if record.method == "cert" else "")
        if record.type != "local" and wanted.startswith("verify-"):
            what = "cert" if record.method == "cert" else f"clientcert={wanted}"
            yield Hit(record.method_place, {"what": what}, labels)


def _remote(file: HbaFile) -> Iterator[HbaRecord]:
    if not is_unmet(file):
        yield from filter(is_remote, file.reading.records)
