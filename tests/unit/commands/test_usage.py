"""What the words of a command line mean."""

from __future__ import annotations

import contextlib
import io
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.commands import COMMANDS
from pgfpmlint.commands.outputs import Output
from pgfpmlint.commands.usage import understood


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("check", {"paths": ["."], "outputs": None, "select": None, "quiet": False, "color": "auto"}),
        ("check a b", {"paths": ["a", "b"]}),
        ("check --format json a -q b", {"paths": ["a", "b"], "outputs": [Output("json")], "quiet": True}),
        ("check --select=hba/ --select all -", {"select": ["hba/", "all"], "paths": ["-"]}),
        (
            "check -o x --as=php-fpm --fail-on never",
            {"outputs": [Output(None, "x")], "as_kind": "php-fpm", "fail_on": "never"},
        ),
        ("check -qv -ofile", {"quiet": True, "verbose": True, "outputs": [Output(None, "file")]}),
        ("check -- -x", {"paths": ["-x"]}),
        ("check -q -- -x --format", {"paths": ["-x", "--format"], "quiet": True}),
        ("effective x --as php-fpm", {"path": "x", "as_kind": "php-fpm", "server_version": None}),
        ("rule hba/x", {"rule": "hba/x"}),
        ("rules", {"format": "text"}),
    ],
)
def test_what_it_is_told(words: str, some: dict[str, Any]) -> None:
    command, args = understood(words.split())
    assert command is import_module(f"pgfpmlint.commands.{words.split()[0]}")
    assert vars(args).items() >= some.items()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("", 2, "COMMAND"),
        ("--help", 0, "explain one rule"),
        ("--version", 0, "pgfpmlint "),
        ("check --help", 0, "--postgres-version"),
        ("chekc", 2, "invalid choice: 'chekc'"),
        ("--quiet check", 2, "unrecognized arguments: --quiet"),
        ("-- check", 2, "usage: pgfpmlint "),
        ("check --nope", 2, "unrecognized arguments: --nope"),
        ("check --format xml", 2, "invalid choice: 'xml'"),
        ("check --root", 2, "expected one argument"),
        ("effective a b", 2, "unrecognized arguments: b"),
        ("rule", 2, "required: ID"),
    ],
)
def test_what_it_says_instead(words: str, code: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        understood(words.split())
    out, err = capsys.readouterr()
    assert done.value.code == code
    assert says in (err if code else out)
    assert (out if code else err) == ""


WORDS = st.sampled_from(
    [*COMMANDS, "a", "b/c", "-", "--", "", "-1", "json", "=", "-x", "-oq", "-qv", "-h", "--select=x", "--sel", "--form"]
)


@given(st.lists(WORDS | st.text(), max_size=6))
def test_any_words_mean_something_or_are_refused(words: list[str]) -> None:
    code: object = None
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            understood(words)
        except SystemExit as done:
            code = done.code
    assert code in (0, 2) or words[0] in COMMANDS
