"""Roles and databases of an instance, as far as scripts of SQL tell: limits, passwords, settings, memberships.

None stands for what can't be known: nothing speaks of it, two scripts differ and nobody knows which ran last, or a
statement of unknown effect may have changed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance, Scripts
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import Effective, Unknown, Written

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.facts import SqlRole

EVERY = ""
"""The database of a role's setting that holds in all databases."""


class Fact(NamedTuple):
    """What scripts say, and which. ``certain``: they are surely for this instance."""

    value: Effective
    scripts: Scripts

    @property
    def certain(self) -> bool:
        return self.scripts.certain

    @property
    def assumption(self) -> str:
        """What a message must add when the scripts' server was assumed."""
        return self.scripts.assumption


def role_fact(instance: Instance, role: str, name: str) -> Fact | None:
    """``connection limit``, ``login``, ``password`` and the others of `SqlRole.facts`."""
    found = [
        Fact(one.facts[name], scripts)
        for scripts in instance.scripts
        if (one := scripts.reading.role(role)) is not None and name in one.facts
    ]
    return _one(found, instance, role)


def database_fact(instance: Instance, database: str, name: str) -> Fact | None:
    """``connection limit`` and ``allow connections``."""
    found = [
        Fact(one.facts[name], scripts)
        for scripts in instance.scripts
        if (one := scripts.reading.databases.get(database)) is not None and name in one.facts
    ]
    return _one(found, instance, database)


def is_superuser(instance: Instance, role: str) -> bool | None:
    """Superusers are exempt from the limits of roles and databases
    (https://www.postgresql.org/docs/current/sql-createrole.html); None where nothing tells."""
    found = role_fact(instance, role, "superuser")
    return None if found is None else found.value.value == "on"


def connection_limit(instance: Instance, role: str) -> Fact | None:
    """The CONNECTION LIMIT that refuses connections of the role: none for superusers, none where it is -1."""
    limit = role_fact(instance, role, "connection limit")
    if limit is None or limit.value.number is None or limit.value.number < 0:
        return None
    return None if is_superuser(instance, role) else limit


def password_form(instance: Instance, role: str) -> Fact | None:
    """In which form the server keeps the role's password: ``md5``, ``scram-sha-256`` or ``none``.

    A plain one is hashed as password_encryption says, in the session or the files
    (https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION)."""
    found = role_fact(instance, role, "password")
    if found is None or found.value.value != "plain":
        return found
    said = role_fact(instance, role, "hashed as")
    setting = said.value if said is not None else instance.postgres.setting("password_encryption")
    kept = {"on": "md5", "md5": "md5", "scram-sha-256": "scram-sha-256"}.get(setting.value or "")
    return None if kept is None else found._replace(value=found.value._replace(value=kept))


def scram_mark(instance: Instance, role: str) -> tuple[int, Fact] | None:
    """The mark of the SCRAM secret that the server keeps of the role, where scripts give it as such."""
    found = role_fact(instance, role, "password")
    one = found.scripts.reading.role(role) if found is not None else None
    return (one.mark, found) if found is not None and one is not None and one.mark is not None else None


def member_of(instance: Instance, role: str) -> frozenset[str] | None:
    """All roles that ``role`` is a member of, directly or not; None unless scripts create it and leave nothing open.

    What pg_hba.conf asks for with ``+name``, which counts for superusers like for everybody else."""
    created = [scripts for scripts in instance.scripts if (one := scripts.reading.role(role)) and one.created]
    if not created or any(scripts.reading.gaps for scripts in instance.scripts):
        return None
    found = {role}
    new = [role]
    while new:
        name = new.pop()
        groups = {group for one in _spoken_of(instance, name) for group in one.member_of} - found
        found |= groups
        new += groups
    return frozenset(found)


class Memberships(NamedTuple):
    """``roles`` that a role is a member of, itself included. Of those in ``settled`` it is known to be no member: the
    scripts create them, and grant them to others. ``assumption`` is what a message must add when the scripts' server
    was assumed."""

    roles: frozenset[str]
    settled: frozenset[str]
    assumption: str


