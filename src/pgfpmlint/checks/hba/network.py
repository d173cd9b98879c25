"""pg_hba.conf records that admit clients over the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import SAFE, SHOWN
from pgfpmlint.finding.fix import written as fixed
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.hba_address import ADDRESS_BITS, is_network, is_remote, is_unmet, meant_more_narrowly, written
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.model.world import World
from pgfpmlint.resolve.hba import HbaRecord

OF_THE_IMAGE = (
    ("local", "all", "all", None),
    ("host", "all", "all", "127.0.0.1"),
    ("host", "all", "all", "::1"),
    ("local", "replication", "all", None),
    ("host", "replication", "all", "127.0.0.1"),
    ("host", "replication", "all", "::1"),
    ("host", "all", "all", "all"),
)
"""Type, database, user and address of what initdb writes, and of what the postgres image appends for the network of its
container (pg_setup_hba_conf in https://github.com/docker-library/postgres, docker-entrypoint.sh)."""


def host_without_tls(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A ``host`` record admits remote clients, whether or not they use TLS.

    Of one that lets a whole network in by trust, `trust_from_network` tells the worse: TLS would not mend it."""
    state, labels = _tls(file)
    needs = "" if state == "ssl is on" else ", with ssl = on in postgresql.conf"
    records = file.reading.records
    for record in records[:-1] if _is_of_the_image(records) else records:
        admits = record.type == "host" and record.method != "reject" and is_remote(record)
        if admits and not _is_open(record, file):
            yield Hit(
                record.type_place,
                {"address": written(record), "method": record.method, "state": state, "needs": needs},
                labels,
                # Without TLS nobody would come in by it.
                fix=fixed(record.type_place, "hostssl", SHOWN if needs else SAFE),
            )


def trust_from_network(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """``trust`` for a network: whoever reaches the port is let in as whomever they say they are."""
    for record in file.reading.records:
        if _is_open(record, file):
            yield Hit(
                record.method_place,
                {
                    "address": written(record),
                    "users": ", ".join(word.text for word in record.users),
                    "databases": ", ".join(word.text for word in record.databases),
                },
                fix=fixed(record.method_place, "scram-sha-256"),
            )


def password_in_clear(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Method ``password`` where the connection may go without TLS."""
    for record in file.reading.records:
        if record.method == "password" and record.type in ("host", "hostnossl") and is_remote(record):
            fix = fixed(record.method_place, "scram-sha-256")
            yield Hit(record.method_place, {"type": record.type, "address": written(record)}, fix=fix)


def address_beyond_mask(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """An address with bits that its mask throws away, so that more is admitted than is written."""
    for record in file.reading.records:
        found = meant_more_narrowly(record)
        if found is None or not is_remote(record) or record.network is None or record.address_place is None:
            continue
        family = record.network[0]
        everybody = f": every IPv{family} address" if record.network[2] == 0 else ""
        single = f"{found[0]}/{ADDRESS_BITS[family]}"
        values = {"address": written(record), "network": found[1], "everybody": everybody, "single": single}
        # Whoever lets everybody in will hardly have meant that: no one address stands for it.
        fix = fixed(record.address_place, found[1], SHOWN if everybody else SAFE)
        yield Hit(record.address_place, values, fix=fix if "/" in record.address_place.text else None)


def _is_of_the_image(records: Sequence[HbaRecord]) -> bool:
    return len(records) == len(OF_THE_IMAGE) and all(
        (record.type, *[word.text for word in (*record.databases, *record.users)], record.address) == row
        for record, row in zip(records, OF_THE_IMAGE)
    )


def _is_open(record: HbaRecord, file: HbaFile) -> bool:
    """Whether a network comes in without any proof of who it is."""
    return record.method == "trust" and is_network(record) and not _wants_certificate(record) and not is_unmet(file)


def _wants_certificate(record: HbaRecord) -> bool:
    return any(name == "clientcert" for name, _ in record.options)


def _tls(file: HbaFile) -> tuple[str, tuple[Label, ...]]:
    if file.instance is None or file.instance.fragment:
        return "whether ssl is on is not in this tree", ()
    ssl = file.instance.postgres.setting("ssl")
    if ssl.value is None:
        return "whether ssl is on is not in this tree", ()
    if ssl.is_written and ssl.place is not None:
        return f"ssl is {ssl.value}", (Label(ssl.place, f"ssl is {ssl.value}"),)
    return f"ssl is {ssl.value}, the default", ()
