"""Inventories that are written as INI files."""

from __future__ import annotations

import ast
import shlex
import warnings
from typing import Any

from pgfpmlint.ansible.inventory import UNGROUPED, BadInventory, Inventory
from pgfpmlint.ansible.ranges import hosts_of
from pgfpmlint.ansible.values import Fields, Fraction, Items, Text, Truth, Whole
from pgfpmlint.source.text import Place, Source

SECTIONS = ("hosts", "children", "vars")


def read(source: Source, inventory: Inventory) -> None:
    """Add what the file tells. BadInventory where Ansible reads none of it."""
    group, section = UNGROUPED, "hosts"
    declared: set[str] = set(inventory.groups)
    wanted: set[str] = set()
    begin = 0
    for written in source.text.splitlines(keepends=True):
        line, start = written.strip(), begin + len(written) - len(written.lstrip())
        begin += len(written)
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and _is_header(line):
            group, section = _header(line)
            inventory.group(group).place = inventory.group(group).place or Place(source, start, start + len(line))
            (wanted if section == "vars" else declared).add(group)
        elif section == "hosts":
            _host(source, line, start, group, inventory)
        elif section == "children":
            child = line.split("#")[0].strip()
            wanted.add(child)
            inventory.nest(group, child)
        else:
            key, equals, value = line.partition("=")
            if not equals:
                raise BadInventory(f"expected key=value, not {line}")
            at = start + len(key) + 1 + len(value) - len(value.lstrip())
            inventory.group(group).variables[key.strip()] = _value(value.strip(), source, at)
    if wanted - declared:
        raise BadInventory(f"group {min(wanted - declared)} is not defined")


def _is_header(line: str) -> bool:
    inner, bracket, rest = line[1:].partition("]")
    rest = rest.strip()
    return bool(bracket) and not any(sign.isspace() for sign in inner) and (not rest or rest[0] == "#")


def _header(line: str) -> tuple[str, str]:
    group, _, section = line[1:].partition("]")[0].partition(":")
    if not group or (section or "hosts") not in SECTIONS:
        raise BadInventory(f"{line} is no section of an inventory")
    return group, section or "hosts"


def _host(source: Source, line: str, start: int, group: str, inventory: Inventory) -> None:
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise BadInventory(str(error)) from None
    if not words:
        return
    if words[0].strip() == "---" or words[0].endswith(":"):
        raise BadInventory(f"{words[0]} is no host")
    variables: dict[str, Any] = {}
    at = len(words[0])
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals:
            raise BadInventory(f"expected key=value, not {word}")
        at = max(at, line.find(f"{key}=", at))
        variables[key] = _value(value, source, start + at + len(key) + 1)
    names, port = hosts_of(words[0])
    place = Place(source, start, start + len(words[0]))
    for name in names:
        host = inventory.host(name, group, place)
        if port is not None:
            host.variables["ansible_port"] = port
        host.variables.update(variables)


def _value(text: str, source: Source, start: int) -> Any:
    """Python's literals are taken for what they mean, everything else for text."""
    place = Place(source, start, start + len(text))
    found: Any = text
    if len(text) <= 10_000:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                found = ast.literal_eval(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            found = text
    return _placed(found, place)


def _placed(value: Any, place: Place) -> Any:
    made: Any
    if isinstance(value, bool):
        made = Truth(value)
    elif isinstance(value, int):
        made = Whole(value)
    elif isinstance(value, float):
        made = Fraction(value)
    elif isinstance(value, (list, tuple, set)):
        made = Items(_placed(one, place) for one in value)
    elif isinstance(value, dict):
        made = Fields({str(key): _placed(one, place) for key, one in value.items()})
        made.keys_at = dict.fromkeys(made, place)
    elif value is None:
        return None
    else:
        made = Text("..." if value is ... else value.decode("utf-8", "replace") if isinstance(value, bytes) else value)
    made.place = place
    return made
