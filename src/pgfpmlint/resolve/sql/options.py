"""Options of CREATE and ALTER statements as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.resolve.sql.assignments import unknown
from pgfpmlint.resolve.sql.facts import MD5, NONE, PLAIN, SCRAM
from pgfpmlint.resolve.sql.script import Step
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Fields

# What the server takes for a hash that was made elsewhere (get_password_type in its crypt.c): all else is a password.
_MD5 = re.compile(r"md5[0-9a-f]{32}")
_SCRAM = re.compile(r"SCRAM-SHA-256\$[1-9][0-9]*:[A-Za-z0-9+/]+={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=")


# What sed, envsubst and hand-made scripts put a password in the place of.
_TO_BE_FILLED_IN = re.compile(r"[A-Z]+(_[A-Z0-9]+)+|__\w+__|@\w+@|%\w+%|<[^>]*>|\$\{?\w+\}?|\{+[^}]*\}+")


def password_form(text: str) -> str:
    """In which form a password is given to the server; an empty one is none."""
    if not text:
        return NONE
    return MD5 if _MD5.fullmatch(text) else SCRAM if _SCRAM.fullmatch(text) else PLAIN


def password(step: Step, arg: Fields | None, place: Place) -> Effective:
    """The form alone; ``place`` is cut down to the word PASSWORD."""
    word = next((one for one in step.words() if one.start >= place.start and one.text.upper() == "PASSWORD"), place)
    if arg is None:
        return Effective("password", NONE, Written(word, word, ""))
    text = str(arg.get("String", {}).get("sval", ""))
    if step.is_filled(place) or _TO_BE_FILLED_IN.fullmatch(text):
        return unknown("password", "it is filled in later", word)
    return Effective("password", password_form(text), Written(word, word, ""))


def mark(arg: Fields | None) -> int | None:
    """What stands for a SCRAM secret where it is held against others, and tells nothing of it."""
    text = str((arg or {}).get("String", {}).get("sval", ""))
    return hash(text) if password_form(text) == SCRAM else None


def boolean(name: str, arg: Fields | None, place: Place) -> Effective:
    """LOGIN and NOLOGIN, ALLOW_CONNECTIONS true; words and numbers count as the server takes them."""
    value: object = True
    if arg is not None:
        ((kind, fields),) = arg.items()
        value = fields.get("boolval", False) if kind == "Boolean" else fields.get("ival", 0) or fields.get("sval", "")
    if isinstance(value, str):
        value = value.lower() in ("true", "on", "1", "yes")
    return Effective(name, "on" if value else "off", Written(place, place, place.text))


def constant(name: str, step: Step, element: Fields, place: Place) -> Effective:
    """A number or text."""
    arg = element.get("arg")
    if arg is None:  # CONNECTION LIMIT DEFAULT of a database
        return Effective(name, "-1", Written(place, place, place.text))
    if step.is_filled(place):
        return unknown(name, "psql fills it in", place)
    ((kind, fields),) = arg.items()
    value = fields.get("ival", 0) if kind == "Integer" else fields.get("sval", fields.get("fval"))
    return Effective(name, str(value), Written(place, place, str(value)))


def named_roles(step: Step, arg: object) -> Iterator[tuple[str, Place]]:
    """The roles of a list; CURRENT_USER and its like are nobody that can be known."""
    items = arg.get("List", {}).get("items", []) if isinstance(arg, dict) else arg if isinstance(arg, list) else []
    for item in items:
        spec = item.get("RoleSpec", {})
        if "rolename" in spec:
            start = step.at(spec.get("location", 0))
            yield spec["rolename"], step.from_to(start, start + 1)
