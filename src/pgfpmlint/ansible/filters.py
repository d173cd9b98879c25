"""Filters: Ansible's own that compute from their arguments alone, and stricter ones for some of Jinja's.

None looks anything up, draws a random number or asks for the time
(https://docs.ansible.com/ansible/latest/collections/ansible/builtin/index.html#filter-plugins). An argument that a
filter does not expect is a Doubt, as is every exception: the value is then unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from typing import Any

from jinja2 import Undefined

from pgfpmlint.ansible.language import LARGEST_LIST, LARGEST_TEXT, TooMuch
from pgfpmlint.ansible.values import Doubt, Missing, Truth, Unknown

SLOW = re.compile(r"\)[*+{?]|\\[0-9]|\(\?")
"""Of patterns: what may take a regular expression ages."""


def default(value: Any, fallback: Any = "", boolean: bool = False) -> Any:
    if isinstance(value, Unknown):
        if value.defined and not boolean:
            return value
        raise Doubt
    return fallback if isinstance(value, Undefined) or (boolean and not value) else value


def join(value: Iterable[Any], d: str = "", attribute: Any = None) -> str:
    if attribute is not None:
        value = [one[attribute] for one in value]
    words = [str(one) for one in value]
    if sum(map(len, words)) + len(d) * len(words) > LARGEST_TEXT:
        raise TooMuch
    return d.join(words)


def replace(value: Any, old: str, new: str, count: int | None = None) -> str:
    text, old, new = str(value), str(old), str(new)
    times = text.count(old)
    if len(text) + times * len(new) > LARGEST_TEXT:
        raise TooMuch
    return text.replace(old, new, -1 if count is None else count)


def indent(value: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    text = str(value)
    lead = width if isinstance(width, str) else " " * min(width, 1000)
    if len(text) + text.count("\n") * len(lead) > LARGEST_TEXT:
        raise TooMuch
    lines = text.split("\n")
    indented = [f"{lead}{line}" if line or blank else line for line in lines[1:]]
    return "\n".join([f"{lead}{lines[0]}" if first else lines[0], *indented])


def format_(value: Any, *args: Any) -> str:
    """``%s`` and ``%d`` with narrow widths."""
    text = str(value)
    if re.search(r"%[^%sdf]*(?:\*|\d{3,})", text):
        raise Doubt
    if sum(len(str(one)) for one in args) + len(text) > LARGEST_TEXT // 200:
        raise TooMuch
    return text % args


def bool_(value: Any) -> Any:
    """As Ansible's, whose newest versions mind what is none of its words."""
    if isinstance(value, (bool, Truth)) or value is None:
        return value if value is None else bool(value)
    word = value.lower() if isinstance(value, str) else value
    if word in ("yes", "on", "1", "true", "t", "y", 1):
        return True
    if word in ("no", "off", "0", "false", "f", "n", 0):
        return False
    raise Doubt


def round_(value: Any, precision: int = 0, method: str = "common") -> float:
    if method != "common" or abs(precision) > 20:
        raise Doubt
    return round(float(value), precision)


def ternary(value: Any, true_val: Any, false_val: Any, none_val: Any = None) -> Any:
    if value is None and none_val is not None:
        return none_val
    return true_val if bool(value) else false_val


