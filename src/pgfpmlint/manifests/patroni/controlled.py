"""The parameters that Patroni sets for all members of a cluster alike, on PostgreSQL's command line.

https://patroni.readthedocs.io/en/latest/patroni_configuration.html#important-rules; defaults and least values are those
of `ConfigHandler.CMDLINE_OPTIONS` (patroni/postgresql/config.py), the same in Patroni 2 to 4.
"""

from __future__ import annotations

from pgfpmlint.manifests.plain import Loaded
from pgfpmlint.record import NamedTuple

TRUE, FALSE = ("on", "true", "yes", "1"), ("off", "false", "no", "0")
"""What Patroni takes for a boolean, in upper or lower case."""


class Controlled(NamedTuple):
    """``default`` is what Patroni takes where the DCS says nothing, or nothing that it accepts: at least ``least``, or
    one of ``words``. ``from_`` names what sets it instead, where not even the DCS does."""

    default: str
    least: int | None = None
    words: tuple[str, ...] = ()
    from_: str = ""


CONTROLLED = {
    "listen_addresses": Controlled("", from_="postgresql.listen"),
    "port": Controlled("", from_="postgresql.listen"),
    "cluster_name": Controlled("", from_="scope"),
    "wal_level": Controlled("replica", words=("hot_standby", "replica", "logical")),
    "hot_standby": Controlled("on", words=TRUE),
    "max_connections": Controlled("100", 25),
    "max_wal_senders": Controlled("10", 3),
    "max_prepared_transactions": Controlled("0", 0),
    "max_locks_per_transaction": Controlled("64", 32),
    "track_commit_timestamp": Controlled("off", words=(*TRUE, *FALSE)),
    "max_replication_slots": Controlled("10", 4),
    "max_worker_processes": Controlled("8", 2),
    "wal_log_hints": Controlled("on", words=(*TRUE, *FALSE)),
    "wal_keep_segments": Controlled("8", 1),
    "wal_keep_size": Controlled("128MB", 16),
}

IN_FILE = ("wal_keep_segments", "wal_keep_size")
"""Those that no member may set for itself, and that are written to postgresql.conf all the same."""

RECOVERY = frozenset({
    "archive_cleanup_command", "pause_at_recovery_target", "primary_conninfo", "primary_slot_name",
    "promote_trigger_file", "recovery_end_command", "recovery_min_apply_delay", "recovery_target",
    "recovery_target_action", "recovery_target_inclusive", "recovery_target_lsn", "recovery_target_name",
    "recovery_target_time", "recovery_target_timeline", "recovery_target_xid", "restore_command", "standby_mode",
    "trigger_file",
})  # fmt: skip
"""Parameters that Patroni writes for a standby only, and most of these as it sees fit."""


def shown(value: Loaded) -> str:
    """The value as Patroni writes it: Python's own words."""
    return str(value)


def accepted(name: str, value: Loaded) -> str | None:
    """What Patroni makes of a value from the DCS; None where it takes the default instead."""
    rule = CONTROLLED[name]
    text = shown(value)
    if rule.words:
        is_word = text.lower() in rule.words and (rule.words[0] in TRUE or isinstance(value, str))
        return text if is_word else None
    if rule.least is None:
        return None
    number = in_units(text, "MB" if name == "wal_keep_size" else "")
    if number is None or number < rule.least:
        return None
    return text if name == "wal_keep_size" else str(number)


def in_units(text: str, unit: str) -> int | None:
    """A whole number; a size in ``unit``, where there is one."""
    from pgfpmlint.catalog.guc import canonical
    from pgfpmlint.catalog.postgresql import Setting
    from pgfpmlint.catalog.version import newest

    setting = Setting("number", "integer", "sighup", None, unit, "-2147483648", "2147483647")
    answer = canonical(setting, text, newest("postgresql"), "number")
    if not isinstance(answer, str) and text.isdecimal():
        return int(text)  # Patroni knows no end of numbers; PostgreSQL refuses such a one
    return int(answer) if isinstance(answer, str) else None
