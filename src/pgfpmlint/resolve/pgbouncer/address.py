"""Addresses in PgBouncer's auth_hba_file: inet_pton(3) and a mask, no host names and no short forms."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.pgbouncer.line import Line
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Value


class PoolerAddress(NamedTuple):
    """``family`` is 4 or 6, or 0 for the word all. ``outside``: the address has bits that its mask has not, and
    PgBouncer, which cuts the client's address only, finds no client that fits. ``network`` is what was meant."""

    text: str
    place: Place
    family: int = 0
    address: int = 0
    mask: int = 0

    @property
    def outside(self) -> bool:
        return bool(self.address & ~self.mask)

    @property
    def network(self) -> str:
        shown = ip.show(self.family, self.address & self.mask)
        length = ip.prefix_length(self.family, self.mask)
        return f"{shown}/{length}" if length is not None else f"{shown} {ip.show(self.family, self.mask)}"


def read_address(line: Line, lead: str, *, all_: bool) -> PoolerAddress:
    """The address that comes next. ``lead`` begins PgBouncer's messages, ``all_`` tells whether it knows that word."""
    word = line.bare()
    if word is None:
        raise line.ignored("", "an address without quotes must stand here")
    place = line.document.place(word)
    if word.text == "all" and all_:
        line.skip()
        return PoolerAddress("all", place)
    text, slash, length = word.text.partition("/")
    family, address = _parsed(text)
    if not family:
        raise line.ignored(f"{lead}failed to parse address - {text}", "it takes a whole IP address here, no name", word)
    if slash:
        mask = _length(family, length)
        if mask is None:
            raise line.ignored(
                f"{lead}invalid mask", f"a prefix length up to {ip.BITS[family]} must follow the /", word
            )
        line.skip()
        return PoolerAddress(word.text, place, family, address, mask)
    return _masked(line, lead, word, family, address)


def _masked(line: Line, lead: str, word: Value, family: int, address: int) -> PoolerAddress:
    line.skip()
    second = line.bare()
    if second is None:
        raise line.ignored(f"{lead}did not find mask", "a mask or /LENGTH must follow the address", word)
    kind, mask = _parsed(second.text)
    if kind != family:
        says = f"{lead}failed to parse mask: {second.text}"
        raise line.ignored(says, "a mask or /LENGTH must follow the address", second)
    line.skip()
    place = Place(line.document.source, word.start, second.end)
    return PoolerAddress(f"{word.text} {second.text}", place, family, address, mask)


def _parsed(text: str) -> tuple[int, int]:
    """Family and address as inet_pton(3) reads them, which wants IPv4 in four decimal numbers; zeros for none."""
    if "%" in text:
        return 0, 0
    dotted = text.rpartition(":")[2]
    parts = dotted.split(".")
    plain = len(parts) == 4 and all(part.isascii() and part.isdigit() and str(int(part)) == part for part in parts)
    if "." in text and not plain:
        return 0, 0
    if ":" not in text and not plain:
        return 0, 0
    return ip.parse(text) or (0, 0)


def _length(family: int, text: str) -> int | None:
    """The mask of a prefix length as strtoul(3) reads it: ``+8`` and ``08`` are 8, and nothing at all is 0."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not text:
        return 0
    if not (digits.isascii() and digits.isdigit()) or len(digits.lstrip("0")) > 3:
        return None
    bits = int(digits)
    if bits > ip.BITS[family] or (bits and text[0] == "-"):
        return None
    return ip.ALL_ONES[family] ^ (ip.ALL_ONES[family] >> bits)
