"""Where PgBouncer gets its users from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import leg as steps
from pgfpmlint.model.asking import asked_in
from pgfpmlint.model.instance_door import legs_into_instance
from pgfpmlint.model.leg import labels
from pgfpmlint.model.link import Link
from pgfpmlint.model.lookup import as_auth_user
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.secret import queries
from pgfpmlint.model.world import World

LISTED = ("md5", "scram-sha-256", "plain", "trust")
"""Values of auth_type for which a user must be known."""


def auth_user_can_not_log_in(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PgBouncer can't ask for users: PostgreSQL turns away the one that it asks as."""
    pooler, entry = link.client, link.entry
    if not isinstance(pooler, Pooler) or entry is None or not isinstance(link.server, Instance) or not link.is_certain:
        return
    user = queries(pooler, entry)
    if user is None or not user.value or pooler.bouncer.setting("auth_type").value not in LISTED:
        return
    if asked_in(pooler, entry) is not None:
        return  # asked in another entry's database
    for leg in legs_into_instance(as_auth_user(link, user.value, None)):
        if leg.reason in (steps.SECRET, steps.NO_RECORD, steps.REJECTING, steps.PEER) and user.place is not None:
            values = {"pooler": pooler.name, "user": user.value, "why": leg.why, "entry": entry.name}
            yield Hit(user.place, values, labels(leg, user.place))


def nobody_known(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """auth_type wants users that are known, and nothing says any."""
    bouncer = pooler.bouncer
    kind, file, user = (bouncer.setting(name) for name in ("auth_type", "auth_file", "auth_user"))
    if pooler.fragment or not kind.is_written or kind.value not in LISTED or file.value != "" or user.value != "":
        return
    if not bouncer.databases or bouncer.accounts or any("auth_user" in entry.parameters for entry in bouncer.databases):
        return
    assert kind.place is not None
    related = (Label(file.place, "no file"),) if file.is_written and file.place is not None else ()
    yield Hit(kind.place, {"pooler": pooler.name, "kind": kind.value}, related)


def password_without_user(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """password= of an entry counts together with user= only."""
    for entry in pooler.bouncer.databases:
        password = entry.parameter("password")
        if password is not None and "user" not in entry.parameters and password.place is not None:
            yield Hit(password.place, {"pooler": pooler.name, "entry": entry.name})
