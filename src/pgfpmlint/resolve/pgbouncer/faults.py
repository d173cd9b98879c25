"""What is wrong with the value of a parameter: why PgBouncer refuses it, or takes it for something else than it looks.

One rule speaks for one defect: a comment behind a value is a comment, whatever else it spoils.
"""

from __future__ import annotations

from pgfpmlint.catalog.pgbouncer import Parameter
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, UNSAFE, Edit, Fix, line_above, written
from pgfpmlint.resolve.pgbouncer.objections import Objections, masked
from pgfpmlint.resolve.pgbouncer.value import SPACE, default, shown, words
from pgfpmlint.source.text import Place

_TRUE = frozenset(("on", "true", "yes", "y", "t", "enable", "enabled"))
_FALSE = frozenset(("off", "false", "no", "n", "f", "disable", "disabled"))

# Microseconds, and bytes. A lone m is taken for minutes, as in PostgreSQL's own "min" and everybody's shell.
_TIMES = {"us": 1, "ms": 10**3, "s": 10**6, "sec": 10**6, "m": 60 * 10**6, "min": 60 * 10**6, "h": 3600 * 10**6}
_TIMES |= {"second": 10**6, "minute": 60 * 10**6, "hour": 3600 * 10**6, "d": 86400 * 10**6, "day": 86400 * 10**6}
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIZES = {"b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}

# Texts in which a ; or # may well be meant: SQL, LDAP options, messages for people. Lists of startup parameters are
# read word by word, so that a comment in one changes nothing.
_FREE_TEXT = frozenset(("auth_query", "server_check_query", "server_reset_query", "ignore_startup_parameters"))
_FREE_TEXT |= {"login_notify_message", "auth_ldap_options"}

JUDGED_AT_START = frozenset(("listen_addr", "unix_socket_dir", "client_tls_protocols", "server_tls_protocols"))
"""Strings that PgBouncer looks into, but only once all files are read; see start.py."""


def refused(objections: Objections, parameter: Parameter, text: str, place: Place, line: Place) -> None:
    """Report a value that PgBouncer refuses; ``line`` is the whole assignment, for when there is no value."""
    name, known = parameter.name, words(parameter, objections.version)
    says = f'invalid value "{masked(text)}" for parameter {name} in configuration'
    values: dict[str, object] = {"name": name, "value": masked(text)}
    sign = comment_sign(text)
    if sign is not None:
        at = Place(place.source, place.start + sign, place.end)
        values["value"] = f'"{masked(text)}"'
        values["suggestion"] = without_comment(name, masked(text), sign, empty=parameter.type == "string")
        takes = shown(parameter, text[:sign].rstrip(SPACE), objections.version) is not None
        above = comment_above(place, text, sign) if takes else None
        objections.add("pooler/comment-in-value", at, says, values, fix=above)
    elif parameter.type == "bool01" and text.lower() in _TRUE | _FALSE:
        meant = str(int(text.lower() in _TRUE))
        values["suggestion"] = f"write {name} = {meant}"
        objections.add("pooler/boolean-word", place, says, values, fix=written(place, meant))
    elif parameter.type != "enum" and (unit := _unit(text)):
        number = _converted(text, unit, parameter)
        base = {"s": "a number of seconds", "ms": "a number of milliseconds", "bytes": "a number of bytes"}
        values |= {"expected": base.get(parameter.unit, "a plain number")}
        values |= {
            "suggestion": f"write {name} = {number}" if number else f"write the number for {name} without a unit"
        }
        fix = written(place, number) if number else None
        objections.add("pooler/unit-in-value", place, says, values, fix=fix)
    else:
        values |= {"expected": _expected(parameter, known), "value": masked(text) or "an empty value"}
        better = _meant(parameter, text, known, objections.version)
        values["suggestion"] = f"write {name} = {better}" if better else usual(name, objections.version)
        fix = written(place, better) if better else None
        objections.add("pooler/invalid-value", place if text else line, says, values, fix=fix)


def doubtful(objections: Objections, parameter: Parameter, text: str, place: Place) -> None:
    """Report a value that PgBouncer takes, though not as it is meant."""
    name = parameter.name
    values: dict[str, object] = {"name": name, "value": masked(text)}
    if parameter.type == "string" and name not in JUDGED_AT_START:
        sign = None if name in _FREE_TEXT else comment_sign(text, sure=True)
        if sign is not None:
            at = Place(place.source, place.start + sign, place.end)
            values["value"] = f'"{masked(text)}"'
            values["suggestion"] = without_comment(name, masked(text), sign, empty=True)
            above = comment_above(place, text, sign, UNSAFE)
            objections.add("pooler/comment-in-value", at, "", values, refuses=False, fix=above)
        elif is_quoted(text) and name not in ("login_notify_message", "auth_ldap_options"):
            values["suggestion"] = f"write {name} = {masked(text[1:-1])}"
            fix = written(place, text[1:-1])
            objections.add("pooler/quoted-value", place, "", values, refuses=False, fix=fix)
    elif name == "unix_socket_mode" and _looks_octal(text):
        values |= {"mode": f"0{int(text):o}", "suggestion": f"write {name} = 0{text}"}
        fix = written(place, f"0{text}")
        objections.add("pooler/socket-mode-decimal", place, "", values, refuses=False, fix=fix)


def comment_above(place: Place, text: str, sign: int, safety: str = SAFE) -> Fix:
    """The comment that begins at ``sign`` of the value at ``place`` on a line of its own."""
    end = place.start + len(text[:sign].rstrip(SPACE))
    behind = Edit(Place(place.source, end, place.end), "")
    return Fix(safety, (line_above(place, text[sign:]), behind))


def comment_sign(text: str, *, sure: bool = False) -> int | None:
    """Where what looks like a comment begins in ``text``: at the first ``;`` or ``#``. ``sure``: at the first with a
    blank or nothing before it, and a blank, a letter or nothing behind it."""
    for at, sign in enumerate(text):
        if sign in ";#":
            after = text[at + 1 : at + 2]
            if not sure or ((at == 0 or text[at - 1] in SPACE) and (not after or after in SPACE or after.isalpha())):
                return at
    return None


def without_comment(name: str, text: str, sign: int, *, empty: bool) -> str:
    """What to do about a value whose comment begins at ``sign``; ``empty``: whether the parameter may be empty."""
    value = text[:sign].rstrip(SPACE)
    advice = f"write {name} = {value}".rstrip() if value or empty else f"remove {name}"
    return f"{advice}, and the comment on a line of its own"


def usual(name: str, version: ServerVersion) -> str:
    """What to do about a value of which nobody knows what was meant."""
    found = default(name, version)
    if not found:
        return f"write what is meant for {name}, or remove the line"
    return f"write {name} = {found}, the default, or what is meant"


def is_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] in "'\"" and text[0] == text[-1]


