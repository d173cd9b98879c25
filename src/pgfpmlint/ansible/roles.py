"""Roles of a tree: where each lies, and its files of variables and tasks."""

from __future__ import annotations

from typing import Any

from pgfpmlint.ansible.plays import Task, tasks_of
from pgfpmlint.ansible.repository import YAML, Repository, VariablesFile, folder_of, join
from pgfpmlint.ansible.values import Fields, Items

OURS = ("postgres", "pg_", "pgsql", "pgbouncer", "php", "fpm", "userlist", "hba", "www")
"""One of them is in the name of whatever template makes a file of ours."""

FILES = (
    "pg_hba.conf", "pg_ident.conf", "pgbouncer.ini", "php-fpm.conf", "php-fpm.d", "php.ini", "pool.d",
    "postgresql.conf", "userlist.txt", "www.conf",
)  # fmt: skip
"""Or one of them in the tasks of its role."""

PARTS = ("tasks", "defaults", "vars", "templates", "meta", "handlers")


class Role:
    """One role; ``folder`` is where it lies."""

    def __init__(self, repository: Repository, name: str, folder: str, roles: Roles) -> None:
        self.name = name
        self.folder = folder
        self._matters = folder.rpartition("/")[2] in roles.ours
        self._repository = repository
        self._tasks: dict[str, tuple[Task, ...] | None] = {}

    def defaults(self, name: str = "main") -> list[VariablesFile]:
        return self._repository.variables(join(self.folder, "defaults"), name.removesuffix(".yml"))

    def variables(self, name: str = "main") -> list[VariablesFile]:
        return self._repository.variables(join(self.folder, "vars"), name.removesuffix(".yml"))

    def tasks(self, name: str = "main") -> tuple[Task, ...] | None:
        """None where there is no such file."""
        if not self._matters:
            return ()
        if name not in self._tasks:
            path = self.tasks_path(name)
            self._tasks[name] = tasks_of(self._repository.value(path), path) if path is not None else None
        return self._tasks[name]

    def tasks_path(self, name: str) -> str | None:
        base = join(self.folder, "tasks", name)
        return next((one for one in (base, f"{base}.yml", f"{base}.yaml") if self._repository.is_file(one)), None)

    def dependencies(self) -> list[Any]:
        if not self._matters:
            return []
        for name in ("main.yml", "main.yaml"):
            meta = self._repository.value(join(self.folder, "meta", name))
            if isinstance(meta, Fields) and isinstance(meta.get("dependencies"), Items):
                return list(meta["dependencies"])
        return []


class Roles:
    """All roles of the tree, found as Ansible would find them, or by their last name where only one has it.

    Of most repositories' roles few have to do with us. The tasks of the others are passed over, ``passed`` is their
    text: what may be set there is not known.
    """

    def __init__(self, repository: Repository, configured: list[str]) -> None:
        self._repository = repository
        self._configured = configured
        self._known: dict[tuple[str, str], Role | None] = {}
        self._tasks: dict[str, tuple[Task, ...]] = {}
        self.folders = _folders(repository)
        self.ours, self.passed = _ours(repository, self.folders)

    def matters(self, text: str) -> bool:
        """Whether the text of a playbook or of tasks may lead to files of ours."""
        return any(word in text for word in OURS) or any(name in text for name in self.ours)

    def tasks(self, path: str) -> tuple[Task, ...]:
        """Those of one file."""
        if path not in self._tasks:
            self._tasks[path] = tasks_of(self._repository.value(path), path)
        return self._tasks[path]

    def role(self, name: str, near: str) -> Role | None:
        """``near`` is the folder of the playbook that names it."""
        key = (name, near)
        if key not in self._known:
            folder = self._found(name, near)
            self._known[key] = Role(self._repository, name, folder, self) if folder is not None else None
        return self._known[key]

    def _found(self, name: str, near: str) -> str | None:
        if not name or "{{" in name:
            return None
        places = [join(near, "roles", name), *(join(path, name) for path in self._configured), join(near, name)]
        for place in places:
            if place in self.folders:
                return place
        last = name.rpartition(".")[2] if name.count(".") == 2 else name.rpartition("/")[2]
        named = [folder for folder in self.folders if folder.rpartition("/")[2] == last]
        return named[0] if len(named) == 1 else None


def _folders(repository: Repository) -> dict[str, None]:
    """Every folder that holds a role's parts: tasks with anything else, or templates."""
    found: dict[str, set[str]] = {}
    for path in sorted(repository.paths):
        pieces = path.split("/")
        for at, piece in enumerate(pieces[:-1]):
            if piece in PARTS:
                found.setdefault("/".join(pieces[:at]), set()).add(piece)
                break
    return {
        folder: None
        for folder, parts in found.items()
        if "tasks" in parts and (len(parts) > 1 or folder_of(folder).endswith("roles"))
    }


def _ours(repository: Repository, folders: dict[str, None]) -> tuple[frozenset[str], str]:
    """The last names of roles that make files of ours, or lead to one that does; and the tasks of the others."""
    texts: dict[str, str] = {}
    ours: set[str] = set()
    for folder in folders:
        paths = [*repository.below(join(folder, "templates")), *repository.below(join(folder, "files"))]
        tasks = [*repository.below(join(folder, "tasks")), *repository.below(join(folder, "meta"))]
        sources = [source for path in tasks if path.endswith(YAML) and (source := repository.source(path)) is not None]
        texts[folder] = "\n".join(source.text for source in sources)
        makes = any(action in texts[folder] for action in ("template", "copy"))
        named = any(_is_ours(path.rpartition("/")[2].lower()) for path in paths)
        if makes and (named or any(word in texts[folder] for word in FILES)):
            ours.add(folder)
    while True:
        names = {folder.rpartition("/")[2] for folder in ours if folder}
        leading = {folder for folder in folders if folder not in ours and _leads(texts[folder], names)}
        if not leading:
            break
        ours |= leading
    passed = "\n".join(text for folder, text in texts.items() if folder not in ours)
    return frozenset(folder.rpartition("/")[2] for folder in ours), passed


def _is_ours(name: str) -> bool:
    """Whether a template or file of that name may be one of ours."""
    return any(word in name for word in OURS) and any(end in name for end in (".conf", ".ini", ".txt"))


def _leads(text: str, names: set[str]) -> bool:
    return any(word in text for word in ("_role", "dependencies")) and any(name in text for name in names)
