"""Playbooks and tasks as they are written, with what matters here of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pgfpmlint.ansible.repository import Repository, folder_of, join
from pgfpmlint.ansible.values import Fields, Items, Text
from pgfpmlint.record import NamedTuple

PREFIXES = ("ansible.builtin.", "ansible.legacy.")

FILES = frozenset({"template", "copy"})
SETTING = frozenset({"set_fact", "include_vars"})
TASKS = frozenset({"include_tasks", "import_tasks", "include"})
ROLES = frozenset({"include_role", "import_role"})
FOLLOWED = FILES | SETTING | TASKS | ROLES

WORDS = ("postgres", "pg_", "pgsql", "pgbouncer", "php", "fpm", "userlist", "hba", "www", "pool", "{{")
"""One of them is in the name of whatever file of ours a task makes, or is made of."""


class Task(NamedTuple):
    """``action`` is one of FOLLOWED or empty, ``fields`` all that is written, ``inner`` the tasks of a block.
    ``file`` is the path of the file that it stands in."""

    action: str
    arguments: Any
    fields: Fields
    file: str
    inner: tuple[Task, ...] = ()


class Play(NamedTuple):
    """One play of the playbook at ``path``; ``before`` are the tasks that come before its roles."""

    path: str
    fields: Fields
    hosts: list[str]
    roles: list[Any]
    before: tuple[Task, ...]
    tasks: tuple[Task, ...]


def playbooks(repository: Repository, matters: Callable[[str], bool]) -> Iterator[str]:
    """Paths of files that look like playbooks of which the text ``matters``, those that another one imports left
    out."""
    found = [path for path in sorted(repository.paths) if _may_be(path) and _is_playbook(repository, path, matters)]
    imported = {target for path in found for target in _imports(repository, path)}
    own = [path for path in found if path not in imported] or found
    return iter(sorted(own, key=lambda path: (path.rpartition("/")[2] not in ("site.yml", "main.yml"), path)))


def _may_be(path: str) -> bool:
    folders = path.split("/")[:-1]
    return path.endswith((".yml", ".yaml")) and ELSEWHERE.isdisjoint(folders)


ELSEWHERE = frozenset({
    "defaults", "files", "group_vars", "handlers", "host_vars", "meta", "molecule", "tasks", "templates", "test",
    "tests", "vars", ".github", ".gitlab", "docs",
})  # fmt: skip
"""Folders in which no playbook lies, or one that nobody runs in earnest."""


def _is_playbook(repository: Repository, path: str, matters: Callable[[str], bool]) -> bool:
    source = repository.source(path)
    if source is None:
        return False
    imports = "import_playbook" in source.text or "- include:" in source.text
    if not imports and ("hosts:" not in source.text or not matters(source.text)):
        return False
    value = repository.value(path)
    return isinstance(value, Items) and any(
        isinstance(one, Fields) and ("hosts" in one or _imported(one) is not None) for one in value
    )


def _imported(fields: Fields) -> str | None:
    for key in ("import_playbook", "include", *(f"{prefix}import_playbook" for prefix in PREFIXES)):
        if isinstance(fields.get(key), str) and "hosts" not in fields:
            return str(fields[key]).split()[0] if str(fields[key]).split() else None
    return None


def _imports(repository: Repository, path: str) -> Iterator[str]:
    for one in repository.value(path):
        target = _imported(one) if isinstance(one, Fields) else None
        if target is not None:
            yield join(folder_of(path), target)


def plays(repository: Repository, path: str, above: tuple[str, ...] = ()) -> Iterator[Play]:
    """Those of a playbook and of the ones that it imports, in their order."""
    value = repository.value(path)
    if not isinstance(value, Items) or path in above or len(above) > 20:
        return
    for one in value:
        if not isinstance(one, Fields):
            continue
        target = _imported(one)
        if target is not None:
            yield from plays(repository, join(folder_of(path), target), (*above, path))
        elif "hosts" in one:
            roles = one.get("roles")
            yield Play(
                path,
                one,
                _words(one["hosts"]),
                list(roles) if isinstance(roles, Items) else [],
                tasks_of(one.get("pre_tasks"), path),
                (*tasks_of(one.get("tasks"), path), *tasks_of(one.get("post_tasks"), path)),
            )


def _words(value: Any) -> list[str]:
    if isinstance(value, Items):
        return [str(one) for one in value if isinstance(one, str)]
    return [str(value)] if isinstance(value, str) else []


def tasks_of(value: Any, file: str, depth: int = 0) -> tuple[Task, ...]:
    """The tasks of a list that do anything that matters here."""
    if not isinstance(value, list) or depth > 20:
        return ()
    found = []
    for one in value:
        if not isinstance(one, Fields):
            continue
        if "block" in one:
            inner = tasks_of(one["block"], file, depth + 1)
            inner += tasks_of(one.get("always"), file, depth + 1)
            if inner:
                found.append(Task("", None, one, file, inner))
            continue
        action, arguments = _action(one)
        if "register" in one or (action and (action not in FILES or _is_ours(arguments))):
            found.append(Task(action, arguments, one, file))
    return tuple(found)


def _action(fields: Fields) -> tuple[str, Any]:
    for key, value in fields.items():
        name = str(key)
        for prefix in PREFIXES:
            name = name.removeprefix(prefix)
        if name in FOLLOWED:
            return name, _arguments(name, value, fields)
    return "", None


def _arguments(name: str, value: Any, fields: Fields) -> Any:
    """As a mapping, also of ``template: src=a dest=b``."""
    given = fields.get("args")
    if isinstance(value, str):
        made = Fields()
        made.keys_at = {}
        if "=" in value and name not in TASKS:
            for word in _split(str(value)):
                key, equals, rest = word.partition("=")
                if equals:
                    made[key] = _within(value, key, rest.strip("'\""))
        else:
            made["_raw"] = value
        return {**made, **given} if isinstance(given, Fields) else made
    return value


def _split(text: str) -> list[str]:
    """Words, with placeholders and quotes kept together."""
    words, depth, quote = [""], 0, ""
    for at, sign in enumerate(text):
        depth += text.startswith("{{", at) - text.startswith("}}", at)
        if sign in "'\"" and depth <= 0:
            quote = "" if quote == sign else quote or sign
        if sign.isspace() and depth <= 0 and not quote:
            words.append("")
        else:
            words[-1] += sign
    return [word for word in words if word]


def _within(outer: Any, key: str, text: str) -> Text:
    made = Text(text)
    if isinstance(outer, Text):
        made.place = outer.place
    return made


def _is_ours(arguments: Any) -> bool:
    if not isinstance(arguments, dict):
        return False
    names = f"{arguments.get('src', '')} {arguments.get('dest', '')}".lower()
    return any(word in names for word in WORDS)
