"""The connection budget of one PostgreSQL instance: what it has, who takes it, what is left."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.capacity import Slots, Sum, Term, held_by_workers, pool_demand, slots
from pgfpmlint.model.consumers import consumer_terms
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import ClientPool, Instance, Pooler, Proxy, Workers
from pgfpmlint.model.overlap import Peak, deployed, peak
from pgfpmlint.model.pooler_bound import poolers_bound
from pgfpmlint.record import NamedTuple


class Budget(NamedTuple):
    """``direct`` and ``pooled`` are the demands of client pools and of poolers; each instance has its own budget.

    ``percent`` of max_connections is the headroom that the policy asks for, ``wanted`` that in connections."""

    instance: Instance
    slots: Slots
    consumers: tuple[Term, ...]
    direct: Sum
    pooled: Sum
    links: tuple[Link, ...]
    peak: Peak
    percent: int
    wanted: int

    @property
    def budget(self) -> int:
        """Usable slots less declared consumers."""
        return self.slots.usable - sum(term.amount for term in self.consumers)

    @property
    def together(self) -> Sum:
        """What pools and poolers may take, at most."""
        return self.direct.joined(self.pooled)

    @property
    def demand(self) -> int:
        """The most connections that pools and poolers may take together."""
        return self.direct.total + self.pooled.total

    @property
    def at_least(self) -> bool:
        """Whether the demand may be larger, because something that multiplies it is not in the files."""
        return self.direct.at_least or self.pooled.at_least

    @property
    def headroom(self) -> int:
        """What is left; negative when demand exceeds the budget."""
        return self.budget - self.demand

    @property
    def fails(self) -> bool:
        """Whether connections will be refused: always, or in a deployment of the kind that is declared."""
        short = self.headroom < 0 or bool(self.pooled.unlimited)
        return short or (self.peak.declared and self.peak.total > self.budget)

    @property
    def per_pool_limit(self) -> int:
        """The connections that each direct pool may hold on each host, where all hold the same and poolers none."""
        return self.budget // self.direct_pools if self.direct_pools else self.budget

    @property
    def fitting_children(self) -> int | None:
        """The largest equal ``pm.max_children`` of all direct FPM pools that fits beside everybody else; None where
        there are no such pools."""
        held = self.held_by_workers
        return max(0, self.budget - self.beside) // held if held else None

    @property
    def beside(self) -> int:
        """What all who are no FPM pools may take: poolers, and other clients that connect straight to the instance."""
        others = [link for link in self._direct if not isinstance(link.client, ClientPool)]
        return self.pooled.total + (pool_demand(others).total if others else 0)

    @property
    def beside_words(self) -> str:
        """Who they are."""
        only_poolers = all(isinstance(link.client, ClientPool) for link in self._direct)
        return "of poolers" if only_poolers else "of others"

    @property
    def held_by_workers(self) -> int:
        """Connections that one worker of every direct FPM pool holds, on all hosts."""
        return held_by_workers(self.links)

    @property
    def _direct(self) -> list[Link]:
        return [link for link in self.links if not isinstance(link.client, (Pooler, Proxy))]

    @property
    def direct_pools(self) -> int:
        """Pools that connect straight to the instance, each once for every host that runs it."""
        return sum({link.client.name: link.client.host.machines for link in self._direct}.values())

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
    from_pools, from_poolers = pool_demand(direct), poolers_bound(pooled, deployment.links)
    if instance.scripts:
        from pgfpmlint.model.role_limits import limited

        from_pools, from_poolers = limited(instance, from_pools, from_poolers, deployment.links)
    # Nobody replaces the machine that the instance itself runs on to deploy an application.
    replaceable = deployment.application_hosts - {instance.host.name}
    replaced = [*_replaced(from_pools.terms, direct), *deployed(from_poolers.terms, replaceable)]
    return Budget(
        instance,
        have,
        (*consumer_terms(instance, deployment), *_wal_senders(instance)),
        from_pools,
        from_poolers,
        (*direct, *pooled),
        peak(replaced, from_pools.total + from_poolers.total, deployment.policy),
        deployment.policy.headroom,
        headroom_target(have.slots, deployment.policy.headroom),
    )


def _replaced(terms: Sequence[Term], links: Sequence[Link]) -> list[Term]:
    """Without those of clients that a deployment leaves alone: agents that watch the server."""
    lasting = {
        link.client.name for link in links if isinstance(link.client, Workers) and not link.client.workers.deployed
    }
    return [term for term in terms if term.name not in lasting]


def headroom_target(max_connections: int, percent: int) -> int:
    """The fewest connections that are ``percent`` of them: of 104, 20 are less than 20 %, and 21 are enough."""
    return -(-max_connections * percent // 100)


def _wal_senders(instance: Instance) -> tuple[Term, ...]:
    """WAL senders took slots from clients before PostgreSQL 12, whose files are read as if for 12."""
    older = instance.postgres.reading.version.instead_of
    senders = instance.postgres.setting("max_wal_senders")
    if not older or older >= (12,) or not senders.number:
        return ()
    if older < (10,) and not senders.is_written:  # the default was 0 up to 9.6
        return ()
    places = (senders.place,) if senders.is_written and senders.place is not None else ()
    words = f"{senders.number} max_wal_senders, which take clients' slots before PostgreSQL 12"
    return (Term("max_wal_senders", words, senders.number, places),)
