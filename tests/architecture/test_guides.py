"""What the guides show is what happens: each page's commands run one after the other on a copy of the example, with the
files that the page writes, and print what is shown.

A block of the language ``console`` holds lines ``$ pgfpmlint …`` and what they print; ``…`` stands for the rest of a
line or, alone, for any lines; ``$ echo $?`` shows the exit code. Any other block whose first line is a comment with a
path is that file.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgfpmlint.cli import main

ROOT = Path(__file__).parents[2]
GENERATED = {"symptoms.md", "proofs.md"}
GUIDES = sorted(path for path in ROOT.glob("docs/*.md") if path.name not in GENERATED | {"ci.md"})
FENCE = re.compile(r"^```([\w-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FAILED = 2


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    for found in FENCE.finditer(page.read_text(encoding="utf-8")):
        yield found[1], found[2]


def steps(block: str) -> Iterator[tuple[str, list[str]]]:
    """Commands, each with the lines that it prints."""
    command, *shown = block.splitlines()
    assert command.startswith("$ "), command
    for line in shown:
        if line.startswith("$ "):
            yield command[2:], shown[: shown.index(line)]
            yield from steps("\n".join(shown[shown.index(line) :]))
            return
    yield command[2:], shown


def like(shown: list[str]) -> re.Pattern[str]:
    lines = [".*" if line == "…" else re.escape(line).replace("…", "[^\n]*") for line in shown]
    return re.compile("".join(f"{line}\n" if line != ".*" else "(?:.*\n)?" for line in lines), re.DOTALL)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_what_a_guide_shows_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Path(shutil.copytree(ROOT / "examples/webshop", tmp_path / "shop"))
    monkeypatch.chdir(shop)
    code = 0
    for language, block in blocks(page):
        first = block.partition("\n")[0]
        if language != "console":
            if re.fullmatch(r"[#;] [\w./-]+", first):
                path = shop / first[2:]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block, encoding="utf-8")
            continue
        for command, shown in steps(block):
            if command == "echo $?":
                assert [str(code)] == shown
                continue
            program, *words = shlex.split(command)
            assert program == "pgfpmlint", command
            code = main(words)
            out, err = capsys.readouterr()
            assert code < FAILED, (command, err)
            assert like(shown).fullmatch(out + err), f"{command}\n{out}{err}"


def test_every_fence_is_closed_and_named() -> None:
    for page in GUIDES:
        assert page.read_text(encoding="utf-8").count("\n```") % 2 == 0, page.name


def test_the_pattern_of_what_is_shown() -> None:
    assert like(["a", "…", "c…"]).fullmatch("a\nb\n\nb\ncd\n")
    assert like(["a", "", "b"]).fullmatch("a\n\nb\n")
    assert not like(["a", "b"]).fullmatch("a\nx\nb\n")
