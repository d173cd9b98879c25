"""Whom the address of a pg_hba.conf record lets in: this machine, another one, or a network of them."""

from __future__ import annotations

from pgfpmlint.model.address import is_loopback, is_reachable
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba import HbaRecord
from pgfpmlint.source.text import HOLE

ADDRESS_BITS = {4: 32, 6: 128}


def is_remote(record: HbaRecord) -> bool:
    """Whether the record can match a client on another machine; samehost and loopback addresses can't."""
    if record.address is None or record.address == "samehost":
        return False
    if HOLE in record.address:
        return False  # nobody knows
    if record.network is None:
        return not is_loopback(record.address) and not _is_placeholder(record.address)
    family, address, mask = record.network
    if family == 4:
        return not (address >> 24 == 127 and mask >> 24 == 255)
    mapped = address >> 24 == 0xFFFF7F and mask >> 24 == (1 << 104) - 1  # ::ffff:127.0.0.0/104
    return not (mapped or (address == 1 and mask == (1 << 128) - 1))


def _is_placeholder(address: str) -> bool:
    """Whether it waits for a script to put an address there (``DB_SUBNET``): no host is called so."""
    return "_" in address and address.isupper()


def is_network(record: HbaRecord) -> bool:
    """Whether the record can match more than one other machine."""
    if not is_remote(record):
        return False
    if record.network is None:
        return record.address in ("all", "samenet") or (record.address or "").startswith(".")
    family, _, mask = record.network
    return mask != (1 << ADDRESS_BITS[family]) - 1


def is_anywhere(record: HbaRecord) -> bool:
    """Whether the record can match every address of its family."""
    if record.network is None:
        return record.address == "all" and not record.address_quoted
    return record.network[2] == 0


def is_unmet(file: HbaFile) -> bool:
    """Whether the file's server listens on the machine itself only, so that no record for others is ever met."""
    return file.instance is not None and not file.instance.fragment and not is_reachable(file.instance)


def written(record: HbaRecord) -> str:
    """The address as the file has it, prefix or mask included, without blanks that align columns, and without quotes,
    save around a name: quotes make one of ``"all"``."""
    if record.address_place is None:
        return "local"
    words = _words(record.address_place.text)
    return " ".join(words) if record.network is None else " ".join(word.strip('"') for word in words)


def _words(written: str) -> list[str]:
    """What stands between blanks; a backslash only takes the record to the next line."""
    return written.replace("\\\r\n", "").replace("\\\n", "").split()


def meant_more_narrowly(record: HbaRecord) -> tuple[str, str] | None:
    """The one address that is written, and the network that the record stands for, where the address has bits that its
    mask throws away: ``("10.0.0.0", "0.0.0.0/0")`` of 10.0.0.0/0."""
    if record.network is None or record.address_place is None:
        return None
    family, network, mask = record.network
    found = ip.parse(_words(record.address_place.text)[0].strip('"').partition("/")[0])
    length = ip.prefix_length(family, mask)
    if found is None or found[0] != family or found[1] == network or length is None:
        return None
    return ip.show(*found), f"{ip.show(family, network)}/{length}"
