"""Laravel's config/database.php: the connections that a worker opens by default.

https://laravel.com/docs/database; what wins over what is Illuminate's:
https://github.com/laravel/framework/tree/12.x/src/Illuminate/Database/Connectors and Support/ConfigurationUrlParser
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.finding.problem import Label
from pgfpmlint.resolve.application.php_literal import PhpValue, Scalar, Table, Unclear
from pgfpmlint.resolve.connection import Connection, Connections, Word, of_url
from pgfpmlint.resolve.environment import is_port
from pgfpmlint.source.text import Place

PERSISTENT, EMULATES = "PDO::ATTR_PERSISTENT", "PDO::ATTR_EMULATE_PREPARES"
DISABLES = ("PDO::PGSQL_ATTR_DISABLE_PREPARES", "Pdo\\Pgsql::ATTR_DISABLE_PREPARES")

NOTHING: Mapping[str, Label] = {}
OF_POSTGRES = ("pgsql", "postgres", "postgresql")
KEYS = ("host", "port", "database", "username", "sslmode", "application_name", "search_path", "schema")


def connections(config: Table, used: Mapping[str, Label] = NOTHING) -> Connections:
    """What the array that config/database.php returns makes Laravel connect to: the default connection, and those of
    ``used``, which code asks for by name."""
    default = config.scalar("default")
    if default is None or default.text is None:
        unclear = config.get("default")
        place = unclear.place if unclear is not None else config.place
        return Connections(unclear=(Label(place, "which connection is the default can't be told"),))
    listed = [_of_entry(config, default.text, default.place, "the default connection")]
    listed += [
        _of_entry(config, name, said.place, "the connection", said)
        for name, said in used.items()
        if name != default.text
    ]
    known = tuple(one for each in listed for one in each.known)
    unclear_ones = tuple(one for each in listed for one in each.unclear)
    return Connections(known, None if known else listed[0].other, unclear_ones)


def _of_entry(config: Table, name: str, place: Place, shown: str, used: Label | None = None) -> Connections:
    """One of the connections, by name; ``place`` is what asks for it."""
    entry = config.get("connections", name)
    if not isinstance(entry, Table):
        return Connections(unclear=(Label(place, f"connection {name} can't be told"),))
    driver = _driver(entry)
    if driver is None or driver.text is None:
        return Connections(unclear=(Label(entry.place, f"the driver of {name} can't be told"),))
    if driver.text not in OF_POSTGRES:
        return Connections(other=Label(place, f"{shown} is {name}, of driver {driver.text}"))
    found: list[Connection] = []
    unclear: list[Label] = []
    for role, settings in _roles(entry):
        connection = _connection(settings, name, role)
        if isinstance(connection, Connection):
            found.append(connection._replace(used=used, forgetful=_forgetful(entry) if role == "reading" else None))
        else:
            unclear.append(connection)
    return Connections(tuple(found), None, tuple(unclear))


def _driver(entry: Table) -> Scalar | None:
    url = entry.scalar("url")
    if url is not None and url.text:
        scheme = url.text.partition("://")[0]
        return url._replace(value="pgsql" if scheme in OF_POSTGRES else scheme)
    return entry.scalar("driver")


def _roles(entry: Table) -> list[tuple[str, Table]]:
    """Reading and writing use connections of their own, opened when first asked for. A ``read`` of several arrays is
    one of them, by chance."""
    if not any(name in entry.items for name in ("read", "write")):
        return [("", entry)]
    general = {name: value for name, value in entry.items.items() if name not in ("read", "write")}
    found = []
    for name, role in (("write", "writing"), ("read", "reading")):
        own = entry.get(name)
        if isinstance(own, Table) and isinstance(own.items.get(0), Table):
            hosts = [one.get("host") for one in own.items.values() if isinstance(one, Table)]
            listed: dict[str | int, PhpValue] = {at: host for at, host in enumerate(hosts) if host is not None}
            own = Table({"host": Table(listed, own.place)}, own.place)
        if isinstance(own, Table):
            found.append((role, Table({**general, **own.items}, own.place)))
        elif own is not None:
            found.append((role, Table({"host": Unclear(own.place)}, own.place)))
        else:
            found.append((role, Table(general, entry.place)))
    return found


def _connection(settings: Table, name: str, role: str) -> Connection | Label:
    """One of them, or what keeps it from being known."""
    url = settings.scalar("url")
    words = {key: _words(settings.get(key), key) for key in KEYS}
    from_url: Connection | None = None
    if isinstance(settings.get("url"), Unclear):
        return Label(settings.items["url"].place, "the URL can't be told")
    if url is not None and url.text:
        from_url = of_url(_word(url, "url"))
        if from_url is None:
            return url.label(f"{url.variable or 'url'} can't be read as a URL")
    hosts = from_url.hosts if from_url is not None and from_url.hosts else words["host"]
    if hosts is None:
        return Label(settings.items["host"].place, f"the host of connection {name} can't be told")
    port = from_url.port if from_url is not None and from_url.port else _first(words["port"])
    if words["port"] is None or (port is not None and not is_port(port.text)):
        return Label(settings.items["port"].place, f"the port of connection {name} can't be told")
    options = settings.get("options")
    return Connection(
        settings.place,
        tuple(word for word in hosts if word.text),
        port,
        (from_url.database if from_url else None) or _first(words["database"]),
        (from_url.user if from_url else None) or _first(words["username"]),
        (from_url.persistent if from_url else None) or _persistent(options),
        _native_prepares(options, settings),
        (from_url.sslmode if from_url else None) or _first(words["sslmode"]),
        (from_url.application_name if from_url else None) or _first(words["application_name"]),
        name,
        role,
        "pdo",
        search_path=_first(words["search_path"]) or _first(words["schema"]),
    )


def _forgetful(entry: Table) -> Label | None:
    """What says that a request goes on reading from there after it has written: ``sticky`` is off unless it is set
    (https://laravel.com/docs/database#the-sticky-option)."""
    sticky = entry.get("sticky")
    if sticky is None:
        return Label((entry.get("read") or entry).place, "sticky is not set") if entry.whole else None
    return Label(sticky.place, "sticky is off") if is_on(sticky) is False else None


def _words(value: PhpValue | None, key: str) -> tuple[Word, ...] | None:
    """The values under a key, several for hosts; None where they can't be told."""
    if value is None:
        return ()
    if isinstance(value, Table):
        found = [_words(one, key) for one in value.items.values()]
        return tuple(word for words in found for word in words or ()) if value.whole and None not in found else None
    if isinstance(value, Unclear):
        return None
    return (_word(value, key),) if value.text is not None else ()


def _word(value: Scalar, key: str) -> Word:
    return Word(value.text or "", value.place, value.variable or key)


def _first(words: tuple[Word, ...] | None) -> Word | None:
    return words[0] if words else None


def is_on(value: PhpValue | None) -> bool | None:
    """Whether an option is true to PHP; None where it can't be told, or isn't set."""
    return None if not isinstance(value, Scalar) else value.text not in (None, "", "0", "false")


def _persistent(options: PhpValue | None) -> Label | None:
    found = options.get(PERSISTENT) if isinstance(options, Table) else None
    if not isinstance(found, Scalar) or not is_on(found):
        return None
    return found.label(f"{found.variable or PERSISTENT} keeps connections between requests")


def _native_prepares(options: PhpValue | None, settings: Table) -> Label | None:
    """Laravel sets PDO::ATTR_EMULATE_PREPARES to false unless the options say otherwise."""
    if options is not None and not (isinstance(options, Table) and options.whole):
        return None
    for name, wanted in ((EMULATES, False), *((one, False) for one in DISABLES)):
        found = options.get(name) if isinstance(options, Table) else None
        if found is not None and is_on(found) is not wanted:
            return None
    said = options.get(EMULATES) if isinstance(options, Table) else None
    if isinstance(said, Scalar):
        return said.label(f"{said.variable or EMULATES} leaves preparing to the server")
    driver = settings.get("driver")
    place = driver.place if driver is not None else settings.place
    return Label(place, "Laravel has the server prepare statements unless PDO::ATTR_EMULATE_PREPARES is on")
