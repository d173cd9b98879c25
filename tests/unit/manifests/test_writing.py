"""A change of a value, written into the YAML that holds it, is what a loader then gives; and nothing else changes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pgfpmlint.finding.fix import SAFE, Edit, Fix, applied, removed, surface
from pgfpmlint.manifests.scalar import excerpt
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Source

SIGNS = "ab1 =#'\"\\:{}[],-é…&*!|>%@`~\t"
TEXTS = st.text(alphabet=SIGNS + "\n", max_size=12)
LINES = st.lists(st.text(alphabet="ab =#'\"\\:{}[]-é…", max_size=12), min_size=1, max_size=6)
ENDS = st.sampled_from(["\n", "\r\n"])
POINTS = st.tuples(st.integers(0, 60), st.integers(0, 60))
TAKEN = (
    *("on", "off", "Yes", "n", "NULL", "null", "~", "1", "0x1f", "1_000", "1:30", "1e3", ".inf", "-.INF", ".NaN"),
    *("2001-01-01", "=", "<<", "''", "-", "-1", "8MB", "? a", "- a", "@a", "`a", "%a"),
)
"""What YAML of one version or the other takes for something else than text, and what it does not."""


def _composed(text: str) -> dict[str, Any]:
    """The scalars of the innermost mapping, by key."""
    root: Any = YAML(typ="safe", pure=True).compose(text)
    while root.id == "sequence" or root.value[0][1].id != "scalar":
        root = root.value[0] if root.id == "sequence" else root.value[0][1]
    return {key.value: value for key, value in root.value}


def _value(text: str) -> Excerpt:
    return excerpt(Source("some.yaml", text), _composed(text)["key"], "key")


def _changed(found: Excerpt, start: int, end: int, text: str) -> str | None:
    """The outer text with ``start:end`` of the value made ``text``; None where that is refused."""
    fix = surface(Fix(SAFE, (Edit(found.place(start, end), text),)))
    return applied(found.outer, fix.edits) if fix is not None else None


def _holds(text: str, points: tuple[int, int], new: str) -> bool:
    """Whether a change is written; it is then the one that was meant, whatever its text."""
    found = _value(text)
    start, end = sorted(min(point, len(found.text)) for point in points)
    after = _changed(found, start, end, new)
    if after is None:
        return False
    nodes, before = _composed(after), _composed(text)
    assert nodes["key"].value == found.text[:start] + new + found.text[end:]
    assert nodes["first"].value == before["first"].value
    assert nodes["last"].value == before["last"].value
    assert nodes["key"].tag == before["key"].tag
    return True


@st.composite
def nested(draw: st.DrawFn, written: str) -> str:
    """``written`` as the value of a key between two others, at some depth; ``{}`` in it is the key's indentation."""
    deep = draw(st.sampled_from(["", "top:\n  ", "top:\n- ", "top:\n  - middle:\n      "]))
    indent = " " * (len(deep) - deep.rfind("\n") - 1)
    lines = ["first: 1", f"key: {written}".replace("\0", indent), "last: 2", ""]
    end = draw(ENDS)
    return (deep + f"\n{indent}".join(lines[:3]) + "\n").replace("\n", end)


@given(LINES, st.sampled_from(["|", "|-", "|+", "|2", "|2-", "|2+", "| # x"]), st.data())
def test_literal_blocks(lines: list[str], header: str, data: st.DataObject) -> None:
    assume("2" in header or not next((line for line in lines if line), "").startswith(" "))
    assume(any(line.strip() for line in lines))
    first = next(at for at, line in enumerate(lines) if line)
    assume(lines[first].strip() and all(not line for line in lines[:first]))
    written = "\n".join([header, *(f"\0  {line}" if line else "" for line in lines)])
    _holds(data.draw(nested(written)), data.draw(POINTS), data.draw(TEXTS))


@given(st.lists(st.text(alphabet="ab=", min_size=1, max_size=5), min_size=1, max_size=6), ENDS, st.data())
def test_whole_lines_of_a_literal_block(lines: list[str], end: str, data: st.DataObject) -> None:
    """What fixes do most: a line more, a line less, a word for a word. None of them is refused."""
    text = end.join(["first: 1", "key: |", *(f"  {line}" for line in lines), "last: 2", ""])
    found = _value(text)
    at = data.draw(st.integers(0, len(lines) - 1))
    start = sum(len(line) + 1 for line in lines[:at])
    stop = start + len(lines[at])
    more = [*lines[:at], "new", *lines[at:]]
    assert _changed(found, start, start, "new\n") == end.join(
        ["first: 1", "key: |", *(f"  {line}" for line in more), "last: 2", ""]
    )
    other = [*lines[:at], "new", *lines[at + 1 :]]
    assert _changed(found, start, stop, "new") == end.join(
        ["first: 1", "key: |", *(f"  {line}" for line in other), "last: 2", ""]
    )
    if len(lines) > 1:
        fewer = [*lines[:at], *lines[at + 1 :]]
        fix = surface(removed(found.place(start, stop)))
        assert fix is not None
        assert applied(found.outer, fix.edits) == end.join(
            ["first: 1", "key: |", *(f"  {line}" for line in fewer), "last: 2", ""]
        )


