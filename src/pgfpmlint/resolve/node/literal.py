"""What expressions of JavaScript are worth, as far as the text alone tells."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.resolve.node.modules import DEFAULT, ENVIRONMENT, WHOLE, Module, Modules
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from tree_sitter import Node

Plain = str | int | float | bool | None

DEEPEST = 20


class Scalar(NamedTuple):
    """``value`` at ``place``; None stands for null and undefined. ``shown`` is what people call it: a variable of the
    environment. ``unless`` is one that would set it, and that nothing here sets."""

    value: Plain
    place: Place
    shown: str = ""
    unless: str = ""

    @property
    def text(self) -> str:
        return _text(self.value)


class Table(NamedTuple):
    """An object. Unless ``whole``, it may hold more, or others, than ``items``."""

    items: Mapping[str, Value]
    place: Place
    whole: bool = True


class Unclear(NamedTuple):
    """What only running the code would tell."""

    place: Place
    why: str = ""


Value = Scalar | Table | Unclear

CPUS = "as many as the machine has processors"


class Evaluator:
    """Values of nodes in an application whose processes see ``environment``."""

    def __init__(self, modules: Modules, environment: Environment) -> None:
        self.modules = modules
        self.environment = environment
        self._depth = 0

    def value(self, module: Module, node: Node) -> Value:
        """What the expression is worth."""
        handler = _HANDLERS.get(node.type)
        self._depth += 1
        try:
            found = handler(self, module, node) if handler is not None and self._depth <= DEEPEST else None
        finally:
            self._depth -= 1
        return Unclear(module.code.place(node)) if found is None else found

    def exported(self, module: Module, name: str) -> Value | None:
        """What a module gives away under a name; None where it plainly gives nothing of that name."""
        node = module.given.get(name)
        if node is not None:
            return self.value(module, node)
        if name == WHOLE:
            items = {key: self.value(module, one) for key, one in module.given.items() if key not in (WHOLE, DEFAULT)}
            place = module.code.place(module.code.root)
            return Table(items, place, whole=False)
        whole = module.given.get(WHOLE)
        return _part(self.value(module, whole), name) if whole is not None else None

    def _string(self, module: Module, node: Node) -> Value | None:
        letters = ""
        for part in node.named_children:
            if part.type == "string_fragment":
                letters += module.code.text(part)
            elif part.type == "escape_sequence":
                letters += _escaped(module.code.text(part))
            elif part.type == "template_substitution" and part.named_children:
                filled = self.value(module, part.named_children[0])
                if not isinstance(filled, Scalar):
                    return None
                letters += filled.text
            else:
                return None
        return Scalar(letters, module.code.place(node))

    def _number(self, module: Module, node: Node) -> Value | None:
        return Scalar(number(module.code.text(node).replace("_", "")), module.code.place(node))

    def _word(self, module: Module, node: Node) -> Value:
        return Scalar({"true": True, "false": False}.get(node.type), module.code.place(node))

    def _inner(self, module: Module, node: Node) -> Value | None:
        children = [child for child in node.named_children if child.type not in _TYPES]
        return self.value(module, children[0]) if children else None

    def _object(self, module: Module, node: Node) -> Value:
        items: dict[str, Value] = {}
        whole = True
        for child in node.named_children:
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or value is None or key.type == "computed_property_name":
                    whole = False
                    continue
                items[module.code.text(key).strip("'\"")] = self.value(module, value)
            elif child.type == "shorthand_property_identifier":
                items[module.code.text(child)] = self._name(module, child) or Unclear(module.code.place(child))
            elif child.type == "spread_element":
                spread = self.value(module, child.named_children[0]) if child.named_children else None
                if isinstance(spread, Table):
                    items.update(spread.items)
                whole = whole and isinstance(spread, Table) and spread.whole
            elif child.type != "comment":
                whole = whole and child.type == "method_definition"
        return Table(items, module.code.place(node), whole)

    def _array(self, module: Module, node: Node) -> Value:
        """Its items by their numbers."""
        elements = [child for child in node.named_children if child.type != "comment"]
        items = {str(at): self.value(module, child) for at, child in enumerate(elements)}
        whole = all(child.type != "spread_element" for child in elements)
        return Table(items, module.code.place(node), whole)

    def _name(self, module: Module, node: Node) -> Value | None:
        name = module.code.text(node)
        if name == "undefined":
            return Scalar(None, module.code.place(node))
        if name in module.variables:
            return self._variable(module, node, module.variables[name])
        if name in module.bound:
            return self.value(module, module.bound[name])
        taken = module.taken.get(name)
        other = self.modules.named(module, taken.module) if taken is not None else None
        if other is None or taken is None:
            return None
        found = self.exported(other, taken.name)
        if found is None and taken.name == DEFAULT:
            found = self.exported(other, WHOLE)
        return found

    def _member(self, module: Module, node: Node) -> Value | None:
        holder, key = node.child_by_field_name("object"), node.child_by_field_name("property")
        if key is None:
            key = node.child_by_field_name("index")
        if holder is None or key is None:
            return None
        name = module.code.text(key).strip("'\"")
        if module.code.text(holder) in (ENVIRONMENT, "process?.env"):
            return self._variable(module, node, name)
        if name == "length" and "cpus" in module.code.text(holder):
            return Unclear(module.code.place(node), CPUS)
        return _part(self.value(module, holder), name)

    def _variable(self, module: Module, node: Node, name: str) -> Value:
        """Without a .env file nobody can tell what the environment holds; with one, what it does not set is taken to
        be unset."""
        found = self.environment.get(name)
        if found is not None and found.text is not None and found.place is not None:
            return Scalar(found.text, found.place, found.shown)
        if found is None and self.environment.names:
            return Scalar(None, module.code.place(node), unless=name)
        return Unclear(module.code.place(node), f"{name} of its environment decides it")

    def _binary(self, module: Module, node: Node) -> Value | None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        sign = node.child_by_field_name("operator")
        if left is None or right is None or sign is None:
            return None
        first, operator = self.value(module, left), module.code.text(sign)
        if operator in ("||", "??"):
            if not isinstance(first, Scalar):
                return first
            if first.value is not None and (operator == "??" or is_true(first.value)):
                return first
            second = self.value(module, right)
            return second._replace(unless=first.unless) if isinstance(second, Scalar) and first.unless else second
        second = self.value(module, right)
        if not isinstance(first, Scalar) or not isinstance(second, Scalar):
            return next((one for one in (first, second) if isinstance(one, Unclear)), None)
        if operator == "+" and isinstance(first.value, str) | isinstance(second.value, str):
            return Scalar(first.text + second.text, module.code.place(node))
        return self._computed(first, second, operator, module.code.place(node))

    def _computed(self, first: Scalar, second: Scalar, operator: str, place: Place) -> Value | None:
        one, other = first.value, second.value
        if isinstance(one, bool) or isinstance(other, bool):
            return None
        if not isinstance(one, (int, float)) or not isinstance(other, (int, float)):
            return None
        if operator == "*":
            return Scalar(one * other, place)
        if operator in ("+", "-"):
            return Scalar(one + other if operator == "+" else one - other, place)
        return None

    def _unary(self, module: Module, node: Node) -> Value | None:
        argument, sign = node.child_by_field_name("argument"), node.child_by_field_name("operator")
        found = self.value(module, argument) if argument is not None else None
        if not isinstance(found, Scalar) or sign is None:
            return found if isinstance(found, Unclear) else None
        operator = module.code.text(sign)
        if operator == "!":
            return found._replace(value=not is_true(found.value))
        worth = number(found.text) if operator in ("+", "-") else None
        if worth is None:
            return None
        return found._replace(value=-worth if operator == "-" else worth)

    def _chosen(self, module: Module, node: Node) -> Value | None:
        parts = [node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")]
        values = [self.value(module, part) for part in parts if part is not None]
        if len(values) != 3:
            return None
        if isinstance(values[0], Scalar):
            found = values[1] if is_true(values[0].value) else values[2]
            return found._replace(unless=values[0].unless or found.unless) if isinstance(found, Scalar) else found
        same = isinstance(values[1], Scalar) and isinstance(values[2], Scalar) and values[1].value == values[2].value
        return values[1] if same else None

    def _call(self, module: Module, node: Node) -> Value | None:
        """``parseInt(x, 10)``, ``Number(x)``, ``String(x)``; the number of the machine's processors."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        name = module.code.text(function).removeprefix("Number.") if function is not None else ""
        if name.rpartition(".")[2] == "availableParallelism":
            return Unclear(module.code.place(node), CPUS)
        if name not in ("parseInt", "parseFloat", "Number", "String") or arguments is None:
            return None
        found = self.value(module, arguments.named_children[0]) if arguments.named_children else None
        if not isinstance(found, Scalar):
            return found if isinstance(found, Unclear) else None
        if name == "String":
            return found._replace(value=found.text)
        worth = number(found.text.strip() if name == "Number" else _leading(found.text))
        # What is no number is false, so that ``parseInt(process.env.MAX) || 10`` goes on.
        return found._replace(value=worth if worth is None or name != "parseInt" else int(worth))


