"""php-fpm.conf line by line. Expected texts and messages are what PHP-FPM 8.2.36 and PHP's own INI parser gave."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import PHP, parse
from pgfpmlint.formats import php_fpm, zend_ini
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed, Section, Value

OLD = parse(PHP, "8.2", "test")
NEW = parse(PHP, "8.4", "test")
ENVIRONMENT = {"MYENV": "my val", "EMPTYENV": ""}
WORDS = [
    "a",
    "E_ALL",
    "yes",
    "no",
    "null",
    "12",
    "-3",
    ".5",
    "é",
    "include = ",
    "env[X] = ",
    "\n[www]\n",
    "${X}",
    "${X:-y}",
]
SIGNS = [*" \t\r\n\0=;#:'\"[]()|&^~!$}\\\ufeff", "${", ":-"]
SCRAPS = st.lists(st.sampled_from(WORDS + SIGNS)).map("".join)


def document(text: str, version: str = "8.2") -> Document:
    return php_fpm.parse(Source("www.conf", text), "/www.conf", parse(PHP, version, "test"))


def value(written: str, version: str = "8.2") -> str | None:
    """What FPM takes from ``env[X] = written``."""
    node = document(f"env[X] = {written}\n", version).nodes[0]
    assert isinstance(node, Assignment)
    assert node.value is not None
    return zend_ini.expanded(node.value, ENVIRONMENT)


@given(SCRAPS, st.sampled_from(["7.4", "8.2", "8.4"]))
def test_nodes_tile_the_source(text: str, version: str) -> None:
    nodes = document(text, version).nodes
    assert "".join(text[node.start : node.end] for node in nodes) == text
    assert [node.start for node in nodes[1:]] == [node.end for node in nodes[:-1]]


def test_a_number_sign_begins_a_comment_up_to_php_5() -> None:
    """https://www.php.net/manual/en/migration70.incompatible.php#migration70.incompatible.other.ini"""
    text = "# (old) style\n  #listen = 9000\n[www]\nuser = a#b\n"
    assert [type(node) for node in document(text, "5.6").nodes] == [Comment, Comment, Section, Assignment]
    assert Comment not in [type(node) for node in document(text, "7.0").nodes]


@given(SCRAPS)
@example("env[X] = $")
def test_every_character_of_a_value_knows_where_it_came_from(text: str) -> None:
    for node in document(text).nodes:
        if isinstance(node, Assignment) and node.value is not None:
            start, end = node.value.part(0, len(node.value.text))
            assert node.start <= start <= end <= node.end


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    document(text, "8.5")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a b  c  ", "a b  c"),
        ("a;b", "a"),
        ("a # b", "a # b"),
        ('"a;b # c"', "a;b # c"),
        (r'"a\"b"', 'a"b'),
        (r'"a\nb\\c\$d"', r"a\nb\c$d"),
        ('"C:\\dir\\"', "C:\\dir\\"),
        ("'a;b ${MYENV} \\n'", "a;b ${MYENV} \\n"),
        ("'it''s'", "its"),
        ('"a"b c', "ab c"),
        ('a "b"', "ab"),
        ("it's", "it"),
        ("${MYENV}", "my val"),
        ("${ MYENV }", "my val"),
        ('"x${MYENV}y"', "xmy valy"),
        ("x${NOPE}y", "xy"),
        (r'"\${MYENV}"', "${MYENV}"),
        ("$HOME/x", "$HOME/x"),
        ("E_ALL", "32767"),
        ('"E_ALL"', "E_ALL"),
        ("a E_ERROR b", "a 1 b"),
        ("E_ALL & ~E_NOTICE", "32759"),
        ("1|2|4", "7"),
        ("~1|1", "-1"),
        ("(3|4)", "7"),
        ("(abc)", "abc"),
        ("a|b", "0"),
        ("99999999999|0", "1215752191"),
        ("a[b]{c}", "a[b]{c}"),
        ("yes", "1"),
        ("OFF ; note", ""),
        ("null", ""),
        ("onx", "onx"),
        ("off-peak", "off-peak"),
        ("", ""),
        ("; note", ""),
    ],
)
def test_value(written: str, expected: str) -> None:
    assert value(written) == expected


def test_fallback_of_a_variable_is_known_since_8_3() -> None:
    assert value("${NOPE:-text}") == ""
    assert value("${NOPE:-text}", "8.4") == "text"
    assert value("${NOPE:-${MYENV}!}", "8.4") == "my val!"
    assert value("${EMPTYENV:-text}", "8.4") == ""


def test_constants_differ_by_version() -> None:
    assert value("E_ALL", "8.4") == "30719"


