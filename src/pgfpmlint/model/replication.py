"""Which instance is whose standby, as primary_conninfo says it."""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import AddressBook
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.dsn import POSTGRES_PORT, parse_url
from pgfpmlint.model.nodes import Instance
from pgfpmlint.record import NamedTuple


class Standby(NamedTuple):
    """``instance`` follows ``primary``. ``mutual``: the primary names it as well, so either may be the one that
    follows; that is how pairs are set up which take turns."""

    instance: Instance
    primary: Instance
    label: Label
    mutual: bool = False


def standbys(deployment: Deployment) -> list[Standby]:
    """Every instance whose primary_conninfo leads to another instance of the deployment, and to one only."""
    following = [one for one in deployment.instances if one.postgres.setting("primary_conninfo").is_written]
    if not following:
        return []
    book = AddressBook([one for one in deployment.instances if not one.fragment])
    found = [standby for instance in following if (standby := _standby(instance, book)) is not None]
    primaries = {standby.instance.name: standby.primary.name for standby in found}
    return [one._replace(mutual=primaries.get(one.primary.name) == one.instance.name) for one in found]


def _standby(instance: Instance, book: AddressBook) -> Standby | None:
    setting = instance.postgres.setting("primary_conninfo")
    named = _host_and_port(setting.value or "")
    if named is None or setting.place is None or instance.fragment:
        return None
    servers = [server for server, _ in book.lookup(instance.host, *named) if server.name != instance.name]
    if len(servers) != 1 or not isinstance(servers[0], Instance):
        return None
    label = Label(setting.place, f"{instance.name} follows {servers[0].name}")
    return Standby(instance, servers[0], label)


def _host_and_port(conninfo: str) -> tuple[str, int] | None:
    """The one address that a connection string of libpq names; None where it names none or several."""
    if "://" in conninfo:
        url = parse_url(conninfo)
        return (url[0], url[1]) if url is not None else None
    pairs = _pairs(conninfo)
    host, port = pairs.get("hostaddr") or pairs.get("host", ""), pairs.get("port") or str(POSTGRES_PORT)
    return (host, int(port)) if host and "," not in host and port.isdigit() else None


def _pairs(conninfo: str) -> dict[str, str]:
    """``key = value`` pairs, values in quotes where they hold blanks
    (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE)."""
    found: dict[str, str] = {}
    rest = conninfo.strip()
    while "=" in rest:
        key, _, rest = rest.partition("=")
        value, rest = _value(rest.lstrip())
        found[key.strip()] = value
        rest = rest.lstrip()
    return found


def _value(text: str) -> tuple[str, str]:
    """A value and what follows it; a backslash takes the next character as it is."""
    quoted = text.startswith("'")
    value, at = "", int(quoted)
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            value, at = value + text[at + 1], at + 2
            continue
        if text[at] == "'" if quoted else text[at].isspace():
            return value, text[at + 1 :]
        value, at = value + text[at], at + 1
    return value, ""
