"""What a pooler other than PgBouncer says, in one shape for all of them: pgcat, pgpool-II, Odyssey, and whatever the
configuration declares.

Each product counts its own way and calls its settings by its own names. A reading does the counting of its product and
keeps the words; nobody behind it needs to know which product it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading
from pgfpmlint.source.text import Place

ANY = "*"
"""The name of a lane for every database that no other names."""

SESSION, TRANSACTION, STATEMENT = "session", "transaction", "statement"

POOL, DATABASE, USER, LANE = "pool", "database", "user", "lane"
"""What a size is of: each pair of database and user, each of either, or the whole lane."""


class Figure(NamedTuple):
    """A number of connections, how it comes about in the product's own words, and the lines that say it."""

    amount: int
    words: str
    places: tuple[Place, ...] = ()


class Backend(NamedTuple):
    """A PostgreSQL that a lane leads to, as the file names it: ``host`` is ``""`` for the default socket, None where it
    can't be read, and so is ``port``. ``database`` is the one on that server, None for the name that the client gave.
    """

    host: str | None
    port: int | None
    place: Place
    database: str | None = None
    reading: bool = False


class Lane(NamedTuple):
    """What the clients of one database share, or those of one user of it.

    ``name`` is the database that clients name (``*``: any other), ``user`` the user, None for any other. ``mode`` has
    the values of PgBouncer's pool_mode. ``size`` are the connections to each backend, for each of what ``per`` says; it
    is None where there is no limit, or, with ``unknown``, where nobody can tell. ``clients`` limits the lane's own
    clients. ``server_user`` is the user on the server, None for the client's. Lanes with the same ``shared`` count
    once, together. ``at_least``: files that can't be read may add to it. ``prepares``: whether statements that a client
    prepares survive the change of connections; None where nothing tells.
    """

    name: str
    user: str | None
    place: Place
    backends: tuple[Backend, ...]
    mode: Effective
    size: Figure | None
    per: str = POOL
    server_user: str | None = None
    clients: Figure | None = None
    unknown: str = ""
    shared: str = ""
    at_least: bool = False
    prepares: Effective | None = None

    @property
    def key(self) -> str:
        """What tells it from the other lanes of its pooler."""
        return self.name if self.user is None else f"{self.name} user {self.user}"


class ProxyReading(NamedTuple):
    """``product`` is what people call it. ``listens`` are the addresses that it binds with their ports, ``sockets``
    folders of Unix sockets. ``clients`` is how many it lets in at once, None where nothing limits that; ``queues``:
    further ones wait instead of being turned away. ``settings`` are the written ones by name. ``reading`` is
    None for a declared one.
    """

    product: str
    listens: tuple[tuple[str, int | None], ...]
    lanes: tuple[Lane, ...]
    clients: Figure | None = None
    queues: bool = False
    sockets: tuple[str, ...] = ()
    settings: Mapping[str, Effective] = {}
    reading: Reading | None = None
    anchor: Place | None = None


def serving(reading: ProxyReading, database: str | None, user: str | None) -> tuple[Lane, ...]:
    """The lanes that may serve a client: those of its database, else those for any; of these the one of its user, else
    the one for any, and all of them where nobody knows the names."""
    lanes = reading.lanes
    if database is not None:
        own = [lane for lane in lanes if lane.name == database]
        lanes = tuple(own or [lane for lane in lanes if lane.name == ANY])
    if user is not None:
        own = [lane for lane in lanes if lane.user == user]
        lanes = tuple(own or [lane for lane in lanes if lane.user is None])
    return lanes


def number(text: str | None) -> int | None:
    """A whole number as C's strtol reads one; None for anything else."""
    if text is None:
        return None
    digits = text.strip().lstrip("+-")
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[:1] == "0" and len(digits) > 1 else 10
    try:
        return int(text.strip(), base) if base != 8 else int(digits, 8) * (-1 if text.strip()[:1] == "-" else 1)
    except ValueError:
        return None
