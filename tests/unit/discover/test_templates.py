"""Templates of servers' files, from the tree to what is said of them, in texts like those of roles and charts.

What is reported of each is listed in full; every place covers the text that is to be mended, as it is written there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pgfpmlint
from pgfpmlint.discover.discovery import discover
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.fix import applied
from pgfpmlint.model.world import World
from pgfpmlint.options import Options
from pgfpmlint.report import REPORTERS, Look, render
from pgfpmlint.resolve.settings import DEPENDS, FILLED_IN, Unknown
from trees import outcome_of, tree_of, world_of

POSTGRES = """\
{{ ansible_managed | comment }}
#jinja
{% set memory = 1024 %}
listen_addresses = '{{ listen | join(",") }}'
max_connections = {{ max_connections }}
shared_bufers = {{ memory // 4 }}MB
fsync = off
{% if version is version('13', '>=') %}
wal_keep_size = 1GB
{% else %}
wal_keep_segments = 64
{% endif %}
{% if archive %}
archive_mode = on
archive_comand = '{{ archive }}'
{% endif %}
log_min_duration_statement = 250{{ unit }}
work_mem = {% if big %}64MB{% else %}4MB{% endif %}

maintenance_work_mem = 1GB
{% for name, value in extra.items() %}
{{ name }} = {{ value }}
{% endfor %}
"""
HBA = """\
local all {{ admin }} peer
{% if development %}
host all all 0.0.0.0/0 trust
{% endif %}
host all all 0.0.0.0/0 md5
{% for network in networks %}
host {{ database }} {{ user }} {{ network }} scram-sha-256
{% endfor %}
"""
POOL = """\
<%# of Chef -%>
[<%= @name %>]
user = <%= @user %>
pm = static
pm.max_childen = 5
<% if @slow -%>
request_slowlog_timeout = 5s
<% end -%>
listen = /run/<%= @name %>.sock
"""
BOUNCER = """\
{{- /* of Helm */ -}}
[databases]
{{- range $name, $one := .Values.databases }}
{{ $name }} = host={{ $one.host }} port=5432 pol_size=5
{{- end }}
shop = host={{ .Values.host }} pol_size=5
[pgbouncer]
listen_addr = {{ .Values.address }}
pool_mode = sesion
{{ if .Values.tls }}
client_tls_sslmode = require
{{ end }}
"""
NAMES = """\
[databases]
* = host=${DB_HOST} port=$DB_PORT
[pgbouncer]
listen_addr = @address@
auth_type = trusted
auth_file = /etc/pgbouncer/${USERS:-userlist.txt}
"""

TREES: dict[str, tuple[dict[str, str], list[tuple[str, str, str, str]]]] = {
    "Ansible's postgresql.conf": (
        {"roles/db/templates/postgresql.conf.j2": POSTGRES},
        [
            ("error", "postgres/unknown-parameter", "shared_bufers = {{ memory // 4 }}MB", "shared_bufers"),
            ("warning", "postgres/unknown-parameter", "archive_comand = '{{ archive }}'", "archive_comand"),
        ],
    ),
    "the same, mended": (
        {
            "roles/db/templates/postgresql.conf.j2": POSTGRES.replace("shared_bufers", "shared_buffers")
            .replace("comand", "command")
            .replace("work_mem = 1GB", "work_mem = 1 GB")
        },
        [("error", "postgres/syntax-error", "GB", "GB")],
    ),
    "a pg_hba.conf": (
        {"roles/db/templates/pg_hba.conf.j2": HBA},
        [
            ("warning", "hba/trust-from-network", "trust", "0.0.0.0/0"),
            ("warning", "hba/host-without-tls", "host", "0.0.0.0/0"),
        ],
    ),
    "a pool of Chef's": (
        {"cookbooks/php/templates/default/www.conf.erb": POOL},
        [("error", "fpm/unknown-directive", "pm.max_childen", "pm.max_childen")],
    ),
    "Helm's pgbouncer.ini": (
        {"charts/pooler/files/pgbouncer.ini.tpl": BOUNCER},
        [("error", "pooler/invalid-value", "sesion", "pool_mode")],
    ),
    "names to fill in": (
        {"docker/pgbouncer.ini.template": NAMES},
        [("error", "pooler/invalid-value", "trusted", "auth_type")],
    ),
    "a plain name": (
        {"roles/db/templates/postgresql.conf": "{% if a %}\nport = 1\n{% endif %}\nfsnc = on\n"},
        [("error", "postgres/unknown-parameter", "fsnc = on", "fsnc")],
    ),
    "alternatives are no duplicates": (
        {
            "a/postgresql.conf.j2": "{% if a %}\nport = 1\n{% else %}\nport = 2\n{% endif %}\nmax_connections = 5\n"
            "{% if b %}\nmax_connections = 50\n{% endif %}\nwork_mem = {{ a }}\nwork_mem = {{ b }}\n"
        },
        [],
    ),
    "duplicates within one alternative": (
        {"a/postgresql.conf.j2": "{% if a %}\nport = 1\nport = 2\n{% endif %}\n"},
        [("warning", "postgres/duplicate-parameter", "port = 2", "port")],
    ),
    "what a branch may be for": (
        {"a/postgresql.conf.j2": "{% if version < 9.5 %}\ncheckpoint_segments = 5\n{% endif %}\n"},
        [],
    ),
    "files beside it, elsewhere": (
        {"a/postgresql.conf.j2": "include 'logging.conf'\ninclude_dir '/etc/more'\ninclude '{{ other }}'\n"},
        [],
    ),
}


HERE = {**os.environ, "PYTHONPATH": str(Path(pgfpmlint.__file__).parent.parent)}


def told(outcome: Outcome) -> list[tuple[str, str, str]]:
    return sorted((one.severity, one.rule, one.at.text) for one in outcome.findings if one.severity != "info")


@pytest.mark.parametrize(("files", "expected"), TREES.values(), ids=TREES)
def test_what_is_said(files: dict[str, str], expected: list[tuple[str, str, str, str]]) -> None:
    outcome = outcome_of(files)
    assert not outcome.crashed
    wanted = [one for one in told(outcome) if one[1] != "postgres/fsync-off"]
    assert wanted == sorted((severity, rule, text) for severity, rule, text, _ in expected)
    for one in outcome.findings:
        path = one.at.path
        assert files[path][one.at.start : one.at.end] == one.at.text
    for _, rule, text, quoted in expected:
        assert any(one.rule == rule and one.at.text == text and quoted in one.message for one in outcome.findings)


def test_no_sign_of_ours_gets_out() -> None:
    for files, _ in TREES.values():
        outcome = outcome_of(files, Options(select=("all",)))
        for name in REPORTERS:
            assert "\ufdd0" not in render(name, outcome, Look())


def test_how_it_was_read() -> None:
    outcome = outcome_of({"a/www.conf.erb": POOL, "b/pg_hba.conf": "local all {{ a }} peer\n"})
    assert {file.path: (file.kind, file.why.rpartition(", ")[2]) for file in outcome.files} == {
        "a/www.conf.erb": ("php-fpm", "a template: ERB"),
        "b/pg_hba.conf": ("pg_hba.conf", "a template: Jinja"),
    }


def test_what_can_not_be_read_is_left_alone() -> None:
    outcome = outcome_of({"a/postgresql.conf.tmpl": "[% USE x %]\nport = [% port %]\n"})
    assert [(one.path, one.why) for one in outcome.skipped] == [
        ("a/postgresql.conf.tmpl", "a template in a language that is not known here")
    ]


def test_other_programs_templates_are_none_of_ours() -> None:
    files = {
        "templates/pgbouncer.j2": "{{ logs }}/*.log {\n  daily\n}\n",
        "templates/sysconfig/postgresql.erb": "PGDATA=<%= @data %>\n",
        "templates/postgresql.service.j2": "[Unit]\nDescription={{ a }}\n",
        "templates/schema.sql.j2": "CREATE TABLE {{ a }} (b int);\n",
    }
    assert discover(tree_of(files)).linted == []


def settings(world: World) -> dict[str, tuple[str | None, str]]:
    found = world.deployment.instances[0].postgres
    origins = {name: found.setting(name) for name in ("port", "work_mem", "fsync", "max_connections", "enable_sort")}
    return {
        name: (one.value, one.origin.why if isinstance(one.origin, Unknown) else type(one.origin).__name__)
        for name, one in origins.items()
    }


def test_what_is_known() -> None:
    text = (
        "port = 1\n{% if a %}\nport = 2\n{% endif %}\n{% if a %}\nfsync = on\n{% else %}\nfsync = on\n{% endif %}\n"
        "work_mem = {{ a }}\nmax_connections = 7\n"
    )
    assert settings(world_of({"postgresql.conf.j2": text})) == {
        "port": (None, DEPENDS),
        "fsync": ("on", "Written"),
        "work_mem": (None, FILLED_IN),
        "max_connections": ("7", "Written"),
        "enable_sort": ("on", "Default"),
    }


def test_lines_that_may_set_anything() -> None:
    text = "port = 1\n{% for k, v in all %}\n{{ k }} = {{ v }}\n{% endfor %}\nmax_connections = 7\n"
    found = settings(world_of({"postgresql.conf.j2": text}))
    assert found["port"] == (None, DEPENDS)
    assert found["max_connections"] == ("7", "Written")
    assert found["enable_sort"] == (None, "postgresql.conf.j2: is a template: it holds placeholders")


def test_the_alternatives_have_places() -> None:
    world = world_of({"postgresql.conf.j2": "{% if a %}\nport = 1\n{% else %}\nport = 2\n{% endif %}\n"})
    origin = world.deployment.instances[0].postgres.setting("port").origin
    assert isinstance(origin, Unknown)
    assert [(one.place.line, one.place.text) for one in origin.alternatives] == [(2, "port = 1"), (4, "port = 2")]


def test_records_that_may_be_absent_decide_nothing() -> None:
    """The first record may not be there; the second is, and the last can never be asked."""
    text = (
        "{% if a %}\nhost all all 10.0.0.0/8 reject\n{% endif %}\n"
        "host all all 10.0.0.0/8 md5\nhost all app 10.1.0.0/16 md5\n"
    )
    world = world_of({"pg_hba.conf.j2": text})
    (file,) = world.deployment.hba_files
    assert [(dead.record.place.line, dead.covering[0].place.line) for dead in world.dead_records(file)] == [(5, 4)]


def test_templates_lead_to_templates_only() -> None:
    files = {
        "db/postgresql.conf.j2": "port = 1\ninclude_dir 'conf.d'\n",
        "db/conf.d/10.conf.j2": "max_connections = {{ a }}\nwork_mem = 8MB\nshared_buffers = 1GB\n",
        "web/pgbouncer.ini": "[databases]\n[pgbouncer]\nauth_type = md5\nauth_file = userlist.txt\n",
        "web/userlist.txt.j2": '"a" "{{ secret }}"\n',
    }
    mains = [(main.kind, main.path, main.userlist) for main in discover(tree_of(files)).mains]
    assert mains == [
        ("postgresql.conf", "/db/postgresql.conf", None),
        ("pgbouncer.ini", "/web/pgbouncer.ini", None),
        ("userlist.txt", "/web/userlist.txt", None),
    ]


def test_a_plain_file_beside_it_stays_the_servers() -> None:
    files = {"db/postgresql.conf": "fsnc = on\n", "db/postgresql.conf.j2": "port = {{ a }}\nwrk_mem = 1MB\n"}
    outcome = outcome_of(files)
    assert told(outcome) == [
        ("error", "postgres/unknown-parameter", "fsnc = on"),
        ("error", "postgres/unknown-parameter", "wrk_mem = 1MB"),
    ]


def test_comments_hush_and_literals_are_masked() -> None:
    files = {
        "a/pgbouncer.ini.j2": "[databases]\nshop = host=db password=geheim-1234567 pol_size={{ a }}\n"
        "[pgbouncer]\n; pgfpmlint: ignore[pooler/] of tests\npool_mode = sesion\n",
        "a/userlist.txt.j2": '"app" "geheim-7654321"\n"{{ b }}" "{{ c }}"\nx\n',
    }
    outcome = outcome_of(files)
    assert ("error", "pooler/invalid-value", "sesion") not in told(outcome)
    for name in REPORTERS:
        assert "geheim" not in render(name, outcome, Look())


def test_literal_text_is_mended_in_the_template() -> None:
    text = "{% if a %}\nmax_conections = {{ b }}\n{% endif %}\nwrk_mem = 8MB\n"
    outcome = outcome_of({"postgresql.conf.j2": text})
    edits = [edit for one in outcome.findings if one.fix is not None for edit in one.fix.edits]
    assert applied(edits[0].place.source, edits) == text.replace("wrk_mem", "work_mem").replace(
        "max_conections", "max_connections"
    ) or [edit.text for edit in edits] == ["work_mem"]


def test_nothing_of_it_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "run"
    for name, text in {
        "postgresql.conf.j2": f"{{{{ lookup('pipe', 'touch {mark}') }}}}\nport = 1\n",
        "pgbouncer.ini.erb": f"<% `touch {mark}` %>\n[databases]\n",
        "pg_hba.conf.epp": f"<% generate('/bin/touch', '{mark}') %>\nlocal all all peer\n",
    }.items():
        (tmp_path / name).write_text(text)
    outcome = outcome_of({path.name: path.read_text() for path in tmp_path.iterdir()})
    assert len(outcome.files) == 3
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "loaded"), [("postgresql.conf", []), ("postgresql.conf.j2", ["pgfpmlint.templates.jinja"])]
)
def test_what_is_loaded(tmp_path: Path, name: str, loaded: list[str]) -> None:
    """Of templates nothing where there are none, and never a library that would fill them in."""
    (tmp_path / name).write_text("port = 5432\n{% if a %}\n{% endif %}\n" if loaded else "port = 5432\n")
    code = (
        "import sys; from pgfpmlint.cli import main; main(['check', '.']);"
        "print([one for one in sys.modules if one.partition('.')[0] == 'jinja2' or 'templates.jinja' in one"
        " or one in ('pgfpmlint.source.template', 'pgfpmlint.resolve.alternatives') and not " + str(bool(loaded)) + "])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=HERE, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == str(loaded)
