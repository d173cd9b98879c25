"""Access records of whole instances: who can get in at all, and who after a failover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model import leg as steps
from pgfpmlint.model.address import AddressBook
from pgfpmlint.model.dsn import POSTGRES_PORT
from pgfpmlint.model.instance_door import legs_into_instance
from pgfpmlint.model.leg import Leg
from pgfpmlint.model.nodes import Instance
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


def standby_refuses_clients(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A standby whose records would turn clients of its primary away, once it takes over."""
    primary = _primary_of(instance, world)
    if primary is None or instance.hba is None or not instance.hba.records:
        return
    for leg in world.subjects("leg"):
        assert isinstance(leg, Leg)
        if leg.server is not primary or leg.verdict != steps.ADMITTED or not leg.is_certain or leg.record is None:
            continue
        moved = leg.link._replace(server=instance)
        for then in legs_into_instance(moved):
            if then.reason in (steps.NO_RECORD, steps.REJECTING, steps.ONLY_TLS, steps.ONLY_CLEAR):
                yield _refusal(leg, then, primary, instance)


def _refusal(leg: Leg, then: Leg, primary: Instance, standby: Instance) -> Hit:
    assert leg.record is not None
    assert standby.hba is not None
    deciding: Place = then.record.place if then.record is not None else standby.hba.records[-1].place
    values = {
        "standby": standby.name,
        "primary": primary.name,
        "client": leg.client.name,
        "login": leg.login,
        "whence": leg.whence,
    }
    return Hit(deciding, values, (Label(leg.record.place, f"lets it in at {primary.name}"), *leg.link.evidence))


def _primary_of(standby: Instance, world: World) -> Instance | None:
    """The instance that primary_conninfo names, where it names one of the tree."""
    info = standby.postgres.setting("primary_conninfo")
    if not info.is_written or not info.value:
        return None
    words = dict(word.partition("=")[::2] for word in info.value.split() if "=" in word)
    host, number = words.get("host", "").strip("'"), words.get("port", str(POSTGRES_PORT)).strip("'")
    if not host or not number.isdigit():
        return None
    others = [one for one in world.deployment.instances if not one.fragment and one is not standby]
    found = [server for server, _ in AddressBook(others).lookup(standby.host, host, int(number))]
    return found[0] if len(found) == 1 and isinstance(found[0], Instance) else None
