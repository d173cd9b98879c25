"""Files of TOML, cut into their headers of tables and their keys with values (formats/toml_value.py)."""

from __future__ import annotations

from pgfpmlint.formats.toml_value import TomlError, blank, key, value
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Assignment, Blank, Comment, Document, Malformed, Node, Section, Value


def document(kind: str, source: Source, path: str) -> Document:
    """What is no TOML becomes one `Malformed` to the end of the file. The key of an `Assignment` and the name of a
    `Section` are as written: `parts` takes them apart."""
    text = source.text
    nodes: list[Node] = []
    at = 0
    while at < len(text):
        try:
            node = _node(text, at)
        except TomlError as error:
            nodes.append(Malformed(at, len(text), error.says, error.at, min(error.at + 1, len(text))))
            break
        nodes.append(node)
        at = node.end
    return Document(kind, path, source, tuple(nodes))


def parts(text: str, written: Value) -> tuple[Value, ...]:
    """The parts of a dotted key, or of a table's name."""
    return key(text, blank(text, written.start))[0]


def is_array(text: str, header: Section) -> bool:
    """Whether the header adds a table to an array of them: ``[[name]]``."""
    return text.startswith("[[", blank(text, header.start))


def _node(text: str, at: int) -> Node:
    """The node of the line that begins at ``at``, and of the further ones that its value takes."""
    start = blank(text, at)
    if start == len(text) or text[start] == "\n" or text.startswith("\r\n", start):
        return Blank(at, _line_end(text, start))
    if text[start] == "#":
        return Comment(at, _line_end(text, start), start)
    if text[start] == "[":
        brackets = 2 if text.startswith("[[", start) else 1
        first = blank(text, start + brackets)
        _, after = key(text, first)
        if not text.startswith("]" * brackets, after):
            raise TomlError("expected " + "]" * brackets, after)
        name = text[first:after].rstrip()
        end, comment = _tail(text, after + brackets)
        return Section(at, end, Value(name, first, first + len(name)), comment)
    _, after = key(text, start)
    if text[after : after + 1] != "=":
        raise TomlError("expected =", after)
    item = value(text, blank(text, after + 1))
    end, comment = _tail(text, item.end)
    written = Value(text[item.start : item.end], item.start, item.end)
    name_end = start + len(text[start:after].rstrip())
    return Assignment(at, end, Value(text[start:name_end], start, name_end), written, None, comment)


def _tail(text: str, at: int) -> tuple[int, int | None]:
    end = blank(text, at)
    if text[end : end + 1] == "#":
        return _line_end(text, end), end
    if end < len(text) and text[end] != "\n" and not text.startswith("\r\n", end):
        raise TomlError("expected the end of the line", end)
    return _line_end(text, end), None


def _line_end(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)
