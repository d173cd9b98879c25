"""Who gets in: each answer follows from the servers' manuals and from what tests/servers measures."""

from __future__ import annotations

import pytest

from pgfpmlint.model.passage import Passage, Passages
from trees import deployment_of

CONFIG = """\
versions: {postgres: 16, pgbouncer: "1.24"}
hosts:
  web: {root: hosts/web, addresses: [10.0.1.10]}
  edge: {root: hosts/edge, addresses: [edge.internal, 10.0.1.20]}
  db: {root: hosts/db, addresses: [db.internal, 10.0.2.5]}
"""
FPM = "hosts/web/etc/php/8.3/fpm/php-fpm.conf"
CONF = "hosts/db/etc/postgresql/16/main/postgresql.conf"
HBA = "hosts/db/etc/postgresql/16/main/pg_hba.conf"
IDENT = "hosts/db/etc/postgresql/16/main/pg_ident.conf"
INI = "hosts/edge/etc/pgbouncer/pgbouncer.ini"
USERS = "hosts/edge/etc/pgbouncer/userlist.txt"

POOL = "[www]\nuser = www-data\nlisten = 9000\npm = static\npm.max_children = 5\n"
DIRECT = "env[PGHOST] = 10.0.2.5\nenv[PGDATABASE] = shop\nenv[PGUSER] = app\n"
POOLED = "env[PGHOST] = 10.0.1.20\nenv[PGPORT] = 6432\nenv[PGDATABASE] = shop\nenv[PGUSER] = app\n"
LISTENS = "listen_addresses = '*'\n"
BOUNCER = """\
[databases]
shop = host=10.0.2.5
[pgbouncer]
listen_addr = *
auth_type = {kind}
auth_file = /etc/pgbouncer/userlist.txt
"""
FORCED = "shop = host=10.0.2.5 user=app"
PLAIN = '"app" "hunter2"\n'
MD5 = '"app" "md5d8578edf8458ce06fbc5bb76a58c5ca4"\n'
SCRAM = '"app" "SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5"\n'
EMPTY = '"app" ""\n'
OTHER = '"other" "hunter2"\n'


def passages(files: dict[str, str]) -> tuple[Passage, ...]:
    return Passages(deployment_of({".pgfpmlint.yaml": CONFIG, CONF: LISTENS, **files})).all


def only(files: dict[str, str]) -> Passage:
    (found,) = passages(files)
    return found


def direct(hba: str, env: str = DIRECT, **more: str) -> Passage:
    return only({FPM: POOL + env, HBA: hba, **more})


def pooled(users: str, hba: str, *, kind: str = "md5", ini: str = BOUNCER, env: str = POOLED) -> Passage:
    return only({FPM: POOL + env, INI: ini.format(kind=kind), USERS: users, HBA: hba})


@pytest.mark.parametrize(
    ("hba", "verdict", "line"),
    [
        ("host all all 10.0.1.0/24 scram-sha-256\n", "admitted", 1),
        ("local all all peer\nhost shop app 10.0.1.10/32 md5\n", "admitted", 2),
        ("host all all 10.0.2.0/24 scram-sha-256\n", "rejected", None),
        ("host shop all 10.0.1.10/32 reject\nhost all all all trust\n", "rejected", 1),
        ("host other all all md5\nhost all other all md5\n", "rejected", None),
        ("host shop +staff all scram-sha-256\n", "unknown", None),
        # ssl is off: libpq asks for TLS, is told no, and goes on without
        ("hostnossl all all all trust\n", "admitted", 1),
        ("hostssl all all all trust\n", "rejected", None),
        ("host all all all ldap ldapserver=x ldapprefix=y\n", "unknown", 1),
        ("host all all all trust\nhost all all all trusst\n", "unknown", None),
    ],
)
def test_straight_to_the_instance(hba: str, verdict: str, line: int | None) -> None:
    found = direct(hba)
    leg = found.last
    assert leg is not None
    assert (found.verdict, leg.record.place.line if leg.record else None) == (verdict, line)
    assert (leg.database, leg.user, leg.address) == ("shop", "app", "10.0.1.10")


def test_without_its_records_nothing_is_known() -> None:
    assert only({FPM: POOL + DIRECT}).verdict == "unknown"


