"""``new Pool(…)`` of node-postgres: how many connections it may hold, to where, and whether each request makes one.

https://node-postgres.com/apis/pool, https://node-postgres.com/features/connecting; what holds where nothing is said is
pg-pool's own constructor and pg's connection-parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog.version import NODE_POSTGRES, ServerVersion
from pgfpmlint.finding.problem import Label
from pgfpmlint.formats.syntax_tree import every
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.connection import PORT, Connection, Word, of_url
from pgfpmlint.resolve.environment import is_port
from pgfpmlint.resolve.node.literal import Evaluator, Scalar, Table, Unclear, Value, is_true, number
from pgfpmlint.resolve.node.modules import DEFAULT, WHOLE, Module
from pgfpmlint.resolve.settings import Default, Effective, Unknown, Written
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from tree_sitter import Node

VERSION = ServerVersion(NODE_POSTGRES, (), "")

PACKAGES = {"pg": "Pool", "pg-pool": DEFAULT}
"""The packages, and the name under which each gives its class away."""

DEFAULTS = {"max": "10", "min": "0", "idleTimeoutMillis": "10000", "connectionTimeoutMillis": "0", "maxUses": "0"}
"""Times in milliseconds; 0 waits for ever, and uses a connection as often as it is asked for."""

VERBS = ("all", "delete", "get", "head", "options", "patch", "post", "put", "route", "use")
"""What Express, Fastify, Koa's and Hono's routers are given their handlers by."""

ROUTERS = ("api", "app", "express", "fastify", "hono", "route", "router", "routes", "server")

REQUESTS, RESPONSES = ("req", "request", "_req"), ("res", "response", "reply", "_res")

NAMED = {"variable_declarator": "name", "assignment_expression": "left", "pair": "key"}
"""What gives a value a name, and the part of it that is the name."""

FUNCTIONS = ("arrow_function", "function_expression", "function_declaration", "method_definition")


class NodePool(NamedTuple):
    """One ``new Pool(…)``. ``settings`` are its own of DEFAULTS. ``connection`` is where it connects; where nobody can
    tell, ``unclear`` says why. ``handler`` is the function that makes one for each request and does not end it.
    ``name`` is what the code calls it."""

    name: str
    place: Place
    settings: Mapping[str, Effective]
    connection: Connection | None
    unclear: Label | None = None
    handler: Place | None = None


def pools(module: Module, evaluator: Evaluator) -> Iterator[NodePool]:
    """Every pool that the module makes."""
    for node in every(module.code.root):
        if node.type == "new_expression" and _is_pool(module, node):
            yield _pool(module, node, evaluator)


def _is_pool(module: Module, node: Node) -> bool:
    made = node.child_by_field_name("constructor")
    if made is None:
        return False
    text = module.code.text(made)
    if made.type == "identifier":
        taken = module.taken.get(text)
        if taken is not None:
            return PACKAGES.get(taken.module) in (taken.name, DEFAULT if taken.name == WHOLE else taken.name)
        bound = module.bound.get(text)
        return bound is not None and _is_class(module, module.code.text(bound))
    return made.type in ("member_expression", "parenthesized_expression") and _is_class(module, text)


def _is_class(module: Module, text: str) -> bool:
    """``pg.Pool``, ``pg.native.Pool``, ``require('pg').Pool``"""
    if text[:1] == "(":
        text = text[1:-1]
    holder, dot, name = text.rpartition(".")
    holder = holder.removesuffix(".native").removesuffix(".default")
    if not dot or name != "Pool":
        return False
    taken = module.taken.get(holder)
    return holder.replace('"', "'") == "require('pg')" or (
        taken is not None and taken.module == "pg" and taken.name in (WHOLE, DEFAULT, "native")
    )


def _pool(module: Module, node: Node, evaluator: Evaluator) -> NodePool:
    place, name = module.code.place(node), _called(module, node)
    arguments = node.child_by_field_name("arguments")
    given = [child for child in arguments.named_children if child.type != "comment"] if arguments is not None else []
    options = evaluator.value(module, given[0]) if given else Table({}, place)
    handler = _handler(module, node)
    if not isinstance(options, Table):
        why = "what it is given can't be told without running it"
        unknown = {name: Effective(name, None, Unknown(why, place)) for name in DEFAULTS}
        return NodePool(name, place, unknown, None, Label(place, why), handler)
    settings = {name: _setting(options, name, place) for name in DEFAULTS}
    connection, unclear = _connection(options, evaluator, place)
    return NodePool(name, place, settings, connection, unclear, handler)


def _setting(options: Table, name: str, place: Place) -> Effective:
    """A number, or what pg-pool takes where it is given none, or 0 for what it can't be."""
    found = options.items.get(name)
    if found is None and name == "max":
        found = options.items.get("poolSize")
    if found is None or (isinstance(found, Scalar) and _is_unset(found, name)):
        if not options.whole:
            return Effective(name, None, Unknown("what it is given can't be told without running it", place))
        return Effective(name, DEFAULTS[name], Default(VERSION, place))
    worth = number(found.text or "0") if isinstance(found, Scalar) else None
    if worth is None or not isinstance(worth, int) or not isinstance(found, Scalar):
        why = (found.why if isinstance(found, Unclear) else "") or f"what {name} is can't be told without running it"
        return Effective(name, None, Unknown(why, found.place))
    return Effective(name, str(worth), Written(found.place, found.place, found.text))


def _is_unset(found: Scalar, name: str) -> bool:
    if name == "idleTimeoutMillis":  # pg-pool takes its own for undefined alone, and then asks whether it is true
        return found.value is None and found.place.text != "null"
    return not is_true(found.value)


