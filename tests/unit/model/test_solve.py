"""Proposed values hold, and one step further they don't: by hand, and as a law of any deployment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint import pipeline
from pgfpmlint.model.budget import Budget
from pgfpmlint.model.proposals import Proposals, proposals
from pgfpmlint.model.solve import Found, holds
from pgfpmlint.model.survey import Survey
from pgfpmlint.options import Options
from trees import config_of, tree_of


def files_of(
    limit: int,
    pools: list[tuple[str, int, int, int]],
    *,
    pooled: int = 0,
    process_max: int = 0,
    policy: str = "",
    monitoring: int = 0,
) -> dict[str, str]:
    """``pools``: host, machines, workers, connections of one worker."""
    files = {"hosts/db/etc/postgresql/16/main/postgresql.conf": f"listen_addresses = '*'\nmax_connections = {limit}\n"}
    config, links = "hosts:\n  db: {root: hosts/db}\n", ""
    for host, machines, children, each in pools:
        base = f"hosts/{host}/etc/php/8.3/fpm/"
        cap = f"process.max = {process_max}\n" if process_max else ""
        files[base + "php-fpm.conf"] = f"{cap}include = /etc/php/8.3/fpm/pool.d/*.conf\n"
        files[base + "pool.d/www.conf"] = (
            f"[www]\nuser = w\nlisten = /run/w\npm = static\npm.max_children = {children}\n"
        )
        config += f"  {host}: {{root: hosts/{host}, count: {machines}}}\n"
        links += f"  - {{from: {host}/www, to: db, database: shop, connections_per_worker: {each}}}\n"
    if pooled:
        files["hosts/edge/etc/pgbouncer/pgbouncer.ini"] = (
            f"[databases]\nx = host=db user=x\n[pgbouncer]\nlisten_addr = *\ndefault_pool_size = {pooled}\n"
        )
    config += f"links:\n{links}" if links else ""
    config += f"consumers: [{{name: monitoring, to: db, connections: {monitoring}}}]\n" if monitoring else ""
    return {**files, ".pgfpmlint.yaml": config + policy}


def proposed(files: dict[str, str]) -> Proposals:
    return proposals(pipeline.survey(tree_of(files), config_of(files), Options()), Survey.deployment)


def test_by_hand() -> None:
    """120 - 3 - 2 = 115. (115 - 25) / 3 = 30, with 24 free (115 - 25 - 24) / 3 = 22. 3 × 50 + 25 + 5 = 180; 225 keeps
    45 free, a fifth of it, and 224 only 44 of the 44.8 wanted. A pooler before the three: 115 - 25 = 90, or 66."""
    found = proposed(files_of(120, [("web", 3, 50, 1)], pooled=25, monitoring=2))
    (children,), (connections,), (pooler,) = found.children, found.connections, found.poolers
    assert (children.fits.value, children.roomy.value) == (30, 22)
    assert (connections.fits.value, connections.roomy.value) == (180, 225)
    assert (pooler.fits.value, pooler.roomy.value, pooler.clients, pooler.peak) == (90, 66, 150, 200)


def test_a_declared_overlap_is_part_of_it() -> None:
    """Of 157, with one of three machines twice: 4 × 39 = 156 fit."""
    found = proposed(files_of(160, [("web", 3, 50, 1)], policy="policy: {overlap: {kind: rolling}}\n"))
    assert found.children[0].fits.value == 39
    assert found.connections[0].fits.value == 203


def test_two_connections_of_a_worker_count_twice() -> None:
    found = proposed(files_of(100, [("web", 2, 50, 2), ("admin", 1, 5, 1)]))
    assert found.children[0].fits.value == 97 // 5
    assert found.children[0].nodes == ("admin/www", "web/www")


def test_process_max_may_leave_any_number() -> None:
    found = proposed(files_of(100, [("web", 2, 50, 1)], process_max=40))
    assert (found.children[0].fits.value, found.children[0].fits.beyond) == (100_000, None)
    # with 20 free 77 are left: 2 × 38 = 76
    assert found.children[0].roomy.value == 38


def test_where_nothing_helps() -> None:
    found = proposed(files_of(20, [("web", 3, 50, 1)], pooled=25))
    assert (found.children[0].fits.value, found.poolers[0].fits.value) == (None, None)
    assert found.connections[0].fits.value == 3 * 50 + 25 + 3


def test_a_pool_of_two_instances_fits_both() -> None:
    """web/www is on both, report/www on the small one: (47) / (2 + 1) = 15, though the large one had room for 48."""
    files = files_of(100, [("web", 2, 50, 1), ("report", 1, 5, 1)])
    files["hosts/small/etc/postgresql/16/main/postgresql.conf"] = "listen_addresses = '*'\nmax_connections = 50\n"
    ends = (("web/www", "db"), ("web/www", "small"), ("report/www", "small"))
    links = "links:\n" + "".join(f"  - {{from: {pool}, to: {to}}}\n" for pool, to in ends)
    files[".pgfpmlint.yaml"] = files[".pgfpmlint.yaml"].partition("links:")[0] + links
    (solution,) = proposed(files).children
    assert set(solution.group.instances) == {"db/16-main", "small/16-main"}
    assert solution.fits.value == 15


POOLS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(1, 6), st.integers(1, 80), st.integers(1, 3)),
    min_size=1,
    max_size=4,
    unique_by=lambda pool: pool[0],
)
POLICIES = st.sampled_from(
    [
        "",
        "policy: {headroom: 0%}\n",
        "policy: {headroom: 35%, overlap: {kind: rolling, batch: 2}}\n",
        "policy: {headroom: 99%}\n",
        "policy: {overlap: {kind: blue-green}}\n",
        "policy: {overlap: {kind: none}}\n",
    ]
)


def is_best(found: Found, *, roomy: bool) -> bool:
    """Whether all hold with the value and not all with one step further."""

    def all_hold(budgets: dict[str, Budget]) -> bool:
        return all(holds(one, roomy=roomy) for one in budgets.values())

    if found.value is None:
        return not all_hold(dict(found.within))
    return all_hold(dict(found.within)) and (found.beyond is None or not all_hold(dict(found.beyond)))


@settings(deadline=None, max_examples=40)
@given(
    limit=st.integers(10, 400),
    pools=POOLS,
    pooled=st.integers(0, 40),
    process_max=st.sampled_from([0, 0, 7, 60]),
    policy=POLICIES,
    monitoring=st.integers(0, 5),
)
def test_a_solution_holds_and_the_next_one_does_not(
    limit: int,
    pools: list[tuple[str, int, int, int]],
    pooled: int,
    process_max: int,
    policy: str,
    monitoring: int,
) -> None:
    files = files_of(limit, pools, pooled=pooled, process_max=process_max, policy=policy, monitoring=monitoring)
    found = proposed(files)
    values = [(one.fits, one.roomy) for one in (*found.children, *found.connections)]
    for fits, roomy in [*values, *((one.fits, one.roomy) for one in found.poolers)]:
        assert is_best(fits, roomy=False)
        assert is_best(roomy, roomy=True)
    if not process_max and "overlap" not in policy:
        # What is left, shared by every worker's connections on every machine.
        left = limit - 3 - monitoring - pooled
        share = left // sum(machines * each for _, machines, _, each in pools)
        assert found.children[0].fits.value == (share if share > 0 else None)
        demand = pooled + sum(machines * children * each for _, machines, children, each in pools)
        assert found.connections[0].fits.value == demand + 3 + monitoring
        assert found.poolers[0].fits.value == (left if left > 0 else None)
