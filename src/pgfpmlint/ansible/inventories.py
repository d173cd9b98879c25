"""Which files are inventories, and what they tell of each host with the folders beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.ansible import inventory_ini, inventory_yaml
from pgfpmlint.ansible.inventory import ALL, BadInventory, Inventory
from pgfpmlint.ansible.repository import Repository, VariablesFile, folder_of, join
from pgfpmlint.ansible.scope import HostVariables, Layer

NAMES = ("hosts", "inventory", "inventories")
STAGES = frozenset({
    "int", "integration", "preprod", "prod", "production", "qa", "stage",
    "staging", "test", "testing", "uat",
})  # fmt: skip

ENDS = ("", ".ini", ".cfg", ".yml", ".yaml", ".inventory", ".inv", ".hosts")

IGNORED = (".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry")
"""What Ansible passes over in a folder of inventories, by default."""

VARIABLES = ("group_vars", "host_vars")

IN_DEVELOPMENT = frozenset({"dev", "develop", "development", "local", "localhost", "sandbox", "vagrant"})
"""What inventories of machines are called that only developers use: what is set there is meant for them."""

NOT_OURS = frozenset({
    "files", "handlers", "library", "meta", "molecule", "roles", "tasks", "templates", "test", "tests", "vars",
    "defaults", "group_vars", "host_vars", "collections", "docs", "doc", "playbooks", "examples", ".github",
})  # fmt: skip
"""Folders in which a file of such a name is something else, or made for tests."""


def found_in(repository: Repository, configured: Iterable[str]) -> list[tuple[str, Inventory]]:
    """The inventories of a tree by their paths: those that ansible.cfg names, or what looks like some."""
    given = [path for path in configured if repository.is_file(path) or repository.is_folder(path)]
    candidates = sorted(given or _likely(repository))
    found: list[tuple[str, Inventory]] = []
    for path in candidates:
        inventory = read(repository, path)
        if inventory is not None and inventory.hosts:
            found.append((path, inventory))
    return found


def _likely(repository: Repository) -> Iterator[str]:
    for path in repository.paths:
        folder, _, name = path.rpartition("/")
        folders = folder.split("/") if folder else []
        stem, dot, extension = name.rpartition(".")
        stem, end = (stem, f".{extension}") if dot and stem else (name, "")
        lower = stem.lower()
        if end not in ENDS or not NOT_OURS.isdisjoint(folders) or not IN_DEVELOPMENT.isdisjoint((*folders, lower)):
            continue
        named = lower in NAMES or lower.startswith(("hosts", "inventory")) or lower.endswith(("hosts", "inventory"))
        within = bool(folders) and any(one.startswith(("inventor", "environments", "hosts")) for one in folders)
        beside = not end and lower in STAGES and any(repository.is_folder(join(folder, one)) for one in VARIABLES)
        if named or within or beside:
            yield path


def read(repository: Repository, path: str) -> Inventory | None:
    """None where nothing of it is an inventory."""
    inventory = Inventory()
    if repository.is_folder(path) and not repository.is_file(path):
        some = False
        for name in repository.names(path):
            inner = join(path, name)
            if name in VARIABLES or name.endswith(IGNORED) or name.startswith("."):
                continue
            if repository.is_file(inner):
                some = _add(repository, inner, inventory) or some
        return inventory.finish() if some else None
    return inventory.finish() if _add(repository, path, inventory) else None


def _add(repository: Repository, path: str, inventory: Inventory) -> bool:
    """Whether it is one; of a script or a plugin's configuration nobody knows what comes out."""
    source = repository.source(path)
    if source is None:
        return False
    text = source.text
    if text.startswith("#!") or path.endswith((".py", ".sh")):
        inventory.complete = False
        return False
    name = path.rpartition("/")[2]
    attempts = []
    if "." not in name or name.endswith((".yml", ".yaml", ".json")):
        attempts.append(inventory_yaml.read)
    if not name.endswith((".json", ".toml")) and _looks_like_ini(text):
        attempts.append(inventory_ini.read)
    for attempt in attempts:
        trial = Inventory()
        try:
            attempt(source, trial)
        except BadInventory as error:
            inventory.complete = inventory.complete and "plugin" not in str(error)
            continue
        except RecursionError:
            continue
        attempt(source, inventory)
        return bool(trial.hosts) or len(trial.groups) > 2
    return False


def _looks_like_ini(text: str) -> bool:
    """Ansible takes any text for one. What has no section, or sections of other things, is somebody else's."""
    lines = [line.strip() for line in text.splitlines()]
    sections = [line for line in lines if line[:1] == "[" and "]" in line]
    foreign = any(line[:1] in "{}<|" or line.startswith(("---", "- ", "127.", "::1")) for line in lines if line)
    return bool(sections) and not foreign


class Told:
    """An inventory with its folders of variables and those beside a playbook."""

    def __init__(self, repository: Repository, path: str, inventory: Inventory, playbook_folder: str) -> None:
        self._repository = repository
        self.inventory = inventory
        base = path if repository.is_folder(path) and not repository.is_file(path) else folder_of(path)
        self._bases = [base] if base == playbook_folder else [base, playbook_folder]
        self.hosts = {name: self._host(name) for name in inventory.hosts}

    def _host(self, name: str) -> HostVariables:
        """https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html, items 3 to 10."""
        host = self.inventory.hosts[name]
        lineage = [group.name for group in host.lineage()]
        found: list[Layer] = [self.inventory.groups[ALL].variables]
        found += [self.inventory.groups[group].variables for group in lineage]
        for base in self._bases:
            found += self._of(base, "group_vars", ALL)
        for base in self._bases:
            for group in lineage:
                found += self._of(base, "group_vars", group)
        own: list[Layer] = [host.variables]
        for base in self._bases:
            own += self._of(base, "host_vars", name)
        return HostVariables(
            host, self.inventory, [*found, *own], {key: one for layer in own for key, one in layer.items()}
        )

    def _of(self, base: str, kind: str, name: str) -> list[VariablesFile]:
        return self._repository.variables(join(base, kind), name)
