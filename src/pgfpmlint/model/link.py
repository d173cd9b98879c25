"""Links: who connects where, and what says so."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Client, Instance, Pooler, Proxy, Server
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.application.session_sql import SessionSql
    from pgfpmlint.resolve.pgbouncer import BouncerEntry
    from pgfpmlint.resolve.proxy import Lane

DECLARED, ADDRESS, ONLY_CANDIDATE = "declared", "address", "only candidate"


class Said(NamedTuple):
    """A word of a client's configuration, and the line that says it."""

    value: str
    label: Label


class Dsn(NamedTuple):
    """An address that a client names, with every line it was read from. ``host`` is ``""`` for the default socket.

    ``sslmode`` is libpq's (https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION), None where
    nothing says it. ``native_prepares`` is what says that statements are prepared on the server. ``connection`` numbers
    the connections of one worker: addresses with the same number are tried in turn for one, and know it by
    ``alternatives``. ``driver`` is PHP's extension, ``pdo`` or ``pgsql``, empty where nothing tells.
    ``options`` go to the server as the connection starts, ``search_path`` is SET once it is there. ``role`` is what the
    connection is for: ``reading``. ``session_sql`` is what code sends over it that needs a session. ``forgetful`` says
    that it may be asked for what another connection has written a moment ago.
    """

    host: str
    port: int
    database: str | None
    user: str | None
    evidence: tuple[Label, ...]
    persistent: Label | None = None
    sslmode: Said | None = None
    native_prepares: Label | None = None
    application_name: Said | None = None
    connection: int = 0
    alternatives: bool = False
    driver: str = ""
    options: Said | None = None
    search_path: Said | None = None
    role: str = ""
    session_sql: tuple[SessionSql, ...] = ()
    forgetful: Label | None = None


class Link(NamedTuple):
    """``client`` opens connections to ``server``. ``entry`` is the [databases] line of a PgBouncer that is the client,
    ``lane`` what another pooler has of the kind, and ``address`` the one that it names.

    ``per_process``: connections that one worker holds to this server at once. ``persistent``: what says that
    the client keeps its connections between requests; None where nothing does. ``dsn`` is the address that made the
    link, None for a pooler's entry and for a link that was declared or assumed.
    """

    client: Client
    server: Server
    certainty: str
    evidence: tuple[Label, ...]
    entry: BouncerEntry | None = None
    database: str | None = None
    user: str | None = None
    per_process: int = 1
    per_process_place: Place | None = None
    persistent: Label | None = None
    dsn: Dsn | None = None
    lane: Lane | None = None
    address: str | None = None

    @property
    def is_certain(self) -> bool:
        """Whether a file or the user said so; the one candidate left is an assumption."""
        return self.certainty != ONLY_CANDIDATE

    @property
    def of_extension(self) -> bool:
        """Whether the connections are known to be those of PHP's extension pgsql, not PDO's."""
        return self.dsn is not None and self.dsn.driver == "pgsql"

    @property
    def assumption(self) -> str:
        """What a message must add when the link was assumed."""
        if self.is_certain:
            return ""
        server = self.server
        kind = "PostgreSQL" if isinstance(server, Instance) else "pooler" if isinstance(server, Proxy) else "PgBouncer"
        return f" (assumed: {self.server.name} is the only {kind} that {self.client.name} could reach)"


class Unlinked(NamedTuple):
    """A client of which nobody can tell where it connects; rules stay silent about it, and it is listed. ``address`` is
    the one that it names, where no server is known by it."""

    client: Client
    why: str
    entry: BouncerEntry | None = None
    address: str = ""
    lane: Lane | None = None


class Links:
    """All links of a deployment, found from either end without walking them all.

    ``gap`` says in words what nobody can tell; None when every client's server is known. ``shared`` are the names of
    poolers that declared consumers use, too: as which users, and of which databases, nobody says.
    """

    __slots__ = ("_by_client", "_by_database", "_by_server", "gap", "known", "shared", "unknown")

    def __init__(self, known: list[Link], unknown: list[Unlinked], shared: frozenset[str] = frozenset()) -> None:
        self.known = tuple(known)
        self.unknown = tuple(unknown)
        self.shared = shared
        self.gap = _gap(unknown)
        self._by_client: dict[str, list[Link]] = {}
        self._by_server: dict[str, list[Link]] = {}
        self._by_database: dict[tuple[str, str | None], list[Link]] = {}
        for link in known:
            self._by_client.setdefault(link.client.name, []).append(link)
            self._by_server.setdefault(link.server.name, []).append(link)
            self._by_database.setdefault((link.server.name, link.database), []).append(link)

    def to(self, server: Server) -> list[Link]:
        """Links that end at ``server``."""
        return self._by_server.get(server.name, [])

    def of(self, client: Client) -> list[Link]:
        """Links that start at ``client``."""
        return self._by_client.get(client.name, [])

    def using(self, server: Server, database: str) -> list[Link]:
        """Links of clients that use that database of ``server``, or don't say which."""
        by_database = self._by_database
        return [*by_database.get((server.name, None), ()), *by_database.get((server.name, database), ())]

    def pools_to(self, server: Server) -> list[Link]:
        """Links from client pools straight to ``server``."""
        return [link for link in self.to(server) if not isinstance(link.client, (Pooler, Proxy))]

    def poolers_to(self, server: Server) -> list[Link]:
        """Links from poolers' database entries to ``server``."""
        return [link for link in self.to(server) if isinstance(link.client, (Pooler, Proxy))]


def _gap(unknown: list[Unlinked]) -> str | None:
    clients = sorted({unlinked.client.name for unlinked in unknown})
    return f"nothing tells where {few(clients)} connect{'' if len(clients) > 1 else 's'}" if clients else None


def few(names: Sequence[str], most: int = 3) -> str:
    """The first ``most`` of them, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
