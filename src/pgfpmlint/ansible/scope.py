"""What names mean for one host in one task: the layers of variables, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pgfpmlint.ansible.dialect import environment
from pgfpmlint.ansible.inventory import Inventory, InventoryHost
from pgfpmlint.ansible.language import TooMuch
from pgfpmlint.ansible.rendering import value_of
from pgfpmlint.ansible.values import UNKNOWN, Fields, Items, Missing, Text, Unknown, Written, place_of
from pgfpmlint.ansible.worth import Cause
from pgfpmlint.source.text import Place

Layer = Mapping[str, Any]

FACTS = ("ansible_", "facter_", "ohai_")
"""Names that begin like this are told by the machine, or by Ansible itself."""

OF_A_RUN = frozenset({
    "environment", "inventory_dir", "inventory_file", "playbook_dir", "role_path", "play_hosts", "role_names",
})  # fmt: skip
"""What depends on where and how Ansible is run."""

OF_THE_HOST = ("inventory_hostname", "inventory_hostname_short", "ansible_host")


class HostVariables:
    """What inventories tell of one host, lowest layer first; shared by all its tasks."""

    __slots__ = ("host", "inventory", "layers", "own")

    def __init__(self, host: InventoryHost, inventory: Inventory, layers: Sequence[Layer], own: Layer) -> None:
        self.host = host
        self.inventory = inventory
        self.layers = layers
        self.own = own
        """Those that may differ from one host of the same groups to the next."""


class Others(dict[str, Any]):
    """The variable ``hostvars``: of each host what inventories tell, worked out when it is asked for."""

    def __init__(self, known: Mapping[str, HostVariables]) -> None:
        super().__init__()
        self._known = known

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self._known:
            return default
        if not dict.__contains__(self, name):
            self[name] = Other(self._known[name])
        return self[name]


class Other(dict[str, Any]):
    """One host's in ``hostvars``; what no inventory tells of it may be a fact."""

    def __init__(self, host: HostVariables) -> None:
        super().__init__()
        self._scope = Scope(host, [], {}, {})

    def get(self, name: str, default: Any = None) -> Any:
        value = self._scope.value(name)
        if isinstance(value, Missing) or (name == "ansible_host" and not self._scope.defines(name)):
            return UNKNOWN
        return value


