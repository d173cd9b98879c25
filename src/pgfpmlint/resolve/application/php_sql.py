"""SQL that PHP code sends in so many words: by which of its connections, and whether within a transaction.

A hole in the text, such as a variable or a placeholder, is a name there: what the statement is shows without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.application.php_literal import Evaluator
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from tree_sitter import Node

HOLE = "hole_"

METHODS = frozenset({
    "exec", "executequery", "executestatement", "executeupdate", "fetchallassociative", "fetchassociative",
    "fetchone", "prepare", "query", "scalar", "select", "selectone", "statement", "unprepared",
})  # fmt: skip
"""Of PDO, Doctrine's Connection and Laravel's, in small letters: their first argument is SQL."""

FUNCTIONS = {
    "pg_exec": 1, "pg_prepare": 1, "pg_query": 1, "pg_query_params": 2, "pg_send_prepare": 1, "pg_send_query": 1,
    "pg_send_query_params": 2,
}  # fmt: skip
"""The SQL's place among the arguments, from the last: the connection before it may be left out."""

PREPARING = ("pg_prepare", "pg_send_prepare")
BEGINS = frozenset({"begin", "begintransaction", "transaction", "transactional", "wrapintransaction"})
ENDS = frozenset({"commit", "rollback"})
BEGINS_SQL, ENDS_SQL = ("begin", "start transaction"), ("commit", "rollback", "end")

FUNCTION_NODES = ("anonymous_function", "arrow_function", "function_definition", "method_declaration")
CALLS = ("member_call_expression", "nullsafe_member_call_expression", "scoped_call_expression")
WRAPPING = (
    "binary_expression", "conditional_expression", "error_suppression_expression", "parenthesized_expression",
)  # fmt: skip


class Sent(NamedTuple):
    """One message to a server. ``receiver`` is the expression that names the connection, ``verb`` what is called in
    small letters, ``scope`` the byte where the function around it begins. ``statement`` is the name that pg_prepare
    gives it. ``alone``: not within a transaction, as far as the file tells."""

    text: str
    place: Place
    receiver: str
    verb: str
    scope: int
    statement: str = ""
    alone: bool = True


class _Mark(NamedTuple):
    """Where a transaction begins, or ends."""

    scope: int
    byte: int
    begins: bool


def sent(evaluator: Evaluator) -> list[Sent]:
    """All messages of a file whose text shows what they are."""
    reader = _Reader(evaluator)
    marks: list[_Mark] = []
    found: list[tuple[int, Sent]] = []
    for node in every(evaluator.code.root):
        if node.type not in CALLS and node.type != "function_call_expression":
            continue
        verb = reader.verb(node)
        if node.type in CALLS and verb in BEGINS | ENDS:
            marks.append(_Mark(scope(node), node.start_byte, verb in BEGINS))
        one = reader.message(node, verb)
        if one is not None:
            plain = one.text.strip().lower()
            if plain.startswith((*BEGINS_SQL, *ENDS_SQL)) and ";" not in plain.rstrip("; \n"):
                marks.append(_Mark(one.scope, node.start_byte, plain.startswith(BEGINS_SQL)))
            found.append((node.start_byte, one))
    return [one._replace(alone=_is_alone(one, byte, marks)) for byte, one in found]


def assigned(evaluator: Evaluator, node: Node) -> str:
    """What the value of an expression is assigned to: ``$pdo``, ``$this->pdo``; empty where it goes elsewhere."""
    above = node.parent
    while above is not None and above.type in WRAPPING:
        above = above.parent
    if above is None or above.type not in ("assignment_expression", "augmented_assignment_expression"):
        return ""
    left = above.child_by_field_name("left")
    return evaluator.code.text(left) if left is not None else ""


def scope(node: Node) -> int:
    """The byte where the function around a node begins; 0 outside of all."""
    above = node.parent
    while above is not None and above.type not in FUNCTION_NODES:
        above = above.parent
    return above.start_byte if above is not None else 0


def _is_alone(one: Sent, byte: int, marks: list[_Mark]) -> bool:
    """Whether no transaction is open: one that another function begins may be around any of this file's."""
    if any(mark.begins and mark.scope != one.scope for mark in marks):
        return False
    before = [mark for mark in marks if mark.scope == one.scope and mark.byte < byte]
    return not before or not max(before, key=lambda mark: mark.byte).begins


