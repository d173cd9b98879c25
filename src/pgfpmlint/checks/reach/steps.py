"""Steps of connection paths that end before anybody is asked for a password."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import SAFE, Fix, line_below
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import Leg
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.route import LOCAL, listening, socket_setting
from pgfpmlint.model.world import World


def no_such_database(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The client names a database that the pooler has no entry for."""
    pooler = leg.server
    if leg.reason != steps.NO_DATABASE or not leg.is_certain or not isinstance(pooler, Pooler):
        return
    names = ", ".join(sorted(entry.name for entry in pooler.bouncer.databases)) or "none"
    entries = tuple(Label(entry.place, "what there is") for entry in pooler.bouncer.databases[:3])
    first, *more = leg.link.evidence
    values = {"client": leg.client.name, "pooler": pooler.name, "database": leg.database, "names": names}
    yield Hit(first.place, values, (*more, *entries))


def address_not_listened_on(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The client names an address of the server's machine that the server does not bind."""
    if leg.reason != steps.DEAF or leg.route.type == LOCAL or not leg.is_certain:
        return
    setting = listening(leg.server)
    written = setting.place if setting.is_written else None
    first, *more = leg.link.evidence
    values = {"client": leg.client.name, "why": leg.why, "setting": setting.name, "address": leg.route.named or "*"}
    related = (Label(written, f"all that {leg.server.name} listens on"),) if written is not None else ()
    named = leg.route.named or ""
    more_of = f"{setting.value},{named}" if setting.value else named
    quoted = f"'{more_of}'" if isinstance(leg.server, Instance) else more_of
    fix = setting.rewritten(quoted) if named.replace(".", "").isdecimal() or ":" in named else None
    yield Hit(first.place, values, (*more, *related), fix=fix)


def no_socket(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The client uses a Unix socket, and the server makes none."""
    if leg.reason != steps.DEAF or leg.route.type != LOCAL or not leg.is_certain:
        return
    setting = socket_setting(leg.server)
    first, *more = leg.link.evidence
    related = (Label(setting.place, "no socket is made"),) if setting.place is not None else ()
    values = {"client": leg.client.name, "server": leg.server.name, "setting": setting.name}
    values["folder"] = "/run/postgresql" if isinstance(leg.server, Instance) else "/run/pgbouncer"
    yield Hit(first.place, values, (*more, *related))


def no_record(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """No line of pg_hba.conf is for the client."""
    instance = leg.server
    if leg.reason != steps.NO_RECORD or not leg.is_certain or not isinstance(instance, Instance) or not instance.hba:
        return
    first, *more = leg.link.evidence
    records = instance.hba.records
    related = (Label(records[-1].place, "the last record, and none before it matches either"),) if records else ()
    record = _suggestion(leg)
    known = bool(records) and not any(word in record for word in ("DATABASE", "USER", "ADDRESS"))
    fix = Fix(SAFE, (line_below(records[-1].place, record),)) if known else None
    yield Hit(first.place, {**_who(leg), "suggestion": record}, (*more, *related), fix=fix)


def reject_record(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A reject line catches a client of the deployment."""
    if leg.reason == steps.REJECTING and leg.record is not None and leg.is_certain:
        yield Hit(leg.record.place, _who(leg), leg.link.evidence)


def pooler_access_refused(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pooler's own records turn the client away, or none is for it."""
    if leg.reason not in (steps.POOLER_REJECTS, steps.NO_POOLER_RECORD) or not leg.is_certain:
        return
    values = {**_who(leg), "why": leg.why}
    if leg.line is not None:
        yield Hit(leg.line, values, leg.link.evidence)
        return
    first, *more = leg.link.evidence
    file = (Label(leg.at, "the records that there are"),) if leg.at is not None else ()
    yield Hit(first.place, values, (*more, *file))


def _who(leg: Leg) -> dict[str, object]:
    return {"client": leg.client.name, "server": leg.server.name, "whence": leg.whence, "login": leg.login}


def _suggestion(leg: Leg) -> str:
    database, user = leg.database or "DATABASE", leg.user or "USER"
    if leg.route.type == LOCAL:
        return f"local {database} {user} scram-sha-256"
    address = leg.address or next(iter(leg.route.addresses or ()), None)
    prefix = f"{address}/{128 if ':' in address else 32}" if address else "ADDRESS"
    return f"{'hostssl' if leg.tls == 'yes' else 'host'} {database} {user} {prefix} scram-sha-256"
