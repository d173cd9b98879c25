"""What an expression of a template is worth, as far as files tell.

The tree is Jinja's; every operation is one of ours, counted and bounded. What can't be known is `Unknown`, and whatever
is made of it is unknown as well; where either side of a condition would do, both are left to the reader.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError

from pgfpmlint.ansible.language import (
    LARGEST_LIST,
    LARGEST_TEXT,
    MOST_STEPS,
    Bounded,
    TooMuch,
    filtered,
    item,
    tested,
)
from pgfpmlint.ansible.values import UNKNOWN, Doubt, Fields, Items, Missing, Unknown, plain
from pgfpmlint.ansible.worth import Cause, Function, Namespace, Variables, formatted, shown, truth_of, weight

NO_ANSWER = (Doubt, UndefinedError, SecurityError, TypeError, ValueError, KeyError, IndexError, ArithmeticError)
NO_ANSWER_EITHER = (AttributeError, LookupError, RecursionError, AssertionError)

METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset({
        "capitalize", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdigit", "lower", "lstrip",
        "partition", "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "title",
        "upper",
    }),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
}  # fmt: skip
"""Methods that change nothing and make nothing large."""

CHANGING = frozenset({"append", "extend", "update"})

ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "Sub": operator.sub, "Div": operator.truediv, "FloorDiv": operator.floordiv,
}  # fmt: skip

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "gteq": operator.ge, "lt": operator.lt,
    "lteq": operator.le, "in": lambda one, many: one in many, "notin": lambda one, many: one not in many,
}  # fmt: skip


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if len(numbers) > LARGEST_LIST:
        raise TooMuch
    return list(numbers)


GLOBALS: Mapping[str, Any] = {
    "dict": Function(dict), "namespace": Function(Namespace), "range": Function(_range),
}  # fmt: skip

OUTSIDE = frozenset({"lookup", "now", "omit", "q", "query", "undef", "vars"})
"""What only a run of Ansible's can answer."""


FROM = "\0"
"""Before a local name: the lines that its value follows from, under a name that no template can write."""


