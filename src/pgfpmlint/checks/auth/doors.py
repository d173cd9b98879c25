"""Clients that a server turns away for who they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import written
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import Leg, labels, system_user
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.world import World


def unknown_to_pooler(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A client logs in as somebody whom auth_file does not list, and nobody asks the database."""
    pooler = leg.server
    if leg.reason != steps.NO_USER or not leg.is_certain or not isinstance(pooler, Pooler):
        return
    file = pooler.bouncer.setting("auth_file")
    where = f"{file.value} does not list it" if file.value else "there is no auth_file"
    related = (Label(file.place, "all users that there are"),) if file.is_written and file.place is not None else ()
    first, *more = leg.link.evidence
    values = {"client": leg.client.name, "pooler": pooler.name, "user": leg.user, "where": where}
    yield Hit(first.place, values, (*more, *related))


def secret_not_for_auth_type(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """auth_type asks clients for more than the listed secret can check."""
    pooler = leg.server
    if leg.reason != steps.FORM or leg.at is None or not leg.is_certain or not isinstance(pooler, Pooler):
        return
    if leg.line is not None:
        return  # a record of auth_hba_file asks, not auth_type
    kind = pooler.bouncer.setting("auth_type")
    users = pooler.bouncer.userlist.users if pooler.bouncer.userlist is not None else ()
    empty = any(user.name == leg.user and user.secret == "empty" for user in users)
    related = (Label(kind.place, "how clients log in"),) if kind.is_written and kind.place is not None else ()
    values = {
        "client": leg.client.name,
        "pooler": pooler.name,
        "user": leg.user,
        "held": "an empty password" if empty else "an md5 hash",
        "kind": kind.value,
        "other": "" if empty or kind.value == "md5" else ", or set auth_type = md5",
    }
    yield Hit(leg.at, values, (*leg.link.evidence, *related))


def any_without_forced_user(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """auth_type any lets everybody in, and then knows no user to connect as."""
    pooler = leg.server
    if leg.reason != steps.NO_FORCED_USER or leg.at is None or not leg.is_certain or not isinstance(pooler, Pooler):
        return
    entries = [entry for entry in pooler.bouncer.databases if entry.name in (leg.database, "*")]
    related = tuple(Label(entry.place, "has no user=") for entry in entries[:1])
    values = {"client": leg.client.name, "pooler": pooler.name, "database": leg.database}
    yield Hit(leg.at, values, (*related, *leg.link.evidence))


def peer_for_another_user(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """peer asks the operating system who the client is, and that is not the database user."""
    if leg.reason != steps.PEER or leg.record is None or not leg.is_certain:
        return
    setting = steps.account(leg.client)
    place = setting.place if setting is not None else None
    related = (Label(place, "the account of its processes"),) if place is not None else ()
    values = {
        "client": leg.client.name,
        "server": leg.server.name,
        "account": system_user(leg.client),
        "user": leg.user,
        "map": dict(leg.record.options).get("map", "MAP"),
    }
    fix = written(leg.record.method_place, "scram-sha-256") if not leg.record.options else None
    yield Hit(leg.record.method_place, values, (*related, *labels(leg, leg.record.place)), fix=fix)