def test_a_variable_is_unknown_without_an_environment() -> None:
    node = document("env[X] = a${MYENV}b\n").nodes[0]
    assert isinstance(node, Assignment)
    assert node.value is not None
    assert zend_ini.expanded(node.value, None) is None


@pytest.mark.parametrize(
    ("line", "says", "at"),
    [
        ('k = "abc', "unexpected end of file, expecting TC_DOLLAR_CURLY or TC_QUOTED_STRING or '\"'", ""),
        ("k = 'abc", "unexpected end of file", "'"),
        ("k = a=b", "unexpected '='", "="),
        ("k = a(b)", "unexpected '('", "("),
        ("k = wow!", "unexpected '!'", "!"),
        ("k = yes please", "unexpected TC_CONSTANT", "please"),
        ("k = turn on", "unexpected BOOL_TRUE", "on"),
        ("k = (1", "unexpected END_OF_LINE, expecting '^' or '|' or '&' or ')'", ""),
        ("k = ${A", "unexpected end of file, expecting '}'", ""),
        ("[www", "unexpected end of file, expecting ']'", ""),
        ("  [www]", "unexpected END_OF_LINE, expecting '='", ""),
        ("env[X", "unexpected end of file, expecting ']'", ""),
        ("yes = 1", "unexpected BOOL_TRUE", "yes"),
        ('"k" = 1', "unexpected '\"'", '"'),
    ],
)
def test_syntax_error(line: str, says: str, at: str) -> None:
    node = document(line + "\n").nodes[-1]
    assert isinstance(node, Malformed)
    assert node.says == f"syntax error, {says}"
    assert line[node.at : node.until].rstrip("\n") == at


def test_a_complete_statement_counts_before_an_error_on_its_line() -> None:
    first, second = document("foo = bar)\n").nodes
    assert isinstance(first, Assignment)
    assert isinstance(second, Malformed)


@pytest.mark.parametrize("line", ["key", "key: value", "# text", "// text", "a!", "it's"])
def test_a_key_with_nothing_behind_it(line: str) -> None:
    node = document(line + "\n").nodes[0]
    assert isinstance(node, Assignment)
    assert node.value is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("[www]", "www"),
        ("[ www ]", " www "),
        ("[]", ""),
        ('["a b"]', "a b"),
        ("['a']", "a"),
        ("\t[www]", "www"),
        ("\ufeff[www]", "www"),
        ("[E_ALL]", "E_ALL"),
        ("[www] ; note", "www"),
    ],
)
def test_section(line: str, name: str) -> None:
    node = document(line + "\n").nodes[0]
    assert isinstance(node, Section)
    assert node.name.text == name


def test_several_statements_on_one_line() -> None:
    assert [type(node) for node in document("[a] [b] pm = static ; c\n").nodes] == [Section, Section, Assignment]
    # A lone CR ends a line for Zend's parser, though not for FPM's own reading.
    assert [type(node) for node in document("; c\rpm = static\r;d\r\r\n").nodes] == [
        Comment,
        Assignment,
        Comment,
        Blank,
    ]


def test_extents() -> None:
    text = "  php_value[memory_limit] = '1'\"2\"3 ; note\r\n"
    node = document(text).nodes[0]
    assert isinstance(node, Assignment)
    assert isinstance(node.subscript, Value)
    assert isinstance(node.value, Value)
    assert text[node.key.start : node.key.end] == "php_value"
    assert text[node.subscript.start : node.subscript.end] == "memory_limit"
    assert text[node.value.start : node.value.end] == "'1'\"2\"3"
    assert [text[slice(*node.value.part(at, at + 1))] for at in range(3)] == ["1", "2", "3"]
    assert node.comment == text.index(";")


def test_nul_ends_a_line() -> None:
    assert [type(node) for node in document("a = b\0c\nd = e\n").nodes] == [Assignment, Assignment]


def test_include_is_a_node_of_its_own() -> None:
    node = document("include = /etc/php/8.2/fpm/pool.d/*.conf\n").nodes[0]
    assert isinstance(node, Include)
    assert node.target.text == "/etc/php/8.2/fpm/pool.d/*.conf"
    assert isinstance(document("Include = x\n").nodes[0], Assignment)


@pytest.mark.parametrize("line", ["pm = static ; note", "env[A]=1", "\tpm  =  'x'"])
def test_lines_print_as_written(line: str) -> None:
    assert str(php_fpm.FpmOption.parse(line)) == line
    assert str(php_fpm.FpmSection.parse("[www] ; c")) == "[www] ; c"
    assert str(php_fpm.FpmComment.parse("; c")) == "; c"
    assert php_fpm.FpmOption.parse("[www]") is None
