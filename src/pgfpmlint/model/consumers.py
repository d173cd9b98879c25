"""Connections that ``consumers:`` in the configuration declares of whatever the tree does not show."""

from __future__ import annotations

from pgfpmlint.model.capacity import Term
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import Server


def consumer_terms(server: Server, deployment: Deployment) -> tuple[Term, ...]:
    """Those of ``server``: slots of an instance that pools can't have, or clients of a pooler."""
    return tuple(
        Term(one.name, f"{one.connections} {one.name}", one.connections, (one.place,))
        for one in deployment.consumers.get(server.name, ())
    )