@pytest.mark.parametrize(
    ("listens", "verdict"),
    [
        ("listen_addresses = '10.0.2.5'\n", "admitted"),
        ("listen_addresses = '0.0.0.0'\n", "admitted"),
        ("listen_addresses = 'localhost, db.internal'\n", "admitted"),
        ("listen_addresses = '::'\n", "rejected"),
        ("listen_addresses = 'localhost'\n", "rejected"),
        ("listen_addresses = '10.0.2.6'\n", "rejected"),
        ("listen_addresses = ''\n", "rejected"),
        ("\n", "rejected"),
    ],
)
def test_where_it_listens(listens: str, verdict: str) -> None:
    found = direct("host all all all trust\n", **{CONF: listens})
    assert found.verdict == verdict
    assert verdict == "admitted" or "listens on" in found.why or "does not listen on 10.0.2.5, port 5432" in found.why


@pytest.mark.parametrize(("hba", "tls"), [("hostssl all all all md5\n", "yes"), ("hostnossl all all all md5\n", "no")])
def test_libpq_prefers_tls_and_does_without(hba: str, tls: str) -> None:
    found = direct(hba, **{CONF: LISTENS + "ssl = on\n"})
    assert (found.verdict, found.last.tls if found.last else None) == ("admitted", tls)


def test_an_address_that_nobody_declared() -> None:
    config = CONFIG.replace("web: {root: hosts/web, addresses: [10.0.1.10]}", "web: {root: hosts/web}")
    assert direct("host all all 10.0.1.0/24 md5\n", **{".pgfpmlint.yaml": config}).verdict == "unknown"
    assert direct("host all all all md5\n", **{".pgfpmlint.yaml": config}).verdict == "admitted"


def test_machines_that_fare_differently() -> None:
    machines = "web: {root: hosts/web, count: 3, addresses: [10.0.1.10, 10.0.1.11, 10.0.3.12]}"
    config = CONFIG.replace("web: {root: hosts/web, addresses: [10.0.1.10]}", machines)
    found = passages({FPM: POOL + DIRECT, HBA: "host all all 10.0.1.0/24 md5\n", ".pgfpmlint.yaml": config})
    assert [(one.verdict, one.last.address if one.last else None) for one in found] == [
        ("admitted", "10.0.1.10"),
        ("rejected", "10.0.3.12"),
    ]


def local(env: str, hba: str, pool: str = POOL, ident: str = "", conf: str = "") -> Passage:
    files = {
        "m/etc/php/8.3/fpm/php-fpm.conf": pool + env,
        "m/etc/postgresql/16/main/postgresql.conf": conf,
        "m/etc/postgresql/16/main/pg_hba.conf": hba,
        "m/etc/postgresql/16/main/pg_ident.conf": ident,
    }
    (found,) = Passages(deployment_of(files)).all
    return found


SOCKET = "env[PGHOST] = /var/run/postgresql\nenv[PGDATABASE] = shop\nenv[PGUSER] = {user}\n"


@pytest.mark.parametrize(
    ("user", "hba", "ident", "verdict"),
    [
        ("www-data", "local all all peer\n", "", "admitted"),
        ("app", "local all all peer\n", "", "rejected"),
        ("app", "local all all peer map=web\n", "web www-data app\n", "admitted"),
        ("app", "local all all peer map=web\n", "web other app\n", "rejected"),
        ("app", "local all all peer map=web\n", "", "rejected"),
        ("app", "local all all md5\n", "", "admitted"),
        ("app", "host all all all md5\n", "", "rejected"),
    ],
)
def test_through_the_socket(user: str, hba: str, ident: str, verdict: str) -> None:
    assert local(SOCKET.format(user=user), hba, ident=ident).verdict == verdict


def test_peer_needs_to_know_the_account() -> None:
    pool = POOL.replace("user = www-data", "user = 33")
    assert local(SOCKET.format(user="app"), "local all all peer\n", pool).verdict == "unknown"


