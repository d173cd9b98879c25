"""Lines of [databases], [users] and [peers]: what they set, what is wrong with them, and what stays secret."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve.pgbouncer import BouncerReading
from resolve_pgbouncer import only, reading, told


def databases(*lines: str, running: str = "") -> BouncerReading:
    return reading("\n".join(["[databases]", *lines, "[pgbouncer]", ""]), running)


def test_each_parameter_has_its_place() -> None:
    (entry,) = databases("shop = host=10.0.0.9 port=5433x dbname='it''s' pool_mode=STATEMENT").databases
    assert (entry.name, entry.place.text) == ("shop", "shop")
    shown = {key: (one.value, one.place.text if one.place else "") for key, one in entry.parameters.items()}
    assert shown == {
        "host": ("10.0.0.9", "host=10.0.0.9"),
        "port": ("5433", "port=5433x"),
        "dbname": ("it's", "dbname='it''s'"),
        "pool_mode": ("statement", "pool_mode=STATEMENT"),
    }
    assert entry.parameter("user") is None


def test_the_last_spelling_of_the_reserve_counts() -> None:
    (entry,) = databases("shop = reserve_pool_size=3 reserve_pool=4").databases
    assert set(entry.parameters) == {"reserve_pool"}


def test_a_later_line_replaces_an_earlier_one_but_for_its_user() -> None:
    found = databases("shop = host=a user=u pool_size=3", "shop = host=b")
    (entry,) = found.databases
    assert {key: one.value for key, one in entry.parameters.items()} == {"host": "b", "user": "u"}
    assert [place.line for place in entry.shadowed] == [2]
    assert told(found) == [("duplicate-database", "shop")]
    assert told(databases("shop = host=a", "shop = host=a")) == []


def test_the_fallback_is_a_database_whose_line_is_looked_at_late() -> None:
    found = databases("* = host=a foo=1")
    assert [entry.name for entry in found.databases] == ["*"]
    assert told(found) == [("unknown-database-key", "foo")]
    assert found.reading.accepted


@pytest.mark.parametrize(("running", "accepted"), [("1.15", True), ("1.16", False), ("", False)])
def test_a_bad_line_costs_the_database_or_the_start(running: str, accepted: bool) -> None:
    found = databases("shop = host=a port=x", "blog = host=b", running=running)
    assert found.reading.accepted is accepted
    assert told(found) == [("invalid-connection-string", "x")]
    assert [entry.name for entry in found.databases] == (["blog"] if accepted else ["shop", "blog"])


def test_everything_wrong_with_a_line_is_told() -> None:
    assert told(databases("shop = Host=a pool_mode=tx port=0 dbname='x")) == [
        ("unknown-database-key", "Host"),
        ("invalid-connection-string", "tx"),
        ("invalid-connection-string", "0"),
        ("invalid-connection-string", "dbname='x"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("shop = postgres://u:secret@h/x", "an address like postgres://… is not understood"),
        ("shop = host=a dbname='secret", "a quote is not closed"),
        ("shop = host=a dbname=''", "dbname has no value; leave it out"),
        ("shop = host=a secret", "a value with blanks needs single quotes around it"),
        ("shop = host=a password=two secret", "a value with blanks needs single quotes around it"),
        ("max_client_conn = 5", "max_client_conn is a parameter of [pgbouncer]"),
    ],
)
def test_reasons_repeat_nothing_that_may_be_secret(line: str, reason: str) -> None:
    problem = only(databases(line))
    assert str(problem.values["reason"]).startswith(reason)
    assert "secret" not in str(problem.values) + problem.says


def test_the_rest_of_a_password_with_a_blank_is_no_key_to_print() -> None:
    problem = only(databases("shop = host=a password=two secret=x"))
    assert problem.values["key"] == "********"
    assert problem.says == "unrecognized connection parameter: ********"


def test_passwords_are_known_to_be_there_and_nothing_more() -> None:
    (entry,) = databases("shop = host=a password='very secret' user=u").databases
    password = entry.parameters["password"]
    assert password.value == "********"
    assert "secret" not in repr(password)


def test_numbers_that_are_read_otherwise() -> None:
    found = databases("shop = pool_size=ten min_pool_size=2x port=5432,5433 max_db_connections=-1")
    assert told(found) == [
        ("number-read-as-zero", "ten"),
        ("number-cut-short", "2x"),
        ("number-cut-short", "5432,5433"),
    ]
    assert found.reading.accepted


def test_a_tab_joins_what_it_should_separate() -> None:
    assert told(databases("shop = host=a\tport=1")) == [("tab-in-connection-string", "\tport=1")]
    assert told(databases("shop = host='a\tb'")) == []
    problem = only(databases("shop = host=a \tport=1"))
    assert problem.values["hint"] == "; only a space separates, a tab is part of the key"


@pytest.mark.parametrize("line", ["shop = host=a ; note", "shop = host=a ;note=1", "shop = # note"])
def test_comments_win_over_what_they_break(line: str) -> None:
    assert only(databases(line)).rule == "pooler/comment-in-value"


def test_keys_come_with_versions() -> None:
    line = "shop = host=a load_balance_hosts=disable"
    assert only(databases(line, running="1.23")).values["hint"] == "; it came with 1.24"
    assert told(databases(line, running="1.24")) == []
    assert told(databases(line)) == []


def test_users_know_other_keys() -> None:
    found = reading("[users]\nbob = pool_mode=session\nann = pool_size=3\n[pgbouncer]\n", "1.22")
    assert told(found) == [("unknown-user-key", "pool_size")]
    assert [entry.name for entry in found.users] == ["bob", "ann"]


def test_peers_need_a_number_and_a_host() -> None:
    found = reading("[peers]\n1 = host=/tmp port=6433\nx = host=/tmp\n2 = port=1\n[pgbouncer]\n")
    assert told(found) == [("invalid-peer", "x"), ("invalid-peer", "2")]
    assert found.peers[0].parameters["port"].value == "6433"


def test_a_template_leaves_holes() -> None:
    found = databases("shop = host={{ db.host | default('x') }} port=5433 password=${PW}", "{% for x in y %}", "a b")
    (entry,) = found.databases
    assert {key: one.value for key, one in entry.parameters.items()} == {"host": None, "port": "5433", "password": None}
    assert told(found) == [("syntax-error", "a b")]
    assert [unread.why for unread in found.reading.unread] == ["is a template: it holds placeholders"]
