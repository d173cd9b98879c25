"""What a fix changes of what servers make of a file, beyond the lines that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import ndiff
from typing import Any

from pgfpmlint.options import Options
from pgfpmlint.pipeline import find
from pgfpmlint.reading import read_tree
from pgfpmlint.resolve import fpm, hba, pgbouncer, postgres
from trees import config_of, tree_of


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
    # What nobody wrote follows from both bounds (https://www.php.net/manual/en/install.fpm.configuration.php).
    names |= {"pm.start_servers"} if names & {"pm.min_spare_servers", "pm.max_spare_servers"} else set()
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


def values(files: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """By the shown path of each server's main file."""
    servers = read_tree(find(tree_of(files), config_of(files), Options())).servers
    found: dict[str, Mapping[str, Any]] = {}
    for one in servers.postgres:
        if one.postgres is not None:
            found[one.postgres.reading.main.source.path] = postgres.values(one.postgres)
        if one.hba is not None:
            rows: Any = hba.values(one.hba)["rules"]
            found[one.hba.reading.main.source.path] = {"rows": [_row(row) for row in rows]}
    for bouncer in servers.bouncers:
        if bouncer.bouncer is not None:
            found[bouncer.bouncer.reading.main.source.path] = pgbouncer.values(bouncer.bouncer)
    for master in servers.fpm:
        found[master.fpm.reading.main.source.path] = fpm.values(master.fpm)
    return found


def _row(row: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items() if name not in ("line", "rule_number"))
