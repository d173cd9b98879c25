"""What one file knows of names in another: completion, hover and references across files, over the protocol.

Expected places are counted off the files below by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from editor.client import Editor, Message, editor

DB = "db/etc/postgresql/16/main/postgresql.conf"
HBA = "db/etc/postgresql/16/main/pg_hba.conf"
IDENT = "db/etc/postgresql/16/main/pg_ident.conf"
SPARE = "spare/etc/postgresql/16/main/postgresql.conf"
BOUNCER = "edge/etc/pgbouncer/pgbouncer.ini"
USERS = "edge/etc/pgbouncer/userlist.txt"
POOL = "web/etc/php/8.3/fpm/pool.d/www.conf"
CONFIG = ".pgfpmlint.yaml"

SECRET = "blue-Giraffe-17"

FILES = {
    CONFIG: """\
hosts:
  db: {root: db, addresses: [pg.internal]}
  edge: {root: edge, addresses: [pool.internal, 10.0.0.4]}
consumers:
  - {name: backups, to: db, connections: 1}
""",
    DB: "listen_addresses = '*'\nmax_connections = 100\nshared_buffers = 4GB\nmax_connections = 120\nwork_mem = 'x\n",
    SPARE: "max_connections = 50\n",
    HBA: """\
local   all   all            peer map=crew
hostssl shop  shop  10.0.0.4/32  scram-sha-256
hostssl shop  audit 10.0.0.9/32  cert map=crew
host    all   all   10.0.0.0/8   ldap ldapserver=directory ldaptls=1
""",
    IDENT: "crew  root  postgres\ncrew  deploy  shop\nother  root  all\n",
    BOUNCER: f"""\
[databases]
shop = host=pg.internal port=5432 user=shop password={SECRET} pool_size=12
spare = host=pg.internal auth_user=looker
[pgbouncer]
listen_addr = *
pool_mode = transaction
default_pool_size = 30
admin_users = boss, root
auth_file = /etc/pgbouncer/userlist.txt
auth_type = scram-sha-256
""",
    USERS: f'"boss" "{SECRET}"\n',
    POOL: """\
