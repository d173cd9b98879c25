"""Who connects where: declared, named by an address, the only candidate, or unknown."""

from __future__ import annotations

import pytest

from pgfpmlint.config import ConfigError
from pgfpmlint.model.link import Links
from trees import deployment_of

POOL = "[www]\nuser = www-data\nlisten = /run/php/www.sock\npm = static\npm.max_children = 5\n"
MASTER = {"hosts/web/etc/php/8.3/fpm/php-fpm.conf": "include = /etc/php/8.3/fpm/pool.d/*.conf\n"}
WWW = "hosts/web/etc/php/8.3/fpm/pool.d/www.conf"
DB = "hosts/db/etc/postgresql/16/main/postgresql.conf"
EDGE = "hosts/edge/etc/pgbouncer/pgbouncer.ini"
REMOTE = "listen_addresses = '*'\n"
BOUNCER = "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\n"


def links_of(files: dict[str, str]) -> Links:
    return deployment_of(files).links


def ends(links: Links) -> list[tuple[str, str, str]]:
    return [(link.client.name, link.server.name, link.certainty) for link in links.known]


def test_the_only_server_is_taken_and_marked() -> None:
    links = links_of({**MASTER, WWW: POOL, DB: REMOTE})
    assert ends(links) == [("web/www", "db/16-main", "only candidate")]
    assert "assumed: db/16-main is the only PostgreSQL" in links.known[0].assumption


def test_a_server_that_only_listens_locally_is_no_candidate_for_another_host() -> None:
    assert ends(links_of({**MASTER, WWW: POOL, DB: "max_connections = 50\n"})) == []


def test_two_candidates_are_unknown() -> None:
    links = links_of({**MASTER, WWW: POOL, DB: REMOTE, EDGE: BOUNCER})
    assert [unlinked.client.name for unlinked in links.unknown] == ["web/www"]
    assert links.gap == "nothing tells where web/www connects"


@pytest.mark.parametrize(
    ("env", "server"),
    [
        ("env[DB_HOST] = db\n", "db/16-main"),
        ("env[DB_HOST] = db.example.com\n", "db/16-main"),
        ("env[DB_HOST] = edge\nenv[DB_PORT] = 6432\n", "edge/pgbouncer"),
        ('env[DATABASE_URL] = "postgresql://app:secret@edge:6432/shop"\n', "edge/pgbouncer"),
        ('env[DATABASE_URL] = "pgsql://app@db/shop?serverVersion=16"\n', "db/16-main"),
        ("env[PGHOST] = db\nenv[PGPORT] = 5432\n", "db/16-main"),
        ("env[DATABASE_HOST] = db\nenv[DATABASE_PORT] = 5432\n", "db/16-main"),
        # names of hosts have no case, and may end with the root's dot
        ("env[DB_HOST] = DB.Example.COM.\n", "db/16-main"),
        # libpq connects to the address, whatever the name
        ("env[PGHOST] = name.example.net\nenv[PGHOSTADDR] = 10.0.2.5\n", "db/16-main"),
        # several hosts, each with its port
        ('env[DATABASE_URL] = "postgresql://app@other:5432,edge:6432/shop"\n', "edge/pgbouncer"),
        ('env[DATABASE_URL] = "postgresql://app@other,edge:6432/shop"\n', "edge/pgbouncer"),
        # another name, and the only address there is
        ('env[SHOP_DB] = "postgresql://app@db/shop"\n', "db/16-main"),
        ('env[DATABASE_DSN] = "pgsql:host=db;port=5432;dbname=shop"\n', "db/16-main"),
        # what reads connects, too
        (
            'env[DB_HOST] = edge\nenv[DB_PORT] = 6432\nenv[DATABASE_REPLICA_URL] = "postgresql://db/shop"\n',
            "db/16-main",
        ),
    ],
)
def test_addresses_in_the_environment(env: str, server: str) -> None:
    config = "hosts: {db: {root: hosts/db, addresses: [10.0.2.5]}}\n"
    links = links_of({**MASTER, WWW: POOL + env, DB: REMOTE, EDGE: BOUNCER, ".pgfpmlint.yaml": config})
    assert ("web/www", server, "address") in ends(links)


