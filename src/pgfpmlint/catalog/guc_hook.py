"""Numbers that PostgreSQL checks or corrects beyond their range, in the check hooks of single parameters."""

from __future__ import annotations

from pgfpmlint.catalog.refusal import OUT_OF_RANGE, Refusal
from pgfpmlint.catalog.version import ServerVersion

_SLRU_PAGES = frozenset(
    {
        "commit_timestamp_buffers", "multixact_member_buffers", "multixact_offset_buffers", "notify_buffers",
        "serializable_buffers", "subtransaction_buffers", "transaction_buffers",
    }
)  # fmt: skip


def hooked(name: str, value: int, version: ServerVersion) -> str | Refusal:
    """The value that the server goes on with, for one that lies in its range; or its refusal."""
    if name == "wal_buffers" and 0 <= value < 4:
        return "4"
    if name == "autovacuum_work_mem" and value >= 0:
        return str(max(value, 64 if version.at_least(17) else 1024))
    if name == "io_max_concurrency" and value == 0:
        says = f'invalid value for parameter "{name}": 0'
        return Refusal(OUT_OF_RANGE, says, "Only -1 or values bigger than 0 are valid.")
    if name in _SLRU_PAGES and value % 16:
        says = f'invalid value for parameter "{name}": {value}'
        return Refusal(OUT_OF_RANGE, says, f'"{name}" must be a multiple of 16.')
    if name == "vacuum_buffer_usage_limit" and 0 < value < 128:
        says = f'invalid value for parameter "{name}": {value}'
        return Refusal(OUT_OF_RANGE, says, '"vacuum_buffer_usage_limit" must be 0 or between 128 kB and 16777216 kB.')
    return str(value)
