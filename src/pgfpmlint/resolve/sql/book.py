"""What the statements leave behind: roles, databases and functions after the last one has run."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import Default, Effective, Written
from pgfpmlint.resolve.sql import options
from pgfpmlint.resolve.sql.assignments import DATABASE, ROLE, SYSTEM, answered, assigned, unknown
from pgfpmlint.resolve.sql.facts import EVERY, MD5, NONE, SqlDatabase, SqlRole
from pgfpmlint.resolve.sql.script import WORTH_WORDS, Step
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Fields

ATTRIBUTES = {
    "canlogin": "login",
    "superuser": "superuser",
    "inherit": "inherit",
    "createrole": "createrole",
    "createdb": "createdb",
    "isreplication": "replication",
    "bypassrls": "bypassrls",
}

OF_NEW_ROLE = {**dict.fromkeys(ATTRIBUTES.values(), "off"), "inherit": "on", "connection limit": "-1", "password": NONE}


APART = {
    "AlterSystemStmt": "ALTER SYSTEM",
    "CreatedbStmt": "CREATE DATABASE",
    "CreateTableSpaceStmt": "CREATE TABLESPACE",
    "DropdbStmt": "DROP DATABASE",
    "DropTableSpaceStmt": "DROP TABLESPACE",
}

IN_BLOCK = "sql/not-in-transaction"


class Entry:
    """A role or database in the making."""

    __slots__ = ("created", "facts", "mark", "member_of", "name", "place", "settings")

    def __init__(self, name: str, place: Place, *, created: bool) -> None:
        self.name = name
        self.place = place
        self.created = created
        self.facts: dict[str, Effective] = {}
        self.settings: dict[tuple[str, str], Effective] = {}
        self.member_of: dict[str, Place] = {}
        self.mark: int | None = None


class Book:
    """Takes one statement after the other. A statement that the server would refuse changes nothing."""

    def __init__(self, version: ServerVersion) -> None:
        self._version = version
        self._judge = Judge(version)
        self._hashing: str | None = None
        self.roles: dict[str, Entry] = {}
        self.databases: dict[str, Entry] = {}
        self.of_all_roles: dict[tuple[str, str], Effective] = {}
        self.system: dict[str, Effective] = {}
        self.problems: list[Problem] = []
        self.gaps: list[Label] = []
        self._takes = {
            "CreateRoleStmt": self._create_role,
            "AlterRoleStmt": self._alter_role,
            "AlterRoleSetStmt": self._role_setting,
            "DropRoleStmt": self._drop_roles,
            "GrantRoleStmt": self._membership,
            "RenameStmt": self._rename,
            "CreatedbStmt": self._create_database,
            "AlterDatabaseStmt": self._alter_database,
            "AlterDatabaseSetStmt": self._database_setting,
            "DropdbStmt": self._drop_database,
            "AlterSystemStmt": self._system_setting,
            "VariableSetStmt": self._session_setting,
            "DoStmt": self._do,
        }

    def take(self, step: Step) -> None:
        """Do what the statement does."""
        if step.tree is None:
            self._gap(step, step.open)
            return
        if step.in_block and (statement := _apart(step)):
            says = f"{statement} cannot run inside a transaction block"
            self.problems.append(Problem(IN_BLOCK, step.place, says, True, {"statement": statement}))
            return
        handler = self._takes.get(step.tree.kind)
        if handler is not None:
            handler(step, step.tree.fields)

    def _gap(self, step: Step, why: str) -> None:
        """Forget what a statement of unknown effect may have changed."""
        text = step.text.lower()
        if step.node.kind == "sql" and not any(word in text for word in (*WORTH_WORDS, "grant", "revoke")):
            return
        self.gaps.append(Label(step.place, why))
        if step.node.kind == "sql" and "alter" not in text and "drop" not in text:
            return
        every = step.node.kind == "psql" or "execute" in text or "format" in text or "||" in text
        for entry in (*self.roles.values(), *self.databases.values()):
            if every or entry.name.lower() in text:
                entry.facts = {name: unknown(name, why, step.place) for name in entry.facts}
                entry.settings = {key: unknown(key[1], why, step.place) for key in entry.settings}

    def _do(self, step: Step, fields: Fields) -> None:
        self._gap(step, "what a DO block does can't be known")

    def _create_role(self, step: Step, fields: Fields) -> None:
        name = fields["role"]
        if name in self.roles and self.roles[name].created:
            return
        entry = Entry(name, step.words()[2], created=True)
        entry.facts = {
            fact: Effective(fact, value, Default(self._version, entry.place)) for fact, value in OF_NEW_ROLE.items()
        }
        if fields.get("stmt_type") == "ROLESTMT_USER":
            entry.facts["login"] = Effective("login", "on", Written(entry.place, entry.place, "USER"))
        self.roles[name] = entry
        self._role_options(step, entry, fields)

    def _alter_role(self, step: Step, fields: Fields) -> None:
        name = fields["role"].get("rolename")
        if name is None:
            return
        entry = self._role(name, step, fields["role"])
        add = fields.get("action", 0) != -1
        self._role_options(step, entry, fields, add=add)

    def _role_options(self, step: Step, entry: Entry, fields: Fields, *, add: bool = True) -> None:
        for name, element, place in step.options(fields.get("options", [])):
            arg = element.get("arg")
            if name in ("addroleto", "rolemembers", "adminmembers"):
                for role, at in options.named_roles(step, arg):
                    member = entry if name == "addroleto" else self._known(role, at)
                    group = role if name == "addroleto" else entry.name
                    if add:
                        member.member_of[group] = at
                    else:
                        member.member_of.pop(group, None)
            elif name == "password":
                entry.facts["password"] = options.password(step, arg, place)
                entry.mark = options.mark(arg)
                hashing = self._hashing
                entry.facts.pop("hashed as", None)
                if hashing is not None:
                    entry.facts["hashed as"] = Effective("hashed as", hashing, Written(place, place, hashing))
            elif name in ATTRIBUTES:
                entry.facts[ATTRIBUTES[name]] = options.boolean(ATTRIBUTES[name], arg, place)
            elif name in ("connectionlimit", "validUntil"):
                fact = "connection limit" if name == "connectionlimit" else "valid until"
                entry.facts[fact] = options.constant(fact, step, element, place)

    def _role_setting(self, step: Step, fields: Fields) -> None:
        role = fields.get("role")
        if role is not None and "rolename" not in role:
            return
        if role is None and fields.get("database"):  # the server keeps that as ALTER DATABASE … SET
            name = fields["database"]
            entry = self.databases.setdefault(name, Entry(name, step.place, created=False))
            self._assign(step, ROLE, fields["setstmt"], entry.settings, EVERY)
            return
        settings = self.of_all_roles if role is None else self._role(role["rolename"], step, role).settings
        self._assign(step, ROLE, fields["setstmt"], settings, fields.get("database", EVERY))

    def _assign(
        self, step: Step, scope: str, fields: Fields, settings: dict[tuple[str, str], Effective], database: str
    ) -> None:
        said = assigned(step, fields)
        if not said.name:
            for key in [key for key in settings if key[0] == database]:
                del settings[key]
            return
        key = database, self._judge.key(said.name)
        if not said.known:
            settings[key] = unknown(said.name, "its value is no constant", said.place)
            return
        answer = answered(step, scope, said, self._judge)
        if answer.problem is not None:
            self.problems.append(answer.problem)
        elif answer.setting is None:
            settings.pop(key, None)
        else:
            settings[key] = answer.setting

    def _drop_roles(self, step: Step, fields: Fields) -> None:
        for role in fields.get("roles", ()):
            name = role["RoleSpec"].get("rolename")
            if self.roles.pop(name, None) is not None:
                for other in self.roles.values():
                    other.member_of.pop(name, None)

    def _membership(self, step: Step, fields: Fields) -> None:
        if any(option["DefElem"]["defname"] for option in fields.get("opt", ())) and not fields.get("is_grant"):
            return  # REVOKE ADMIN OPTION FOR takes no membership
        for granted in fields.get("granted_roles", ()):
            group = granted["AccessPriv"].get("priv_name", "")
            for role, at in options.named_roles(step, fields.get("grantee_roles")):
                member = self._known(role, at)
                if fields.get("is_grant"):
                    member.member_of[group] = at
                else:
                    member.member_of.pop(group, None)

    def _rename(self, step: Step, fields: Fields) -> None:
        kind, old, new = fields.get("renameType"), fields.get("subname", ""), fields.get("newname", "")
        entries = {"OBJECT_ROLE": self.roles, "OBJECT_DATABASE": self.databases}.get(str(kind))
        if entries is None or new in entries or old not in entries:
            return
        entry = entries[new] = entries.pop(old)
        entry.name = new
        secret = entry.facts.get("password")
        if kind == "OBJECT_ROLE" and secret is not None and secret.value == MD5:
            entry.facts["password"] = secret._replace(value=NONE)  # its salt was the old name
        for other in self.roles.values():
            if kind == "OBJECT_ROLE" and old in other.member_of:
                other.member_of[new] = other.member_of.pop(old)
            if kind == "OBJECT_DATABASE":
                other.settings = {(new if at == old else at, key): one for (at, key), one in other.settings.items()}

    def _create_database(self, step: Step, fields: Fields) -> None:
        name = fields["dbname"]
        if name in self.databases and self.databases[name].created:
            return
        entry = self.databases[name] = Entry(name, step.words()[2], created=True)
        none = Default(self._version, entry.place)
        entry.facts = {
            "connection limit": Effective("connection limit", "-1", none),
            "allow connections": Effective("allow connections", "on", none),
        }
        self._database_options(step, entry, fields)

    def _alter_database(self, step: Step, fields: Fields) -> None:
        self._database_options(step, self._database(fields["dbname"], step), fields)

    def _database_options(self, step: Step, entry: Entry, fields: Fields) -> None:
        for name, element, place in step.options(fields.get("options", [])):
            if name == "connection_limit":
                entry.facts["connection limit"] = options.constant("connection limit", step, element, place)
            elif name == "allow_connections":
                entry.facts["allow connections"] = options.boolean("allow connections", element.get("arg"), place)

    def _database_setting(self, step: Step, fields: Fields) -> None:
        entry = self._database(fields["dbname"], step)
        self._assign(step, DATABASE, fields["setstmt"], entry.settings, EVERY)

    def _drop_database(self, step: Step, fields: Fields) -> None:
        name = fields["dbname"]
        if self.databases.pop(name, None) is not None:
            for role in self.roles.values():
                role.settings = {key: one for key, one in role.settings.items() if key[0] != name}

    def _system_setting(self, step: Step, fields: Fields) -> None:
        settings = {(EVERY, key): one for key, one in self.system.items()}
        self._assign(step, SYSTEM, fields["setstmt"], settings, EVERY)
        self.system = {key: one for (_, key), one in settings.items()}

    def _session_setting(self, step: Step, fields: Fields) -> None:
        """SET password_encryption decides how the passwords behind it are kept."""
        if fields.get("name") != "password_encryption":
            return
        said = assigned(step, fields)
        setting = self._judge.parameter("password_encryption")
        kept = self._judge.value(setting, said.value, said.name) if setting is not None and said.value else None
        self._hashing = kept if isinstance(kept, str) else None

    def _role(self, name: str, step: Step, spec: Fields) -> Entry:
        start = step.at(spec.get("location", 0))
        return self._known(name, step.from_to(start, start + 1))

    def _known(self, name: str, place: Place) -> Entry:
        """The role, which another script may have created."""
        if name not in self.roles:
            self.roles[name] = Entry(name, place, created=False)
        return self.roles[name]

    def _database(self, name: str, step: Step) -> Entry:
        if name not in self.databases:
            self.databases[name] = Entry(name, step.words()[2], created=False)
        return self.databases[name]


def _apart(step: Step) -> str:
    """The name of a statement that runs in no transaction with others, or nothing."""
    if step.tree is None:
        return ""
    kind, fields = step.tree
    if kind == "IndexStmt" and fields.get("concurrent"):
        return "CREATE INDEX CONCURRENTLY"
    return APART.get(kind, "")


def role(entry: Entry) -> SqlRole:
    return SqlRole(entry.name, entry.place, entry.created, entry.facts, entry.settings, entry.member_of, entry.mark)


def database(entry: Entry) -> SqlDatabase:
    settings = {name: one for (_, name), one in entry.settings.items()}
    return SqlDatabase(entry.name, entry.place, entry.created, entry.facts, settings)
