"""supervisor's dialect of INI against the parser that supervisor uses: Python's own, with supervisor's arguments."""

from __future__ import annotations

from configparser import Error, RawConfigParser

from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.formats.supervisor_conf import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Malformed, Section

LINES = st.sampled_from([
    "[program:queue]", "[program:web]  ; head", "[include", "[]", "command=php artisan queue:work", "  --tries=3",
    "numprocs=8 ; eight", "numprocs : 4#four", "numprocs=2 #two", "Directory = /srv/a;b", "; words", "# words", "",
    "   ", "\tuser=www", "environment=A=\"1\",B=\"2\"", "=value", "lonely", "  ; inside", "key=", "key:a=b", " key=c",
])  # fmt: skip
TEXTS = st.lists(LINES, max_size=12).map("\n".join)


def theirs(text: str) -> dict[str, dict[str, str]] | None:
    """https://github.com/Supervisor/supervisor/blob/4.3.0/supervisor/options.py#L1741"""
    parser = RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    try:
        parser.read_string(text)
    except Error:
        return None
    return {name: dict(parser[name]) for name in parser.sections()}


def ours(text: str) -> dict[str, dict[str, str]] | None:
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for node in parse(Source("x.conf", text), "/x.conf").parts:
        if isinstance(node, Malformed):
            return None
        if isinstance(node, Section):
            current = found.setdefault(node.name.text, {})
        elif isinstance(node, Assignment) and node.value is not None:
            current[node.key.text.lower()] = node.value.text
    return found


@given(TEXTS)
@settings(max_examples=400)
def test_values_are_those_of_supervisors_parser(text: str) -> None:
    assert ours(text) == theirs(text)


@given(st.one_of(TEXTS, st.text(alphabet="ab[]=:;# \t\r\n\x0b", max_size=60)))
def test_nodes_tile_any_text(text: str) -> None:
    document = parse(Source("x.conf", text), "/x.conf")
    assert "".join(text[node.start : node.end] for node in document.nodes) == text


@given(TEXTS)
def test_offsets_lead_to_what_is_written(text: str) -> None:
    for node in parse(Source("x.conf", text), "/x.conf").parts:
        if isinstance(node, Assignment) and node.value is not None:
            for at, sign in enumerate(node.value.text):
                start, end = node.value.part(at, at + 1)
                assert text[start:end] == sign or sign == "\n"
