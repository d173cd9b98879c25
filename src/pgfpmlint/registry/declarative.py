"""Checks that compare one setting with constants: a rule of these kinds is one YAML file and no code.

They speak only of what a file says; an unset setting with its default is silent, save for ``requires``.
Values are compared in the form in which the server itself shows them (``pg_settings.setting``, ``php-fpm -tt``,
``SHOW CONFIG``), so ``fsync = 0`` and ``fsync = off`` are one and the same. A value that can't be known is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Hit
from pgfpmlint.record import TYPE_CHECKING, Protocol
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from typing import Any

    Arguments = Mapping[str, Any]

READINGS = {"postgres": "postgres", "instance": "postgres", "fpm": "fpm", "pool": "pool", "pooler": "bouncer"}
"""Subjects that have settings, and the attribute of the subject that answers for them."""


class Setting(Protocol):
    """`resolve.settings.Effective`, as far as these checks look at it."""

    @property
    def value(self) -> str | None: ...
    @property
    def origin(self) -> object: ...
    @property
    def is_written(self) -> bool: ...
    @property
    def place(self) -> Place | None: ...
    @property
    def number(self) -> int | None: ...


DeclarativeCheck = Callable[[object, object, Mapping[str, object]], Iterator[Hit]]


def forbids(setting: Setting, arguments: Arguments) -> bool:
    """Written, and one of ``value``/``values``."""
    return setting.is_written and setting.value in _values(arguments)


def one_of(setting: Setting, arguments: Arguments) -> bool:
    """Written, known, and none of ``values``."""
    return setting.is_written and setting.value is not None and setting.value not in _values(arguments)


def bounds(setting: Setting, arguments: Arguments) -> bool:
    """Written as a number below ``min`` or above ``max`` (in the setting's base unit)."""
    number = setting.number
    if not setting.is_written or number is None:
        return False
    return bool(number < arguments.get("min", number) or number > arguments.get("max", number))


def requires(setting: Setting, arguments: Arguments) -> bool:
    """Not written at all; or, where ``value``/``values`` are given, in force with another value, default or not."""
    wanted = _values(arguments)
    if wanted:
        return setting.value is not None and setting.value not in wanted
    return not setting.is_written and not hasattr(setting.origin, "why")


KINDS: dict[str, Callable[[Setting, Arguments], bool]] = {
    "forbids": forbids,
    "one_of": one_of,
    "bounds": bounds,
    "requires": requires,
}


def check(kind: str, subject_kind: str, arguments: Arguments) -> DeclarativeCheck:
    """The check function of a declarative rule.

    Its values are ``{setting}``, ``{value}`` (as the server shows it), ``{written}`` (as the file has it),
    ``{min}``, ``{max}`` and ``{values}``.
    """
    broken = KINDS[kind]
    name = str(arguments["setting"])

    def found(subject: object, world: object, params: Mapping[str, object]) -> Iterator[Hit]:
        setting = _setting(subject, subject_kind, name)
        # A fragment's main file lies elsewhere: what the fragment does not set may well be set there.
        if setting is None or (not setting.is_written and _is_fragment(subject)):
            return
        if setting.place is not None and broken(setting, arguments):
            yield Hit(setting.place, _words(setting, name, arguments))

    return found


def _setting(subject: object, subject_kind: str, name: str) -> Setting | None:
    holder: Any = getattr(subject, READINGS[subject_kind], subject)
    array, bracket, index = name.rstrip("]").partition("[")
    found: Setting | None = holder.entry(array, index) if bracket else holder.setting(name)
    return found


def _is_fragment(subject: object) -> bool:
    return bool(getattr(getattr(subject, "master", subject), "fragment", False))


def _words(setting: Setting, name: str, arguments: Arguments) -> dict[str, object]:
    return {
        "setting": name,
        "value": setting.value,
        "written": getattr(setting.origin, "raw", setting.value),
        "min": arguments.get("min", ""),
        "max": arguments.get("max", ""),
        "values": ", ".join(_values(arguments)),
    }


def _values(arguments: Arguments) -> Sequence[str]:
    if "value" in arguments:
        return (str(arguments["value"]),)
    return [str(value) for value in arguments.get("values", ())]
