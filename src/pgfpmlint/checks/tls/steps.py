"""Both ends of a step, and TLS between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Fix, Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import Leg
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.tls import SPEAKING, mode_of, switch
from pgfpmlint.model.world import World
from pgfpmlint.source.text import Place


def pooler_without_tls_refused(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Only records for TLS let the pooler in, and it makes none."""
    if leg.reason == steps.ONLY_TLS and isinstance(leg.client, Pooler):
        yield from _records(leg, leg.client.bouncer.setting("server_tls_sslmode").rewritten("require"))


def client_without_tls_refused(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Only records for TLS let the application in, and it switches TLS off."""
    if leg.reason == steps.ONLY_TLS and not isinstance(leg.client, Pooler):
        yield from _records(leg)


def client_with_tls_refused(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Only records without TLS let the client in, and it insists on TLS."""
    if leg.reason == steps.ONLY_CLEAR:
        yield from _records(leg)


def pooler_demands_tls_of_server(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The pooler wants TLS, and the server does not speak it."""
    if leg.reason == steps.NO_TLS and isinstance(leg.client, Pooler):
        yield from _at_odds(leg)


def client_demands_tls_of_server(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The application wants TLS, and the server does not speak it."""
    if leg.reason == steps.NO_TLS and not isinstance(leg.client, Pooler):
        yield from _at_odds(leg)


def pooler_demands_tls_of_client(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The pooler wants TLS, and its client switches it off."""
    if leg.reason == steps.TLS_DEMANDED:
        yield from _at_odds(leg)


def _records(leg: Leg, fix: Fix | None = None) -> Iterator[Hit]:
    if leg.at is None or not leg.is_certain:
        return
    place, values = _ends(leg)
    yield Hit(
        place,
        {**values, "login": leg.login, "whence": leg.whence},
        (Label(leg.at, "the record that would let it in"), *_related(leg, place, with_switch=False)),
        fix=fix,
    )


def _at_odds(leg: Leg) -> Iterator[Hit]:
    if leg.is_certain:
        place, values = _ends(leg)
        yield Hit(place, values, _related(leg, place))


def _ends(leg: Leg) -> tuple[Place, dict[str, object]]:
    """Where the client's mode is written, or else where it names the server; and what fills the message."""
    mode, setting = mode_of(leg.link), switch(leg.server)
    place = mode.place if mode.place is not None else leg.link.evidence[0].place
    written = "" if setting.is_written else " (default)"
    return place, {
        "client": leg.client.name,
        "server": leg.server.name,
        "mode": mode.shown,
        "switch": f"{setting.name} = {setting.value}{written}",
        "setting": setting.name,
        "on": SPEAKING[setting.name],
    }


def _related(leg: Leg, place: Place, *, with_switch: bool = True) -> tuple[Label, ...]:
    setting = switch(leg.server)
    found = [label for label in leg.link.evidence if label.place != place]
    if with_switch and setting.is_written and setting.place is not None:
        found.append(Label(setting.place, f"{setting.name} is {setting.value}"))
    return tuple(found)
