from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from operator_manifests import ZALANDO
from pgfpmlint.cli import main

ROOT = Path(__file__).parents[3]
MINE = re.compile(r"^( *)#(?! \S)", re.MULTILINE)
"""The mark before a setting that is to be taken away; before prose it is followed by one blank."""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example without what says of it what its files can't."""
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples/webshop", folder)
    (folder / ".pgfpmlint.yaml").unlink()
    monkeypatch.chdir(folder)
    return folder


def test_what_the_tree_shows_and_what_it_leaves_open(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    text = (shop / ".pgfpmlint.yaml").read_text()
    assert capsys.readouterr().err == ".pgfpmlint.yaml: written; the lines with a question mark are for you\n"
    assert "# - PostgreSQL 16: from the path /etc/postgresql/16\n" in text
    assert '#versions: {pgbouncer: "1.26"}\n' in text
    assert "hosts:\n  db:\n    root: hosts/db\n" in text
    assert "# - pg-primary.internal, named by edge/pgbouncer, web/www\n" in text
    assert "# - pgbouncer.internal, named by web/api\n" in text
    assert "#  - {name: monitoring, to: db/16-main, connections: 2}\n" in text


def test_changes_nothing_by_itself(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "--format", "json"])
    before = capsys.readouterr().out
    assert main(["init"]) == 0
    assert main(["check", "--format", "json"]) == code
    assert capsys.readouterr().out == before


def test_each_setting_is_accepted_once_its_mark_is_gone(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    path = shop / ".pgfpmlint.yaml"
    path.write_text(MINE.sub(r"\1", path.read_text()))
    assert "\n    count: 3 " in path.read_text()
    assert main(["check"]) == 1, capsys.readouterr().err


def test_an_answer_links(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whose addresses these are is all that the example's own configuration adds but for the number of machines."""
    assert main(["init"]) == 0
    path = shop / ".pgfpmlint.yaml"
    answers = {"db": "pg-primary.internal", "edge": "pgbouncer.internal"}
    text = path.read_text()
    for host, address in answers.items():
        before, after = text.split(f"  {host}:\n", 1)
        text = f"{before}  {host}:\n{after.replace('#addresses: [10.0.1.10]', f'addresses: [{address}]', 1)}"
    path.write_text(text)
    capsys.readouterr()
    main(["budget"])
    said = capsys.readouterr().out
    assert "web/www: 50 pm.max_children" in said
    assert "edge/pgbouncer serves web/api: 20 pm.max_children" in said


def test_is_never_written_over(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".pgfpmlint.yaml").write_text("hosts: {}\n")
    assert main(["init"]) == 2
    said = "pgfpmlint: .pgfpmlint.yaml is there already; --stdout prints a new one to take lines from\n"
    assert capsys.readouterr().err == said
    assert (shop / ".pgfpmlint.yaml").read_text() == "hosts: {}\n"


def test_a_folder_with_nothing_to_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path)]) == 2
    assert "nothing to lint" in capsys.readouterr().err
    assert main(["init", str(tmp_path / "gone")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_files_of_no_machine_and_odd_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folders' names may be anything; the starter is accepted all the same."""
    odd = tmp_path / "a: [b] #c/etc/pgbouncer"
    odd.mkdir(parents=True)
    (odd / "pgbouncer.ini").write_text("[databases]\nshop = host=db password=geheim1234\n[pgbouncer]\n")
    (tmp_path / "roles/db/files").mkdir(parents=True)
    (tmp_path / "roles/db/files/postgresql.conf").write_text("max_connections = 100\n")
    assert main(["init", str(tmp_path)]) == 0
    text = (tmp_path / ".pgfpmlint.yaml").read_text()
    assert '  "a: [b] #c":\n    root: "a: [b] #c"\n' in text
    assert "# roles/db: told by the folder of its files, which is no machine's root\n" in text
    assert "geheim" not in text
    assert main(["check", str(tmp_path)]) in (0, 1), capsys.readouterr().err


def test_machines_that_a_manifest_makes(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(ZALANDO)
    assert main(["init", str(tmp_path)]) == 0
    text = (tmp_path / ".pgfpmlint.yaml").read_text()
    assert re.search(r"^# acid-shop: made by .*shop\.yaml$", text, re.MULTILINE)
    assert re.search(r"^# acid-shop-pooler: made by .*shop\.yaml$", text, re.MULTILINE)


def test_links_that_nothing_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, path, text in (
        (
            "web",
            "php/8.3/fpm/pool.d/www.conf",
            "[www]\nuser = www\nlisten = /run/x\npm = static\npm.max_children = 5\n",
        ),
        ("db", "postgresql/16/main/postgresql.conf", "listen_addresses = '*'\n"),
        ("db2", "postgresql/16/main/postgresql.conf", "listen_addresses = '*'\n"),
    ):
        file = tmp_path / name / "etc" / path
        file.parent.mkdir(parents=True)
        file.write_text(text)
    assert main(["init", "--stdout", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("#links:")
    assert lines[at + 1 : at + 4] == [
        "# ? web/www: nothing says to which it connects: db/16-main, db2/16-main",
        "#  - {from: web/www, to: db/16-main}",
        "#  - {from: web/www, to: db2/16-main}",
    ]
