"""The machines that a repository of Ansible's sets up: for each host of each inventory the files that playbooks make.

Hosts that get the same files are one machine with a count, save servers of databases: which of several alike a client
connects to matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pgfpmlint.ansible.inventories import Told as ToldOfHosts
from pgfpmlint.ansible.inventories import found_in, read
from pgfpmlint.ansible.inventory import ALL, UNGROUPED, Inventory
from pgfpmlint.ansible.language import TooMuch
from pgfpmlint.ansible.patterns import chosen
from pgfpmlint.ansible.placement import Placement
from pgfpmlint.ansible.plays import Play, playbooks, plays
from pgfpmlint.ansible.repository import Repository, folder_of, join
from pgfpmlint.ansible.roles import Role, Roles
from pgfpmlint.ansible.running import Run
from pgfpmlint.ansible.scope import HostVariables, Scope, is_known
from pgfpmlint.ansible.values import UNKNOWN, Missing, place_of
from pgfpmlint.catalog import version
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.manifests.machine import Machine, Part, Told
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

OF_A_SERVER = ("postgres", "pg_hba", "pgbouncer", "pgsql")

UNSEEN = dict.fromkeys(
    ("ansible_host", "group_names", "groups", "hostvars", "inventory_hostname", "inventory_hostname_short"), UNKNOWN
)
"""What only the inventory tells, where the tree holds none."""

VERSIONS = {
    version.POSTGRESQL: ("postgresql_version", "postgres_version", "pg_version", "postgresql_major_version"),
    version.PHP: ("php_version", "php_default_version_debian"),
    version.PGBOUNCER: ("pgbouncer_version",),
}
"""Variables that usually say which version of a server is installed."""

MOST_INVENTORIES = 30


class Site(NamedTuple):
    """An inventory, and what a playbook puts on its hosts, by their names."""

    path: str
    inventory: Inventory
    playbook: str
    files: dict[str, Result]


class Result(NamedTuple):
    """What comes to one host."""

    placements: tuple[Placement, ...]
    versions: dict[str, ServerVersion]


def expand(repository: Repository) -> list[Machine]:
    """Everything that can be told of the tree."""
    settings = _configuration(repository)
    roles = Roles(repository, settings["roles_path"])
    books = {path: list(plays(repository, path)) for path in playbooks(repository, roles.matters)}
    inventories = found_in(repository, settings["inventory"])[:MOST_INVENTORIES]
    machines: list[Machine] = []
    for book, played in books.items():
        sites = [_site(repository, roles, book, played, path, inventory) for path, inventory in inventories]
        if not any(site.files for site in sites):
            sites = [_site(repository, roles, book, played, "", _imagined(played))]
        for site in sites:
            machines += _machines(site, several=len(sites) > 1)
    used = {part.source.path for machine in machines for part in machine.files.values()}
    for folder in roles.folders:
        role = Role(repository, folder.rpartition("/")[2] or "role", folder, roles)
        if folder.rpartition("/")[2] not in roles.ours or any(
            path.startswith(f"{repository.prefix}{folder}/" if folder else "") for path in used
        ):
            continue
        run = Run(repository, roles, None, {}, UNSEEN)
        try:
            run.alone(role)
        except (TooMuch, RecursionError):
            continue
        made = _parts(tuple(run.placements.values()))
        if made:
            machines.append(Machine(role.name, "defaults", join(folder, "tasks"), made, Told(_versions(run.scope))))
    return _once(machines)


def placements(repository: Repository, inventory: str, book: str) -> dict[str, tuple[Placement, ...]]:
    """What one playbook puts on each host of one inventory."""
    found = read(repository, inventory)
    if found is None:
        return {}
    site = _site(repository, Roles(repository, []), book, list(plays(repository, book)), inventory, found)
    return {name: result.placements for name, result in site.files.items()}


def _once(machines: Sequence[Machine]) -> list[Machine]:
    """Several playbooks may set up one host: each file of it counts once."""
    found: dict[tuple[str, tuple[str, ...]], Machine] = {}
    for machine in machines:
        key = (machine.label.partition(":")[0], machine.told.addresses or (machine.name,))
        known = found.get(key)
        if known is None:
            found[key] = machine
        else:
            found[key] = known._replace(files={**machine.files, **known.files})
    return list(found.values())


def _configuration(repository: Repository) -> dict[str, list[str]]:
    """What ansible.cfg says of inventories and roles."""
    found: dict[str, list[str]] = {"inventory": [], "roles_path": []}
    for path in sorted(path for path in repository.paths if path.rpartition("/")[2] == "ansible.cfg"):
        source = repository.source(path)
        for line in source.text.splitlines() if source is not None else ():
            key, equals, value = line.partition("=")
            key = key.strip()
            if equals and key in ("inventory", "hostfile"):
                found["inventory"] += [join(folder_of(path), one.strip()) for one in value.split(",") if one.strip()]
            elif equals and key == "roles_path":
                found["roles_path"] += [join(folder_of(path), one.strip()) for one in value.split(":") if one.strip()]
    return found


def _imagined(played: Sequence[Play]) -> Inventory:
    """A host for each group that plays name: where the tree holds no inventory, that is all there is to know."""
    inventory = Inventory()
    inventory.complete = False
    for play in played:
        for word in play.hosts:
            for name in word.replace(",", ":").split(":"):
                plain = name.strip().lstrip("&")
                if (
                    plain
                    and plain[0] not in "!~"
                    and plain not in ("all", "*")
                    and plain.replace("-", "_").isidentifier()
                ):
                    inventory.host(plain, plain, place_of(play.fields.get("hosts")))
    if not inventory.hosts:
        inventory.host("all", UNGROUPED)
    return inventory.finish()


def _site(
    repository: Repository, roles: Roles, book: str, played: Sequence[Play], path: str, inventory: Inventory
) -> Site:
    told = ToldOfHosts(repository, path or book, inventory, folder_of(book))
    magic = UNSEEN if not path else {}
    applied: dict[str, list[Play]] = {}
    for play in played:
        for member in chosen(inventory, play.hosts) or ():
            applied.setdefault(member.name, []).append(play)
    memory = Memory()
    files: dict[str, Result] = {}
    for name, own in applied.items():
        host = told.hosts[name]
        alike = (tuple(id(play) for play in own), tuple(group.name for group in host.host.lineage()))
        result = memory.recall(alike, host)
        if result is None:
            run = Run(repository, roles, host, told.hosts, magic)
            try:
                for play in own:
                    run.play(play)
            except (TooMuch, RecursionError):
                continue
            result = Result(tuple(run.placements.values()), _versions(run.scope))
            memory.keep(alike, host, run.touched, result)
        if result.placements:
            files[name] = result
    return Site(path, inventory, book, files)


class Memory:
    """What came to hosts of the same groups, by the values of what differs from host to host, as far as it was asked
    for."""

    def __init__(self) -> None:
        self._results: dict[Any, dict[frozenset[str], dict[str, Result]]] = {}

    def recall(self, alike: Any, host: HostVariables) -> Result | None:
        for touched, results in self._results.get(alike, {}).items():
            found = results.get(_fingerprint(host, touched))
            if found is not None:
                return found
        return None

    def keep(self, alike: Any, host: HostVariables, touched: set[str], result: Result) -> None:
        by_touched = self._results.setdefault(alike, {})
        by_touched.setdefault(frozenset(touched), {})[_fingerprint(host, frozenset(touched))] = result


def _fingerprint(host: HostVariables, touched: frozenset[str]) -> str:
    try:
        values = [(name, host.own.get(name, Missing)) for name in sorted(touched)]
        shown = repr([(name, "" if value is Missing else value, value is Missing) for name, value in values])
    except Exception:
        return host.host.name
    named = (
        any(name.startswith("inventory_hostname") for name in touched) or "ansible_host" in touched - host.own.keys()
    )
    return f"{host.host.name} {shown}" if named else shown


def _machines(site: Site, *, several: bool) -> Iterator[Machine]:
    alike: dict[Any, list[str]] = {}
    for name, result in site.files.items():
        key: Any = tuple(sorted((one.path, one.source.text, one.origin) for one in result.placements))
        if any(word in f"{one.path} {one.origin}" for one in result.placements for word in OF_A_SERVER):
            key = name
        alike.setdefault(key, []).append(name)
    stage = site.path.removesuffix("/hosts").rpartition("/")[2].partition(".")[0] if several else ""
    for names in alike.values():
        parts = _parts(site.files[names[0]].placements)
        if not parts:
            continue
        name, place = _name(site.inventory, names)
        hosts = [site.inventory.hosts[one] for one in names]
        addresses = [*names, *(str(at) for host in hosts if isinstance(at := host.variables.get("ansible_host"), str))]
        told = Told(
            versions=site.files[names[0]].versions,
            machines=len(names),
            machines_place=place if len(names) > 1 else None,
            addresses=tuple(dict.fromkeys(addresses)) if site.path else (),
            place=place,
        )
        yield Machine(
            f"{stage}/{name}" if stage else name, f"{site.path}:{site.playbook}:{names[0]}", site.playbook, parts, told
        )


def _name(inventory: Inventory, names: list[str]) -> tuple[str, Place | None]:
    """A host's own, or that of the group that they all are, or the first one's."""
    if len(names) == 1:
        return names[0], inventory.hosts[names[0]].place
    members = set(names)
    for group in sorted(inventory.groups.values(), key=lambda one: -one.depth):
        if group.name not in (ALL, UNGROUPED) and {host.name for host in group.all_hosts()} == members:
            return group.name, group.place
    return f"{names[0]} and {len(names) - 1} more", inventory.hosts[names[0]].place


def _parts(placements: Sequence[Placement]) -> dict[str, Part]:
    return {one.path: Part("", one.source, one.why) for one in placements}


def _versions(scope: Scope) -> dict[str, ServerVersion]:
    found = {}
    for product, names in VERSIONS.items():
        for name in names:
            value = scope.value(name)
            if isinstance(value, (str, int, float)) and is_known(value):
                try:
                    found[product] = version.parse(product, str(value), why=f"{name} in Ansible's variables")
                except ValueError:
                    continue
                break
    return found
