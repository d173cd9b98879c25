"""What PHP-FPM asks of its machine: folders that must be there, logs that must open, accounts.

See fpm_conf_process_all_pools() in fpm_conf.c and fpm_unix_test_config() in fpm_unix.c of
https://github.com/php/php-src/tree/master/sapi/fpm/fpm. Nothing is said where the tree does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.fpm import paths as fpm_paths
from pgfpmlint.resolve.fpm.effective import pool_settings
from pgfpmlint.resolve.fpm.sections import SectionDraft
from pgfpmlint.source import paths
from pgfpmlint.source.machine import Machine

INVALID = "fpm/invalid-value"
ACCOUNT = "fpm/account-unknown"


class FpmMachine:
    """Answers for one master. ``prefix`` and ``state`` are where relative names of pools and of [global] start."""

    def __init__(self, machine: Machine, prefix: str, state: str) -> None:
        self._machine = machine
        self._prefix = prefix
        self._state = state

    def error_log(self, settings: SectionDraft) -> Iterator[Problem]:
        log = settings.text("error_log")
        if log == "":
            folder = f"{self._state}/"
            values = _refused("error_log", f"an empty name stands for the folder {folder}")
            says = f"failed to open error_log ({folder}): Is a directory (21)"
            yield Problem(INVALID, settings.place("error_log"), says, True, values)
        if log and log.lower() != "syslog":
            yield from self._log(
                settings, "error_log", fpm_paths.full(log, self._state), "failed to open error_log ({})"
            )

    def mechanism(self, settings: SectionDraft, mechanism: str) -> Iterator[Problem]:
        """One that other systems have."""
        if self._machine.is_linux() and mechanism.lower() not in ("epoll", "poll", "select"):
            says = f"event mechanism '{mechanism}' is not available on this system"
            values = _refused("events.mechanism", "Linux has epoll, poll and select", "write events.mechanism = epoll")
            yield Problem(INVALID, settings.place("events.mechanism"), says, True, values, of_machine=True)

    def prefix(self, pool: SectionDraft) -> Iterator[Problem]:
        path = self._path(pool, "prefix")
        if path and self._machine.has_folder(path) is False:
            yield self._missing(pool, "prefix", path, f"the prefix '{path}'")

    def slowlog(self, pool: SectionDraft) -> Iterator[Problem]:
        if pool.number("request_slowlog_timeout"):
            path = self._path(pool, "slowlog")
            yield from self._log(pool, "slowlog", path, "Unable to create or open slowlog({})")

    def folders(self, pool: SectionDraft) -> Iterator[Problem]:
        """chroot, and chdir within it."""
        jail, folder = self._path(pool, "chroot"), self._path(pool, "chdir")
        if jail and self._machine.has_folder(jail) is False:
            yield self._missing(pool, "chroot", jail, f"the chroot path '{jail}'")
        elif folder and pool.is_unset("chroot") and self._machine.has_folder(folder) is False:
            yield self._missing(pool, "chdir", folder, f"the chdir path '{folder}'")
        elif folder and pool.text("chroot") == "" and self._machine.has_folder(folder) is False:
            words = f"the chdir path '{folder}' within the chroot path '' ('/{folder}')"
            yield self._missing(pool, "chdir", folder, words)
        elif folder and jail and self._machine.has_folder(f"{jail}/{folder}") is False:
            words = f"the chdir path '{folder}' within the chroot path '{jail}' ('{jail}/{folder}')"
            yield self._missing(pool, "chdir", f"{jail}/{folder}", words)

    def access_log(self, pool: SectionDraft) -> Iterator[Problem]:
        yield from self._log(pool, "access.log", self._path(pool, "access.log"), "failed to open access log ({})")

    def accounts(self, pool: SectionDraft) -> Iterator[Problem]:
        """Numbers pass unseen. Before 8.2.2 only a real start noticed, not ``php-fpm -t``."""
        refuses = pool.version.at_least(8, 2, 2)
        for name, end in (
            ("user", ""),
            ("group", ""),
            ("listen.group", ": Success (0)"),
            ("listen.owner", ": Success (0)"),
        ):
            account = pool.text(name)
            if not account or not account.strip("0123456789"):
                continue
            kind = "group" if name.endswith("group") else "user"
            known = self._machine.has_group(account) if kind == "group" else self._machine.has_user(account)
            if known is False:
                number = "gid" if kind == "group" else "uid"
                says = f"[pool {pool.name}] cannot get {number} for {kind} '{account}'{end}"
                values = {"pool": pool.name, "name": name, "account": account, "kind": kind}
                yield Problem(ACCOUNT, pool.place(name), says, refuses, values, of_machine=True)

    def _path(self, pool: SectionDraft, name: str) -> str | None:
        """The absolute path that FPM makes of a setting; None where nothing sets it, or where it is not known."""
        if not pool.text(name) or not pool.is_known("prefix"):
            return None
        return pool_settings(pool, self._prefix)[0][name].value

    def _log(self, section: SectionDraft, name: str, path: str | None, words: str) -> Iterator[Problem]:
        why = self._machine.cannot_create(path) if path else ""
        if path and why:
            folder = path if why.startswith("Is") else paths.folder(path)
            reason = f"{folder} is a folder" if folder == path else f"there is no folder {folder} on this machine"
            values = _refused(name, reason, f"create {paths.folder(path)}, or write a file in a folder that is there")
            yield Problem(INVALID, section.place(name), f"{words.format(path)}: {why}", True, values, of_machine=True)

    def _missing(self, pool: SectionDraft, name: str, path: str, words: str) -> Problem:
        says = f"[pool {pool.name}] {words} does not exist or is not a directory"
        folder = paths.normal(path)
        advice = f"create {folder}, or write a folder that is there"
        values = _refused(name, f"there is no folder {folder} on this machine", advice)
        return Problem(INVALID, pool.place(name), says, True, values, of_machine=True)


def _refused(name: str, reason: str, advice: str = "") -> dict[str, object]:
    from pgfpmlint.resolve.fpm.refused import refused

    return refused(name, reason, advice)
