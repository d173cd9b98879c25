"""Functions that look passwords up, and who may do so: what PgBouncer's auth_query calls."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.sql.facts import SqlFunction, SqlGrant
from pgfpmlint.resolve.sql.script import Step
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Fields

SECRETS = ("pg_shadow", "pg_authid")
"""Where passwords are kept; nobody but superusers may read either unless told so."""

PUBLIC = "public"


class _Function:
    __slots__ = ("arguments", "body", "definer", "granted", "name", "open", "place", "schema", "search_path")

    def __init__(self, name: list[str], arguments: tuple[str, ...], place: Place) -> None:
        self.schema, self.name = (name[0] if len(name) > 1 else ""), name[-1]
        self.arguments = arguments
        self.place = place
        self.definer: Place | None = None
        self.search_path: Place | None = None
        self.body = ""
        self.open = True
        self.granted: set[str] = set()


class Functions:
    """Takes one statement after the other. ``grants`` are those on the tables of SECRETS."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, ...], _Function] = {}
        self._closed_schemas: set[str] = set()
        self._default_open: bool | None = True
        self.grants: list[SqlGrant] = []

    def take(self, step: Step) -> None:
        """Do what the statement does to functions and grants."""
        if step.tree is None:
            return
        kind, fields = step.tree
        if kind == "CreateFunctionStmt":
            self._create(step, fields)
        elif kind == "AlterFunctionStmt":
            for function in self._meant(fields["func"]):
                _actions(step, function, fields.get("actions", []))
        elif kind == "GrantStmt":
            self._grant(step, fields)
        elif kind == "CreateSchemaStmt":
            self._closed_schemas.add(fields.get("schemaname", ""))
        elif kind == "AlterDefaultPrivilegesStmt":
            self._default_open = None
        elif kind == "DropStmt" and fields.get("removeType") == "OBJECT_FUNCTION":
            for target in fields.get("objects", ()):
                for function in self._meant(target.get("ObjectWithArgs", {})):
                    self._functions = {key: one for key, one in self._functions.items() if one is not function}

    def found(self) -> Iterator[SqlFunction]:
        """The functions at the end."""
        for one in self._functions.values():
            reached = one.schema not in self._closed_schemas
            reads = next((word for word in SECRETS if word in one.body), "")
            open_to_all = None if self._default_open is None and one.open else one.open and reached
            yield SqlFunction(
                one.schema,
                one.name,
                one.arguments,
                one.place,
                one.definer,
                one.search_path,
                reads,
                open_to_all,
                frozenset(one.granted),
            )

    def _create(self, step: Step, fields: Fields) -> None:
        name = _names(fields.get("funcname", []))
        if not name:
            return
        arguments = tuple(
            _type(parameter["FunctionParameter"].get("argType", {}))
            for parameter in fields.get("parameters", ())
            if parameter["FunctionParameter"].get("mode") not in ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")
        )
        words = step.words()
        at = next((i for i, word in enumerate(words) if word.text.upper() in ("FUNCTION", "PROCEDURE")), 0) + 1
        last = at + 2 * (len(name) - 1)
        place = step.document.source.place(words[at].start, words[min(last, len(words) - 1)].end)
        key = (*name, *arguments)
        before = self._functions.get(key)
        function = self._functions[key] = _Function(name, arguments, place)
        if before is not None:  # CREATE OR REPLACE keeps who may execute it
            function.open, function.granted = before.open, before.granted
        _actions(step, function, fields.get("options", []))

    def _grant(self, step: Step, fields: Fields) -> None:
        is_grant = bool(fields.get("is_grant"))
        kind = fields.get("objtype")
        privileges = [one["AccessPriv"].get("priv_name", "") for one in fields.get("privileges", ())]
        roles = [one["RoleSpec"].get("rolename", "") for one in fields.get("grantees", ())]
        everybody = any(one["RoleSpec"].get("roletype") == "ROLESPEC_PUBLIC" for one in fields.get("grantees", ()))
        if kind in ("OBJECT_FUNCTION", "OBJECT_ROUTINE") and (not privileges or "execute" in privileges):
            for function in self._targets(fields):
                if everybody:
                    function.open = is_grant
                function.granted = function.granted | {*roles} if is_grant else function.granted - {*roles}
        elif kind == "OBJECT_SCHEMA" and is_grant and everybody:
            self._closed_schemas -= {one["String"].get("sval", "") for one in fields.get("objects", ())}
        elif kind == "OBJECT_TABLE" and is_grant:
            for one in fields.get("objects", ()):
                relation = one.get("RangeVar", {}).get("relname", "")
                if relation in SECRETS:
                    self.grants += [SqlGrant(relation, PUBLIC if everybody else role, step.place) for role in roles]

    def _targets(self, fields: Fields) -> list[_Function]:
        if fields.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
            schemas = {one["String"].get("sval", "") for one in fields.get("objects", ())}
            return [one for one in self._functions.values() if (one.schema or PUBLIC) in schemas]
        found: list[_Function] = []
        for one in fields.get("objects", ()):
            found += self._meant(one.get("ObjectWithArgs", {}))
        return found

    def _meant(self, target: Fields) -> list[_Function]:
        """The functions that a reference may mean: of that name, with those arguments where it tells them."""
        name = _names(target.get("objname", []))
        arguments = tuple(_type(one.get("TypeName", {})) for one in target.get("objargs", ()))
        return [
            one
            for one in self._functions.values()
            if name
            and one.name == name[-1]
            and (len(name) == 1 or (one.schema or PUBLIC) == name[0])
            and (target.get("args_unspecified") or one.arguments == arguments)
        ]


def _actions(step: Step, function: _Function, actions: list[Fields]) -> None:
    for name, element, place in step.options(actions):
        arg = element.get("arg", {})
        if name == "security":
            function.definer = place if arg.get("Boolean", {}).get("boolval") else None
        elif name == "set" and arg.get("VariableSetStmt", {}).get("name") == "search_path":
            function.search_path = place
        elif name == "as":
            function.body = step.text.lower()


def _names(parts: list[Fields]) -> list[str]:
    return [str(part.get("String", {}).get("sval", "")) for part in parts]


def _type(fields: Fields) -> str:
    return _names(fields.get("names", []))[-1] if fields.get("names") else ""
