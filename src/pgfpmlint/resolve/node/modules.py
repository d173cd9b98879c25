"""The modules of one application: its own files, and what each of them takes from others and gives away.

https://nodejs.org/api/modules.html, https://nodejs.org/api/esm.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.formats.javascript import Code
from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

if TYPE_CHECKING:
    from tree_sitter import Node

ENDINGS = (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx")
WHOLE = "*"
"""What a name stands for that is bound to a module itself."""

DEFAULT = "default"
ENVIRONMENT = "process.env"


class Taken(NamedTuple):
    """A name that a module takes from another: ``name`` of ``module``, which is written as the code has it."""

    module: str
    name: str


class Module:
    """One parsed file. ``bound`` are the values that its names get, where each gets one only; ``taken`` the names from
    elsewhere; ``given`` what it exports; ``variables`` the names that stand for variables of the environment;
    ``asked`` are all modules that it names."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.bound: dict[str, Node] = {}
        self.taken: dict[str, Taken] = {}
        self.given: dict[str, Node] = {}
        self.variables: dict[str, str] = {}
        self.asked: list[str] = []
        self._twice: set[str] = set()
        for node in every(code.root):
            if node.type in _READERS:
                _READERS[node.type](self, node)
        for name in self._twice:
            self.bound.pop(name, None)

    def _bind(self, name: str, value: Node) -> None:
        if name in self.bound:
            self._twice.add(name)
        self.bound[name] = value

    def _declared(self, node: Node) -> None:
        """``const a = …``, ``const { a, b: c } = require('x')``"""
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return
        asked, part = self._required(value)
        if name.type == "identifier":
            if asked:
                self.taken[self.code.text(name)] = Taken(asked, part or WHOLE)
            else:
                self._bind(self.code.text(name), value)
        elif name.type == "object_pattern" and not part:
            source = asked or self._module_of(value)
            for key, to in self._parts(name):
                if source:
                    self.taken[to] = Taken(source, key)
                elif self.code.text(value) == ENVIRONMENT:
                    self.variables[to] = key

    def _parts(self, pattern: Node) -> Iterator[tuple[str, str]]:
        """``{ a, b: c }``: the names of the parts, and what they are bound to."""
        for child in pattern.named_children:
            if child.type == "shorthand_property_identifier_pattern":
                yield self.code.text(child), self.code.text(child)
            elif child.type == "pair_pattern":
                key, to = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and to is not None and to.type == "identifier":
                    yield self.code.text(key), self.code.text(to)

    def _module_of(self, node: Node) -> str:
        """The module that a name stands for; empty for what stands for something else."""
        found = self.taken.get(self.code.text(node)) if node.type == "identifier" else None
        return found.module if found is not None and found.name in (WHOLE, DEFAULT) else ""

    def _required(self, node: Node) -> tuple[str, str]:
        """``require('x')``: its module. ``require('x').y``: its module and ``y``."""
        if node.type == "member_expression":
            inner, part = node.child_by_field_name("object"), node.child_by_field_name("property")
            module, deeper = self._required(inner) if inner is not None else ("", "")
            return (module, self.code.text(part)) if module and not deeper and part is not None else ("", "")
        if node.type != "call_expression":
            return "", ""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None or self.code.text(function) != "require":
            return "", ""
        given = arguments.named_children
        return (self.code.text(given[0])[1:-1], "") if len(given) == 1 and given[0].type == "string" else ("", "")

    def _called(self, node: Node) -> None:
        asked, _ = self._required(node)
        if asked:
            self.asked.append(asked)

    def _imported(self, node: Node) -> None:
        source = node.child_by_field_name("source") or next(
            (one for child in node.named_children for one in child.named_children if one.type == "string"), None
        )
        module = self.code.text(source)[1:-1] if source is not None else ""
        self.asked.append(module)
        for clause in node.named_children if module else ():
            for child in clause.named_children:
                if child.type == "identifier":
                    self.taken[self.code.text(child)] = Taken(
                        module, WHOLE if clause.type == "import_require_clause" else DEFAULT
                    )
                elif child.type == "namespace_import":
                    self.taken[self.code.text(child.named_children[-1])] = Taken(module, WHOLE)
                elif child.type == "named_imports":
                    for one in child.named_children:
                        if one.type == "import_specifier":
                            names = [self.code.text(part) for part in one.named_children]
                            self.taken[names[-1]] = Taken(module, names[0])

    def _assigned(self, node: Node) -> None:
        """``module.exports = …``, ``exports.a = …``; any other name is one that changes."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        target = self.code.text(left)
        if target == "module.exports":
            self.given[WHOLE] = self.given[DEFAULT] = right
        elif target.startswith(("exports.", "module.exports.")):
            self.given[target.rpartition(".")[2]] = right
        elif left.type == "identifier":
            self._twice.add(target)

    def _changed(self, node: Node) -> None:
        left = node.child_by_field_name("left") or node.child_by_field_name("argument")
        if left is not None:
            self._twice.add(self.code.text(left))

    def _exported(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        if source is not None:  # export … from './other'
            self.asked.append(self.code.text(source)[1:-1])
            return
        value = node.child_by_field_name("value")
        if value is not None:
            self.given[DEFAULT] = value
        declaration = node.child_by_field_name("declaration")
        for child in declaration.named_children if declaration is not None else ():
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is not None and value is not None:
                self.given[self.code.text(name)] = value
        for clause in node.named_children:
            for one in clause.named_children if clause.type == "export_clause" else ():
                names = one.named_children
                if names:
                    self.given[self.code.text(names[-1])] = names[0]


_READERS = {
    "variable_declarator": Module._declared,
    "call_expression": Module._called,
    "import_statement": Module._imported,
    "assignment_expression": Module._assigned,
    "augmented_assignment_expression": Module._changed,
    "update_expression": Module._changed,
    "export_statement": Module._exported,
}


class Modules:
    """The files of one application, each read once and only when asked for."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._known: dict[str, Module | None] = {}

    def at(self, path: str) -> Module | None:
        """None where there is no such file, or none that can be read."""
        if path not in self._known:
            try:
                self._known[path] = Module(Code(self._root.read(path), path))
            except Unreadable:
                self._known[path] = None
        return self._known[path]

    def named(self, asking: Module, name: str) -> Module | None:
        """The module of the same application that ``name`` means (``./config``); None for a package."""
        if not name.startswith("."):
            return None
        return self.meant(paths.join(paths.folder(asking.code.path), name))

    def meant(self, path: str) -> Module | None:
        """The module that a path means, which may lack its ending or name what the compiler makes of TypeScript."""
        stem = next((path[: -len(end)] for end in (".js", ".mjs", ".cjs") if path.endswith(end)), path)
        tried = [path] if path.endswith(ENDINGS) else []
        tried += [f"{stem}{end}" for end in ENDINGS] + [f"{path}/index{end}" for end in ENDINGS]
        found = next((one for one in tried if self._root.is_file(one)), None)
        return self.at(found) if found is not None else None
