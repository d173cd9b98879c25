"""Patterns of files as glob(3) reads them: https://man7.org/linux/man-pages/man7/glob.7.html."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve.glob import NoSuchFolder, matches
from pgfpmlint.source.memory import MemoryRoot, MemoryTree

POOLS = "/etc/php/8.2/fpm/pool.d"


@pytest.fixture
def root() -> MemoryRoot:
    names = ("a.conf", "b.conf", "c.ini", ".d.conf", "sub/x.conf")
    return MemoryTree({f"{POOLS.lstrip('/')}/{name}": b"" for name in names}).root("host", "", complete=True)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.conf", ["a.conf", "b.conf"]),
        ("*", ["a.conf", "b.conf", "c.ini"]),
        ("?.conf", ["a.conf", "b.conf"]),
        ("[!a].conf", ["b.conf"]),
        ("[^a].conf", ["b.conf"]),
        ("[b-z].*", ["b.conf", "c.ini"]),
        ("[[:alpha:]].ini", ["c.ini"]),
        ("\\a.conf", ["a.conf"]),
        ("{a,b}.conf", []),
        (".*", [".d.conf"]),
        ("a.conf/x", []),
        ("../pool.d/a.conf", ["a.conf"]),
        ("sub", []),
        ("*/x.conf", ["sub/x.conf"]),
    ],
)
def test_matches(root: MemoryRoot, pattern: str, expected: list[str]) -> None:
    assert matches(root, f"{POOLS}/{pattern}") == [f"{POOLS}/{name}" for name in expected]


def test_a_folder_that_is_not_there(root: MemoryRoot) -> None:
    with pytest.raises(NoSuchFolder) as error:
        matches(root, "/etc/php/8.3/fpm/pool.d/*.conf")
    assert error.value.folder == "/etc/php/8.3/fpm/pool.d"
