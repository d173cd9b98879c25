"""Whether PgBouncer lets a client in: it listens, both agree on TLS, it has the database, and it knows the user.

Measured on PgBouncer 1.18 and 1.26; tests/servers/test_matrices.py measures it again.
https://www.pgbouncer.org/config.html#authentication-settings
"""

from __future__ import annotations

from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import ADMITTED, REJECTED, UNKNOWN, Leg, together
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.route import HOST, LOCAL, deaf, listening, route_of, socket_setting
from pgfpmlint.model.secret import queries, users_of_file
from pgfpmlint.model.tls import demands, mode_of, offer, speaks, switch
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

CONSOLE = "pgbouncer"


def legs_into_pooler(link: Link) -> tuple[Leg, ...]:
    """See `passage.legs_of`; the link's server is a pooler."""
    pooler, route = link.server, route_of(link)
    assert isinstance(pooler, Pooler)
    address = route.addresses[0] if route.addresses and len(route.addresses) == 1 else None
    blank = Leg(link, route, link.user, link.database, UNKNOWN, "", address=address)
    unheard = deaf(pooler, route)
    if unheard:
        setting = socket_setting(pooler) if route.type == LOCAL else listening(pooler)
        return (blank._replace(verdict=REJECTED, reason=steps.DEAF, why=unheard, at=setting.place),)
    types = (LOCAL, HOST) if route.type is None else (route.type,)
    ways = [way for type_ in types for way in _encrypted(blank, pooler, type_)]
    return (together(_behind_tls(way, pooler) if way.verdict == ADMITTED else way for way in ways),)


def _encrypted(blank: Leg, pooler: Pooler, type_: str) -> list[Leg]:
    """What comes of TLS, for each state of the pooler that the files leave open."""
    if type_ == LOCAL:
        return [blank._replace(verdict=ADMITTED, tls="no")]
    mode, known = mode_of(blank.link), (speaks(pooler), demands(pooler))
    states = [(True, True), (True, False), (False, False)] if None in known else [known]
    found = []
    for speaks_tls, demands_tls in states:
        made = offer(mode, bool(speaks_tls))
        if mode.value is None:
            found.append(blank._replace(why=f"{mode.shown} is no mode that is known"))
        elif not made.tries:
            found.append(
                blank._replace(verdict=REJECTED, reason=steps.NO_TLS, why=made.refusal, at=mode.place, tls="no")
            )
        elif demands_tls and True not in made.tries:
            why = f"{pooler.name} demands TLS ({switch(pooler).name} = {switch(pooler).value}), and {mode.shown}"
            found.append(
                blank._replace(verdict=REJECTED, reason=steps.TLS_DEMANDED, why=why, at=switch(pooler).place, tls="no")
            )
        else:
            tls = demands_tls or made.tries[0]
            found.append(blank._replace(verdict=ADMITTED, tls="yes" if tls else "no"))
    return found


def _behind_tls(leg: Leg, pooler: Pooler) -> Leg:
    if (switch(pooler).value or "").startswith("verify") and leg.tls == "yes":
        return leg._replace(verdict=UNKNOWN, why=f"{pooler.name} demands a certificate of its clients")
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
    return _known(leg, pooler, entry, leg.user)


def _known(leg: Leg, pooler: Pooler, entry: BouncerEntry, user: str) -> Leg:
    """Whether auth_type lets the user in. What the application has as its password is not looked at."""
    setting = pooler.bouncer.setting("auth_type")
    kind = setting.value
    if kind == "any":
        if "user" in entry.parameters:
            return leg._replace(verdict=ADMITTED, why=f"{pooler.name} lets everybody in (auth_type any)")
        why = f"{pooler.name}: auth_type any needs user= in the entry {entry.name}"
        return leg._replace(verdict=REJECTED, reason=steps.NO_FORCED_USER, why=why, at=setting.place)
    if kind not in ("md5", "scram-sha-256", "plain", "trust"):
        return leg._replace(
            verdict=UNKNOWN, why=f"{pooler.name} asks {kind or 'something unknown'}, which no file tells"
        )
    listed = users_of_file(pooler)
    if listed is None:
        return leg._replace(verdict=UNKNOWN, why=f"the auth_file of {pooler.name} is not known")
    found = next((one for one in listed if one.name == user), None)
    if found is None:
        if queries(pooler, entry) is not None:
            return leg._replace(verdict=ADMITTED, why=f"{pooler.name} asks the database for {user} (auth_query)")
        if user in pooler.bouncer.accounts:
            return leg._replace(verdict=UNKNOWN, why=f"{pooler.name} knows {user} from [databases] only")
        why = f"{pooler.name} does not know the user {user}: auth_file has no such line, and no auth_user is set"
        file = pooler.bouncer.setting("auth_file")
        return leg._replace(verdict=REJECTED, reason=steps.NO_USER, why=why, at=file.place)
    if kind == "scram-sha-256" and found.secret in ("md5", "empty"):
        held = "an md5 hash" if found.secret == "md5" else "an empty password"
        why = f"{pooler.name}: auth_type scram-sha-256 can't check {user}, of whom auth_file has {held}"
        return leg._replace(verdict=REJECTED, reason=steps.FORM, why=why, at=found.place)
    if kind != "trust" and found.secret == "empty":
        why = f"{pooler.name}: nobody gets in as {user}, of whom auth_file has an empty password"
        return leg._replace(verdict=REJECTED, reason=steps.FORM, why=why, at=found.place)
    return leg._replace(verdict=ADMITTED, why=f"{pooler.name} knows {user}")
