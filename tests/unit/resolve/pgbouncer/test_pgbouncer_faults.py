"""One rule speaks for one defect of a value, and says what to write instead."""

from __future__ import annotations

import pytest

from resolve_pgbouncer import only, reading, told


def judged(line: str, running: str = "") -> tuple[str, str, object]:
    problem = only(reading(f"[pgbouncer]\n{line}\n", running))
    return problem.rule.partition("/")[2], problem.place.text, problem.values["suggestion"]


@pytest.mark.parametrize(
    ("line", "rule", "at", "suggestion"),
    [
        ("max_client_conn = 5;x", "comment-in-value", ";x", "write max_client_conn = 5"),
        ("max_client_conn = # all", "comment-in-value", "# all", "remove the parameter"),
        ("pool_mode = 'session' ; x", "comment-in-value", "; x", "write pool_mode = 'session'"),
        ("auth_file = /etc/u.txt # x", "comment-in-value", "# x", "write auth_file = /etc/u.txt"),
        ("auth_file = ; none", "comment-in-value", "; none", "write auth_file ="),
        ("listen_addr = * ; all", "comment-in-value", "; all", "write listen_addr = *"),
        ("unix_socket_dir = /tmp # x", "comment-in-value", "# x", "write unix_socket_dir = /tmp"),
        ("log_stats = Yes", "boolean-word", "Yes", "write log_stats = 1"),
        ("log_stats = disabled", "boolean-word", "disabled", "write log_stats = 0"),
        ("query_timeout = 100ms", "unit-in-value", "100ms", "write query_timeout = 0.1"),
        ("query_timeout = 1.5 hours", "unit-in-value", "1.5 hours", "write query_timeout = 5400"),
        ("stats_period = 1min", "unit-in-value", "1min", "write stats_period = 60"),
        ("stats_period = 100ms", "unit-in-value", "100ms", "write the number without a unit"),
        ("tcp_user_timeout = 5s", "unit-in-value", "5s", "write tcp_user_timeout = 5000"),
        ("pkt_buf = 8KB", "unit-in-value", "8KB", "write pkt_buf = 8192"),
        ("max_client_conn = 1k", "unit-in-value", "1k", "write the number without a unit"),
        ("pool_mode = trasaction", "invalid-value", "trasaction", "write pool_mode = transaction"),
        ("pool_mode = tx", "invalid-value", "tx", ""),
        ("max_client_conn = '5'", "invalid-value", "'5'", "write max_client_conn = 5"),
        ("query_timeout =", "invalid-value", "query_timeout =", ""),
        ("server_idle_timeout = off", "invalid-value", "off", ""),
        ("listen_addr = '127.0.0.1'", "invalid-value", "'127.0.0.1'", "write listen_addr = 127.0.0.1"),
        ("stats_users = 'a'", "quoted-value", "'a'", "write stats_users = a"),
        ("unix_socket_mode = 770", "socket-mode-decimal", "770", "write unix_socket_mode = 0770"),
    ],
)
def test_faults(line: str, rule: str, at: str, suggestion: str) -> None:
    found_rule, found_at, found_suggestion = judged(line)
    assert (found_rule, found_at) == (rule, at)
    assert str(found_suggestion).removesuffix(", and the comment on a line of its own") == suggestion


@pytest.mark.parametrize(
    "line",
    [
        "server_reset_query = DISCARD ALL;",
        "server_check_query = select 1 ; -- # x",
        "auth_query = SELECT a, b FROM c WHERE d = '# e' ; x",
        "ignore_startup_parameters = extra_float_digits ; options",
        "syslog_ident = pooler #1",
        "admin_users = a;b",
        "job_name = it's",
        "listen_addr = *, ::1, fe80::1%eth0, db-1.internal, localhost, 127.1, 0x7f.1",
        "unix_socket_mode = 0700",
        "unix_socket_mode = 511",
        "unix_socket_mode = 448",
        "unix_socket_dir = @pooler",
        "server_tls_protocols = tlsv1.2, tlsv1.3",
        "auth_type = ldap",
        "suspend_timeout = 10",
    ],
)
def test_good_values(line: str) -> None:
    assert told(reading(f"[pgbouncer]\n{line}\n")) == []


@pytest.mark.parametrize(
    "address", ["10.0.0.0/8", "300.1.1.1", "1.2.3.4.5", "a b", "tcp://host", "host:6432", "[::1]", "a;b", "08.1"]
)
def test_what_no_machine_knows_as_an_address(address: str) -> None:
    assert told(reading(f"[pgbouncer]\nlisten_addr = 127.0.0.1,  {address} ,::1\n")) == [("invalid-value", address)]


def test_protocols_matter_only_where_tls_is_on() -> None:
    on = "[pgbouncer]\nserver_tls_sslmode = require\nserver_tls_protocols = tlsv9\n"
    off = on.replace("require", "disable")
    assert only(reading(on)).says == "invalid server_tls_protocols: tlsv9"
    assert told(reading(off)) == []
    assert told(reading(on, "1.15")) == []  # logged, and started


def test_words_that_went_with_1_21() -> None:
    text = "[pgbouncer]\nserver_tls_sslmode = require\nserver_tls_protocols = legacy\n"
    assert told(reading(text, "1.20")) == []
    assert told(reading(text, "1.21")) == [("invalid-value", "legacy")]
    assert told(reading(text)) == []
