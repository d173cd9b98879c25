from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.cli import main
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.pgbouncer import BouncerEntry, BouncerReading
from pgfpmlint.resolve.pgbouncer.userlist import UserlistReading, UserlistUser
from pgfpmlint.resolve.settings import Effective, Reading, Written
from pgfpmlint.source.text import Place, Source

VERSION = ServerVersion("pgbouncer", (1, 24), "--server-version")
INI = Source(
    "etc/pgbouncer.ini",
    "[databases]\napp = host=db password=hunter2\n[pgbouncer]\nmax_client_conn = 5\nmax_client_conn = 0x10\nbad\n",
)
USERS = Source("etc/userlist.txt", '"app" "hunter2"\n')


def place(source: Source, text: str) -> Place:
    start = source.text.index(text)
    return source.place(start, start + len(text))


def written(name: str, value: str, raw: str, line: str, *shadowed: str) -> Effective:
    lost = tuple(Written(place(INI, text), place(INI, text), text) for text in shadowed)
    return Effective(name, value, Written(place(INI, line), place(INI, raw), raw), lost)


BOUNCER = BouncerReading(
    Reading("pgbouncer.ini", VERSION, (), (Problem("pooler/x", place(INI, "bad"), "syntax error", refuses=True),)),
    settings={
        "max_client_conn": written("max_client_conn", "16", "0x10", "max_client_conn = 0x10", "max_client_conn = 5")
    },
    databases=(
        BouncerEntry(
            "app",
            place(INI, "app = host=db password=hunter2"),
            {
                "host": written("host", "db", "db", "host=db"),
                "password": written("password", "hunter2", "hunter2", "password=hunter2"),
            },
        ),
    ),
    users=(),
    peers=(),
)
VALUES = {"max_client_conn": "16", "d:app.host": "db", "d:app.password": "hunter2", "databases": ["app"]}


@pytest.fixture
def bouncer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pgfpmlint.single.read_one", lambda path, kind, version: BOUNCER)
    monkeypatch.setattr("pgfpmlint.resolve.pgbouncer.values", lambda found: VALUES)


def test_json_has_the_shape_of_the_interface(bouncer: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effective", "x", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "kind": "pgbouncer.ini",
        "server_version": "1.24",
        "accepted": False,
        "errors": [{"path": "etc/pgbouncer.ini", "line": 6, "message": "syntax error"}],
        "values": {"max_client_conn": "16", "d:app.host": "db", "d:app.password": "********", "databases": ["app"]},
        "settings": [
            {"name": "max_client_conn", "value": "0x10", "path": "etc/pgbouncer.ini", "line": 5},
            {"name": "d:app.host", "value": "db", "path": "etc/pgbouncer.ini", "line": 2},
            {"name": "d:app.password", "value": "********", "path": "etc/pgbouncer.ini", "line": 2},
        ],
    }


def test_text_tells_where_each_value_comes_from(bouncer: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effective", "x"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "pgbouncer.ini as PgBouncer 1.24 reads it (--server-version): refused",
        "etc/pgbouncer.ini:6: syntax error",
        "max_client_conn = 16  # etc/pgbouncer.ini:5",
        "                  # overrides etc/pgbouncer.ini:4: max_client_conn = 5",
        "d:app.host      = db  # etc/pgbouncer.ini:2",
        "d:app.password  = ********  # etc/pgbouncer.ini:2",
    ]


def test_lists_show_their_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    reading = Reading("userlist.txt", VERSION, (), ())
    users = UserlistReading(reading, (UserlistUser("app", "plain", place(USERS, '"app"')),))
    monkeypatch.setattr("pgfpmlint.single.read_one", lambda path, kind, version: users)
    monkeypatch.setattr("pgfpmlint.resolve.pgbouncer.userlist.values", lambda found: {"users": ["app"]})
    assert main(["effective", "x"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "userlist.txt as PgBouncer 1.24 reads it (--server-version): accepted",
        'etc/userlist.txt:1: "app" "********"',
    ]


def test_what_cannot_be_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(path: str, kind: str | None, version: str | None) -> object:
        raise ValueError("'new' is no postgresql version")

    monkeypatch.setattr("pgfpmlint.single.read_one", refuse)
    assert main(["effective", "x", "--server-version", "new"]) == 2
    assert capsys.readouterr() == ("", "pgfpmlint: 'new' is no postgresql version\n")


def test_a_real_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "postgresql.conf"
    file.write_bytes(b"work_mem = 8MB\nlog_line_prefix = 'a\tb'\nprimary_conninfo = 'password=hunter2'\n")
    words = ["effective", "--as", "postgresql.conf", "--server-version", "16", "--format", "json", str(file)]
    assert main(words) == 0
    shown = json.loads(capsys.readouterr().out)
    wanted = {
        "work_mem": "8192",
        "log_line_prefix": "a\tb",
        "primary_conninfo": "password=********",
        "max_connections": "100",  # nothing sets it
    }
    assert {name: shown["values"].get(name) for name in wanted} == wanted
    assert shown["settings"][0] == {"name": "work_mem", "value": "8MB", "path": str(file), "line": 1}
    file.write_bytes(b"wrk_mem = 8MB\n")
    assert main(words) == 1
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert (error["line"], error["message"]) == (1, 'unrecognized configuration parameter "wrk_mem"')
    file.write_bytes(b"max_stack_depth = 2000GB\n")
    assert main(words) == 1
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["message"] == 'invalid value for parameter "max_stack_depth": 2097152000'
    assert error["of_machine"]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_the_file_that_is_given_is_read_not_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"db/postgresql.conf": "work_mem = 8MB\n", "db/pg_hba.conf": "local all all peer\n"})
    for path in ("db/postgresql.conf", "db", f"{tmp_path}/db/./postgresql.conf"):
        assert main(["effective", path]) == 0
        assert capsys.readouterr().out.startswith("postgresql.conf as PostgreSQL ")
    assert main(["effective", "db/pg_hba.conf"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "db/pg_hba.conf:1: local all all peer"


def test_the_version_of_the_data_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"conf/postgresql.conf": f"data_directory = '{tmp_path}/data'\n", "data/PG_VERSION": "14\n"})
    main(["effective", "conf/postgresql.conf"])
    assert capsys.readouterr().out.startswith("postgresql.conf as PostgreSQL 14 reads it")


def test_a_folder_of_several_servers_or_of_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a/postgresql.conf": "port = 1\n", "b/postgresql.conf": "port = 2\n", "c/x": ""})
    assert main(["effective", "."]) == 2
    assert capsys.readouterr().err == (
        "pgfpmlint: .: 2 servers are there; name one of a/postgresql.conf, b/postgresql.conf\n"
    )
    assert main(["effective", "c"]) == 2
    assert capsys.readouterr().err == "pgfpmlint: c: no server's file is there\n"


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["effective", "nowhere/postgresql.conf"]) == 2
    assert capsys.readouterr().err.startswith("pgfpmlint: nowhere/postgresql.conf: ")
