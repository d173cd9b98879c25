"""Connections beside Laravel's default, which are links where the application's code asks for them; read by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.model.link import Link
from trees import deployment_of

APP = "hosts/web/var/www/shop/"
DATABASE = """<?php
return [
    'default' => env('DB_CONNECTION', 'pgsql'),
    'connections' => [
        'pgsql' => ['driver' => 'pgsql', 'host' => env('DB_HOST', '127.0.0.1'), 'database' => 'shop'],
        'reports' => ['driver' => 'pgsql', 'host' => env('REPORTS_HOST', 'replica'), 'database' => 'shop'],
        'pooled' => ['driver' => 'pgsql', 'url' => 'pgsql://app@edge:6432/shop', 'sticky' => true],
        'legacy' => ['driver' => 'mysql', 'host' => 'old'],
        'odd' => ['driver' => 'pgsql', 'host' => gethostname()],
    ],
];
"""
TREE = {
    "hosts/web/etc/php/8.3/fpm/php-fpm.conf": (
        "[www]\nuser = www-data\nlisten = /run/php/www.sock\npm = static\npm.max_children = 5\n"
    ),
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n",
    "hosts/replica/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n",
    "hosts/edge/etc/pgbouncer/pgbouncer.ini": (
        "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\npool_mode = transaction\n"
    ),
    APP + "artisan": "",
    APP + ".env": "DB_CONNECTION=pgsql\nDB_HOST=db\n",
    APP + "config/database.php": DATABASE,
}


def links(name: str, code: str) -> list[Link]:
    return [one for one in deployment_of({**TREE, APP + name: f"<?php\n{code}\n"}).links.known if one.dsn is not None]


@pytest.mark.parametrize(
    ("code", "further"),
    [
        ("DB::connection('reports')->select('select 1');", "replica/16-main"),
        ("\\Illuminate\\Support\\Facades\\DB::connection('reports')->table('x');", "replica/16-main"),
        ("class Report { protected $connection = 'reports'; }", "replica/16-main"),
        ("Report::on('reports')->get();", "replica/16-main"),
        ("$report->setConnection('reports');", "replica/16-main"),
        ("DB::connection('pooled')->select('select 1');", "edge/pgbouncer"),
        ("DB::connection('pgsql')->select('select 1');", None),
        ("DB::connection('legacy')->select('select 1');", None),
        ("DB::connection('odd')->select('select 1');", None),
        ("DB::connection($name)->select('select 1');", None),
        ("Redis::connection('reports')->get('x');", None),
        ("// DB::connection('reports')", None),
        ("$name = 'reports';", None),
    ],
)
def test_what_code_asks_for(code: str, further: str | None) -> None:
    expected = ["db/16-main", *([further] if further else [])]
    assert [one.server.name for one in links("app/Models/Report.php", code)] == expected


def test_where_it_is_asked_for() -> None:
    _, link = links("routes/web.php", "DB::connection('reports')->select('select 1');")
    assert [(one.place.path.rpartition("shop/")[2], one.place.line, one.words) for one in link.evidence[:2]] == [
        ("config/database.php", 6, "host names replica, the name of host replica"),
        ("routes/web.php", 2, "asks for connection reports"),
    ]
    assert link.certainty == "address"


def test_only_the_applications_own_code() -> None:
    assert len(links("vendor/acme/Report.php", "DB::connection('reports')->select('select 1');")) == 1


@pytest.mark.parametrize(("receiver", "over"), [("DB::connection('pooled')", "edge/pgbouncer"), ("DB", "db/16-main")])
def test_statements_over_each(receiver: str, over: str) -> None:
    code = f"<?php DB::connection('pooled'); {receiver}::statement('LISTEN a');".replace(")::", ")->")
    files = {**TREE, ".pgfpmlint.yaml": "files: {kinds: {job.php: php}}\n", APP + "job.php": code}
    found = [one for one in deployment_of(files).links.known if one.dsn is not None]
    assert [one.server.name for one in found if one.dsn and one.dsn.session_sql] == [over]
