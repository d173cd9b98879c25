"""What the editor is told when something inside breaks: it keeps its server."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.engine.outcome import Crash
from pgfpmlint.lsp import session as sessions
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.picture import take
from pgfpmlint.lsp.session import Session
from pgfpmlint.options import Options
from pgfpmlint.registry.load import rule_book

TEXT = "fsync = off\n"


class Editor:
    def __init__(self) -> None:
        self.codes: list[list[object]] = []
        self.log: list[str] = []
        self.session = Session(rule_book(), Options(), self.publish, self.log.append)

    def publish(self, uri: str, version: int | None, found: list[Any]) -> None:
        self.codes.append([one.code for one in found])

    async def open(self, path: Path) -> None:
        self.session.opened(Document(path.as_uri(), str(path), 1, TEXT))
        await self.session.fresh(str(path))


def test_a_run_that_breaks_and_one_that_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def edited() -> Editor:
        editor = Editor()

        def broken(*given: object) -> None:
            raise RuntimeError("out of order")

        with monkeypatch.context() as patch:
            patch.setattr(sessions, "take", broken)
            await editor.open(tmp_path / "postgresql.conf")
        assert editor.codes == []
        await editor.open(tmp_path / "postgresql.conf")
        editor.session.end()
        return editor

    editor = asyncio.run(edited())
    (told,) = editor.log
    assert re.fullmatch(r"internal error: RuntimeError at lsp/session\.py:\d+", told)
    assert editor.codes == [["postgres/fsync-off"]]


def test_a_rule_that_breaks_leaves_the_others_their_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_crash(*given: Any) -> Any:
        picture = take(*given)
        assert picture.run
        outcome = picture.run.outcome._replace(crashed=(Crash("a/b", "KeyError: 'x' (b.py:3)"),))
        return picture._replace(run=picture.run._replace(outcome=outcome))

    async def edited() -> Editor:
        editor = Editor()
        monkeypatch.setattr(sessions, "take", with_crash)
        await editor.open(tmp_path / "postgresql.conf")
        editor.session.end()
        return editor

    editor = asyncio.run(edited())
    assert editor.log == ["internal error: a/b: KeyError: 'x' (b.py:3)"]
    assert editor.codes == [["postgres/fsync-off"]]
