"""The quick reader of the command line says what argparse says, or nothing."""

from __future__ import annotations

import contextlib
import io
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.commands import COMMANDS
from pgfpmlint.commands.arguments import Table, read
from pgfpmlint.commands.usage import explain

TABLES: dict[str, Table] = {name: import_module(f"pgfpmlint.commands.{name}").ARGUMENTS for name in COMMANDS}


def by_argparse(command: str, words: list[str]) -> dict[str, Any] | None:
    """What argparse reads; None where it objects or helps."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            name, args = explain([command, *words], TABLES)
        except SystemExit:
            return None
    assert name == command
    return vars(args)


SPELLINGS = [spelling for table in TABLES.values() for option in table.options for spelling in option.spellings]
LOOSE = ["a", "b/c", "-", "--", "", "-1", "text", "json", "error", "php-fpm", "=", "-x", "-oq", "-qv", "-h"]
ODD = ["--select=x", "--sel", "--form", "--no-such", "--help", "--pedantic=1"]
WORDS = st.sampled_from([*SPELLINGS, *LOOSE, *ODD, *(f"{spelling}=text" for spelling in SPELLINGS)])


@given(st.sampled_from(list(COMMANDS)), st.lists(WORDS, max_size=6))
def test_the_quick_reader_agrees_with_argparse_or_leaves_it_alone(command: str, words: list[str]) -> None:
    quick = read(words, TABLES[command])
    if quick is not None:
        assert vars(quick) == by_argparse(command, words)


@pytest.mark.parametrize(
    ("command", "words", "some"),
    [
        ("check", [], {"paths": ["."], "format": "text", "select": None, "quiet": False}),
        ("check", ["a", "b"], {"paths": ["a", "b"]}),
        ("check", ["--format", "json", "a", "-q", "b"], {"paths": ["a", "b"], "format": "json", "quiet": True}),
        ("check", ["--select=hba/", "--select", "all", "-"], {"select": ["hba/", "all"], "paths": ["-"]}),
        ("check", ["-o", "x", "--as=php-fpm", "--fail-on", "never"], {"output": "x", "as_kind": "php-fpm"}),
        ("effective", ["x", "--as", "php-fpm"], {"path": "x", "as_kind": "php-fpm", "server_version": None}),
        ("rule", ["hba/x"], {"rule": "hba/x"}),
        ("rules", [], {"format": "text"}),
    ],
)
def test_what_scripts_write_is_read_quickly(command: str, words: list[str], some: dict[str, Any]) -> None:
    quick = read(words, TABLES[command])
    assert quick is not None
    assert vars(quick).items() >= some.items()
    assert vars(quick) == by_argparse(command, words)


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["--form", "json"], {"format": "json"}),
        (["-qv"], {"quiet": True, "verbose": True}),
        (["-ofile"], {"output": "file"}),
        (["--", "-x"], {"paths": ["-x"]}),
        (["a", "-qv", "b"], {"paths": ["a", "b"]}),
    ],
)
def test_the_rest_is_left_to_argparse(words: list[str], some: dict[str, Any]) -> None:
    assert read(words, TABLES["check"]) is None
    slow = by_argparse("check", words)
    assert slow is not None
    assert slow.items() >= some.items()
