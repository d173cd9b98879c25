"""Scripts are cut where psql cuts them; tests/servers/test_sql_agreement.py has psql itself say so."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog.version import POSTGRESQL, newest
from pgfpmlint.formats.sql import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Comment, Statement


def statements(text: str) -> list[tuple[str, str]]:
    """Kind and text of each statement, command and data."""
    document = parse(Source("a.sql", text), "/a.sql", newest(POSTGRESQL))
    assert "".join(text[node.start : node.end] for node in document.nodes) == text
    return [(node.kind, text[node.first : node.last]) for node in document.nodes if isinstance(node, Statement)]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("select 1; select 2", ["select 1", "select 2"]),
        ("select ';'; select \";\"", ["select ';'", 'select ";"']),
        ("select 'it''s;'; x", ["select 'it''s;'", "x"]),
        ("select 'a\\'; x", ["select 'a\\'", "x"]),
        ("select E'a\\';'; x", ["select E'a\\';'", "x"]),
        ("select e'a'\n'b\\';'; x", ["select e'a'\n'b\\';'", "x"]),
        ("select $$;$$; select $a$ $$; $b$ $a$;", ["select $$;$$", "select $a$ $$; $b$ $a$"]),
        ("select a$b$; x", ["select a$b$", "x"]),
        ("select (1;\n2); x", ["select (1;\n2)", "x"]),
        ("/* ; /* ; */ ; */ select 1 -- ;\n, 2; x", ["select 1 -- ;\n, 2", "x"]),
        ("\ufeffselect 1;\r\nselect 2;\r\n", ["select 1", "select 2"]),
        ("create function f() begin atomic select 1; select 2; end; x", 2),
        ("create or replace procedure f() begin atomic select case when a then 1 end; end; x", 2),
        ("begin; create table t (a int); end; x", 4),
        (";;", ["", ""]),
        ("select 'open", ["select 'open"]),
    ],
)
def test_where_a_statement_ends(text: str, sent: list[str] | int) -> None:
    found = [one for kind, one in statements(text) if kind == "sql"]
    assert found == sent if isinstance(sent, list) else len(found) == sent


def test_commands_of_psql_and_data() -> None:
    text = "\\set x 'a;b'\ncopy t from stdin;\nit's (\n\\.\n\\c shop\nselect 'create role a' \\gexec\n"
    assert statements(text) == [
        ("psql", "\\set x 'a;b'"),
        ("sql", "copy t from stdin"),
        ("data", "it's (\n"),
        ("psql", "\\c shop"),
        ("sql", "select 'create role a'"),
        ("psql", "\\gexec"),
    ]


def test_variables_of_psql() -> None:
    text = (
        "create role a password :'secret' connection limit :limit valid until ':no' /* :no */; select a::text, b[1:2];"
    )
    document = parse(Source("a.sql", text), "/a.sql", newest(POSTGRESQL))
    found = [[text[slice(*one)] for one in node.variables] for node in document.nodes if isinstance(node, Statement)]
    assert found == [[":'secret'", ":limit"], [":2"]]


def test_a_comment_behind_a_statement_is_its_own() -> None:
    text = "select 1; -- one\n-- two\nselect 2;\n"
    first, second, third = parse(Source("a.sql", text), "/a.sql", newest(POSTGRESQL)).nodes
    assert isinstance(first, Statement)
    assert first.comment == text.index("-- one")
    assert isinstance(second, Comment)
    assert second.sign == text.index("-- two")
    assert isinstance(third, Statement)
