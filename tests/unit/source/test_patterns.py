"""Patterns mean what gitignore's manual says they mean; where git is at hand, it is asked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.source.patterns import Pattern

PATHS = (
    *("a.conf", "db/a.conf", "deploy/db/a.conf", "deploy/db/x/a.conf", "deploy/a.conf"),
    *("vendor/x", "lib/vendor/y/z", "vendor", "old.d/postgresql.conf", "[x].conf", "b.ini", "deploy/db/.a"),
)
PATTERNS = (
    *("*.conf", "/*.conf", "deploy/db/*.conf", "deploy/**/a.conf", "**/vendor/**", "vendor", "vendor/", "deploy"),
    *("deploy/*", "**/a.conf", "deploy/**", "?.ini", "[ab].*", "[!b].*", r"\[x\].conf", "deploy/db/", "d*b/a.conf"),
)


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("deploy/db/*.conf", {"deploy/db/a.conf"}),
        ("**/vendor/**", {"vendor/x", "lib/vendor/y/z"}),
        ("vendor/", {"vendor/x", "lib/vendor/y/z"}),
        ("/*.conf", {"a.conf", "[x].conf"}),
        ("deploy", {"deploy/db/a.conf", "deploy/db/x/a.conf", "deploy/a.conf", "deploy/db/.a"}),
    ],
)
def test_what_fits(pattern: str, fitting: set[str]) -> None:
    assert {path for path in PATHS if Pattern(pattern).fits(path)} == fitting


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the judge")
def test_git_agrees(tmp_path: Path) -> None:
    """Without ``--no-index`` git would want the files to be there; a path is taken for a file."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for pattern in PATTERNS:
        (tmp_path / ".git/info/exclude").write_text(pattern + "\n")
        run = subprocess.run(
            ["git", "-c", "core.quotePath=false", "check-ignore", "--no-index", "--stdin"],
            cwd=tmp_path,
            input="\n".join(PATHS),
            capture_output=True,
            text=True,
            check=False,
        )
        assert set(run.stdout.splitlines()) == {path for path in PATHS if Pattern(pattern).fits(path)}, pattern


@pytest.mark.parametrize("text", ["!a", "/", "", "[z-a]"])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match=r"negates|fits nothing|is no pattern"):
        Pattern(text)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [("[a&&b]", "ab&"), ("[a||b]", "ab|"), ("[~~]", "~"), ("[--0]", "-./0"), ("[!a--]", None), ("[-a]", "-a")],
)
def test_sets_are_nothing_but_characters(pattern: str, fitting: str | None) -> None:
    if fitting is None:
        with pytest.raises(ValueError, match="bad character range"):
            Pattern(pattern)
    else:
        assert [sign for sign in "ab&|~-.0/\\" if Pattern(pattern).fits(sign)] == [
            sign for sign in "ab&|~-.0" if sign in fitting
        ]


@given(st.text("ab*?[]!^-&\\/.", min_size=1), st.text("ab/."))
def test_no_text_breaks_it(text: str, path: str) -> None:
    try:
        Pattern(text).fits(path)
    except ValueError:
        return
