"""Numbers with units, as PostgreSQL's guc.c reads them.

Whole numbers may be octal or hexadecimal, as for C's strtol; what has a point or an exponent is read as a fraction
and rounded, halves to even. A number with a unit is first rounded to a whole number of the next smaller unit, so
that 1.1GB is 1126MB.
"""

from __future__ import annotations

import re

from pgfpmlint.catalog.postgresql import Setting
from pgfpmlint.catalog.refusal import BAD_UNIT, NO_NUMBER, OUT_OF_RANGE, Refusal
from pgfpmlint.catalog.version import ServerVersion

_MEMORY = {"TB": 2.0**40, "GB": 2.0**30, "MB": 2.0**20, "kB": 2.0**10, "B": 1.0}
_TIME = {"d": 86_400_000.0, "h": 3_600_000.0, "min": 60_000.0, "s": 1000.0, "ms": 1.0, "us": 0.001}
_BASE = {"B": 1.0, "kB": 2.0**10, "8kB": 2.0**13, "MB": 2.0**20, "ms": 1.0, "s": 1000.0, "min": 60_000.0}

_HINTS = {
    True: 'Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".',
    False: 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".',
}
_SLIPS = {
    True: {"k": "kB", "kib": "kB", "m": "MB", "mib": "MB", "g": "GB", "gib": "GB", "t": "TB", "tib": "TB"},
    False: {
        "m": "min", "mins": "min", "minute": "min", "minutes": "min", "sec": "s", "secs": "s", "second": "s",
        "seconds": "s", "hr": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "msec": "ms", "usec": "us",
    },
}  # fmt: skip

_BLANKS = " \t\n\v\f\r"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


# What C's strtol (base 0) and strtod take from the beginning of a text. Most values are plain and need neither, so
# they are compiled when one does.
_WHOLE = r"[ \t-\r]*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)"
_FRACTION = (
    r"(?i)[ \t-\r]*([-+]?)(0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[-+]?[0-9]+)?"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?|inf(?:inity)?)"
)


def number(setting: Setting, text: str, version: ServerVersion, shown: str) -> str | Refusal:
    """The value in the parameter's base unit: decimal digits, or C's ``%g`` for a real one; or the refusal."""
    whole = setting.type == "integer"
    invalid = f'invalid value for parameter "{shown}": "{text}"'
    read = _whole(text) if whole else fraction(text)
    if read is None:
        return Refusal(NO_NUMBER, invalid)
    value, rest = read
    unit = rest.strip(_BLANKS)
    if unit:
        if not setting.unit:
            return Refusal(BAD_UNIT, invalid, "", text[: len(text) - len(rest)].strip(_BLANKS))
        converted = _converted(value, unit, setting.unit)
        if converted is None:
            memory = setting.unit.endswith("B")
            return Refusal(BAD_UNIT, invalid, _HINTS[memory], _respelt(text, rest, unit, memory))
        value = converted
    if not whole:
        return _within(setting, value, version, shown)
    if abs(value) > 2.0**40 or not -(2**31) <= round(value) <= 2**31 - 1:
        return Refusal(OUT_OF_RANGE, invalid, "Value exceeds integer range.")
    from pgfpmlint.catalog.guc_hook import hooked

    found = _within(setting, round(value), version, shown)
    return found if isinstance(found, Refusal) else hooked(setting.name, round(value), version)


def _whole(text: str) -> tuple[float, str] | None:
    """A number and what follows it, as for an integer parameter; None where no number starts the text."""
    plain = text.rstrip(_LETTERS)
    if _is_plain(plain) and plain[0] != "0" and text[len(plain) : len(plain) + 1] not in ("e", "E"):
        return float(plain), text[len(plain) :]
    found = re.match(_WHOLE, text)
    if found is None:
        # strtol stopped at once; only a point leads to a second try, as a fraction.
        return fraction(text) if text[:1] == "." else None
    rest = text[found.end() :]
    digits = found[2]
    if rest[:1] in (".", "e", "E") and rest:
        return fraction(text)
    base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
    if len(digits) > 25 or int(digits, base) >= 2**63:
        return fraction(text)  # too large for a long: the server tries it as a fraction, where 0 means no octal
    return float(int(found[1] + digits, base)), rest


def _is_plain(text: str) -> bool:
    """Whether it is nothing but a few digits."""
    return text.isdecimal() and text.isascii() and len(text) < 16


def fraction(text: str) -> tuple[float, str] | None:
    """A number and what follows it, as C's strtod takes it; None where no number starts the text."""
    plain = text.rstrip(_LETTERS)
    if _is_plain(plain.replace(".", "", 1)) and text[len(plain) : len(plain) + 1] not in ("x", "X"):
        return float(plain), text[len(plain) :]
    found = re.match(_FRACTION, text)
    if found is None:
        return None
    digits = found[2]
    try:
        value = float.fromhex(found[1] + digits) if digits[:2] in ("0x", "0X") else float(found[1] + digits)
    except OverflowError:
        return None
    if abs(value) == float("inf") and digits[0] not in "iI":
        return None  # too large for a double: strtod's ERANGE
    return value, text[found.end() :]


def _converted(value: float, unit: str, base: str) -> float | None:
    """``value`` of ``unit`` in the base unit; None where the base unit's family has no such unit."""
    table = _MEMORY if base.endswith("B") else _TIME
    if unit not in table:
        return None
    units = list(table)
    value *= table[unit] / _BASE[base]
    smaller = units[units.index(unit) + 1 :][:1]
    if smaller and abs(value) != float("inf"):
        step = table[smaller[0]] / _BASE[base]
        value = round(value / step) * step
    return value


def _within(setting: Setting, value: float, version: ServerVersion, shown: str) -> str | Refusal:
    shape = "%d" if setting.type == "integer" else "%g"
    if float(setting.low) <= value <= float(setting.high):
        return shape % value
    unit = f" {setting.unit}" if setting.unit else ""
    edge = unit if version.at_least(17) else ""
    says = (
        f'{_printed(shape, value)}{unit} is outside the valid range for parameter "{shown}" '
        f"({setting.low}{edge} .. {setting.high}{edge})"
    )
    return Refusal(OUT_OF_RANGE, says)


def _printed(shape: str, value: float) -> str:
    if abs(value) == float("inf"):
        return "Infinity" if value > 0 else "-Infinity"
    return shape % value


def _respelt(text: str, rest: str, unit: str, memory: bool) -> str:
    """The text with the unit that was probably meant, or ``""``."""
    table = _MEMORY if memory else _TIME
    guess = _SLIPS[memory].get(unit.lower())
    for known in table:
        if known.lower() == unit.lower():
            guess = known
    return text[: len(text) - len(rest)].strip(_BLANKS) + guess if guess else ""