def combine(*terms: Any, recursive: bool = False, list_merge: str = "replace") -> dict[str, Any]:
    if list_merge != "replace":
        raise Doubt
    mappings: list[Mapping[str, Any]] = []
    for one in terms:
        mappings += one if isinstance(one, list) else [one]
    made: dict[str, Any] = {}
    for mapping in mappings:
        if not isinstance(mapping, Mapping):
            raise Doubt
        made = _laid_over(made, mapping) if recursive else {**made, **mapping}
    return made


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(below)
    for key, value in above.items():
        old = made.get(key)
        made[key] = _laid_over(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return made


def dict2items(value: Mapping[str, Any], key_name: str = "key", value_name: str = "value") -> list[dict[str, Any]]:
    if not isinstance(value, Mapping):
        raise Doubt
    return [{key_name: key, value_name: one} for key, one in value.items()]


def items2dict(value: list[Any], key_name: str = "key", value_name: str = "value") -> dict[str, Any]:
    return {one[key_name]: one[value_name] for one in value}


def flatten(value: Any, levels: int | None = None, skip_nulls: bool = True) -> list[Any]:
    made: list[Any] = []
    for one in value:
        if skip_nulls and one in (None, "None", "null"):
            continue
        if isinstance(one, (list, tuple)) and (levels is None or levels > 0):
            made += flatten(one, None if levels is None else levels - 1, skip_nulls)
        else:
            made.append(one)
        if len(made) > LARGEST_LIST:
            raise TooMuch
    return made


def unique(value: Any, case_sensitive: Any = None, attribute: Any = None) -> list[Any]:
    if attribute is not None or case_sensitive is False:
        raise Doubt
    made: list[Any] = []
    for one in _few(value):
        if one not in made:
            made.append(one)
    return made


def union(one: Any, other: Any) -> list[Any]:
    return unique([*_few(one), *_few(other)])


def intersect(one: Any, other: Any) -> list[Any]:
    return [each for each in unique(one) if each in _few(other)]


def difference(one: Any, other: Any) -> list[Any]:
    return [each for each in unique(one) if each not in _few(other)]


def symmetric_difference(one: Any, other: Any) -> list[Any]:
    both = intersect(one, other)
    return [each for each in union(one, other) if each not in both]


def _few(value: Any) -> list[Any]:
    """Their comparison is quadratic."""
    found = list(value)
    if len(found) > 500:
        raise TooMuch
    return found


def zip_(first: Any, *others: Any) -> list[list[Any]]:
    return [list(one) for one in zip(first, *others)]


def zip_longest_(first: Any, *others: Any, fillvalue: Any = None) -> list[list[Any]]:
    return [list(one) for one in zip_longest(first, *others, fillvalue=fillvalue)]


def split(value: str, by: str | None = None, maxsplit: int = -1) -> list[str]:
    return value.split(by, maxsplit)


def regex_replace(value: Any = "", pattern: str = "", replacement: str = "", ignorecase: bool = False) -> str:
    if "\\" in replacement and not re.fullmatch(r"(?:[^\\]|\\[1-9])*", replacement):
        raise Doubt
    text = str(value)
    made = _pattern(pattern, text, ignorecase, groups=True).sub(replacement, text)
    if len(made) > LARGEST_TEXT:
        raise TooMuch
    return made


def regex_search(value: Any, pattern: str, *groups: str, ignorecase: bool = False, multiline: bool = False) -> Any:
    if groups or multiline:
        raise Doubt
    found = _pattern(pattern, str(value), ignorecase).search(str(value))
    return found.group() if found else ""


def regex_findall(value: Any, pattern: str, multiline: bool = False, ignorecase: bool = False) -> list[Any]:
    if multiline:
        raise Doubt
    return _pattern(pattern, str(value), ignorecase).findall(str(value))


def _pattern(pattern: str, text: str, ignorecase: bool, *, groups: bool = False) -> re.Pattern[str]:
    """Compiled, if it can't take long: two signs of repetition at most, none behind a group, and a short text."""
    repeated = sum(pattern.count(sign) for sign in "*+{")
    if len(text) > 2000 or len(pattern) > 500 or SLOW.search(pattern) or repeated > 2:
        raise Doubt
    return re.compile(pattern, re.IGNORECASE if ignorecase else 0)


def basename(path: str) -> str:
    return str(path).rpartition("/")[2]


def dirname(path: str) -> str:
    head = str(path).rpartition("/")[0]
    return head.rstrip("/") or ("/" if str(path).startswith("/") else "")


def quote(value: Any) -> str:
    import shlex

    return shlex.quote("" if value is None else str(value))


def to_json(value: Any) -> str:
    import json

    return json.dumps(_bare(value))


def to_nice_json(value: Any, indent: int = 4, sort_keys: bool = True) -> str:
    import json

    return json.dumps(_bare(value), indent=min(indent, 16), sort_keys=sort_keys, separators=(",", ": "))


def _bare(value: Any) -> Any:
    """Without places, as json knows it."""
    if isinstance(value, (Unknown, Missing)):
        raise Doubt
    if isinstance(value, Truth):
        return bool(value)
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bare(one) for one in value]
    return value


def comment(text: Any, style: str = "plain", decoration: str = "# ") -> str:
    if style != "plain":
        raise Doubt
    body = "\n".join(f"{decoration}{line}".rstrip() for line in str(text).split("\n"))
    edge = decoration.rstrip()
    return f"{edge}\n{body}\n{edge}"


def mandatory(value: Any, msg: Any = None) -> Any:
    if isinstance(value, (Undefined, Unknown)):
        raise Doubt
    return value


def center(value: Any, width: int = 80) -> str:
    return str(value).center(min(width, 1000))


def b64encode(value: Any) -> str:
    import base64

    return base64.b64encode(str(value).encode()).decode()


FILTERS: dict[str, Callable[..., Any]] = {
    "b64encode": b64encode, "basename": basename, "bool": bool_, "center": center, "combine": combine,
    "comment": comment, "d": default, "default": default, "dict2items": dict2items, "difference": difference,
    "dirname": dirname, "flatten": flatten, "format": format_, "indent": indent, "intersect": intersect,
    "items2dict": items2dict, "join": join, "mandatory": mandatory, "quote": quote, "regex_findall": regex_findall,
    "regex_replace": regex_replace, "regex_search": regex_search, "replace": replace, "round": round_, "split": split,
    "symmetric_difference": symmetric_difference, "ternary": ternary, "to_json": to_json, "to_nice_json": to_nice_json,
    "union": union, "unique": unique, "zip": zip_, "zip_longest": zip_longest_,
}  # fmt: skip
FILTERS |= {f"ansible.builtin.{name}": filter_ for name, filter_ in FILTERS.items()}
