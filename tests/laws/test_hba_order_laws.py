"""Which pg_hba.conf records never decide, held against trying every connection there is.

Of a small world everything can be tried: a few databases, users and addresses, one of each that no record names, every
kind of encryption. What a record matches is `model.hba_match`'s to say, which real servers confirm
(`tests/servers/matches.py`).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.model import hba_cover
from pgfpmlint.model.hba_cover import unreachable
from pgfpmlint.model.hba_match import Connection, match
from pgfpmlint.resolve import hba
from pgfpmlint.source.memory import MemoryTree

VERSION = ServerVersion(POSTGRESQL, (16,), "test")

TYPES = ["local", "host", "host", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"]
DATABASES = ["all", "all", "a", "b", "a,b", "sameuser", "replication", "all,replication", "sameuser,b"]
USERS = ["all", "all", "a", "b", "a,b"]
NETWORKS = [
    *("all", "all", "0.0.0.0/0", "::/0", "10.0.0.0/30", "10.0.0.0/31", "10.0.0.2/31", "10.0.0.0/32"),
    *("0.0.0.0/1", "::/1", "8000::/1"),
]
METHODS = ["reject", "reject", "trust", "md5"]


def lines(databases: list[str], users: list[str]) -> st.SearchStrategy[list[str]]:
    line = st.tuples(*map(st.sampled_from, (TYPES, databases, users, NETWORKS, METHODS)))
    written = line.map(lambda line: " ".join(line if line[0] != "local" else (*line[:3], line[4])))
    return st.lists(written, min_size=2, max_size=9)


NAMES = ("a", "b", "other")
ADDRESSES = ("10.0.0.0", "10.0.0.1", "10.0.0.2", "10.9.9.9", "200.0.0.1", "::1", "9000::1")
ENCRYPTED = ((False, False), (True, False), (False, True))
WORLD = [
    *(Connection("local", database, user) for database, user in product(NAMES, NAMES)),
    *(Connection("local", None, user, replication="physical") for user in NAMES),
    *(
        Connection("host", database, user, address, tls, gss)
        for database, user, address, (tls, gss) in product(NAMES, NAMES, ADDRESSES, ENCRYPTED)
    ),
    *(
        Connection("host", None, user, address, tls, gss, "physical")
        for user, address, (tls, gss) in product(NAMES, ADDRESSES, ENCRYPTED)
    ),
]


def records(written: Iterable[str]) -> tuple[hba.HbaRecord, ...]:
    root = MemoryTree({"pg_hba.conf": "\n".join(written).encode()}).root("db", "", complete=True)
    return hba.read(root, "/pg_hba.conf", VERSION).records


@settings(max_examples=100)
@given(lines(DATABASES, USERS))
def test_the_dead_are_those_that_nobody_reaches(written: list[str]) -> None:
    found = records(written)
    reached: set[int] = set()
    deciding: dict[int, set[int]] = {number: set() for number in range(len(found))}
    for connection in WORLD:
        matching = [number for number, record in enumerate(found) if match(record, connection, VERSION)]
        reached.update(matching[:1])
        for number in matching:
            deciding[number].add(matching[0])
    dead = {found.index(one.record): one for one in unreachable(found, VERSION)}
    assert sorted({*range(len(found))} - reached) == sorted(dead)
    for number, one in dead.items():
        named = [found.index(earlier) for earlier in one.covering]
        if one.effect in (hba_cover.OPENED, hba_cover.CLOSED, hba_cover.UNASKED):
            assert set(named) <= deciding[number]
        methods = {found[earlier].method for earlier in named}
        if one.effect == hba_cover.OPENED:
            assert one.record.method == "reject"
            assert "reject" not in methods
        elif one.effect == hba_cover.CLOSED:
            assert one.record.method != "reject"
            assert methods == {"reject"}
        elif one.effect == hba_cover.REPEATED:
            assert methods == {one.record.method}


@given(lines([*DATABASES, "samerole", '"replication"', "/^a"], [*USERS, "+a", '"all"', "/^a"]))
def test_the_quick_look_at_a_short_file_misses_nothing(written: list[str]) -> None:
    many = [f"host z{number} z 192.0.2.1/32 md5" for number in range(hba_cover.FEW)]
    short, long = (unreachable(records(all_), VERSION) for all_ in (written, [*written, *many]))
    assert [dead.record.place.line for dead in short] == [
        line for dead in long if (line := dead.record.place.line) <= len(written)
    ]


def _ip4(number: int) -> str:
    return ".".join([str(number >> shift & 255) for shift in (24, 16, 8, 0)])


def _names(letter: str, number: int, count: int) -> str:
    return ",".join([f"{letter}{number}_{name}" for name in range(count)])


SHAPES = {
    "users": lambda n: [f"host all u{i} all md5" for i in range(n)],
    "addresses": lambda n: [f"host all all {_ip4(10 << 24 | 2 * i)}/32 md5" for i in range(n)],
    "neighbours": lambda n: [f"host all all {_ip4(10 << 24 | i)}/32 md5" for i in range(n)],
    "lists": lambda n: [f"host {_names('d', i, 16)} {_names('u', i, 16)} all md5" for i in range(n // 8)],
    "overlapping": lambda n: [
        f"host {'all' if i % 2 else f'd{i}'} {f'u{i}' if i % 2 else 'all'} all md5" for i in range(n)
    ],
    "nested": lambda n: [f"host d{i // 129} all fc00::/{128 - i % 129} md5" for i in range(n)],
    "names": lambda n: [f"host all all {'.' if i % 2 else 'a.'}h{i}.example.com md5" for i in range(n)],
    "all dead": lambda n: ["host all all all md5", *(f"host d{i} u{i} 10.0.0.0/8 reject" for i in range(n))],
    "dead together": lambda n: [
        *(f"host {'a' if i % 2 else 'all'} all {_ip4(10 << 24 | i)}/32 md5" for i in range(256)),
        *(f"host a u{i} 10.0.0.0/24 reject" for i in range(n)),
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_eight_times_the_records_take_about_eight_times_as_long(shape: str) -> None:
    """Processor time, the best of three each; a way that goes with the square would take 64 times as long."""

    def best(count: int) -> float:
        found = records(SHAPES[shape](count))
        taken: list[float] = []
        gc.disable()  # as the command does
        try:
            for _ in range(3):
                started = time.process_time()
                unreachable(found, VERSION)
                taken.append(time.process_time() - started)
        finally:
            gc.enable()
        return min(taken)

    assert best(2000) < 8 * 3 * best(250) + 0.05
