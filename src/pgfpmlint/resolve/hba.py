"""pg_hba.conf with everything it includes: the records in the order in which PostgreSQL tries them."""

from __future__ import annotations

from typing import NamedTuple

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root


class Word(NamedTuple):
    """One database or user name of a record; ``quoted`` takes the keyword meaning from it. Place: where it stands."""

    text: str
    quoted: bool
    place: Place


class HbaRecord(NamedTuple):
    """One good record. ``type`` is ``local``, ``host``, ``hostssl``, ``hostnossl``, ``hostgssenc`` or ``hostnogssenc``.

    ``address`` is what is written: an IP address, a host name, or ``all``/``samehost``/``samenet``; None for local.
    ``network`` is ``(family, address, mask)`` with both as integers where address is an IP network, the address masked:
    family 4 or 6. ``options`` are name and value in written order, the last of a repeated name winning.
    """

    place: Place
    type: str
    databases: tuple[Word, ...]
    users: tuple[Word, ...]
    address: str | None
    netmask: str | None
    network: tuple[int, int, int] | None
    method: str
    options: tuple[tuple[str, str], ...]
    type_place: Place
    address_place: Place | None
    method_place: Place


class HbaReading(NamedTuple):
    reading: Reading
    records: tuple[HbaRecord, ...]


def read(root: Root, path: str, version: ServerVersion) -> HbaReading:
    raise NotImplementedError


def values(found: HbaReading) -> dict[str, object]:
    """``{"rules": [...]}``, rows as ``pg_hba_file_rules`` shows them."""
    raise NotImplementedError
