"""What we read is what the servers read, on files that nobody wrote.

The recorded cases are the ones that somebody thought of; these hundreds of generated files are not. The same files
come up in every run; ``PGFPMLINT_AGREEMENT=COUNT:SEED`` asks for others, or for more. ``make judge`` asks every server
that can be had about many thousands of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from servers import found
from servers.conftest import absent
from servers.contest import contest
from servers.found import Server
from servers.inputs import FORMATS, generated
from servers.judge import MATCHES, PRODUCTS, STARTED

pytestmark = pytest.mark.server

_COUNT, _, _SEED = os.environ.get("PGFPMLINT_AGREEMENT", "250:0").partition(":")


def _contests() -> list[object]:
    """Every format with every server that reads it. Real starts take too long for many of them."""
    pairs = [(kind, server) for kind in FORMATS if kind != STARTED for server in found.servers(PRODUCTS[kind])]
    return [pytest.param(*pair, id=f"{pair[1]}-{pair[0]}") for pair in pairs] or [absent("server", 2)]


@pytest.mark.parametrize(("kind", "server"), _contests())
def test_files_that_nobody_wrote(kind: str, server: Server, folder: Path) -> None:
    wrong: list[str] = []
    accepted = 0
    count = int(_COUNT) // 10 if kind == MATCHES else int(_COUNT)  # each of these with several connections
    with contest(kind, server, folder) as judge:
        for files in generated(kind, range(count), f"{_SEED} {server}"):
            answer = judge(files)
            accepted += answer.accepted
            wrong += [f"{files!r}\n    {difference}" for difference in answer.differences]
    assert not wrong, f"{len(wrong)} differences in {count} files\n" + "\n".join(wrong[:20])
    assert count // 5 < accepted < count, "files that are all fine, or all bad, prove little"
