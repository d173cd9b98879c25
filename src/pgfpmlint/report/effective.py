"""What a server would run with, line by line: the two outputs of ``pgfpmlint effective``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.report.secrets import MASK, is_secret_name
from pgfpmlint.report.snippet import Screen, Secrets, encodable, harmless, hidden
from pgfpmlint.resolve.settings import DEPENDS, FILLED_IN, Effective, Unknown, Written
from pgfpmlint.source.text import Place, Source

if TYPE_CHECKING:
    from typing import Any

WIDEST_NAME = 40

LEFT_OUT = "a template may leave it out"


class Row(NamedTuple):
    """A setting that the files make: the server's own form of its value (None: unknown), what is written, and where.

    ``shadowed`` are the places of the assignments that it overrides. A row of a list (a pg_hba.conf record) has no
    name; its line says it all. ``unknown`` says why a template leaves the value open, or the whole row; the
    ``alternatives`` are what it may be.
    """

    name: str
    value: str | None
    written: str
    place: Place
    shadowed: tuple[Place, ...] = ()
    unknown: str = ""
    alternatives: tuple[Place, ...] = ()


class Objection(NamedTuple):
    """Why the server does not accept the files, in its own words. ``of_machine``: another machine might."""

    place: Place
    message: str
    of_machine: bool = False


class View(NamedTuple):
    """``values`` has the shape of the interface's ``effective --format json``. ``title`` and ``why`` are for people:
    the product with its version, and where the version is known from."""

    kind: str
    version: str
    title: str
    why: str
    accepted: bool
    errors: tuple[Objection, ...]
    values: Mapping[str, object]
    rows: tuple[Row, ...]


def rows(found: Any) -> Iterator[Row]:
    """Everything that the files set, under the names that ``values`` has for it, in no order but the reading's own."""
    if found.reading.kind == "sql":
        for what, facts in found.written():
            yield from _rows(what, facts)
        return
    yield from _rows("", getattr(found, "settings", {}))
    yield from _rows("global.", getattr(found, "globals", {}))
    for pool in getattr(found, "pools", ()):
        yield from _rows(f"{pool.name}.", pool.settings)
        for array, entries in pool.arrays.items():
            named = {f"{array}[{index}]": effective for index, effective in entries.items()}
            yield from _rows(f"{pool.name}.", named)
    for lead, entries in (("d", "databases"), ("u", "users"), ("p", "peers")):
        for entry in getattr(found, entries, ()):
            if hasattr(entry, "parameters"):
                yield from _rows(f"{lead}:{entry.name}.", entry.parameters)
            else:  # a user of userlist.txt
                yield Row("", None, "", entry.place)
    for record in (*getattr(found, "records", ()), *getattr(found, "mappings", ())):
        yield Row("", None, "", record.place, unknown=LEFT_OUT if record.place.condition else "")


def _rows(lead: str, settings: Mapping[str, Effective]) -> Iterator[Row]:
    for name, effective in settings.items():
        origin = effective.origin
        if isinstance(origin, Written):
            shadowed = tuple(lost.place for lost in effective.shadowed)
            yield Row(lead + name, effective.value, origin.raw, origin.place, shadowed)
        elif isinstance(origin, Unknown) and origin.anchor is not None and origin.why in (FILLED_IN, DEPENDS):
            places = tuple(one.place for one in origin.alternatives)
            yield Row(lead + name, None, "", origin.anchor, unknown=origin.why, alternatives=places)


def as_json(view: View) -> str:
    """The shape that the interface promises; secrets masked in ``values`` too."""
    import json

    screen = _screen(view)
    secrets = screen.secrets(_sources(view))
    shown = {
        "kind": view.kind,
        "server_version": view.version,
        "accepted": view.accepted,
        "errors": [
            {
                **_at(error.place),
                "message": screen.words(error.message, screen.secrets([error.place.source])),
                **({"of_machine": True} if error.of_machine else {}),
            }
            for error in view.errors
        ],
        "values": _masked("", view.values, secrets),
        "settings": [
            {
                "name": screen.words(row.name, secrets),
                "value": None if row.unknown else _masked(row.name, row.written, secrets),
                **_at(row.place),
                **({"unknown": row.unknown} if row.unknown else {}),
            }
            for row in view.rows
            if row.name
        ],
    }
    return json.dumps(shown, indent=1) + "\n"


def as_text(view: View) -> str:
    """One line a setting: name, value, where it is set; below it what it overrides."""
    return "".join(f"{line}\n" for line in _lines(view, _screen(view)))


def _lines(view: View, screen: Screen) -> Iterator[str]:
    secrets = screen.secrets(_sources(view))
    yield f"{view.kind} as {view.title} reads it ({view.why}): {'accepted' if view.accepted else 'refused'}"
    for error in view.errors:
        where = " (on this machine)" if error.of_machine else ""
        yield f"{_address(error.place)}: {screen.words(error.message, screen.secrets([error.place.source]))}{where}"
    width = min(WIDEST_NAME, max((len(row.name) for row in view.rows), default=0))
    for row in view.rows:
        snippet = screen.snippet(row.place)
        if not row.name:
            remark = f"  # {row.unknown}" if row.unknown else ""
            yield f"{_address(row.place)}: {snippet.text.strip() if snippet else ''}{remark}"
            continue
        value = "(unknown)" if row.value is None else value_text(row.name, row.value, secrets)
        if row.unknown:
            value = f"(unknown: {row.unknown})"
        yield f"{screen.words(row.name, secrets):{width}} = {value}  # {_address(row.place)}"
        for place in row.shadowed:
            lost = screen.snippet(place)
            yield f"{'':{width}}   # overrides {_address(place)}: {lost.text.strip() if lost else ''}"
        for place in row.alternatives:
            may_be = screen.snippet(place)
            yield f"{'':{width}}   # may be {_address(place)}: {may_be.text.strip() if may_be else ''}"


def _screen(view: View) -> Screen:
    """Two words in quotes may be a user and a password, save in files that are what they should be."""
    return Screen(users=not view.accepted or view.kind not in ("pg_hba.conf", "pg_ident.conf"))


def _sources(view: View) -> Iterator[Source]:
    """Every file that a value may come from."""
    for row in view.rows:
        yield row.place.source
        yield from (place.source for place in row.shadowed)
    yield from (error.place.source for error in view.errors)


def value_text(name: str, value: str, secrets: Secrets) -> str:
    """The value of the setting ``name`` in one line, without secrets."""
    return harmless(str(_masked(name, value, secrets)))


def _masked(name: str, value: object, secrets: Secrets) -> object:
    """The value of the setting ``name`` as it is, but for secrets and for bytes that no JSON can hold."""
    if isinstance(value, Mapping):
        return {hidden(harmless(str(key)), secrets): _masked(str(key), inner, secrets) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(name, inner, secrets) for inner in value]
    if isinstance(value, str):
        return MASK if value and is_secret_name(name) else encodable(hidden(value, secrets))
    return value


def _at(place: Place) -> dict[str, object]:
    return {"path": harmless(place.path), "line": place.line}


def _address(place: Place) -> str:
    return f"{harmless(place.path)}:{place.line}"
