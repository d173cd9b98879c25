from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from html_page import Page
from pgfpmlint.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def webshop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the page of examples/webshop is to be written."""
    monkeypatch.chdir(ROOT / "examples/webshop")
    return tmp_path / "page.html"


def test_the_page_of_the_example(webshop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The example has one error and two warnings, and its budget lacks 115 - (150 + 25) = -60 connections."""
    assert main(["report", ".", "-o", str(webshop)]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"{webshop}: 8 files, 3 hosts: 1 error, 2 warnings\n")
    page = Page(webshop.read_text("utf-8"))
    assert "Something here will fail" in page.text
    assert "175 connections may be asked of 115: 60 too many" in page.text
    assert len(page.all("article", data_severity="error")) == 1
    assert len(page.all("article", data_severity="warning")) == 2
    assert "set pm.max_children = 30 in every pool" in page.text
    assert "headroom: 115 budget - 175 demand; 60 connections too many" in page.text
    assert "web/www -> db/16-main (shop as shop)" in page.text


def test_rules_are_chosen_as_for_a_check(webshop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def rules(*words: str) -> list[str]:
        assert main(["report", "-q", "-o", str(webshop), *words]) == 0
        return sorted(str(card["data-rule"]) for card in Page(webshop.read_text("utf-8")).all("article"))

    every = rules()
    assert len(every) == 3
    assert rules("--select", "hba/") == ["hba/host-without-tls"]
    assert rules("--ignore", "hba/") == [rule for rule in every if not rule.startswith("hba/")]
    assert len(rules("--pedantic")) > 3
    assert main(["report", "-o", str(webshop), "--select", "hba/no-such-rule"]) == 2
    assert "hba/no-such-rule" in capsys.readouterr().err


def test_what_a_baseline_knows_is_counted_and_not_shown(webshop: Path, tmp_path: Path) -> None:
    known = str(tmp_path / "known.json")
    main(["check", "-q", "--write-baseline", known])
    assert main(["report", "-q", "-o", str(webshop), "--baseline", known, "--select", "hba/"]) == 0
    page = Page(webshop.read_text("utf-8"))
    assert page.all("article") == []
    assert "1 known to the baseline" in page.text
    assert main(["report", "-o", str(webshop), "--baseline", "no-such.json"]) == 2


def test_every_link_leads_somewhere_in_the_page(webshop: Path) -> None:
    main(["report", "-o", str(webshop)])
    page = Page(webshop.read_text("utf-8"))
    targets = [str(link.get("href")) for link in page.all("a")]
    anchors = {f"#{found['id']}" for _, found in page.elements if "id" in found}
    assert {target for target in targets if target.startswith("#")} <= anchors
    assert len(anchors) == sum("id" in found for _, found in page.elements)


def test_it_asks_the_network_for_nothing(webshop: Path) -> None:
    main(["report", "-o", str(webshop)])
    page = Page(webshop.read_text("utf-8"))
    (policy,) = page.all("meta", http_equiv="Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none';")
    assert not [found for _, found in page.elements if {"src", "srcset", "action", "data", "style"} & found.keys()]
    assert not page.all("link")
    assert not page.all("base")


def test_the_same_tree_gives_the_same_bytes(webshop: Path) -> None:
    pages = []
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "pgfpmlint", "report", "-o", webshop],
            env={"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        pages.append(webshop.read_bytes())
    assert pages[0] == pages[1]


def test_without_what_draws_it(
    webshop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "pgfpmlint.report.html.page", raising=False)
    assert main(["report", "-o", str(webshop)]) == 2
    assert "pip install 'pgfpmlint[report]'" in capsys.readouterr().err
    assert not webshop.exists()


def test_nothing_to_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", "-o", "page.html"]) == 2
    assert not list(tmp_path.iterdir())


def test_a_place_that_can_not_be_written(webshop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    webshop.mkdir()
    assert main(["report", "-o", str(webshop)]) == 2
    assert str(webshop) in capsys.readouterr().err
    assert [path.name for path in webshop.parent.iterdir()] == [webshop.name]


def test_a_check_loads_nothing_of_it() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pgfpmlint.cli import main; main(['check', '-q', '.']); print(*sys.modules)",
        ],
        cwd=ROOT / "examples/webshop",
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = said.stdout.splitlines()[-1].split()
    assert "pgfpmlint.pipeline" in loaded
    assert not [name for name in loaded if name.startswith(("jinja2", "vl_convert", "pgfpmlint.report.html"))]


def test_findings_show_their_fixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that go and come with their file, what applies them, and no secret."""
    folder = tmp_path / "etc/postgresql/16/main"
    folder.mkdir(parents=True)
    (folder / "postgresql.conf").write_text("wrk_mem = 8MB\nfsync = off\n")
    (folder / "pg_hba.conf").write_text(
        "host all all all scram-sha-256\nhost all x 10.0.0.0/8 ldap ldapserver=d ldapbindpasswd=geheim-1\n"
    )
    monkeypatch.chdir(tmp_path)
    assert main(["report", "-q", "-o", "page.html", "."]) == 0
    text = (tmp_path / "page.html").read_text("utf-8")
    page = Page(text)
    fixes = page.all("p", class_="fix")
    assert len(fixes) == len(page.all("pre", class_="diff")) >= 3
    assert "Fix (safe): check --fix writes it" in page.text
    assert "Fix (unsafe): check --fix --unsafe-fixes writes it" in page.text
    assert "- wrk_mem = 8MB" in page.text
    assert "+ work_mem = 8MB" in page.text
    assert "geheim" not in text
