"""The connections that pg_hba.conf records match, as sets that can be asked whether they hold another.

A record is a set of connections: channel × database × user × address. It is cut into cells of one type, one database
word and one user word; a cell knows its addresses as networks, and as runs of addresses without a gap. A cell is looked
up by its words, so that the cost grows with the words of a file, not with the square of its records.

Nothing is claimed that membership, a regular expression or a name server could refute: there only the same text covers,
or what holds for everybody: a role is a member of itself, samenet holds samehost, .example.com holds db.example.com.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pgfpmlint.model.hba_networks import Network, Networks, cover, deciders, ones
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba.lines import Word
from pgfpmlint.resolve.hba.record import HbaRecord
from pgfpmlint.source.text import HOLE

# A TCP connection is encrypted by TLS, by GSSAPI, or not at all, never by both.
CHANNELS = {
    "local": ("socket",),
    "host": ("plain", "tls", "gss"),
    "hostssl": ("tls",),
    "hostnossl": ("plain", "gss"),
    "hostgssenc": ("gss",),
    "hostnogssenc": ("plain", "tls"),
}

Key = tuple[str, str]
"""Kind and text of a database or user word: ``("name", "app")``, ``("regex", "/^a")``, ``("all", "")``."""

ALL: Key = ("all", "")
REPLICATION: Key = ("replication", "")
SAMEUSER: Key = ("sameuser", "")
SAMEROLE: Key = ("samerole", "")
UNKNOWN: Key = ("unknown", "")

EVERYWHERE: tuple[Network, ...] = ((4, 0, 0), (6, 0, 0))
LOOPBACK: tuple[Network, ...] = ((4, 32, 127 << 24 | 1), (6, 128, 1))
KNOWN_BY_TEXT: dict[str, tuple[Network, ...]] = {
    "samehost": LOOPBACK,
    "samenet": ((4, 8, 127 << 24), (6, 128, 1)),
    "localhost": LOOPBACK[:1],
}
"""What surely belongs to such an address: every server has its loopback interface."""

MOST_CELLS_A_WORD = 8
"""Lists whose product makes more than that of a word are only compared as wholes: two lists of a thousand names are a
million cells, and 16 times 16 names are as many as their 32 words may make."""

MOST_PATTERNS = 8
"""Different regular expressions that names are held against."""


class Covering(NamedTuple):
    """``alone`` is the first record that matches everything, None where only several do together; ``deciding`` are
    those that decide, in order, ``more`` than these where they are very many. Unless ``exact``, only the text of the
    covered record's address is known, and some of these may decide about others alone.
    """

    alone: int | None
    deciding: list[int]
    more: bool
    exact: bool


class Cells(NamedTuple):
    """The cells of a record, but for the channels: its words, and its addresses as a text or as networks."""

    databases: set[Key]
    users: set[Key]
    text: str | None
    networks: tuple[Network, ...]


class Space:
    """The connections that the records added so far match; each record has a number.

    ``matches`` tells whether a regular expression fits a name, for servers that have such words.
    """

    def __init__(self, matches: Callable[[str, str], bool | None] | None) -> None:
        self._cells: dict[tuple[str, Key, Key], Networks] = {}
        self._types: dict[str, None] = {}
        self._matches = matches
        self._patterns: dict[str, None] = {}
        self._fitting: dict[str, list[Key]] = {}

    def add(self, record: HbaRecord, number: int) -> None:
        found = self._surely(record)
        if _too_many(record, found.databases, found.users):
            return
        for kind, text in (*found.databases, *found.users):
            if kind == "regex" and len(self._patterns) < MOST_PATTERNS and text not in self._patterns:
                self._patterns[text] = None
                self._fitting.clear()
        self._types[record.type] = None
        for database in found.databases:
            for user in found.users:
                key = (record.type, *_cell(database, user))
                cell = self._cells.get(key)
                if cell is None:
                    cell = self._cells[key] = Networks()
                if found.text is not None:
                    cell.named.setdefault(found.text, number)
                for network in found.networks:
                    cell.add(network, number)

    def covering(self, record: HbaRecord) -> Covering | None:
        """Which records decide about all that ``record`` may match; None where some of it is left to it."""
        whole: set[int] | None = None
        deciding: set[int] = set()
        more = False
        for network, named, cells in self._parts(record):
            if not named and not cover(cells, network):
                return None
            around = {*named, *[number for cell in cells for number in cell.around(network)]}
            whole = around if whole is None else whole & around
            found, complete = deciders(network, around, cells)
            deciding |= found
            more = more or not complete
        return Covering(min(whole) if whole else None, sorted(deciding), more, _text(record) is None)

    def _parts(self, record: HbaRecord) -> Iterator[tuple[Network, list[int], list[Networks]]]:
        """Each part of what a record may match: its addresses, the records that hold them for their text, and the cells
        whose networks may do."""
        at_most = self._at_most(record)
        texts = () if at_most.text is None else (at_most.text, *_wider_texts(at_most.text))
        for database in at_most.databases:
            for user in at_most.users:
                wider = self._wider(*_cell(database, user))
                met: list[list[Networks]] = []
                for channel in CHANNELS[record.type]:
                    cells = [cell for type_, cell in wider if channel in CHANNELS[type_]]
                    if cells in met:
                        continue
                    met.append(cells)
                    named = [cell.named[text] for text in texts for cell in cells if text in cell.named]
                    for network in at_most.networks:
                        yield network, named, cells

    def _wider(self, database: Key, user: Key) -> list[tuple[str, Networks]]:
        """The cells that hold every connection of this one, but for the channel and the address; with their types."""
        databases, users = [database], [user]
        if database != REPLICATION:
            databases.append(ALL)
        if database == SAMEUSER or (database == user and user[0] == "name"):
            databases += [SAMEUSER, SAMEROLE]
        if database[0] == "name":
            databases += self._regexes(database[1])
        if user != ALL:
            users.append(ALL)
        if user[0] == "name":
            users += [("member", f"+{user[1]}"), *self._regexes(user[1])]
        keys = [(type_, one, other) for one in databases for other in users for type_ in self._types]
        return [(key[0], self._cells[key]) for key in keys if key in self._cells]

    def _regexes(self, name: str) -> list[Key]:
        """The regular expressions, as far as they are looked at, that fit a name."""
        if not self._patterns or self._matches is None:
            return []
        if name not in self._fitting:
            self._fitting[name] = [("regex", text) for text in self._patterns if self._matches(text[1:], name)]
        return self._fitting[name]

    def _surely(self, record: HbaRecord) -> Cells:
        """What a record certainly matches, without what its ``all`` matches anyway."""
        databases = _without_superfluous(set(map(self._database, record.databases)) - {UNKNOWN})
        users = _without_superfluous(set(map(self._user, record.users)) - {UNKNOWN})
        text = _text(record)
        return Cells(databases, users, text, _networks(record) if text is None else KNOWN_BY_TEXT.get(text, ()))

    def _at_most(self, record: HbaRecord) -> Cells:
        """What a record may match at most."""
        databases, users = set(map(self._database, record.databases)), set(map(self._user, record.users))
        databases = {ALL, REPLICATION} if UNKNOWN in databases else _without_superfluous(databases)
        users = {ALL} if UNKNOWN in users else _without_superfluous(users)
        if _too_many(record, databases, users):
            databases, users = {ALL} | databases & {REPLICATION}, {ALL}
        text = _text(record)
        networks = LOOPBACK if text == "localhost" else _networks(record)
        return Cells(databases, users, text, networks)

    def _database(self, word: Word) -> Key:
        if not word.quoted:
            if word.text in ("all", "sameuser", "replication"):
                return word.text, ""
            if word.text in ("samerole", "samegroup"):
                return SAMEROLE
        return self._plain(word)

    def _user(self, word: Word) -> Key:
        if not word.quoted:
            if word.text == "all":
                return ALL
            if word.text.startswith("+"):
                return "member", word.text
        return self._plain(word)

    def _plain(self, word: Word) -> Key:
        if word.unknown:
            return UNKNOWN
        return ("regex" if self._matches and word.text.startswith("/") else "name"), word.text


def _too_many(record: HbaRecord, databases: set[Key], users: set[Key]) -> bool:
    return len(databases) * len(users) > MOST_CELLS_A_WORD * (len(record.databases) + len(record.users))


def _without_superfluous(words: set[Key]) -> set[Key]:
    return words & {ALL, REPLICATION} if ALL in words else words


def _cell(database: Key, user: Key) -> tuple[Key, Key]:
    """sameuser and the user app: that is the database app and the user app."""
    return (user, user) if database == SAMEUSER and user[0] == "name" else (database, user)


def _text(record: HbaRecord) -> str | None:
    """The text that an address is known by: a name, or a mask with holes. Names are the same in capitals."""
    if record.network is not None:
        family, address, mask = record.network
        return f"{address} {mask}" if ip.prefix_length(family, mask) is None else None
    if record.address is None:
        return None
    if HOLE in record.address:  # nobody's but its own
        return f"{record.address} {record.place.start}"
    if record.address in ("all", "samehost", "samenet") and record.address_quoted:
        return f'"{record.address}"'
    return None if record.address == "all" else record.address.lower()


def _networks(record: HbaRecord) -> tuple[Network, ...]:
    """Networks that hold every address that the record may match; just these where it has no `_text`. For local records
    one of them stands for the socket."""
    if record.network is None:
        return EVERYWHERE if record.type != "local" else EVERYWHERE[:1]
    family, address, mask = record.network
    bits = ip.prefix_length(family, mask)
    if bits is None:  # a mask with holes: up to the first one
        bits = ip.BITS[family] - (ip.ALL_ONES[family] ^ mask).bit_length()
    return ((family, bits, address & ones(family, bits)),)


def _wider_texts(text: str) -> Iterable[str]:
    """The names that hold all addresses of this one."""
    if text == "samehost":
        return ("samenet",)
    if " " in text or text[:1] == '"':
        return ()
    parts = text.split(".")
    return [f".{'.'.join(parts[at:])}" for at in range(1, len(parts)) if parts[at]]
