"""The connections of a deployment's worst moment: old workers still hold theirs while new ones connect."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pgfpmlint.config import Policy
from pgfpmlint.model.capacity import Term
from pgfpmlint.model.nodes import Host
from pgfpmlint.record import NamedTuple

ROLLING, BLUE_GREEN, NONE = "rolling", "blue-green", "none"


class Peak(NamedTuple):
    """``total`` connections at the worst moment, ``extra`` more than otherwise; ``words`` say when. It is to be judged
    only where the overlap is ``declared``."""

    total: int
    extra: int
    words: str
    declared: bool


def peak(terms: Sequence[Term], steady: int, policy: Policy) -> Peak:
    """The peak of ``steady`` connections, of which ``terms`` come from machines that a deployment replaces.

    Rolling, one host group at a time: ``batch`` of its machines run old and new workers. Blue and green: all do. What
    a pooler on machines of its own opens stays, for it is not deployed with the application.
    """
    overlap = policy.overlap
    declared = overlap is not None
    kind, batch = (overlap.kind, overlap.batch) if overlap is not None else (ROLLING, 1)
    by_host: dict[Host, int] = {}
    for term in terms:
        if term.host is not None:
            by_host[term.host] = by_host.get(term.host, 0) + term.amount
    if kind == NONE:
        return Peak(steady, 0, "old and new workers are declared not to overlap", declared)
    if kind == BLUE_GREEN:
        extra = sum(by_host.values())
        return Peak(steady + extra, extra, "while blue and green both run", declared)
    replaced = [_replaced(host, amount, batch) for host, amount in by_host.items()]
    extra, words = max(replaced, default=(0, "whenever the application is deployed"), key=lambda one: one[0])
    return Peak(steady + extra, extra, words, declared)


def _replaced(host: Host, amount: int, batch: int) -> tuple[int, str]:
    together = min(batch, host.machines)
    if host.machines == 1:
        return amount, f"while old and new workers of {host.name} overlap"
    verb = "is" if together == 1 else "are"
    words = f"while {together} of the {host.machines} {host.name} hosts {verb} replaced"
    return amount // host.machines * together, words


def deployed(terms: Sequence[Term], applications: Collection[str]) -> list[Term]:
    """Those of ``terms`` that come from hosts that run the application too: poolers beside it are replaced with it."""
    return [term for term in terms if term.host is not None and term.host.name in applications]