class _Reader:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._code = evaluator.code
        self._variables: dict[tuple[int, str], list[Node]] | None = None

    def verb(self, node: Node) -> str:
        name = node.child_by_field_name("name" if node.type in CALLS else "function")
        return self._code.text(name).rpartition("\\")[2].lower() if name is not None else ""

    def message(self, node: Node, verb: str) -> Sent | None:
        given = self._evaluator.arguments(node)
        statement = receiver = ""
        if node.type in CALLS:
            if verb not in METHODS or not given:
                return None
            holder = node.child_by_field_name("object") or node.child_by_field_name("scope")
            receiver = self._code.text(holder) if holder is not None else ""
            asked = given[0]
        else:
            if verb not in FUNCTIONS or len(given) < FUNCTIONS[verb]:
                return None
            asked = given[-FUNCTIONS[verb]]
            if verb in PREPARING:
                if len(given) < 2:
                    return None
                statement = self._text(given[-2], 0) or ""
            if len(given) > FUNCTIONS[verb] + (verb in PREPARING):
                receiver = self._code.text(given[0])
        text = self._text(asked, 0)
        if text is None or not text.strip(f"{HOLE} "):
            return None
        place = self._code.place(asked)
        if "\n" in (place.text or ""):
            place = self._code.place(node.child_by_field_name("name") or node.child_by_field_name("function") or node)
        return Sent(_filled(text), place, receiver, verb, scope(node), statement)

    def _text(self, node: Node, depth: int) -> str | None:
        """The text of an expression with `HOLE` for what only running it would tell; None where that is all."""
        if node.type in ("string", "encapsed_string", "heredoc", "nowdoc", "heredoc_body", "nowdoc_body"):
            return "".join(self._parts(node, depth))
        if node.type == "binary_expression":
            sides = [node.child_by_field_name(name) for name in ("left", "right")]
            sign = node.child_by_field_name("operator")
            if sign is None or self._code.text(sign) != "." or None in sides or depth > 40:
                return None
            return "".join(self._text(side, depth + 1) or HOLE for side in sides if side is not None)
        if node.type == "parenthesized_expression" and node.named_children:
            return self._text(node.named_children[-1], depth + 1)
        if node.type == "function_call_expression" and self.verb(node) == "sprintf":
            given = self._evaluator.arguments(node)
            pattern = self._text(given[0], depth + 1) if given else None
            return _conversions(pattern) if pattern is not None else None
        if node.type == "variable_name" and depth < 4:
            values = self._values().get((scope(node), self._code.text(node)), [])
            return self._text(values[0], depth + 1) if len(values) == 1 else None
        return None

    def _parts(self, node: Node, depth: int) -> Iterator[str]:
        for part in node.named_children:
            if part.type in ("string_content", "nowdoc_string"):
                yield self._code.text(part)
            elif part.type == "escape_sequence":
                yield {"\\n": "\n", "\\t": "\t"}.get(self._code.text(part), self._code.text(part)[1:])
            elif part.type in ("heredoc_body", "nowdoc_body"):
                yield from self._parts(part, depth)
            elif part.type not in ("heredoc_start", "heredoc_end"):
                yield HOLE

    def _values(self) -> dict[tuple[int, str], list[Node]]:
        """What is assigned to each variable of each function."""
        if self._variables is None:
            self._variables = {}
            for node in every(self._code.root):
                if node.type in ("assignment_expression", "augmented_assignment_expression"):
                    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                    if left is not None and right is not None and left.type == "variable_name":
                        values = self._variables.setdefault((scope(node), self._code.text(left)), [])
                        values += [right] if node.type == "assignment_expression" else [right, right]
        return self._variables


def _conversions(pattern: str) -> str:
    """What sprintf makes of ``pattern``: https://www.php.net/manual/en/function.sprintf.php."""
    import re

    return re.sub(r"%(%|[\d$+'.\-]*[a-zA-Z])", lambda found: "%" if found[1] == "%" else HOLE, pattern)


def _filled(text: str) -> str:
    """With a name for each of PDO's placeholders, which PostgreSQL does not know."""
    if "?" not in text and ":" not in text:
        return text
    import re

    quoted = r"'(?:[^']|'')*'|\"[^\"]*\"|::"
    return re.sub(rf"({quoted})|\?|:[a-zA-Z_]\w*", lambda found: found[1] or HOLE, text)
