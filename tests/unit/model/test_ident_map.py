"""User name maps; what is expected was seen in logins to PostgreSQL 13 to 18, or stands in the manual."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.model.ident_map import allows
from pgfpmlint.resolve import ident
from pgfpmlint.source.memory import MemoryTree


def let_in(lines: str, system: str, user: str, major: int = 16, roles: frozenset[str] | None = None) -> bool | None:
    version = ServerVersion(POSTGRESQL, (major,), "test")
    root = MemoryTree({"pg_ident.conf": lines.encode()}).root("db", "", complete=True)
    return allows(ident.read(root, "/pg_ident.conf", version).mappings, "m", system, user, version, roles)


@pytest.mark.parametrize(
    ("lines", "system", "user", "major", "answer"),
    [
        ("m root alice", "root", "alice", 16, True),
        ("m root alice", "root", "bob", 16, False),
        ("x root alice", "root", "alice", 16, False),
        ("m root bob\nm root alice", "root", "alice", 16, True),
        ("m root all", "root", "anybody", 16, True),
        ("m root all", "root", "anybody", 15, False),
        ('m root "all"', "root", "anybody", 16, False),
        ("m root +grp", "root", "alice", 16, None),
        ("m root +alice", "root", "alice", 16, True),
        ("m root +grp", "root", "+grp", 15, True),
        ("m root /^al", "root", "alice", 16, True),
        ("m root /^al", "root", "alice", 15, False),
        ("m /^(.*)@x$ \\1", "alice@x", "alice", 16, True),
        ("m /^(.*)@x$ \\1", "alice@y", "alice", 16, False),
        ("m /^(.*)@x$ \\1_\\1", "a@x", "a_a", 18, False),
        ("m /^(.*)@x$ \\1_\\1", "a@x", "a_a", 19, True),
        ("m /^root$ \\1\nm root alice", "root", "alice", 16, False),
        ("m /(?i)ROOT alice", "root", "alice", 16, None),
        ("m /(?i)ROOT alice\nm root alice", "root", "alice", 16, True),
    ],
)
def test_the_first_line_that_fits(lines: str, system: str, user: str, major: int, answer: bool | None) -> None:
    assert let_in(lines, system, user, major) is answer


def test_members() -> None:
    assert let_in("m root +grp", "root", "alice", roles=frozenset({"grp"})) is True
    assert let_in("m root +grp", "root", "alice", roles=frozenset()) is False


def test_no_map_asks_for_equal_names() -> None:
    version = ServerVersion(POSTGRESQL, (16,), "test")
    assert allows((), "", "alice", "alice", version) is True
    assert allows((), "", "root", "alice", version) is False
