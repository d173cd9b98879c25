"""What a text is told by, and what it must not be taken for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.discover.content import by_content, is_foreign, placeholder


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("[pgbouncer]\n", "pgbouncer.ini", "section [pgbouncer]"),
        ("[databases]\n* = host=10.0.0.1\n", "pgbouncer.ini", "section [databases] with connection strings"),
        ("pool_mode = session\nmax_client_conn = 5\nauth_type = md5\n", "pgbouncer.ini", "3 parameters of PgBouncer"),
        ("; pool\n[api]\npm = ondemand\nlisten = 9000\n", "php-fpm", "2 FPM directives"),
        ("[www]\nphp_admin_value[memory_limit] = 1G\nuser = a\ngroup = a\n", "php-fpm", "3 FPM directives"),
        ("hostssl all all ::/0 cert\nlocal all all peer\n", "pg_hba.conf", "2 pg_hba records"),
        ("Shared_Buffers 1GB\nwork_mem=8MB # more\n", "postgresql.conf", "2 PostgreSQL settings"),
        ('"app" "secret"\n; none\n"b" ""\n', "userlist.txt", "2 users"),
    ],
)
def test_told_by_content(text: str, kind: str, why: str) -> None:
    found = by_content(text)
    assert found is not None
    assert (found.kind, found.why) == (kind, why)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only\n",
        "[databases]\npath = /var/lib\n",  # anybody's
        "[uwsgi]\nchdir = /srv\nprocesses = 4\nsocket = /run/app\nmodule = app\nmaster = true\nvacuum = true\n",
        "[program:worker]\ncommand = php artisan queue:work\nuser = www-data\nprocess_name = %(program_name)s\n",
        "[mysqld]\nmax_connections = 100\nport = 3306\nuser = mysql\nsocket = /run/mysqld.sock\n",
        "server {\n    listen 80;\n}\n",
        "upstream php-fpm {\n  server 127.0.0.1:9000;\n}\n",
        "<VirtualHost *:80>\nProxyPassMatch fcgi://127.0.0.1:9000\n</VirtualHost>\n",
        "port 1883\nmax_connections -1\nlog_type all\nlog_dest stdout\n",  # Mosquitto
        "port 6379\ntimeout 0\ndaemonize no\nloglevel notice\nlogfile /var/log/redis\n",  # Redis
        "backend_hostname0 = 'a'\nlogging_collector = on\nlog_destination = 'stderr'\nwal_level = x\n",  # pgpool-II
        "host router.example.com\nlocal yes\n",
        "search example.com\nnameserver 10.0.0.1\n",
        "[Unit]\nDescription=PostgreSQL\n[Service]\nUser=postgres\n",
        "\x00\x01\x02[www]\npm = static\nlisten = 1\n",
    ],
)
def test_not_ours(text: str) -> None:
    assert by_content(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("port = {{ port }}\n", 1),
        ("a\n{% if x %}\n", 2),
        ("a\n{%- if x %}\n", 2),
        ("port = <%= @port %>\n", 1),
        ("<% if x %>\n", 1),
        ("# {{ comment }}\n; {{ comment }}\n\nport = {{ port }}\n", 4),
        ("# {{ comment }}\n", None),
        ("log_line_prefix = '<%m %u>'\n#%>\n", None),
        ("log_line_prefix = '{%t %u%}'\n", None),
        ('access.format = \'{"a":{"b":"%C%%"}}\'\n', None),
        ("pm.max_children = ${CHILDREN}\n", None),
        ("a = {{ open\n", None),
    ],
)
def test_placeholders(text: str, line: int | None) -> None:
    assert placeholder(text) == line


def test_other_programs_languages() -> None:
    assert is_foreign("# comment\nupstream php {\n}\n")
    assert is_foreign("<IfModule x>\n")
    assert is_foreign("[program:pgbouncer]\n")
    assert not is_foreign("[www]\npm = static\n")
    assert not is_foreign("work_mem = 8MB\n")


@given(st.text("ab \n[]{}<>%=#;:\"'\x00\x0b\x1c"), st.sampled_from(["", "php-fpm", "postgresql.conf", "pgbouncer-hba"]))
def test_no_text_breaks_it(text: str, hint: str) -> None:
    by_content(text, hint)
    is_foreign(text)
    placeholder(text)


@pytest.mark.parametrize("unit", ["{{", "<%x", "{%", "#{{ }}", "\n{%x", "[", "=", '"'])
def test_long_files_take_no_long_time(unit: str) -> None:
    text = unit * (2 * 1024 * 1024 // len(unit)) + "}}%}%>"
    start = time.process_time()
    placeholder(text)
    by_content(text[: 64 * 1024])
    assert time.process_time() - start < 60  # a square of the length would be hours
