"""Which instance is whose standby, as primary_conninfo says it."""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import AddressBook
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import Instance
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.environment import is_port
from pgfpmlint.resolve.settings import Effective


class Standby(NamedTuple):
    """``instance`` follows ``primary``. ``mutual``: the primary names it as well, so either may be the one that
    follows; that is how pairs are set up which take turns."""

    instance: Instance
    primary: Instance
    label: Label
    mutual: bool = False


def standbys(deployment: Deployment) -> list[Standby]:
    """Every instance whose primary_conninfo leads to another instance of the deployment, and to one only."""
    following = [one for one in deployment.instances if one.postgres.setting("primary_conninfo").is_written]
    if not following:
        return []
    book = AddressBook([one for one in deployment.instances if not one.fragment])
    found = [standby for instance in following if (standby := _standby(instance, book)) is not None]
    primaries = {standby.instance.name: standby.primary.name for standby in found}
    return [one._replace(mutual=primaries.get(one.primary.name) == one.instance.name) for one in found]


def _standby(instance: Instance, book: AddressBook) -> Standby | None:
    setting = instance.postgres.setting("primary_conninfo")
    named = _host_and_port(setting)
    if named is None or setting.place is None or instance.fragment:
        return None
    servers = [server for server, _ in book.lookup(instance.host, *named) if server.name != instance.name]
    if len(servers) != 1 or not isinstance(servers[0], Instance):
        return None
    label = Label(setting.place, f"{instance.name} follows {servers[0].name}")
    return Standby(instance, servers[0], label)


def _host_and_port(setting: Effective) -> tuple[str, int] | None:
    """The one address that the setting names; None where it names none or several."""
    if not setting.value or setting.place is None:
        return None
    from pgfpmlint.resolve.connection import PORT, Word, of_string

    found = of_string(Word(setting.value, setting.place, setting.name))
    if found is None or len(found.hosts) != 1 or (found.port is not None and not is_port(found.port.text)):
        return None
    return found.hosts[0].text, int(found.port.text) if found.port is not None else PORT
