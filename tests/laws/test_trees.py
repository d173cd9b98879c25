"""A tree on disk and the same tree in memory give the same answers; a root on disk gives away nothing else."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.memory import MemoryTree
from pgfpmlint.source.tree import Root, Unreadable

NAMES = st.sampled_from(["a", "b", "etc", "x.conf", ".git", "Ä"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
ASKED = st.lists(st.one_of(NAMES, st.sampled_from(["", ".", ".."])), max_size=5).map(
    lambda parts: "/" + "/".join(parts)
)


def answer(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except Unreadable as error:
        return error.why, error.missing


def answers(root: Root, path: str) -> list[object]:
    def read() -> object:
        source = root.read(path)
        return source.path, source.data

    asked: list[Callable[[], object]] = [
        read,
        lambda: root.head(path),
        lambda: root.names(path),
        lambda: root.is_file(path),
        lambda: root.is_folder(path),
        lambda: root.shown(path),
    ]
    return [answer(ask) for ask in asked]


def plant(base: Path, path: str, data: bytes) -> bool:
    """Whether the file could be put there: not where a folder is, or below a file."""
    try:
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_bytes(data)
    except OSError:
        return False
    return True


def link(jail: Path, path: str, target: str) -> None:
    """Put the link there, unless the way there leads through another link: this test must not write elsewhere."""
    above = jail
    for part in path.split("/")[:-1]:
        above /= part
        if above.is_symlink() or above.is_file():
            return
        above.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (jail / path).symlink_to(target)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(PATHS, st.binary(max_size=9), max_size=6), st.lists(ASKED, max_size=8))
def test_disk_and_memory_are_alike(files: dict[str, bytes], asked: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        planted = {path: data for path, data in files.items() if plant(Path(folder), path, data)}
        prefix = next((os.path.dirname(path) for path in planted), "")  # a folder that is there
        on_disk, in_memory = DiskTree(where=folder), MemoryTree(planted)
        assert on_disk.files() == in_memory.files()
        for at in ("", prefix):
            one, other = on_disk.root("host", at, complete=False), in_memory.root("host", at, complete=False)
            for path in [*asked, "/", *("/" + path for path in planted)]:
                assert answers(one, path) == answers(other, path)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(PATHS, st.lists(st.one_of(NAMES, st.just("..")), min_size=1, max_size=7), st.booleans())),
    st.lists(ASKED, min_size=1, max_size=10),
)
def test_no_link_leads_out_of_a_root(links: list[tuple[str, list[str], bool]], asked: list[str]) -> None:
    """Files inside hold "inside", the rest of the disk does not; links point anywhere, in chains and loops."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for path in ("jail/a/x.conf", "jail/etc/x.conf"):
            plant(base, path, b"inside")
        for path in ("a", "etc/a", "x.conf/a", "b"):
            plant(base, path, b"outside")
        for path, target, absolute in links:
            link(base / "jail", path, ("/" if absolute else "") + "/".join(target))
        jail = DiskTree(where=folder).root("host", "jail")
        for entry in DiskTree(["jail"], where=folder).files():
            assert entry.path.startswith("jail/")
            asked = [*asked, entry.path[4:]]
        for path in asked:
            if jail.is_file(path):
                assert jail.read(path).text == "inside"
            if jail.is_folder(path):
                assert set(jail.names(path)) <= {"a", "b", "etc", "x.conf", ".git", "Ä"}
