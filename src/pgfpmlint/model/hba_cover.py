"""Which pg_hba.conf records can never decide, because earlier ones match everything that they could match.

The first record that matches decides (https://www.postgresql.org/docs/current/auth-pg-hba-conf.html), so a record is a
set of connections: channel × database × user × address. Each record is cut into cells of one channel, one database word
and one user word, and a record is dead when the earlier records' networks cover its own in every cell. A cell is
looked up by its words, so that the cost grows with the number of cells, not with the square of the records.

Nothing is claimed that membership, a regular expression or a name server could refute: there only the same text covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba.lines import Word
from pgfpmlint.resolve.hba.record import HbaRecord

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

Network = tuple[int, int, int]
"""Family, prefix length, address."""

ALL: Key = ("all", "")
REPLICATION: Key = ("replication", "")
SAMEUSER: Key = ("sameuser", "")
EVERYWHERE: tuple[Network, ...] = ((4, 0, 0), (6, 0, 0))

MOST_CELLS = 4096
"""Records with longer lists than that make are only compared as wholes: two lists of a thousand names are a million
cells."""

MOST_WEIGHED = 16
"""Of so many covering records at most it is found out which can be spared."""


def unreachable(records: Sequence[HbaRecord]) -> list[tuple[HbaRecord, tuple[HbaRecord, ...]]]:
    """Each dead record with the earlier ones that cover it, as few as possible, in order."""
    space = _Space()
    dead: list[tuple[HbaRecord, tuple[HbaRecord, ...]]] = []
    for number, record in enumerate(records):
        covering = space.covering(record)
        if covering is None:
            space.add(record, number)
        else:
            dead.append((record, tuple([records[earlier] for earlier in _fewest(records, record, covering)])))
    return dead


def _fewest(records: Sequence[HbaRecord], record: HbaRecord, covering: frozenset[int]) -> list[int]:
    """One earlier record when that is enough, else a set of which none can be spared."""

    def cover(numbers: Iterable[int]) -> bool:
        space = _Space()
        for number in numbers:
            space.add(records[number], number)
        return space.covering(record) is not None

    needed = sorted(covering)
    for number in needed[:MOST_WEIGHED]:
        if cover((number,)):
            return [number]
    if len(needed) <= MOST_WEIGHED:
        for number in reversed(needed):
            others = [other for other in needed if other != number]
            if cover(others):
                needed = others
    return needed


class _Networks:
    """Addresses of one cell. ``named`` are addresses known by their text only; each has the records that cover it."""

    __slots__ = ("_lengths", "_networks", "named")

    def __init__(self) -> None:
        self.named: dict[str, frozenset[int]] = {}
        self._networks: dict[Network, frozenset[int]] = {}
        self._lengths: dict[int, set[int]] = {4: set(), 6: set()}

    def covering(self, network: Network) -> frozenset[int] | None:
        """The records that together match all of ``network``."""
        family, bits, address = network
        for length in self._lengths[family]:
            if length <= bits:
                found = self._networks.get((family, length, address & _mask(family, length)))
                if found is not None:
                    return found
        return None

    def add(self, network: Network, number: int) -> None:
        """Add a network; two halves of a larger one make that larger one."""
        who = frozenset((number,))
        while self.covering(network) is None:
            family, bits, address = network
            self._networks[network] = who
            self._lengths[family].add(bits)
            if not bits:
                return
            half = self._networks.get((family, bits, address ^ 1 << ip.BITS[family] - bits))
            if half is None:
                return
            who |= half
            network = (family, bits - 1, address & _mask(family, bits - 1))


class _Space:
    """The connections that the records added so far match."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, Key, Key], _Networks] = {}

    def add(self, record: HbaRecord, number: int) -> None:
        databases, users = _surely(map(_database, record.databases)), _surely(map(_user, record.users))
        if len(databases) * len(users) > MOST_CELLS:
            return
        text, networks = _exact_address(record)
        for channel in CHANNELS[record.type]:
            for database in databases:
                for user in users:
                    cell = self._cells.setdefault((channel, *_cell(database, user)), _Networks())
                    if text is not None:
                        cell.named.setdefault(text, frozenset((number,)))
                    for network in networks:
                        cell.add(network, number)

    def covering(self, record: HbaRecord) -> frozenset[int] | None:
        """The records that together match whatever ``record`` may match; None where some of it is left to it."""
        databases, users = _at_most(map(_database, record.databases)), _at_most(map(_user, record.users))
        if len(databases) * len(users) > MOST_CELLS:
            databases, users = {ALL} | databases & {REPLICATION}, {ALL}
        text, networks = _exact_address(record)[0], _address_at_most(record)
        alone: frozenset[int] | None = None
        together: frozenset[int] = frozenset()
        for channel in CHANNELS[record.type]:
            for database in databases:
                for user in users:
                    wider = self._wider(channel, *_cell(database, user))
                    for choices in _choices(wider, text, networks):
                        if not choices:
                            return None
                        single = frozenset().union(*[choice for choice in choices if len(choice) == 1])
                        alone = single if alone is None else alone & single
                        together |= choices[0]
        return frozenset((min(alone),)) if alone else together

    def _wider(self, channel: str, database: Key, user: Key) -> list[_Networks]:
        """The cells that hold every connection of this one, but for the address."""
        pairs = [(database, user), (database, ALL)]
        if database != REPLICATION:
            pairs += [(ALL, user), (ALL, ALL)]
            if database == user and database[0] == "name":
                pairs.append((SAMEUSER, ALL))
        return [found for pair in pairs if (found := self._cells.get((channel, *pair))) is not None]


