"""Values with which every budget holds: the largest pools, the smallest max_connections, or a pooler between.

Each value is worked out from the sums and then tried: the deployment is built with it, and with one more (one less),
and the budgets are looked at again. Where the sums were wrong, for example because ``process.max`` caps them, the
value is searched for in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pgfpmlint.model.budget import Budget, budget
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.survey import Survey
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.source.text import Source

SOLVE = "--solve"
CHILDREN, CONNECTIONS = "pm.max_children", "max_connections"
MOST = {CHILDREN: 100_000, CONNECTIONS: 262_143}
"""PostgreSQL's own limit of max_connections; more workers than anybody runs."""

Build = Callable[[Survey], Deployment]
Budgets = Mapping[str, Budget]


class Group(NamedTuple):
    """Instances that share pools, so that no pool's size can be chosen for one of them alone, and those pools."""

    instances: tuple[str, ...]
    pools: tuple[str, ...]


class Found(NamedTuple):
    """A value, the budgets with it, and those with one step further, where it holds no more. ``value`` is None where
    none holds, ``beyond`` None where every further one does too."""

    value: int | None
    within: Budgets
    beyond: Budgets | None


class Solution(NamedTuple):
    """``setting`` of all ``nodes``: the value that just ``fits``, and the one that leaves the headroom ``roomy``."""

    setting: str
    group: Group
    nodes: tuple[str, ...]
    fits: Found
    roomy: Found


def holds(found: Budget, *, roomy: bool) -> bool:
    """Whether the instance has what is asked of it, in declared deployments too; with the wanted headroom free."""
    if found.fails or found.direct.unknown or found.pooled.unknown:
        return False
    return not roomy or found.headroom >= found.wanted


