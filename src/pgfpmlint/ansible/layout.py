"""Where the parts of a template stand in its text: Jinja's tree knows lines alone."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from pgfpmlint.ansible.language import Bounded, parsed
from pgfpmlint.record import NamedTuple

OPENING = ("if", "elif", "for")


class Extent(NamedTuple):
    """Characters of the template's text, the end exclusive."""

    start: int
    end: int


class Statement(NamedTuple):
    """``{% if … %}`` with the ``else`` and the end that go with it; ends of an ``elif`` are its ``if``'s."""

    opening: Extent
    otherwise: Extent | None
    closing: Extent | None


class Layout(NamedTuple):
    """The tree, and the extents of what it outputs and of its ``if`` and ``for``, by the identity of their nodes."""

    tree: nodes.Template
    outputs: dict[int, Extent]
    statements: dict[int, Statement]


@lru_cache(maxsize=4096)
def laid_out(language: Bounded, text: str) -> Layout | None:
    """None of what Jinja can't parse, or what we can't find again in the text."""
    tree = parsed(language, text)
    if tree is None:
        return None
    try:
        data, expressions, blocks = _extents(language, text)
    except (LookupError, TemplateSyntaxError):
        return None
    outputs: dict[int, Extent] = {}
    literal, computed = iter(data), iter(expressions)
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            extent = next(literal if isinstance(node, nodes.TemplateData) else computed, None)
            if extent is None:
                return None
            outputs[id(node)] = extent
    if next(literal, None) is not None or next(computed, None) is not None:
        return None
    statements = _statements(blocks)
    opened = list(tree.find_all((nodes.If, nodes.For)))
    if len(opened) != len(statements):
        return None
    return Layout(tree, outputs, {id(node): statement for node, statement in zip(opened, statements)})


def _extents(language: Bounded, text: str) -> tuple[list[Extent], list[Extent], list[tuple[str, Extent]]]:
    """Of literal text, of ``{{ … }}`` and of ``{% … %}`` with their first words, each in its order."""
    returns = (
        [at for at in range(len(text)) if text[at] == "\r" and text.startswith("\r\n", at)] if "\r" in text else []
    )
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    shifts = [at - number for number, at in enumerate(returns)]

    def there(at: int) -> int:
        return at + bisect_left(shifts, at)

    data: list[Extent] = []
    expressions: list[Extent] = []
    blocks: list[tuple[str, Extent]] = []
    at = opened = 0
    word = ""
    for _, kind, value in language.lexer.tokeniter(text, None):
        begin = at
        while not unified.startswith(value, begin):
            if begin >= len(unified) or not unified[begin].isspace():
                raise LookupError(value)
            begin += 1
        at = begin + len(value)
        if kind == "data":
            data.append(Extent(there(begin), there(at)))
        elif kind in ("variable_begin", "block_begin"):
            opened, word = begin, ""
        elif kind == "variable_end":
            expressions.append(Extent(there(opened), there(at)))
        elif kind == "block_end":
            blocks.append((word, Extent(there(opened), there(at))))
        elif kind == "name" and not word:
            word = value
    return data, expressions, blocks


def _statements(blocks: list[tuple[str, Extent]]) -> list[Statement]:
    """Those of OPENING, in the order of the text, which is the tree's."""
    found: list[Statement] = []
    open_: list[list[int]] = []
    for word, extent in blocks:
        if word in OPENING:
            if word == "elif" and open_:
                open_[-1].append(len(found))
            else:
                open_.append([len(found)])
            found.append(Statement(extent, None, None))
        elif word == "else" and open_:
            at = open_[-1][-1]
            found[at] = found[at]._replace(otherwise=extent)
        elif word in ("endif", "endfor") and open_:
            for at in open_.pop():
                found[at] = found[at]._replace(closing=extent)
    return found
