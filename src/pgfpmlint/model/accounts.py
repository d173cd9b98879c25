"""The books of a deployment: the budget of every instance, who takes from it, and what nobody can count."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.budget import Budget, budget
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Unlinked
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.takers import Taker, takers
from pgfpmlint.record import NamedTuple


class Gap(NamedTuple):
    """Something that may take connections and is in no sum, and why."""

    name: str
    why: str


class Account(NamedTuple):
    """One instance. ``unaccounted`` may take more than its demand says."""

    found: Budget
    takers: tuple[Taker, ...]
    unaccounted: tuple[Gap, ...]

    @property
    def name(self) -> str:
        return self.found.instance.name


class Accounts(NamedTuple):
    """``closed`` are instances of which nobody can tell how many connections they take."""

    deployment: Deployment
    open: tuple[Account, ...]
    closed: tuple[Gap, ...]

    @property
    def fails(self) -> bool:
        """Whether some instance will refuse connections."""
        return any(account.found.fails for account in self.open)


def accounts(deployment: Deployment) -> Accounts:
    """All of it. Parts of a server's configuration without its main file have no books."""
    whole = [instance for instance in deployment.instances if not instance.fragment]
    gaps = _gaps(deployment.links.unknown, whole)
    opened: list[Account] = []
    closed: list[Gap] = []
    for instance in whole:
        found = budget(instance, deployment)
        if found is None:
            closed.append(Gap(instance.name, f"its max_connections can't be known{_because(instance)}"))
            continue
        every = tuple(takers(found, deployment.links))
        uncounted = [Gap(_full_name(taker), taker.why) for taker in every if taker.term is None and taker.via is None]
        opened.append(Account(found, every, (*uncounted, *gaps.get(_folder(instance.host.name), gaps[""]))))
    return Accounts(deployment, tuple(opened), tuple(closed))


def _full_name(taker: Taker) -> str:
    return f"{taker.name} database {taker.database}" if taker.database is not None else taker.name


def _because(instance: Instance) -> str:
    origin = instance.postgres.setting("max_connections").origin
    why = getattr(origin, "why", "")
    return f": {why}" if why else ""


def _gaps(unknown: Sequence[Unlinked], instances: Sequence[Instance]) -> dict[str, tuple[Gap, ...]]:
    """Clients that lead nobody knows where, by the folder of the hosts that they may mean: in a tree with several
    environments each keeps to its own. Those of ``""`` may mean any instance."""
    folders = {_folder(instance.host.name) for instance in instances}
    found: dict[str, list[Gap]] = {folder: [] for folder in folders | {""}}
    for one in unknown:
        name = f"{one.client.name} database {one.entry.name}" if one.entry is not None else one.client.name
        folder = _folder(one.client.host.name)
        for place in [folder] if folder in folders else list(found):
            found[place].append(Gap(name, one.why))
    return {folder: tuple(gaps) for folder, gaps in found.items()}


def _folder(host: str) -> str:
    return host.rpartition("/")[0]
