"""Recovery targets: what PostgreSQL takes for a moment, a timeline and a transaction when it starts.

https://www.postgresql.org/docs/current/runtime-config-wal.html#RUNTIME-CONFIG-WAL-RECOVERY-TARGET
"""

from __future__ import annotations

from pgfpmlint.catalog.guc_zone import LeapSeconds, is_zone
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MOMENTS = frozenset((
    "now", "today", "tomorrow", "yesterday", "epoch", "infinity", "-infinity",
))  # fmt: skip


def is_past(text: str) -> bool:
    """Whether ``text`` may be a moment in recovery_target_time: not one that moves on, like ``now``, and in ISO 8601
    one that there is. Abbreviations of time zones are not known yet when it is read, ``Z`` included."""
    text = text.strip()
    if text.lower() in MOMENTS:
        return False
    if not any(sign.isdigit() for sign in text):
        return False
    parts = list(_parts(text))
    if len(parts) < 3 or not all(part.isdigit() for part in parts[:3]) or not text[:4].isdigit() or text[4:5] != "-":
        return ":" not in text.partition(" ")[0]  # another form, or an hour of no day
    year, month, day = map(int, parts[:3])
    if not (year and 1 <= month <= 12 and 1 <= day <= MONTHS[month - 1]):
        return False
    if month == 2 and day == 29 and (year % 4 or (year % 100 == 0 and year % 400)):
        return False
    return _is_time(text[text.index(parts[2], 7 if len(parts[1]) == 2 else 6) + len(parts[2]) :])


def _parts(text: str) -> Iterator[str]:
    """Year, month and day of ``2026-01-31 …``."""
    day = text.partition(" ")[0].partition("T")[0]
    yield from day.split("-")


def _is_time(text: str) -> bool:
    """``T10:00:00+02``, `` 10:00 Europe/Berlin`` or nothing."""
    clock = text.lstrip("T ")
    if not clock:
        return True
    end = next((at for at, sign in enumerate(clock) if sign not in "0123456789:."), len(clock))
    numbers, zone = clock[:end].rstrip(".").split(":"), clock[end:].strip()
    if numbers != [""]:
        if len(numbers) not in (2, 3) or not all(number.replace(".", "", 1).isdigit() for number in numbers):
            return len(numbers) > 3
        hour, minute, second = (*map(float, numbers), 0.0)[:3]
        if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
            return False
    return not zone or zone[0] in "+-" or zone.split()[0].lower() in ("ad", "bc", "am", "pm") or _is_zone(zone)


def _is_zone(text: str) -> bool:
    try:
        return is_zone(text)
    except LeapSeconds:
        return False


def timeline(text: str, version: ServerVersion) -> str | None:
    """What the server has against a recovery_target_timeline; None where it takes it."""
    if text in ("current", "latest"):
        return None
    if not version.at_least(19):
        number = _leading(text)
        return "recovery_target_timeline is not a valid number." if number is not None and number >= 1 << 64 else None
    number = _whole(text) if text else 0
    if number is None:
        return '"recovery_target_timeline" is not a valid number.'
    return None if 1 <= number < 1 << 32 else '"recovery_target_timeline" must be between 1 and 4294967295.'


def transaction(text: str, version: ServerVersion) -> str | None:
    """What the server has against a recovery_target_xid; None where it takes it."""
    if not text:
        return None
    if not version.at_least(19):
        number = _leading(text)
        return "" if number is not None and number >= 1 << 64 else None
    number = _whole(text)
    if number is None or number < 0:
        return '"recovery_target_xid" is not a valid number.'
    if number & 0xFFFFFFFF < 3:
        return '"recovery_target_xid" without epoch must be greater than or equal to 3.'
    return None


def _whole(text: str) -> int | None:
    """All of ``text`` as C's strtoul() with base 0 takes it."""
    number = _leading(text)
    digits = text.strip().lstrip("+-").lower()
    shown = digits.removeprefix("0x") if digits.startswith("0x") else digits
    known = "0123456789abcdef" if digits.startswith("0x") else "01234567" if digits.startswith("0") else "0123456789"
    return number if shown and all(sign in known for sign in shown) else None


def _leading(text: str) -> int | None:
    """The number that ``text`` begins with, as C's strtoul() with base 0 takes it."""
    body = text.lstrip(" \t\n\v\f\r")
    sign = -1 if body[:1] == "-" else 1
    body = body[body[:1] in ("+", "-") :].lower()
    base = 16 if body.startswith("0x") else 8 if body.startswith("0") else 10
    body = body.removeprefix("0x") if base == 16 else body
    end = 0
    while end < len(body) and body[end] in "0123456789abcdef"[:base]:
        end += 1
    return sign * int(body[:end][:40], base) if end else None
