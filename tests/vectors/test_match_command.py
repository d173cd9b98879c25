"""``pgfpmlint match`` names the record that the real servers used: every recorded attempt to connect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.cli import main

VECTORS = sorted((Path(__file__).parent.parent / "fixtures/vectors").glob("pg-hba*.cases.json"))
CASES = [case for path in VECTORS for case in json.loads(path.read_text()) if "matches" in (case["values"] or {})]
PASSED = "authenticated without password"


def words(attempt: dict[str, Any]) -> list[str]:
    local = attempt["type"] == "local"
    found = ["--type", "local" if local else "host", "--database", attempt["database"], "--user", attempt["user"]]
    if not local:
        found += ["--address", attempt["addr"], "--tls" if attempt["type"] == "hostssl" else "--no-tls"]
    replication = {"true": ["--replication"], "database": ["--logical-replication"]}
    found += replication.get(attempt.get("replication", ""), [])
    return [*found, "--roles", "grp" if attempt["user"] == "alice" else ""]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_record_that_decides(case: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in case["files"].items():
        (tmp_path / name).write_text(text)
    for version in case["versions"]:
        for attempt in case["values"]["matches"]:
            asked = ["--server-version", version, *words(attempt), "--format", "json", str(tmp_path / "pg_hba.conf")]
            code = main(["match", *asked])
            answer = json.loads(capsys.readouterr().out)
            line, reply = attempt["result"]["line"], attempt["result"].get("reply")
            if reply in (None, PASSED):
                assert (code, answer["verdict"], line) == (0, "admitted", line if reply else answer["line"])
            else:
                assert (code, answer["verdict"], answer["why"]) == (1, "rejected", reply)
