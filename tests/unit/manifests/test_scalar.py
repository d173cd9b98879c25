"""Each character of a value is written where we say: asked of the text itself, for every style that YAML has."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pgfpmlint.manifests.scalar import excerpt
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Source

LINES = st.lists(st.text(alphabet="ab =#'\"\\:{}[]-é…", max_size=12), min_size=1, max_size=6)
WORDS = st.lists(st.text(alphabet="abc=,.'", min_size=1, max_size=12), min_size=1, max_size=40)


def _read(text: str) -> tuple[str, Excerpt]:
    """The value that the loader gives for the key ``key``, and our excerpt of it."""
    source = Source("some.yaml", text)
    root: Any = YAML(typ="safe", pure=True).compose(text)
    (value,) = [value for key, value in root.value if key.value == "key"]
    found = excerpt(source, value, "key")
    assert found.text == value.value
    return value.value, found


@given(LINES, st.sampled_from(["", "-", "+"]), st.sampled_from(["\n", "\r\n"]))
def test_literal_blocks(lines: list[str], chomping: str, end: str) -> None:
    written = [f"   {line}".rstrip() if not line.strip() else f"   {line}" for line in lines]
    text = end.join(["first: 1", f"key: |1{chomping}", *written, "last: 2", ""])
    value, found = _read(text)
    for at, sign in enumerate(value):
        assert found.surface(at, at + 1).text in (sign, "\r" if sign == "\n" else sign)


@given(st.text(alphabet=st.characters(min_codepoint=32, blacklist_characters="\x7f", max_codepoint=0x2FF), max_size=40))
def test_double_quotes(value: str) -> None:
    """What JSON writes is what YAML writes (https://yaml.org/spec/1.2.2/#json-compatibility)."""
    read, found = _read(f"key: {json.dumps(value)}\n")
    for at, sign in enumerate(read):
        assert json.loads(f'"{found.surface(at, at + 1).text}"') == sign


@given(st.text(alphabet="ab '=\"\\:", max_size=20))
def test_single_quotes(value: str) -> None:
    doubled = value.replace("'", "''")
    read, found = _read(f"key: '{doubled}'\n")
    assert read == value
    for at, sign in enumerate(read):
        assert found.surface(at, at + 1).text in (sign, "''" if sign == "'" else sign)


@given(WORDS, st.sampled_from([None, ">", ">-"]), st.integers(10, 40))
def test_folded_text(words: list[str], style: str | None, width: int) -> None:
    """Written by ruamel.yaml, over several lines: words are where they are, and a blank may be a line end."""
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.width = width
    yaml.default_flow_style = False
    if style is None:
        yaml.dump({"key": " ".join(words)}, stream)
    else:
        stream.write(f"key: {style}\n" + "".join(f"  {word}\n" for word in words))
    value, found = _read(stream.getvalue())
    for at, sign in enumerate(value):
        shown = found.surface(at, at + 1).text
        assert shown == sign or (sign == " " and shown == "\n") or shown == sign * 2


def test_escapes_that_only_yaml_has() -> None:
    _, found = _read('key: "a\\x41\\\n   b\\u0043\\e"\n')
    assert [found.surface(at, at + 1).text for at in range(len(found.text))] == ["a", "\\x41", "b", "\\u0043", "\\e"]
