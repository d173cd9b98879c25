"""Which hosts ``hosts:`` of a play means (https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html)."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pgfpmlint.ansible.inventory import ALL, Inventory, InventoryHost


def chosen(inventory: Inventory, words: list[str]) -> list[InventoryHost] | None:
    """The hosts, in the inventory's order; None where the pattern can't be told, or names something unheard of."""
    parts = [part for word in words for part in _split(word)]
    if not parts or any("{{" in part or part.startswith("~") for part in parts):
        return None
    plain = [part for part in parts if part[0] not in "!&"] or [ALL]
    found: dict[str, InventoryHost] = {}
    known = False
    for part in plain:
        matched = _matched(inventory, part)
        known = known or matched is not None
        found.update((host.name, host) for host in matched or ())
    if not known:
        return None
    for part in parts:
        if part[0] == "&":
            kept = {host.name for host in _matched(inventory, part[1:]) or ()}
            found = {name: host for name, host in found.items() if name in kept}
    for part in parts:
        if part[0] == "!":
            for host in _matched(inventory, part[1:]) or ():
                found.pop(host.name, None)
    return list(found.values())


def _split(word: str) -> list[str]:
    if "," in word:
        return [part for piece in word.split(",") for part in _split(piece.strip())]
    if word.count(":") > 1 and "[" not in word and all(sign in "0123456789abcdefABCDEF:." for sign in word):
        return [word]  # an address of IPv6
    pieces: list[str] = [""]
    depth = 0
    for sign in word:
        depth += (sign == "[") - (sign == "]")
        if sign == ":" and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece.strip() for piece in pieces if piece.strip()]


def _matched(inventory: Inventory, part: str) -> list[InventoryHost] | None:
    """None for a name that the inventory lacks."""
    name, bracket, rest = part.partition("[")
    if part in ("all", "*"):
        return inventory.groups[ALL].all_hosts()
    if part in inventory.groups:
        return inventory.groups[part].all_hosts()
    if part in inventory.hosts:
        return [inventory.hosts[part]]
    if bracket and rest.endswith("]") and (name in inventory.groups or "*" in name):
        whole = _matched(inventory, name)
        return _subscribed(whole, rest[:-1]) if whole is not None else None
    if any(sign in part for sign in "*?["):
        found = {
            host.name: host
            for group_name, group in inventory.groups.items()
            if fnmatchcase(group_name, part)
            for host in group.all_hosts()
        }
        found |= {host.name: host for host in inventory.hosts.values() if fnmatchcase(host.name, part)}
        return list(found.values()) if found else None
    return None


def _subscribed(hosts: list[InventoryHost], index: str) -> list[InventoryHost] | None:
    """``web[0]``, ``web[-1]``, ``web[0:2]``, whose last is in."""
    first, colon, last = (
        index.partition(":") if ":" in index else index.partition("-") if index[:1] != "-" else (index, "", "")
    )
    try:
        if not colon:
            return [hosts[int(first)]] if -len(hosts) <= int(first) < len(hosts) else []
        begin = int(first or 0)
        end = int(last) if last else -1
        return hosts[begin:] if end == -1 else hosts[begin : end + 1]
    except ValueError:
        return None
