"""What chains of poolers, caps over several entries and unlisted databases add up to, worked out by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.model.budget import Budget, budget
from trees import deployment_of

DB = "hosts/db/etc/postgresql/16/main/postgresql.conf"
EDGE = "hosts/edge/etc/pgbouncer/pgbouncer.ini"
FRONT = "hosts/front/etc/pgbouncer/pgbouncer.ini"
POOL = "hosts/web/etc/php/8.3/fpm/pool.d/www.conf"
MASTER = {"hosts/web/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n"}


def bouncer(databases: str, sizes: str = "", more: str = "") -> str:
    return f"[databases]\n{databases}\n[pgbouncer]\nlisten_addr = *\n{sizes}\n{more}\n"


def budget_of(files: dict[str, str], version: str = "1.24", config: str = "") -> Budget:
    files = {
        DB: "listen_addresses = '*'\nmax_connections = 200\n",
        ".pgfpmlint.yaml": f'versions: {{pgbouncer: "{version}"}}\n{config}',
        **files,
    }
    deployment = deployment_of(files)
    found = budget(deployment.instances[0], deployment)
    assert found is not None
    return found


def pool(database: str, children: int = 60, user: str = "app") -> str:
    env = f"env[DB_HOST] = front\nenv[DB_PORT] = 6432\nenv[DB_DATABASE] = {database}\nenv[DB_USERNAME] = {user}\n"
    return f"[www]\nuser = w\nlisten = /run/w\npm = static\npm.max_children = {children}\n{env}"


@pytest.mark.parametrize(
    ("version", "total", "words"),
    [
        # Since 1.23 a user is one whichever entry forces it: 25 + 25 is cut to 9 together.
        ("1.24", 9, "9 max_user_connections"),
        # Before, each entry has a user of its own: 9 + 9 (force_user in src/objects.c).
        ("1.18", 18, None),
    ],
)
def test_a_cap_of_a_user_that_two_entries_force(version: str, total: int, words: str | None) -> None:
    ini = bouncer(
        "a = host=db user=shop\nb = host=db user=shop",
        "default_pool_size = 20\nreserve_pool_size = 5\nmax_user_connections = 9",
    )
    found = budget_of({EDGE: ini}, version).pooled
    assert (found.total, found.at_least) == (total, False)
    assert [term.words for term in found.terms if term.parts] == ([words] if words else [])


def test_users_of_a_forced_name_have_no_line_of_their_own_before_1_23() -> None:
    ini = bouncer("a = host=db user=shop", "default_pool_size = 20", "[users]\nshop = max_user_connections=4")
    assert budget_of({EDGE: ini}, "1.22").pooled.total == 20
    assert budget_of({EDGE: ini}, "1.23").pooled.total == 4


def test_two_users_of_two_entries_each_capped() -> None:
    """x and y may hold 20 in each of a and b; capped at 30 each that is 60, not 80."""
    config = "".join(
        f"  - {{from: web/{name}, to: edge, database: {database}, user: {user}}}\n"
        for name, database, user in (("p", "a", "x"), ("q", "a", "y"), ("r", "b", "x"), ("s", "b", "y"))
    )
    pools = "".join(f"[{name}]\nuser = w\nlisten = /run/{name}\npm = static\npm.max_children = 5\n" for name in "pqrs")
    ini = bouncer("a = host=db\nb = host=db", "default_pool_size = 20\nmax_user_connections = 30")
    found = budget_of({**MASTER, POOL: pools, EDGE: ini}, config="links:\n" + config).pooled
    assert (found.shown, found.terms[0].words) == ("60", "30 of user x + 30 of user y")


def test_the_reserve_is_off_without_its_timeout() -> None:
    ini = bouncer("a = host=db user=shop", "default_pool_size = 20\nreserve_pool_size = 5\nreserve_pool_timeout = 0")
    assert budget_of({EDGE: ini}).pooled.total == 20


def test_unlisted_databases_have_a_pool_each() -> None:
    """Two database names come in by *: 2 × 20. There may be more names."""
    config = (
        "links:\n  - {from: web/p, to: edge, database: a, user: x}\n  - {from: web/q, to: edge, database: b, user: x}\n"
    )
    pools = "".join(f"[{name}]\nuser = w\nlisten = /run/{name}\npm = static\npm.max_children = 5\n" for name in "pq")
    ini = bouncer("* = host=db", "default_pool_size = 20")
    found = budget_of({**MASTER, POOL: pools, EDGE: ini}, config=config).pooled
    assert (found.shown, found.terms[0].words) == ("≥ 40", "20 default_pool_size × 2 databases")


def test_both_hosts_of_an_entry_are_the_same_server_once() -> None:
    assert budget_of({EDGE: bouncer("a = host=db,db.internal user=shop", "default_pool_size = 20")}).pooled.total == 20


@pytest.mark.parametrize(
    ("front", "edge", "total", "says"),
    [
        (12, 30, 12, "no more than come through 12 default_pool_size of front/pgbouncer database shop"),
        (50, 30, 30, "30 default_pool_size"),
    ],
)
def test_a_chain_opens_what_its_narrowest_part_lets_through(front: int, edge: int, total: int, says: str) -> None:
    files = {
        **MASTER,
        POOL: pool("shop"),
        FRONT: bouncer("shop = host=edge port=6432", f"default_pool_size = {front}"),
        EDGE: bouncer("shop = host=db", f"default_pool_size = {edge}"),
    }
    found = budget_of(files).pooled
    assert (found.shown, found.terms[0].words) == (str(total), says)


def test_users_come_through_a_chain() -> None:
    """Two users of front/pgbouncer are two users of edge/pgbouncer: 2 × 30, of which 2 × 12 get through."""
    pools = pool("shop", user="x") + pool("shop", user="y").replace("[www]", "[two]").replace("/run/w", "/run/y")
    files = {
        **MASTER,
        POOL: pools,
        FRONT: bouncer("shop = host=edge port=6432", "default_pool_size = 12"),
        EDGE: bouncer("shop = host=db", "default_pool_size = 30"),
    }
    found = budget_of(files).pooled
    assert (found.shown, found.terms[0].words) == (
        "24",
        "no more than come through 12 default_pool_size × 2 users of front/pgbouncer database shop",
    )


def test_a_pool_beside_the_chain_widens_it() -> None:
    """60 workers come to edge/pgbouncer themselves, so that the 12 of front/pgbouncer bound nothing."""
    side = pool("shop").replace("[www]", "[side]").replace("/run/w", "/run/s").replace("= front", "= edge")
    files = {
        **MASTER,
        POOL: pool("shop") + side,
        FRONT: bouncer("shop = host=edge port=6432", "default_pool_size = 12"),
        EDGE: bouncer("shop = host=db", "default_pool_size = 30"),
    }
    assert budget_of(files).pooled.shown == "30"


def test_poolers_in_a_ring_come_to_an_end() -> None:
    ring = {
        FRONT: bouncer("shop = host=edge port=6432\nout = host=db user=u", "default_pool_size = 12"),
        EDGE: bouncer("shop = host=front port=6432\nshop2 = host=db user=u", "default_pool_size = 30"),
    }
    assert budget_of(ring).pooled.total == 42
