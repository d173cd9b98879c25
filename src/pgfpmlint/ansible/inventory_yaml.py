"""Inventories that are written in YAML."""

from __future__ import annotations

from typing import Any

from pgfpmlint.ansible.inventory import BadInventory, Inventory
from pgfpmlint.ansible.ranges import hosts_of
from pgfpmlint.ansible.values import Fields, load
from pgfpmlint.source.text import Source

SECTIONS = frozenset({"hosts", "children", "vars"})


def read(source: Source, inventory: Inventory) -> None:
    """Add what the file tells. BadInventory where Ansible reads none of it."""
    top = load(source)
    if not isinstance(top, Fields) or not top:
        raise BadInventory("no mapping of groups")
    if top.get("plugin"):
        raise BadInventory("the configuration of a plugin")
    for name, group in top.items():
        _group(name, group, top, inventory, frozenset())


def _group(name: Any, fields: Any, outer: Fields, inventory: Inventory, above: frozenset[int]) -> bool:
    """Whether it is one."""
    if (fields is not None and not isinstance(fields, Fields)) or id(fields) in above:
        return False
    if not isinstance(name, str):
        raise BadInventory(f"{name} is no name of a group")
    group = inventory.group(name)
    group.place = group.place or outer.keys_at.get(name)
    if fields is None:
        return True
    above |= {id(fields)}
    for key, value in fields.items():
        if key not in SECTIONS or value is None:
            continue
        if isinstance(value, str):
            entries = Fields({str(value): None})
            entries.keys_at = {str(value): fields.keys_at[key]}
        elif isinstance(value, Fields):
            entries = value
        else:
            raise BadInventory(f"{key} of group {name} is no mapping")
        if key == "vars":
            group.variables.update(entries)
        elif key == "children":
            for child, inner in entries.items():
                if _group(child, inner, entries, inventory, above):
                    inventory.nest(name, child)
        else:
            _hosts(name, entries, inventory)
    return True


def _hosts(group: str, entries: Fields, inventory: Inventory) -> None:
    for pattern, variables in entries.items():
        if not isinstance(pattern, str):
            raise BadInventory(f"{pattern} is no name of a host")
        names, port = hosts_of(pattern)
        for name in names:
            host = inventory.host(name, group, entries.keys_at.get(pattern))
            if port is not None:
                host.variables["ansible_port"] = port
            if isinstance(variables, Fields):
                host.variables.update(variables)
