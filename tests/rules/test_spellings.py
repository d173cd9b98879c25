"""A value spelt otherwise is the same value: to the reading, and to every rule."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from rule_examples import cases, findings
from spellings import SIZED, Copy, respelt

from pgfpmlint.examples import Case, outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.model.world import World
from pgfpmlint.registry.load import rule_book
from pgfpmlint.resolve import fpm, pgbouncer, php_ini, postgres
from pgfpmlint.resolve.hba.rows import row
from pgfpmlint.source.text import Place
from trees import world_of

BOOK = rule_book()
CASES = [case for case in cases() if "spelt" not in case.unmutated and not case.unreadable]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.name}" for case in CASES])
def test_values_spelt_otherwise(case: Case) -> None:
    """The servers would run with the same values, and the rule says as much of the same places."""
    world = world_of(case.files)
    copies = respelt(world, case.files)
    if copies:
        files = {**case.files, **{path: copy.text for path, copy in copies.items()}}
        assert effective(world_of(files)) == effective(world)
        before = findings(case, outcome(case, book=BOOK)) if case.expected else []
        after = findings(case, outcome(case, files, book=BOOK))
        assert sorted(map(placed, after)) == sorted(expected(one, copies) for one in before)


FILES = {
    "etc/postgresql/16/main/postgresql.conf": """\
work_mem = 64MB
max_connections = '200'
shared_buffers = 16384          # 128MB
autovacuum = off
wal_level = logical
statement_timeout = '5min'
idle_session_timeout = 60000
listen_addresses = '*'
auto_explain.log_format = json
""",
    "etc/postgresql/16/main/pg_hba.conf": """\
local   all  postgres            peer
host    shop app  10.0.0.0/8     scram-sha-256
hostssl all  +dba 2001:db8::/32  cert map=ours
""",
    "etc/php/8.3/fpm/php-fpm.conf": """\
[global]
daemonize = no
process_control_timeout = 90
[www]
user = www-data
listen=127.0.0.1:9000
pm = dynamic
pm.max_children = "40"
request_terminate_timeout = 2m  ; two minutes
php_admin_value[memory_limit] = 256M
php_admin_flag[log_errors] = on
env[DSN] = "pgsql:host=db"
""",
    "etc/pgbouncer/pgbouncer.ini": """\
[databases]
shop = host=10.0.0.9 port=5432
[pgbouncer]
listen_addr=*
pool_mode = transaction
default_pool_size = 20
query_timeout = 30
so_reuseport = 0
auth_file = /etc/pgbouncer/userlist.txt
""",
}

RESPELT = {
    "etc/postgresql/16/main/postgresql.conf": """\
  WORK_MEM   '65536kB' # spelt otherwise
  MAX_CONNECTIONS   200 # spelt otherwise
  SHARED_BUFFERS   '131072kB'          # 128MB
  AUTOVACUUM   'No' # spelt otherwise
  WAL_LEVEL   'LOGICAL' # spelt otherwise
  STATEMENT_TIMEOUT   300s # spelt otherwise
  IDLE_SESSION_TIMEOUT   '60000ms' # spelt otherwise
  LISTEN_ADDRESSES   '*' # spelt otherwise
  auto_explain.log_format   json # spelt otherwise
""",
    "etc/postgresql/16/main/pg_hba.conf": """\
"local"\t all \\
\t"postgres"\t "peer"  # spelt otherwise
"host"\t "shop" \\
\t"app"\t 10.0.0.0 255.0.0.0\t "scram-sha-256"  # spelt otherwise
"hostssl"\t all \\
\t+dba\t 2001:db8:: ffff:ffff::\t "cert"\t "map=ours"  # spelt otherwise
""",
    "etc/php/8.3/fpm/php-fpm.conf": """\
[global]
daemonize=FALSE ; spelt otherwise
process_control_timeout=90s ; spelt otherwise
[www]
user="www-data" ; spelt otherwise
listen =   "127.0.0.1:9000" ; spelt otherwise
pm=Dynamic ; spelt otherwise
pm.max_children=40 ; spelt otherwise
request_terminate_timeout=120s  ; two minutes
php_admin_value[memory_limit]=262144k ; spelt otherwise
php_admin_flag[log_errors]=TRUE ; spelt otherwise
env[DSN]="pgsql:host=db" ; spelt otherwise
""",
    "etc/pgbouncer/pgbouncer.ini": """\
[databases]
  shop=host='10.0.0.9' port='5432'
[pgbouncer]
  listen_addr =\t *
  pool_mode=TRANSACTION
  default_pool_size=0x14
  query_timeout=30.0
  so_reuseport=0
  auth_file=/etc/pgbouncer/userlist.txt
""",
}
"""By hand, from what the servers' manuals and the recorded answers in tests/fixtures/vectors take for the same."""


def test_how_values_are_spelt() -> None:
    copies = respelt(world_of(FILES), FILES)
    assert {path: copy.text for path, copy in copies.items()} == RESPELT


Told = tuple[str, tuple[tuple[str, int, int], ...]]
"""A severity, and the places that are named."""


def placed(finding: Finding) -> Told:
    return finding.severity, tuple(map(extent, (finding.at, *(label.place for label in finding.related))))


def expected(finding: Finding, copies: Mapping[str, Copy]) -> Told:
    places = (finding.at, *(label.place for label in finding.related))
    return finding.severity, tuple(moved(place, copies) for place in places)


def extent(place: Place) -> tuple[str, int, int]:
    return place.path, place.start, place.end


def moved(place: Place, copies: Mapping[str, Copy]) -> tuple[str, int, int]:
    copy = copies.get(place.path)
    now = copy.now(place.start, place.end) if copy is not None else (place.start, place.end)
    assert now is not None
    return (place.path, *now)


def effective(world: World) -> list[object]:
    """What every server of the tree would show of its settings and records, save on which line a record stands: it may
    go on on further ones. Sizes in bytes."""
    servers = world.deployment
    return [
        *(postgres.values(one.postgres) for one in servers.instances),
        *(row(record) for one in servers.hba_files for record in one.reading.records),
        *(sized(fpm.values(one.fpm)) for one in servers.masters),
        *(sized(php_ini.values(one.php)) for one in servers.masters if one.php is not None),
        *(pgbouncer.values(one.bouncer) for one in servers.poolers),
    ]


def sized(values: Mapping[str, object]) -> dict[str, object]:
    return {name: size(value) if name.rstrip("]").endswith(SIZED) else value for name, value in values.items()}


def size(value: object) -> object:
    """Bytes of ``128M``."""
    text = str(value)
    shift = {"K": 10, "M": 20, "G": 30}.get(text[-1:].upper())
    return int(text[:-1]) << shift if shift and text[:-1].isdecimal() else value
