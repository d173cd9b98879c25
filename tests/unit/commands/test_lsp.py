from __future__ import annotations

import sys

import pytest

from pgfpmlint.cli import main


@pytest.mark.parametrize("library", ["pygls", "lsprotocol"])
def test_without_the_extra(library: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in [name for name in sys.modules if name.startswith(("pgfpmlint.lsp", "pygls", "lsprotocol"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    assert main(["lsp"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "pgfpmlint: the language server needs pygls 2; install it: pip install 'pgfpmlint[lsp]'\n"
