"""What the server makes of values. Every expectation was given by PostgreSQL 12 to 18 (``postgres -C``)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.guc import canonical
from pgfpmlint.catalog.postgresql import catalog
from pgfpmlint.catalog.refusal import Refusal
from pgfpmlint.catalog.version import POSTGRESQL, parse


def ask(name: str, text: str, major: str = "18") -> str | Refusal:
    version = parse(POSTGRESQL, major, "a test says so")
    setting = catalog(version).setting(name)
    assert setting is not None
    return canonical(setting, text, version, name)


def refusal(name: str, text: str, major: str = "18") -> Refusal:
    answer = ask(name, text, major)
    assert isinstance(answer, Refusal), answer
    return answer


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("work_mem", "8MB", "8192"),
        ("work_mem", " 8 MB ", "8192"),
        ("work_mem", "1.1GB", "1153024"),
        ("work_mem", "1000.5kB", "1000"),
        ("work_mem", "66048B", "64"),
        ("shared_buffers", "1028kB", "128"),
        ("shared_buffers", "1029kB", "129"),
        ("statement_timeout", "500us", "0"),
        ("statement_timeout", "1500us", "2"),
        ("autovacuum_naptime", "2500ms", "2"),
        ("log_rotation_age", "1d", "1440"),
        ("max_connections", "0x64", "100"),
        ("max_connections", "0144", "100"),
        ("max_connections", "010.0", "10"),
        ("max_connections", "99.5", "100"),
        ("max_connections", "100.5", "100"),
        ("max_connections", "1e2", "100"),
        ("max_connections", "0x1F.8", "32"),
        ("log_file_mode", "0640", "416"),
        ("log_min_duration_statement", "-1ms", "-1"),
        ("vacuum_cost_delay", "500us", "0.5"),
        ("seq_page_cost", ".5", "0.5"),
        ("seq_page_cost", "0x10", "16"),
        ("seq_page_cost", "010", "10"),
        ("wal_buffers", "3", "4"),
        ("fsync", "tr", "on"),
        ("fsync", "ye", "on"),
        ("fsync", "oF", "off"),
        ("wal_level", "LOGICAL", "logical"),
        ("wal_level", "hot_standby", "replica"),
        ("synchronous_commit", "1", "on"),
        ("wal_compression", "yes", "pglz"),
        ("dynamic_shared_memory_type", "windows", "windows"),  # what initdb writes there
        ("ssl_min_protocol_version", "tlsv1.2", "TLSv1.2"),
        ("client_min_messages", "debug", "debug2"),
        ("log_destination", "stderr , CSVLOG", "stderr , CSVLOG"),
        ("search_path", '"$user", public', '"$user", public'),
        ("DateStyle", "german", "German, DMY"),
        ("DateStyle", "sql,us", "SQL, MDY"),
        ("datestyle", "ymd", "ISO, YMD"),
        ("client_encoding", "latin 1", "LATIN1"),
        ("log_directory", "a//b/../c/", "a/c"),
        ("log_connections", "receipt,AUTHENTICATION", "receipt,AUTHENTICATION"),
        ("synchronous_standby_names", 'ANY 1 ("x y", *)', 'ANY 1 ("x y", *)'),
        ("cluster_name", "café", "caf\\xc3\\xa9"),
    ],
)
def test_good_values_are_kept_as_the_server_keeps_them(name: str, text: str, value: str) -> None:
    assert ask(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "major", "kind", "says"),
    [
        ("work_mem", "8192kb", "16", "bad unit", 'invalid value for parameter "work_mem": "8192kb"'),
        ("max_connections", "100kB", "16", "bad unit", 'invalid value for parameter "max_connections": "100kB"'),
        ("work_mem", "3TB", "16", "out of range", 'invalid value for parameter "work_mem": "3TB"'),
        ("work_mem", "63kB", "16", "out of range",
         '63 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)'),
        ("work_mem", "63kB", "17", "out of range",
         '63 kB is outside the valid range for parameter "work_mem" (64 kB .. 2147483647 kB)'),
        ("work_mem", "9" * 400, "16", "no number", f'invalid value for parameter "work_mem": "{"9" * 400}"'),
        ("work_mem", "9" * 40, "16", "out of range", f'invalid value for parameter "work_mem": "{"9" * 40}"'),
        ("WORK_MEM", "lots", "17", "no number", 'invalid value for parameter "WORK_MEM": "lots"'),
        ("WORK_MEM", "lots", "18", "no number", 'invalid value for parameter "work_mem": "lots"'),
        ("seq_page_cost", "nan", "16", "no number", 'invalid value for parameter "seq_page_cost": "nan"'),
        ("geqo_selection_bias", "-inf", "16", "out of range",
         '-Infinity is outside the valid range for parameter "geqo_selection_bias" (1.5 .. 2)'),
        ("max_connections", "089", "16", "bad unit", 'invalid value for parameter "max_connections": "089"'),
        ("fsync", "o", "16", "no boolean", 'parameter "fsync" requires a Boolean value'),
        ("fsync", "", "16", "no boolean", 'parameter "fsync" requires a Boolean value'),
        ("wal_level", "log", "16", "no choice", 'invalid value for parameter "wal_level": "log"'),
        ("password_encryption", "on", "14", "no choice", 'invalid value for parameter "password_encryption": "on"'),
        ("block_size", "8192", "16", "cannot be changed", 'parameter "block_size" cannot be changed'),
        ("log_connections", "receipt", "17", "no boolean", 'parameter "log_connections" requires a Boolean value'),
        ("log_destination", "jsonlog", "14", "bad text", 'invalid value for parameter "log_destination": "jsonlog"'),
        ("search_path", "a,,b", "16", "bad text", 'invalid value for parameter "search_path": "a,,b"'),
        ("synchronous_standby_names", "ANY 0 (a)", "16", "bad text",
         "number of synchronous standbys (0) must be greater than zero"),
        ("transaction_buffers", "17", "17", "out of range",
         'invalid value for parameter "transaction_buffers": 17'),
    ],
)  # fmt: skip
def test_bad_values_are_refused_in_the_servers_words(name: str, text: str, major: str, kind: str, says: str) -> None:
    answer = refusal(name, text, major)
    assert (answer.kind, answer.says) == (kind, says)


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("work_mem", "8M", 'Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".'),
        ("statement_timeout", "1m", 'Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".'),
        ("work_mem", "3TB", "Value exceeds integer range."),
        ("wal_level", "log", "Available values: minimal, replica, logical."),
        ("DateStyle", "iso, sql", 'Conflicting "DateStyle" specifications.'),
        ("log_destination", "a", 'Unrecognized key word: "a".'),
        ("synchronous_standby_names", "first (a)", 'syntax error at or near "("'),
        ("synchronous_standby_names", 'a "b c"', 'syntax error at or near """'),
        ("synchronous_standby_names", '"a', "unterminated quoted identifier at end of input"),
    ],
)
def test_a_refusal_carries_the_servers_hint(name: str, text: str, hint: str) -> None:
    assert refusal(name, text).hint == hint


@pytest.mark.parametrize(
    ("name", "text", "suggestion"),
    [
        ("work_mem", "8mb", "8MB"),
        ("work_mem", "8 M", "8MB"),
        ("work_mem", "64 KiB", "64kB"),
        ("statement_timeout", "1m", "1min"),
        ("statement_timeout", "30 seconds", "30s"),
        ("statement_timeout", "8MB", ""),
        ("max_connections", "100kB", "100"),
        ("wal_level", "replicaa", "replica"),
    ],
)
def test_what_was_probably_meant_is_suggested(name: str, text: str, suggestion: str) -> None:
    assert refusal(name, text).suggestion == suggestion


NAMES = sorted(catalog(parse(POSTGRESQL, "18", "")).names())


@given(
    st.sampled_from(NAMES), st.text(max_size=12) | st.from_regex(r"[-+]?[0-9.xe]{1,6} ?[a-zA-Z]{0,3}", fullmatch=True)
)
def test_a_value_once_accepted_is_accepted_again(name: str, text: str) -> None:
    kept = ask(name, text)
    if isinstance(kept, str) and name not in ("cluster_name", "application_name"):
        assert ask(name, kept) == kept
