"""What PHP code says in so many words: literals, arrays of them, and the environment that they ask for.

Whatever would have to be run is unclear, and stays so; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.finding.problem import Label
from pgfpmlint.formats.php_code import Code
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from tree_sitter import Node

Plain = str | int | float | bool | None


class Scalar(NamedTuple):
    """One value. ``place`` is where it is written: a line of .env where the code asks for a variable set there, whose
    name is ``variable``."""

    value: Plain
    place: Place
    variable: str = ""

    @property
    def text(self) -> str | None:
        """As PHP makes a string of it; None for null."""
        if self.value is None:
            return None
        if isinstance(self.value, bool):
            return "1" if self.value else ""
        return str(self.value)

    def label(self, words: str) -> Label:
        return Label(self.place, words)


class Table(NamedTuple):
    """An array; constants are keys by their name, ``PDO::ATTR_PERSISTENT``. ``whole``: no key is unclear."""

    items: dict[str | int, PhpValue]
    place: Place
    whole: bool = True

    def get(self, *path: str) -> PhpValue | None:
        found: PhpValue | None = self
        for name in path:
            found = found.items.get(name) if isinstance(found, Table) else None
        return found

    def scalar(self, *path: str) -> Scalar | None:
        found = self.get(*path)
        return found if isinstance(found, Scalar) else None


class Unclear(NamedTuple):
    """What only running the code would tell."""

    place: Place


PhpValue = Scalar | Table | Unclear

LOADED = ("pdo_pgsql", "pgsql", "pdo")
"""Extensions that an application for PostgreSQL has, so ``extension_loaded()`` of them is true."""

ENV_WORDS: dict[str, Plain] = {
    "true": True,
    "(true)": True,
    "false": False,
    "(false)": False,
    "empty": "",
    "(empty)": "",
    "null": None,
    "(null)": None,
}
"""What Laravel's env() makes of such words: https://laravel.com/docs/configuration#environment-variable-types."""


