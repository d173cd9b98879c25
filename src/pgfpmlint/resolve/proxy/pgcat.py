"""pgcat.toml as pgcat reads it, and its arithmetic: every user of a pool has ``pool_size`` connections of its own to
every server of every shard (https://github.com/postgresml/pgcat/blob/main/CONFIG.md, src/pool.rs).

Keys that pgcat does not know it passes over; what is missing, or of another kind, keeps it from starting.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.catalog.proxy_names import PGCAT_GENERAL, PGCAT_POOL, PGCAT_SHARD, PGCAT_USER
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.formats.pgcat_toml import KIND, parse
from pgfpmlint.formats.toml_value import ARRAY, BOOLEAN, INTEGER, STRING, TABLE, Item
from pgfpmlint.resolve.proxy import TRANSACTION, Backend, Figure, Lane, ProxyReading
from pgfpmlint.resolve.proxy.pgcat_faults import faults, listed
from pgfpmlint.resolve.proxy.toml_tables import Cell, Table, tables
from pgfpmlint.resolve.proxy.unknown import unknown
from pgfpmlint.resolve.settings import Default, Effective, Reading, Written
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root
from pgfpmlint.syntax.document import Document, Malformed

PORT, HOST = 5432, "0.0.0.0"
"""What General::default_port() and default_host() of src/config.rs say; every sample sets another port."""

REFUSED = "pooler/pgcat-refuses-to-start"


def read(root: Root, path: str, version: ServerVersion) -> ProxyReading:
    """The file ``path``. Unreadable where it can't be read."""
    document = parse(root.read(path), path, version)
    top, clashes = tables(document)
    anchor = document.source.line_place(1)
    problems = [_broken(document, node) for node in document.statements if isinstance(node, Malformed)]
    for clash in clashes:
        says = f"duplicate key `{clash.name}`"
        problems.append(Problem(REFUSED, clash.place, says, True))
    general = top.table("general") or Table(anchor)
    pools = top.table("pools") or Table(anchor)
    problems += _unknown(general, pools)
    if not any(problem.refuses for problem in problems):
        problems += (Problem(REFUSED, at, says, True) for at, says in faults(top))
    lanes = [lane for name, pool in pools.tables() for lane in _lanes(name, pool, general, version)]
    host, port = general.cell("host"), general.cell("port")
    number = PORT if port is None else port.item.worth if isinstance(port.item.worth, int) else None
    return ProxyReading(
        "pgcat",
        ((_text(host) or "" if host is not None else HOST, number),),
        tuple(lanes),
        settings=dict(_settings("general", general)),
        reading=Reading(KIND, version, (document,), tuple(problems)),
        anchor=general.place,
    )


def _unknown(general: Table, pools: Table) -> Iterator[Problem]:
    """Keys that pgcat passes over, in the tables whose keys it has a say in."""
    known = [(general, PGCAT_GENERAL)]
    for _, pool in pools.tables():
        known.append((pool, PGCAT_POOL))
        known += ((user, PGCAT_USER) for _, user in (pool.table("users") or Table(pool.place)).tables())
        known += ((shard, PGCAT_SHARD) for _, shard in (pool.table("shards") or Table(pool.place)).tables())
    for table, names in known:
        for name, cell in table.cells():
            if name not in names:
                yield unknown("pooler/pgcat-unknown-key", cell.key, names)


def _broken(document: Document, node: Malformed) -> Problem:
    place = document.source.place(node.at, node.until)
    return Problem(REFUSED, place, node.says, True)


def _settings(prefix: str, table: Table) -> Iterator[tuple[str, Effective]]:
    for name, cell in table.cells():
        yield f"{prefix}.{name}", _effective(name, cell)


def _effective(name: str, cell: Cell) -> Effective:
    """A setting as pgcat takes it; secrets as asterisks."""
    value = "********" if "password" in name else _shown(cell.item)
    return Effective(name, value, Written(cell.line, cell.place, value or ""))


def _shown(item: Item) -> str | None:
    if item.kind == BOOLEAN:
        return "true" if item.worth else "false"
    return None if item.kind in (ARRAY, TABLE) else str(item.worth)


def _text(cell: Cell | None) -> str | None:
    return str(cell.item.worth) if cell is not None and cell.item.kind == STRING else None


def _number(cell: Cell | None) -> int | None:
    worth = cell.item.worth if cell is not None and cell.item.kind == INTEGER else None
    return worth if isinstance(worth, int) else None


def _lanes(name: str, pool: Table, general: Table, version: ServerVersion) -> Iterator[Lane]:
    """One for each user of a pool."""
    backends = tuple(_backends(pool))
    for _, user in (pool.table("users") or pool).tables() if pool.table("users") else ():
        mode, size = user.cell("pool_mode") or pool.cell("pool_mode"), user.cell("pool_size")
        amount, who = _number(size), _text(user.cell("username"))
        if who is None:
            continue
        figure = None
        if size is not None and amount is not None and amount > 0:
            figure = Figure(amount, f"{amount} pool_size", (size.line,))
        yield Lane(
            name,
            who,
            user.place,
            backends,
            _mode(mode, version, pool.place),
            figure,
            server_user=_text(user.cell("server_username")) or who,
            unknown="" if figure is not None else "its pool_size can't be read",
            prepares=_prepares(pool, general),
        )


def _prepares(pool: Table, general: Table) -> Effective | None:
    """Whether prepared statements are followed, where a line says so: the default is no cache, but older releases know
    other keys."""
    for table in (pool, general):
        cell = table.cell("prepared_statements_cache_size") or table.cell("prepared_statements")
        if cell is not None and cell.item.kind in (BOOLEAN, INTEGER):
            found = _effective(cell.key.text, cell)
            return found._replace(value="true" if cell.item.worth else "false")
    return None


def _mode(cell: Cell | None, version: ServerVersion, anchor: Place) -> Effective:
    if cell is None:
        return Effective("pool_mode", TRANSACTION, Default(version, anchor))
    return Effective("pool_mode", str(cell.item.worth).lower(), Written(cell.line, cell.place, str(cell.item.worth)))


def _backends(pool: Table) -> Iterator[Backend]:
    """Every server of every shard; mirrors hold a connection for each one of the server that they mirror."""
    for _, shard in (pool.table("shards") or pool).tables() if pool.table("shards") else ():
        database = _text(shard.cell("database"))
        for name in ("servers", "mirrors"):
            for place, values in listed(shard, name):
                backend = _backend(place, values, database)
                if backend is not None:
                    yield backend


def _backend(place: Place, values: list[object], database: str | None) -> Backend | None:
    if len(values) < 2:
        return None
    host, port = values[0], values[1]
    return Backend(
        host if isinstance(host, str) else None,
        port if isinstance(port, int) else None,
        place,
        database,
        len(values) > 2 and str(values[2]).lower() == "replica",
    )
