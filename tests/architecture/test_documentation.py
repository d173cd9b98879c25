"""The documentation's pages: one for each rule, nothing lost on the way into Markdown, addresses that can be right."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pgfpmlint.registry.definition import FAMILIES
from pgfpmlint.registry.load import pages, rule_book
from pgfpmlint.registry.symptoms import symptoms
from tool import tool

ROOT = Path(__file__).parents[2]
HAND_WRITTEN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

TOOL = tool("rule_pages")


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    written: dict[str, str] = TOOL.written()
    return written


def test_every_rule_has_a_page(site: dict[str, str]) -> None:
    rules = {f"rules/{rule}.md" for rule in rule_book().rules}
    families = {f"rules/{family}/index.md" for family in FAMILIES}
    assert site.keys() == {"symptoms.md", "rules/index.md"} | rules | families


def test_a_page_shows_the_finding(site: dict[str, str]) -> None:
    page = site["rules/hba/host-without-tls.md"]
    assert "warning[hba/host-without-tls]: host lets" in page
    assert "# pgfpmlint: ignore[hba/host-without-tls] why" in page
    assert "(#symptom-readable-on-the-way)" in page


def test_every_bad_example_is_found(site: dict[str, str]) -> None:
    for rule, about in pages().items():
        assert site[f"rules/{rule}.md"].count(":class: found") == len(about.bad)
        assert site[f"rules/{rule}.md"].count(f"[{rule}]: ") >= len(about.bad)


def test_symptoms_lead_to_their_rules(site: dict[str, str]) -> None:
    for symptom in symptoms():
        (part,) = re.findall(
            rf"^\(symptom-{symptom.slug}\)=\n(.*?)(?=^\(symptom-|^## |\Z)", site["symptoms.md"], re.M | re.S
        )
        assert re.findall(r"\]\(rules/(\S+)\.md\)", part) == symptom.rules


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("pg_hba.conf of * and [databases]", r"pg\_hba.conf of \* and \[databases\]"),
        ("`a_b*` is c_d", r"`a_b*` is c\_d"),
        ("one\n  line < two", r"one line \< two"),
        ("a lone ` tick", r"a lone \` tick"),
    ],
)
def test_words_stay_words(text: str, markdown: str) -> None:
    assert TOOL.words(text) == markdown


def test_pages_of_rules_that_are_gone_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TOOL, "written", lambda: {"rules/a/new.md": "new"})
    (tmp_path / "rules/a").mkdir(parents=True)
    (tmp_path / "rules/a/old.md").write_text("old")
    (tmp_path / "proofs.md").write_text("kept")
    TOOL.write(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.md")) == ["new.md", "proofs.md"]


def test_addresses_can_be_right() -> None:
    """Whether they are is for `make linkcheck`: the network is no judge of a change."""
    told = {path.name: re.findall(r"https?://[^\s)>\"'`]*", path.read_text()) for path in HAND_WRITTEN}
    told |= {rule: list(about.references) for rule, about in pages().items()}
    for where, addresses in told.items():
        for address in addresses:
            parts = urlsplit(address)
            assert parts.scheme == "https", (where, address)
            assert "…" in parts.netloc or re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), (where, address)
            assert not address.endswith((".", ",", ";")), (where, address)
