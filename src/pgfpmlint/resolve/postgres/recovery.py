"""Files of the data directory that keep a server from starting.

https://www.postgresql.org/docs/current/recovery-config.html
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.postgres.startup import CONFLICT
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable


def objections(
    root: Root, data: str, restore_command: Effective | None, anchor: Place, version: ServerVersion
) -> list[Problem]:
    """Of a folder that surely is a server's data directory: a repository may keep anything beside its postgresql.conf,
    so there the file PG_VERSION has to tell."""
    if not root.complete and not root.is_file(paths.join(data, "PG_VERSION")):
        return []
    if root.is_file(paths.join(data, "recovery.conf")):
        what = "recovery.conf lies in the data directory: from 12 on its settings belong into postgresql.conf"
        says = 'using recovery command file "recovery.conf" is not supported'
        advice = "move its settings to postgresql.conf and make a file standby.signal or recovery.signal instead"
        at = _first_line(root, paths.join(data, "recovery.conf")) or anchor
        return [Problem(CONFLICT, at, says, True, {"what": what, "advice": advice})]
    asked = root.is_file(paths.join(data, "recovery.signal")) and not root.is_file(paths.join(data, "standby.signal"))
    if asked and (restore_command is None or restore_command.value == ""):
        name = '"restore_command"' if version.at_least(17) else "restore_command"
        says = f"must specify {name} when standby mode is not enabled"
        what = "recovery.signal asks for a recovery from the archive, and restore_command is empty"
        written = restore_command.place if restore_command is not None else None
        return [Problem(CONFLICT, written or anchor, says, True, {"what": what, "advice": "write a restore_command"})]
    return []


def _first_line(root: Root, path: str) -> Place | None:
    try:
        return root.read(path).line_place(1)
    except Unreadable:
        return None
