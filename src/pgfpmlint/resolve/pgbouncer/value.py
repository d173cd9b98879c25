"""How PgBouncer turns the text of a value into a number, a time or a word, and how SHOW CONFIG shows it again.

Its numbers are C's: strtol() with base 0, whose result is cut to 32 bits without a check; see
https://github.com/libusual/libusual/blob/master/usual/cfparser.c (cf_set_int, cf_set_time_usec, cf_set_lookup).
"""

from __future__ import annotations

from pgfpmlint.catalog.pgbouncer import Parameter, load
from pgfpmlint.catalog.version import ServerVersion

SPACE = " \t\n\v\f\r"
_LONG = 1 << 63


def default(name: str, version: ServerVersion) -> str | None:
    """What SHOW CONFIG shows for a parameter that nothing sets; None where the version has no such parameter."""
    parameter = load().parameters.get(name)
    if parameter is None or not parameter.known_to(version):
        return None
    return shown(parameter, parameter.default(version), version)


def words(parameter: Parameter, version: ServerVersion) -> tuple[str, ...]:
    """The words that the version takes for an enum."""
    return tuple(word for word, since in parameter.words if version.assumed or version.at_least(*since))


def shown(parameter: Parameter, text: str, version: ServerVersion) -> str | None:
    """What SHOW CONFIG shows for a parameter set to ``text``; None where PgBouncer refuses it."""
    if parameter.type == "string":
        return text
    if parameter.type == "enum":
        return word(text, words(parameter, version))
    if parameter.type == "seconds":
        return seconds(text)
    number = _whole(text, binary=_reads_binary(version))
    if number is None:
        return None
    return str(_unsigned(number) if parameter.type == "uint" else _signed(max(-_LONG, min(_LONG - 1, number))))


def _reads_binary(version: ServerVersion) -> bool:
    """Since 2.38 the strtol() of glibc takes ``0b11`` for 3, as C23 wants it
    (https://sourceware.org/glibc/wiki/Release/2.38); Debian's 1.24 and the 1.26 that was measured were built with it.
    """
    return version.at_least(1, 26) or (version.at_least(1, 24) and version.build == "Debian")


def _unsigned(number: int) -> int:
    """For the unsigned parameter a minus sign wraps, and what is too large for 64 bits is all ones."""
    return (number if abs(number) < 2 * _LONG else -1) & 0xFFFFFFFF


def seconds(text: str) -> str | None:
    """A time as C's ``%g`` writes it: no suffix, not negative, held in whole microseconds."""
    found = microseconds(text)
    return None if found is None else f"{found / 1e6:g}"


def microseconds(text: str) -> int | None:
    """A time. What is no number, or too large for 64 bits, becomes what the processor (x86-64) makes of it."""
    number = _double(text)
    if number is None or number < 0:
        return None
    if number != number:
        return _LONG
    return 0 if number * 1e6 >= 2 * _LONG else int(number * 1e6)


def whole_seconds(found: int) -> int:
    """Microseconds as SHOW DATABASES shows them: a minus sign has wrapped, and what has no room in a C int is cut."""
    return _signed((found & (2 * _LONG - 1)) // 10**6)


def leading(text: str) -> tuple[int, str]:
    """What C's atoi() makes of a connection string's number, and the text that it leaves unread."""
    body = text.lstrip(SPACE)
    sign = 1 if body[:1] in ("+", "-") else 0
    end = sign
    while end < len(body) and body[end] in "0123456789":
        end += 1
    if end == sign:
        return 0, text
    number = int(body[sign:end].lstrip("0")[:40] or "0") * (-1 if body[0] == "-" else 1)
    return _signed(max(-_LONG, min(_LONG - 1, number))), body[end:]


def peer_id(text: str) -> int | None:
    """The number that names a peer: 1 to 65535 in decimal."""
    number, rest = leading(text)
    return number if not rest and 1 <= number <= 0xFFFF and len(text.lstrip(SPACE + "+0")) <= 5 else None


def _whole(text: str, *, binary: bool) -> int | None:
    """A whole number in C's base 0, over the whole text."""
    body = text.lstrip(SPACE)
    sign = -1 if body[:1] == "-" else 1
    digits = body[1:] if body[:1] in ("+", "-") else body
    base = 10
    if digits[:2] in ("0x", "0X"):
        digits, base = digits[2:], 16
    elif binary and digits[:2] in ("0b", "0B"):
        digits, base = digits[2:], 2
    elif digits[:1] == "0" and len(digits) > 1:
        digits, base = digits[1:], 8
    alphabet = "0123456789abcdef"[:base]
    if not digits or not all(digit in alphabet for digit in digits.lower()):
        return None
    # Python refuses to read thousands of digits; beyond 64 bits only their being too many counts.
    return sign * int(digits.lstrip("0")[:40] or "0", base)


def _double(text: str) -> float | None:
    """C's strtod() over the whole text: also ``0x10``, ``inf`` and ``nan``; what over- or underflows is refused."""
    body = text.lstrip(SPACE)
    plain = body.lstrip("+-").lower() if body[:1] in ("+", "-") else body.lower()
    if len(body) - len(plain) > 1 or not plain or "_" in plain or not plain.isascii():
        return None
    try:
        number = float.fromhex(body) if plain.startswith("0x") else float(body)
    except (ValueError, OverflowError):
        return float("nan") if plain.startswith("nan(") and plain.endswith(")") else None
    if body != body.rstrip(SPACE):
        return None
    overflows = number in (float("inf"), float("-inf")) and not plain.startswith("inf")
    mantissa = plain.removeprefix("0x").partition("p" if plain.startswith("0x") else "e")[0]
    underflows = abs(number) < 2.2250738585072014e-308 and mantissa.strip("0.") != ""
    return None if overflows or underflows else number


def word(text: str, known: tuple[str, ...]) -> str | None:
    """The one of ``known`` that ``text`` is, in any case."""
    # strcasecmp() folds ASCII only; Python would take "ſession" for a session.
    lower = text.lower() if text.isascii() else text
    return lower if lower in known else None


def _signed(number: int) -> int:
    """The low 32 bits as a C int."""
    low = number & 0xFFFFFFFF
    return low - (1 << 32) if low >= 1 << 31 else low
