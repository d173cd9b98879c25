"""What breaks inside tells where, and no text of the files that it broke on: a secret there may have any shape."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint import pipeline
from pgfpmlint.breakage import ADVICE, breakage
from pgfpmlint.cli import main
from pgfpmlint.engine import run as engine
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.session import Session
from pgfpmlint.model.world import World
from pgfpmlint.options import Options
from pgfpmlint.registry.load import rule_book
from pgfpmlint.report import REPORTERS

SECRET = "correcthorse 9Zb"
FILES = {
    "etc/postgresql/16/main/postgresql.conf": f"fsync = off\nprimary_conninfo = 'host=a password=\\'{SECRET}\\''\n",
    "etc/postgresql/16/main/pg_hba.conf": "local all all peer\n",
    "etc/pgbouncer/userlist.txt": f'"app" "{SECRET}"\n',
}


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PGFPMLINT_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path)
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


class Told(Exception):
    """As libraries make them: the text is all that it was given."""


def texts(world: World) -> str:
    return "".join(document.source.text for reading in world.readings for document in reading.documents)


def errors(text: str) -> list[Exception]:
    """Errors of Python whose texts quote what they are about."""
    return [
        Told(text),
        KeyError(text),
        ValueError(f"invalid literal: {text!r}"),
        UnicodeDecodeError("ascii", text.encode(), 0, 1, text),
        OSError(text),
    ]


@pytest.fixture(params=range(5))
def broken_rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_of(definition: object) -> Any:
        def check(subject: object, world: World, params: object) -> Iterator[object]:
            held = texts(world)
            assert SECRET in held
            raise errors(held)[request.param]
            yield

        return check

    monkeypatch.setattr(engine, "check_of", check_of)


@pytest.fixture(params=range(5))
def broken_reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_tree(found: Any) -> None:
        raise errors("".join(file.root.read(file.path).text for file in found.linted))[request.param]

    monkeypatch.setattr(pipeline, "read_tree", read_tree)


@pytest.mark.usefixtures("broken_rules")
@pytest.mark.parametrize("format_", list(REPORTERS))
def test_of_a_rule(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", format_]) == 2
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert re.search(r"internal error: [a-z]+/[a-z-]+: \w+ at engine/run\.py:\d+", told.err)
    assert told.err.count(ADVICE) == 1


@pytest.mark.usefixtures("broken_rules")
def test_of_a_rule_on_the_page(tree: Path) -> None:
    assert main(["report", ".", "-o", "page.html"]) == 2
    page = (tree / "page.html").read_text()
    assert SECRET not in page
    assert "at engine/run.py:" in page


@pytest.mark.usefixtures("broken_reading")
@pytest.mark.parametrize(
    "words", [["check"], ["check", "--fix"], ["budget"], ["trace"], ["report", "-o", "page.html"], ["init"]]
)
def test_of_a_reading(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err


@pytest.mark.usefixtures("broken_reading")
def test_of_a_reading_in_an_editor(tree: Path) -> None:
    path = tree / "etc/postgresql/16/main/postgresql.conf"

    async def log() -> list[str]:
        told: list[str] = []
        session = Session(rule_book(), Options(), lambda *given: None, told.append)
        session.folders = [str(tree)]
        session.opened(Document(path.as_uri(), str(path), 1, path.read_text()))
        await session.fresh(str(path))
        session.end()
        return told

    (told,) = asyncio.run(log())
    assert SECRET not in told
    assert re.match(r"internal error: \w+ at .*pipeline\.py:\d+", told)


def test_where_nothing_of_ours_was_on_the_way() -> None:
    assert breakage(KeyError(SECRET)) == "KeyError"
