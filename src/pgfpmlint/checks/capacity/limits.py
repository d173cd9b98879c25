"""CONNECTION LIMITs of roles and databases, which scripts of SQL set, against the pools that run into them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import Term, pool_demand
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Instance, Pooler, Proxy
from pgfpmlint.model.pooler_bound import poolers_bound
from pgfpmlint.model.pooler_users import users_of
from pgfpmlint.model.roles import Fact, connection_limit, database_fact, is_superuser
from pgfpmlint.model.world import World


def role_limit_below_pools(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A role may hold fewer connections than the pools that log in as it open."""
    links = world.deployment.links
    by_user: dict[str, list[Link]] = {}
    for link in links.to(instance):
        user = _user(link, links)
        if user:
            by_user.setdefault(user, []).append(link)
    for user, own in sorted(by_user.items()):
        limit = connection_limit(instance, user)
        if limit is not None:
            yield from _judge(limit, f"role {user}", instance, own, links)


def database_limit_below_pools(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A database takes fewer connections than the pools that use it open."""
    links = world.deployment.links
    by_database: dict[str, list[Link]] = {}
    for link in links.to(instance):
        user = _user(link, links)
        exempt = user is not None and is_superuser(instance, user)
        if link.database and link.database != "*" and not exempt:
            by_database.setdefault(link.database, []).append(link)
    for database, own in sorted(by_database.items()):
        limit = database_fact(instance, database, "connection limit")
        if limit is not None and limit.value.number is not None and limit.value.number >= 0:
            yield from _judge(limit, f"database {database}", instance, own, links)


def _user(link: Link, links: Links) -> str | None:
    """Who logs in through a link; None where that is not known, or several do."""
    if isinstance(link.client, Pooler) and link.entry is not None:
        names = set(users_of(link.client, link.entry, links).names)
        return next(iter(names)) or None if len(names) == 1 else None
    return link.user


def _judge(limit: Fact, what: str, instance: Instance, own: Sequence[Link], links: Links) -> Iterator[Hit]:
    direct = pool_demand([link for link in own if not isinstance(link.client, (Pooler, Proxy))])
    pooled = poolers_bound([link for link in own if isinstance(link.client, (Pooler, Proxy))], links)
    number, place = limit.value.number or 0, limit.value.place
    wanted = direct.joined(pooled)
    if place is None or (wanted.total <= number and not wanted.unlimited):
        return
    assumption = limit.assumption or next((link.assumption for link in own if link.assumption), "")
    yield Hit(
        place,
        {
            "what": what,
            "instance": instance.name,
            "limit": number,
            "demand": "any number of" if wanted.unlimited else wanted.shown,
            "way": "lower" if wanted.unlimited else f"write CONNECTION LIMIT {wanted.total}, or lower",
            "assumption": assumption,
        },
        (*_labels(wanted.terms), *dict.fromkeys(label for link in own for label in link.evidence)),
        (
            *([wanted.unlimited] if wanted.unlimited else []),
            *wanted.lines,
            *(
                [f"{wanted.total} wanted - {number} allowed = {wanted.total - number} refused"]
                if wanted.total > number
                else []
            ),
        ),
        certain=not assumption,
    )


def _labels(terms: Sequence[Term]) -> list[Label]:
    return [Label(place, term.line) for term in terms for place in term.places]