@pytest.mark.parametrize(
    ("host", "conf", "hba", "verdict"),
    [
        ("127.0.0.1", "", "host all all 127.0.0.1/32 md5\n", "admitted"),
        ("127.0.0.1", "", "host all all ::1/128 md5\n", "rejected"),
        # the source of a connection to any of 127.0.0.0/8 is 127.0.0.1
        ("127.0.0.2", "listen_addresses = '*'\n", "host all all 127.0.0.2/32 md5\n", "rejected"),
        ("localhost", "", "host all all 127.0.0.1/32 md5\nhost all all ::1/128 md5\n", "admitted"),
        ("localhost", "", "host all all 127.0.0.1/32 md5\n", "unknown"),
        ("localhost", "", "host all all localhost md5\n", "unknown"),
        ("localhost", "", "host all all samehost md5\n", "admitted"),
        ("localhost", "listen_addresses = '127.0.0.1'\n", "host all all 127.0.0.1/32 md5\n", "admitted"),
        ("127.0.0.1", "listen_addresses = '10.0.0.1'\n", "host all all all md5\n", "rejected"),
    ],
)
def test_through_loopback(host: str, conf: str, hba: str, verdict: str) -> None:
    env = f"env[PGHOST] = {host}\nenv[PGDATABASE] = shop\nenv[PGUSER] = app\n"
    assert local(env, hba, conf=conf).verdict == verdict


OPEN = "host all all 10.0.1.20/32 {}\n"


@pytest.mark.parametrize(
    ("users", "method", "kind", "verdict"),
    [
        (PLAIN, "scram-sha-256", "md5", "admitted"),
        (PLAIN, "md5", "scram-sha-256", "admitted"),
        (PLAIN, "password", "md5", "admitted"),
        (MD5, "md5", "md5", "admitted"),
        (MD5, "scram-sha-256", "md5", "rejected"),
        (MD5, "password", "md5", "rejected"),
        (MD5, "trust", "md5", "admitted"),
        (MD5, "md5", "scram-sha-256", "rejected"),
        (SCRAM, "scram-sha-256", "scram-sha-256", "admitted"),
        (SCRAM, "scram-sha-256", "md5", "admitted"),
        (SCRAM, "scram-sha-256", "trust", "rejected"),
        (SCRAM, "scram-sha-256", "plain", "rejected"),
        (SCRAM, "password", "scram-sha-256", "rejected"),
        (EMPTY, "md5", "md5", "rejected"),
        (EMPTY, "trust", "trust", "admitted"),
        (EMPTY, "md5", "trust", "rejected"),
        (OTHER, "trust", "md5", "rejected"),
        (PLAIN, "scram-sha-256", "hba", "rejected"),  # without auth_hba_file there are no records: "login rejected"
        (PLAIN, "scram-sha-256", "pam", "unknown"),
        (PLAIN, "gss", "md5", "unknown"),
        (MD5, "ldap ldapserver=x ldapprefix=y", "md5", "rejected"),
    ],
)
def test_what_the_pooler_holds(users: str, method: str, kind: str, verdict: str) -> None:
    assert pooled(users, OPEN.format(method), kind=kind).verdict == verdict


@pytest.mark.parametrize(
    ("users", "entry", "method", "verdict"),
    [
        (PLAIN, FORCED, "scram-sha-256", "admitted"),
        (SCRAM, FORCED, "scram-sha-256", "rejected"),
        (PLAIN, f"{FORCED} password=hunter2", "scram-sha-256", "admitted"),
        # up to 1.25 with the key of the client, who is the same user: whether that fits only the server knows
        (SCRAM, f"{FORCED} password=hunter2", "scram-sha-256", "unknown"),
        (SCRAM, f"{FORCED} password=hunter2", "md5", "admitted"),
        (SCRAM, f"{FORCED} password=md5d8578edf8458ce06fbc5bb76a58c5ca4", "scram-sha-256", "rejected"),
        (PLAIN, "shop = host=10.0.2.5 user=ghost", "md5", "rejected"),
        (PLAIN, "shop = host=10.0.2.5 user=ghost", "trust", "admitted"),
        (PLAIN, "shop = host=10.0.2.5 auth_user=app", "md5", "admitted"),
        (PLAIN, "* = host=10.0.2.5", "md5", "admitted"),
        (PLAIN, "other = host=10.0.2.5", "md5", "rejected"),
    ],
)
def test_what_the_entry_says(users: str, entry: str, method: str, verdict: str) -> None:
    ini = BOUNCER.replace("shop = host=10.0.2.5", entry)
    found = [one for one in passages({FPM: POOL + POOLED, INI: ini.format(kind="scram-sha-256"), USERS: users,
             HBA: OPEN.format(method)}) if one.client.name == "web/www"]  # fmt: skip
    assert [one.verdict for one in found] == [verdict]


