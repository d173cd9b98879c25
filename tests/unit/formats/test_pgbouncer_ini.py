"""The INI dialect of PgBouncer; expected pieces follow tests/fixtures/vectors/pgbouncer.cases.json and cfparser.c."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog import version
from pgfpmlint.formats import pgbouncer_ini
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Include, Malformed, Node, Section

OLD = version.parse(version.PGBOUNCER, "1.24", "a test")
NEW = version.parse(version.PGBOUNCER, "1.25", "a test")

# Text that looks like the format often enough to reach every branch.
SIGNS = [
    "[",
    "]",
    "=",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\v",
    ";",
    "#",
    "'",
    '"',
    "%",
    "\0",
    "\ufeff",
    "\udcff",
    "\x1c",
    "\x85",
]
SCRAPS = st.lists(st.sampled_from([*SIGNS, "[databases]", "key", "%include", "a.b-*_1", "host=x", "é"])).map("".join)


def parsed(text: str, running: version.ServerVersion = NEW) -> list[Node]:
    return list(pgbouncer_ini.parse(Source("pgbouncer.ini", text), "/pgbouncer.ini", running).nodes)


def shapes(text: str, running: version.ServerVersion = NEW) -> list[tuple[str, ...]]:
    """Node types with the text of what they hold."""
    found: list[tuple[str, ...]] = []
    for node in parsed(text, running):
        kind = type(node).__name__
        if isinstance(node, Section):
            found.append((kind, node.name.text))
        elif isinstance(node, Assignment):
            assert node.value is not None
            found.append((kind, node.key.text, node.value.text))
        elif isinstance(node, Include):
            found.append((kind, node.target.text))
        elif isinstance(node, Malformed):
            found.append((kind, text[node.at : node.until]))
        else:
            found.append((kind,))
    return found


def test_a_value_runs_to_the_end_of_its_line_with_quotes_and_comment_signs() -> None:
    assert shapes('  admin_users =\t"a" ; b # c \t\r\n') == [("Assignment", "admin_users", '"a" ; b # c')]


def test_indentation_never_continues_a_line() -> None:
    assert shapes("a = 1\n  b = 2\n  c\n") == [
        ("Assignment", "a", "1"),
        ("Assignment", "b", "2"),
        ("Malformed", "c"),
    ]


def test_a_colon_is_no_separator() -> None:
    assert shapes("listen_port: 6432\n") == [("Malformed", "listen_port: 6432")]


def test_a_section_may_be_followed_by_a_section_and_a_key() -> None:
    assert shapes("[a][ b ] x = y\n[c] ; z\n[d]\t\n[e] # = f\n") == [
        ("Section", "a"),
        ("Section", " b "),
        ("Assignment", "x", "y"),
        ("Section", "c"),
        ("Section", "d"),
        ("Section", "e"),
    ]


def test_the_comment_behind_a_section_is_placed() -> None:
    (node,) = parsed("[c] ; z\n")
    assert isinstance(node, Section)
    assert node.comment == 4
    assert (node.start, node.end) == (0, 8)


def test_an_unclosed_section_is_malformed() -> None:
    assert shapes("[pgbouncer\n]\n") == [("Malformed", "[pgbouncer"), ("Malformed", "]")]


def test_an_empty_key_and_an_empty_value_are_pieces() -> None:
    assert shapes("=\nkey=\n") == [("Assignment", "", ""), ("Assignment", "key", "")]


def test_names_of_databases_may_hold_dots_dashes_and_stars_but_no_other_signs() -> None:
    assert shapes("my-db.x_1* = h\n") == [("Assignment", "my-db.x_1*", "h")]
    assert shapes("a+b = h\n") == [("Malformed", "a+b = h")]
    assert shapes("café = h\n") == [("Malformed", "café = h")]
    assert shapes("my db = h\n") == [("Malformed", "my db = h")]


def test_single_quoted_keys_came_with_1_25() -> None:
    assert shapes("'my db' = h\n", OLD) == [("Malformed", "'my db' = h")]
    assert shapes("'my db' = h\n", NEW) == [("Assignment", "my db", "h")]
    assert shapes("'a\nb'=h\nc = 1\n", NEW) == [("Assignment", "a\nb", "h"), ("Assignment", "c", "1")]
    assert shapes("'' = h\n", NEW) == [("Malformed", "'' = h")]
    assert shapes("'a' b = h\n", NEW) == [("Malformed", "'a' b = h")]
    assert shapes("'a = h\n", NEW) == [("Malformed", "'a = h")]


def test_the_places_of_a_quoted_key() -> None:
    (node,) = parsed(" 'my db' = host=h\n")
    assert isinstance(node, Assignment)
    assert (node.key.start, node.key.end) == (1, 8)
    assert node.key.part(3, 5) == (5, 7)


def test_double_quotes_never_quote_a_key() -> None:
    assert shapes('"my db" = h\n') == [("Malformed", '"my db" = h')]


def test_includes_need_a_blank_and_take_the_rest_of_the_line() -> None:
    assert shapes("\t%include \t/etc/a b.ini ; c \n") == [("Include", "/etc/a b.ini ; c")]
    assert shapes("%include  \n") == [("Include", "")]
    assert shapes("%include\n%includes x\n%INCLUDE x\n") == [
        ("Malformed", "%include"),
        ("Malformed", "%includes x"),
        ("Malformed", "%INCLUDE x"),
    ]


def test_a_nul_ends_the_file() -> None:
    nodes = parsed("a = 5 \0 6\nb = 7\n")
    assert [type(node) for node in nodes] == [Assignment, Blank]
    assert isinstance(nodes[0], Assignment)
    assert nodes[0].value is not None
    assert nodes[0].value.text == "5"


def test_a_carriage_return_alone_ends_no_line() -> None:
    assert shapes("a = 1\rb = 2\n") == [("Assignment", "a", "1\rb = 2")]
    assert shapes("\r\n\r\r\n") == [("Blank",), ("Blank",)]


def test_a_byte_order_mark_is_no_white_space() -> None:
    assert shapes("\ufeff; c\n") == [("Malformed", "\ufeff; c")]


def test_comments_start_with_either_sign() -> None:
    nodes = parsed("; a\n  # b\n")
    assert [(type(node), getattr(node, "sign", None)) for node in nodes] == [(Comment, 0), (Comment, 6)]


def test_the_pieces_print_as_written() -> None:
    for kind, line in (
        (pgbouncer_ini.BouncerSection, "[ databases ]  ; mine"),
        (pgbouncer_ini.BouncerOption, "  app\t=  host=h  "),
        (pgbouncer_ini.QuotedOption, "'my app' = host=h"),
        (pgbouncer_ini.IncludeLine, "%include  x.ini "),
        (pgbouncer_ini.BouncerComment, " ; c"),
    ):
        assert str(kind.parse(line + "\n")) == line


@given(st.one_of(st.text(), SCRAPS), st.sampled_from([OLD, NEW]))
def test_nodes_tile_the_source(text: str, running: version.ServerVersion) -> None:
    at = 0
    for node in parsed(text, running):
        assert node.start == at
        assert node.end > at
        at = node.end
    assert at == len(text)


@given(st.one_of(st.text(), SCRAPS))
def test_keys_and_values_stand_where_they_say(text: str) -> None:
    for node in parsed(text):
        if isinstance(node, Assignment):
            assert node.value is not None
            assert text[node.value.start : node.value.end] == node.value.text
            start, end = node.key.part(0, len(node.key.text))
            assert text[start:end] == node.key.text
        elif isinstance(node, Section):
            assert text[node.name.start : node.name.end] == node.name.text
        elif isinstance(node, Include):
            assert text[node.target.start : node.target.end] == node.target.text


@given(st.binary())
def test_any_bytes_can_be_parsed(data: bytes) -> None:
    source = Source.from_bytes("pgbouncer.ini", data)
    nodes = pgbouncer_ini.parse(source, "/pgbouncer.ini", NEW).nodes
    assert "".join(source.text[node.start : node.end] for node in nodes).encode("utf-8", "surrogateescape") == data
