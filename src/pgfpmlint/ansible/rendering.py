"""A template with its variables filled in: whole, or with what is unknown left as it is written.

What is left is a template still: ``{{ … }}`` whose value nobody knows, ``{% if … %}`` around what may or may not be
there, ``{% for … %}`` around what is there any number of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined, nodes

from pgfpmlint.ansible.dialect import environment
from pgfpmlint.ansible.expressions import FROM, NO_ANSWER, NO_ANSWER_EITHER, Evaluator
from pgfpmlint.ansible.language import LARGEST_TEXT, Bounded, TooMuch
from pgfpmlint.ansible.layout import Extent, Layout, laid_out
from pgfpmlint.ansible.pieces import Break, Continue, GiveUp, Piece, Rendered, header_of, loop_facts, nearest
from pgfpmlint.ansible.values import UNKNOWN, Doubt, Unknown, place_of
from pgfpmlint.ansible.worth import Cause, Function, Namespace, Variables, shown, weight
from pgfpmlint.source.text import Source


def render(
    source: Source, variables: Variables, options: Mapping[str, Any], extra: Mapping[str, Any]
) -> Rendered | None:
    """``options`` are the environment's, ``extra`` variables that hold for this task (``item``). None where the
    template can't be followed at all."""
    header, options = header_of(source.text, options)
    language = environment(**options)
    layout = laid_out(language, source.text[header:])
    if layout is None:
        return None
    writer = Writer(source.text, header, layout, language, variables, extra)
    try:
        writer.body(layout.tree.body)
    except (GiveUp, TooMuch, Break, Continue, RecursionError, MemoryError):
        return None
    return Rendered(writer.pieces, writer.whole)