def test_auth_query_asks_for_those_that_are_not_listed() -> None:
    ini = BOUNCER + "auth_user = lookup\n"
    assert pooled('"lookup" "x"\n', OPEN.format("scram-sha-256"), kind="scram-sha-256", ini=ini).verdict == "admitted"
    assert pooled('"lookup" "x"\n', OPEN.format("md5"), ini=ini).verdict == "admitted"
    assert pooled('"lookup" "x"\n', OPEN.format("password"), ini=ini).verdict == "unknown"


@pytest.mark.parametrize(
    ("version", "mode", "hba", "verdict", "tls"),
    [
        ("1.24", "", "hostssl all all all trust\n", "admitted", "yes"),
        # up to 1.19 the default is disable
        ("1.18", "", "hostssl all all all trust\n", "rejected", "no"),
        ("1.24", "server_tls_sslmode = disable\n", "hostssl all all all trust\n", "rejected", "no"),
        # PgBouncer does not try again without TLS
        ("1.24", "server_tls_sslmode = prefer\n", "hostnossl all all all trust\n", "rejected", "yes"),
        ("1.24", "server_tls_sslmode = allow\n", "hostnossl all all all trust\n", "rejected", "yes"),
        ("1.24", "server_tls_sslmode = require\n", "host all all all trust\n", "admitted", "yes"),
    ],
)
def test_tls_behind_the_pooler(version: str, mode: str, hba: str, verdict: str, tls: str) -> None:
    config = CONFIG.replace('"1.24"', f'"{version}"')
    found = only({FPM: POOL + POOLED, INI: BOUNCER.format(kind="md5") + mode, USERS: PLAIN, HBA: hba,
                  CONF: LISTENS + "ssl = on\n", ".pgfpmlint.yaml": config})  # fmt: skip
    assert (found.verdict, found.last.tls if found.last else None) == (verdict, tls)


def test_a_pooler_that_demands_tls_of_a_server_without() -> None:
    found = pooled(PLAIN, OPEN.format("md5"), ini=BOUNCER + "server_tls_sslmode = verify-full\n")
    assert found.verdict == "rejected"
    assert found.why == "server_tls_sslmode = verify-full demands TLS, which the server does not speak"


def test_a_pooler_listens_on_its_socket_only() -> None:
    found = pooled(PLAIN, OPEN.format("md5"), ini=BOUNCER.replace("listen_addr = *\n", ""))
    assert found.why == "edge/pgbouncer listens on its Unix socket only: listen_addr is empty, the default"


def test_entries_that_no_pool_uses_are_followed_too() -> None:
    found = passages({INI: BOUNCER.format(kind="md5"), USERS: PLAIN, HBA: "host shop all 10.9.9.9/32 md5\n"})
    assert [(one.client.name, one.entry, one.verdict) for one in found] == [("edge/pgbouncer", "shop", "rejected")]


def test_what_is_assumed_is_not_certain() -> None:
    found = direct("host other all all md5\n", env="")
    assert (found.verdict, "assumed: db/16-main is the only" in found.why) == ("unknown", True)


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("etc/postgresql/16/main/", "rejected"),  # pg_ctlcluster adds nothing to the files
        ("etc/postgresql/", "unknown"),
        ("", "unknown"),  # a container's, whose command line may say more
    ],
)
def test_where_it_listens_by_default(path: str, verdict: str) -> None:
    hba = {
        f"hosts/db/{path}pg_hba.conf": "host all all all trust\n",
        f"hosts/db/{path}postgresql.conf": "port = 5432\n",
    }
    found = Passages(deployment_of({".pgfpmlint.yaml": CONFIG, FPM: POOL + DIRECT, **hba})).all
    assert [one.verdict for one in found] == [verdict]


@pytest.mark.parametrize(("listens", "linked"), [("port = 5432\n", True), ("listen_addresses = 'localhost'\n", False)])
def test_a_container_that_may_be_reached_is_a_candidate(listens: str, linked: bool) -> None:
    files = {"db/postgresql.conf": listens, "web/php-fpm.conf": POOL}
    assert (
        bool(deployment_of({".pgfpmlint.yaml": "hosts: {db: {root: db}, web: {root: web}}\n", **files}).links.known)
        is linked
    )
