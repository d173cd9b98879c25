"""Who is a user of a pooler, and what of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.world import World

CATALOGS = ("pg_shadow", "pg_authid")
ENDS = ("valuntil", "validuntil")
"""Parts of the columns that say until when a password is valid: pg_shadow.valuntil, pg_authid.rolvaliduntil."""


def expired_passwords_accepted(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A query of one's own that asks the catalog for passwords, and not whether they are still valid."""
    for query in (
        pooler.bouncer.setting("auth_query"),
        *(one.parameter("auth_query") for one in pooler.bouncer.databases),
    ):
        if query is None or not query.is_written or query.value is None or query.place is None:
            continue
        text = query.value.lower()
        if any(catalog in text for catalog in CATALOGS) and not any(end in text for end in ENDS):
            yield Hit(query.place, {"pooler": pooler.name})


def application_administers(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pool of PHP logs in as a user who may stop the pooler."""
    admins = pooler.bouncer.setting("admin_users")
    if not admins.is_written or not admins.value or admins.place is None:
        return
    named = {name.strip() for name in admins.value.split(",")}
    for link in world.deployment.links.to(pooler):
        if not isinstance(link.client, (Pooler, Proxy)) and link.user in named and not link.assumption:
            related = tuple(label for label in link.evidence if label.place != admins.place)
            others = [name.strip() for name in admins.value.split(",") if name.strip() != link.user]
            fix = admins.rewritten(", ".join(others)) if others else None
            values = {"user": link.user, "client": link.client.name, "pooler": pooler.name}
            yield Hit(admins.place, values, related, fix=fix)
