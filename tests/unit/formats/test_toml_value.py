"""pgcat.toml is read as Python's own reader of TOML reads it: the same values, the same refusals."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import PGCAT, newest
from pgfpmlint.formats.pgcat_toml import parse
from pgfpmlint.formats.toml_value import ARRAY, TABLE, Item
from pgfpmlint.resolve.proxy.toml_tables import Cell, Table, tables
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Malformed

tomllib = pytest.importorskip("tomllib", reason="Python has a reader of TOML from 3.11 on")

VALUES = [
    *("1", "+7", "-0", "1_000", "0x1F", "0o17", "0b1", "01", "1__0", "1.5", "-1e3", "6.02e2_3", ".5", "inf", "-nan"),
    *("true", "True", '"a b"', "'c:\\d'", '"\\u00e9\\t\\""', '"\\q"', '"""x\ny"""', '"""a\\\n   b"""', "'''q''q'''"),
    *('"open', '"""open', "2024-05-01", "2024-05-01T10:00:00Z", "2024-05-01 10:00:00.5+02:00", "10:00:00", "word"),
    *("[]", "[1, 'x',]", "[1,\n # c\n 2]", "[[1], ['a', 5432, \"primary\"]]", "[1", "[,]", "{}", "{a = 1, b.c = 'x'}"),
    *("{a = 1,}", "{a = 1, a = 2}", "", "1 # c", "1 2", "é"),
]
KEYS = ["a", "b", "a.b", "a . 'c d'", '"q.r"', "1", "é", "", "a b"]
LINES = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)),
    st.sampled_from(["[a]", "[a.b]", "[ a . 'c d' ]", "[[b]]", "[[a.b]]", "[]", "[a", "[a]]", "# c", "", "  ", "x"]),
)


@example(["a.b = 1", "[a]"])
@example(["[pools.shop.users.0]", "pool_size = 1", "[pools.shop]", "pool_mode = 'session'", "[pools]", "[pools.shop]"])
@given(st.lists(LINES, max_size=5))
def test_values(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = parse(Source("pgcat.toml", text), "/pgcat.toml", newest(PGCAT))
    broken = any(isinstance(node, Malformed) for node in document.parts)
    top, clashes = tables(document)
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert broken or clashes
    else:
        assert not broken
        assert not clashes
        assert _plain(top) == _texts(wanted)


def _plain(entry: Table | Cell | list[Table]) -> object:
    if isinstance(entry, Table):
        return {name: _plain(inner) for name, inner in entry.entries.items()}
    if isinstance(entry, list):
        return [_plain(one) for one in entry]
    return _of(entry.item)


def _of(item: Item) -> object:
    if item.kind == ARRAY:
        return [_of(one) for one in item.items]
    if item.kind == TABLE:
        made: dict[str, object] = {}
        for names, one in item.pairs:
            at = made
            for name in names[:-1]:
                at = at.setdefault(name.text, {})  # type: ignore[assignment]  # a dotted key makes tables
            at[names[-1].text] = _of(one)
        return made
    return repr(item.worth) if isinstance(item.worth, float) else item.worth


def _texts(value: object) -> object:
    """Dates as they are written, in the only two ways that are tried, and numbers that equal nothing as text."""
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if isinstance(value, (datetime, date, time)):
        known = (one for one in VALUES if one[:1].isdigit() and (":" in one or one.count("-") == 2))
        return next(one for one in known if tomllib.loads(f"x = {one}")["x"] == value)
    return repr(value) if isinstance(value, float) else value
