"""What systemd allows a server, and what the server needs of that for itself.

Neither PgBouncer nor PHP-FPM raises its own soft limit of open files (measured on PgBouncer 1.18 and PHP 8.2; main.c of
1.25 still only logs it), so that the soft one counts.
"""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.capacity import Sum
from pgfpmlint.model.link import Links
from pgfpmlint.model.nodes import FpmMaster, Instance, Pooler
from pgfpmlint.model.pooler_bound import entry_bound
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

OWN_FILES = 10
"""What PgBouncer itself adds to its clients and server connections when it tells at its start how many file
descriptors it expects to use (check_limits() in main.c; it holds 8 when it has started). PHP-FPM's master holds as
many."""

OPEN_FILES = 1024
"""The soft limit where nothing sets it: that of the kernel, and DefaultLimitNOFILE=1024:524288 of systemd 240 and later
(https://www.freedesktop.org/software/systemd/man/latest/systemd-system.conf.html#DefaultLimitCPU=)."""

SERVER_PROCESSES = ("the postmaster", "checkpointer", "background writer", "WAL writer")
"""Those that every PostgreSQL primary has besides its connections' own."""


class Allowed(NamedTuple):
    """A limit of a unit. ``place`` is the line that sets it, None for systemd's default."""

    name: str
    number: int
    place: Place | None

    @property
    def words(self) -> str:
        return f"{self.number} {self.name}{'' if self.place is not None else ' by default'}"

    def labels(self, words: str) -> tuple[Label, ...]:
        return (Label(self.place, words),) if self.place is not None else ()


def allowed(server: Instance | Pooler | FpmMaster, name: str) -> Allowed | None:
    """A limit that the unit of ``server`` sets; None where it sets none, or one that can't be told in numbers."""
    unit = server.unit
    setting = unit.setting(name) if unit is not None else None
    if setting is None or setting.number is None:
        return None
    return Allowed(name, setting.number, setting.place)


def open_files(server: Pooler | FpmMaster) -> Allowed | None:
    """How many files the server may have open; with systemd's default where the whole unit says nothing of it."""
    unit = server.unit
    if unit is not None and unit.whole and not unit.broken and "LimitNOFILE" not in unit.settings:
        return Allowed("LimitNOFILE", OPEN_FILES, None)
    return allowed(server, "LimitNOFILE")


def server_connections(pooler: Pooler, links: Links) -> Sum:
    """What one process of PgBouncer may open to its servers, as far as that can be known."""
    parts = [entry_bound(pooler, entry, links) for entry in pooler.bouncer.databases]
    terms = tuple(term for part in parts for term in part.terms)
    return Sum(terms, any(part.at_least or part.unlimited or part.unknown for part in parts))
