"""Files that have nothing to do with us cost one look at most: counted in looks, for time depends on the machine."""

from __future__ import annotations

import pytest

from pgfpmlint.discover.discovery import discover
from pgfpmlint.source.memory import MemoryRoot, MemoryTree
from pgfpmlint.source.text import Source

WORKFLOW = b"name: build\non: [push]\njobs:\n  test:\n    services: {postgres: {image: postgres}}\n"
CHART = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: colours}\ndata: {colour: blue}\n"


def test_a_file_is_looked_at_once_and_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    reads: list[str] = []
    head, read = MemoryRoot.head, MemoryRoot.read

    def looked(root: MemoryRoot, path: str) -> str:
        looks.append(path)
        return head(root, path)

    def taken(root: MemoryRoot, path: str) -> Source:
        reads.append(path)
        return read(root, path)

    monkeypatch.setattr(MemoryRoot, "head", looked)
    monkeypatch.setattr(MemoryRoot, "read", taken)
    files = {f"f{number}/file{number}.{end}": b"x: 1\n" for number in range(60) for end in ("py", "md", "json", "yaml")}
    files |= {".github/workflows/test.yml": WORKFLOW, "k8s/colours.yaml": CHART}
    assert discover(MemoryTree(files)).mains == ()
    assert sorted(looks) == sorted(f"/{name}" for name in files if name.endswith(("yaml", "yml")))
    assert reads == []
