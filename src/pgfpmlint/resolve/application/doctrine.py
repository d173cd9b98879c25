"""Doctrine's connections in a Symfony application: config/packages/doctrine.yaml.

https://symfony.com/doc/current/reference/configuration/doctrine.html. ``%env(…)%`` is filled in from the environment
(https://symfony.com/doc/current/configuration/env_var_processors.html); other ``%parameters%`` are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.finding.problem import Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.connection import Connection, Connections, Word, of_parameters, of_url
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.source.text import Place, Source

KEYS = {
    "host": "host",
    "port": "port",
    "dbname": "dbname",
    "user": "user",
    "sslmode": "sslmode",
    "application_name": "application_name",
    "unix_socket": "host",
}
PLAIN_PROCESSORS = ("resolve", "string", "int", "trim")
REPLICAS = ("replicas", "slaves")
PERSISTENT = ("12", "!php/const PDO::ATTR_PERSISTENT", "!php/const \\PDO::ATTR_PERSISTENT")
"""How options name PDO::ATTR_PERSISTENT, whose value is 12."""

TRUE = ("true", "yes", "on", "1")


class _Leaf(NamedTuple):
    """What is no mapping; a list counts as empty."""

    text: str
    place: Place


class _Block(NamedTuple):
    """A mapping of the file: blocks, and YAML's own nodes for what is none, by key."""

    source: Source
    items: dict[str, _Block | _Leaf]
    place: Place

    def block(self, name: str) -> _Block | None:
        found = self.items.get(name)
        return found if isinstance(found, _Block) else None

    def under(self, other: _Block) -> _Block:
        """With what ``other``, which is read later, says."""
        items = dict(self.items)
        for name, value in other.items.items():
            before = self.block(name)
            items[name] = before.under(value) if before is not None and isinstance(value, _Block) else value
        return self._replace(items=items)


def connections(sources: tuple[Source, ...], environment: Environment, stage: str) -> Connections:
    """What the files, the strongest last, make Doctrine connect to in the environment ``stage`` (APP_ENV)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    merged: _Block | None = None
    for source in sources:
        try:
            root = YAML(typ="safe", pure=True).compose(source.text)
        except (YAMLError, RecursionError, ValueError):
            return Connections(unclear=(Label(source.line_place(1), "is no YAML that can be read"),))
        whole = _block(source, root)
        for top in (whole, whole.block(f"when@{stage}") if whole else None):
            dbal = _inside(top, "doctrine", "dbal")
            if dbal is not None:
                merged = dbal if merged is None else merged.under(dbal)
    if merged is None:
        return Connections()
    named = merged.block("connections")
    if named is None:
        return _gathered(list(_of_entry(merged, "", environment)))
    found: list[Connection | Label | None] = []
    for name in named.items:
        entry = named.block(name)
        found += (
            _of_entry(entry, name, environment) if entry is not None else [Label(named.place, f"{name} is unclear")]
        )
    return _gathered(found)


def _gathered(found: list[Connection | Label | None]) -> Connections:
    """Labels are what can't be known; None is a connection to another kind of database."""
    known = tuple(one for one in found if isinstance(one, Connection))
    return Connections(known, None, tuple(one for one in found if isinstance(one, Label)))


def _of_entry(entry: _Block, name: str, environment: Environment) -> Iterator[Connection | Label | None]:
    """The connection, and one more where it reads from replicas: to one of them, chosen by chance."""
    replicas = [one for key in REPLICAS if (listed := entry.block(key)) for one in _blocks(listed)]
    yield _one(entry, name, "writing" if replicas else "", environment)
    found = [_one(replica, name, "reading", environment, entry) for replica in replicas]
    good = [one for one in found if isinstance(one, Connection)]
    yield from (one for one in found if isinstance(one, Label))
    if good:
        hosts = tuple(host for one in good for host in one.hosts)
        if len({one.port.text if one.port else "" for one in good}) == 1:
            yield good[0]._replace(hosts=hosts)
        else:
            yield from good


