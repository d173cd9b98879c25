"""What PostgreSQL asks of its machine when it starts: a stack deep enough, and libraries to load.

Nothing is said where the tree does not tell, and nothing of libraries that the machine may yet get with a package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.postgres.given import INVALID
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.source.machine import Machine

STACK, PRELOAD = "max_stack_depth", "shared_preload_libraries"
ZONES = "/usr/share/zoneinfo"

# STACK_DEPTH_SLOP in the server's stack_depth.c: what it keeps for itself.
SLOP = 512 * 1024


def objections(machine: Machine, settings: Mapping[str, Effective], version: ServerVersion) -> Iterator[Problem]:
    depth, libraries = settings.get(STACK), settings.get(PRELOAD)
    if depth is not None and isinstance(depth.origin, Written):
        yield from _stack(machine, depth, depth.origin)
    for name in ("timezone", "log_timezone"):
        if name in settings:
            yield from _zone(machine, settings[name])
    if libraries is not None and isinstance(libraries.origin, Written) and "dynamic_library_path" not in settings:
        yield from _libraries(machine, libraries, libraries.origin, version)


def _stack(machine: Machine, depth: Effective, written: Written) -> Iterator[Problem]:
    """https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-MAX-STACK-DEPTH"""
    limit, kilobytes = machine.stack_limit(), depth.number
    if limit is None or kilobytes is None or kilobytes * 1024 <= limit - SLOP:
        return
    most = (limit - SLOP) // 1024
    values = {
        "name": STACK,
        "value": written.raw,
        "wants": f"on this machine, where ulimit -s is {limit // 1024} kB, it takes {most} kB at most",
        "advice": f"write {STACK} = {most}kB, or raise the limit",
    }
    says = f'invalid value for parameter "{STACK}": {kilobytes}'
    yield Problem(INVALID, written.place, says, True, values, of_machine=True)


def _zone(machine: Machine, zone: Effective) -> Iterator[Problem]:
    """A place that the machine's time zones lack, unless they are without the old names, which Debian has apart."""
    from pgfpmlint.catalog.guc_zone import is_place

    name = zone.value or ""
    if not is_place(name) or any(sign.isdigit() for sign in name) or not isinstance(zone.origin, Written):
        return
    if machine.has_folder(f"{ZONES}/US") and not machine.has_entry(ZONES, name.removeprefix(":")):
        wants = f"{ZONES} of this machine has no such place"
        values = {
            "name": zone.name,
            "value": zone.value,
            "wants": wants,
            "advice": f"write {zone.name} = 'UTC', or a zone that is there",
        }
        says = f'invalid value for parameter "{zone.name}": "{zone.value}"'
        yield Problem(INVALID, zone.origin.place, says, True, values, of_machine=True)


def _libraries(machine: Machine, libraries: Effective, written: Written, version: ServerVersion) -> Iterator[Problem]:
    from pgfpmlint.catalog.guc_list import BadText, split_list
    from pgfpmlint.catalog.postgresql_libraries import FOLDERS, KNOWN

    try:
        names = split_list(libraries.value or "")
    except BadText:  # the server warns of the list and loads nothing
        return
    folders = [folder.format(major=version.major) for folder in FOLDERS]
    for name in names:
        plain = name.removeprefix("$libdir/").removesuffix(".so")
        if plain in KNOWN:
            continue
        places = [plain] if plain.startswith("/") else [f"{folder}/{plain}" for folder in folders]
        if all(machine.has_file(f"{place}{end}") is False for place in places for end in ("", ".so")):
            values = {
                "name": PRELOAD,
                "value": name,
                "wants": "no such library is known, nor is there one on this machine",
                "advice": f"remove {name} from {PRELOAD}, or install the library",
            }
            says = f'could not access file "{name}": No such file or directory'
            yield Problem(INVALID, written.place, says, True, values, of_machine=True)