class Evaluator:
    """One template's, or one variable's. ``trace`` gathers what was asked for."""

    def __init__(self, language: Bounded, variables: Variables, steps: int = MOST_STEPS) -> None:
        self.language = language
        self.variables = variables
        self.left = steps
        self.trace: dict[Cause, None] = {}
        self.locals: list[dict[str, Any]] = []
        self.doubtful = 0
        """How many of the statements around may or may not be carried out."""

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMuch

    def name(self, name: str) -> Any:
        for scope in reversed(self.locals):
            if name in scope:
                self.trace.update(dict.fromkeys(scope.get(FROM + name, ())))
                return scope[name]
        if name in OUTSIDE:
            return UNKNOWN
        value = self.variables.value(name)
        if isinstance(value, Missing) and name in GLOBALS:
            return GLOBALS[name]
        for cause in self.variables.causes(name):
            self.trace[cause] = None
        return value

    def value(self, node: nodes.Node) -> Any:
        """Of an expression. TooMuch where it goes too far."""
        self.spend()
        visit = getattr(self, f"_{type(node).__name__.lower()}", None)
        if visit is None:
            return UNKNOWN
        try:
            return visit(node)
        except NO_ANSWER:
            return UNKNOWN
        except NO_ANSWER_EITHER:
            return UNKNOWN

    def truth(self, node: nodes.Node) -> bool | None:
        """Of a condition; None where it can't be told."""
        if isinstance(node, nodes.And):
            both = (self.truth(node.left), self.truth(node.right))
            return False if False in both else None if None in both else True
        if isinstance(node, nodes.Or):
            left = self.truth(node.left)
            right = True if left else self.truth(node.right)
            return True if left or right else None if left is None or right is None else False
        if isinstance(node, nodes.Not):
            inner = self.truth(node.node)
            return None if inner is None else not inner
        return truth_of(self.value(node))

    def _const(self, node: nodes.Const) -> Any:
        return node.value

    def _templatedata(self, node: nodes.TemplateData) -> Any:
        return node.data

    def _name(self, node: nodes.Name) -> Any:
        return self.name(node.name)

    def _tuple(self, node: nodes.Tuple) -> Any:
        return tuple(self.value(one) for one in node.items)

    def _list(self, node: nodes.List) -> Any:
        return [self.value(one) for one in node.items]

    def _dict(self, node: nodes.Dict) -> Any:
        return {plain(self.value(pair.key)): self.value(pair.value) for pair in node.items}

    def _getattr(self, node: nodes.Getattr) -> Any:
        return item(self.value(node.node), node.attr)

    def _getitem(self, node: nodes.Getitem) -> Any:
        holder = self.value(node.node)
        if isinstance(node.arg, nodes.Slice):
            written = (node.arg.start, node.arg.stop, node.arg.step)
            return holder[slice(*(self.value(one) if one is not None else None for one in written))]
        return item(holder, plain(self.value(node.arg)))

    def _condexpr(self, node: nodes.CondExpr) -> Any:
        truth = self.truth(node.test)
        if truth is None:
            return UNKNOWN
        if truth:
            return self.value(node.expr1)
        return self.value(node.expr2) if node.expr2 is not None else Missing()

    def _and(self, node: nodes.And) -> Any:
        left = self.value(node.left)
        truth = truth_of(left)
        return UNKNOWN if truth is None else self.value(node.right) if truth else left

    def _or(self, node: nodes.Or) -> Any:
        left = self.value(node.left)
        truth = truth_of(left)
        return UNKNOWN if truth is None else left if truth else self.value(node.right)

    def _not(self, node: nodes.Not) -> Any:
        truth = self.truth(node.node)
        return UNKNOWN if truth is None else not truth

    def _neg(self, node: nodes.Neg) -> Any:
        return -self.value(node.node)

    def _pos(self, node: nodes.Pos) -> Any:
        return +self.value(node.node)

    def _concat(self, node: nodes.Concat) -> Any:
        return self._small("".join(shown(self.value(one)) for one in node.nodes))

    def _compare(self, node: nodes.Compare) -> Any:
        left = self.value(node.expr)
        for operand in node.ops:
            right = self.value(operand.expr)
            if isinstance(left, (Unknown, Undefined)) or isinstance(right, (Unknown, Undefined)):
                return UNKNOWN
            if isinstance(right, (str, list, tuple, dict)):
                self.spend(1 + len(right) // 50)
            if not COMPARISONS[operand.op](left, right):
                return False
            left = right
        return True

    def _binary(self, node: nodes.BinExpr) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        kind = type(node).__name__
        if isinstance(left, (Unknown, Undefined)) or isinstance(right, (Unknown, Undefined)):
            return UNKNOWN
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if kind == "Add":
            self._sized(left, right)
            return plain(left) + plain(right)
        if kind == "Mod":
            return plain(left) % plain(right) if numbers else formatted(left, right)
        if not numbers:
            return UNKNOWN if kind != "Mul" else self._repeated(left, right)
        if kind == "Mul":
            if abs(left) > 10**60 or abs(right) > 10**60:
                raise TooMuch
            return plain(left) * plain(right)
        if kind == "Pow":
            if abs(left) > 10**6 or abs(right) > 64:
                raise TooMuch
            return plain(left) ** plain(right)
        return ARITHMETIC[kind](plain(left), plain(right))

    _add = _sub = _mul = _div = _floordiv = _mod = _pow = _binary

    def _repeated(self, left: Any, right: Any) -> Any:
        one, times = (left, right) if isinstance(right, int) else (right, left)
        if not isinstance(one, (str, list)) or not isinstance(times, int):
            return UNKNOWN
        limit = LARGEST_TEXT if isinstance(one, str) else LARGEST_LIST
        if len(one) * max(times, 0) > limit:
            raise TooMuch
        return (str(one) if isinstance(one, str) else list(one)) * times

    def _sized(self, left: Any, right: Any) -> None:
        if isinstance(left, (str, list)) and isinstance(right, (str, list)):
            limit = LARGEST_TEXT if isinstance(left, str) else LARGEST_LIST
            self.spend(1 + (len(left) + len(right)) // 100)
            if len(left) + len(right) > limit:
                raise TooMuch

    def _small(self, text: str) -> str:
        if len(text) > LARGEST_TEXT:
            raise TooMuch
        return text

    def _filter(self, node: nodes.Filter) -> Any:
        value = self.value(node.node) if node.node is not None else UNKNOWN
        return self.filtered(node.name, value, node)

    def filtered(self, name: str, value: Any, node: nodes.Filter) -> Any:
        if name not in self.language.filters:
            return UNKNOWN
        args, kwargs = self._arguments(node)
        for one in (value, *args):
            self._charge(one)
        made = filtered(self.language, name, plain(value), args, kwargs)
        return self._settled(made)

    def _test(self, node: nodes.Test) -> Any:
        value = self.value(node.node)
        if node.name in ("defined", "undefined"):
            if isinstance(value, Unknown) and not value.defined:
                return UNKNOWN
            return isinstance(value, Undefined) == (node.name == "undefined")
        if node.name not in self.language.tests:
            return UNKNOWN
        args, kwargs = self._arguments(node)
        self._charge(value)
        return (
            UNKNOWN
            if isinstance(value, (Unknown, Undefined))
            else tested(self.language, node.name, plain(value), args, kwargs)
        )

    def _arguments(self, node: nodes.Filter | nodes.Test | nodes.Call) -> tuple[list[Any], dict[str, Any]]:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise Doubt
        args = [plain(self.value(one)) for one in node.args]
        return args, {str(one.key): plain(self.value(one.value)) for one in node.kwargs}

    def _charge(self, value: Any) -> None:
        """Filters take time as their values are long and deep."""
        self.spend(len(value) // 200 if isinstance(value, str) else weight(value))

    def _settled(self, made: Any) -> Any:
        """What a filter gives, generators read to their end."""
        if made is None or isinstance(made, (str, int, float, Undefined, Unknown)):
            return self._small(made) if isinstance(made, str) else made
        if isinstance(made, dict):
            return made
        if not isinstance(made, (list, tuple)):
            made = list(made)
        self.spend(len(made))
        if len(made) > LARGEST_LIST:
            raise TooMuch
        return made

    def _call(self, node: nodes.Call) -> Any:
        args, kwargs = self._arguments(node)
        if isinstance(node.node, nodes.Getattr):
            return self._method(self.value(node.node.node), node.node.attr, args, kwargs)
        called = self.value(node.node)
        if isinstance(called, Function):
            return called.call(*args, **kwargs)
        return UNKNOWN

    def _method(self, holder: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if isinstance(holder, (list, dict)) and name in CHANGING:
            if self.doubtful or kwargs or isinstance(holder, (Items, Fields)) or len(holder) > LARGEST_LIST:
                raise TooMuch  # nobody could say what it holds from here on
            return getattr(holder, name)(*args)
        for kind, methods in METHODS.items():
            if isinstance(holder, kind) and name in methods:
                self._charge(holder)
                return self._settled(getattr(holder, name)(*args, **kwargs))
        if isinstance(holder, str) and name == "join" and len(args) == 1:
            return self._settled(filtered(self.language, "join", args[0], [holder], {}))
        if isinstance(holder, str) and name == "replace" and 2 <= len(args) <= 3:
            return self._settled(filtered(self.language, "replace", holder, args, {}))
        if isinstance(holder, (list, dict)):
            raise TooMuch  # it may change what it is called on
        return UNKNOWN
