"""Checks that compare settings with constants: a rule of these kinds is one YAML file and no code.

They speak only of what a file says; an unset setting with its default is silent, save for ``requires``. ``setting`` may
list several, each looked at by itself; ``php[NAME]`` of a pool is what PHP runs with, whichever file says so.
Values are compared in the form in which the server itself shows them (``pg_settings.setting``, ``php-fpm -tt``,
``SHOW CONFIG``), so ``fsync = 0`` and ``fsync = off`` are one and the same. A value that can't be known is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.finding.fix import Fix, removed, valued
from pgfpmlint.finding.problem import Label
from pgfpmlint.record import TYPE_CHECKING, NamedTuple, Protocol
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from typing import Any

    from pgfpmlint.catalog.version import ServerVersion

    Arguments = Mapping[str, Any]

READINGS = {"postgres": "postgres", "instance": "postgres", "fpm": "fpm", "pool": "pool", "pooler": "bouncer"}
"""Subjects that have settings, and the attribute of the subject that answers for them."""

PHP = "php["
"""Begins the name of a php.ini setting, among those of a pool."""

WORDS = {"on": "1", "yes": "1", "true": "1", "off": "0", "no": "0", "none": "0", "false": "0"}
"""Words for a flag that PHP takes in quotes, too (zend_ini_parse_bool), and the number that each stands for."""

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


Row = Callable[[str], Iterator[Setting]]

DeclarativeCheck = Callable[[object, object, Mapping[str, object]], Iterator[Hit | Silent]]


def forbids(setting: Setting, arguments: Arguments) -> bool:
    """Written, and one of ``value``/``values``."""
    return setting.is_written and setting.value in _values(arguments)


def present(setting: Setting, arguments: Arguments) -> bool:
    """Written, with whatever value."""
    return setting.is_written


def one_of(setting: Setting, arguments: Arguments) -> bool:
    """Written, known, and none of ``values``."""
    return setting.is_written and setting.value is not None and setting.value not in _values(arguments)


def bounds(setting: Setting, arguments: Arguments) -> bool:
    """Written as a number below ``min`` or above ``max`` (in the setting's base unit), and not the one that means
    ``off``."""
    number = _amount(setting)
    if not setting.is_written or number is None or number == arguments.get("off"):
        return False
    return bool(number < arguments.get("min", number) or number > arguments.get("max", number))


def holds(setting: Setting, arguments: Arguments) -> bool:
    """Written, with one of ``value``/``values`` as a part of it."""
    text = setting.value
    return setting.is_written and text is not None and any(part in text for part in _values(arguments))


def lacks(setting: Setting, arguments: Arguments) -> bool:
    """Written, known, and none of ``value``/``values`` is a part of it."""
    return setting.is_written and setting.value is not None and not holds(setting, arguments)


def requires(setting: Setting, arguments: Arguments) -> bool:
    """Not written at all; or, where ``value``/``values`` are given, in force with another value, default or not."""
    wanted = _values(arguments)
    if wanted:
        return setting.value is not None and setting.value not in wanted
    return not setting.is_written and not hasattr(setting.origin, "why")


KINDS: dict[str, Callable[[Setting, Arguments], bool]] = {
    "forbids": forbids,
    "present": present,
    "one_of": one_of,
    "bounds": bounds,
    "holds": holds,
    "lacks": lacks,
    "requires": requires,
}


def check(kind: str, subject_kind: str, arguments: Arguments, only: Arguments) -> DeclarativeCheck:
    """The check function of a declarative rule.

    Its values are ``{setting}``, ``{value}`` (as the server shows it), ``{written}`` (as the file has it),
    ``{min}``, ``{max}``, ``{values}`` and ``{name}`` (of the server or pool).
    """
    broken = KINDS[kind]
    names = setting_names(arguments)

    def found(subject: object, world: object, params: Mapping[str, object]) -> Iterator[Hit | Silent]:
        name, version = _identity(subject, subject_kind)
        if not _is_meant(name, only.get("name")):
            return
        if version.assumed and not only.keys().isdisjoint(("since", "before")):
            yield Silent(f"which version of {name} it is about is not known")
            return
        if not _is_within(version, only):
            return
        for row in _rows(subject, subject_kind):
            conditions = _conditions(subject, row, only.get("where"))
            if conditions is None:
                continue
            for setting_name in names:
                for setting in row(setting_name):
                    # A fragment's main file lies elsewhere: what the fragment does not set may well be set there.
                    if not setting.is_written and _is_fragment(subject):
                        continue
                    if setting.place is not None and broken(setting, arguments):
                        values = {**_words(setting, setting_name, arguments), "name": name}
                        fix = _fix(setting, kind, arguments, subject_kind)
                        yield Hit(setting.place, values, conditions, fix=fix)

    return found


def setting_names(arguments: Arguments) -> Sequence[str]:
    """The settings that a declarative check looks at."""
    named = arguments.get("setting", "")
    return [str(name) for name in named] if isinstance(named, list) else (str(named),)


def mentioned(kind: str, subject_kind: str, arguments: Arguments) -> list[str]:
    """Words without any of which in the files the check has nothing to say; empty: it may always have."""
    if kind == "requires" or subject_kind == HBA:
        return []
    return [name.rstrip("]").partition("[")[2] or name for name in setting_names(arguments)]


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


def _rows(subject: Any, subject_kind: str) -> Iterator[Row]:
    """What has settings by name: the subject as a whole, or each record of its pg_hba.conf."""
    if subject_kind == HBA:
        for record in subject.reading.records:
            yield partial(_columns, record)
    else:
        yield partial(_settings, subject, subject_kind)


def _settings(subject: Any, subject_kind: str, name: str) -> Iterator[Setting]:
    holder = getattr(subject, READINGS[subject_kind], subject)
    array, bracket, index = name.rstrip("]").partition("[")
    if name.startswith(PHP):
        from pgfpmlint.model.php import php_setting

        setting = php_setting(subject, index)
        setting = setting._replace(value=WORDS.get((setting.value or "").lower(), setting.value))
    else:
        setting = holder.entry(array, index) if bracket else holder.setting(name)
    if setting is not None:
        yield setting


def _conditions(subject: object, row: Row, where: object) -> tuple[Label, ...] | None:
    """The lines that say what ``only: {where: …}`` asks for; None where that isn't so, or isn't known."""
    labels: list[Label] = []
    for name, wanted in where.items() if isinstance(where, dict) else ():
        values = [str(value) for value in wanted] if isinstance(wanted, list) else [str(wanted)]
        fitting = [
            setting
            for setting in row(name)
            if setting.value in values and (setting.is_written or not _is_fragment(subject))
        ]
        if not fitting:
            return None
        if fitting[0].is_written and fitting[0].place is not None and not isinstance(fitting[0], Column):
            labels.append(Label(fitting[0].place, f"{name} is {fitting[0].value or 'empty'}"))
    return tuple(labels)


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
        "setting": name.removeprefix(PHP).rstrip("]") if name.startswith(PHP) else name,
        "value": setting.value,
        "written": getattr(setting.origin, "raw", setting.value),
        "min": arguments.get("min", ""),
        "max": arguments.get("max", ""),
        "values": ", ".join(_values(arguments)),
    }


def _amount(setting: Setting) -> float | None:
    if setting.number is not None:
        return setting.number
    try:
        return float(setting.value) if setting.value is not None else None
    except ValueError:
        return None


_OPPOSITES = {"on": "off", "yes": "no", "1": "0"}
_OPPOSITES |= {other: one for one, other in _OPPOSITES.items()}


def _fix(setting: Setting, kind: str, arguments: Arguments, subject_kind: str) -> Fix | None:
    """The value that the arguments name, in the place of the written one, or without the line; None where they leave
    several ways."""
    place = setting.place if subject_kind == HBA else getattr(setting.origin, "value_place", None)
    if place is None or setting.place is None:
        return None
    if kind == "present" or ("instead" in arguments and arguments["instead"] is None):
        return removed(setting.place)
    text = _meant(setting, kind, arguments)
    if text is None:
        return None
    is_bare = text.isascii() and (text.isalnum() or text.replace(".", "").isdigit())
    if subject_kind in ("postgres", "instance") and not is_bare:
        text = "'" + text.replace("'", "''") + "'"
    return valued(place, text) if text else None


def _meant(setting: Setting, kind: str, arguments: Arguments) -> str | None:
    if "instead" in arguments:
        return str(arguments["instead"])
    if kind == "bounds":
        low = arguments.get("min")
        return str(low if low is not None and (setting.number or 0) < low else arguments.get("max", ""))
    values = _values(arguments)
    if kind in ("holds", "lacks") or len(values) != 1:
        return None
    return _OPPOSITES.get(values[0]) if kind == "forbids" else values[0]


def _values(arguments: Arguments) -> Sequence[str]:
    if "value" in arguments:
        return (str(arguments["value"]),)
    return [str(value) for value in arguments.get("values", ())]
