"""What a server would run with, line by line: the two outputs of ``pgfpmlint effective``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.record import NamedTuple
from pgfpmlint.report.secrets import MASK, is_secret_name, masked
from pgfpmlint.report.snippet import Screen, encodable, harmless
from pgfpmlint.source.text import Place

WIDEST_NAME = 40


class Row(NamedTuple):
    """A setting that the files make: the server's own form of its value (None: unknown), what is written, and where.

    ``shadowed`` are the places of the assignments that it overrides. A row of a list (a pg_hba.conf record) has no
    name; its line says it all.
    """

    name: str
    value: str | None
    written: str
    place: Place
    shadowed: tuple[Place, ...] = ()


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


def as_json(view: View) -> str:
    """The shape that the interface promises; secrets masked in ``values`` too."""
    import json

    screen = Screen()
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
        "values": _masked("", view.values),
        "settings": [
            {"name": harmless(row.name), "value": _masked(row.name, row.written), **_at(row.place)}
            for row in view.rows
            if row.name
        ],
    }
    return json.dumps(shown, indent=1) + "\n"


def as_text(view: View) -> str:
    """One line a setting: name, value, where it is set; below it what it overrides."""
    return "".join(f"{line}\n" for line in _lines(view, Screen()))


def _lines(view: View, screen: Screen) -> Iterator[str]:
    yield f"{view.kind} as {view.title} reads it ({view.why}): {'accepted' if view.accepted else 'refused'}"
    for error in view.errors:
        where = " (on this machine)" if error.of_machine else ""
        yield f"{_address(error.place)}: {screen.words(error.message, screen.secrets([error.place.source]))}{where}"
    width = min(WIDEST_NAME, max((len(row.name) for row in view.rows), default=0))
    for row in view.rows:
        snippet = screen.snippet(row.place)
        if not row.name:
            yield f"{_address(row.place)}: {snippet.text.strip() if snippet else ''}"
            continue
        value = "(unknown)" if row.value is None else harmless(str(_masked(row.name, row.value)))
        yield f"{harmless(row.name):{width}} = {value}  # {_address(row.place)}"
        for place in row.shadowed:
            lost = screen.snippet(place)
            yield f"{'':{width}}   # overrides {_address(place)}: {lost.text.strip() if lost else ''}"


def _masked(name: str, value: object) -> object:
    """The value of the setting ``name`` as it is, but for secrets and for bytes that no JSON can hold."""
    if isinstance(value, Mapping):
        return {harmless(str(key)): _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(name, inner) for inner in value]
    if isinstance(value, str):
        return MASK if value and is_secret_name(name) else encodable(masked(value))
    return value


def _at(place: Place) -> dict[str, object]:
    return {"path": harmless(place.path), "line": place.line}


def _address(place: Place) -> str:
    return f"{harmless(place.path)}:{place.line}"
