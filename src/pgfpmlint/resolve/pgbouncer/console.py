"""What PgBouncer's console shows of a configuration: SHOW CONFIG, SHOW DATABASES, SHOW USERS."""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.catalog.pgbouncer import load
from pgfpmlint.resolve.pgbouncer.entries import RESERVED
from pgfpmlint.resolve.pgbouncer.reading import BouncerEntry, BouncerReading
from pgfpmlint.resolve.pgbouncer.value import microseconds, whole_seconds
from pgfpmlint.resolve.settings import Effective, Written


def show(found: BouncerReading) -> dict[str, object]:
    if not found.reading.accepted:
        return {}
    version = found.reading.version
    shown: dict[str, object] = {}
    for name, parameter in load().parameters.items():
        if parameter.known_to(version) or name in found.settings:
            value = found.setting(name).value
            if value is not None and (name != "conffile" or name in found.settings):
                shown[name] = value
    databases = [entry for entry in found.databases if entry.name not in ("*", RESERVED)]
    shown["databases"] = _sorted({RESERVED, *(entry.name for entry in databases)})
    shown["users"] = _users(found)
    for entry in databases:
        shown |= {f"d:{entry.name}.{column}": text for column, text in _database(found, entry).items()}
    for entry in found.users:
        shown |= {f"u:{entry.name}.{column}": text for column, text in _user(found, entry).items()}
    return shown


def _users(found: BouncerReading) -> list[str]:
    """Everybody that PgBouncer has met by the time that it serves."""
    listed = () if found.userlist is None else found.userlist.users
    names = {RESERVED, *found.accounts}
    return _sorted(names.union((entry.name for entry in found.users), (user.name for user in listed)))


def _database(found: BouncerReading, entry: BouncerEntry) -> dict[str, str]:
    version = found.reading.version

    def own(key: str, otherwise: str = "") -> str:
        parameter = entry.parameter(key)
        return otherwise if parameter is None else parameter.value or ""

    inherited = _inherited(found, entry)
    reserve = "reserve_pool_size" if version.at_least(1, 24) else "reserve_pool"
    columns = {
        "host": own("host"),
        "port": own("port", "5432"),
        "database": own("dbname", entry.name),
        "force_user": own("user"),
        "pool_size": inherited("pool_size", "default_pool_size", 0),
        reserve: inherited("reserve_pool", "reserve_pool_size", 0)
        if entry.parameter("reserve_pool")
        else inherited("reserve_pool_size", "reserve_pool_size", 0),
        "pool_mode": own("pool_mode"),
        "max_connections": inherited("max_db_connections", "max_db_connections", 1),
    }
    if version.at_least(1, 16):
        columns["min_pool_size"] = inherited("min_pool_size", "min_pool_size", 0)
    if version.at_least(1, 23):
        columns["server_lifetime"] = _lifetime(found, entry)
    if version.at_least(1, 24):
        columns["max_client_connections"] = inherited("max_db_client_connections", "max_db_client_connections", 1)
        columns["load_balance_hosts"] = own("load_balance_hosts", "round-robin") if "," in own("host") else ""
    return columns


def _inherited(found: BouncerReading, entry: BouncerEntry) -> Callable[[str, str, int], str]:
    def inherited(key: str, parameter: str, least: int) -> str:
        """The entry's own number from ``least`` up, else the parameter's."""
        own: Effective | None = entry.parameter(key)
        number = None if own is None else own.number
        return str(number) if number is not None and number >= least else found.setting(parameter).value or ""

    return inherited


def _lifetime(found: BouncerReading, entry: BouncerEntry) -> str:
    own, usual = entry.parameter("server_lifetime"), found.setting("server_lifetime")
    if own is not None and own.number:
        return str(whole_seconds(own.number * 10**6))
    text = usual.origin.raw if isinstance(usual.origin, Written) else usual.value or ""
    return str(whole_seconds(microseconds(text) or 0))


def _user(found: BouncerReading, entry: BouncerEntry) -> dict[str, str]:
    mode = entry.parameter("pool_mode")
    columns = {"pool_mode": "" if mode is None else mode.value or ""}
    if found.reading.version.at_least(1, 23):
        size = entry.parameter("pool_size")
        columns["pool_size"] = size.value or "" if size is not None and (size.number or 0) >= 0 else ""
    return columns


def _sorted(names: set[str]) -> list[str]:
    return sorted(names, key=lambda name: name.encode("utf-8", "surrogateescape"))
