"""Whether PostgreSQL lets a client in: it listens, both agree on TLS, a record of pg_hba.conf matches, and the client
can do what the record's method asks for."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.model import leg as steps
from pgfpmlint.model.address import is_told
from pgfpmlint.model.admission import admission
from pgfpmlint.model.hba_match import Connection, Decision
from pgfpmlint.model.leg import ADMITTED, REJECTED, UNKNOWN, Leg, gathered, without_certificate
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.route import HOST, LOCAL, deaf, listening, numeric, route_of, socket_setting, ways_of
from pgfpmlint.model.secret import Secret, answers, secret_of
from pgfpmlint.model.tls import Mode, mode_of, offer, speaks
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.model.roles import Memberships
    from pgfpmlint.resolve.hba import HbaReading


def legs_into_instance(link: Link, came: str | None = None) -> tuple[Leg, ...]:
    """See `passage.legs_of`; the link's server is an instance."""
    instance, route = link.server, route_of(link)
    assert isinstance(instance, Instance)
    blank = Leg(link, route, link.user, link.database, UNKNOWN, "", came=came)
    unheard = deaf(instance, route)
    if unheard and route.type == HOST and not is_told(instance):
        return (blank._replace(why=f"{unheard}, unless its command line says more"),)
    if unheard:
        setting = socket_setting(instance) if route.type == LOCAL else listening(instance)
        return (blank._replace(verdict=REJECTED, reason=steps.DEAF, why=unheard, at=setting.place),)
    mode = mode_of(link)
    if instance.hba is None:
        refused = route.type == HOST and speaks(instance) is False and not offer(mode, speaks=False).tries
        missing = f"the pg_hba.conf of {instance.name} is not in the tree"
        return (_tried(blank, mode, None, speaks_tls=False) if refused else blank._replace(why=missing),)
    return gathered((_ways(blank, mode, *way) for way in ways_of(route)), apart=route.apart)


def _ways(blank: Leg, mode: Mode, type_: str, address: str | None) -> Iterator[Leg]:
    """One answer for each state of the server that the files leave open."""
    if type_ == LOCAL:
        yield _knock(blank, LOCAL, None, tls=False)
        return
    known = speaks(blank.server)
    for state in (True, False) if known is None else (known,):
        yield _tried(blank._replace(address=address), mode, address, state)


def _tried(blank: Leg, mode: Mode, address: str | None, speaks_tls: bool) -> Leg:
    """The attempts of the client, one after the other, until one is let in."""
    if mode.value is None:
        return blank._replace(why=f"{mode.shown} is no mode that is known")
    made = offer(mode, speaks_tls)
    if not made.tries:
        return blank._replace(verdict=REJECTED, reason=steps.NO_TLS, why=made.refusal, at=mode.place, tls="no")
    legs: list[Leg] = []
    for tls in made.tries:
        legs.append(_knock(blank, HOST, address, tls=tls))
        if legs[-1].verdict == ADMITTED:
            # by this attempt, or by one before of which that is not known
            return legs[-1]._replace(tls=legs[-1].tls if all(leg.verdict == REJECTED for leg in legs[:-1]) else UNKNOWN)
    doubtful = next((leg for leg in legs if leg.verdict == UNKNOWN), None)
    return doubtful or _for_want_of_tls(legs[-1], address, made.tries)


def _for_want_of_tls(leg: Leg, address: str | None, tries: tuple[bool, ...]) -> Leg:
    """The rejection, with the record that would let in what the client does not try, if there is one."""
    if leg.reason in (steps.NO_RECORD, steps.REJECTING) and len(set(tries)) == 1:
        other = _knock(leg, HOST, address, tls=not tries[0])
        if other.verdict == ADMITTED and other.record is not None:
            reason = steps.ONLY_CLEAR if tries[0] else steps.ONLY_TLS
            return leg._replace(reason=reason, at=other.record.place)
    return leg


def _knock(blank: Leg, type_: str, address: str | None, *, tls: bool) -> Leg:
    """One attempt: the record that decides, and what comes of its method."""
    instance = blank.server
    assert isinstance(instance, Instance)
    assert instance.hba is not None
    connection = Connection(
        type=type_,
        database=blank.database,
        user=blank.user,
        address=address,
        tls=tls,
        server_addresses=numeric(instance.host) or None,
    )
    decision = _decision(instance, instance.hba, connection)
    leg = blank._replace(verdict=decision.verdict, why=decision.why, tls="yes" if tls else "no", record=decision.record)
    if decision.verdict == REJECTED:
        reason = steps.REJECTING if decision.record else "" if decision.candidates else steps.NO_RECORD
        return leg._replace(reason=reason, at=decision.record.place if decision.record else None)
    return _authenticated(leg, decision) if decision.verdict == ADMITTED else leg