def _one(
    entry: _Block, name: str, role: str, environment: Environment, general: _Block | None = None
) -> Connection | Label | None:
    shown = f"connection {name}" if name else "the connection"
    known: dict[str, Word] = {}
    for key, node in entry.items.items():
        if key not in KEYS and key not in ("url", "driver", "persistent"):
            continue
        word = _word(node, key, environment)
        if word is None:
            return Label(node.place, f"{key} of {shown} can't be told")
        known[key] = word
    driver = known.get("driver")
    if driver is not None and "pgsql" not in driver.text and "postgres" not in driver.text:
        return None
    url = known.get("url")
    given = {KEYS[key]: word for key, word in known.items() if key in KEYS and word.text}
    made = of_parameters(given, entry.place)
    if url is not None and url.text:
        if "://" in url.text and "pg" not in url.text.partition("://")[0] and "postgres" not in url.text[:10]:
            return None
        from_url = of_url(url)
        if from_url is None:
            return Label(url.place, f"{url.shown} can't be read as a URL")
        made = _over(from_url, made)
    elif driver is None and general is None:
        return None  # the default driver is pdo_mysql
    if made is None:
        return Label(entry.place, f"the port of {shown} can't be told")
    if general is not None:
        above = _one(general, name, role, environment)
        made = _over(made, above) if isinstance(above, Connection) else made
    kept = made.persistent or _persistent(entry, known)
    spoken = "pgsql" if driver is not None and driver.text == "pgsql" else "pdo"
    return made._replace(place=entry.place, name=name, role=role, persistent=kept, driver=spoken)


def _over(strong: Connection, weak: Connection | None) -> Connection:
    """What the strong one leaves open, from the weak one."""
    if weak is None:
        return strong
    return strong._replace(
        hosts=strong.hosts or weak.hosts,
        port=strong.port or weak.port,
        database=strong.database or weak.database,
        user=strong.user or weak.user,
        sslmode=strong.sslmode or weak.sslmode,
        application_name=strong.application_name or weak.application_name,
        persistent=strong.persistent or weak.persistent,
    )


def _persistent(entry: _Block, known: dict[str, Word]) -> Label | None:
    said = known.get("persistent")
    if said is not None and said.text.lower() in TRUE:
        return said.label("persistent keeps connections between requests")
    options = entry.block("options")
    for key, node in options.items.items() if options is not None else ():
        if key in PERSISTENT and isinstance(node, _Leaf) and node.text.lower() in TRUE:
            return Label(node.place, "PDO::ATTR_PERSISTENT keeps connections between requests")
    return None


def _word(node: _Block | _Leaf, key: str, environment: Environment) -> Word | None:
    """The value with ``%env(…)%`` filled in; None where nobody can tell it."""
    if isinstance(node, _Block):
        return None
    text, place, shown = node.text, node.place, key
    while "%env(" in text:
        before, _, rest = text.partition("%env(")
        inner, sign, after = rest.partition(")%")
        *processors, name = inner.split(":")
        found = environment.get(name)
        if not sign or any(one not in PLAIN_PROCESSORS for one in processors) or found is None or found.text is None:
            return None
        text = before + found.text.replace("%env(", "") + after
        if not before and not after:
            return Word(text, found.place or place, found.shown)
    return None if "%" in text.replace("%%", "") else Word(text.replace("%%", "%"), place, shown)


def _inside(block: _Block | None, *path: str) -> _Block | None:
    for name in path:
        block = block.block(name) if block is not None else None
    return block


def _blocks(listed: _Block) -> list[_Block]:
    return [one for name in listed.items if (one := listed.block(name)) is not None]


def _block(source: Source, node: Any) -> _Block | None:
    if node is None or node.id != "mapping":
        return None
    items: dict[str, _Block | _Leaf] = {}
    for key, value in node.value:
        name = f"{key.tag} {key.value}" if key.tag[:1] == "!" else str(key.value)
        text = str(value.value) if value.id == "scalar" and not value.tag.endswith(":null") else ""
        items[name] = _block(source, value) or _Leaf(text, _place(source, value))
    return _Block(source, items, _place(source, node))


def _place(source: Source, node: Any) -> Place:
    start, end = node.start_mark.index, node.end_mark.index
    text = source.text[start:end]
    return source.place(start, start + len(text.rstrip()))
