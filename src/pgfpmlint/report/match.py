"""Which pg_hba.conf record decides about a connection: the two outputs of ``pgfpmlint match``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.record import NamedTuple
from pgfpmlint.report.snippet import Screen, Secrets, encodable, harmless, hidden
from pgfpmlint.source.text import Place, Source


class Answer(NamedTuple):
    """``place`` is the line of the record that decides, None where none does or it isn't certain which; ``candidates``
    are then the lines that may. ``options`` are the record's, without secrets. ``sources`` are the files read."""

    place: Place | None
    method: str | None
    options: Mapping[str, str]
    verdict: str
    why: str
    candidates: tuple[Place, ...]
    sources: tuple[Source, ...]


def as_json(answer: Answer) -> str:
    """The shape that the interface promises; ``candidates`` only where it isn't certain which record decides."""
    import json

    screen = _screen()
    secrets = screen.secrets(answer.sources)
    shown: dict[str, object] = {
        "line": answer.place.line if answer.place else None,
        "path": harmless(answer.place.path if answer.place else answer.sources[0].path),
        "method": answer.method,
        "options": {name: encodable(hidden(value, secrets)) for name, value in answer.options.items()},
        "verdict": answer.verdict,
        "why": screen.words(answer.why, secrets),
    }
    if answer.place is None and answer.candidates:
        shown["candidates"] = [{"path": harmless(place.path), "line": place.line} for place in answer.candidates]
    return json.dumps(shown, indent=1) + "\n"


def as_text(answer: Answer) -> str:
    """The verdict and why, then each line that decides or may."""
    screen = _screen()
    return "".join(f"{line}\n" for line in _lines(answer, screen, screen.secrets(answer.sources)))


def _lines(answer: Answer, screen: Screen, secrets: Secrets) -> Iterator[str]:
    yield f"{answer.verdict}: {screen.words(answer.why, secrets)}"
    for place in (answer.place,) if answer.place else answer.candidates:
        snippet = screen.snippet(place)
        yield f"{harmless(place.path)}:{place.line}: {snippet.text.strip() if snippet else ''}"


def _screen() -> Screen:
    return Screen(users=False)  # a good record is no list of users, whatever stands in quotes
