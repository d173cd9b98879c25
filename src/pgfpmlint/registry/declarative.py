"""Checks that compare one setting with constants: a rule of these kinds is one YAML file and no code.

They speak only of what a file says; an unset setting with its default is silent, save for ``requires``.
Values are compared in the form in which the server itself shows them (``pg_settings.setting``, ``php-fpm -tt``,
``SHOW CONFIG``), so ``fsync = 0`` and ``fsync = off`` are one and the same. A value that can't be known is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.record import TYPE_CHECKING, NamedTuple, Protocol
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from typing import Any

    from pgfpmlint.catalog.version import ServerVersion

    Arguments = Mapping[str, Any]

READINGS = {"postgres": "postgres", "instance": "postgres", "fpm": "fpm", "pool": "pool", "pooler": "bouncer"}
"""Subjects that have settings, and the attribute of the subject that answers for them."""

HBA = "hba"
COLUMNS = ("type", "database", "user", "address", "method")
"""What a record of pg_hba.conf has for settings; one that lists several databases or users has each of them."""

SUBJECTS = (*READINGS, HBA)


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


class Column(NamedTuple):
    """A column of a pg_hba.conf record, as a setting."""

    value: str
    place: Place
    origin: object = None
    is_written: bool = True
    number: int | None = None


DeclarativeCheck = Callable[[object, object, Mapping[str, object]], Iterator[Hit | Silent]]


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


def check(kind: str, subject_kind: str, arguments: Arguments, only: Arguments) -> DeclarativeCheck:
    """The check function of a declarative rule.

    Its values are ``{setting}``, ``{value}`` (as the server shows it), ``{written}`` (as the file has it),
    ``{min}``, ``{max}``, ``{values}`` and ``{name}`` (of the server or pool).
    """
    broken = KINDS[kind]
    setting_name = str(arguments["setting"])

    def found(subject: object, world: object, params: Mapping[str, object]) -> Iterator[Hit | Silent]:
        name, version = _identity(subject, subject_kind)
        if not _is_meant(name, only.get("name")):
            return
        if version.assumed and not only.keys().isdisjoint(("since", "before")):
            yield Silent(f"which version of {name} it is about is not known")
            return
        if not _is_within(version, only):
            return
        for setting in _settings(subject, subject_kind, setting_name):
            # A fragment's main file lies elsewhere: what the fragment does not set may well be set there.
            if not setting.is_written and _is_fragment(subject):
                continue
            if setting.place is not None and broken(setting, arguments):
                yield Hit(setting.place, {**_words(setting, setting_name, arguments), "name": name})

    return found


def _identity(subject: Any, subject_kind: str) -> tuple[str, ServerVersion]:
    """What a subject is called, and its server's version."""
    if subject_kind == HBA:
        name = subject.instance.name if subject.instance is not None else subject.reading.reading.main.source.path
        return name, subject.reading.reading.version
    holder = getattr(subject, "master", subject)
    reading = getattr(holder, "fpm" if subject_kind == "pool" else READINGS[subject_kind])
    return subject.name, reading.reading.version


def _is_meant(name: str, pattern: object) -> bool:
    if pattern is None:
        return True
    from fnmatch import fnmatchcase

    return fnmatchcase(name, str(pattern))


def _is_within(version: ServerVersion, only: Arguments) -> bool:
    since, before = (_number(only.get(key)) for key in ("since", "before"))
    return (not since or version.at_least(*since)) and not (before and version.at_least(*before))


def _number(version: object) -> tuple[int, ...]:
    return tuple(int(part) for part in str(version).split(".")) if version is not None else ()


def _settings(subject: Any, subject_kind: str, name: str) -> Iterator[Setting]:
    if subject_kind == HBA:
        for record in subject.reading.records:
            yield from _columns(record, name)
        return
    holder = getattr(subject, READINGS[subject_kind], subject)
    array, bracket, index = name.rstrip("]").partition("[")
    setting = holder.entry(array, index) if bracket else holder.setting(name)
    if setting is not None:
        yield setting


def _columns(record: Any, name: str) -> Iterator[Column]:
    if name in ("database", "user"):
        for word in record.databases if name == "database" else record.users:
            yield Column(word.text, word.place)
    elif name == "address":
        if record.address is not None and record.address_place is not None:
            from pgfpmlint.model.hba_address import written

            yield Column(written(record), record.address_place)
    else:
        place = record.type_place if name == "type" else record.method_place
        yield Column(getattr(record, name), place)


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
