"""Which of Laravel's connections its code asks for by name; the default one needs no asking.

``DB::connection('reports')``, ``Model::on('reports')`` and a model's ``protected $connection = 'reports'``:
https://laravel.com/docs/database#using-multiple-database-connections
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pgfpmlint.finding.problem import Label
from pgfpmlint.formats.php_code import Code
from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.application.laravel import OF_POSTGRES
from pgfpmlint.resolve.application.php_literal import Evaluator, Scalar, Table
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

if TYPE_CHECKING:
    from tree_sitter import Node

FOLDERS = ("app", "routes")
MOST_FILES = 5000
"""An application with more PHP files than that is not searched to its end."""


def uses(root: Root, folder: str, config: Code, codes: Iterable[Code]) -> Mapping[str, Label]:
    """By the connection's name, the first place that asks for it, in ``codes`` or the application's own files. None of
    them is read unless the configuration has several connections to PostgreSQL."""
    table = Evaluator(config, Environment()).returned()
    listed = table.get("connections") if table is not None else None
    names = {
        str(name)
        for name, entry in (listed.items.items() if isinstance(listed, Table) else ())
        if isinstance(entry, Table) and (driver := entry.scalar("driver")) is not None and driver.text in OF_POSTGRES
    }
    found: dict[str, Label] = {}
    if len(names) < 2:
        return found
    for code in (*codes, *_parsed(root, folder, names)):
        for node in every(code.root):
            written = _asked(Evaluator(code, Environment()), node)
            if written is not None and written.text in names:
                found.setdefault(written.text or "", written.label(f"asks for connection {written.text}"))
    return found


def _parsed(root: Root, folder: str, names: set[str]) -> Iterator[Code]:
    """The application's files that may ask for one of ``names``."""
    quoted = [sign + name + sign for name in names for sign in ("'", '"')]
    waiting = [f"{folder.rstrip('/')}/{name}" for name in FOLDERS]
    left = MOST_FILES
    while waiting and left > 0:
        path = waiting.pop(0)
        try:
            inner = root.names(path)
        except Unreadable:
            continue
        for name in inner:
            one = paths.join(path, name)
            if not name.endswith(".php"):
                waiting += [one] if root.is_folder(one) else []
                continue
            left -= 1
            try:
                source = root.read(one)
            except Unreadable:
                continue
            if any(word in source.text for word in quoted):
                yield Code(source)


def _asked(evaluator: Evaluator, node: Node) -> Scalar | None:
    """The name of a connection that a node asks for."""
    code = evaluator.code
    if node.type in ("scoped_call_expression", "member_call_expression"):
        name, holder = node.child_by_field_name("name"), node.child_by_field_name("scope")
        verb = code.text(name) if name is not None else ""
        facade = holder is not None and code.text(holder).rpartition("\\")[2] == "DB"
        if not ((verb == "connection" and facade) or (verb == "on" and holder is not None) or verb == "setConnection"):
            return None
        given = evaluator.arguments(node)
        found = evaluator.value(given[0]) if given else None
        return found if isinstance(found, Scalar) else None
    if node.type == "property_element" and len(node.named_children) > 1:
        if code.text(node.named_children[0]) != "$connection":
            return None
        found = evaluator.value(node.named_children[-1])
        return found if isinstance(found, Scalar) else None
    return None
