"""nginx's configuration: directives that end with ``;`` or open a block with ``{``, cut up as nginx cuts them.

A directive may span lines and a line hold several. ``#`` starts a comment only where a word could start. Quotes are
quotes only at the start of a word, a backslash takes the next character as it is, and the ``{`` of ``${name}`` opens
nothing. See ``ngx_conf_read_token()`` in https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
"""

from __future__ import annotations

from pgfpmlint.formats.line_tail import line_end, tail
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Blank, Closing, Comment, Directive, Document, Malformed, Node, Value

KIND = "nginx"

_SPACE = " \t\r\n"
_ENDS = " \t\r\n;{"
_ESCAPED = {'"': '"', "'": "'", "\\": "\\", "t": "\t", "r": "\r", "n": "\n"}


class _Broken(Exception):
    """nginx's message, and the offset that it objects to."""

    def __init__(self, says: str, at: int) -> None:
        super().__init__(says)
        self.says = says
        self.at = at


def parse(source: Source, path: str) -> Document:
    """Tile ``source`` with nodes. What nginx can't read becomes one `Malformed` to the end of the file: it does not
    start then."""
    text = source.text
    nodes: list[Node] = []
    at = depth = 0
    while at < len(text):
        try:
            node = _node(text, at, depth)
        except _Broken as broken:
            nodes.append(Malformed(at, len(text), broken.says, broken.at, min(broken.at + 1, len(text))))
            break
        nodes.append(node)
        at = node.end
        depth += isinstance(node, Directive) and node.opens
        depth -= isinstance(node, Closing)
        if isinstance(node, Directive) and node.opens and node.words[0].text.endswith("_by_lua_block"):
            end = _end_of_lua(text, at)
            if end > at:
                nodes.append(Blank(at, end))  # another language, of which nothing is asked here
                at = end
    return Document(KIND, path, source, tuple(nodes))


def _node(text: str, at: int, depth: int) -> Node:
    """The node that begins at ``at``, with the blanks before it."""
    start = at
    while start < len(text) and text[start] in _SPACE:
        start += 1
        if text[start - 1] == "\n":
            return Blank(at, start)
    if start == len(text):
        return Blank(at, start)
    if text[start] == "#":
        return Comment(at, line_end(text, start), start)
    if text[start] == "}":
        if depth == 0:
            raise _Broken('unexpected "}"', start)
        return Closing(at, *tail(text, start + 1))
    words: list[Value] = []
    while True:
        start = _skip(text, start)
        if start == len(text):
            raise _Broken('unexpected end of file, expecting ";" or "}"', start)
        sign = text[start]
        if sign in ";{":
            if not words:
                raise _Broken(f'unexpected "{sign}"', start)
            end, comment = tail(text, start + 1)
            return Directive(at, end, tuple(words), words[-1].end, sign == "{", comment)
        if sign == "}":
            raise _Broken('unexpected "}"', start)
        words.append(_quoted(text, start) if sign in "\"'" else _plain(text, start))
        start = words[-1].end


def _skip(text: str, at: int) -> int:
    """Past blanks and comments, to the next word or sign."""
    while at < len(text):
        if text[at] == "#":
            at = line_end(text, at)
        elif text[at] in _SPACE:
            at += 1
        else:
            break
    return at


def _plain(text: str, start: int) -> Value:
    at = start
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
        elif sign == "$":
            at += 1
            while text[at : at + 1] == "{":
                at += 1
        elif sign in _ENDS:
            break
        else:
            at += 1
    at = min(at, len(text))
    return _value(text, start, at, start, at)


def _quoted(text: str, start: int) -> Value:
    quote, at = text[start], start + 1
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise _Broken('unexpected end of file, expecting ";" or "}"', len(text))
    after = text[at + 1 : at + 2]
    if after and after not in _SPACE + ";{)":
        raise _Broken(f'unexpected "{after}"', at + 1)
    return _value(text, start, at + 1, start + 1, at)


def _value(text: str, start: int, end: int, first: int, last: int) -> Value:
    """The word between ``first`` and ``last``, its escapes undone."""
    if text.find("\\", first, last) < 0:
        offsets = None if first == start else tuple(range(first, last))
        return Value(text[first:last], start, end, offsets)
    plain: list[str] = []
    at_: list[int] = []
    at = first
    while at < last:
        escaped = _ESCAPED.get(text[at + 1 : at + 2]) if text[at] == "\\" and at + 1 < last else None
        plain.append(text[at] if escaped is None else escaped)
        at_.append(at)
        at += 1 if escaped is None else 2
    return Value("".join(plain), start, end, tuple(at_))


def _end_of_lua(text: str, at: int) -> int:
    """The brace that closes a block of Lua; its strings and comments are not looked into."""
    depth = 1
    while at < len(text):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
        at += 1
    return at
