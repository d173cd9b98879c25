"""Which record decides, and which never can: section 7 of what was measured, and the two held against each other."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.model.hba_cover import unreachable
from pgfpmlint.model.hba_match import Connection, Decision, decide
from pgfpmlint.resolve import hba
from pgfpmlint.source.memory import MemoryTree

VERSION = ServerVersion(POSTGRESQL, (16,), "test")

TYPES = ("local", "host", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc")
NAMES = (
    "a",
    "b",
    "all",
    "sameuser",
    "samerole",
    "replication",
    '"all"',
    '"replication"',
    "/^a",
    "a,b",
    "all,replication",
)
USERS = ("a", "b", "all", "+a", "+g", '"all"', "/^a", "a,b", "a,+g")
NETWORKS = "0.0.0.0/0 ::/0 0.0.0.0/1 128.0.0.0/1 10.0.0.0/8 10.0.0.0/31 10.0.0.2/31 10.0.0.1/32 ::1/128"
ADDRESSES = (
    *("all", "10.0.0.0 255.0.0.1", "samehost", "samenet", "localhost", ".example.com", '"all"'),
    *NETWORKS.split(),
)
METHODS = ("trust", "reject", "md5")

LINES = st.tuples(*map(st.sampled_from, (TYPES, NAMES, USERS, ADDRESSES, METHODS))).map(
    lambda line: " ".join(line if line[0] != "local" else (*line[:3], line[4]))
)
CONNECTIONS = st.builds(
    Connection,
    type=st.sampled_from(["local", "host"]),
    database=st.sampled_from(["a", "b", "g", "all", "replication", "other"]),
    user=st.sampled_from(["a", "b", "g", "all", "other"]),
    address=st.sampled_from(["10.0.0.1", "10.0.0.2", "10.9.9.9", "200.1.1.1", "127.0.0.1", "::1", "2001:db8::1"]),
    tls=st.booleans(),
    gss=st.just(False) | st.booleans(),
    replication=st.sampled_from(["none", "none", "physical", "logical"]),
    roles=st.none() | st.frozensets(st.sampled_from(["a", "b", "g"])),
    server_addresses=st.none() | st.just(("10.0.0.2/24", "2001:db8::1/64")),
).filter(lambda connection: not (connection.tls and connection.gss))


def records(*lines: str) -> tuple[hba.HbaRecord, ...]:
    root = MemoryTree({"pg_hba.conf": "\n".join(lines).encode()}).root("db", "", complete=True)
    found = hba.read(root, "/pg_hba.conf", VERSION)
    assert found.reading.accepted
    return found.records


def dead(*lines: str) -> dict[int, list[int]]:
    return {
        found.record.place.line: [earlier.place.line for earlier in found.covering]
        for found in unreachable(records(*lines), VERSION)
    }


class TestDead:
    @pytest.mark.parametrize(
        ("earlier", "later"),
        [
            ("host all all all md5", "hostssl all all all md5"),
            ("host all all all md5", "host a b 10.0.0.0/8 md5"),
            ("host all all all md5", "host all all db.example.com md5"),
            ("host all all 10.0.0.0/8 md5", "host all all 10.1.2.3/16 md5"),
            ("host all all 10.0.0.0 255.0.0.0 md5", "host all all 10.1.2.3/32 md5"),
            ("host all all 0.0.0.0/0 md5", "host all all 10.0.0.0 255.0.255.0 md5"),
            ("host all all ::/0 md5", "host all all fe80::/10 md5"),
            ("host a,b all all md5", "host b,a all all md5"),
            ("local all all peer", "local sameuser +x peer"),
            ("local all all peer", "local /^a /^b peer"),
            ("local a +x peer", "local a +x peer"),
            ("local samerole all peer", "local samegroup b peer"),
            ("local sameuser all peer", "local a a peer"),
            ("local sameuser a peer", "local a a peer"),
            ("local a a peer", "local sameuser a peer"),
            ("local replication all peer", "local replication a peer"),
            ("local all,replication all peer", "local replication,a all peer"),
            ("host all all samenet md5", "host all a samenet md5"),
            ("host all all 10.0.0.0 255.0.255.0 md5", "hostssl all all 10.9.0.0 255.0.255.0 md5"),
            ("hostnossl all all all md5", "hostgssenc all all all md5"),
            ("hostnogssenc all all all md5", "hostssl all all all md5"),
            ("local all a,b,c peer", "local all b,c peer"),
            ("host all all samenet md5", "host all all samehost md5"),
            ("host all all .example.com md5", "host all all db.example.com md5"),
            ("local all +a peer", "local all a peer"),
            ("local /^a all peer", "local app all peer"),
            ("local samerole all peer", "local a a peer"),
            ("local samerole all peer", "local sameuser all peer"),
            ("local all /b$ peer", "local sameuser web peer"),
            ("host all all samehost md5", "host all all 127.0.0.1/32 md5"),
            ("host all all samenet md5", "host all all 127.0.5.0/24 md5"),
            ("host all all 127.0.0.0/8 md5", "host all all 127.0.0.1/32 md5"),
            ("host all all LocalHost md5", "host all all 127.0.0.1/32 md5"),
            ("host all all DB.example.com md5", 'host all all "db.example.com" md5'),
            ("host all all .com md5", "host all all .example.com md5"),
        ],
    )
    def test_by_one_record(self, earlier: str, later: str) -> None:
        assert dead(earlier, later) == {2: [1]}

    @pytest.mark.parametrize(
        ("earlier", "later"),
        [
            ("hostssl all all all md5", "host all all all md5"),
            ("host all all all md5", "local all all md5"),
            ("host all all 0.0.0.0/0 md5", "host all all all md5"),
            ("host all all 10.1.0.0/16 md5", "host all all 10.0.0.0/8 md5"),
            ("host all all 10.0.0.0 255.0.0.1 md5", "host all all 10.0.0.0/8 md5"),
            ('host all all "all" md5', "host all all 10.0.0.0/8 md5"),
            ("local all all peer", "local replication all peer"),
            ('local "all" all peer', "local a all peer"),
            ('local "replication" all peer', "local replication all peer"),
            ("local +x all peer", "local x all peer"),
            ("local a all peer", "local a,b all peer"),
            ("host all all samehost md5", "host all all samenet md5"),
            ("host all all samehost md5", "host all all 127.0.0.2/32 md5"),
            ("host all all db.example.com md5", "host all all .example.com md5"),
            ("host all all .example.com md5", "host all all example.com md5"),
            ("host all all .example.com md5", "host all all myexample.com md5"),
            ("host all all samenet md5", 'host all all "samenet" md5'),
            ("local all a peer", "local all +a peer"),
            ("local app all peer", "local /^a all peer"),
            ("local sameuser all peer", "local samerole all peer"),
            ("local a b peer", "local sameuser b peer"),
            ("local sameuser all peer", "local a b peer"),
            ("hostgssenc all all all md5", "hostnossl all all all md5"),
        ],
    )
    def test_not_by_what_leaves_something_over(self, earlier: str, later: str) -> None:
        assert dead(earlier, later) == {}

    def test_by_tls_and_no_tls_together(self) -> None:
        lines = ("hostssl all all all md5", "hostnossl all all all reject", "host all all all trust")
        assert dead(*lines) == {3: [1, 2]}
        assert dead("hostgssenc all all all md5", "hostnogssenc all all all md5", lines[2]) == {3: [1, 2]}

    def test_by_both_families_together(self) -> None:
        lines = (
            "host all all 0.0.0.0/0 md5",
            "host all all ::/0 md5",
            "host all all all md5",
            "host all all x.org md5",
        )
        assert dead(*lines) == {3: [1, 2], 4: [1, 2]}

    def test_by_two_halves_of_a_network(self) -> None:
        lines = ("host all all 10.0.0.0/9 md5", "host all all 10.128.0.0/9 md5", "host a all 10.0.0.0/8 md5")
        assert dead(*lines) == {3: [1, 2]}

    def test_by_networks_of_different_databases_and_users(self) -> None:
        lines = ("host a all 10.0.0.0/9 md5", "host all u 10.128.0.0/9 md5")
        assert dead(*lines, "host a u 10.0.0.0/8 md5", "host a all 10.0.0.0/8 md5") == {3: [1, 2]}

    def test_loopback_by_name(self) -> None:
        assert dead("host all all 127.0.0.0/8 md5", "host all all localhost md5") == {}
        assert dead("host all all 127.0.0.1/32 md5", "host all all ::1/128 md5", "host a all localhost md5") == {
            3: [1, 2]
        }

    def test_expressions_only_where_there_are_any(self) -> None:
        found = records("local /^a all peer", "local app all peer")
        assert unreachable(found, ServerVersion(POSTGRESQL, (15,), "test")) == []

    def test_by_lists_that_share_the_names(self) -> None:
        assert dead("local a all peer", "local b all peer", "local a,b x peer") == {3: [1, 2]}

    def test_the_fewest_are_named(self) -> None:
        lines = ("local a x peer", "local b all peer", "local a all peer", "local all all peer", "local a,b x,y peer")
        assert dead(*lines) == {5: [4]}
        assert dead("local a all peer", "local all all peer", "local a x peer") == {3: [1]}
        assert dead("local a x peer", "local a,b x peer", "local a,b x peer") == {3: [2]}

    def test_what_is_dead_covers_nothing_itself(self) -> None:
        assert dead("local all all peer", "local a all peer", "local a b peer") == {2: [1], 3: [1]}


class TestSpeed:
    def test_thousands_of_records_take_moments(self) -> None:
        lines = [f"host db{n % 50} u{n % 70} 10.{n // 250 % 250}.{n % 250}.0/24 md5" for n in range(4000)]
        found = records(*lines, "host all all all reject")
        started = time.process_time()
        unreachable(found, VERSION)
        assert time.process_time() - started < 20  # 0.1 s on a laptop; a quadratic way takes minutes

    def test_long_lists_too(self) -> None:
        names = ",".join(f"n{n}" for n in range(3000))
        assert dead(f"local {names} {names} peer", "local all all peer", f"local {names} {names} md5") == {3: [2]}


def decided(connection: Connection, *lines: str) -> Decision:
    return decide(records(*lines), connection, VERSION)


class TestUnknown:
    HOST = Connection("host", "app", "alice", "10.1.2.3", tls=False)

    def test_membership(self) -> None:
        lines = ("local all +grp reject", "local all all md5")
        local = Connection("local", "app", "alice")
        found = decided(local, *lines)
        assert (found.record, found.verdict) == (None, "unknown")
        assert found.why == "whether pg_hba.conf line 1 matches can't be known"
        assert [record.place.line for record in found.candidates] == [1, 2]
        assert decided(local._replace(roles=frozenset({"grp"})), *lines).verdict == "rejected"
        assert decided(local._replace(roles=frozenset()), *lines).verdict == "admitted"
        assert decided(local, "local all +alice reject").verdict == "rejected"

    def test_makes_no_difference_where_all_say_the_same(self) -> None:
        found = decided(self.HOST, "host all all db.example.com md5", "host all all all md5")
        assert (found.record, found.verdict) == (None, "admitted")

    def test_none_may_match(self) -> None:
        assert decided(self.HOST, "host all all db.example.com md5").verdict == "unknown"
        assert decided(self.HOST, "host all all db.example.com reject").verdict == "rejected"

    def test_encryption(self) -> None:
        lines = ("hostssl all all all md5", "host all all all reject")
        assert decided(self.HOST._replace(tls=None), *lines).verdict == "unknown"
        assert decided(self.HOST._replace(tls=True), *lines).verdict == "admitted"

    def test_networks_of_the_server(self) -> None:
        def verdict(keyword: str, address: str, *own: str) -> str:
            lines = (f"host all all {keyword} md5", "host all all all reject")
            addresses = own or None
            return decided(self.HOST._replace(address=address, server_addresses=addresses), *lines).verdict

        assert verdict("samenet", "10.1.2.9") == "unknown"
        assert verdict("samenet", "127.5.0.9") == "admitted"
        assert verdict("samehost", "127.0.0.1") == "admitted"
        assert verdict("samenet", "10.1.2.9", "10.1.2.3/24") == "admitted"
        assert verdict("samenet", "10.1.3.9", "10.1.2.3/24") == "rejected"
        assert verdict("samenet", "10.1.3.9", "10.1.2.3") == "unknown"
        assert verdict("samehost", "10.1.2.9", "10.1.2.3/24") == "rejected"
        assert verdict("samehost", "10.1.2.9", "db.internal") == "unknown"

    def test_an_address_that_is_not_known(self) -> None:
        lines = ("host all all 10.0.0.0/8 md5", "host all all all reject")
        assert decided(self.HOST._replace(address=None), *lines).verdict == "unknown"
        assert decided(self.HOST._replace(address="app.internal"), *lines).verdict == "unknown"

    def test_an_expression_that_only_postgresql_reads(self) -> None:
        lines = ("local /(?i)APP all md5", "local all all reject")
        assert decided(Connection("local", "app", "alice"), *lines).verdict == "unknown"


class TestRefusals:
    def test_in_the_words_of_the_server(self) -> None:
        host = Connection("host", "app", "alice", "10.1.2.3", tls=True)
        whom = 'host "10.1.2.3", user "alice"'
        assert (
            decided(host, "local all all md5").why == f'no pg_hba.conf entry for {whom}, database "app", SSL encryption'
        )
        physical = host._replace(replication="physical", tls=False)
        assert decided(physical, "host replication all all reject").why == (
            f"pg_hba.conf rejects replication connection for {whom}, no encryption"
        )

    def test_13_speaks_of_replication_for_both_kinds(self) -> None:
        logical = Connection("local", "app", "alice", replication="logical")
        old = decide((), logical, ServerVersion(POSTGRESQL, (13,), "test"))
        whom = 'host "[local]", user "alice"'
        assert old.why == f"no pg_hba.conf entry for replication connection from {whom}, SSL off"
        new = decide((), logical, VERSION)
        assert new.why == f'no pg_hba.conf entry for {whom}, database "app", no encryption'


@settings(max_examples=300)
@given(st.lists(LINES, min_size=1, max_size=8), st.lists(CONNECTIONS, max_size=20))
def test_a_dead_record_never_decides(lines: list[str], connections: list[Connection]) -> None:
    found = records(*lines)
    never = [dead.record for dead in unreachable(found, VERSION)]
    for connection in connections:
        assert decide(found, connection, VERSION).record not in never


@settings(max_examples=200)
@given(st.lists(LINES, min_size=1, max_size=8), st.lists(CONNECTIONS, max_size=20))
def test_without_the_dead_all_is_decided_as_before(lines: list[str], connections: list[Connection]) -> None:
    found = records(*lines)
    never = [dead.record for dead in unreachable(found, VERSION)]
    alive = tuple(record for record in found if record not in never)
    for connection in connections:
        with_dead, without = decide(found, connection, VERSION), decide(alive, connection, VERSION)
        if "unknown" not in (with_dead.verdict, without.verdict) and with_dead.record:
            assert (with_dead.record, with_dead.verdict) == (without.record, without.verdict)


@given(st.lists(LINES, min_size=1, max_size=6))
def test_what_covers_stands_before_and_suffices(lines: list[str]) -> None:
    found = records(*lines)
    for record, covering, *_ in unreachable(found, VERSION):
        assert covering
        assert all(found.index(earlier) < found.index(record) for earlier in covering)
        assert [dead.record for dead in unreachable((*covering, record), VERSION)] == [record]
