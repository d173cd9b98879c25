"""What crosses a network in the clear, or to whoever answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.leg import ADMITTED, Leg
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.passage import Passage
from pgfpmlint.model.tls import SPEAKING, mode_of, switch
from pgfpmlint.model.world import World


def clear_before_tls(passage: Passage, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Records demand TLS of a pooler that takes the same data from its clients in the clear."""
    for leg, further in zip(passage.legs, passage.legs[1:]):
        pooler, record = leg.server, further.record
        if leg.tls != "no" or not _is_remote(leg) or switch(pooler).value != "disable":
            continue
        if further.tls != "yes" or record is None or record.type != "hostssl" or not _is_remote(further):
            continue
        setting = switch(pooler)
        place = setting.place if setting.is_written and setting.place is not None else leg.link.evidence[0].place
        values = {"client": leg.client.name, "pooler": pooler.name, "server": further.server.name}
        demands = Label(record.place, "demands TLS on the second half of the way")
        yield Hit(place, values, (demands, *(one for one in leg.link.evidence if one.place != place)))


def network_in_clear(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Both ends settle for no TLS between two machines."""
    if leg.verdict == ADMITTED and leg.tls == "no" and _is_remote(leg):
        mode, setting = mode_of(leg.link), switch(leg.server)
        place = mode.place if mode.place is not None else leg.link.evidence[0].place
        related = tuple(label for label in leg.link.evidence if label.place != place)
        if setting.is_written and setting.place is not None:
            related += (Label(setting.place, f"{setting.name} is {setting.value}"),)
        shown = f"{setting.name} = {setting.value}{'' if setting.is_written else ' (default)'}"
        values = {"client": leg.client.name, "server": leg.server.name, "mode": mode.shown, "switch": shown}
        demand = "server_tls_sslmode = require" if isinstance(leg.client, Pooler) else "sslmode=require"
        values |= {"setting": setting.name, "on": SPEAKING[setting.name], "demand": demand}
        yield Hit(place, values, related)


def server_not_verified(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """TLS to another machine that may be anybody."""
    mode = mode_of(leg.link)
    if leg.tls == "yes" and _is_remote(leg) and mode.value in ("allow", "prefer", "require"):
        place = mode.place if mode.place is not None else leg.link.evidence[0].place
        related = tuple(label for label in leg.link.evidence if label.place != place)
        what = "server_tls_sslmode = verify-full" if isinstance(leg.client, Pooler) else "sslmode=verify-full"
        values = {"client": leg.client.name, "server": leg.server.name, "mode": mode.shown, "suggestion": what}
        yield Hit(place, values, related)


def _is_remote(leg: Leg) -> bool:
    return leg.is_certain and leg.route.type == "host" and leg.client.host.name != leg.server.host.name
