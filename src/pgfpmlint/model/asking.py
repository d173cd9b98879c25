"""Who asks PostgreSQL for the passwords of a pooler's clients, in which database, and when.

auth_user has a pool of his own beside those of the clients, of the same sizes, and of entries that force a user too:
measured on PgBouncer 1.15 to 1.26, where sixteen clients that log in at once fill it as far as a slow auth_query lets
them. https://www.pgbouncer.org/config.html#auth_query
"""

from __future__ import annotations

from pgfpmlint.model.link import Links
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.pooler_users import incoming
from pgfpmlint.model.secret import queries, users_of_file
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry
    from pgfpmlint.resolve.settings import Effective

NEVER = ("any", "pam", "ldap")
"""Values of auth_type for which PgBouncer looks no client up."""


def asked_in(pooler: Pooler, entry: BouncerEntry) -> Effective | None:
    """The auth_dbname that holds for clients of ``entry``; None where the query runs in their own database."""
    if not pooler.bouncer.reading.version.at_least(1, 19):
        return None
    own, general = entry.parameter("auth_dbname"), pooler.bouncer.setting("auth_dbname")
    return own if own is not None else general if general.value != "" else None


def askers(pooler: Pooler, entry: BouncerEntry, links: Links) -> list[Effective]:
    """The auth_users that may connect to the server of ``entry``, over and above what its clients open."""
    found = [_asker(pooler, entry, links)] if asked_in(pooler, entry) is None else []
    found += [_asker(pooler, one, links) for one in _asking_in(pooler, entry)]
    return list({asker.value: asker for asker in found if asker is not None}.values())


def _asking_in(pooler: Pooler, entry: BouncerEntry) -> list[BouncerEntry]:
    """The entries whose clients are looked up in the database of ``entry`` by an auth_dbname."""
    general = pooler.bouncer.setting("auth_dbname")
    every = pooler.bouncer.databases
    if general.value == "" or not _means(pooler, general, entry):
        every = tuple(one for one in every if "auth_dbname" in one.parameters)
    asked = ((one, asked_in(pooler, one)) for one in every)
    return [one for one, where in asked if where is not None and _means(pooler, where, entry)]


def _means(pooler: Pooler, where: Effective, entry: BouncerEntry) -> bool:
    return where.value in (None, entry.name) or (entry.name == "*" and entry_for(pooler, where.value) is entry)


def _asker(pooler: Pooler, entry: BouncerEntry, links: Links) -> Effective | None:
    """Who asks for clients of ``entry``; None where all are among those that auth_file lists."""
    asker = queries(pooler, entry)
    if asker is None or pooler.bouncer.setting("auth_type").value in NEVER:
        return None
    listed = users_of_file(pooler)
    arriving = incoming(pooler, entry, links)
    if listed is None or not arriving:
        return asker
    names = {user.name for user in listed}
    return asker if any(link.user is None or link.user not in names for link in arriving) else None
