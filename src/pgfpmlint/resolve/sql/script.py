"""The statements of scripts in the order in which they run, each with its tree and the places of its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import PLACEHOLDERS
from pgfpmlint.resolve.sql.grammar import Refused, Tree, character, clean, parsed, refusal
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Document, Statement

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Fields

SYNTAX = "sql/syntax-error"

LOOKED_INTO = frozenset({
    "abort", "alter", "begin", "commit", "create", "do", "drop", "end", "grant", "reset", "revoke", "rollback",
    "savepoint", "set", "start",
})  # fmt: skip
"""First words of statements whose trees are read; of all others only the grammar is of interest."""

WORTH_WORDS = ("role", "user", "group", "database", "system")


class Step(NamedTuple):
    """One statement as it runs. ``tree`` is None where nobody can tell what it does; ``open`` says why.

    ``in_block``: it stands between BEGIN and COMMIT.
    """

    document: Document
    node: Statement
    tree: Tree | None
    open: str = ""
    in_block: bool = False

    @property
    def text(self) -> str:
        return self.document.source.text[self.node.first : self.node.last]

    @property
    def place(self) -> Place:
        return self.document.source.place(self.node.first, self.node.last)

    def words(self) -> list[Place]:
        """The places of its tokens, without comments."""
        from pglast import parser

        base, source = self.node.first, self.document.source
        found = parser.scan(clean(filled(self.node, self.text)))
        return [
            source.place(base + token.start, base + token.end + 1)
            for token in found
            if token.name not in ("SQL_COMMENT", "C_COMMENT")
        ]

    def is_filled(self, place: Place) -> bool:
        """Whether psql fills in a part of what stands there."""
        return any(start < place.end and place.start < end for start, end in self.node.variables)

    def at(self, byte: int) -> int:
        """The offset in the file of an offset in the tree."""
        return self.node.first + character(filled(self.node, self.text), byte)

    def from_to(self, first: int, before: int) -> Place:
        """The place of the tokens that start between two offsets of the file."""
        inside = [word for word in self.words() if first <= word.start < before]
        return self.document.source.place(inside[0].start, inside[-1].end) if inside else self.place

    def options(self, options: Sequence[Fields]) -> Iterator[tuple[str, Fields, Place]]:
        """Name, fields and place of each option (``CONNECTION LIMIT 5``)."""
        elements = [option["DefElem"] for option in options]
        starts = [self.at(element.get("location", 0)) for element in elements]
        for element, start in zip(elements, starts):
            before = min([other for other in starts if other > start], default=self.node.last)
            yield element["defname"], element, self.from_to(start, before)


class Script(NamedTuple):
    """``steps`` are the statements that count: what a ROLLBACK takes back does not."""

    steps: list[Step]
    problems: list[Problem]


def read(documents: Sequence[Document]) -> Script:
    """The statements of documents that run one after the other."""
    steps: list[Step] = []
    problems: list[Problem] = []
    for document in documents:
        conditions = 0
        start: int | None = None
        for node in document.nodes:
            if not isinstance(node, Statement) or node.kind == "data":
                continue
            if node.kind == "psql":
                word = document.source.text[node.first + 1 : node.last].partition(" ")[0].lower()
                conditions = max(0, conditions + {"if": 1, "endif": -1}.get(word, 0))
                if word in ("i", "ir", "include", "include_relative"):
                    steps.append(Step(document, node, None, "another script runs here"))
                continue
            step = _step(document, node, conditional=conditions > 0, in_block=start is not None)
            if isinstance(step, Problem):
                problems.append(step)
            elif step is not None:
                start = _transaction(step, steps, start)
                steps.append(step)
    return Script(steps, problems)


def _step(document: Document, node: Statement, *, conditional: bool, in_block: bool) -> Step | Problem | None:
    text = document.source.text[node.first : node.last]
    if not text:
        return None
    first = text.split(None, 1)[0].lower()
    worth = first in LOOKED_INTO
    sent = filled(node, text)
    answer = parsed(sent) if worth else refusal(sent)
    is_template = any(mark in text for mark in PLACEHOLDERS)
    if isinstance(answer, Refused) and not (node.open or node.variables or is_template):
        return _objection(document, node, text, answer)
    if conditional or is_template or isinstance(answer, Refused):
        why = "psql decides whether it runs" if conditional else "what it says is filled in later"
        return Step(document, node, None, why, in_block)
    if node.open and not isinstance(answer, Tree):
        return Step(document, node, None, "its result, or what psql fills in, is run as SQL", in_block)
    return Step(document, node, answer, "", in_block) if answer is not None else None


def filled(node: Statement, text: str) -> str:
    """The statement with constants of the same length where psql fills in text or, as it is taken to be, a number.
    A name that it fills in stays: nobody knows whom such a statement is about."""
    for start, end in node.variables:
        first, until = start - node.first, end - node.first
        if text[first + 1] == "'":
            text = f"{text[:first]}'{'_' * (until - first - 2)}'{text[until:]}"
        elif text[first + 1] != '"':
            text = f"{text[:first]}{'1' * (until - first)}{text[until:]}"
    return text


def _transaction(step: Step, steps: list[Step], start: int | None) -> int | None:
    """Where the transaction that is open behind the step began; takes back what a ROLLBACK does."""
    if step.tree is None or step.tree.kind != "TransactionStmt":
        return start
    kind = step.tree.fields.get("kind", "TRANS_STMT_BEGIN")
    if kind in ("TRANS_STMT_BEGIN", "TRANS_STMT_START"):
        return start if start is not None else len(steps)
    if kind in ("TRANS_STMT_COMMIT", "TRANS_STMT_PREPARE"):
        return None
    if kind == "TRANS_STMT_ROLLBACK":
        if start is not None:
            del steps[start:]
        return None
    return start


def _objection(document: Document, node: Statement, text: str, refused: Refused) -> Problem:
    """The refusal, without repeating what may be a secret: a text in quotes, or what follows PASSWORD."""
    at = min(refused.at, max(0, len(text) - 1))
    said, near, rest = refused.says.partition(" at or near ")
    before = text[:at].rstrip().lower()
    quotes = near and ("'" in rest or "$" in rest or before.endswith(("password", "identified by", "=")))
    says = f"{said}{'' if quotes else near + rest}"
    end = _word_end(text, at)
    place = document.source.place(node.first + at, node.first + end)
    values = {"says": says, "file": document.source.path}
    return Problem(SYNTAX, place, says, True, values)


def _word_end(text: str, at: int) -> int:
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] in "_$"):
        end += 1
    return max(end, at + 1)
