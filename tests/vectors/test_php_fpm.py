"""Every case that real PHP-FPMs answered, read from memory: accepted or not, the first error, and the values."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog.version import PHP, parse
from pgfpmlint.resolve import fpm
from pgfpmlint.source.memory import MemoryTree

FIXTURES = Path(__file__).parent.parent / "fixtures/vectors"
FOLDER = "/etc/php/test/fpm"
ENVIRONMENT = {"MYENV": "my val", "EMPTYENV": "", "HOME": "/home/x"}

# What the servers refused for what their machine lacked, which no file can tell.
MACHINE = {
    "fpm-unknown-user-not-checked@8.2-8.4": "no such account",
    "fpm-chroot-relative": "no such folder",
    "fpm-chroot-missing": "no such folder",
    "fpm-chdir-missing": "no such folder",
    "fpm-prefix-missing": "no such folder",
}

CASES = [
    pytest.param(case, version, id=f"{case['id']}-{version}")
    for path in sorted(FIXTURES.glob("php-fpm*.cases.json"))
    for case in json.loads(path.read_text("utf-8"))
    for version in case["versions"]
]


def contents(case: dict[str, Any]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, text in case["files"].items():
        path = f"{FOLDER}/{name}"[1:]
        if text is None:
            found[f"{path}/.keep"] = b""
        elif name in case.get("files_base64", ()):
            found[path] = base64.b64decode(text)
        else:
            found[path] = text.replace("<dir>", FOLDER).encode("utf-8", "surrogateescape")
    return found


@pytest.mark.parametrize(("case", "version"), CASES)
def test_case(case: dict[str, Any], version: str) -> None:
    root = MemoryTree(contents(case)).root("test", "", complete=True)
    main = f"{FOLDER}/{next(iter(case['files']))}"
    found = fpm.read(root, (main,), parse(PHP, version, "test"), environment=ENVIRONMENT, marks=())
    refusals = [problem.says for problem in found.reading.problems if problem.refuses]
    if case["id"] in MACHINE or "of_machine" in case:
        assert not refusals, MACHINE.get(case["id"], "only the machine tells")
        return
    assert found.reading.accepted == case["accepted"], refusals
    if case["error"]:
        assert refusals[0] in case["error"].replace("<dir>", FOLDER)
    values = fpm.values(found)
    for name, value in (case["values"] or {}).items():
        assert values[name] == value, name