@given(
    st.text(alphabet=st.characters(min_codepoint=32, blacklist_characters="\x7f", max_codepoint=0x2FF), max_size=40),
    st.data(),
)
def test_double_quotes(value: str, data: st.DataObject) -> None:
    new = data.draw(st.text(alphabet=SIGNS + "\n\r\x07\xa0\U000e0001", max_size=8))
    assert _holds(data.draw(nested(json.dumps(value + "\n"))), data.draw(POINTS), new)


@given(st.text(alphabet="ab '=\"\\:", max_size=20), TEXTS, st.data())
def test_single_quotes(value: str, new: str, data: st.DataObject) -> None:
    doubled = value.replace("'", "''")
    assert _holds(data.draw(nested(f"'{doubled}'")), data.draw(POINTS), new)


@given(st.text(alphabet="ab1-.,:/", min_size=1, max_size=9), TEXTS, st.data())
def test_plain_words(value: str, new: str, data: st.DataObject) -> None:
    """What a loader would take for a number or a truth value then is quoted, unless the old one was one, too."""
    text = data.draw(nested(f"x{value}x"))
    assert _holds(text, data.draw(POINTS), new)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@given(new=st.sampled_from(TAKEN))
def test_text_stays_text(version: str, new: str) -> None:
    """For loaders of either version of YAML."""
    after = _changed(_value("first: 1\nkey: text\nlast: 2\n"), 0, 4, new)
    assert after is not None
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    assert yaml.load(after) == {"first": 1, "key": new, "last": 2}


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        ("100", "200", "200"),
        ("off", "on", "on"),
        ("8mb", "8MB", "8MB"),
        ("8mb", "8", "'8'"),
        ("100", "on", "'on'"),
        ("off", "replica", "replica"),
        ("a", "a # b", "'a # b'"),
        ("a", "a: b", "'a: b'"),
        ("a", "a\nb", '"a\\nb"'),
        ("a", "it's", "it's"),
        ("a", "'a'", "'''a'''"),
        ("a", "x, y", "'x, y'"),
        ("-1", "-2", "-2"),
        ("1d", "2d", "'2d'"),
        ("&x a", "b", None),
        ("!!str a", "b", "!!str b"),
        ("!!str word", "8", None),
        ("'a'", "b", "'b'"),
        ("'a'", "it's", "'it''s'"),
        ("'a'", "b\n", '"b\\n"'),
        ('"a"', 'b"\n', '"b\\"\\n"'),
        ("", "a", None),
    ],
)
def test_a_value_for_a_value(old: str, new: str, after: str | None) -> None:
    found = _value(f"key: {old}  # why\n")
    assert _changed(found, 0, len(found.text), new) == (f"key: {after}  # why\n" if after is not None else None)


def test_in_brackets() -> None:
    found = _value("{first: 1, key: [a], last: 2}".replace("[a]", "a"))
    assert _changed(found, 0, 1, "b,c") == "{first: 1, key: 'b,c', last: 2}"


@given(st.lists(st.text(alphabet="abc=,.'", min_size=1, max_size=9), min_size=5, max_size=30), TEXTS, st.data())
def test_folded_text(words: list[str], new: str, data: st.DataObject) -> None:
    """Over several lines, in each style that folds."""
    style = data.draw(st.sampled_from([None, "'", '"', ">"]))
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 20
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

    text = " ".join(words)
    kind: Any = {"'": SingleQuotedScalarString, '"': DoubleQuotedScalarString}.get(style or "", str)
    if style == ">":
        stream.write("first: 1\nkey: >\n" + "".join(f"  {word}\n" for word in words) + "last: 2\n")
    else:
        yaml.dump({"first": 1, "key": kind(text), "last": 2}, stream)
    _holds(stream.getvalue(), data.draw(POINTS), new)


@pytest.mark.parametrize(
    ("written", "after"),
    [
        (">\n  fsync = off\n  wal_level = logical\n", ">\n  fsync = on\n  wal_level = logical\n"),
        ("'fsync = off\n  wal_level = logical'\n", "'fsync = on\n  wal_level = logical'\n"),
        ('"fsync = off\\\n  wal_level = logical"\n', '"fsync = on\\\n  wal_level = logical"\n'),
        ("fsync = off\n  wal_level = logical\n", "fsync = on\n  wal_level = logical\n"),
    ],
)
def test_a_word_for_a_word_where_lines_fold(written: str, after: str) -> None:
    found = _value(f"key: {written}last: 2\n")
    assert _changed(found, 8, 11, "on") == f"key: {after}last: 2\n"
    assert _changed(found, 8, 11, "a b") is None
    assert _changed(found, 8, 13, "on") is None


@pytest.mark.parametrize(
    ("header", "start", "end", "new"),
    [
        ("|", 2, 4, "x"),
        ("|-", 3, 3, "\n"),
        ("|", 0, 2, " a"),
        ("|", 0, 4, ""),
        ("|", 0, 1, "\x07"),
        ("|", 0, 1, "\ud8ff"),
    ],
)
def test_what_a_block_cannot_hold_is_refused(header: str, start: int, end: int, new: str) -> None:
    assert _changed(_value(f"key: {header}\n  a\n  b\nlast: 2\n"), start, end, new) is None