def test_an_address_that_nobody_has_is_unknown() -> None:
    links = links_of({**MASTER, WWW: POOL + "env[DB_HOST] = rds.example.net\n", DB: REMOTE})
    assert ends(links) == []
    assert "names rds.example.net, port 5432" in links.unknown[0].why


def test_a_value_from_the_running_environment_is_unknown() -> None:
    links = links_of({**MASTER, WWW: POOL + "env[DB_HOST] = $DB_HOST\n", DB: REMOTE})
    assert ends(links) == []
    assert "from the environment of the running FPM" in links.unknown[0].why


@pytest.mark.parametrize(
    "env",
    [
        "env[DB_CONNECTION] = mysql\nenv[DB_HOST] = db\n",
        'env[DATABASE_URL] = "mysql://app@db:3306/shop"\n',
        'env[DATABASE_URL] = "mysql://app@db/shop"\nenv[DB_HOST] = db\n',
        "env[MYSQL_HOST] = mysql\n",
        "env[WORDPRESS_DB_HOST] = mysql\nenv[WORDPRESS_DB_NAME] = wp\n",
    ],
)
def test_a_pool_of_another_database_is_no_client(env: str) -> None:
    links = links_of({**MASTER, WWW: POOL + env, DB: REMOTE})
    assert (links.known, links.unknown) == ((), ())


def test_a_pool_of_two_databases_is_a_client_of_the_one() -> None:
    env = 'env[DATABASE_URL] = "mysql://app@mysql/shop"\nenv[PGHOST] = db\n'
    assert ends(links_of({**MASTER, WWW: POOL + env, DB: REMOTE})) == [("web/www", "db/16-main", "address")]


def test_php_without_the_extension_is_no_client() -> None:
    files = {**MASTER, WWW: POOL, DB: REMOTE, "hosts/web/etc/php/8.3/fpm/conf.d/10-pdo.ini": "extension=pdo.so\n"}
    assert ends(links_of(files)) == []
    files["hosts/web/etc/php/8.3/fpm/conf.d/20-pdo_pgsql.ini"] = "extension=pdo_pgsql.so\n"
    assert ends(links_of(files)) == [("web/www", "db/16-main", "only candidate")]


def test_two_addresses_are_two_links() -> None:
    env = "env[DB_HOST] = db\nenv[DB_READ_HOST] = replica\n"
    replica = {"hosts/replica/etc/postgresql/16/main/postgresql.conf": REMOTE}
    assert [server for _, server, _ in ends(links_of({**MASTER, WWW: POOL + env, DB: REMOTE, **replica}))] == [
        "db/16-main",
        "replica/16-main",
    ]


def test_loopback_means_the_same_host() -> None:
    local = {"hosts/web/etc/postgresql/16/main/postgresql.conf": ""}
    links = links_of({**MASTER, WWW: POOL + "env[PGHOST] = 127.0.0.1\n", DB: REMOTE, **local})
    assert ends(links) == [("web/www", "web/16-main", "address")]


def test_a_declaration_wins_over_an_address() -> None:
    config = "links:\n  - {from: web/www, to: edge, database: shop, user: app, connections_per_worker: 2}\n"
    links = links_of(
        {**MASTER, WWW: POOL + "env[DB_HOST] = db\n", DB: REMOTE, EDGE: BOUNCER, ".pgfpmlint.yaml": config}
    )
    assert ends(links) == [("web/www", "edge/pgbouncer", "declared"), ("edge/pgbouncer", "db/16-main", "address")]
    assert (links.known[0].per_process, links.known[0].user) == (2, "app")