class Evaluator:
    """Values of the nodes of one file, in an environment."""

    def __init__(self, code: Code, environment: Environment) -> None:
        self.code = code
        self.environment = environment

    def returned(self) -> Table | None:
        """The array that the file returns, if it plainly does."""
        for node in self.code.root.named_children:
            if node.type == "return_statement" and node.named_children:
                found = self.value(node.named_children[0])
                return found if isinstance(found, Table) else None
        return None

    def value(self, node: Node) -> PhpValue:
        """What the expression is worth."""
        handler = _HANDLERS.get(node.type)
        found = handler(self, node) if handler is not None else None
        return Unclear(self.code.place(node)) if found is None else found

    def arguments(self, call: Node) -> list[Node]:
        """The expressions between the parentheses of a call."""
        holder = call.child_by_field_name("arguments")
        if holder is None:  # new PDO(...)
            holder = next((child for child in call.named_children if child.type == "arguments"), None)
        listed = [child for child in holder.named_children if child.type == "argument"] if holder is not None else []
        return [child.named_children[-1] for child in listed if child.named_children]

    def function(self, call: Node) -> str:
        """The lower-case name of what a call calls, without its namespace."""
        name = call.child_by_field_name("function")
        return self.code.text(name).rpartition("\\")[2].lower() if name is not None else ""

    def _scalar(self, node: Node, value: Plain) -> Scalar:
        return Scalar(value, self.code.place(node))

    def _quoted(self, node: Node) -> PhpValue | None:
        letters = ""
        for part in node.named_children:
            if part.type == "string_content":
                letters += self.code.text(part)
            elif part.type == "escape_sequence":
                letters += _escaped(self.code.text(part), double=node.type == "encapsed_string")
            else:
                return None
        return self._scalar(node, letters)

    def _number(self, node: Node) -> PhpValue | None:
        text = self.code.text(node).replace("_", "")
        try:
            return self._scalar(node, float(text) if node.type == "float" else int(text, 0 if text[:2] != "0o" else 8))
        except ValueError:
            return None

    def _boolean(self, node: Node) -> PhpValue:
        return self._scalar(node, self.code.text(node).lower() == "true")

    def _null(self, node: Node) -> PhpValue:
        return self._scalar(node, None)

    def _inner(self, node: Node) -> PhpValue | None:
        return self.value(node.named_children[-1]) if node.named_children else None

    def _array(self, node: Node) -> PhpValue:
        items: dict[str | int, PhpValue] = {}
        whole = True
        following = 0
        for element in node.named_children:
            if element.type != "array_element_initializer":
                whole = whole and element.type == "comment"
                continue
            parts = [part for part in element.named_children if part.type != "comment"]
            if not parts or parts[0].type == "variadic_unpacking":
                whole = False
                continue
            key: str | int | None = self._key(parts[0]) if len(parts) > 1 else following
            if key is None:
                whole = False
                continue
            if isinstance(key, int):
                following = max(following, key + 1)
            items[key] = self.value(parts[-1])
        return Table(items, self.code.place(node), whole)

    def _key(self, node: Node) -> str | int | None:
        if node.type == "class_constant_access_expression":
            return self.code.text(node).lstrip("\\")
        found = self.value(node)
        if not isinstance(found, Scalar) or found.value is None:
            return None
        text = found.text or ""
        return int(text) if text.isascii() and text.isdigit() and str(int(text)) == text else text

    def _joined(self, node: Node) -> PhpValue | None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sign = node.child_by_field_name("operator")
        if left is None or right is None or sign is None:
            return None
        first = self.value(left)
        operator = self.code.text(sign)
        if operator == "??":
            return self.value(right) if isinstance(first, Scalar) and first.value is None else first
        second = self.value(right)
        if operator == "." and isinstance(first, Scalar) and isinstance(second, Scalar):
            return self._scalar(node, (first.text or "") + (second.text or ""))
        return None

    def _choice(self, node: Node) -> PhpValue | None:
        condition, body, other = (node.child_by_field_name(name) for name in ("condition", "body", "alternative"))
        found = self.value(condition) if condition is not None else None
        if not isinstance(found, Scalar) or other is None:
            return None
        if found.value in (False, None, "", "0", 0):
            return self.value(other)
        return self.value(body) if body is not None else found

    def _cast(self, node: Node) -> PhpValue | None:
        to, inner = node.child_by_field_name("type"), node.child_by_field_name("value")
        found = self.value(inner) if inner is not None else None
        if to is None or not isinstance(found, Scalar):
            return None
        kind, text = self.code.text(to).lower(), found.text or ""
        if kind in ("bool", "boolean"):
            return found._replace(value=text not in ("", "0"))
        if kind == "string":
            return found._replace(value=text)
        if kind in ("int", "integer"):
            return found._replace(value=int(text)) if text.isascii() and text.isdigit() else None
        return None

    def _subscript(self, node: Node) -> PhpValue | None:
        """``$_ENV['NAME']`` and ``$_SERVER['NAME']``."""
        parts = node.named_children
        if len(parts) != 2 or self.code.text(parts[0]) not in ("$_ENV", "$_SERVER"):
            return None
        name = self.value(parts[1])
        return self._variable(node, str(name.value), None) if isinstance(name, Scalar) else None

    def _call(self, node: Node) -> PhpValue | None:
        name, given = self.function(node), self.arguments(node)
        if name == "extension_loaded" and given:
            found = self.value(given[0])
            return self._scalar(node, True) if isinstance(found, Scalar) and found.value in LOADED else None
        if name == "array_filter" and len(given) == 1:
            return self._filtered(given[0])
        if name == "explode" and len(given) == 2:
            return self._split(node, given)
        if name not in ("env", "getenv") or not given:
            return None
        variable = self.value(given[0])
        if not isinstance(variable, Scalar):
            return None
        default = self.value(given[1]) if name == "env" and len(given) > 1 else None
        return self._variable(
            node, str(variable.value), default, words=name == "env", missing=None if name == "env" else False
        )

    def _variable(
        self, node: Node, name: str, default: PhpValue | None, *, words: bool = False, missing: Plain = None
    ) -> PhpValue | None:
        found = self.environment.get(name)
        if found is None:
            if not self.environment.complete:
                return None
            return default if default is not None else self._scalar(node, missing)
        if found.text is None:
            return None
        place = found.place if found.place is not None else self.code.place(node)
        value: Plain = found.text
        if words:
            value = ENV_WORDS.get(found.text.lower(), value)
        return Scalar(value, place, found.shown)

    def _filtered(self, node: Node) -> PhpValue | None:
        found = self.value(node)
        if not isinstance(found, Table):
            return None
        kept = {
            key: value
            for key, value in found.items.items()
            if not (isinstance(value, Scalar) and (value.text in (None, "", "0") or value.value == 0))
        }
        return found._replace(items=kept)

    def _split(self, node: Node, given: list[Node]) -> PhpValue | None:
        sign, found = self.value(given[0]), self.value(given[1])
        if not (isinstance(sign, Scalar) and isinstance(found, Scalar) and sign.text):
            return None
        parts = (found.text or "").split(sign.text)
        return Table({at: found._replace(value=part) for at, part in enumerate(parts)}, self.code.place(node))


_HANDLERS: dict[str, Callable[[Evaluator, Node], PhpValue | None]] = {
    "encapsed_string": Evaluator._quoted,
    "string": Evaluator._quoted,
    "integer": Evaluator._number,
    "float": Evaluator._number,
    "boolean": Evaluator._boolean,
    "null": Evaluator._null,
    "parenthesized_expression": Evaluator._inner,
    "array_creation_expression": Evaluator._array,
    "binary_expression": Evaluator._joined,
    "conditional_expression": Evaluator._choice,
    "cast_expression": Evaluator._cast,
    "subscript_expression": Evaluator._subscript,
    "function_call_expression": Evaluator._call,
}


def _escaped(written: str, *, double: bool) -> str:
    sign = written[1:2]
    if not double:
        return sign if sign in "\\'" else written
    return {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "$": "$", '"': '"'}.get(sign, written)