def memberships(instance: Instance, role: str) -> Memberships | None:
    """What scripts tell of the groups of ``role``; None where they leave it open. A group that they don't create
    somebody else has made, who may have granted it too."""
    found = member_of(instance, role)
    if found is None:
        return None
    made = (one.name for scripts in instance.scripts for one in scripts.reading.roles.values() if one.created)
    assumed = (scripts.assumption for scripts in instance.scripts if not scripts.certain)
    return Memberships(found, frozenset(made) - found, next(assumed, ""))


def setting_for(instance: Instance, name: str, database: str | None, user: str | None) -> Effective:
    """The setting as a session of ``user`` in ``database`` starts with it: that of the role in the database, the role,
    the database, all roles, and then the server's own
    (https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-SQL)."""
    key = name.lower()
    if user is None:
        some = [one for one in _set_for_anybody(instance, key) if database is None or one[0] in (EVERY, database)]
        if some:
            return _open(some[0][1])
    places = [
        *([_of_role(instance, user, database, key)] if user and database else ()),
        *([_of_role(instance, user, EVERY, key)] if user else ()),
        *([_of_database(instance, database, key)] if database else ()),
        [
            Fact(one.reading.all_roles[EVERY, key], one)
            for one in instance.scripts
            if (EVERY, key) in one.reading.all_roles
        ],
    ]
    for found in places:
        if found:
            one = _one(found, instance, user or database or "")
            return one.value if one is not None else _open(found[0].value)
    return instance.postgres.setting(name)


def _set_for_anybody(instance: Instance, key: str) -> list[tuple[str, Effective]]:
    """What roles have the setting, as (database, value): who names no user may be any of them."""
    return [
        (database, value)
        for scripts in instance.scripts
        for role in scripts.reading.roles.values()
        for (database, name), value in role.settings.items()
        if name == key
    ]


def _of_role(instance: Instance, role: str, database: str, key: str) -> list[Fact]:
    return [
        Fact(one.settings[database, key], scripts)
        for scripts in instance.scripts
        if (one := scripts.reading.role(role)) is not None and (database, key) in one.settings
    ]


def _of_database(instance: Instance, database: str, key: str) -> list[Fact]:
    return [
        Fact(one.settings[key], scripts)
        for scripts in instance.scripts
        if (one := scripts.reading.databases.get(database)) is not None and key in one.settings
    ]


def _spoken_of(instance: Instance, role: str) -> Iterable[SqlRole]:
    for scripts in instance.scripts:
        found = scripts.reading.role(role)
        if found is not None:
            yield found


def _one(found: list[Fact], instance: Instance, name: str) -> Fact | None:
    """The fact that all scripts agree on. What is written counts for more than what a role is created with."""
    written = [fact for fact in found if not _is_default(fact.value)] or found
    if len({fact.value.value for fact in written}) != 1 or written[0].value.value is None:
        return None
    others = [scripts for scripts in instance.scripts if scripts is not written[0].scripts]
    if any(_may_change(gap, name) for scripts in others for gap in scripts.reading.gaps):
        return None
    return written[0]


def _may_change(gap: Label, name: str) -> bool:
    text = gap.place.text.lower()
    if "alter" not in text and "drop" not in text and not text.startswith("\\"):
        return False
    return name.lower() in text or any(word in text for word in ("execute", "format", "||", "\\i"))


def _is_default(value: Effective) -> bool:
    return not isinstance(value.origin, (Written, Unknown))


def _open(value: Effective) -> Effective:
    return value._replace(value=None, origin=Unknown("scripts differ, or leave it open", value.place))


def settings_of(instance: Instance, role: str) -> Mapping[tuple[str, str], Fact]:
    """Everything that ALTER ROLE … SET gives the role, by database and name."""
    return {
        key: Fact(value, scripts)
        for scripts in instance.scripts
        if (one := scripts.reading.role(role)) is not None
        for key, value in one.settings.items()
    }