class Writer:
    """Walks the statements of one template."""

    def __init__(
        self,
        text: str,
        header: int,
        layout: Layout,
        language: Bounded,
        variables: Variables,
        extra: Mapping[str, Any],
    ) -> None:
        self.text = text
        self.header = header
        self.layout = layout
        self.evaluator = Evaluator(language, variables)
        self.evaluator.locals = [dict(extra), {}]
        self.pieces: list[Piece] = []
        self.whole = True
        self.size = 0
        self.quiet = 0
        """In a macro, or a block that is captured: nothing can be left as it is written there."""

    def body(self, statements: list[nodes.Node]) -> None:
        for statement in statements:
            self.evaluator.spend()
            visit = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if visit is None:
                raise GiveUp
            visit(statement)

    def _add(self, piece: Piece) -> None:
        self.size += len(piece.text)
        if self.size > 4 * LARGEST_TEXT:
            raise TooMuch
        if piece.text:
            self.pieces.append(piece)

    def _leave(self, extent: Extent | None) -> None:
        """As it is written."""
        if extent is None or self.quiet:
            raise GiveUp
        self.whole = False
        begin = extent.start + self.header
        self._add(Piece(self.text[begin : extent.end + self.header], Extent(begin, extent.end + self.header), True))

    def _output(self, node: nodes.Output) -> None:
        for one in node.nodes:
            extent = self.layout.outputs[id(one)]
            here = Extent(extent.start + self.header, extent.end + self.header)
            if isinstance(one, nodes.TemplateData):
                self._literal(one.data, here)
                continue
            self.evaluator.trace = {}
            value = self.evaluator.value(one)
            try:
                text = "" if value is None else shown(value)
            except Doubt:
                self._leave(extent)
                continue
            place = place_of(value)
            causes = tuple(self.evaluator.trace)
            self._add(Piece(text, here, False, nearest(causes, place), place))

    def _literal(self, data: str, extent: Extent) -> None:
        """Ansible ends lines with LF whatever the template has."""
        begin = extent.start
        if extent.end - extent.start == len(data):
            self._add(Piece(data, extent, True))
            return
        for line in data.splitlines(keepends=True):
            end = self.text.find("\n", begin) + 1 or len(self.text)
            self._add(Piece(line, Extent(begin, end), True))
            begin = end

    def _if(self, node: nodes.If) -> None:
        branches = [(one.test, one.body, one) for one in (node, *node.elif_)]
        for number, (test, body, one) in enumerate(branches):
            truth = self.evaluator.truth(test)
            if truth:
                return self.body(body)
            if truth is None:
                return self._either(node, branches[number:], one)
        return self.body(node.else_)

    def _either(
        self, node: nodes.If, branches: list[tuple[nodes.Node, list[nodes.Node], nodes.If]], first: nodes.If
    ) -> None:
        """The branches that may be taken, each once, between the statements that choose one."""
        statements = self.layout.statements
        whole = statements[id(node)]
        changed: set[str] = set()
        self.evaluator.doubtful += 1
        for _, body, one in branches:
            opening = statements[id(one)].opening
            if one is first and one is not node:
                self._reworded(opening, "elif", "if")
            else:
                self._leave(opening)
            changed |= self._apart(body)
        if node.else_:
            self._leave(
                next((s.otherwise for _, _, one in branches if (s := statements[id(one)]).otherwise), whole.otherwise)
            )
            changed |= self._apart(node.else_)
        self._leave(whole.closing)
        self.evaluator.doubtful -= 1
        for name in changed:
            self.evaluator.locals[-1][name] = UNKNOWN

    def _reworded(self, extent: Extent, old: str, new: str) -> None:
        """An ``elif`` whose ``if`` is known to fail is the first that is left."""
        begin, end = extent.start + self.header, extent.end + self.header
        if self.quiet:
            raise GiveUp
        self.whole = False
        self._add(Piece(self.text[begin:end].replace(old, new, 1), Extent(begin, end), False))

    def _apart(self, body: list[nodes.Node]) -> set[str]:
        """Carry out what may be carried out or not. The names that it sets."""
        before = dict(self.evaluator.locals[-1])
        self.body(body)
        now = self.evaluator.locals[-1]
        changed = {name for name in now if name not in before or now[name] is not before[name]}
        self.evaluator.locals[-1] = before
        return changed

    def _for(self, node: nodes.For) -> None:
        if node.recursive:
            raise GiveUp
        self.evaluator.trace = {}
        try:
            found = self.evaluator.value(node.iter)
            if isinstance(found, (str, int, float, bool)) or found is None or isinstance(found, (Unknown, Undefined)):
                raise Doubt
            items = [*found]
        except (*NO_ANSWER, *NO_ANSWER_EITHER):
            return self._any_number(node)
        if node.test is not None:
            items = [one for one in items if self._passes(node, one)]
        causes = tuple(self.evaluator.trace)
        for number, one in enumerate(items):
            self.evaluator.locals.append({"loop": loop_facts(items, number)})
            try:
                self._bind(node.target, one, causes)
                self.body(node.body)
            except Continue:
                continue
            except Break:
                break
            finally:
                self.evaluator.locals.pop()
        return None if items else self.body(node.else_)

    def _passes(self, node: nodes.For, one: Any) -> bool:
        self.evaluator.locals.append({})
        self._bind(node.target, one)
        assert node.test is not None
        truth = self.evaluator.truth(node.test)
        self.evaluator.locals.pop()
        if truth is None:
            raise GiveUp
        return truth

    def _any_number(self, node: nodes.For) -> None:
        statement = self.layout.statements[id(node)]
        self._leave(statement.opening)
        self.evaluator.doubtful += 1
        self._forget(node.body)
        self.evaluator.locals.append({"loop": UNKNOWN})
        for name in node.target.find_all(nodes.Name):
            self.evaluator.locals[-1][name.name] = UNKNOWN
        if isinstance(node.target, nodes.Name):
            self.evaluator.locals[-1][node.target.name] = UNKNOWN
        self.body(node.body)
        self.evaluator.locals.pop()
        if node.else_:
            self._leave(statement.otherwise)
            self.body(node.else_)
        self.evaluator.doubtful -= 1
        self._leave(statement.closing)

    def _forget(self, body: list[nodes.Node]) -> None:
        """What a namespace holds after that many rounds nobody knows."""
        for statement in body:
            for reference in statement.find_all(nodes.NSRef):
                space = self.evaluator.name(reference.name)
                if isinstance(space, Namespace):
                    space[reference.attr] = UNKNOWN

    def _bind(self, target: nodes.Node, value: Any, causes: tuple[Cause, ...] = ()) -> None:
        if isinstance(target, nodes.Name):
            self.evaluator.locals[-1][target.name] = value
            self.evaluator.locals[-1][FROM + target.name] = causes
        elif isinstance(target, nodes.NSRef):
            space = self.evaluator.name(target.name)
            if not isinstance(space, Namespace):
                raise GiveUp
            space[target.attr] = UNKNOWN if self.evaluator.doubtful else value
        elif isinstance(target, nodes.Tuple):
            known = not isinstance(value, (Unknown, Undefined, str)) and isinstance(value, (list, tuple))
            values = list(value) if known else [UNKNOWN] * len(target.items)
            if len(values) != len(target.items):
                raise GiveUp
            for one, part in zip(target.items, values):
                self._bind(one, part, causes)
        else:
            raise GiveUp

    def _assign(self, node: nodes.Assign) -> None:
        self.evaluator.trace = {}
        value = self.evaluator.value(node.node)
        self._bind(node.target, value, tuple(self.evaluator.trace))

    def _exprstmt(self, node: nodes.ExprStmt) -> None:
        self.evaluator.value(node.node)

    def _with(self, node: nodes.With) -> None:
        values = [self.evaluator.value(one) for one in node.values]
        self.evaluator.locals.append({})
        for target, value in zip(node.targets, values):
            self._bind(target, value)
        self.body(node.body)
        self.evaluator.locals.pop()

    def _scope(self, node: nodes.Scope) -> None:
        self.body(node.body)

    def _break(self, node: nodes.Break) -> None:
        if self.evaluator.doubtful:
            raise GiveUp
        raise Break

    def _continue(self, node: nodes.Continue) -> None:
        if self.evaluator.doubtful:
            raise GiveUp
        raise Continue

    def _captured(self, body: list[nodes.Node]) -> tuple[str, tuple[Cause, ...]]:
        """What the statements put out, as a value. GiveUp where some of it is unknown."""
        outer, self.pieces = self.pieces, []
        self.quiet += 1
        try:
            self.body(body)
            causes = {cause: None for piece in self.pieces for cause in piece.causes}
            return "".join(piece.text for piece in self.pieces), tuple(causes)
        finally:
            self.pieces = outer
            self.quiet -= 1

    def _assignblock(self, node: nodes.AssignBlock) -> None:
        if node.filter is not None:
            raise GiveUp
        self._bind(node.target, self._captured(node.body)[0])

    def _filterblock(self, node: nodes.FilterBlock) -> None:
        text, causes = self._captured(node.body)
        made = self.evaluator.filtered(node.filter.name, text, node.filter)
        extents = [self.layout.outputs[id(one)] for output in node.find_all(nodes.Output) for one in output.nodes]
        if not extents or not isinstance(made, str):
            raise GiveUp
        extent = Extent(extents[0].start + self.header, extents[-1].end + self.header)
        self._add(Piece(made, extent, False, causes))

    def _macro(self, node: nodes.Macro) -> None:
        names = [one.name for one in node.args]

        def call(*args: Any, **kwargs: Any) -> str:
            if len(args) > len(names) or not kwargs.keys() <= set(names):
                raise Doubt
            defaults = [self.evaluator.value(one) for one in node.defaults]
            given = dict(zip(names[len(names) - len(defaults) :], defaults))
            given |= dict(zip(names, args)) | kwargs
            if len(self.evaluator.locals) > 40:
                raise TooMuch
            outer = self.evaluator.locals
            self.evaluator.locals = [*outer[:2], {name: given.get(name, UNKNOWN) for name in names}]
            try:
                return self._captured(node.body)[0]
            except GiveUp:
                raise Doubt from None
            finally:
                self.evaluator.locals = outer

        self.evaluator.locals[-1][node.name] = Function(call)


def value_of(
    template: str, variables: Variables, language: Bounded, extra: Mapping[str, Any]
) -> tuple[Any, tuple[Cause, ...]]:
    """What a value with placeholders in it is worth, with the lines that it follows from. One placeholder alone gives
    whatever it holds, others give text."""
    layout = laid_out(language, template)
    if layout is None:
        return UNKNOWN, ()
    writer = Writer(template, 0, layout, language, variables, extra)
    body = layout.tree.body
    try:
        if len(body) == 1 and isinstance(body[0], nodes.Output) and len(body[0].nodes) == 1:
            value = writer.evaluator.value(body[0].nodes[0])
            weight(value)
            return value, tuple(writer.evaluator.trace)
        writer.quiet = 1
        writer.body(body)
    except (GiveUp, TooMuch, Break, Continue, RecursionError, MemoryError):
        return UNKNOWN, ()
    causes = {cause: None for piece in writer.pieces for cause in piece.causes}
    return "".join(piece.text for piece in writer.pieces), tuple(causes)
