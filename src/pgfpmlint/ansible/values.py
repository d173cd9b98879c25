"""Values of variables that know where they are written, and those that nobody can know from files.

Ansible reads YAML 1.1 (https://yaml.org/type/), in which ``on`` is true and ``010`` is eight; ruamel.yaml composes the
nodes, and what plain scalars mean is told here.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import StrictUndefined

from pgfpmlint.manifests.documents import MAPPING, SCALAR, documents
from pgfpmlint.source.text import Place, Source

TRUE = frozenset({"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
FALSE = frozenset({"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
NULL = frozenset({"", "~", "null", "Null", "NULL"})

_INT = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*(?::[0-5]?[0-9])*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)")

SEALED = "$ANSIBLE_VAULT;"


class Doubt(Exception):
    """Something needs a value that nobody knows."""


class Unknown:
    """A value that files don't tell. ``defined``: it has one for certain. Whoever uses it raises Doubt."""

    __slots__ = ("defined",)

    def __init__(self, *, defined: bool = False) -> None:
        self.defined = defined

    def _doubt(self, *_: object) -> Any:
        raise Doubt

    __str__ = __repr__ = __bool__ = __iter__ = __len__ = __contains__ = __eq__ = __ne__ = __hash__ = _doubt
    __lt__ = __le__ = __gt__ = __ge__ = __int__ = __float__ = __index__ = __format__ = __getitem__ = _doubt
    __html__ = __call__ = __add__ = __radd__ = __mod__ = __rmod__ = __mul__ = __rmul__ = _doubt


class Missing(StrictUndefined):
    """What no file defines, in a place where all that may define it is known."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise Doubt


UNKNOWN = Unknown()
SET_SOMEHOW = Unknown(defined=True)
"""What a vault holds, or a lookup gives: there is a value."""


class Written:
    """What scalars, lists and mappings of a file have beside their value: where they are written."""

    place: Place


class Text(Written, str):
    """``literal``: Ansible takes no placeholder in it for one (``!unsafe``)."""

    literal = False


class Whole(Written, int):
    """An integer."""


class Fraction(Written, float):
    """A floating-point number."""


class Truth(Written, int):
    """``true`` or ``false`` with a place, which a bool can't have."""

    def __str__(self) -> str:
        return "True" if self else "False"

    __repr__ = __str__


class Items(Written, list[Any]):
    """A sequence."""


class Fields(Written, dict[str, Any]):
    """A mapping; ``keys_at`` are the places of its keys."""

    keys_at: dict[str, Place]


def load(source: Source) -> Any:
    """What the first document of a file holds; None of an empty one, UNKNOWN where it can't be read."""
    if source.text.startswith(SEALED):
        return UNKNOWN
    nodes = documents(source)
    if nodes:
        return value_of(source, nodes[0], {})
    return None if not source.text.strip("-. \t\r\n") or _only_comments(source.text) else UNKNOWN


def _only_comments(text: str) -> bool:
    return all(not line.strip() or line.lstrip()[0] == "#" or line.startswith("---") for line in text.splitlines())


def value_of(source: Source, node: Any, known: dict[int, Any]) -> Any:
    """The value of a node; of one that stands in several places (an alias) the same each time."""
    if id(node) in known:
        return known[id(node)]
    if node.id == SCALAR:
        known[id(node)] = found = _scalar(source, node)
        return found
    place = Place(source, node.start_mark.index, node.end_mark.index)
    if node.id == MAPPING:
        fields = known[id(node)] = Fields()
        fields.place, fields.keys_at = place, {}
        for key, value in node.value:
            if key.id != SCALAR:
                continue
            if key.value == "<<" and not key.style:
                _merge(fields, value_of(source, value, known))
                continue
            name = _key(_scalar(source, key))
            fields[name] = value_of(source, value, known)
            fields.keys_at[name] = Place(source, key.start_mark.index, key.end_mark.index)
        return fields
    items = known[id(node)] = Items()
    items.place = place
    items += [value_of(source, one, known) for one in node.value]
    return items


def _merge(fields: Fields, merged: Any) -> None:
    for one in merged if isinstance(merged, Items) else [merged]:
        if isinstance(one, Fields):
            for name, value in one.items():
                if name not in fields:
                    fields[name] = value
                    fields.keys_at[name] = one.keys_at.get(name, one.place)


def _key(value: Any) -> Any:
    if isinstance(value, Written):
        return str.__str__(value) if isinstance(value, str) else plain(value)
    return value


def _scalar(source: Source, node: Any) -> Any:
    start, end = node.start_mark.index, node.end_mark.index
    tag = str(node.tag or "")
    if tag == "!vault" or tag.startswith("!vault-") or str(node.value).startswith(SEALED):
        return SET_SOMEHOW
    if node.style in ("'", '"'):
        start, end = start + 1, end - 1
    elif node.style in ("|", ">"):
        end = start + len(source.text[start:end].rstrip())
    text = node.value
    value: Any = Text(text)
    if not node.style and source.text[start : start + 1] != "!":
        value = plain_scalar(text)
    if tag == "!unsafe":
        value.literal = True
    if isinstance(value, Written):
        value.place = Place(source, start, end)
    return value


def plain_scalar(text: str) -> Any:
    """What a scalar without quotes means, by YAML 1.1."""
    if text in NULL:
        return None
    if text in TRUE or text in FALSE:
        return Truth(text in TRUE)
    if text[0] in "+-.0123456789":
        if _INT.fullmatch(text):
            return Whole(_integer(text.replace("_", "")))
        if _FLOAT.fullmatch(text) and text.strip("+-_.") != "":
            return Fraction(text.replace("_", ""))
        if text.lstrip("+-") in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"):
            return Fraction(text.replace(".", "", 1))
    return Text(text)


def _integer(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-")
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    return sign * (int(digits, 8) if digits[0] == "0" and len(digits) > 1 else int(digits[:4000]))


def plain(value: Any) -> Any:
    """As templates see it: a Truth is true or false."""
    return bool(value) if isinstance(value, Truth) else value


def place_of(value: Any) -> Place | None:
    return getattr(value, "place", None) if isinstance(value, Written) else None
