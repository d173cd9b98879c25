"""Hosts and groups of an inventory, as Ansible joins them
(https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.source.text import Place

ALL, UNGROUPED = "all", "ungrouped"


class BadInventory(Exception):
    """Ansible reads nothing of the file; ``why`` is for people."""


class Group:
    """``depth`` is how far below ``all``: the deeper one's variables win, then those of the higher ``priority``."""

    __slots__ = ("children", "depth", "hosts", "name", "parents", "place", "variables")

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self.hosts: dict[str, InventoryHost] = {}
        self.children: dict[str, Group] = {}
        self.parents: dict[str, Group] = {}
        self.variables: dict[str, Any] = {}
        self.place: Place | None = None

    @property
    def priority(self) -> int:
        try:
            return int(self.variables.get("ansible_group_priority", 1))
        except (TypeError, ValueError):
            return 1

    def below(self) -> Iterator[Group]:
        """Itself and all groups in it, the nearer ones first."""
        seen = {self.name}
        level = [self]
        while level:
            yield from level
            fresh = {child.name: child for group in level for child in group.children.values()}
            level = [child for name, child in fresh.items() if name not in seen]
            seen.update(fresh)

    def all_hosts(self) -> list[InventoryHost]:
        found: dict[str, InventoryHost] = {}
        for group in self.below():
            found.update((name, host) for name, host in group.hosts.items() if name not in found)
        return list(found.values())


class InventoryHost:
    """``groups`` are those that name it; `lineage` has those above them, too."""

    __slots__ = ("groups", "name", "place", "variables")

    def __init__(self, name: str, place: Place | None) -> None:
        self.name = name
        self.place = place
        self.groups: dict[str, Group] = {}
        self.variables: dict[str, Any] = {}

    def lineage(self) -> list[Group]:
        """Its groups but ``all``, in the order in which their variables are laid over one another."""
        found: dict[str, Group] = {}
        waiting = list(self.groups.values())
        while waiting:
            group = waiting.pop()
            if group.name not in found:
                found[group.name] = group
                waiting += group.parents.values()
        found.pop(ALL, None)
        return sorted(found.values(), key=lambda group: (group.depth, group.priority, group.name))


class Inventory:
    """What one or several sources tell together. ``complete``: no script and no plugin adds hosts or variables."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.hosts: dict[str, InventoryHost] = {}
        self.complete = True
        self.group(ALL)
        self.group(UNGROUPED)
        self.nest(ALL, UNGROUPED)

    def group(self, name: str) -> Group:
        if name not in self.groups:
            self.groups[name] = Group(name)
        return self.groups[name]

    def host(self, name: str, group: str, place: Place | None = None) -> InventoryHost:
        found = self.hosts.get(name)
        if found is None:
            found = self.hosts[name] = InventoryHost(name, place)
        holder = self.group(group)
        holder.hosts[name] = found
        found.groups[group] = holder
        return found

    def nest(self, parent: str, child: str) -> None:
        """BadInventory where that makes a circle."""
        outer, inner = self.group(parent), self.group(child)
        if outer is inner or any(group is outer for group in inner.below()):
            raise BadInventory(f"group {child} holds itself")
        outer.children[child] = inner
        inner.parents[parent] = outer
        self._deepen(inner, outer.depth + 1)

    def _deepen(self, group: Group, depth: int) -> None:
        if depth > group.depth:
            group.depth = depth
            for child in group.children.values():
                self._deepen(child, depth + 1)

    def finish(self) -> Inventory:
        """Put into ``all`` and ``ungrouped`` what belongs nowhere else."""
        for group in list(self.groups.values()):
            if group.name != ALL and not group.parents:
                self.nest(ALL, group.name)
        for host in self.hosts.values():
            own = host.groups.keys() - {ALL, UNGROUPED}
            if own and UNGROUPED in host.groups:
                del host.groups[UNGROUPED]
                self.groups[UNGROUPED].hosts.pop(host.name, None)
            elif not host.groups.keys() - {ALL}:
                self.host(host.name, UNGROUPED)
        return self

    def members(self) -> dict[str, list[str]]:
        """As the variable ``groups`` has it."""
        return {name: [host.name for host in group.all_hosts()] for name, group in self.groups.items()}
