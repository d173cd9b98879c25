"""What a real server answered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """``says`` holds its messages without times and process ids, the test's folder written ``<dir>``."""

    accepted: bool
    values: dict[str, Any]
    says: str


# PostgreSQL and PgBouncer: "2026-01-31 12:00:00.123 UTC [99] LOG:  …" (PgBouncer, before it has read its file,
# without the brackets); PHP-FPM: "[31-Jan-2026 12:00:00] ERROR: …"
_STAMP = re.compile(r"^(?:\d{4}-\d\d-\d\d [\d:.]+ \S+ \[?\d+\]? |\[[^\]]*\d\d:\d\d:\d\d\] )", re.MULTILINE)
_PID = re.compile(r"(?<=PID )\d+")


def messages(output: str, folder: Path) -> str:
    return _PID.sub("<n>", _STAMP.sub("", output)).replace(str(folder), "<dir>").strip()


def expected(error: str | None) -> list[str]:
    """The lines of a vector's error with both placeholders written alike."""
    return (error or "").replace("<datadir>", "<dir>").splitlines()
