"""What a playbook would put where on one host: its plays walked through, and nothing done.

Of all that tasks do, what is followed is what decides about templates and copies: conditions, loops, included files and
roles, facts that tasks set. The order of variables is
https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from pgfpmlint.ansible.conditions import filled_name, rounds, truth
from pgfpmlint.ansible.entries import FROM, KEYWORDS, entry_of
from pgfpmlint.ansible.known import KNOWN, defaults, made
from pgfpmlint.ansible.language import TooMuch
from pgfpmlint.ansible.placement import Placement, options_of, template_facts, text_of
from pgfpmlint.ansible.plays import FILES, ROLES, TASKS, Play, Task
from pgfpmlint.ansible.rendering import render
from pgfpmlint.ansible.repository import Repository, folder_of, join, layers
from pgfpmlint.ansible.roles import Role, Roles
from pgfpmlint.ansible.scope import HostVariables, Layer, Scope
from pgfpmlint.ansible.values import SET_SOMEHOW, UNKNOWN, Fields, Items
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place, Source

MOST_DEPTH, MOST_TASKS = 25, 20_000
"""What files in files, and all of a playbook on one host, are followed for."""


class Context(NamedTuple):
    """Where a task stands: its role, and the layers of variables that come with that."""

    folder: str
    role: Role | None = None
    below: tuple[Layer, ...] = ()
    above: tuple[Layer, ...] = ()
    over: tuple[Layer, ...] = ()
    certain: bool = True
    files: tuple[str, ...] = ()


class Run:
    """One playbook on one host."""

    def __init__(
        self,
        repository: Repository,
        roles: Roles,
        host: HostVariables | None,
        others: Mapping[str, HostVariables],
        magic: Mapping[str, Any],
    ) -> None:
        self._repository = repository
        self._roles = roles
        self._host = host
        self._others = others
        self._magic = magic
        self._facts = Fields()
        self._included = Fields()
        self._facts.keys_at, self._included.keys_at = {}, {}
        self._scopes: dict[tuple[int, ...], tuple[Context, Scope]] = {}
        self._left = MOST_TASKS
        self.touched: set[str] = set()
        self.placements: dict[str, Placement] = {}
        self.scope = self._scope(Context(""))

    def play(self, play: Play) -> None:
        folder = folder_of(play.path)
        base = Context(folder, above=tuple(self._play_layers(play, folder)))
        entries = [found for one in play.roles if (found := entry_of(one))]
        applied = [(self._roles.role(name, folder), name, fields) for name, fields in entries]
        defaults = tuple(layer for role, _, _ in applied if role is not None for layer in role.defaults())
        exported = tuple(layer for role, _, _ in applied if role is not None for layer in role.variables())
        base = base._replace(below=defaults, above=(*base.above, *exported))
        self._tasks(play.before, base)
        for role, name, fields in applied:
            self._role(role, name, fields, base)
        self._tasks(play.tasks, base)

    def alone(self, role: Role) -> None:
        """A role that no playbook of the tree applies, as its own defaults have it."""
        self._role(role, role.name, Fields(), Context(role.folder))

    def _play_layers(self, play: Play, folder: str) -> Iterator[Layer]:
        fields = play.fields
        if isinstance(fields.get("vars"), Fields):
            yield fields["vars"]
        asked = fields.get("vars_prompt")
        if isinstance(asked, Items):
            yield {str(one["name"]): UNKNOWN for one in asked if isinstance(one, Fields) and "name" in one}
        files = fields.get("vars_files")
        for one in files if isinstance(files, Items) else [files] if files else []:
            for choice in one if isinstance(one, Items) else [one]:
                name, known = filled_name(choice, self.scope, {})
                path = next((at for at in (join(folder, "vars", name), join(folder, name)) if self._is_file(at)), None)
                if path is not None and known:
                    yield from layers([self._repository.value(path)])
                    break

    def _role(self, role: Role | None, name: str, fields: Fields, outer: Context) -> None:
        holds = truth(fields.get("when"), self._scope(outer), {})
        if holds is False or len(outer.files) > MOST_DEPTH:
            return
        params = Fields({key: value for key, value in fields.items() if key not in KEYWORDS})
        params.keys_at = fields.keys_at if isinstance(getattr(fields, "keys_at", None), dict) else {}
        given = fields.get("vars")
        context = outer._replace(
            role=role,
            over=(*outer.over, params) if params else outer.over,
            certain=outer.certain and bool(holds),
            files=(*outer.files, f"role {name}"),
        )
        if role is None:
            if isinstance(given, Fields):
                context = context._replace(above=(*context.above, given))
            known = KNOWN.get(name)
            if known is not None:
                context = context._replace(below=(*context.below, *defaults(known)))
                for made_ in made(name, known, self._scope(context), context.certain):
                    self.placements.setdefault(made_.path, made_)
            return
        for one in role.dependencies():
            entry = entry_of(one)
            if entry:
                near = role.folder
                needed = self._roles.role(entry[0], folder_of(folder_of(near))) or self._roles.role(entry[0], near)
                inner = context._replace(below=(*context.below, *role.defaults()))
                self._role(needed, *entry, inner)
        main = str(fields.get("tasks_from", "main"))
        context = context._replace(
            below=(*context.below, *role.defaults(), *_others_of(role.defaults, fields.get("defaults_from"))),
            above=(
                *context.above,
                *role.variables(),
                *_others_of(role.variables, fields.get("vars_from")),
                *([given] if isinstance(given, Fields) else []),
            ),
        )
        self._tasks(role.tasks(main) or (), context)

    def _scope(self, context: Context) -> Scope:
        """The names as they are seen from there; those of one context are worked out once."""
        key = tuple(id(layer) for part in (context.below, context.above, context.over) for layer in (*part, part))
        key = (*key, len(context.below), len(context.above))
        if key not in self._scopes:
            scope = Scope(
                self._host,
                (*context.above, self._included),
                self._magic,
                self._facts,
                context.below,
                self._others,
                context.over,
                self.touched,
                self._roles.passed,
            )
            self._scopes[key] = (context, scope)
        return self._scopes[key][1]

    def _set(self, layer: Fields, name: str, value: Any, place: Place | None) -> None:
        layer[name] = value
        if place is not None:
            layer.keys_at[name] = place
        self._scopes.clear()

    def _tasks(self, tasks: Sequence[Task], context: Context) -> None:
        for task in tasks:
            self._task(task, context)

    def _task(self, task: Task, context: Context) -> None:
        fields = task.fields
        self._left -= 1
        if self._left < 0:
            raise TooMuch
        if "never" in _words(fields.get("tags")) or len(context.files) > MOST_DEPTH:
            return
        own = fields.get("vars")
        if isinstance(own, Fields) and task.action not in ROLES:
            over = task.action in TASKS
            context = context._replace(
                over=(*context.over, own) if over else context.over,
                above=context.above if over else (*context.above, own),
            )
        if not task.action:
            holds = truth(fields.get("when"), self._scope(context), {})
            if holds is not False:
                inner = context._replace(certain=context.certain and bool(holds))
                self._tasks(task.inner, inner)
        else:
            self._looped(task, context)
        if isinstance(fields.get("register"), str):
            self._set(self._facts, str(fields["register"]), SET_SOMEHOW, None)

    def _looped(self, task: Task, context: Context) -> None:
        scope = self._scope(context)
        control = task.fields.get("loop_control")
        variable = str(control.get("loop_var", "item")) if isinstance(control, Fields) else "item"
        for item in rounds(task.fields, scope):
            extra: dict[str, Any] = {} if item is None else {variable: item.value}
            holds = truth(task.fields.get("when"), self._scope(context), extra)
            if holds is False:
                continue
            sure = context.certain and bool(holds) and (item is None or item.certain)
            self._act(task, context._replace(certain=sure), extra)

    def _act(self, task: Task, context: Context, extra: Mapping[str, Any]) -> None:
        arguments = task.arguments
        if task.action in FILES:
            if isinstance(arguments, dict) and "delegate_to" not in task.fields:
                self._file(task, arguments, context, extra)
        elif task.action == "set_fact":
            scope = self._scope(_with(context, extra))
            for name, raw in arguments.items() if isinstance(arguments, dict) else ():
                value = scope.templated(raw)[0] if context.certain else UNKNOWN
                place = getattr(arguments, "keys_at", {}).get(name)
                self._set(self._facts, str(name), value, place)
        elif task.action == "include_vars":
            self._include_vars(task, arguments, context, extra)
        elif task.action in TASKS:
            self._include_tasks(task, arguments, context, extra)
        elif task.action in ROLES and isinstance(arguments, dict) and isinstance(arguments.get("name"), str):
            name, known = filled_name(arguments["name"], self._scope(context), extra)
            if known:
                inner = Fields({key: arguments[key] for key in FROM if key in arguments})
                if isinstance(task.fields.get("vars"), Fields):
                    inner["vars"] = task.fields["vars"]
                inner.keys_at = {}
                self._role(self._roles.role(name, context.folder), name, inner, _with(context, extra))

    def _include_vars(self, task: Task, arguments: Any, context: Context, extra: Mapping[str, Any]) -> None:
        named = arguments if isinstance(arguments, dict) else {}
        written = named.get("_raw", named.get("file"))
        folders = [join(context.role.folder, "vars"), context.role.folder] if context.role is not None else []
        folders += [folder_of(task.file), join(context.folder, "vars"), context.folder]
        name, known = filled_name(written, self._scope(context), extra) if isinstance(written, str) else ("", False)
        path = next((at for folder in folders if self._is_file(at := join(folder, name))), None) if known else None
        if path is not None and "name" not in named:
            found = self._repository.value(path)
            for key, value in found.items() if isinstance(found, Fields) else ():
                self._set(self._included, key, value if context.certain else UNKNOWN, found.keys_at.get(key))
            return
        if isinstance(named.get("name"), str):
            self._set(self._included, str(named["name"]), UNKNOWN, None)
            return
        base = folders[0]  # any of the files there
        for file in self._repository.names(base):
            found = self._repository.value(join(base, file)) if not file.startswith("main.") else None
            for key in found if isinstance(found, Fields) else ():
                self._set(self._included, key, UNKNOWN, None)

    def _include_tasks(self, task: Task, arguments: Any, context: Context, extra: Mapping[str, Any]) -> None:
        written = arguments.get("_raw", arguments.get("file")) if isinstance(arguments, dict) else None
        if not isinstance(written, str):
            return
        name, known = filled_name(
            written.split()[0] if " " in written and "{{" not in written else written, self._scope(context), extra
        )
        folders = [folder_of(task.file)]
        if context.role is not None:
            folders.append(join(context.role.folder, "tasks"))
        inner = _with(context, extra)
        for folder in folders:
            path = join(folder, name)
            if known and self._is_file(path):
                self._included_file(path, inner)
                return
        if not known:
            folder, _, pattern = join(folders[0], name).rpartition("/")
            tells = len(pattern.replace("unknown", "").rpartition(".")[0]) > 2
            for file in self._repository.names(folder):
                if fnmatchcase(file, pattern.replace("unknown", "*")) and tells:
                    self._included_file(join(folder, file), inner._replace(certain=False))

    def _included_file(self, path: str, context: Context) -> None:
        if path not in context.files:
            self._tasks(self._roles.tasks(path), context._replace(files=(*context.files, path)))

    def _file(self, task: Task, arguments: Mapping[str, Any], context: Context, extra: Mapping[str, Any]) -> None:
        scope = self._scope(context)
        if not isinstance(arguments.get("src"), str) or arguments.get("remote_src") or "dest" not in arguments:
            return
        name, known = filled_name(arguments["src"], scope, extra)
        source = self._template(name, task, context) if known else None
        if source is None:
            return
        dest, _ = filled_name(arguments["dest"], scope, extra)
        plain = source.path.rpartition("/")[2].removesuffix(".j2")
        dest = join(dest, plain) if dest.endswith("/") else dest
        path = "/" + join(dest).lstrip("./")
        why = f"{task.action} of {task.file}"
        earlier = [one for one in self.placements.values() if one.origin == source.path]
        if not context.certain and (path in self.placements or (earlier and not extra)):
            return
        if task.action == "copy":
            self.placements[path] = Placement(path, source, source.path, why, context.certain, True)
            return
        options = options_of(arguments)
        rendered = render(source, scope, options, {**extra, **template_facts()})
        if rendered is not None:
            made = text_of(source, rendered, f"{path}")
            self.placements[path] = Placement(path, made, source.path, why, context.certain, rendered.whole)

    def _template(self, name: str, task: Task, context: Context) -> Source | None:
        kind = "templates" if task.action == "template" else "files"
        bases = [context.role.folder] if context.role is not None else []
        for base in (*bases, folder_of(task.file), context.folder):
            for path in (join(base, kind, name), join(base, name)):
                if self._is_file(path):
                    return self._repository.source(path)
        return None

    def _is_file(self, path: str) -> bool:
        return self._repository.is_file(path)


def _others_of(files: Any, name: Any) -> list[Fields]:
    return files(str(name)) if isinstance(name, str) else []


def _with(context: Context, extra: Mapping[str, Any]) -> Context:
    return context._replace(over=(*context.over, dict(extra))) if extra else context


def _words(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, Items) else str(value or "").split(",")