def _choices(
    cells: Sequence[_Networks], text: str | None, networks: Sequence[Network]
) -> Iterator[list[frozenset[int]]]:
    """For each part of an address the sets of records that cover it; a known text is one part."""
    by_text = [cell.named[text] for cell in cells if text is not None and text in cell.named]
    if by_text or not networks:
        yield by_text
        return
    for network in networks:
        yield [found for cell in cells if (found := cell.covering(network)) is not None]


def _database(word: Word) -> Key:
    if not word.quoted:
        if word.text in ("all", "sameuser", "replication"):
            return word.text, ""
        if word.text in ("samerole", "samegroup"):
            return "samerole", ""
    return _plain(word)


def _user(word: Word) -> Key:
    if not word.quoted:
        if word.text == "all":
            return ALL
        if word.text.startswith("+"):
            return "member", word.text
    return _plain(word)


def _plain(word: Word) -> Key:
    if word.unknown:
        return "unknown", ""
    # up to PostgreSQL 15 such a word is a plain name; either way the same text means the same
    return ("regex" if word.text.startswith("/") else "name"), word.text


def _surely(words: Iterable[Key]) -> set[Key]:
    """What a list certainly holds, without what its ``all`` holds anyway."""
    found = set(words) - {("unknown", "")}
    return found & {ALL, REPLICATION} if ALL in found else found


def _at_most(words: Iterable[Key]) -> set[Key]:
    """What a list may hold at most."""
    found = set(words)
    if ("unknown", "") in found:
        return {ALL, REPLICATION}
    return found & {ALL, REPLICATION} if ALL in found else found


def _cell(database: Key, user: Key) -> tuple[Key, Key]:
    """sameuser and the user app: that is the database app and the user app."""
    return (user, user) if database == SAMEUSER and user[0] == "name" else (database, user)


def _exact_address(record: HbaRecord) -> tuple[str | None, tuple[Network, ...]]:
    """The text that the address is known by, or its networks."""
    if record.network is not None:
        family, address, mask = record.network
        bits = ip.prefix_length(family, mask)
        if bits is None:
            return f"{address} {mask}", ()
        return None, ((family, bits, address),)
    if record.address == "all" and not record.address_quoted:
        return None, EVERYWHERE
    return f"{record.address!r} {record.address_quoted}", ()


def _address_at_most(record: HbaRecord) -> tuple[Network, ...]:
    """Networks that hold every address that the record may match."""
    if record.network is None:
        return () if record.type == "local" else EVERYWHERE
    family, address, mask = record.network
    bits = ip.prefix_length(family, mask)
    if bits is None:  # a mask with holes: up to the first one
        bits = ip.BITS[family] - (ip.ALL_ONES[family] ^ mask).bit_length()
    return ((family, bits, address & _mask(family, bits)),)


def _mask(family: int, bits: int) -> int:
    return ip.ALL_ONES[family] ^ ip.ALL_ONES[family] >> bits
