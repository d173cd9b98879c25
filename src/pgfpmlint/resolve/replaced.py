"""A reading with one value replaced, as the server of its version would take it: to ask what would be.

Nothing is written anywhere; the new value's provenance is the place that asks for it. ValueError, with words for
people, where the server has no such setting or refuses the value.
"""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import Effective, Written

if TYPE_CHECKING:
    from pgfpmlint.catalog.version import ServerVersion
    from pgfpmlint.resolve.fpm import FpmReading
    from pgfpmlint.resolve.pgbouncer import BouncerEntry, BouncerReading
    from pgfpmlint.resolve.postgres import PostgresReading
    from pgfpmlint.resolve.workers import Factor, WorkersReading


class NewValue(NamedTuple):
    """``name`` is to be ``written``, which is its text and the place that says so."""

    name: str
    written: Written

    @property
    def text(self) -> str:
        return self.written.raw


def in_postgres(reading: PostgresReading, new: NewValue) -> PostgresReading:
    """``max_connections``, or any other parameter of the server."""
    from pgfpmlint.catalog.refusal import Refusal
    from pgfpmlint.resolve.postgres.judge import Judge

    judge = Judge(reading.reading.version)
    setting = judge.parameter(new.name)
    if setting is None:
        raise _unknown(new.name, f"PostgreSQL {judge.version}", judge.catalog.names())
    answer = judge.value(setting, new.text, new.name)
    if isinstance(answer, Refusal):
        raise ValueError(f"{answer.says}{f'; {answer.hint}' if answer.hint else ''}")
    settings = {**reading.settings, judge.key(new.name): Effective(setting.name, answer, new.written)}
    return reading._replace(settings=settings)


def in_pgbouncer(reading: BouncerReading, new: NewValue) -> BouncerReading:
    """``default_pool_size`` of [pgbouncer]; ``shop.pool_size`` of a line of [databases], ``u:shop.pool_size`` of a line
    of [users]."""
    from pgfpmlint.catalog.pgbouncer import load
    from pgfpmlint.resolve.pgbouncer.value import shown

    version = reading.reading.version
    parameter = load().parameters.get(new.name)
    if parameter is not None and parameter.known_to(version):
        value = shown(parameter, new.text, version)
        if value is None:
            raise ValueError(f'invalid value "{new.text}" for parameter {new.name}')
        return reading._replace(settings={**reading.settings, new.name: Effective(new.name, value, new.written)})
    section, lines = "databases", reading.databases
    name = new.name
    if name[:2] in ("d:", "u:"):
        section, lines, name = ("users", reading.users, name[2:]) if name[0] == "u" else (section, lines, name[2:])
    entry, dot, key = name.rpartition(".")
    if not dot:
        known = [one.name for one in load().parameters.values() if one.known_to(version)]
        raise _unknown(name, f"PgBouncer {version}", known)
    if entry not in {line.name for line in lines}:
        listed = ", ".join(line.name for line in lines) or "none"
        raise ValueError(f"[{section}] has no line {entry!r}; there are: {listed}")
    value_of = new._replace(name=key)
    kept = tuple(in_entry(line, section, value_of, version) if line.name == entry else line for line in lines)
    return reading._replace(users=kept) if section == "users" else reading._replace(databases=kept)


def in_entry(line: BouncerEntry, section: str, new: NewValue, version: ServerVersion) -> BouncerEntry:
    """One key of a connection string of [databases] or [users]."""
    from pgfpmlint.catalog.pgbouncer import load
    from pgfpmlint.resolve.pgbouncer.value import leading, word, words

    keys = load().users if section == "users" else load().databases
    known = [key for key, since in keys.items() if version.at_least(*since)]
    if new.name not in known:
        raise _unknown(new.name, f"a line of [{section}]", known)
    value = new.text
    if new.name.endswith(("_size", "_pool", "_connections", "port")):
        number, rest = leading(new.text)
        if rest:
            raise ValueError(f'invalid value "{new.text}" for {new.name}: it must be a whole number')
        value = str(number)
    elif new.name == "pool_mode" and word(new.text, words(load().parameters["pool_mode"], version)) is None:
        raise ValueError(f"invalid pool mode: {new.text}")
    twin = {"reserve_pool": "reserve_pool_size", "reserve_pool_size": "reserve_pool"}.get(new.name)
    parameters = {key: found for key, found in line.parameters.items() if key != twin}
    return line._replace(parameters={**parameters, new.name: Effective(new.name, value, new.written)})


def in_fpm(reading: FpmReading, pool: str | None, new: NewValue) -> FpmReading:
    """``pm.max_children`` or ``env[DB_HOST]`` of the pool of that name; without one, a directive of [global]."""
    from pgfpmlint.catalog.php_fpm import load

    known, version = load(), reading.reading.version
    array, bracket, index = new.name.partition("[")
    if pool is not None and bracket and index.endswith("]") and array in known.arrays:
        return _with_item(reading, pool, known.arrays[array].stored, new._replace(name=index[:-1]))
    directives = known.globals if pool is None else known.pool
    directive = directives.get(new.name)
    if directive is None or not directive.known_to(version):
        names = [one.name for one in directives.values() if one.known_to(version)]
        raise _unknown(new.name, f"PHP-FPM {version}{'' if pool is not None else ' in [global]'}", names)
    from pgfpmlint.resolve.fpm.value import Refused, shown

    try:
        value = shown(directive, new.text, version)
    except Refused as refused:
        raise ValueError(f"{new.name} = {new.text}: {refused.wants}") from None
    if new.name == "pm.max_children" and value.startswith(("0", "-")):
        raise ValueError(f"{new.name} must be a positive value")
    effective = Effective(new.name, value, new.written)
    if pool is None:
        return reading._replace(globals={**reading.globals, new.name: effective})
    pools = tuple(
        one._replace(settings={**one.settings, new.name: effective}) if one.name == pool else one
        for one in reading.pools
    )
    return reading._replace(pools=pools)


def in_workers(group: WorkersReading, new: NewValue) -> WorkersReading:
    """``numprocs``, or another factor of what runs the workers."""
    if new.name not in (factor.words for factor in (*group.processes, *group.each)):
        raise _unknown(new.name, group.kind, [factor.words for factor in (*group.processes, *group.each)])
    if not (new.text.isascii() and new.text.isdigit() and len(new.text) < 10):
        raise ValueError(f"{new.name} must be a whole number, of 9 digits at most")

    def replaced(factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
        number, place = int(new.text), new.written.place
        return tuple(one._replace(number=number, place=place) if one.words == new.name else one for one in factors)

    return group._replace(processes=replaced(group.processes), each=replaced(group.each))


def _with_item(reading: FpmReading, pool: str, array: str, new: NewValue) -> FpmReading:
    effective = Effective(new.name, new.text, new.written)
    pools = []
    for one in reading.pools:
        if one.name == pool:
            items = {**one.arrays.get(array, {}), new.name: effective}
            one = one._replace(arrays={**one.arrays, array: items})
        pools.append(one)
    return reading._replace(pools=tuple(pools))


def _unknown(name: str, what: str, known: Iterable[str]) -> ValueError:
    from pgfpmlint.catalog.nearest import nearest

    near = nearest(name, known)
    return ValueError(f"{what} has no setting {name!r}{f'; the nearest is {near}' if near else ''}")
