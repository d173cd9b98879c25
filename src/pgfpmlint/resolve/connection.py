"""Connections to PostgreSQL as an application's configuration describes them, whatever language that is in."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.finding.problem import Label
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.environment import is_port
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.application.session_sql import SessionSql

PORT = 5432
"""libpq's compiled-in default: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-PORT"""

TRUE_WORDS = ("1", "true", "yes", "on")
URL_SCHEMES = ("postgres", "postgresql", "pgsql", "pdo-pgsql", "pdo_pgsql")


class Word(NamedTuple):
    """One value, where it stands, and what people call it there: ``DB_HOST``, ``host``."""

    text: str
    place: Place
    shown: str

    def label(self, words: str) -> Label:
        return Label(self.place, words)


class Connection(NamedTuple):
    """One connection that each worker may open. ``hosts`` are taken one at a time, none means the default socket.

    ``name`` is its own where the application has several, ``role`` what it is for: ``reading``. ``persistent`` and
    ``native_prepares`` say what makes it so. ``place`` is what the other lines are said about. ``driver`` is PHP's
    extension, ``pdo`` or ``pgsql``; ``options`` and ``search_path`` are set as the connection is made. ``session_sql``
    is what code sends over it that needs a session. ``used`` says that code asks for it, where that takes saying.
    ``forgetful`` says that it may be asked for what another connection has written a moment ago.
    """

    place: Place
    hosts: tuple[Word, ...] = ()
    port: Word | None = None
    database: Word | None = None
    user: Word | None = None
    persistent: Label | None = None
    native_prepares: Label | None = None
    sslmode: Word | None = None
    application_name: Word | None = None
    name: str = ""
    role: str = ""
    driver: str = ""
    options: Word | None = None
    search_path: Word | None = None
    session_sql: tuple[SessionSql, ...] = ()
    used: Label | None = None
    forgetful: Label | None = None

    def sending(self, statements: tuple[SessionSql, ...]) -> Connection:
        """With these statements; those that have names need what native ones do."""
        named = next((one for one in statements if one.kind == "named"), None)
        native = self.native_prepares
        if native is None and named is not None:
            native = Label(named.place, f"{named.what} has the server keep a statement by its name")
        return self._replace(
            native_prepares=native,
            session_sql=self.session_sql + tuple(one for one in statements if one.kind != "named"),
        )


class Loose(NamedTuple):
    """Statements that code sends over a connection that others open. ``receiver`` is the expression that names it."""

    receiver: str
    verb: str
    session_sql: tuple[SessionSql, ...]


class Connections(NamedTuple):
    """What an application says of its databases: connections to PostgreSQL, what says that it uses another kind, what
    can't be known without running it, and what code sends over connections of other files."""

    known: tuple[Connection, ...] = ()
    other: Label | None = None
    unclear: tuple[Label, ...] = ()
    notes: tuple[Label, ...] = ()
    loose: tuple[Loose, ...] = ()


def of_parameters(given: Mapping[str, Word], place: Place) -> Connection | None:
    """libpq's own parameters (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS); None
    where the port is no number."""
    port = given.get("port")
    if port is not None and not _is_port(port.text):
        return None
    host = given.get("host") or given.get("hostaddr")
    hosts = tuple(host._replace(text=one.strip()) for one in host.text.split(",")) if host is not None else ()
    return Connection(
        place,
        hosts,
        port,
        given.get("dbname"),
        given.get("user"),
        sslmode=given.get("sslmode"),
        application_name=given.get("application_name"),
        options=given.get("options"),
    )


def of_url(url: Word) -> Connection | None:
    """A ``postgresql://`` URL; None for another kind or a bad one. Its password is dropped here and goes nowhere."""
    from urllib.parse import parse_qs, unquote, urlsplit

    try:
        parts = urlsplit(url.text)
    except ValueError:
        return None
    if parts.scheme not in URL_SCHEMES:
        return None
    if "@" not in parts.netloc and "@" in url.text:
        return None  # a / in the password ends it early, and the rest of it would pass for a host
    host, port = _places(parts.netloc.rpartition("@")[2])
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    found = {
        "host": unquote(host or query.get("host", "")),
        "port": port or query.get("port", ""),
        "dbname": unquote(parts.path.lstrip("/")),
        "user": unquote(parts.username or ""),
        "sslmode": query.get("sslmode", ""),
        "application_name": query.get("application_name", ""),
    }
    connection = of_parameters({name: url._replace(text=text) for name, text in found.items() if text}, url.place)
    if connection is not None and query.get("persistent", "").lower() in TRUE_WORDS:
        connection = connection._replace(persistent=url.label(f"{url.shown} asks for persistent connections"))
    return connection


def _places(written: str) -> tuple[str, str]:
    """The hosts and the ports of ``db:5432,[fd00::5]:5433``, each with commas between; one port that all have stands
    for all (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS)."""
    hosts, ports = [], []
    for one in written.split(","):
        name, colon, port = one.rpartition(":")
        if one.endswith("]") or not colon:  # an IPv6 address without a port, or a name without one
            name, port = one, ""
        hosts.append(name.removeprefix("[").removesuffix("]"))
        ports.append(port or str(PORT))
    if not any(one.rpartition("]")[2].count(":") for one in written.split(",")):
        return ",".join(hosts), ""
    return ",".join(hosts), ports[0] if len(set(ports)) == 1 else ",".join(ports)


def of_string(written: Word) -> Connection | None:
    """libpq's ``host=db port=5432``, its parts apart by blanks or, as PDO has it, by semicolons; or a URL."""
    if "://" in written.text:
        return of_url(written)
    pairs = _pairs(written.text.replace(";", " "))
    return (
        None
        if pairs is None
        else of_parameters({name: written._replace(text=text) for name, text in pairs.items()}, written.place)
    )


def _pairs(text: str) -> dict[str, str] | None:
    """https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE"""
    found: dict[str, str] = {}
    at = 0
    while text[at:].strip():
        name, sign, rest = text[at:].partition("=")
        if not sign or not name.strip().replace("_", "").isalnum():
            return None
        at = len(text) - len(rest.lstrip())
        value, at = _value(text, at)
        found[name.strip()] = value
    return found


def _value(text: str, at: int) -> tuple[str, int]:
    quoted = text[at : at + 1] == "'"
    at += quoted
    letters = ""
    while at < len(text) and not (text[at] == "'" if quoted else text[at].isspace()):
        at += text[at] == "\\"
        letters += text[at : at + 1]
        at += 1
    return letters, at + quoted


def _is_port(text: str) -> bool:
    return all(is_port(part.strip()) for part in text.split(","))
