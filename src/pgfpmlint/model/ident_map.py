"""Whether a user name map lets somebody in, as PostgreSQL's check_usermap goes through pg_ident.conf.

https://www.postgresql.org/docs/current/auth-username-maps.html
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.resolve import posix_regex
from pgfpmlint.resolve.ident import IdentMapping


def allows(
    mappings: Sequence[IdentMapping],
    name: str,
    system_user: str,
    database_user: str,
    version: ServerVersion,
    roles: frozenset[str] | None = None,
    settled: frozenset[str] | None = None,
) -> bool | None:
    """Whether map ``name`` lets ``system_user`` in as ``database_user``; None where that can't be known.

    An empty name is no map: both names must be equal. ``roles`` are those that the database user is a member of; where
    ``settled`` is given, of others than these it may be one too.
    """
    if not name:
        return system_user == database_user
    answer: bool | None = False
    for mapping in mappings:
        if mapping.map.text != name:
            continue
        found = _fits(mapping, system_user, database_user, version, roles, settled)
        if found == "stop":
            return answer
        if found is True:
            return True
        if found is None:
            answer = None
    return answer


def _fits(
    mapping: IdentMapping,
    system_user: str,
    database_user: str,
    version: ServerVersion,
    roles: frozenset[str] | None,
    settled: frozenset[str] | None,
) -> bool | str | None:
    """Whether the line lets in; ``stop`` where the server gives up on the map."""
    if mapping.system_user.unknown or mapping.database_user.unknown:
        return None
    system, database = mapping.system_user.text, mapping.database_user.text
    modern = version.major >= 16
    special = modern and (database.startswith("/") or (database[:1] == "+" and not mapping.database_user.quoted))
    if not system.startswith("/"):
        if system != system_user:
            return False
    else:
        found = posix_regex.matches(system[1:], system_user)
        if not found:
            return found
        if "\\1" in database and not special:
            groups = posix_regex.groups(system[1:], system_user)
            if groups is None:
                return None
            if not groups or groups[0] is None:
                return "stop"  # "has no subexpressions as requested by backreference": an error ends the search
            return database.replace("\\1", groups[0], -1 if version.major >= 19 else 1) == database_user
    if modern and database == "all" and not mapping.database_user.quoted:
        return True
    if modern and database.startswith("/"):
        return posix_regex.matches(database[1:], database_user)
    if special:
        role = database[1:]
        if role == database_user or role in (roles or ()):
            return True
        return None if roles is None or (settled is not None and role not in settled) else False
    return database == database_user
