"""How many processes of an application run beside each other on one machine: each has pools of its own.

``pm2`` (https://pm2.keymetrics.io/docs/usage/application-declaration/) and Node's own cluster
(https://nodejs.org/api/cluster.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.node.literal import CPUS, Evaluator, Scalar, Table, Unclear, Value, number
from pgfpmlint.resolve.node.modules import DEFAULT, WHOLE, Module
from pgfpmlint.resolve.node.pools import VERSION
from pgfpmlint.resolve.settings import Default, Effective, Unknown, Written
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from tree_sitter import Node

INSTANCES, FORKS = "instances", "cluster.fork()"

PM2_FILES = (
    *("ecosystem.config.js", "ecosystem.config.cjs", "ecosystem.config.mjs", "pm2.config.js", "pm2.config.cjs"),
)


class App(NamedTuple):
    """One program that pm2 runs: its ``script`` as written, and its ``instances``."""

    script: str
    instances: Effective


def one(place: Place) -> Effective:
    """What runs as a single process, for all that anything says."""
    return Effective(INSTANCES, "1", Default(VERSION, place))


def apps(module: Module, evaluator: Evaluator) -> list[App]:
    """The programs of an ecosystem file; none where they can't be told."""
    whole = evaluator.exported(module, WHOLE) if WHOLE in module.given else evaluator.exported(module, DEFAULT)
    listed = whole.items.get("apps") if isinstance(whole, Table) else None
    if not isinstance(listed, Table):
        return []
    tables = [listed] if "script" in listed.items else [app for app in listed.items.values() if isinstance(app, Table)]
    return [App(_script(app), _instances(app)) for app in tables]


def _script(app: Table) -> str:
    found = app.items.get("script")
    return found.text if isinstance(found, Scalar) else ""


def _instances(app: Table) -> Effective:
    """Without a number pm2 runs one; ``max``, 0 and less stand for the machine's processors."""
    found = app.items.get("instances")
    if found is None and app.whole:
        return one(app.place)
    return counted(found, INSTANCES, app.place)


def counted(found: Value | None, name: str, place: Place) -> Effective:
    """A number of processes, or why it can't be known."""
    worth = number(found.text) if isinstance(found, Scalar) else None
    if isinstance(found, Scalar) and isinstance(worth, int) and worth > 0:
        return Effective(name, str(worth), Written(found.place, found.place, found.text))
    if isinstance(found, Scalar) and (found.text == "max" or worth is not None):
        return Effective(name, None, Unknown(CPUS, found.place))
    why = found.why if isinstance(found, Unclear) else ""
    return Effective(
        name, None, Unknown(why or f"{name} can't be told without running it", found.place if found else place)
    )


def of_script(text: str, place: Place) -> Effective | None:
    """``pm2-runtime start server.js -i 4``, as package.json's scripts have it."""
    words = text.split()
    if not any(word.rpartition("/")[2] in ("pm2", "pm2-runtime", "pm2-docker") for word in words):
        return None
    for at, word in enumerate(words):
        said = words[at + 1] if word in ("-i", "--instances") and at + 1 < len(words) else ""
        said = said or (word.partition("=")[2] if word.startswith("--instances=") else "")
        if said:
            return counted(Scalar(said, place), INSTANCES, place)
    return None


def forks(modules: Sequence[Module], evaluator: Evaluator) -> Effective | None:
    """The processes that a loop with ``cluster.fork()`` starts; None where nothing forks."""
    for module in modules:
        for call in _calls(module):
            place = module.code.place(call)
            loop = call.parent
            while loop is not None and loop.type not in ("for_statement", "for_in_statement", "program"):
                loop = loop.parent
            bound = _bound(module, loop, evaluator) if loop is not None and loop.type == "for_statement" else None
            return counted(bound, FORKS, place)
    return None


def _calls(module: Module) -> Iterator[Node]:
    if not any(taken.module in ("cluster", "node:cluster") for taken in module.taken.values()):
        return
    for node in every(module.code.root):
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        if function is not None and module.code.text(function).rpartition(".")[2] == "fork":
            yield node


def _bound(module: Module, loop: Node, evaluator: Evaluator) -> Value | None:
    """N of ``for (let i = 0; i < N; i++)``."""
    condition = loop.child_by_field_name("condition")
    if condition is not None and condition.type == "expression_statement" and condition.named_children:
        condition = condition.named_children[0]
    if condition is None or condition.type != "binary_expression":
        return None
    sign, right = condition.child_by_field_name("operator"), condition.child_by_field_name("right")
    if sign is None or right is None or module.code.text(sign) not in ("<", "!="):
        return None
    return evaluator.value(module, right)
