"""Whatever lies in a tree: each file gets its own message, the rest is linted, nothing hangs, no traceback is seen.

The whole command, on a real disk.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.cli import main

KINDS = ("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "php-fpm.conf", "php.ini", "pgbouncer.ini", "userlist.txt")

FOUND = "hba/trust-from-network"
"""What is wrong with the one good file of each tree, to see that it is linted all the same."""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good").mkdir()
    (tmp_path / "good/pg_hba.conf").write_text("hostssl all all 10.0.0.0/8 trust\n")
    started = time.process_time()
    yield tmp_path
    assert time.process_time() - started < 60


def told(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, list[str]], dict[str, Any]]:
    """Exit code, the rules of the findings by path, and the whole report."""
    code = main(["check", "--format", "json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    report = json.loads(captured.out)
    rules: dict[str, list[str]] = {}
    for finding in report["findings"]:
        rules.setdefault(finding["path"], []).append(finding["rule"])
    assert FOUND in rules.get("good/pg_hba.conf", [])
    return code, rules, report


def test_what_is_no_regular_file(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "db").mkdir()
    os.mkfifo(tree / "db/postgresql.conf")
    (tree / "nowhere").mkdir()
    (tree / "nowhere/postgresql.conf").symlink_to("/nowhere/x")
    (tree / "nowhere/php-fpm.conf").symlink_to("php-fpm.conf")
    (tree / "s").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(tree / "s")  # a socket's path may have 107 bytes
        server.bind("postgresql.conf")
        os.chdir(tree)
    code, _, report = told(capsys)
    messages = {one["path"]: one["message"] for one in report["findings"] if one["rule"] == "files/unreadable"}
    assert messages == {
        "db/postgresql.conf": "the file could not be read: it is a FIFO, not a regular file",
        "nowhere/php-fpm.conf": "the file could not be read: "
        "it links to php-fpm.conf: Too many levels of symbolic links",
        "nowhere/postgresql.conf": "the file could not be read: it links to /nowhere/x: No such file or directory",
        "s/postgresql.conf": "the file could not be read: it is a socket, not a regular file",
    }
    assert code == 1


def test_a_file_that_is_too_large_and_one_that_only_a_reference_leads_to(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open(tree / "postgresql.conf", "wb") as file:
        file.truncate(50 * 1024**2)
    (tree / "edge").mkdir()
    (tree / "edge/pgbouncer.ini").write_text("[databases]\n[pgbouncer]\nlisten_addr = 127.0.0.1\nauth_file = users\n")
    (tree / "edge/users").mkdir()
    code, rules, report = told(capsys)
    assert (rules["postgresql.conf"], rules["edge/users"]) == (["files/unreadable"], ["files/unreadable"])
    assert {(one["path"], one["why"]) for one in report["unread"]} == {
        ("postgresql.conf", "is too large for a configuration file: 50 MB, and no more than 4 MB are read"),
        ("edge/users", "is a folder"),
    }
    assert code == 1


def test_include_cycles(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {
        "postgresql.conf": "include 'postgresql.conf'\nport = 5432\n",
        "pg_hba.conf": "include pg_hba.conf\nlocal all all peer\n",
        "pg_ident.conf": "include pg_ident.conf\nm a b\n",
        "pgbouncer.ini": "%include pgbouncer.ini\n[databases]\n[pgbouncer]\nlisten_addr = 127.0.0.1\n",
        "etc/php-fpm.conf": "[global]\ninclude = /etc/php-fpm.d/*.conf\n",
        "etc/php-fpm.d/a.conf": "include = /etc/php-fpm.d/*.conf\n",
    }.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    code, rules, _ = told(capsys)
    assert rules["postgresql.conf"] == ["postgres/include-too-deep"]
    assert rules["pg_hba.conf"] == ["hba/include-too-deep"]
    assert rules["pg_ident.conf"] == ["hba/ident-malformed"]
    assert rules["pgbouncer.ini"] == ["pooler/include-too-deep"]
    assert rules["etc/php-fpm.d/a.conf"] == ["fpm/include-too-deep", "fpm/no-pool"]
    assert code == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\0" * 3000,
        b"a = b\rc = d\r",
        bytes(range(256)) * 40,
        "port = 5432\nlocal all all trust\n".encode("utf-16"),
        b"a=b " + b"x" * 1_000_000,
        b'"a" = "' + b"x," * 200_000,
        b"[" * 50_000,
        b"a b\n" * 2_000,
    ],
    ids=["empty", "blank", "NUL", "CR", "every byte", "UTF-16", "long line", "long list", "brackets", "many lines"],
)
def test_any_bytes_as_any_kind(data: bytes, tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in KINDS:
        (tree / kind).write_bytes(data)
    told(capsys)
    for kind in KINDS:
        assert main(["effective", kind]) in (0, 1, 2)
        captured = capsys.readouterr()
        assert "internal error" not in captured.err
        assert captured.out.isprintable() or captured.out.replace("\n", "").isprintable()


def test_names_that_a_terminal_would_obey(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (b"esc\x1b[2J", b"new\nline:1:1", b"bytes\xff\xfe", "größe".encode()):
        os.makedirs(os.fsencode(tree) + b"/" + name)
        with open(os.fsencode(tree) + b"/" + name + b"/pg_hba.conf", "w") as file:
            file.write("hostssl all all 10.0.0.0/8 trust\n")
    names = {"esc\\x1b[2J", "new\\nline:1:1", "bytes\\xff\\xfe", "größe", "good"}
    _, rules, _ = told(capsys)
    assert set(rules) == {f"{name}/pg_hba.conf" for name in names}
    assert main(["check", "--show-files"]) == 0
    shown = capsys.readouterr().out
    assert sorted(shown.splitlines()) == sorted(
        f"{name}/pg_hba.conf: pg_hba.conf (named pg_hba.conf)" for name in names
    )


def test_one_part_of_what_the_configuration_speaks_of(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "web/etc/php-fpm.d").mkdir(parents=True)
    (tree / "web/etc/php-fpm.d/www.conf").write_text(
        "[www]\nuser = www\nlisten = 9000\npm = static\npm.max_children = 5\n"
    )
    (tree / "db/etc/postgresql/16/main").mkdir(parents=True)
    (tree / "db/etc/postgresql/16/main/postgresql.conf").write_text("max_connections = 100\n")
    (tree / ".pgfpmlint.yaml").write_text(
        "links: [{from: web/www, to: db}]\nconsumers: [{name: cron, to: db, connections: 2}]\n"
    )
    assert main(["check", "web"]) == 0
    assert [line for line in capsys.readouterr().err.splitlines() if ".yaml" in line] == [
        ".pgfpmlint.yaml:1: the link from web/www to db is left out: not all of it lies in the paths given",
        ".pgfpmlint.yaml:2: consumer cron of db is left out: not all of it lies in the paths given",
    ]
    (tree / ".pgfpmlint.yaml").write_text("links: [{from: web/www, to: bd}]\n")
    assert main(["check", "web", "-q"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "pgfpmlint: .pgfpmlint.yaml:1: 'bd' names no node of this tree; there are: db/16-main\n"
    )


def test_who_connects_where_is_not_assumed_while_a_server_can_not_be_read(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "etc/php-fpm.d").mkdir(parents=True)
    (tree / "etc/php-fpm.d/www.conf").write_text(
        "[www]\nuser = www\nlisten = 9000\npm = static\npm.max_children = 500\n"
    )
    (tree / "etc/postgresql/16/main").mkdir(parents=True)
    (tree / "etc/postgresql/16/main/postgresql.conf").write_text("max_connections = 100\n")
    rule = "capacity/workers-exceed-max-connections"
    _, rules, report = told(capsys)
    assert rules["etc/php-fpm.d/www.conf"] == [rule]
    assert {one["severity"] for one in report["findings"] if one["rule"] == rule} == {"warning"}
    os.mkfifo(tree / "etc/pgbouncer.ini")
    _, rules, report = told(capsys)
    assert "etc/php-fpm.d/www.conf" not in rules
    assert rule in {entry["rule"] for entry in report["not_evaluated"]}


@pytest.mark.parametrize(
    ("path", "version", "note"),
    [
        (
            "etc/postgresql/9.6/main/postgresql.conf",
            (),
            "PostgreSQL 12: 9.6 (from the path /etc/postgresql/9.6) is older",
        ),
        (
            "etc/postgresql/25/main/postgresql.conf",
            (),
            "PostgreSQL 25 (from the path /etc/postgresql/25) is newer than",
        ),
        ("postgresql.conf", ("--postgres-version", "77"), "PostgreSQL 77 (--postgres-version) is newer than"),
        (
            "postgresql.conf",
            (),
            "PostgreSQL 19: nothing tells the version; the newest known is taken; --postgres-version tells it",
        ),
    ],
)
def test_a_version_that_is_not_known_is_told(
    path: str, version: tuple[str, ...], note: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text("port = 5432\n")
    main(["check", path, *version])
    assert capsys.readouterr().err.startswith(note)


def test_what_a_newer_server_may_know_is_not_held_against_a_file(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "postgresql.conf").write_text("comes_later = 1\n")
    (tree / "www.conf").write_text(
        "[www]\nuser = a\nlisten = 9000\npm = static\npm.max_children = 5\ncomes_later = 1\n"
    )
    (tree / "pgbouncer.ini").write_text(
        "[databases]\na = host=b comes_later=1\n[pgbouncer]\nlisten_addr = 127.0.0.1\ncomes_later = 1\n"
    )
    files = ("postgresql.conf", "www.conf", "pgbouncer.ini")
    assert (
        main(["check", "-q", "--postgres-version", "50", "--php-version", "9", "--pgbouncer-version", "2", *files]) == 0
    )
    capsys.readouterr()
    assert main(["check", "-q", *files]) == 1
    assert capsys.readouterr().out.count(": comes_later ") == 4
