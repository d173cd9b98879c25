"""Time zones: what PostgreSQL takes for one when it starts, as far as that hangs on no file of its own.

A zone is a place of the IANA database (https://www.iana.org/time-zones), else a POSIX specification such as EST5EDT,
which the server reads more freely than POSIX does.
https://www.postgresql.org/docs/current/datetime-posix-timezone-specs.html
"""

from __future__ import annotations

# The names of the IANA database that stand in no folder, and its folders. Which places a folder holds changes over the
# years and is not looked at here. Not "right", whose leap seconds the server refuses.
ALONE = frozenset((
    "cet", "cst6cdt", "cuba", "eet", "egypt", "eire", "est", "est5edt", "factory", "gb", "gb-eire", "gmt", "gmt+0",
    "gmt-0", "gmt0", "greenwich", "hongkong", "hst", "iceland", "iran", "israel", "jamaica", "japan", "kwajalein",
    "libya", "localtime", "met", "mst", "mst7mdt", "navajo", "nz", "nz-chat", "poland", "portugal", "posixrules",
    "prc", "pst8pdt", "roc", "rok", "singapore", "turkey", "uct", "universal", "utc", "w-su", "wet", "zulu",
))  # fmt: skip
AREAS = frozenset((
    "africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "brazil", "canada", "chile", "etc",
    "europe", "indian", "mexico", "pacific", "posix", "systemv", "us",
))  # fmt: skip
FARTHEST = 168
"""Hours from UTC that a zone must stay below."""
LONGEST = 255
"""Bytes of a name (TZ_STRLEN_MAX)."""


def is_zone(text: str) -> bool:
    """False for what certainly is no time zone; true for what is one if its place exists. May raise `LeapSeconds`."""
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST:
        return False
    if text.lower().removeprefix(":") in ALONE or is_place(text):
        return True
    if text.startswith(":"):
        return False
    try:
        return _is_posix(text)
    except _Bad:
        return False


class LeapSeconds(Exception):
    """A zone that is no whole number of minutes away, which PostgreSQL takes for a sign of leap seconds."""


def is_place(text: str) -> bool:
    """Whether ``text`` names something in one of the database's folders; most of them hold no numbers."""
    area, _, place = text.lower().removeprefix(":").partition("/")
    numbered = area in ("etc", "posix", "systemv") or not any(sign.isdigit() for sign in place)
    return area in AREAS and bool(place) and numbered and "." not in place


_NUMBER_STARTS = frozenset("0123456789+-.iInN \t\n\v\f\r")


def is_session_zone(text: str) -> bool:
    """What the parameter TimeZone takes: a number of hours and an interval as well."""
    from pgfpmlint.catalog.guc_number import fraction

    if text[:8].lower() == "interval":
        return _is_interval(text[8:].lstrip(" \t\n\v\f\r"))
    hours = fraction(text) if text[:1] in _NUMBER_STARTS else None
    if hours is not None and not hours[1]:
        return abs(hours[0]) < FARTHEST
    return is_zone(text)


def _is_interval(text: str) -> bool:
    """``'…'`` with hours, minutes and seconds; days and months have no place in a zone."""
    import re

    body = text[1:-1].strip().lower()
    if len(text) < 2 or text[0] + text[-1] != "''" or "'" in body or not any(sign.isdigit() for sign in body):
        return False
    plain = re.fullmatch(r"[-+]?([0-9]+)\s*(h|hr|hrs|hour|hours)?", body)
    if plain:
        return int(plain[1]) < (FARTHEST if plain[2] else FARTHEST * 3600)
    words = re.findall(r"[a-z]+", body)
    return not any(word.startswith(_LONG_UNITS) for word in words)


# Units of an interval that are no part of a day's clock.
_LONG_UNITS = ("d", "w", "mon", "y", "cent", "c", "mil")


class _Bad(Exception):
    """What no POSIX specification holds."""


def _is_posix(text: str) -> bool:
    """``STD offset [DST [offset] [,start,end]]``. The name of the standard time may be empty."""
    at = _name(text, 0)
    at, offset = _offset(text, at)
    if at < len(text):
        if text.startswith("<>", at) or (end := _name(text, at)) == at:
            return False
        at = end
        if at < len(text) and text[at] not in ",;":
            at, _ = _offset(text, at)
        if at < len(text):
            at = _rule(text, at, ",;")
            at = _rule(text, at, ",")
    if at == len(text) and offset % 60:
        raise LeapSeconds
    return at == len(text)


def _name(text: str, at: int) -> int:
    if text.startswith("<", at):
        end = text.find(">", at)
        if end < 0:
            raise _Bad
        return end + 1
    while at < len(text) and text[at] not in "0123456789,+-":
        at += 1
    return at


def _offset(text: str, at: int) -> tuple[int, int]:
    """Where hours, minutes and seconds end, and how many seconds they are."""
    at += text[at : at + 1] in ("+", "-")
    at, total = _number(text, at, 0, FARTHEST - 1)
    total *= 3600
    for unit, most in ((60, 59), (1, 60)):
        if not text.startswith(":", at):
            break
        at, part = _number(text, at + 1, 0, most)
        total += part * unit
    return at, total


def _rule(text: str, at: int, signs: str) -> int:
    """A day of the year behind one of the signs, with the time of the change."""
    if at >= len(text) or text[at] not in signs:
        raise _Bad
    at += 1
    kind = text[at : at + 1].upper()
    if kind == "M":
        at, _ = _number(text, at + 1, 1, 12)
        for least, most in ((1, 5), (0, 6)):
            if not text.startswith(".", at):
                raise _Bad
            at, _ = _number(text, at + 1, least, most)
    else:
        at, _ = _number(text, at + (kind == "J"), int(kind == "J"), 365)
    return _offset(text, at + 1)[0] if text.startswith("/", at) else at


def _number(text: str, at: int, least: int, most: int) -> tuple[int, int]:
    end = at
    while end < len(text) and text[end] in "0123456789":
        end += 1
    if end == at or not least <= int(text[at:end][:300]) <= most:
        raise _Bad
    return end, int(text[at:end])
