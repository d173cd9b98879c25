"""What keeps pgcat from starting with a file that is TOML: a key that is missing or of another kind, and what its own
``validate()`` refuses (https://github.com/postgresml/pgcat/blob/main/src/config.rs).

Only what every release since pools have names refuses (0.3.0, 2022), save where it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.formats.toml_value import ARRAY, INTEGER, STRING, TABLE
from pgfpmlint.resolve.proxy.toml_tables import Cell, Table
from pgfpmlint.resolve.settings import is_open
from pgfpmlint.source.text import Place

Fault = tuple[Place, str]

MODES = ("session", "transaction", "Session", "Transaction")
ROLES = ("any", "primary", "replica")
LARGEST = 2**32 - 1
SERVER = ("host", "port", "role")


def faults(top: Table) -> Iterator[Fault]:
    """Where, and in words like pgcat's. None in a part of a file, nor in one of the shape before 0.3.0, which has one
    pool without a name."""
    general, pools = top.table("general"), top.table("pools")
    if general is None or pools is None:
        return
    yield from _needed(general, "[general]", {"admin_username": STRING, "admin_password": STRING})
    yield from _port(general.cell("port"))
    asks = general.cell("auth_query") is not None
    for name, pool in pools.tables():
        yield from _pool(name, pool, asks=asks or pool.cell("auth_query") is not None)


def _pool(name: str, pool: Table, *, asks: bool) -> Iterator[Fault]:
    yield from _mode(pool.cell("pool_mode"))
    role = pool.cell("default_role")
    if role is not None and role.item.worth not in ROLES:
        yield role.place, f"default_role must be 'primary', 'replica', or 'any', got: '{role.item.worth}'"
    users, shards = pool.table("users"), pool.table("shards")
    if users is None and "users" not in pool.entries:
        yield pool.place, f"missing field `users` in [pools.{name}]"
    if shards is None and "shards" not in pool.entries:
        yield pool.place, f"missing field `shards` in [pools.{name}]"
    for key, user in users.tables() if users is not None else ():
        yield from _user(f"[pools.{name}.users.{key}]", user, asks=asks)
    for key, shard in shards.tables() if shards is not None else ():
        if not key.isdecimal():
            yield shard.place, f"shard '{key}' is not a valid number, shards must be numbered starting at 0"
        yield from _shard(f"[pools.{name}.shards.{key}]", shard)


def _user(where: str, user: Table, *, asks: bool) -> Iterator[Fault]:
    yield from _needed(user, where, {"username": STRING, "pool_size": INTEGER})
    yield from _mode(user.cell("pool_mode"))
    if not asks and "password" not in user.entries:
        yield user.place, f"{where} has no password, and no auth_query asks for it"
    largest, smallest = user.cell("pool_size"), user.cell("min_pool_size")
    size, least = _number(largest), _number(smallest)
    if largest is not None and size is not None and not 0 <= size <= LARGEST:
        yield largest.place, f"pool_size {size} is no number from 0 to {LARGEST}"
    elif smallest is not None and size is not None and least is not None and least > size:  # from 1.1.0 on
        yield smallest.place, f"min_pool_size of {least} cannot be larger than pool_size of {size}"


def _shard(where: str, shard: Table) -> Iterator[Fault]:
    yield from _needed(shard, where, {"database": STRING})
    if "servers" not in shard.entries:
        yield shard.place, f"missing field `servers` in {where}"
        return
    cell = shard.cell("servers")
    if cell is not None and cell.item.kind != ARRAY:
        yield cell.place, "servers is no array"
        return
    met: set[str] = set()
    primaries = 0
    for place, values in listed(shard, "servers"):
        if len(values) != 3 or not isinstance(values[0], str) or type(values[1]) is not int:
            yield place, 'a server is written as ["host", port, "role"]'
            continue
        if not 0 <= values[1] <= 65535:
            yield place, f"port {values[1]} is no number from 0 to 65535"
        if str(values[2]) not in ("primary", "replica", "mirror", "Primary", "Replica", "Mirror"):
            yield place, f"unknown variant `{values[2]}`, expected `primary`, `replica` or `mirror`"
        primaries += str(values[2]).lower() == "primary"
        if primaries > 1 and str(values[2]).lower() == "primary":
            yield place, f"shard {where} has more than one primary configured"
        if repr(values) in met:
            yield place, f"shard {where} contains duplicate server configs"
        met.add(repr(values))
    if not met and cell is not None and not cell.item.items:
        yield cell.place, f"shard {where} has no servers configured"


def listed(shard: Table, name: str) -> Iterator[tuple[Place, list[object]]]:
    """The servers of a shard: ``["127.0.0.1", 5432, "primary"]``, or tables with names for the same."""
    entry = shard.entries.get(name)
    if isinstance(entry, list):
        for table in entry:
            cells = [table.cell(key) for key in SERVER]
            yield table.place, [cell.item.worth if cell is not None else None for cell in cells]
    elif isinstance(entry, Cell):
        for item in entry.item.items:
            place = entry.place.source.place(item.start, item.end)
            if item.kind == TABLE:
                by_name = {names[0].text: one.worth for names, one in item.pairs if len(names) == 1}
                yield place, [by_name.get(key) for key in SERVER]
            else:
                yield place, [one.worth for one in item.items]


def _needed(table: Table, where: str, keys: dict[str, str]) -> Iterator[Fault]:
    for name, kind in keys.items():
        cell = table.cell(name)
        if cell is None:
            yield table.place, f"missing field `{name}` in {where}"
        elif cell.item.kind != kind and not is_open(cell.place.text):
            yield cell.place, f"invalid type: {cell.item.kind}, expected {kind} for {name}"


def _mode(cell: Cell | None) -> Iterator[Fault]:
    if cell is not None and cell.item.worth not in MODES:
        yield cell.place, f"unknown variant `{cell.item.worth}`, expected `Transaction` or `Session`"


def _port(cell: Cell | None) -> Iterator[Fault]:
    number = _number(cell)
    if cell is not None and not is_open(cell.place.text) and (number is None or not 0 <= number <= 65535):
        yield cell.place, f"port {cell.place.text} is no number from 0 to 65535"


def _number(cell: Cell | None) -> int | None:
    worth = cell.item.worth if cell is not None and cell.item.kind == INTEGER else None
    return worth if isinstance(worth, int) and not isinstance(worth, bool) else None
