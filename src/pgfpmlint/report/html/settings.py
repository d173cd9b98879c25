"""What every server would run with: each setting, where it comes from, and what it overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pgfpmlint.catalog.version import NAMES, PHP
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.report.effective import Row, rows, value_text
from pgfpmlint.report.html.alike import grouped, without_host
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.resolve.settings import Effective, Reading

if TYPE_CHECKING:
    from typing import Any

MOST = 60
"""Servers that are shown; `pgfpmlint effective` shows any."""

POSTGRES = (
    "max_connections", "superuser_reserved_connections", "listen_addresses", "port", "ssl", "password_encryption",
    "max_wal_senders", "hash_mem_multiplier", "statement_timeout", "idle_in_transaction_session_timeout",
)  # fmt: skip
BOUNCER = (
    "pool_mode", "default_pool_size", "reserve_pool_size", "min_pool_size", "max_client_conn", "max_db_connections",
    "max_user_connections", "query_wait_timeout", "auth_type", "client_tls_sslmode", "server_tls_sslmode",
)  # fmt: skip
POOL = ("pm", "pm.max_children", "pm.max_requests", "request_terminate_timeout")
"""Defaults that are shown: those that decide about connections. Servers have hundreds of others."""

UNKNOWN = "(unknown)"


class Setting(NamedTuple):
    """``name`` is empty for a line of a list, such as a pg_hba.conf record. ``at`` is the file and line, or says that
    it is a default; ``overrides`` are the lines that lost."""

    name: str
    value: str
    at: str
    default: bool
    overrides: tuple[tuple[str, str], ...]


class Server(NamedTuple):
    """One server's file with all that it includes, or that of several that are alike."""

    names: tuple[str, ...]
    title: str
    accepted: bool
    settings: tuple[Setting, ...]


class _Read(NamedTuple):
    name: str
    host: str
    reading: Reading
    rows: tuple[Row, ...]
    defaults: tuple[tuple[str, Effective], ...]


def servers(deployment: Deployment, screen: Screen) -> tuple[list[Server], int]:
    """Those that are shown, and how many more there are."""
    alike = grouped(_found(deployment), _likeness)
    return [_server(same, screen) for same in alike[:MOST]], sum(len(same) for same in alike[MOST:])


def _found(deployment: Deployment) -> Iterator[_Read]:
    for instance in deployment.instances:
        yield _read(instance.name, instance.host.name, instance.postgres, _defaults(instance.postgres, POSTGRES))
        if instance.hba is not None:
            yield _read(instance.name, instance.host.name, instance.hba)
    for pooler in deployment.poolers:
        yield _read(pooler.name, pooler.host.name, pooler.bouncer, _defaults(pooler.bouncer, BOUNCER))
        if pooler.hba is not None:
            yield _read(pooler.name, pooler.host.name, pooler.hba)
    for master in deployment.masters:
        defaults = [(f"{pool.name}.{name}", one) for pool in master.fpm.pools for name, one in _defaults(pool, POOL)]
        yield _read(master.name, master.host.name, master.fpm, defaults)
        if master.php is not None:
            yield _read(master.name, master.host.name, master.php)


def _read(name: str, host: str, found: Any, defaults: Iterable[tuple[str, Effective]] = ()) -> _Read:
    return _Read(name, host, found.reading, tuple(rows(found)), tuple(defaults))


def _defaults(found: Any, names: Sequence[str]) -> Iterator[tuple[str, Effective]]:
    for name in names:
        effective = found.setting(name)
        if not effective.is_written and effective.value is not None:
            yield name, effective


def _likeness(read: _Read) -> tuple[object, ...]:
    settings = [
        (row.name, row.value, row.written, without_host(row.place.path, read.host), row.place.line, row.place.text)
        for row in read.rows
    ]
    overridden = [place.text for row in read.rows for place in row.shadowed]
    defaults = [(name, effective.value) for name, effective in read.defaults]
    title = (without_host(read.name, read.host), read.reading.kind, read.reading.version, read.reading.accepted)
    return (*title, *settings, *overridden, *defaults)


def _server(same: Sequence[_Read], screen: Screen) -> Server:
    read = same[0]
    version = read.reading.version
    product = "PHP-FPM" if version.product == PHP and read.reading.kind == "php-fpm" else NAMES[version.product]
    shown = [_setting(row, screen) for row in read.rows]
    shown += [Setting(harmless(name), harmless(one.value or ""), "default", True, ()) for name, one in read.defaults]
    title = f"{read.reading.kind}, read as {product} {version} does"
    return Server(tuple(harmless(one.name) for one in same), title, read.reading.accepted, tuple(shown))


def _setting(row: Row, screen: Screen) -> Setting:
    secrets = screen.secrets([row.place.source, *(place.source for place in row.shadowed)])
    at = f"{harmless(row.place.path)}:{row.place.line}"
    lost = [(f"{harmless(place.path)}:{place.line}", screen.snippet(place)) for place in row.shadowed]
    overrides = tuple((address, snippet.text.strip() if snippet else "") for address, snippet in lost)
    if not row.name:
        snippet = screen.snippet(row.place)
        return Setting("", snippet.text.strip() if snippet else "", at, False, overrides)
    value = UNKNOWN if row.value is None else value_text(row.name, row.value, secrets)
    written = value_text(row.name, row.written, secrets)
    if written != value and row.value is not None:
        value = f"{written} ({value})" if written else value
    return Setting(screen.words(row.name, secrets), value, at, False, overrides)
