"""The size of a PgBouncer between an instance and the pools that connect to it themselves."""

from __future__ import annotations

from pgfpmlint.config import Config
from pgfpmlint.model.added_pooler import NewPooler, with_poolers
from pgfpmlint.model.address import port
from pgfpmlint.model.budget import Budget, budget
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.dsn import POSTGRES_PORT
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.solve import SOLVE, Found, holds
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.replaced import NewValue
from pgfpmlint.resolve.settings import Written
from pgfpmlint.source.text import Source

SIZES = ("pool_size", "max_db_connections")
"""The cap keeps the bound where more users come than anybody knows of."""


class PoolerSolution(NamedTuple):
    """A [databases] line for each of ``databases``, which are names with what leads there, and each of the size that
    just ``fits`` or leaves the headroom (``roomy``). ``clients`` connections come to it, and ``peak`` in a deployment;
    ``pools`` are theirs."""

    instance: str
    databases: tuple[tuple[str, str], ...]
    pools: tuple[str, ...]
    clients: int
    peak: int
    cores: int | None
    fits: Found
    roomy: Found


def pooler_before(found: Budget, deployment: Deployment, config: Config) -> PoolerSolution | None:
    """None where no pool connects straight to the instance."""
    direct = [link for link in found.links if not isinstance(link.client, (Pooler, Proxy))]
    if not direct:
        return None
    trial = _Trial(found, deployment, config)
    databases = {link.database or "": _address(link) for link in direct}
    pools = sorted({link.client.name for link in direct})
    fits, roomy = (trial.largest(len(databases), roomy=roomy) for roomy in (False, True))
    cpus = found.instance.host.cpus
    return PoolerSolution(
        found.instance.name,
        tuple(sorted(databases.items())),
        tuple(pools),
        found.direct.total,
        found.direct.total + found.peak.extra,
        4 * cpus if cpus else None,
        fits,
        roomy,
    )


def _address(link: Link) -> str:
    """``host=db port=5432``: as a client names it, or by the host's own name."""
    if link.dsn is not None:
        return f"host={link.dsn.host} port={link.dsn.port}"
    return f"host={link.server.host.name.rpartition('/')[2]} port={port(link.server) or POSTGRES_PORT}"


class _Trial:
    """One instance with poolers of several sizes before it."""

    def __init__(self, found: Budget, deployment: Deployment, config: Config) -> None:
        self._found = found
        self._deployment = deployment
        self._config = config
        names = {host.name for host in deployment.hosts}
        self._host = next(name for name in ("pooler", "pgbouncer", "new-pooler", "new") if name not in names)

    def largest(self, lines: int, *, roomy: bool) -> Found:
        """The largest size of each line; None where not even 1 holds."""
        found = self._found
        left = found.budget - found.pooled.total - (found.wanted if roomy else 0)
        guess = max(1, left // lines)
        within, beyond = self._tried(guess), self._tried(guess + 1)
        if self._holds(within, roomy=roomy) and not self._holds(beyond, roomy=roomy):
            return Found(guess, within, beyond)
        low, high = 0, max(2, found.slots.slots + 1)
        while high - low > 1:
            middle = (low + high) // 2
            if self._holds(self._tried(middle), roomy=roomy):
                low = middle
            else:
                high = middle
        if low == 0:
            return Found(None, self._tried(1), None)
        return Found(low, self._tried(low), self._tried(high))

    def _tried(self, size: int) -> dict[str, Budget]:
        source = Source(SOLVE, f"pool_size={size}")
        place = source.place(0, len(source.text))
        values = tuple(NewValue(name, Written(place, place, str(size))) for name in SIZES)
        wanted = NewPooler("", self._host, values, place, self._found.instance.name)
        with_it = with_poolers(self._deployment, self._config, [wanted])
        found = budget(self._found.instance, with_it)
        return {} if found is None else {found.instance.name: found}

    def _holds(self, budgets: dict[str, Budget], *, roomy: bool) -> bool:
        return bool(budgets) and all(holds(found, roomy=roomy) for found in budgets.values())
