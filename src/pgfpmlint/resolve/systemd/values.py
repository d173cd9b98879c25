"""Values in units of systemd, as systemd 252 takes or passes over them.

None is what it passes over: the value before stays in force. Infinity, and shares of what the machine has, are values
without a number.
"""

from __future__ import annotations

from collections.abc import Callable

_SIZES = {"K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_TRUE, _FALSE = ("1", "yes", "y", "true", "t", "on"), ("0", "no", "n", "false", "f", "off")


def open_files(text: str) -> str | None:
    """LimitNOFILE: ``1024`` or ``soft:hard``; what counts is the soft one, which neither PgBouncer nor PHP-FPM raises
    (https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Process%20Properties)."""
    soft, colon, hard = text.partition(":")
    first, second = _number(soft), _number(hard if colon else soft)
    if first is None or second is None:
        return None
    if second != "infinity" and (first == "infinity" or int(first) > int(second)):
        return None
    return first


def tasks(text: str) -> str | None:
    """TasksMax: a number above 0, ``infinity`` or a share of what the system has."""
    if text.endswith("%"):
        return text if _share(text) else None
    number = _number(text)
    return None if number == "0" else number


def memory(text: str) -> str | None:
    """MemoryMax and MemoryHigh in bytes: the units are K, M, G and T of 1024; ``1GB`` is refused."""
    if text.endswith("%"):
        return text if _share(text) else None
    if text == "infinity":
        return text
    size = _SIZES.get(text[-1:], 1)
    digits = text[:-1].rstrip(" \t") if size > 1 else text
    whole, _, part = digits.partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()):
        return None
    total = int(whole) * size + (int(part) * size // 10 ** len(part) if part else 0)
    return str(total) if total else None


def truth(text: str) -> str | None:
    """``yes`` or ``no``, however it is said."""
    word = text.lower()
    return "yes" if word in _TRUE else "no" if word in _FALSE else None


def signal(text: str) -> str:
    """``SIGTERM``, however it is said."""
    return {"15": "SIGTERM", "TERM": "SIGTERM"}.get(text, text)


READ: dict[str, Callable[[str], str | None]] = {
    "LimitNOFILE": open_files,
    "TasksMax": tasks,
    "MemoryMax": memory,
    "MemoryHigh": memory,
    "PrivateTmp": truth,
    "KillSignal": signal,
    "ExecStop": str,
    "TimeoutStopSec": str,
}
"""What is read of a unit's [Service]."""


def _number(text: str) -> str | None:
    if text == "infinity":
        return text
    if text.startswith("0x"):
        try:
            return str(int(text, 16))
        except ValueError:
            return None
    return text if text.isdecimal() and (text == "0" or text[0] != "0") else None


def _share(text: str) -> bool:
    whole, _, part = text[:-1].partition(".")
    return whole.isdecimal() and (not part or (part.isdecimal() and len(part) <= 2)) and float(text[:-1]) <= 100
