"""CONNECTION LIMITs of roles and databases, which hold whatever the pools that use them would open."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pgfpmlint.model.capacity import Sum, Term, capped
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.pooler_users import users_of
from pgfpmlint.model.roles import Fact, connection_limit, database_fact, is_superuser
from pgfpmlint.record import NamedTuple

Groups = dict[str, str | None]


class Login(NamedTuple):
    """As whom, and into which database, the connections of one term come; None where several, or nobody can tell."""

    term: str
    user: str | None
    database: str | None


def limited(instance: Instance, direct: Sum, pooled: Sum, links: Links) -> tuple[Sum, Sum]:
    """The demands of pools and of poolers, those of one role or database cut to its CONNECTION LIMIT. The server
    refuses what is more, which rules of their own say; a slot it never takes. Only limits that scripts surely set here
    count."""
    logins = [_login(link, links) for link in links.to(instance)]
    roles = _grouped((one.term, one.user) for one in logins)
    # Superusers pass a database's limit, and one of whom nobody knows the name may be one.
    databases = _grouped(
        (one.term, one.database if one.user and not is_superuser(instance, one.user) else None) for one in logins
    )

    def cut(total: Sum) -> Sum:
        total = _cut(total, roles, "role", lambda role: connection_limit(instance, role))
        return _cut(total, databases, "database", lambda name: database_fact(instance, name, "connection limit"))

    return cut(direct), cut(pooled)


def _login(link: Link, links: Links) -> Login:
    if not isinstance(link.client, Pooler) or link.entry is None:
        return Login(link.client.name, link.user, link.database)
    users = users_of(link.client, link.entry, links)
    user = users.names[0] if users.complete and len(set(users.names)) == 1 else None
    # ``*`` leads to as many databases as its clients ask for.
    database = None if link.database == "*" else link.database
    return Login(f"{link.client.name} database {link.entry.name}", user, database)


def _grouped(pairs: Iterable[tuple[str, str | None]]) -> Groups:
    """What all connections of a term have in common, by its name; None where they have not."""
    found: Groups = {}
    for term, key in pairs:
        found[term] = key if found.get(term, key) == key else None
    return found


def _cut(total: Sum, groups: Groups, kind: str, limit_of: Callable[[str], Fact | None]) -> Sum:
    together: dict[str, list[Term]] = {}
    rest: list[Term] = []
    for term in total.terms:
        keys = {groups.get(part.name) for part in (term.parts or (term,))}
        key = next(iter(keys)) if len(keys) == 1 else None
        (together.setdefault(key, []) if key else rest).append(term)
    for key, terms in together.items():
        limit = limit_of(key)
        number = limit.value.number if limit is not None and limit.certain else None
        if limit is not None and limit.value.place is not None and number is not None and number >= 0:
            # They share its slots; which machines they come from does not matter any more.
            host = terms[0].host if len({term.host for term in terms}) == 1 else None
            words = f"{number} CONNECTION LIMIT"
            rest += capped(terms, Term(f"{kind} {key}", words, number, (limit.value.place,), host=host))
        else:
            rest += terms
    return total._replace(terms=tuple(rest))
