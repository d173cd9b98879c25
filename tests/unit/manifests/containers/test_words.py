"""Commands in words, and what postgres makes of them."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.manifests.containers.postgres_options import line, options
from pgfpmlint.manifests.containers.words import split
from pgfpmlint.manifests.strand import Strand, joined
from pgfpmlint.source.excerpt import Stretch
from pgfpmlint.source.text import Source


def strand(text: str) -> Strand:
    return Strand(text, Source("compose.yaml", text), (Stretch(0, 0),))


@given(st.text(alphabet="ab '\"\\\n=-", max_size=24))
def test_words_are_a_shells(text: str) -> None:
    found = split(strand(text))
    try:
        expected = shlex.split(text)
    except ValueError:
        return
    assert found is not None
    assert [word.text for word in found] == expected
    for word in found:
        for at, sign in enumerate(word.text):
            assert word.part(at, at + 1).text == sign


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("-c max_connections=200", ["max_connections = '200'"]),
        ("-cmax_connections=200", ["max_connections = '200'"]),
        ("--max-connections=200", ["max_connections = '200'"]),
        ("--max_connections=200 -N 300", ["max_connections = '200'", "max_connections = '300'"]),
        ("-p 5433 -h '*' -k /tmp", ["port = '5433'", "listen_addresses = '*'", "unix_socket_directories = '/tmp'"]),
        ("-F -i -l", ["fsync = 'off'", "listen_addresses = '*'", "ssl = 'on'"]),
        ("-B 1GB -S 4096 -d 3", ["shared_buffers = '1GB'", "work_mem = '4096'"]),
        ("-c \"log_line_prefix='%m'\"", ["log_line_prefix = '''%m'''"]),
        ("-c jit", ["jit = 'true'"]),
    ],
)
def test_options_are_settings(command: str, lines: list[str]) -> None:
    """https://www.postgresql.org/docs/current/app-postgres.html"""
    words = split(strand(command))
    assert words is not None
    found = options(words)
    assert found is not None
    assert [joined(line(one)).text.rstrip("\n") for one in found] == lines


@pytest.mark.parametrize("command", ["--version", "-?", "--single app", "-c", "psql", "-z 3"])
def test_what_starts_no_server_is_none(command: str) -> None:
    words = split(strand(command))
    assert words is not None
    assert options(words) is None


def test_a_setting_is_shown_where_its_word_is() -> None:
    words = split(strand("postgres -c work_mem=8MB"))
    assert words is not None
    found = options(words[1:])
    assert found is not None
    whole = joined(line(found[0]))
    at = whole.text.index("8MB")
    assert whole.part(at, at + 3).text == "8MB"
    assert whole.part(0, 8).text == "work_mem"
