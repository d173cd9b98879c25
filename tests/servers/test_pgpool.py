"""pgpool-II cuts its file into settings as we do, and stops where we say that it does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.catalog.version import PGPOOL, newest
from pgfpmlint.formats.pgpool_conf import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Include, Malformed
from servers import cage, found

PROGRAM = found.pgpool()

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(PROGRAM is None, reason="no pgpool-II on this machine; .ci/servers installs one"),
]

PIECES = st.sampled_from(
    [*("port", "max_pool", "x", "= ", " = ", " ", "\n", "\t", "#", "'", "'a b'", "'it\\'s'", "\\", ".", "-", "/"),
     *("12", "1.5", "10.0.0.1", "a-b", "0x1F", "5min", "on", ",", "''", ":", "é", "\r\n", "include ")]
)  # fmt: skip


def objection(file: Path) -> str:
    """Where its parser stops: ``parse error at line 2 '.0'``; empty where it reads to the end."""
    command = cage.as_nobody([str(PROGRAM), "-f", str(file), "stop"])
    run = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=file.parent)
    says = run.stderr.decode("utf-8", "surrogateescape")
    assert "FATAL" in says, "it is not running, so that it can't be stopped"
    for line in reversed(says.split("DETAIL:")):
        if "parse error at line" in line:
            return line.strip().rpartition(" token = ")[0]
    return ""


@settings(max_examples=int(os.environ.get("PGFPMLINT_WORDS", "60")), deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12))
def test_settings(workshop: Path, pieces: list[str]) -> None:
    text = "".join(pieces)
    file = workshop / f"pgpool-{os.getpid()}.conf"
    file.write_bytes(text.encode())
    document = parse(Source("pgpool.conf", text), "/pgpool.conf", newest(PGPOOL))
    if any(isinstance(node, Include) or (isinstance(node, Assignment) and not node.value) for node in document.parts):
        return  # another file, or a value that is the line's end: of what follows nobody can be sure
    broken = next((node for node in document.parts if isinstance(node, Malformed)), None)
    assert objection(file) == (broken.says if broken is not None else "")
