"""Doctrine's connections in a Symfony application: config/packages/doctrine.yaml.

https://symfony.com/doc/current/reference/configuration/doctrine.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pgfpmlint.finding.problem import Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.application.symfony_values import Leaf, Values
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
REPLICAS = ("replicas", "slaves")
PERSISTENT = ("12", "!php/const PDO::ATTR_PERSISTENT", "!php/const \\PDO::ATTR_PERSISTENT")
"""How options name PDO::ATTR_PERSISTENT, whose value is 12."""

DISABLES = (
    "1000",
    "!php/const PDO::PGSQL_ATTR_DISABLE_PREPARES",
    "!php/const \\PDO::PGSQL_ATTR_DISABLE_PREPARES",
    "!php/const Pdo\\Pgsql::ATTR_DISABLE_PREPARES",
    "!php/const \\Pdo\\Pgsql::ATTR_DISABLE_PREPARES",
)
"""PDO::PGSQL_ATTR_DISABLE_PREPARES, which Doctrine sets unless the options say otherwise:
https://github.com/doctrine/dbal/blob/4.2.x/src/Driver/PDO/PgSQL/Driver.php"""

TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")


class _Block(NamedTuple):
    """A mapping of the file: blocks, and YAML's own nodes for what is none, by key."""

    source: Source
    items: dict[str, _Block | Leaf]
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


def connections(
    sources: tuple[Source, ...], environment: Environment, stage: str, parameters: tuple[Source, ...] = ()
) -> Connections:
    """What the files, the strongest last, make Doctrine connect to in the environment ``stage`` (APP_ENV).
    ``parameters`` are further files whose ``parameters:`` they may use."""
    merged: _Block | None = None
    for source in sources:
        whole = _read(source)
        if isinstance(whole, Label):
            return Connections(unclear=(whole,))
        for top in (whole, whole.block(f"when@{stage}") if whole else None):
            dbal = _inside(top, "doctrine", "dbal")
            if dbal is not None:
                merged = dbal if merged is None else merged.under(dbal)
    if merged is None:
        return Connections()
    values = Values(environment, cache(lambda: _parameters((*parameters, *sources), stage)))
    named = merged.block("connections")
    if named is None:
        return _gathered(list(_of_entry(merged, "", values)))
    found: list[Connection | Label | None] = []
    for name in named.items:
        entry = named.block(name)
        found += _of_entry(entry, name, values) if entry is not None else [Label(named.place, f"{name} is unclear")]
    return _gathered(found)


def _read(source: Source) -> _Block | Label | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(source.text)
    except (YAMLError, RecursionError, ValueError):
        return Label(source.line_place(1), "is no YAML that can be read")
    return _block(source, root)


def _parameters(sources: tuple[Source, ...], stage: str) -> dict[str, Leaf]:
    """Everything under ``parameters:``, the strongest last; nothing of a file that can't be read."""
    found: dict[str, Leaf] = {}
    for source in sources:
        whole = _read(source)
        for top in (whole, whole.block(f"when@{stage}")) if isinstance(whole, _Block) else ():
            listed = top.block("parameters") if top is not None else None
            if listed is not None:
                found.update({name: one for name, one in listed.items.items() if isinstance(one, Leaf)})
    return found


def _gathered(found: list[Connection | Label | None]) -> Connections:
    """Labels are what can't be known; None is a connection to another kind of database."""
    known = tuple(one for one in found if isinstance(one, Connection))
    return Connections(known, None, tuple(one for one in found if isinstance(one, Label)))


def _of_entry(entry: _Block, name: str, values: Values) -> Iterator[Connection | Label | None]:
    """The connection, and one more where it reads from replicas: to one of them, chosen by chance."""
    replicas = [one for key in REPLICAS if (listed := entry.block(key)) for one in _blocks(listed)]
    yield _one(entry, name, "writing" if replicas else "", values)
    found = [_one(replica, name, "reading", values, entry) for replica in replicas]
    good = [one for one in found if isinstance(one, Connection)]
    yield from (one for one in found if isinstance(one, Label))
    if good:
        hosts = tuple(host for one in good for host in one.hosts)
        if len({one.port.text if one.port else "" for one in good}) == 1:
            yield good[0]._replace(hosts=hosts)
        else:
            yield from good


def _one(
    entry: _Block, name: str, role: str, values: Values, general: _Block | None = None
) -> Connection | Label | None:
    shown = f"connection {name}" if name else "the connection"
    known: dict[str, Word] = {}
    for key, node in entry.items.items():
        if key not in KEYS and key not in ("url", "driver", "persistent"):
            continue
        word = values.word(node, key) if isinstance(node, Leaf) else None
        if word is None:
            return Label(node.place, f"{key} of {shown} can't be told")
        known[key] = word
    driver, url = known.get("driver"), known.get("url")
    by_driver = driver is not None and not (url is not None and "://" in url.text)  # a URL's scheme wins
    if by_driver and driver is not None and "pgsql" not in driver.text and "postgres" not in driver.text:
        return None
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
        above = _one(general, name, role, values)
        made = _over(made, above) if isinstance(above, Connection) else made
    kept = made.persistent or _persistent(entry, known)
    spoken = "pgsql" if driver is not None and driver.text == "pgsql" else "pdo"
    made = made._replace(place=entry.place, name=name, role=role, persistent=kept, driver=spoken)
    suffix = entry.items.get("dbname_suffix")
    if isinstance(suffix, Leaf) and suffix.text:
        added, base = values.word(suffix, "dbname_suffix"), made.database
        made = made._replace(database=base._replace(text=base.text + added.text) if base and added else None)
    return made._replace(native_prepares=made.native_prepares or _native_prepares(entry))


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
        native_prepares=strong.native_prepares or weak.native_prepares,
    )


def _persistent(entry: _Block, known: dict[str, Word]) -> Label | None:
    said = known.get("persistent")
    if said is not None and said.text.lower() in TRUE:
        return said.label("persistent keeps connections between requests")
    options = entry.block("options")
    for key, node in options.items.items() if options is not None else ():
        if key in PERSISTENT and isinstance(node, Leaf) and node.text.lower() in TRUE:
            return Label(node.place, "PDO::ATTR_PERSISTENT keeps connections between requests")
    return None


def _native_prepares(entry: _Block) -> Label | None:
    options = entry.block("options")
    for key, node in options.items.items() if options is not None else ():
        if key in DISABLES and isinstance(node, Leaf) and node.text.lower() in FALSE:
            return Label(node.place, "leaves preparing to the server")
    return None


def _inside(block: _Block | None, *path: str) -> _Block | None:
    for name in path:
        block = block.block(name) if block is not None else None
    return block


def _blocks(listed: _Block) -> list[_Block]:
    return [one for name in listed.items if (one := listed.block(name)) is not None]


def _block(source: Source, node: Any) -> _Block | None:
    if node is None or node.id != "mapping":
        return None
    items: dict[str, _Block | Leaf] = {}
    for key, value in node.value:
        name = f"{key.tag} {key.value}" if key.tag[:1] == "!" else str(key.value)
        text = str(value.value) if value.id == "scalar" and not value.tag.endswith(":null") else ""
        items[name] = _block(source, value) or Leaf(text, _place(source, value))
    return _Block(source, items, _place(source, node))


def _place(source: Source, node: Any) -> Place:
    start, end = node.start_mark.index, node.end_mark.index
    text = source.text[start:end]
    return source.place(start, start + len(text.rstrip()))
