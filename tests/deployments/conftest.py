"""What a budget is asked with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from budgets import Run
from pgfpmlint.cli import main


@pytest.fixture
def budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(files: dict[str, str], config: str = "", *words: str) -> Run:
        for path, text in {**files, ".pgfpmlint.yaml": config or "policy: {headroom: 20%}\n"}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.chdir(tmp_path)
        code = main(["budget", "--format", "json", *words])
        return Run(code, capsys.readouterr().out)

    return run


@pytest.fixture
def words_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The text for people, its lines joined."""

    def run(files: dict[str, str], config: str) -> str:
        for path, text in {**files, ".pgfpmlint.yaml": config}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.chdir(tmp_path)
        assert main(["budget"]) in (0, 1)
        return " ".join(capsys.readouterr().out.split())

    return run
