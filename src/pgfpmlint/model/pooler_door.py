"""Whether PgBouncer lets a client in: it listens, both agree on TLS, it has the database, and it knows the user.

Measured on PgBouncer 1.18 and 1.26; tests/servers/test_matrices.py measures it again.
https://www.pgbouncer.org/config.html#authentication-settings
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import ADMITTED, REJECTED, UNKNOWN, Leg, gathered, without_certificate
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.pooler_login import Door, login
from pgfpmlint.model.route import LOCAL, deaf, listening, route_of, socket_setting, ways_of
from pgfpmlint.model.tls import demands, mode_of, offer, speaks, switch

CONSOLE = "pgbouncer"

Met = frozenset[str]


def legs_into_pooler(link: Link, links: Links, met: Met = frozenset(), came: str | None = None) -> tuple[Leg, ...]:
    """See `passage.legs_of`; the link's server is a pooler. ``links`` are all of the deployment, ``met`` the poolers
    that come here to ask for their users."""
    pooler, route = link.server, route_of(link)
    assert isinstance(pooler, Pooler)
    blank = Leg(link, route, link.user, link.database, UNKNOWN, "", came=came)
    unheard = deaf(pooler, route)
    if unheard:
        setting = socket_setting(pooler) if route.type == LOCAL else listening(pooler)
        return (blank._replace(verdict=REJECTED, reason=steps.DEAF, why=unheard, at=setting.place),)

    def ways(type_: str, address: str | None) -> Iterator[Leg]:
        for tries in _encrypted(blank._replace(address=address), pooler, type_):
            found = [_behind_tls(way, pooler, type_, links, met) if way.verdict == ADMITTED else way for way in tries]
            yield next((way for way in found if way.verdict != REJECTED), found[0])

    return gathered((ways(*way) for way in ways_of(route)), apart=route.apart)


def _encrypted(blank: Leg, pooler: Pooler, type_: str) -> list[tuple[Leg, ...]]:
    """What comes of TLS, for each state of the pooler that the files leave open: the client's attempts, in order."""
    if type_ == LOCAL:
        return [(blank._replace(verdict=ADMITTED, tls="no"),)]
    mode, known = mode_of(blank.link), (speaks(pooler), demands(pooler))
    states = [(True, True), (True, False), (False, False)] if None in known else [known]
    found: list[tuple[Leg, ...]] = []
    for speaks_tls, demands_tls in states:
        made = offer(mode, bool(speaks_tls))
        if mode.value is None:
            found.append((blank._replace(why=f"{mode.shown} is no mode that is known"),))
        elif not made.tries:
            refused = blank._replace(verdict=REJECTED, reason=steps.NO_TLS, why=made.refusal, at=mode.place, tls="no")
            found.append((refused,))
        elif demands_tls and True not in made.tries:
            why = f"{pooler.name} demands TLS ({switch(pooler).name} = {switch(pooler).value}), and {mode.shown}"
            at = switch(pooler).place
            found.append((blank._replace(verdict=REJECTED, reason=steps.TLS_DEMANDED, why=why, at=at, tls="no"),))
        else:
            tries = [tls for tls in made.tries if tls or not demands_tls]
            found.append(tuple(blank._replace(verdict=ADMITTED, tls="yes" if tls else "no") for tls in tries))
    return found


def _follow(link: Link, links: Links, met: Met) -> tuple[Leg, ...]:
    """A step that a pooler makes of itself, to ask for a user."""
    if isinstance(link.server, Pooler):
        return legs_into_pooler(link, links, met) if link.server.name not in met else ()
    from pgfpmlint.model.instance_door import legs_into_instance

    return legs_into_instance(link)


def _behind_tls(leg: Leg, pooler: Pooler, type_: str, links: Links, met: Met) -> Leg:
    if (switch(pooler).value or "").startswith("verify") and leg.tls == "yes":
        return without_certificate(leg) or leg._replace(
            verdict=UNKNOWN, why=f"{pooler.name} demands a certificate of its clients"
        )
    if leg.database is None:
        return leg._replace(verdict=UNKNOWN, why=f"which database of {pooler.name} it uses is not known")
    entry = entry_for(pooler, leg.database)
    if entry is None and leg.database != CONSOLE:
        if pooler.bouncer.reading.unread:
            return leg._replace(
                verdict=UNKNOWN, why=f"whether {pooler.name} has a database {leg.database} is not known"
            )
        why = f"{pooler.name} has no database {leg.database}, and no *"
        return leg._replace(verdict=REJECTED, reason=steps.NO_DATABASE, why=why, at=pooler.bouncer.anchor)
    if entry is None or leg.user is None:
        what = "console" if entry is None else f"which user of {pooler.name} it is"
        return leg._replace(verdict=UNKNOWN, why=f"{what} is not known")
    door = Door(pooler, entry, type_, links, lambda link: _follow(link, links, met | {pooler.name}))
    return login(leg, door, leg.user)
