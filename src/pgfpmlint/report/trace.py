"""Every connection path and what becomes of it: the two outputs of ``pgfpmlint trace``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.model.leg import UNKNOWN, Leg
from pgfpmlint.model.nodes import Instance, Pooler, Proxy
from pgfpmlint.model.passage import Passage
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.source.text import Place, Source


class Step(NamedTuple):
    """One step in words, and each line that it follows from, with its address."""

    words: str
    lines: tuple[tuple[str, str], ...]


class Told(NamedTuple):
    """A path in words fit to print: the verdict, the way, why, and every step."""

    verdict: str
    way: str
    why: str
    steps: tuple[Step, ...]


def as_json(passages: Sequence[Passage]) -> str:
    """The shape that the interface promises. ``through`` names the poolers behind the first, ``addresses`` all that the
    client may come from, both only where there are more; ``client`` is null where no client of the tree is known."""
    import json

    screen = Screen()
    return json.dumps({"schema": 1, "paths": [_shape(passage, screen) for passage in passages]}, indent=1) + "\n"


def as_text(passages: Sequence[Passage]) -> str:
    """A block for each path: the verdict and the way, why, and each step with the line that decides."""
    screen = Screen()
    return "".join(f"{line}\n" for passage in passages for line in _block(passage, screen))


def _shape(passage: Passage, screen: Screen) -> dict[str, object]:
    secrets = screen.secrets(_sources(passage))
    shown = dict.fromkeys(("client", "pooler", "pooler_database", "instance", "database", "user", "address"))
    last, first = passage.last, passage.legs[0] if passage.legs else None
    own = passage.client is not passage.pooler
    known: dict[str, str | None] = {
        "client": passage.client.name if own else None,
        "pooler": passage.pooler.name if passage.pooler else None,
        "pooler_database": passage.entry,
        "instance": passage.instance.name if passage.instance else None,
        "database": last.database if last else None,
        "user": last.user if last else first.user if first else None,
        "address": last.address or (last.route.addresses or (None,))[0] if last else None,
    }
    row: dict[str, object] = {**shown, **{key: text and screen.words(text, secrets) for key, text in known.items()}}
    row["tls"] = last.tls if last else UNKNOWN
    record = last.record if last else None
    row["hba"] = record and {**_at(record.place), "method": record.method}
    row["verdict"] = passage.verdict
    row["why"] = screen.words(passage.why, secrets)
    through = [leg.server.name for leg in passage.legs if isinstance(leg.server, (Pooler, Proxy))][1 if own else 0 :]
    if through:
        row["through"] = through
    if last and last.route.addresses and len(last.route.addresses) > 1:
        row["addresses"] = list(last.route.addresses)
    return row


def _block(passage: Passage, screen: Screen) -> Iterator[str]:
    path = told(passage, screen)
    yield f"{path.verdict}: {path.way}"
    yield f"    {path.why}"
    for step in path.steps:
        yield f"    {step.words}"
        yield from (f"        {address}: {text}" for address, text in step.lines)


def told(passage: Passage, screen: Screen) -> Told:
    """What there is to say of it."""
    secrets = screen.secrets(_sources(passage))
    steps = []
    for leg in passage.legs:
        shown = [(place, screen.snippet(place)) for place in dict.fromkeys(_lines(leg))]
        lines = [
            (f"{harmless(place.path)}:{place.line}", snippet.text.strip() if snippet else "")
            for place, snippet in shown
        ]
        steps.append(Step(screen.words(_step(leg), secrets), tuple(lines)))
    why = screen.words(passage.why, secrets)
    return Told(passage.verdict, screen.words(_way(passage), secrets), why, tuple(steps))


def _way(passage: Passage) -> str:
    """``web/www -> edge/pgbouncer (shop) -> db/16-main (shop as app)``."""
    parts = [] if passage.client is passage.pooler else [passage.client.name]
    if passage.client is passage.pooler:
        parts.append(f"{passage.client.name} ({passage.entry})")
    for leg in passage.legs:
        user = f" as {leg.user}" if leg.user else ""
        inner = f" ({leg.database or 'some database'}{user})"
        parts.append(leg.server.name + inner)
    if passage.instance is None:
        parts.append("?")
    return " -> ".join(parts)


def _step(leg: Leg) -> str:
    what = {"yes": "with TLS", "no": "without TLS", UNKNOWN: "with TLS or without"}[leg.tls]
    way = leg.whence if leg.route.type == "local" else f"{leg.whence} {what}"
    return f"{leg.client.name} to {leg.server.name}, {way}: {leg.verdict}"


def _lines(leg: Leg) -> Iterator[Place]:
    yield from (label.place for label in leg.link.evidence)
    if leg.line is not None:
        yield leg.line
    if leg.record is not None:
        yield leg.record.place
    if leg.at is not None and leg.verdict == "rejected":
        yield leg.at
    if leg.secret is not None and leg.secret.place is not None:
        yield leg.secret.place


def _sources(passage: Passage) -> Iterator[Source]:
    for leg in passage.legs:
        yield from (place.source for place in _lines(leg))
        entry = leg.link.entry
        if entry is not None:
            yield entry.place.source
        if leg.link.lane is not None:
            yield leg.link.lane.place.source
        if isinstance(leg.server, Instance) and leg.server.hba is not None:
            yield leg.server.hba.reading.main.source


def _at(place: Place) -> dict[str, object]:
    return {"path": harmless(place.path), "line": place.line}


def note(passages: Sequence[Passage]) -> str:
    """How many paths there are of each verdict, for standard error."""
    counts = {verdict: sum(one.verdict == verdict for one in passages) for verdict in ("admitted", "rejected", UNKNOWN)}
    total = len(passages)
    return (
        f"{total} {'path' if total == 1 else 'paths'}: " + ", ".join(f"{n} {name}" for name, n in counts.items()) + "\n"
    )
