"""Poolers other than PgBouncer that do not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from servers import found
from servers.proofs.conftest import example
from servers.test_pgpool import objection

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(found.pgpool() is None, reason="no pgpool-II on this machine; .ci/servers installs one"),
]


def test_addresses_without_quotes(folder: Path) -> None:
    """pgpool-II stops where we point to; with quotes it reads the file."""
    rule, file = "pooler/pgpool-syntax-error", folder / "pgpool.conf"
    (text,) = example(rule, "bad", "an address without quotes").values()
    file.write_text(text, encoding="utf-8")
    assert objection(file) == "parse error at line 2 '.0'"
    (text,) = example(rule, "good", "the address in quotes").values()
    file.write_text(text, encoding="utf-8")
    assert objection(file) == ""
