"""What SQL scripts say about roles, databases, settings and functions, each value with its place.

Values are those that the server's catalogs would hold; a fact that later statements leave open is Unknown. No password
is kept: only in which form it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.problem import Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading
from pgfpmlint.source.text import Place

PLAIN, MD5, SCRAM, NONE = "plain", "md5", "scram-sha-256", "none"
"""Forms of a password; NONE is PASSWORD NULL, or none was given."""

EVERY = ""
"""The database of a role's setting that holds in all databases."""


class SqlRole(NamedTuple):
    """A role, as far as scripts tell. ``place`` is its name where it is created or first spoken of.

    ``facts``: ``login``, ``superuser``, ``inherit``, ``createrole``, ``createdb``, ``replication``, ``bypassrls``
    (``on``/``off``), ``connection limit`` (-1: none), ``valid until`` (text) and ``password`` (one of the forms
    above). ``settings`` are those of ALTER ROLE … SET by database (EVERY) and lower-case name. ``member_of`` are the
    roles that it was made a member of, itself. ``mark`` is that of a SCRAM secret (see `UserlistUser`), None of others.
    """

    name: str
    place: Place
    created: bool
    facts: Mapping[str, Effective]
    settings: Mapping[tuple[str, str], Effective]
    member_of: Mapping[str, Place]
    mark: int | None = None


class SqlDatabase(NamedTuple):
    """A database. ``facts``: ``connection limit`` and ``allow connections``; ``settings`` by lower-case name."""

    name: str
    place: Place
    created: bool
    facts: Mapping[str, Effective]
    settings: Mapping[str, Effective]


class SqlFunction(NamedTuple):
    """A function. ``arguments`` are type names; ``search_path`` is the place of its own SET search_path, if any.

    ``open_to_all``: whether any role may call it, None where that can't be told. ``reads_secrets`` is the word of its
    body that names where passwords are kept (``pg_shadow``, ``pg_authid``), or empty. ``granted`` may execute it.
    """

    schema: str
    name: str
    arguments: tuple[str, ...]
    place: Place
    definer: Place | None
    search_path: Place | None
    reads_secrets: str
    open_to_all: bool | None
    granted: frozenset[str] = frozenset()


class SqlGrant(NamedTuple):
    """``GRANT SELECT ON pg_shadow TO …``: who may read where passwords are kept."""

    relation: str
    role: str
    place: Place


class SqlReading(NamedTuple):
    """Scripts that run one after the other on one server, in this order.

    ``system`` are the settings that ALTER SYSTEM leaves in postgresql.auto.conf. ``settings`` are all that the scripts
    set anywhere, in order. ``gaps`` are statements of which nobody can tell what they do to roles. ``init``: the
    scripts run once, when the official container image creates its data directory.
    """

    reading: Reading
    roles: Mapping[str, SqlRole]
    databases: Mapping[str, SqlDatabase]
    system: Mapping[str, Effective]
    functions: tuple[SqlFunction, ...]
    grants: tuple[SqlGrant, ...]
    gaps: tuple[Label, ...]
    init: bool = False
    all_roles: Mapping[tuple[str, str], Effective] = {}

    def written(self) -> Iterator[tuple[str, Mapping[str, Effective]]]:
        """Everything that the scripts leave: to whom (``role app.``), and what by name."""
        yield "system.", self.system
        for role in self.roles.values():
            yield f"role {role.name}.", role.facts
            for (database, name), setting in role.settings.items():
                yield f"role {role.name}{f' in {database}' if database else ''}.", {name: setting}
        yield "role ALL.", {name: setting for (_, name), setting in self.all_roles.items()}
        for one in self.databases.values():
            yield f"database {one.name}.", {**one.facts, **one.settings}

    def role(self, name: str) -> SqlRole | None:
        """None: these scripts say nothing of it."""
        return self.roles.get(name)
