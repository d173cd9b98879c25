"""The connection budget of one PostgreSQL instance: what it has, who takes it, what is left."""

from __future__ import annotations

from pgfpmlint.model.capacity import Slots, Sum, Term, pool_demand, slots
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Instance
from pgfpmlint.model.pooler_bound import poolers_bound
from pgfpmlint.record import NamedTuple


class Budget(NamedTuple):
    """``direct`` and ``pooled`` are the demands of client pools and of poolers; each instance has its own budget."""

    instance: Instance
    slots: Slots
    consumers: tuple[Term, ...]
    direct: Sum
    pooled: Sum
    links: tuple[Link, ...]

    @property
    def budget(self) -> int:
        """Usable slots less declared consumers."""
        return self.slots.usable - sum(term.amount for term in self.consumers)

    @property
    def demand(self) -> int:
        """The most connections that pools and poolers may take together."""
        return self.direct.total + self.pooled.total

    @property
    def headroom(self) -> int:
        """What is left; negative when demand exceeds the budget."""
        return self.budget - self.demand

    @property
    def per_pool_limit(self) -> int:
        """The largest equal ``pm.max_children`` of all direct pools, over all hosts, that the budget allows."""
        return self.budget // self.direct_pools if self.direct_pools else self.budget

    @property
    def direct_pools(self) -> int:
        """Pools that connect straight to the instance, each once for every host that runs it."""
        return sum(link.client.host.machines for link in self.links if isinstance(link.client, ClientPool))

    @property
    def assumption(self) -> str:
        """What a message must add when one of the links was assumed."""
        return next((link.assumption for link in self.links if link.assumption), "")


def budget(instance: Instance, deployment: Deployment) -> Budget | None:
    """The budget of ``instance``; None when its max_connections can't be known."""
    have = slots(instance)
    if have is None:
        return None
    direct, pooled = deployment.links.pools_to(instance), deployment.links.poolers_to(instance)
    consumers = tuple(
        Term(consumer.name, f"{consumer.connections} {consumer.name}", consumer.connections, (consumer.place,))
        for consumer in deployment.consumers.get(instance.name, ())
    )
    return Budget(
        instance,
        have,
        consumers,
        pool_demand(direct),
        poolers_bound(pooled, deployment.links),
        (*direct, *pooled),
    )
