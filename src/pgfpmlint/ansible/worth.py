"""Values as expressions meet them: what may stand for one, and what becomes of it in conditions and in text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Undefined

from pgfpmlint.ansible.language import LARGEST_LIST, LARGEST_TEXT, TooMuch
from pgfpmlint.ansible.values import Doubt, Truth, Unknown
from pgfpmlint.record import NamedTuple, Protocol
from pgfpmlint.source.text import Place


class Cause(NamedTuple):
    """A line that a value follows from, and what it does; ``extent`` is all of what it sets."""

    place: Place
    words: str
    extent: Place


class Variables(Protocol):
    """What names mean outside of the template."""

    def value(self, name: str) -> Any:
        """Missing where nothing defines it, Unknown where nobody can tell."""

    def causes(self, name: str) -> tuple[Cause, ...]:
        """The lines that the value follows from."""


class Function:
    """What a template may call by a name: `range`, a macro."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call


class Namespace(dict[str, Any]):
    """Jinja's, whose attributes templates set."""


def formatted(left: Any, right: Any) -> str:
    from pgfpmlint.ansible.filters import format_

    return format_(left, *(right if isinstance(right, tuple) else (right,)))


def truth_of(value: Any) -> bool | None:
    """None where nobody knows: Ansible stops at what is not defined."""
    if isinstance(value, (Unknown, Undefined, Function)):
        return None
    return bool(value)


def holds_tuple(value: Any) -> bool:
    """Whether there is one in a list or mapping, at any depth. TooMuch as for `weight`."""
    weight(value)
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            return True
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False


def weight(value: Any, most: int = LARGEST_LIST) -> int:
    """How many values are in it, those that stand in several places counted each time. TooMuch beyond ``most``."""
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        seen += 1
        if seen > most:
            raise TooMuch
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, (list, tuple)):
            waiting += one
    return seen


def shown(value: Any) -> str:
    """As a template puts it out. Doubt where some of it is unknown."""
    if isinstance(value, (Unknown, Undefined, Function)):
        raise Doubt
    if value is None or isinstance(value, (str, int, float, bool, Truth)):
        return str(value)
    if isinstance(value, (list, dict)):  # of a tuple the newest Ansible makes a list
        if holds_tuple(value):
            raise Doubt
        text = repr(value)
        if len(text) > LARGEST_TEXT:
            raise TooMuch
        return text
    raise Doubt
