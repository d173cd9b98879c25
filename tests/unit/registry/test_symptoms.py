from __future__ import annotations

import pytest

from pgfpmlint.registry.load import rule_book
from pgfpmlint.registry.symptoms import Symptom, meant, symptoms

KNOWN = symptoms()


def slugs(words: str) -> list[str]:
    return [symptom.slug for symptom in meant(words, KNOWN)]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("too many clients", "too-many-clients"),
        ("clients many TOO", "too-many-clients"),
        ("no pg_hba.conf entry", "no-hba-entry"),
        ("server has gone away", "server-closed-connection"),
        ("SQLSTATE[HY000] 7", "server-closed-connection"),
        ("504", "gateway-timeout"),
        ("502", "bad-gateway"),
        ("prepared statement does not exist", "prepared-statement-missing"),
        ("pdo_stmt_00000001", "prepared-statement-missing"),
        ("max_client_conn", "no-more-connections"),
        ("driver", "driver-not-found"),
        ("could not connect to server", "connection-refused"),
        ("replication lag", "stale-reads"),
        ("advisory lock lost", "session-state-lost"),
        ("OOM killer", "killed-by-kernel"),
    ],
)
def test_words_that_people_search_for(words: str, slug: str) -> None:
    assert slug in slugs(words)


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        ("2026-01-01 00:00:00.000 UTC [12] app@shop FATAL:  sorry, too many clients already", "too-many-clients"),
        (
            'FATAL:  no pg_hba.conf entry for host "10.0.0.5", user "app", database "shop", no encryption',
            "no-hba-entry",
        ),
        (
            "[01-Jan-2026 00:00] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
            "max-children-reached",
        ),
        (
            "2026/01/01 00:00:00 [crit] 7#7: connect() to unix:/run/php/www.sock failed (13: Permission denied) while "
            'connecting to upstream, client: 127.0.0.1, server: _, request: "GET / HTTP/1.1"',
            "socket-permission-denied",
        ),
    ],
)  # fmt: skip
def test_a_line_of_a_log(line: str, slug: str) -> None:
    assert slugs(line) == [slug]


@pytest.mark.parametrize("words", ["", "  ", "xyzzy"])
def test_words_that_mean_nothing(words: str) -> None:
    assert slugs(words) == []


def test_what_is_named_so_comes_without_what_only_speaks_of_it() -> None:
    named = Symptom("a", "Slow", "silence", "Means it.", "here", ["x/y"])
    spoken = Symptom("b", "Fast", "silence", "Not slow.", "here", ["x/y"])
    assert meant("slow", [spoken, named]) == [named]
    assert meant("not slow", [spoken, named]) == [spoken]


def test_rules_stand_by_how_bad_they_are() -> None:
    order = {"error": 0, "warning": 1, "info": 2}
    book = rule_book().rules
    for symptom in KNOWN:
        ranks = [order[book[rule].severity] for rule in symptom.rules]
        assert ranks == sorted(ranks)