def _connection(options: Table, evaluator: Evaluator, place: Place) -> tuple[Connection | None, Label | None]:
    """A connectionString wins over what stands beside it; what neither says comes from libpq's variables."""
    string = options.items.get("connectionString")
    if isinstance(string, Scalar) and is_true(string.value):
        found = of_url(Word(string.text, string.place, string.shown or "connectionString"))
        if found is None:
            return None, Label(string.place, "its connectionString can't be read as a URL of PostgreSQL")
        if not found.hosts:
            return None, Label(string.place, "its connectionString names no host")
        return _with_general(found, options), None
    if string is not None and not (isinstance(string, Scalar) and not string.unless):
        why = string.why if isinstance(string, Unclear) else ""
        return None, Label(string.place, why or "its connectionString can't be told without running it")
    if not options.whole and "host" not in options.items:
        return None, Label(place, "what it is given can't be told without running it")
    words: dict[str, Word] = {}
    for name in ("host", "port", "database", "user"):
        word, unclear = _word(options, name, evaluator)
        if unclear is not None and name in ("host", "port"):
            return None, unclear
        if word is not None:
            words[name] = word
    if "host" not in words:
        return None, Label(place, "it names no host: PGHOST of its environment decides, else it is localhost")
    if "port" in words and not is_port(words["port"].text):
        return None, words["port"].label("its port is no number")
    port = words.get("port") or words["host"]._replace(text=str(PORT))
    connection = Connection(place, (words["host"],), port, words.get("database"), words.get("user"))
    return _with_general(connection, options), None


def _word(options: Table, name: str, evaluator: Evaluator) -> tuple[Word | None, Label | None]:
    found: Value | None = options.items.get(name)
    if isinstance(found, Scalar) and is_true(found.value):
        words = f"{name}, which {found.unless} would set," if found.unless else name
        return Word(found.text, found.place, found.shown or words), None
    if found is not None and not isinstance(found, Scalar):
        why = found.why if isinstance(found, Unclear) else ""
        return None, Label(found.place, why or f"its {name} can't be told without running it")
    variable = evaluator.environment.get(f"PG{name.upper()}")
    if variable is not None and variable.text and variable.place is not None:
        return Word(variable.text, variable.place, variable.shown), None
    return None, None


def _with_general(found: Connection, options: Table) -> Connection:
    """With TLS as pg does it: ``ssl: true`` verifies the server's certificate, ``rejectUnauthorized: false`` takes any
    (https://node-postgres.com/features/ssl)."""
    ssl, name = options.items.get("ssl"), options.items.get("application_name")
    mode = ""
    if isinstance(ssl, Table):
        rejects = ssl.items.get("rejectUnauthorized")
        mode = "require" if isinstance(rejects, Scalar) and not is_true(rejects.value) else "verify-full"
    elif isinstance(ssl, Scalar):
        mode = "verify-full" if is_true(ssl.value) else "disable"
    if ssl is not None and mode and found.sslmode is None:
        found = found._replace(sslmode=Word(mode, ssl.place, "ssl"))
    if isinstance(name, Scalar) and is_true(name.value) and found.application_name is None:
        found = found._replace(application_name=Word(name.text, name.place, "application_name"))
    return found


def _called(module: Module, node: Node) -> str:
    """``orders`` of ``const orders = new Pool()``, ``exports.orders = …``, ``{ orders: … }``; empty where it has no
    name."""
    kept = _kept(node)
    field = (
        {"variable_declarator": "name", "assignment_expression": "left", "pair": "key"}.get(kept.type) if kept else ""
    )
    named = kept.child_by_field_name(field) if kept is not None and field else None
    return module.code.text(named).rpartition(".")[2].strip("'\"") if named is not None else ""


def _kept(node: Node) -> Node | None:
    """What becomes of a value, past types and parentheses around it."""
    kept = node.parent
    while kept is not None and kept.type in ("as_expression", "parenthesized_expression", "non_null_expression"):
        kept = kept.parent
    return kept


def _handler(module: Module, node: Node) -> Place | None:
    """The function around the pool that a framework calls for each request, unless it keeps the pool or ends it."""
    kept = _kept(node)
    if kept is not None and kept.type in ("augmented_assignment_expression", "assignment_expression"):
        return None  # to a name from outside, which it asks for next time
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        if above.type in ("class_body", "binary_expression"):
            return None
        above = above.parent
    if above is None or not _is_handler(module, above):
        return None
    name = kept.child_by_field_name("name") if kept is not None and kept.type == "variable_declarator" else None
    if name is not None and f"{module.code.text(name)}.end(" in module.code.text(above):
        return None
    return module.code.place(above)


def _is_handler(module: Module, function: Node) -> bool:
    """``app.get('/', …)`` is given it, or its parameters are a request and a response."""
    parent = function.parent
    call = parent.parent if parent is not None and parent.type == "arguments" else None
    if call is not None and parent is not None and call.type == "call_expression":
        called = call.child_by_field_name("function")
        receiver, _, verb = module.code.text(called).rpartition(".") if called is not None else ("", "", "")
        first = parent.named_children[0].type if parent.named_children else ""
        if verb in VERBS and first in ("string", "template_string") and receiver.lower().endswith(ROUTERS):
            return True
    listed = function.child_by_field_name("parameters")
    names = [module.code.text(child).partition(":")[0].strip() for child in listed.named_children] if listed else []
    return len(names) >= 2 and names[0] in REQUESTS and names[1] in RESPONSES
