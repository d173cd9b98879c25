"""How much pg_hba.conf records let in: addresses, users and databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.hba_address import is_anywhere, is_network, is_remote, is_unmet, written
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.model.roles import is_superuser
from pgfpmlint.model.world import World
from pgfpmlint.resolve.hba import HbaRecord
from pgfpmlint.resolve.hba.lines import Word

SUPERUSER = "postgres"
"""What initdb calls the superuser of a cluster, unless it is told otherwise."""


def open_to_the_world(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Every address may try to log in, as anybody, to any database."""
    for record in _letting_in(file):
        if is_anywhere(record) and _has(record, "all") and "all" in _names(record.databases):
            yield _hit(record)


def replication_from_network(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A network from which any role with the right to replicate may copy the whole cluster."""
    for record in _letting_in(file):
        if "replication" in _names(record.databases) and _has(record, "all") and is_network(record):
            yield _hit(record)


def superuser_from_network(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A record that names a superuser lets it in from other machines."""
    for record in _letting_in(file):
        for word in record.users:
            known = file.instance is not None and is_superuser(file.instance, word.text)
            if word.text == SUPERUSER or known:
                where = record.address_place
                related = (Label(where, "from other machines"),) if where is not None else ()
                yield Hit(word.place, {"user": word.text, "address": written(record)}, related)


def _letting_in(file: HbaFile) -> Iterator[HbaRecord]:
    if not is_unmet(file):
        for record in file.reading.records:
            if record.method != "reject" and is_remote(record):
                yield record


def _has(record: HbaRecord, user: str) -> bool:
    return user in _names(record.users)


def _names(words: Sequence[Word]) -> list[str]:
    """Names without quotes, which take the meaning from a keyword."""
    return [word.text for word in words if not word.quoted]


def _hit(record: HbaRecord) -> Hit:
    place = record.address_place if record.address_place is not None else record.place
    return Hit(place, {"address": written(record), "type": record.type, "method": record.method})
