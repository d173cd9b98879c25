"""Hosts that stand for many: ``web[01:20]``, ``db-[a:f]``, ``node[0:9:3].example.com:2222``."""

from __future__ import annotations

from string import ascii_letters

from pgfpmlint.ansible.inventory import BadInventory

MOST_HOSTS = 20_000
"""More than that of one line are a mistake, or nothing that a linter should count."""


def hosts_of(pattern: str) -> tuple[list[str], int | None]:
    """The names, and the port that the pattern ends with. BadInventory where Ansible takes it for none."""
    name, port = _without_port(pattern)
    if "[" not in name or ":" not in name.partition("[")[2].partition("]")[0] or "]" not in name:
        return [name], port
    return _expanded(name), port


def _without_port(pattern: str) -> tuple[str, int | None]:
    before, colon, after = pattern.rpartition(":")
    if not colon or not after.isdigit() or before.count("[") != before.count("]"):
        return pattern, None
    if before.startswith("[") and before.endswith("]") and before.count(":") >= 2 and before.count("[") == 1:
        return before[1:-1], int(after)  # [2001:db8::1]:22
    if ":" in "".join(part.rpartition("]")[2] for part in before.split("[")):
        return pattern, None  # an address of IPv6
    return before, int(after)


def _expanded(pattern: str) -> list[str]:
    head, _, rest = pattern.partition("[")
    inner, _, tail = rest.partition("]")
    bounds = inner.split(":")
    if len(bounds) not in (2, 3) or not bounds[1]:
        raise BadInventory(f"{pattern} is no range of hosts")
    first, last = bounds[0] or "0", bounds[1]
    try:
        step = int(bounds[2]) if len(bounds) == 3 else 1
        words = _words(first, last, step)
    except ValueError:
        raise BadInventory(f"{pattern} is no range of hosts") from None
    found: list[str] = []
    for word in words:
        name = f"{head}{word}{tail}"
        found += _expanded(name) if "[" in tail and ":" in tail.partition("[")[2] else [name]
        if len(found) > MOST_HOSTS:
            raise BadInventory(f"{pattern} stands for more than {MOST_HOSTS} hosts")
    return found


def _words(first: str, last: str, step: int) -> list[str]:
    if len(first) == len(last) == 1 and first in ascii_letters and last in ascii_letters:
        begin, end = ascii_letters.index(first), ascii_letters.index(last)
        if begin > end:
            raise ValueError
        return list(ascii_letters[begin : end + 1 : step])
    width = len(first) if first[0] == "0" and len(first) > 1 else 0
    if width and width != len(last):
        raise ValueError
    numbers = range(int(first), int(last) + 1, step)
    if len(numbers) > MOST_HOSTS:
        raise ValueError
    return [str(number).zfill(width) for number in numbers]