def _expected(parameter: Parameter, known: tuple[str, ...]) -> str:
    if parameter.type == "enum":
        return f"{', '.join(known[:-1])} or {known[-1]}"
    if parameter.type == "seconds":
        return "a number of seconds, not negative"
    return "0 or 1" if parameter.type == "bool01" else "a whole number"


def _meant(parameter: Parameter, text: str, known: tuple[str, ...], version: ServerVersion) -> str:
    """What was probably meant by an invalid value; empty where nobody knows."""
    if is_quoted(text) and shown(parameter, text[1:-1], version) is not None:
        return text[1:-1]
    if parameter.type == "enum":
        from pgfpmlint.catalog.nearest import nearest

        return nearest(text, known) or ""
    return ""


def _unit(text: str) -> str:
    """The letters behind a number, in lower case; empty where that is not what ``text`` is."""
    body = text[1:] if text[:1] in ("+", "-") else text
    digits = body.rstrip(_LETTERS)
    unit = body[len(digits) :].lower()
    plain = digits.rstrip(SPACE).replace(".", "", 1)
    singular = unit.removesuffix("s") if len(unit) > 3 else unit
    known = singular in _TIMES or unit in _SIZES
    return singular if known and plain.isascii() and plain.isdigit() else ""


def _converted(text: str, unit: str, parameter: Parameter) -> str:
    """The number in the parameter's own unit; empty where the two don't measure the same thing."""
    number = float(text.rstrip(_LETTERS))
    if not 0 <= number < 1e12:
        return ""
    if parameter.unit == "bytes" and unit in _SIZES:
        return f"{number * _SIZES[unit]:.0f}"
    if parameter.unit in ("s", "ms") and unit in _TIMES:
        factor = 10**6 if parameter.unit == "s" else 10**3
        converted = f"{number * _TIMES[unit] / factor:g}"
        return converted if parameter.type == "seconds" or converted.isdigit() else ""
    return ""


def _looks_octal(text: str) -> bool:
    """Three octal digits without the leading 0, and not a decimal number that happens to be a sensible mode
    (511 is 0777)."""
    if len(text) != 3 or not all(digit in "01234567" for digit in text) or text[0] == "0":
        return False
    return not set(f"{int(text):o}") <= set("0467")
