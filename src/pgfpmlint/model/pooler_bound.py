"""The most server connections that PgBouncers may open, as their own parameters bound them.

A pool is a pair of database entry and server user. It holds at most pool_size + reserve_pool_size connections; all
pools of an entry together at most its max_db_connections, all pools of a user at most its max_user_connections; 0 is
no cap. Measured on PgBouncer 1.12 to 1.26; https://www.pgbouncer.org/config.html#pool_size and following. Two entries
that lead to the same database of the same server share nothing: sizes and caps count for each.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.capacity import Sum, Term, capped
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pooler_pool import Bound, entry_cap, has_unknown_size, pool_bound, shares_user, user_cap
from pgfpmlint.model.pooler_users import Users, incoming, users_of
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

Met = frozenset[tuple[str, str]]
NOTHING_MET: Met = frozenset()


class EntryBound(NamedTuple):
    """What one entry may open, and what its users hold of that, by name, where nothing else bounds it."""

    total: Sum
    pooler: Pooler
    entry: BouncerEntry
    users: dict[str, int] | None = None


def poolers_bound(links: Sequence[Link], all_links: Links) -> Sum:
    """The most connections that poolers may open through ``links``, which all end at one server."""
    entries = {
        (link.client.name, link.entry.name): (link.client, link.entry)
        for link in links
        if isinstance(link.client, Pooler) and link.entry is not None
    }
    by_pooler: dict[str, list[EntryBound]] = {}
    for pooler, entry in entries.values():
        by_pooler.setdefault(pooler.name, []).append(bound_of(pooler, entry, all_links))
    parts = [bound.total for bounds in by_pooler.values() for bound in bounds]
    found = Sum(
        tuple(term for bounds in by_pooler.values() for term in _terms(bounds)),
        any(part.at_least for part in parts),
        next((part.unlimited for part in parts if part.unlimited), None),
        tuple(name for part in parts for name in part.unknown),
    )
    if not any(link.lane is not None for link in links):
        return found
    from pgfpmlint.model.lane_bound import lanes_bound

    return found.joined(lanes_bound(links, all_links))


def entry_bound(pooler: Pooler, entry: BouncerEntry, links: Links) -> Sum:
    """The most connections that one [databases] entry of ``pooler`` may open, over all hosts of its kind.

    A lower bound where the users of the entry can't be known, for ``*`` (every database name used is a pool of its
    own), and with so_reuseport, where every process has limits of its own and their number is not in the file.
    """
    return bound_of(pooler, entry, links).total


def is_shared_port(pooler: Pooler) -> bool:
    """Whether several processes may serve its port, each with limits of its own
    (https://www.pgbouncer.org/config.html#so_reuseport); how many, the file does not say."""
    return bool(pooler.bouncer.setting("so_reuseport").number)


def _is_asked(pooler: Pooler, entry: BouncerEntry, links: Links) -> bool:
    """Whether the passwords of clients are asked for in the database of ``entry``."""
    if pooler.bouncer.setting("auth_user").value == "" and "auth_user" not in entry.parameters:
        return False
    from pgfpmlint.model.asking import askers

    return bool(askers(pooler, entry, links))


def bound_of(pooler: Pooler, entry: BouncerEntry, links: Links, met: Met = NOTHING_MET) -> EntryBound:
    """The bound of one entry; ``met`` are the entries that lead here, for poolers may be chained into a ring."""
    name = f"{pooler.name} database {entry.name}"
    users = users_of(pooler, entry, links)
    if any(has_unknown_size(pooler, entry, user) for user in users.names):
        return EntryBound(Sum((), at_least=True, unknown=(name,)), pooler, entry)
    pools = [pool_bound(pooler, entry, user) for user in users.names]
    own = _own(name, pooler, entry, users, pools, asked=_is_asked(pooler, entry, links))
    own = own._replace(at_least=own.at_least or is_shared_port(pooler))
    through = _through(pooler, entry, links, met | {(pooler.name, entry.name)})
    is_exact = through is not None and not (through.at_least or through.unlimited or through.unknown)
    if through is not None and is_exact and (own.unlimited or through.total < own.total):
        return EntryBound(Sum((_narrowed(name, pooler, through),)), pooler, entry)
    held: dict[str, int] | None = None
    if not own.unlimited and entry_cap(entry, pooler) is None:
        held = {}
        for user, pool in zip(users.names, pools):
            held[user] = held.get(user, 0) + (pool.amount if pool is not None else 0) * pooler.host.machines
    return EntryBound(own, pooler, entry, held)


def _own(
    name: str, pooler: Pooler, entry: BouncerEntry, users: Users, pools: Sequence[Bound | None], *, asked: bool
) -> Sum:
    """What the entry's own sizes and caps allow; ``asked``: auth_user has a pool of it as well."""
    at_least = asked or not users.complete or entry.name == "*"
    cap = entry_cap(entry, pooler)
    # Each database that * stands for is an entry of its own, with a cap of its own.
    databases = users.databases if entry.name == "*" else 1
    total = None if None in pools else sum(pool.amount for pool in pools if pool is not None)
    # More users than are known fill the pools up to the cap and no further.
    most = None if cap is None else cap.amount * databases
    if cap is not None and most is not None and (total is None or most < total or (at_least and most == total)):
        bound, at_least = cap, entry.name == "*"
        if databases != 1:
            bound = Bound(cap.amount * databases, f"{cap.words} × {databases} databases", cap.places)
    elif total is None:
        return Sum((), at_least, unlimited=f"{name} has pool_size 0, which is no limit from PgBouncer 1.24")
    else:
        bound = _together([pool for pool in pools if pool is not None], users, databases)
    words, amount, places = _on_all_hosts(pooler, bound)
    return Sum((Term(name, words, amount, places, host=pooler.host),), at_least)


def _through(pooler: Pooler, entry: BouncerEntry, links: Links, met: Met) -> Sum | None:
    """What other poolers may open to this entry, where nobody else uses it: it opens no more connections than it has
    clients."""
    arriving = incoming(pooler, entry, links)
    if not arriving or pooler.name in links.shared or not all(isinstance(link.client, Pooler) for link in arriving):
        return None
    found: dict[tuple[str, str], Sum] = {}
    for link in arriving:
        if not isinstance(link.client, Pooler) or link.entry is None or (link.client.name, link.entry.name) in met:
            return None
        found[link.client.name, link.entry.name] = bound_of(link.client, link.entry, links, met).total
    return Sum(
        tuple(term for part in found.values() for term in part.terms),
        any(part.at_least for part in found.values()),
        next((part.unlimited for part in found.values() if part.unlimited), None),
        tuple(name for part in found.values() for name in part.unknown),
    )


def _narrowed(name: str, pooler: Pooler, through: Sum) -> Term:
    came = " + ".join(f"{term.words} of {term.name}" for term in through.terms)
    places = dict.fromkeys(place for term in through.terms for place in term.places)
    return Term(name, f"no more than come through {came}", through.total, tuple(places), host=pooler.host)


def _terms(bounds: Sequence[EntryBound]) -> list[Term]:
    """The terms of one pooler's entries; one in the stead of several where max_user_connections caps their sum."""
    pooler = bounds[0].pooler
    free = [bound for bound in bounds if bound.users is not None]
    each = [term for bound in free for term in bound.total.terms]
    held: dict[tuple[str, str], int] = {}
    for bound in free:
        forced = bound.entry.parameter("user") is not None
        alone = "" if shares_user(pooler, forced) else bound.entry.name
        for user, amount in (bound.users or {}).items():
            held[user, alone] = held.get((user, alone), 0) + amount
    words: list[str] = []
    places: list[Place] = []
    together = 0
    for (user, alone), amount in held.items():
        cap = None if alone else user_cap(pooler, user, forced=False)
        said, most, at = _on_all_hosts(pooler, cap) if cap is not None else ("", amount, ())
        if most < amount:
            places += at
        together += min(most, amount)
        words.append(said if len(held) == 1 else f"{min(most, amount)} of user {user or '?'}")
    if together < sum(term.amount for term in each):
        whose = f" user {next(iter(held))[0]}".rstrip() if len(held) == 1 else " users"
        cap_term = Term(pooler.name + whose, " + ".join(words), together, tuple(places), host=pooler.host)
        each = capped(each, cap_term)
    return [*each, *(term for bound in bounds if bound.users is None for term in bound.total.terms)]


def _on_all_hosts(pooler: Pooler, bound: Bound) -> tuple[str, int, tuple[Place, ...]]:
    words, amount, places = bound.words, bound.amount, bound.places
    if pooler.host.machines != 1:
        words, amount = f"{words} × {pooler.host.machines} hosts", amount * pooler.host.machines
        places = (*places, pooler.host.machines_place)
    return words, amount, tuple(dict.fromkeys(place for place in places if place is not None))


def _together(pools: Sequence[Bound], users: Users, databases: int) -> Bound:
    """All pools of one entry."""
    if len({pool.words for pool in pools}) == 1:
        each = len(pools) // databases
        times = f" × {each} users" if each * databases == len(pools) and each > 1 else ""
        times += f" × {databases} databases" if each * databases == len(pools) and databases > 1 else ""
        if not times and len(pools) > 1:
            times = f" × {len(pools)} pools"
        return Bound(pools[0].amount * len(pools), pools[0].words + times, pools[0].places)
    places = tuple(dict.fromkeys(place for pool in pools for place in pool.places))
    return Bound(sum(pool.amount for pool in pools), " + ".join(pool.words for pool in pools), places)