def _decision(instance: Instance, hba: HbaReading, connection: Connection) -> Decision:
    """What the records say, with the memberships that scripts tell of."""
    known = _memberships(instance, connection.user)
    if known is None:
        return admission(hba, connection)
    decision = admission(hba, connection._replace(roles=known.roles, settled=known.settled))
    if known.assumption and decision != admission(hba, connection):
        verdict = UNKNOWN if decision.verdict == REJECTED else decision.verdict
        return decision._replace(verdict=verdict, why=decision.why + known.assumption)
    return decision


def _memberships(instance: Instance, user: str | None) -> Memberships | None:
    if user is None or not instance.scripts:
        return None
    from pgfpmlint.model.roles import memberships

    return memberships(instance, user)


def _authenticated(leg: Leg, decision: Decision) -> Leg:
    """The client before the method of the record, or of those that may decide."""
    records = (decision.record,) if decision.record else decision.candidates
    found = [_by(leg, record.method, dict(record.options)) for record in records]
    return found[0] if len({one.verdict for one in found}) == 1 else leg._replace(verdict=UNKNOWN)


def _by(leg: Leg, method: str, options: dict[str, str]) -> Leg:
    instance = leg.server
    assert isinstance(instance, Instance)
    if instance.scripts:
        from pgfpmlint.model.stored import refused

        no = refused(leg, instance, method)
        if no is not None:
            return no
    if method == "peer":
        return _peer(leg, options.get("map", ""))
    if method == "cert" or options.get("clientcert"):
        without = without_certificate(leg)
        if without is not None:
            return without
        return leg._replace(verdict=UNKNOWN, why=f"{leg.why}; which certificate the client has is not known")
    if isinstance(leg.client, Pooler) and leg.link.entry is not None:
        secret = secret_of(leg.client, leg.link.entry, leg.user, leg.came)
        leg, enough, why = _answered(leg, secret, method)
        if enough is False:
            return leg._replace(verdict=REJECTED, reason=steps.SECRET, why=f"{leg.client.name}: {why}", at=secret.place)
        return leg if enough else leg._replace(verdict=UNKNOWN, why=f"{leg.why}; {why}")
    if method in ("trust", "md5", "scram-sha-256", "password"):
        return leg  # what the application has as its password is not looked at
    return leg._replace(verdict=UNKNOWN, why=f"{leg.why}; {method} asks for what no file here tells")


def _answered(leg: Leg, secret: Secret, method: str) -> tuple[Leg, bool | None, str]:
    """The step with what the pooler holds, whether that will do, and why not."""
    instance = leg.server
    assert isinstance(instance, Instance)
    if not instance.scripts:
        return leg._replace(secret=secret), *answers(secret, method)
    from pgfpmlint.model.stored import asked_of, fits, found_by_query

    secret = found_by_query(secret, instance, leg.user)
    enough, why = answers(secret, asked_of(instance, leg.user, method))
    other = fits(secret, instance, leg.user) if enough and method in ("md5", "scram-sha-256") else ""
    return leg._replace(secret=secret), False if other else enough, other or why


def _peer(leg: Leg, map_: str) -> Leg:
    """Whether the operating system's user of the client may be that database user."""
    from pgfpmlint.model.ident_map import allows

    instance, name = leg.server, steps.system_user(leg.client)
    assert isinstance(instance, Instance)
    if name is None or leg.user is None:
        what = f"{leg.client.name} runs as" if name is None else "it logs in as"
        return leg._replace(verdict=UNKNOWN, why=f"{leg.why}; which user {what} is not known")
    mappings = instance.ident.mappings if instance.ident is not None and instance.ident.reading.accepted else None
    if map_ and (mappings is None or instance.ident is None or instance.ident.reading.unread):
        return leg._replace(verdict=UNKNOWN, why=f"{leg.why}; map {map_} is not known")
    known = _memberships(instance, leg.user)
    roles = (known.roles, known.settled) if known is not None and not known.assumption else (None, None)
    allowed = allows(mappings or (), map_, name, leg.user, instance.postgres.reading.version, *roles)
    if allowed is False:
        by = f" and map {map_} does not let it be {leg.user}" if map_ else f", not as {leg.user}"
        return leg._replace(verdict=REJECTED, reason=steps.PEER, why=f"peer: {leg.client.name} runs as {name}{by}")
    return leg if allowed else leg._replace(verdict=UNKNOWN, why=f"{leg.why}; whether map {map_} fits is not known")