class Scope:
    """``below`` are layers that any inventory overrules (role defaults), ``above`` those that overrule it, lowest
    first; over these are ``facts`` that tasks set, and ``over`` them parameters of roles and includes; ``magic`` are
    names that nothing overrules. ``touched`` gathers what was asked for that other hosts may have otherwise;
    ``passed`` is the text of tasks that were not followed and may set what nothing else does."""

    def __init__(
        self,
        host: HostVariables | None,
        above: Sequence[Layer],
        magic: Mapping[str, Any],
        facts: Mapping[str, Any],
        below: Sequence[Layer] = (),
        others: Mapping[str, HostVariables] | None = None,
        over: Sequence[Layer] = (),
        touched: set[str] | None = None,
        passed: str = "",
    ) -> None:
        self._passed = passed
        self.host = host
        inventory = host.layers if host is not None else ()
        self._layers: list[Layer] = [*reversed(over), facts, *reversed(above), *reversed(inventory), *reversed(below)]
        self._sealed = any(getattr(layer, "sealed", False) for layer in self._layers)
        self._magic = magic
        self._others = others
        self._known: dict[str, tuple[Any, tuple[Cause, ...]]] = {}
        self._busy: set[str] = set()
        self.touched: set[str] = set() if touched is None else touched

    def defines(self, name: str) -> bool:
        return any(name in layer for layer in self._layers)

    def value(self, name: str) -> Any:
        return self._told(name)[0]

    def causes(self, name: str) -> tuple[Cause, ...]:
        return self._told(name)[1]

    def _told(self, name: str) -> tuple[Any, tuple[Cause, ...]]:
        if name not in self._known:
            if name in self._busy or len(self._busy) > 60:
                return UNKNOWN, ()
            self._busy.add(name)
            try:
                self._known[name] = self._worked_out(name)
            finally:
                self._busy.discard(name)
        return self._known[name]

    def _worked_out(self, name: str) -> tuple[Any, tuple[Cause, ...]]:
        if self.host is not None and (name in self.host.own or name in OF_THE_HOST):
            self.touched.add(name)
        if name in self._magic:
            return self._magic[name], ()
        if name in ("inventory_hostname", "inventory_hostname_short", "groups", "group_names", "hostvars"):
            return self._of_inventory(name)
        for layer in self._layers:
            if name in layer:
                raw = layer[name]
                cause = _cause(name, raw, layer)
                value, causes = self.templated(raw)
                return value, (*cause, *(one for one in causes if one not in cause))
        if name == "ansible_host":
            return self._of_inventory("inventory_hostname")
        if name == "ansible_managed":
            return Text("Ansible managed"), ()
        if name.startswith(FACTS) or name in OF_A_RUN:
            return UNKNOWN, ()
        return UNKNOWN if self._sealed or name in self._passed else Missing(name=name), ()

    def _of_inventory(self, name: str) -> tuple[Any, tuple[Cause, ...]]:
        if self.host is None:
            return UNKNOWN, ()
        if name.startswith("inventory_hostname"):
            whole = self.host.host.name
            value = Text(whole if name == "inventory_hostname" else whole.partition(".")[0])
            place = self.host.host.place
            if place is None:
                return value, ()
            value.place = place
            return value, (Cause(place, "names the host", place),)
        if name == "groups":
            return self.host.inventory.members(), ()
        if name == "group_names":
            return sorted(group.name for group in self.host.host.lineage()), ()
        return Others(self._others or {}), ()

    def templated(self, raw: Any) -> tuple[Any, tuple[Cause, ...]]:
        """``raw`` with the placeholders in it filled in."""
        causes: dict[Cause, None] = {}
        try:
            return self._filled(raw, causes, [20_000]), tuple(causes)
        except TooMuch:
            return UNKNOWN, ()

    def _filled(self, raw: Any, causes: dict[Cause, None], left: list[int]) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise TooMuch
        if isinstance(raw, str):
            return self._text(raw, causes)
        if isinstance(raw, dict) and not isinstance(raw, Others | Other):
            values = {key: self._filled(value, causes, left) for key, value in raw.items()}
            return raw if all(values[key] is raw[key] for key in raw) else _like(raw, Fields(values))
        if isinstance(raw, list):
            items = [self._filled(value, causes, left) for value in raw]
            return raw if all(new is old for new, old in zip(items, raw)) else _like(raw, Items(items))
        return raw

    def _text(self, raw: str, causes: dict[Cause, None]) -> Any:
        if ("{{" not in raw and "{%" not in raw) or (isinstance(raw, Text) and raw.literal):
            return raw
        if "\\" in raw:  # Ansible reads such signs in a variable otherwise than Jinja does
            return UNKNOWN
        value, found = value_of(raw, self, environment(), {})
        causes.update(dict.fromkeys(found))
        place = place_of(raw)
        if place is not None and isinstance(value, str) and place_of(value) is None:
            made = Text(value)
            made.place = place
            return made
        return value


def _like(old: Any, new: Any) -> Any:
    if isinstance(old, Written):
        new.place = old.place
    if isinstance(new, Fields):
        new.keys_at = old.keys_at if isinstance(old, Fields) else {}
    return new


def _cause(name: str, raw: Any, layer: Layer) -> tuple[Cause, ...]:
    """The line that sets a variable: a scalar's own, a container's key."""
    place = place_of(raw)
    keys: Mapping[str, Place] = getattr(layer, "keys_at", {})
    key = keys.get(name)
    shown: Place | None = key if place is None or isinstance(raw, (dict, list)) else place
    shown = shown or place
    if shown is None:
        return ()
    return (Cause(shown, f"sets {name}", place or shown),)


def is_known(value: Any) -> bool:
    return not isinstance(value, (Unknown, Missing))
