from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.cli import main

RECORDS = """\
# TYPE DATABASE USER ADDRESS METHOD
local    all all                peer map=m
hostssl  all +ops 10.0.0.0/8    scram-sha-256
host     app app  db.internal   scram-sha-256
host     all all  10.9.0.0/16   ldap ldapserver=x ldapbasedn=y ldapbindpasswd=hunter22
host     all all  192.168.0.0/16 reject
"""
APP = ["--database", "app", "--user", "app"]
OTHER = ["--database", "other", "--user", "app"]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The exit code and what is printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pg_hba.conf").write_text(RECORDS)

    def ask(*words: str, version: str = "16") -> tuple[int, str]:
        code = main(["match", "--server-version", version, *words, "pg_hba.conf"])
        printed = capsys.readouterr()
        return code, printed.out or printed.err

    return ask


def test_names_the_record_with_its_line(ask: Any) -> None:
    assert ask("--type", "local", *APP) == (
        0,
        "admitted: pg_hba.conf line 2 is the first record that matches\n"
        "pg_hba.conf:2: local    all all                peer map=m\n",
    )


def test_json_has_the_shape_of_the_interface(ask: Any) -> None:
    code, shown = ask("--type", "local", *APP, "--format", "json")
    assert (code, json.loads(shown)) == (
        0,
        {
            "line": 2,
            "path": "pg_hba.conf",
            "method": "peer",
            "options": {"map": "m"},
            "verdict": "admitted",
            "why": "pg_hba.conf line 2 is the first record that matches",
        },
    )


def test_no_record_is_no_line(ask: Any) -> None:
    code, shown = ask("--type", "host", "--no-tls", "--address", "11.0.0.1", *OTHER, "--format", "json")
    answer = json.loads(shown)
    assert (code, answer["line"], answer["verdict"]) == (1, None, "rejected")
    assert answer["why"] == 'no pg_hba.conf entry for host "11.0.0.1", user "app", database "other", no encryption'


def test_a_record_may_reject(ask: Any) -> None:
    code, shown = ask("--type", "host", "--no-tls", "--address", "192.168.1.1", *OTHER, "--format", "json")
    assert (code, json.loads(shown)["line"], json.loads(shown)["verdict"]) == (1, 6, "rejected")


@pytest.mark.parametrize(
    ("more", "code", "line", "candidates"),
    [
        (["--tls", "--roles", "ops"], 0, 3, None),
        (["--tls", "--roles", ""], 0, 5, None),
        (["--no-tls"], 0, 5, None),
        # whichever of the two it is, it admits
        (["--tls"], 0, None, [3, 5]),
        ([], 0, None, [3, 5]),
    ],
)
def test_what_is_not_told_is_unknown(
    ask: Any, more: list[str], code: int, line: int | None, candidates: list[int] | None
) -> None:
    found, shown = ask("--type", "host", "--address", "10.9.0.1", *OTHER, *more, "--format", "json")
    answer = json.loads(shown)
    assert (found, answer["line"]) == (code, line)
    assert [one["line"] for one in answer.get("candidates", [])] == (candidates or [])


def test_a_name_that_somebody_must_look_up(ask: Any) -> None:
    code, shown = ask("--type", "host", "--no-tls", "--address", "192.168.1.1", *APP)
    assert code == 1
    assert shown.splitlines() == [
        "unknown: whether pg_hba.conf line 4 matches can't be known",
        "pg_hba.conf:4: host     app app  db.internal   scram-sha-256",
        "pg_hba.conf:6: host     all all  192.168.0.0/16 reject",
    ]


@pytest.mark.parametrize("format_", ["text", "json"])
def test_no_secret_is_shown(ask: Any, format_: str) -> None:
    _, shown = ask("--type", "host", "--no-tls", "--address", "10.9.0.1", *OTHER, "--format", format_)
    assert "ldapbindpasswd" in shown
    assert "hunter22" not in shown


def test_a_file_that_does_not_load_decides_nothing(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("local all all peer\nlocal all all trusst\n")
    code, shown = ask("--type", "local", *APP)
    assert (code, shown) == (
        1,
        'unknown: the server does not load the file: pg_hba.conf line 2: invalid authentication method "trusst"\n',
    )


def test_records_of_an_included_file(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("include inner.conf\nlocal all all peer\n")
    (tmp_path / "inner.conf").write_text("\nlocal app all trust\n")
    code, shown = ask("--type", "local", *APP, "--format", "json")
    assert (code, json.loads(shown)["path"], json.loads(shown)["line"]) == (0, "inner.conf", 2)


def test_words_of_a_file(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("local @databases all trust\nlocal all all reject\n")
    (tmp_path / "databases").write_text("shop\napp\n")
    assert ask("--type", "local", *APP)[0] == 0
    assert ask("--type", "local", *OTHER)[0] == 1


def test_the_servers_own_addresses(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").write_text("host all all samehost trust\nhost all all samenet md5\n")
    neighbour = ["--type", "host", "--address", "10.0.2.9", *APP, "--format", "json"]
    assert json.loads(ask(*neighbour)[1])["verdict"] == "unknown"
    _, shown = ask(*neighbour, "--server-addresses", "10.0.2.5/24")
    assert (json.loads(shown)["line"], json.loads(shown)["verdict"]) == (2, "admitted")
    code, shown = ask(*neighbour, "--server-addresses", "10.0.3.5/24")
    assert (code, json.loads(shown)["verdict"]) == (1, "rejected")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--type", "local", "--address", "10.0.0.1"], "--type local is the Unix socket"),
        (["--type", "host", "--gss", "--tls"], "a connection is encrypted once"),
        (["--type", "local", "--replication", "--logical-replication"], "a connection is for one of them"),
        (["--type", "host", "--address", "db.internal"], "--address db.internal: no IP address"),
        (["--type", "host", "--server-addresses", "10.0.0.1/33"], "--server-addresses 10.0.0.1/33: "),
    ],
)
def test_what_makes_no_sense(ask: Any, words: list[str], says: str) -> None:
    code, said = ask(*words, *APP)
    assert code == 2
    assert says in said


def test_a_file_that_is_not_there(ask: Any, tmp_path: Path) -> None:
    (tmp_path / "pg_hba.conf").unlink()
    assert ask("--type", "local", *APP)[0] == 2
