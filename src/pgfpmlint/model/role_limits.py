"""CONNECTION LIMITs of roles, which hold whatever the pools that log in as them would open."""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.model.capacity import Sum, Term, capped
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import ClientPool, Instance, Pooler
from pgfpmlint.model.pooler_users import users_of
from pgfpmlint.model.roles import connection_limit


def limited(instance: Instance, direct: Sum, pooled: Sum, links: Links) -> tuple[Sum, Sum]:
    """The demands of pools and of poolers, those of one role cut to its CONNECTION LIMIT. The server refuses what is
    more, which a rule of its own says; a slot it never takes. Only limits that scripts surely set here count."""
    own = links.to(instance)
    pools = _users([link for link in own if isinstance(link.client, ClientPool)], lambda link: link.client.name)
    entries = _users([link for link in own if link.entry is not None], _entry_name, links)
    return _cut(instance, direct, pools), _cut(instance, pooled, entries)


def _users(links: list[Link], name_of: Callable[[Link], str], all_links: Links | None = None) -> dict[str, str | None]:
    """Who logs in, by the name of the term; None where several do or nobody can tell."""
    found: dict[str, str | None] = {}
    for link in links:
        user = link.user
        if isinstance(link.client, Pooler) and link.entry is not None and all_links is not None:
            users = users_of(link.client, link.entry, all_links)
            user = users.names[0] if users.complete and len(set(users.names)) == 1 else None
        name = name_of(link)
        found[name] = user if found.get(name, user) == user else None
    return found


def _entry_name(link: Link) -> str:
    return f"{link.client.name} database {link.entry.name if link.entry is not None else ''}"


def _cut(instance: Instance, total: Sum, users: dict[str, str | None]) -> Sum:
    of_role: dict[str, list[Term]] = {}
    rest: list[Term] = []
    for term in total.terms:
        names = {users.get(part.name) for part in (term.parts or (term,))}
        user = next(iter(names)) if len(names) == 1 else None
        (of_role.setdefault(user, []) if user else rest).append(term)
    for role, terms in of_role.items():
        limit = connection_limit(instance, role)
        if limit is not None and limit.certain and limit.value.number is not None and limit.value.place is not None:
            words = f"{limit.value.number} CONNECTION LIMIT"
            places = (limit.value.place,)
            # They share the role's slots; which machines they come from does not matter any more.
            host = terms[0].host if len({term.host for term in terms}) == 1 else None
            rest += capped(terms, Term(f"role {role}", words, limit.value.number, places, host=host))
        else:
            rest += terms
    return total._replace(terms=tuple(rest))
