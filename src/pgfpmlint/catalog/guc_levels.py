"""log_min_messages from PostgreSQL 19 on: a level for all, and others for single kinds of processes.

https://www.postgresql.org/docs/19/runtime-config-logging.html#GUC-LOG-MIN-MESSAGES
"""

from __future__ import annotations

from pgfpmlint.catalog.guc_list import BadText, split_list

_LEVELS = frozenset((
    "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "info", "notice", "warning", "error", "log", "fatal",
    "panic",
))  # fmt: skip
_PROCESSES = frozenset((
    "archiver", "autovacuum", "backend", "bgworker", "bgwriter", "checkpointer", "ioworker", "postmaster",
    "slotsyncworker", "startup", "syslogger", "walreceiver", "walsender", "walsummarizer", "walwriter",
))  # fmt: skip


def levels(text: str) -> str:
    """The list as the server shows it, the level for all first, the others in the order of their bytes; `BadText`."""
    elements = split_list(text)
    seen: set[str] = set()
    for element in elements:
        process, colon, level = element.partition(":") if ":" in element else ("", "", element)
        if not colon and process in seen:
            raise BadText("Redundant specification of default log level.")
        if level.lower() not in _LEVELS:
            of = f' for process type "{process}"' if colon else ""
            raise BadText(f'Unrecognized log level{of}: "{level}".')
        if colon and process.lower() not in _PROCESSES:
            raise BadText(f'Unrecognized process type "{process}".')
        if process.lower() in seen:
            raise BadText(f'Redundant log level specification for process type "{process}".')
        seen.add(process.lower())
    if "" not in seen:
        raise BadText("Default log level was not defined.")
    return ", ".join(sorted(elements, key=lambda element: (":" in element, element)))
