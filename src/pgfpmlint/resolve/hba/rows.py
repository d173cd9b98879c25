"""Records as the view pg_hba_file_rules shows them, secrets masked.

https://www.postgresql.org/docs/current/view-pg-hba-file-rules.html
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba import demands, ldap_url
from pgfpmlint.resolve.hba.options import shown
from pgfpmlint.resolve.hba.record import HbaRecord

_LDAP = (
    *("ldapserver", "ldapport", "ldapscheme", "ldaptls", "ldapprefix", "ldapsuffix", "ldapbasedn", "ldapbinddn"),
    *("ldapbindpasswd", "ldapsearchattribute", "ldapsearchfilter", "ldapscope"),
)
_RADIUS = ("radiusservers", "radiussecrets", "radiusidentifiers", "radiusports")
_OAUTH = ("issuer", "scope", "validator", "delegate_ident_mapping")
_SWITCHES = frozenset(("ldaptls", "delegate_ident_mapping"))


def row(record: HbaRecord) -> dict[str, object]:
    """The columns of one record that are not null, save where it stands."""
    columns: dict[str, object] = {
        "type": record.type,
        "database": [word.text for word in record.databases],
        "user": [word.text for word in record.users],
        "method": record.method,
    }
    if record.address is not None:
        columns["address"] = _address(record)
    if record.netmask is not None:
        columns["netmask"] = record.netmask
    options = _options(record)
    if options:
        columns["options"] = options
    return columns


def _address(record: HbaRecord) -> str:
    assert record.address is not None
    found = ip.parse(record.address) if record.network else None
    return ip.show(*found) if found else record.address


def _options(record: HbaRecord) -> list[str]:
    """The options in the order of the view, which shows some that nobody wrote and hides some that were written."""
    written = shown(record.options)
    rows: list[str] = []
    if record.method in ("gss", "sspi"):
        if written.get("include_realm", "1") == "1":
            rows.append("include_realm=true")
        rows += _named(written, "krb_realm")
    rows += _named(written, "map")
    rows += _client_certificate(record, written)
    rows += _named(written, "pamservice")
    if record.method == "ldap":
        rows += _ldap(written)
    elif record.method == "radius":
        rows += _named(written, *_RADIUS)
    elif record.method == "oauth":
        rows += _named(written, *_OAUTH)
    return rows


def _client_certificate(record: HbaRecord, written: Mapping[str, str]) -> list[str]:
    value = {"1": "verify-ca", "0": "", "no-verify": ""}.get(written.get("clientcert", ""), written.get("clientcert"))
    if record.method == "cert":
        value = "verify-full"
    return [f"clientcert={value}"] if value else []


def _ldap(written: Mapping[str, str]) -> list[str]:
    options = ldap_url.applied(written)
    if "ldapport" in options:
        options["ldapport"] = str(demands.leading_number(options["ldapport"]))
    if options.get("ldapscope") == "0":
        del options["ldapscope"]
    return _named(options, *_LDAP)


def _named(options: Mapping[str, str], *names: str) -> list[str]:
    rows = []
    for name in names:
        if name in _SWITCHES and name in options:
            rows += [f"{name}=true"] if options[name] == "1" else []
        elif name in options:
            rows.append(f"{name}={options[name]}")
    return rows
