"""PgBouncers that let everybody in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import is_loopback, listens_on
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.world import World


def trust_from_network(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """``auth_type`` any or trust on an address that other machines reach."""
    auth, listen = pooler.bouncer.setting("auth_type"), pooler.bouncer.setting("listen_addr")
    remote = [address for address in listens_on(pooler) if not is_loopback(address)]
    if auth.value not in ("any", "trust") or not remote or auth.place is None or listen.place is None:
        return
    yield Hit(
        auth.place,
        {"pooler": pooler.name, "auth_type": auth.value, "address": ", ".join(remote)},
        (Label(listen.place, "reached from other machines"),),
        fix=auth.rewritten("scram-sha-256"),
    )
