"""VS Code's protocol library (vscode-languageserver-protocol, the base of its language client) talks to our server.

It is the judge of every message's framing and shape; the numbers are counted off examples/webshop.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servers import found

ROOT = Path(__file__).parents[2]
REQUIRED = os.environ.get("PGFPMLINT_REQUIRE_SERVERS") == "1"
HBA = "hosts/db/etc/postgresql/16/main/pg_hba.conf"


@pytest.fixture
def library() -> str:
    """The folder whose node_modules holds it."""
    name = "node_modules/vscode-languageserver-protocol"
    place = next((f"{cache}/node" for cache in found.CACHES if Path(cache, "node", name).is_dir()), None)
    if place is None or shutil.which("node") is None:
        if REQUIRED:
            pytest.fail("no node with vscode-languageserver-protocol, which .ci/servers installs")
        pytest.skip("no node with vscode-languageserver-protocol; .ci/servers installs it")
    return place


def test_each_message_is_well_formed(library: str, tmp_path: Path) -> None:
    shop = shutil.copytree(ROOT / "examples/webshop", tmp_path / "shop")
    command = ["node", str(ROOT / "tests/servers/vscode/client.mjs"), str(shop), HBA]
    done = subprocess.run(
        [*command, sys.executable, "-m", "pgfpmlint", "lsp"],
        env={**os.environ, "NODE_LIBRARIES": library, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["faults"] == []
    assert said["logged"] == []
    assert said["registered"] == ["workspace/didChangeWatchedFiles"]
    assert (said["encoding"], said["exit"]) == ("utf-16", 0)
    assert (said["diagnostics"], said["hovers"], said["references"]) == (1, 1, 2)
    assert said["definitions"] == 1, "ssl = on, which the finding rests on"
    assert said["actions"] >= 2
    assert said["symbols"] == 5
    assert said["proposals"] >= 6
