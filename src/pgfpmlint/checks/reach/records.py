"""Access records of whole instances: who can get in at all, and who after a failover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import leg as steps
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.instance_door import legs_into_instance
from pgfpmlint.model.leg import Leg
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.replication import Standby, standbys
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.hba import HbaRecord


def nobody_admitted(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """No record of pg_hba.conf can ever let anybody in."""
    hba = instance.hba
    if hba is None or not hba.records or not hba.reading.accepted or hba.reading.unread:
        return
    if any(_is_of_use(record, instance) for record in hba.records):
        return
    rejecting = all(record.method == "reject" for record in hba.records)
    why = "all of them reject" if rejecting else "none is for a way on which it listens"
    related = tuple(Label(record.place, "of no use") for record in hba.records[1:3])
    yield Hit(hba.records[0].place, {"instance": instance.name, "count": len(hba.records), "why": why}, related)


def _is_of_use(record: HbaRecord, instance: Instance) -> bool:
    if record.method == "reject":
        return False
    listens = instance.postgres.setting("listen_addresses").value
    sockets = instance.postgres.setting("unix_socket_directories").value
    if record.type == "local":
        return sockets != ""
    return listens != "" and not (record.type == "hostssl" and instance.postgres.setting("ssl").value == "off")


def standby_refuses_clients(deployment: Deployment, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A standby whose records would turn clients of its primary away, once it takes over."""
    found = standbys(deployment)
    admitted = _admitted(world) if found else {}
    for standby in found:
        instance = standby.instance
        if instance.hba is None or not instance.hba.records:
            continue
        for leg in admitted.get(standby.primary.name, ()):
            for then in legs_into_instance(leg.link._replace(server=instance)):
                if then.reason in (steps.NO_RECORD, steps.REJECTING, steps.ONLY_TLS, steps.ONLY_CLEAR):
                    yield _refusal(leg, then, standby)


def _admitted(world: World) -> dict[str, list[Leg]]:
    """By instance: who gets in, one client for all that come to the same database as the same user by one record."""
    found: dict[str, list[Leg]] = {}
    met: set[object] = set()
    for leg in world.subjects("leg"):
        assert isinstance(leg, Leg)
        if leg.verdict != steps.ADMITTED or not leg.is_certain or leg.record is None:
            continue
        kind = (leg.server.name, leg.database, leg.user, leg.record.place)
        if kind not in met:
            met.add(kind)
            found.setdefault(leg.server.name, []).append(leg)
    return found


def _refusal(leg: Leg, then: Leg, standby: Standby) -> Hit:
    assert leg.record is not None
    assert standby.instance.hba is not None
    deciding: Place = then.record.place if then.record is not None else standby.instance.hba.records[-1].place
    values = {
        "standby": standby.instance.name,
        "primary": standby.primary.name,
        "client": leg.client.name,
        "login": leg.login,
        "whence": leg.whence,
    }
    lets_in = Label(leg.record.place, f"lets it in at {standby.primary.name}")
    return Hit(deciding, values, (lets_in, standby.label, *leg.link.evidence))
