"""What a fix changes of what servers make of a file, beyond the lines that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import ndiff
from typing import Any


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that went and those that came."""
    compared = ndiff(before.splitlines(), after.splitlines())
    return [line[2:] for line in compared if line[:2] in ("- ", "+ ")]


def claimed(before: str, after: str) -> frozenset[str]:
    """The names in front of those lines, and the parameters that they hold behind: ``pool_mode`` of an entry."""
    names: set[str] = set()
    for line in changed_lines(before, after):
        key, _, rest = line.partition("=")
        names.add(key.strip().strip("'\"") or "?")
        names.add(key.split()[0].strip("'\"") if key.split() else "?")
        names.update(word.partition("=")[0] for word in rest.split() if "=" in word)
    # A flag of PHP is shown as a value (https://www.php.net/manual/en/install.fpm.configuration.php).
    return frozenset(name.lower().replace("_flag[", "_value[") for name in names)


def strayed(before: Mapping[str, Any], after: Mapping[str, Any], names: frozenset[str]) -> Iterator[str]:
    """Values that are others now and that no changed line sets, in words."""
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name] and not _is_one_of(name.lower(), names):
            yield f"{name} was {before[name]!r} and is {after[name]!r}"


def _is_one_of(name: str, names: frozenset[str]) -> bool:
    """``www.pm.max_children`` and ``d:shop.host`` are named by the setting, the latter by the entry as well."""
    return any(name == one or name.endswith(f".{one}") or name.partition(":")[2].startswith(f"{one}.") for one in names)