[www]
user = www-data
listen = 9000
pm = static
pm.max_children = 5
php_admin_value[memory_limit] = 64M
env[DATABASE_URL] = postgresql://web@pool.internal:6432/shop
""",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("names")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    with editor(folder) as one:
        yield one
        assert SECRET not in str(one.said)


@pytest.fixture
def one(server: Editor) -> Iterator[Editor]:
    yield server
    server.close_all()


def lines(one: Editor, path: str, mark: str) -> list[tuple[str, int]]:
    """References from the marked place."""
    params = one.at(path, mark, context={"includeDeclaration": True})
    lead = one.folder.as_uri() + "/"
    return [
        (found["uri"].removeprefix(lead), found["range"]["start"]["line"] + 1)
        for found in one.request("textDocument/references", params)
    ]


def values(found: dict[str, Message]) -> set[str]:
    return set(found)


def test_references_of_a_setting(one: Editor) -> None:
    one.open(DB)
    assert lines(one, DB, "max_conn|ections = 120") == [(DB, 2), (DB, 4), (SPARE, 1)]
    assert lines(one, DB, "shared_|buffers") == [], "no other line sets it"


def test_references_of_a_map(one: Editor) -> None:
    one.open(IDENT)
    both = [(HBA, 1), (HBA, 3), (IDENT, 1), (IDENT, 2)]
    assert lines(one, IDENT, "cr|ew  root") == both
    assert lines(one, IDENT, "oth|er  root") == []
    one.open(HBA)
    assert lines(one, HBA, "peer map=cr|ew") == both


def test_references_of_a_user_and_of_a_connection(one: Editor) -> None:
    one.open(USERS)
    assert lines(one, USERS, '"bo|ss"') == [(BOUNCER, 8)]
    one.open(POOL)
    assert {(BOUNCER, 2), (POOL, 7)} <= {*lines(one, POOL, "env[DATABASE|_URL]")}
    one.open(BOUNCER)
    assert (POOL, 7) in lines(one, BOUNCER, "sh|op = host")


def test_references_of_a_node(one: Editor) -> None:
    one.open(CONFIG)
    found = lines(one, CONFIG, "to: d|b,")
    assert {(CONFIG, 2), (CONFIG, 5), (DB, 1)} <= {*found}


def test_hover_on_an_entry_and_its_keys(one: Editor) -> None:
    one.open(BOUNCER)
    size = one.hover(BOUNCER, "pool_si|ze=12")
    assert size.startswith("**pool_size**")
    assert f"* edge/pgbouncer shop runs with `12`, from {BOUNCER}:2" in size
    entry = one.hover(BOUNCER, "sp|are = host")
    assert f"* edge/pgbouncer spare: default_pool_size `30`, from {BOUNCER}:7" in entry
    assert f"* edge/pgbouncer spare: pool_mode `transaction`, from {BOUNCER}:6" in entry
    assert "* edge/pgbouncer spare: max_db_connections `0`, the default" in entry
    password = one.hover(BOUNCER, "pass|word=")
    assert "`********`" in password
    assert SECRET not in password


def test_hover_on_records(one: Editor) -> None:
    one.open(HBA)
    assert one.hover(HBA, "ldap ldaptl|s=1".replace("ldap ", "")) == (
        "**ldaptls**: 1: TLS for the way from this server to the directory server"
    )
    assert one.hover(HBA, "cert map=cr|ew").startswith("**map**: the map of pg_ident.conf")
    one.open(IDENT)
    told = one.hover(IDENT, "crew  dep|loy")
    assert told == f"**crew**: deploy outside may be role shop here\n\n* asked for by {HBA}:1\n* asked for by {HBA}:3"
    assert one.hover(IDENT, "other  ro|ot") == (
        "**other**: root outside may be every role here\n\nNo record asks for other, as far as the files show"
    )


def test_hover_on_a_line_that_the_server_cannot_read(one: Editor) -> None:
    one.open(DB)
    told = one.hover(DB, "work_m|em = 'x")
    assert told.startswith("**work_mem**, PostgreSQL 16\n\nPostgreSQL 16 can't read this line: ")
    assert "Memory that one sort or hash may take" in told


def test_hover_on_a_setting_of_php(one: Editor) -> None:
    one.open(POOL)
    told = one.hover(POOL, "memory_lim|it")
    assert told.startswith("**memory_limit**, PHP 8.3")
    assert f"* web/www runs with `64M`, from {POOL}:6" in told


def test_names_for_maps_and_users(one: Editor) -> None:
    one.open(IDENT)
    maps = values(one.proposed(IDENT, "c|", "c|\n"))
    assert "crew" in maps
    assert {"include", "include_dir"} <= maps, "from PostgreSQL 16 on"
    assert one.proposed(IDENT, "crew |", "crew |\n") == {}, "no file tells who is outside"
    assert values(one.proposed(IDENT, "deploy |", "crew deploy |\n")) == {"all", "shop", "audit"}

    one.open(USERS)
    users = one.proposed(USERS, '"|', f'"boss" "{SECRET}"\n"|')
    assert set(users) == {'"root"', '"shop"', '"looker"', '"web"'}, "boss has a line"
    assert one.proposed(USERS, '"web" |', '"web" |') == {}
    assert one.proposed(USERS, '"web" "|', '"web" "|') == {}

    one.open(BOUNCER)
    entry = "[databases]\nshop = host=pg.internal user=|\n"
    assert {"looker", "boss"} <= values(one.proposed(BOUNCER, "user=|", entry + FILES[BOUNCER].split("\n", 3)[3]))


def test_values_with_units(one: Editor) -> None:
    one.open(POOL)
    pool = "[www]\n"
    array = "php_admin_value[memory_limit] = 64"
    assert values(one.proposed(POOL, f"{array}|", f"{pool}{array}|\n")) == {"64K", "64M", "64G"}
    flag = "php_admin_flag[pgsql.allow_persistent] = "
    assert values(one.proposed(POOL, f"{flag}|", f"{pool}{flag}|\n")) == {"On", "Off"}
    timeout = "request_terminate_timeout = 30"
    assert values(one.proposed(POOL, f"{timeout}|", f"{pool}{timeout}|\n")) == {"30s", "30m", "30h", "30d"}
    assert values(one.proposed(POOL, "clear_env = |", f"{pool}clear_env = |\n")) == {"yes", "no"}
