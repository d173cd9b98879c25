"""From what sections took to what PHP-FPM runs with: the winner of each directive, and what FPM itself changes.

See fpm_conf_process_all_pools() in https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_conf.c.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.resolve.fpm import paths as fpm_paths
from pgfpmlint.resolve.fpm.sections import Entry, SectionDraft
from pgfpmlint.resolve.settings import Effective, Unknown

_ACCESS_FORMAT = '%R - %u %t "%m %r" %s'

# php_value and php_admin_value of these are paths below the prefix: FPM_PHP_INI_TO_EXPAND in fpm_php.h.
_PATHS_OF_PHP = frozenset(
    [
        "axis2.client_home",
        "blenc.key_file",
        "coin_acceptor.device",
        "error_log",
        "extension_dir",
        "sendmail_path",
        "session.cookie_path",
        "session_pgsql.sem_file_name",
        "soap.wsdl_cache_dir",
        "uploadprogress.file.filename_template",
        "xdebug.output_dir",
        "xdebug.profiler_output_dir",
        "xdebug.trace_output_dir",
        "xmms.path",
    ]
)


def global_settings(section: SectionDraft, state: str) -> dict[str, Effective]:
    """``state`` is the folder below which relative names of logs and the pid file are."""
    found = {}
    for name, entries in section.entries.items():
        value = entries[-1].value
        if value is not None and (name == "pid" or (name == "error_log" and value.lower() != "syslog")):
            value = fpm_paths.full(value, state)
        elif value and name == "events.mechanism":
            value = value.lower()
        elif value and name == "systemd_interval" and value.startswith("-"):
            value = section.directives[name].default(section.version)
        found[name] = _effective(name, entries, -1, value)
    return found


def pool_settings(section: SectionDraft, prefix: str) -> tuple[dict[str, Effective], dict[str, str]]:
    """What the files set, and the defaults that follow from it."""
    folder = _folder(section, prefix)
    found: dict[str, Effective] = {}
    for name, entries in section.entries.items():
        value = entries[-1].value
        if value and name in ("access.log", "slowlog", "chdir"):
            value = fpm_paths.full(value, folder)
        elif value and name == "prefix":
            value = folder
        elif value and name == "chroot":
            value = _chroot(value, folder, prefix, section.version)
        elif value and name == "listen":
            value = address(section, prefix)
        found[name] = _effective(name, entries, -1, value)
    derived: dict[str, str] = {}
    for name, changed in _changes(section).items():
        if name in found:
            found[name] = found[name]._replace(value=changed)
        elif changed is not None:
            derived[name] = changed
    return found, derived


def array_items(section: SectionDraft, prefix: str) -> dict[str, dict[str, Effective]]:
    """Array, index, winner: of entries with one index the first wins at run time."""
    folder = _folder(section, prefix)
    found: dict[str, dict[str, Effective]] = {}
    for array, items in section.arrays.items():
        found[array] = {}
        for index, entries in items.items():
            value = entries[0].value
            if value is not None and _is_path(section, array, index, value):
                value = fpm_paths.full(value, folder)
            found[array][index] = _effective(index, entries, 0, value)
    return found


def address(section: SectionDraft, prefix: str) -> str | None:
    """``listen`` as FPM compares and shows it: a relative socket path made absolute. None where it is not known."""
    text = section.text("listen")
    if not text or not fpm_paths.is_socket(text) or text.startswith("/"):
        return text
    return fpm_paths.full(text, _folder(section, prefix)) if section.is_known("prefix") else None


def _folder(section: SectionDraft, prefix: str) -> str:
    """The folder below which the pool's relative names are; an empty prefix stands for ``/``."""
    own = section.text("prefix")
    return prefix if own is None else fpm_paths.full(own, prefix) if own else ""


def _chroot(value: str, folder: str, prefix: str, version: ServerVersion) -> str:
    if value.startswith("/"):
        return value
    below = value.removeprefix("$prefix")
    if below == value or version.at_least(8):
        return f"{folder}/{below}" if below else folder or f"{prefix}/"
    # 7.4 loses what stands behind $prefix
    return f"{folder}/" if below else folder or f"{prefix}/"


def _is_path(section: SectionDraft, array: str, index: str, value: str) -> bool:
    if not array.startswith("php_") or "chroot" in section.entries or index.lower() not in _PATHS_OF_PHP:
        return False
    return not (array == "php_admin_value" and index.lower() == "error_log" and value.lower() == "syslog")


def _changes(section: SectionDraft) -> dict[str, str | None]:
    """Directive to the value that FPM puts in place of the written or default one; None is undefined."""
    changes: dict[str, str | None] = {}
    pm = section.last("pm")
    if pm and pm.value == "dynamic":
        low, high = section.number("pm.min_spare_servers"), section.number("pm.max_spare_servers")
        if (section.number("pm.start_servers") or 0) <= 0 and low is not None and high is not None:
            changes["pm.start_servers"] = str(low + (high - low) // 2)
    elif pm and pm.value == "ondemand":
        changes |= dict.fromkeys(("pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers"), "0")
        backlog, usual = section.number("listen.backlog"), section.directives["listen.backlog"].default(section.version)
        if backlog is not None and backlog < int(usual or "-1"):
            changes["listen.backlog"] = usual
    if not section.text("ping.path"):
        changes["ping.response"] = None
    elif "ping.response" not in section.entries:
        changes["ping.response"] = "pong"
    if "pm.status_listen" in section.entries and "pm.status_path" not in section.entries:
        changes["pm.status_path"] = "/"
    if section.text("access.log") and "access.format" not in section.entries:
        changes["access.format"] = _ACCESS_FORMAT
    if "request_slowlog_trace_depth" in section.entries and section.number("request_slowlog_trace_depth") == 0:
        changes["request_slowlog_trace_depth"] = "20"
    return changes


def _effective(name: str, entries: list[Entry], wins: int, value: str | None) -> Effective:
    """The entry at ``wins`` (0 or -1) with its final value, the others as shadowed."""
    entry = entries[wins]
    shadowed = tuple(other.written for other in entries if other is not entry)
    origin = Unknown(entry.unknown, entry.written.place) if entry.unknown else entry.written
    return Effective(name, value, origin, shadowed)
