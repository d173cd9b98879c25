"""What ``pgfpmlint budget`` is asked, and how it answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pgfpmlint.cli import main

ROOT = Path(__file__).parents[3]
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Exit code and both outputs, in examples/webshop."""
    monkeypatch.chdir(ROOT / "examples/webshop")

    def asked(*words: str) -> tuple[int, str, str]:
        code = main(["budget", *words])
        return code, *capsys.readouterr()

    return asked


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", 1),
        ("--set web/www:pm.max_children=30", 0),  # 90 + 25 = 115 of 115
        ("--set web/www:pm.max_children=31", 1),
        ("--set db:max_connections=180", 0),  # 175 of 180 - 3 - 2
        ("--set db:max_connections=179", 1),
        ("--add-pooler web=pool:pool_size=90,max_db_connections=90", 0),
        ("--add-pooler web=pool:pool_size=91,max_db_connections=91", 1),
        ("--postgres-version 17 --set db:reserved_connections=1 --set db:max_connections=180", 1),
        ("--set db:max_connection=180", 2),
        ("--add-pooler web", 2),
        ("--set", 2),
        ("--postgres-version x", 2),
        ("nowhere", 2),
    ],
)
def test_exit_code(words: str, code: int, ask: Ask) -> None:
    found, out, err = ask(*words.split())
    assert found == code
    assert bool(err) == (code == 2)
    assert bool(out) == (code != 2)


def test_what_is_supposed_stands_above_it(ask: Ask) -> None:
    _, out, _ = ask("--set", "web.count=5", "--add-pooler", "web=pool:pool_size=9")
    assert out.startswith("  what if    --set web.count=5, --add-pooler web=pool:pool_size=9\n\ndb/16-main: ")


def test_no_line_is_wider_than_a_page_save_for_paths_and_lines_to_copy(ask: Ask) -> None:
    _, out, _ = ask("--solve")
    wide = [line for line in out.splitlines() if len(line) > 100 and "hosts/" not in line and "pool_size=" not in line]
    assert wide == []


def test_proposals_for_people(ask: Ask) -> None:
    """(115 - 25) / 3 = 30; 175 + 3 + 2 = 180; 115 - 25 = 90."""
    code, out, _ = ask("--solve")
    assert code == 1
    words = " ".join(out.split())
    for said in (
        "30 pm.max_children of web/www: (115 budget - 25 of poolers) / 3 pools over all hosts = 30",
        "tried: 30 makes 115 of 115, 0 left; 31 makes 118 of 115, -3 left",
        "180 max_connections of db/16-main: 175 demand + 3 superuser_reserved_connections + 2 monitoring = 180",
        "90 pool_size of a PgBouncer before db/16-main, for web/www: 115 budget - 25 of other poolers = 90",
        "shop = host=pg-primary.internal port=5432 dbname=shop pool_size=66 max_db_connections=66",
    ):
        assert said in words


def test_proposals_for_scripts(ask: Ask) -> None:
    _, out, _ = ask("--solve", "--format", "json", "--set", "web.count=3")
    said = json.loads(out)
    assert said["what_if"] == ["--set web.count=3"]
    assert [(one["setting"], one["nodes"], one["value"], one["with_headroom"]) for one in said["solve"]] == [
        ("pm.max_children", ["web/www"], 30, 22),
        ("max_connections", ["db/16-main"], 180, 225),
        ("pool_size", ["web/www"], 90, 66),
    ]
    assert said["solve"][0]["tried"] == [{"instance": "db/16-main", "headroom": 0, "beyond": -3}]


def test_what_is_proposed_can_be_asked(ask: Ask) -> None:
    """The proposals, given back as what-ifs, leave what they promise."""
    for words, left in (
        ("--set web/www:pm.max_children=22", 24),
        ("--set db:max_connections=224", 44),
        ("--add-pooler web=pool:pool_size=66,max_db_connections=66", 24),
    ):
        code, out, _ = ask("--format", "json", *words.split())
        (instance,) = json.loads(out)["instances"]
        assert (code, instance["headroom"]) == (0, left)


def test_a_secret_that_is_supposed_is_not_told(ask: Ask) -> None:
    words = ("--set", "web/www:env[DATABASE_URL]=postgres://shop:hunter2hunter@db/shop")
    for format_ in ("text", "json"):
        code, out, err = ask("--format", format_, *words)
        assert code in (0, 1)
        assert "hunter2hunter" not in out + err