@pytest.mark.parametrize(
    ("end", "says"),
    [
        ("wbe/www", "names no node of this tree; there are: "),
        ("web", "names several nodes; write one of: web/api, web/www"),
    ],
)
def test_a_declared_end_must_name_one_node(end: str, says: str) -> None:
    api = {"hosts/web/etc/php/8.3/fpm/pool.d/api.conf": POOL.replace("www", "api")}
    config = {".pgfpmlint.yaml": f"links:\n  - {{from: {end}, to: db}}\n"}
    with pytest.raises(ConfigError, match=r"^\.pgfpmlint\.yaml:2: ") as refused:
        links_of({**MASTER, WWW: POOL, **api, DB: REMOTE, **config})
    assert says in str(refused.value)


def test_pooler_entries_find_their_instances() -> None:
    ini = "[databases]\na = host=db\nb = host=10.9.9.9\nc =\n[pgbouncer]\nlisten_addr = *\n"
    links = links_of({DB: REMOTE, EDGE: ini})
    assert [(link.entry.name if link.entry else "", link.server.name) for link in links.known] == [("a", "db/16-main")]
    assert [unlinked.entry.name for unlinked in links.unknown if unlinked.entry] == ["b", "c"]


def test_environments_keep_to_themselves() -> None:
    """The same names in staging/ and production/ mean the hosts of one's own environment."""
    files = {}
    for environment in ("staging", "production"):
        for path, text in {**MASTER, WWW: POOL + "env[DB_HOST] = db\n", DB: REMOTE}.items():
            files[path.replace("hosts/", f"{environment}/")] = text
    assert ends(links_of(files)) == [
        ("production/web/www", "production/db/16-main", "address"),
        ("staging/web/www", "staging/db/16-main", "address"),
    ]


@pytest.mark.parametrize(
    ("env", "known", "why"),
    [
        ("env[DB_HOST] = $DB_HOST\n", 0, "DB_HOST takes its value from the environment of the running FPM"),
        (
            "env[DB_HOST] = db\nenv[DB_PORT] = $DB_PORT\n",
            0,
            "DB_PORT takes its value from the environment of the running FPM",
        ),
        ("env[DB_HOST] = db\nenv[DB_PORT] = \u00b2\n", 0, "DB_PORT is no port"),
        ("env[PGHOST] = db\nenv[PGPORT] = " + "9" * 5000 + "\n", 0, "PGPORT is no port"),
        (
            'env[DATABASE_URL] = "postgresql://db:' + "9" * 5000 + '/shop"\n',
            0,
            "env[DATABASE_URL] can't be read as a URL",
        ),
        ("env[PGSERVICE] = shop\n", 0, "PGSERVICE names a service, whose address stands in a pg_service.conf"),
        (
            'env[DB_HOST] = db\nenv[REPORTS] = "postgresql://stats/shop"\n',
            1,
            "env[REPORTS] names stats, too, and nothing says whether workers connect there",
        ),
    ],
)
def test_addresses_that_nobody_can_tell(env: str, known: int, why: str) -> None:
    """With one server in reach: what says something that can't be read does not say nothing."""
    links = links_of({**MASTER, WWW: POOL + env, DB: REMOTE})
    assert (len(links.known), [unlinked.why for unlinked in links.unknown]) == (known, [why])


def test_an_address_that_two_variables_name_is_one_connection() -> None:
    links = links_of({**MASTER, WWW: POOL + 'env[DB_HOST] = db\nenv[OTHER] = "postgresql://app@db/shop"\n', DB: REMOTE})
    assert [(link.server.name, link.per_process) for link in links.known] == [("db/16-main", 1)]


def test_a_password_with_a_slash_is_no_host() -> None:
    url = 'env[DATABASE_URL] = "postgresql://app:1,secret/9@db/shop"\n'
    links = links_of({**MASTER, WWW: POOL + url, DB: REMOTE})
    assert [unlinked.why for unlinked in links.unknown] == ["env[DATABASE_URL] can't be read as a URL"]
