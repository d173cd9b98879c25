"""What a loader of YAML 1.1 takes a scalar for: Patroni's PyYAML, Kubernetes' sigs.k8s.io/yaml.

ruamel.yaml, which reads the places here, resolves as YAML 1.2 does, where ``on`` is a word and ``0640`` decimal. What
is written between quotes, in a block or behind ``!!str`` is a text (https://yaml.org/type/).
"""

from __future__ import annotations

import re
from typing import Any

BOOLEANS = {word: word in ("true", "yes", "on") for word in ("true", "false", "yes", "no", "on", "off")}
NULLS = ("", "~", "null", "Null", "NULL")

_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*(?::[0-5]?[0-9])*)\Z")
_REAL = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)\Z"
    r"|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)

Loaded = str | int | float | bool | None


def loaded(text: str, node: Any) -> Loaded:
    """The scalar ``node`` of the document ``text`` as PyYAML's safe loader gives it; a date stays a text."""
    word: str = node.value
    if node.style is not None or _is_tagged(text, node):
        return word
    if word in NULLS:
        return None
    if word in BOOLEANS or (word.lower() in BOOLEANS and word in (word.upper(), word.capitalize())):
        return BOOLEANS[word.lower()]
    if _INTEGER.match(word):
        return _integer(word.replace("_", ""))
    if _REAL.match(word) and "n" not in word.lower():
        return float(word.replace("_", ""))
    return word


def is_text(text: str, node: Any) -> bool:
    """Whether Kubernetes takes the scalar for a text: one that is ``y`` or ``n`` is a boolean there."""
    return isinstance(loaded(text, node), str) and (
        node.style is not None or (node.value not in ("y", "Y", "n", "N") and not _is_exponent(node.value))
    )


def _is_exponent(word: str) -> bool:
    """``1e3``: a number to Go's loader, a text to PyYAML, which asks for a point and a sign."""
    number, e, exponent = word.lower().partition("e")
    return bool(e) and number.replace(".", "", 1).isdigit() and exponent.lstrip("+-").isdigit()


def _is_tagged(text: str, node: Any) -> bool:
    start, end = node.start_mark.index, node.end_mark.index
    return text[start : start + 1] in ("!", "&") and any(word[:1] == "!" for word in text[start:end].split()[:2])


def _integer(word: str) -> int:
    sign = -1 if word.startswith("-") else 1
    word = word.lstrip("+-")
    if word.startswith(("0b", "0x")):
        return sign * int(word, 0)
    if word.startswith("0"):
        return sign * int(word, 8)
    number = 0
    for part in word.split(":"):
        number = number * 60 + int(part)
    return sign * number