class Solver:
    """Tries values on one deployment. ``build`` makes a deployment of a survey, added poolers included."""

    def __init__(self, survey: Survey, build: Build) -> None:
        self._survey = survey
        self._build = build
        self.deployment = build(survey)
        self.budgets = _budgets(self.deployment)
        self.groups = _groups(self.budgets.values())

    def children(self) -> list[Solution]:
        """The largest equal pm.max_children of all pools that connect straight to an instance, or to several."""
        groups = [group for group in self.groups if group.pools]
        return self._solutions(CHILDREN, [(group, group.pools) for group in groups])

    def connections(self) -> list[Solution]:
        """The smallest max_connections of each instance that somebody connects to."""
        wanted = [found for found in self.budgets.values() if found.demand and not found.pooled.unlimited]
        names = [found.instance.name for found in wanted]
        return self._solutions(CONNECTIONS, [(Group((name,), ()), (name,)) for name in names])

    def _solutions(self, setting: str, asked: Sequence[tuple[Group, tuple[str, ...]]]) -> list[Solution]:
        fits = self._found(setting, asked, roomy=False)
        roomy = self._found(setting, asked, roomy=True)
        return [Solution(setting, group, nodes, fits[at], roomy[at]) for at, (group, nodes) in enumerate(asked)]

    def _found(self, setting: str, asked: Sequence[tuple[Group, tuple[str, ...]]], *, roomy: bool) -> list[Found]:
        """The best value for each. All are tried at once, for they don't touch each other."""
        step = 1 if setting == CHILDREN else -1
        guesses = [self._guess(setting, group, roomy=roomy) for group, _ in asked]
        of_node = {node: guess for (_, nodes), guess in zip(asked, guesses) for node in nodes}
        within = self._tried(setting, of_node)
        beyond = self._tried(setting, {node: guess + step for node, guess in of_node.items()})
        found = []
        for (group, nodes), guess in zip(asked, guesses):
            is_best = _all_hold(within, group, roomy=roomy) and not _all_hold(beyond, group, roomy=roomy)
            if is_best and guess <= MOST[setting]:
                found.append(Found(guess, within, beyond))
            else:
                found.append(self._searched(setting, group, nodes, roomy=roomy))
        return found

    def _guess(self, setting: str, group: Group, *, roomy: bool) -> int:
        """What the sums say."""
        every = [self.budgets[name] for name in group.instances]
        if setting == CHILDREN:
            return max(1, min(self._most_children(found, roomy=roomy) for found in every))
        (found,) = every
        taken = found.slots.slots - found.budget
        exact = taken + max(found.demand, found.peak.total if found.peak.declared else 0)
        if not roomy or found.percent >= 100:
            return exact
        # The smallest n of which the rest, when percent of it stay free, is enough.
        return max(exact, -(-(taken + found.demand) * 100 // (100 - found.percent)))

    def _most_children(self, found: Budget, *, roomy: bool) -> int:
        held = found.held_by_workers
        left = found.budget - found.pooled.total - (found.wanted if roomy else 0)
        return max(0, left) // held if held else MOST[CHILDREN]

    def _searched(self, setting: str, group: Group, nodes: tuple[str, ...], *, roomy: bool) -> Found:
        """By halving: from some value on (up to some value) it holds, for every sum only grows with it."""
        low, high = 1, MOST[setting]
        tried: dict[int, Budgets] = {}

        def good(value: int) -> bool:
            tried[value] = self._tried(setting, dict.fromkeys(nodes, value))
            return _all_hold(tried[value], group, roomy=roomy)

        rising = setting == CONNECTIONS
        first, last = (high, low) if rising else (low, high)
        if not good(first):
            return Found(None, tried[first], None)
        if good(last):
            return Found(last, tried[last], None)
        holding, failing = first, last
        while abs(holding - failing) > 1:
            middle = (holding + failing) // 2
            if good(middle):
                holding = middle
            else:
                failing = middle
        return Found(holding, tried[holding], tried[failing])

    def _tried(self, setting: str, values: Mapping[str, int]) -> Budgets:
        """The budgets of the deployment with these values, by node."""
        if not values:
            return {}
        replaced = _with_children if setting == CHILDREN else _with_connections
        return _budgets(self._build(replaced(self._survey, self.deployment, values)))


def _all_hold(budgets: Budgets, group: Group, *, roomy: bool) -> bool:
    return all(name in budgets and holds(budgets[name], roomy=roomy) for name in group.instances)


def _budgets(deployment: Deployment) -> dict[str, Budget]:
    whole = (instance for instance in deployment.instances if not instance.fragment)
    return {instance.name: found for instance in whole if (found := budget(instance, deployment)) is not None}


def _groups(budgets: Iterable[Budget]) -> list[Group]:
    """Instances in the groups that their direct pools tie together."""
    group_of: dict[str, int] = {}
    members: list[tuple[list[str], list[str]]] = []
    for found in budgets:
        pools = sorted({link.client.name for link in found.links if isinstance(link.client, ClientPool)})
        met = sorted({group_of[pool] for pool in pools if pool in group_of})
        if not met:
            members.append(([], []))
            met = [len(members) - 1]
        instances, own = members[met[0]]
        for other in met[1:]:
            instances += members[other][0]
            own += members[other][1]
            members[other] = ([], [])
        instances.append(found.instance.name)
        own += [pool for pool in pools if pool not in own]
        group_of.update(dict.fromkeys(own, met[0]))
    return [Group(tuple(instances), tuple(own)) for instances, own in members if instances]


def _with_children(survey: Survey, deployment: Deployment, values: Mapping[str, int]) -> Survey:
    """The survey with other sizes of the pools that are named."""
    masters = {id(master.fpm): deployment.pools_by_master[master.name] for master in deployment.masters}
    files = []
    for one in survey.found.fpm:
        pools = tuple(
            pool.pool._replace(settings={**pool.pool.settings, CHILDREN: _number(CHILDREN, values[pool.name])})
            if pool.name in values
            else pool.pool
            for pool in masters[id(one.fpm)]
        )
        files.append(one._replace(fpm=one.fpm._replace(pools=pools)))
    return survey._replace(found=survey.found._replace(fpm=files))


def _with_connections(survey: Survey, deployment: Deployment, values: Mapping[str, int]) -> Survey:
    """The survey with another max_connections of the instances that are named."""
    names = {id(instance.postgres): instance.name for instance in deployment.instances}
    files = []
    for one in survey.found.postgres:
        name = names.get(id(one.postgres))
        if one.postgres is not None and name is not None and name in values:
            settings = {**one.postgres.settings, CONNECTIONS: _number(CONNECTIONS, values[name])}
            one = one._replace(postgres=one.postgres._replace(settings=settings))
        files.append(one)
    return survey._replace(found=survey.found._replace(postgres=files))


def _number(name: str, value: int) -> Effective:
    source = Source(SOLVE, f"{name}={value}")
    place = source.place(0, len(source.text))
    return Effective(name, str(value), Written(place, source.place(len(name) + 1, place.end), str(value)))
