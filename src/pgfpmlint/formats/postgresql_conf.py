"""postgresql.conf: the grammar of the server's guc-file.l, the same from PostgreSQL 12 to 19.

A statement is a name, an optional ``=``, a value and the end of the line; ``#`` starts a comment anywhere outside
quotes. The manual's words: https://www.postgresql.org/docs/current/config-setting.html; the server is stricter than
they are, and formats/postgresql_conf_lexer.py says where.
"""

from __future__ import annotations

import re

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Include, Malformed, Node, Value

INCLUDES = frozenset({"include", "include_if_exists", "include_dir"})

# A whole good statement, from its name to the end of its line. The classes are negated so that every character
# beyond ASCII is a letter, as every byte above 0x7F is for the server. The lookahead after the name stands for
# "the longest token wins": `work_mem8MB` is one name, `my-app` is none.
_STATEMENT = re.compile(
    r"[ \t\r]*([^\x00-@[-^`{-\x7f][^\x00-/:-@[-^`{-\x7f]*(?:\.[^\x00-@[-^`{-\x7f][^\x00-/:-@[-^`{-\x7f]*)?)"
    r"(?![^\x00-,;-@[-^`{-\x7f])"
    r"[ \t\r]*=?[ \t\r]*"
    r"('(?:[^'\\\n]|\\.|'')*'"
    r"|[^\x00-@[-^`{-\x7f][^\x00-,;-@[-^`{-\x7f]*"
    r"|[-+]?(?:0x[0-9a-fA-F]+[a-zA-Z]*|[0-9]*\.[0-9]*(?:[eE][-+]?[0-9]+)?|[0-9]+[a-zA-Z]*))"
    r"[ \t\r]*(?:(#).*)?(?:\n|\Z)"
)


_PATIENCE = 100  # syntax errors in one file after which the server reads no further


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """See `pgfpmlint.formats.Format`."""
    text = source.text
    size = len(text)
    nodes: list[Node] = []
    errors = 0
    position = 0
    find = text.find
    while position < size:
        end = find("\n", position) + 1 or size
        if text[position] not in "#\n":
            node = _line(text, position, end)
            nodes.append(node)
            if isinstance(node, Malformed):
                errors += 1
                if errors == _PATIENCE:
                    says = f'too many syntax errors found, abandoning file "{path}"'
                    nodes.append(Malformed(end, size, says, end, size))
                    break
        position = end
    return Document("postgresql.conf", path, source, tuple(nodes))


def _line(text: str, start: int, end: int) -> Node:
    """The node of one line that starts with neither ``#`` nor its end."""
    statement = _STATEMENT.match(text, start)
    if statement is not None:
        value = _value(text, statement.start(2), statement.end(2))
        if value is not None:
            key = Value(statement[1], statement.start(1), statement.end(1))
            comment = statement.start(3) if statement[3] else None
            if key.text.lower() in INCLUDES:
                return Include(start, end, key, value, comment)
            return Assignment(start, end, key, value, None, comment)
    rest = text[start:end].lstrip(" \t\r")
    if rest in ("", "\n"):
        return Blank(start, end)
    if rest[0] == "#":
        return Comment(start, end, end - len(rest))
    from pgfpmlint.formats.postgresql_conf_lexer import objection

    return objection(text, start, end)


def _value(text: str, start: int, end: int) -> Value | None:
    """The value written between the two offsets; None for a word with exactly one dot, which is none."""
    written = text[start:end]
    if written[0] == "'":
        inner = written[1:-1]
        if "\\" in inner or "'" in inner or "\0" in inner:
            from pgfpmlint.formats.postgresql_conf_lexer import unescaped

            return unescaped(written, start)
        return Value(inner, start, end, tuple(range(start + 1, end - 1)))
    if "." in written and written[0] not in "+-.0123456789":
        from pgfpmlint.formats.postgresql_conf_lexer import is_qualified

        if is_qualified(written):
            return None
    return Value(written, start, end)