_TYPES = ("type_arguments", "type_identifier", "predefined_type", "generic_type", "union_type", "comment")

_HANDLERS = {
    "string": Evaluator._string,
    "template_string": Evaluator._string,
    "number": Evaluator._number,
    "true": Evaluator._word,
    "false": Evaluator._word,
    "null": Evaluator._word,
    "undefined": Evaluator._word,
    "object": Evaluator._object,
    "array": Evaluator._array,
    "identifier": Evaluator._name,
    "shorthand_property_identifier": Evaluator._name,
    "member_expression": Evaluator._member,
    "subscript_expression": Evaluator._member,
    "binary_expression": Evaluator._binary,
    "unary_expression": Evaluator._unary,
    "ternary_expression": Evaluator._chosen,
    "call_expression": Evaluator._call,
    "parenthesized_expression": Evaluator._inner,
    "as_expression": Evaluator._inner,
    "satisfies_expression": Evaluator._inner,
    "non_null_expression": Evaluator._inner,
    "type_assertion": Evaluator._inner,
}


def number(text: str) -> int | float | None:
    """A literal, or a string that Number() takes; None for what is no number."""
    try:
        return int(text, 0) if text.lstrip("-")[:2].lower() in ("0x", "0b", "0o") else int(text)
    except ValueError:
        pass
    try:
        worth = float(text)
    except ValueError:
        return None
    return int(worth) if worth.is_integer() else worth


def is_true(value: Plain) -> bool:
    """As JavaScript has it: all but 0, '', false, null and undefined."""
    return bool(value)


def _part(found: Value, name: str) -> Value | None:
    if not isinstance(found, Table):
        return found if isinstance(found, Unclear) else None
    if name in found.items:
        return found.items[name]
    return Scalar(None, found.place) if found.whole else None


def _text(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _leading(text: str) -> str:
    """The number that parseInt() finds at the beginning."""
    text = text.strip()
    end = 1 if text[:1] in ("+", "-") else 0
    while end < len(text) and text[end].isdecimal():
        end += 1
    return text[:end]


def _escaped(written: str) -> str:
    sign = written[1:2]
    if sign in ("u", "x"):
        digits = written[2:].strip("{}")
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            return written
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}.get(sign, sign)
