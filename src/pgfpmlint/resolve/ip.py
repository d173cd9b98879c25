"""IP addresses as the system's resolver reads and shows them, which is what PostgreSQL goes by.

``getaddrinfo`` with AI_NUMERICHOST takes every form that inet_aton(3) takes: ``127.1``, ``0x7f.1`` and, to many
people's surprise, leading zeros as octal (``010.0.0.1`` is 8.0.0.1). ``ipaddress`` refuses all of these, and importing
it costs more than reading the file.
"""

from __future__ import annotations

ALL_ONES = {4: (1 << 32) - 1, 6: (1 << 128) - 1}
BITS = {4: 32, 6: 128}

_HEX = frozenset("0123456789abcdefABCDEF")


def parse(text: str) -> tuple[int, int] | None:
    """``(family, address)`` of a numeric address, family 4 or 6; None for anything else, host names above all."""
    if ":" not in text:
        four = _ipv4(text)
        return None if four is None else (4, four)
    plain, percent, zone = text.partition("%")
    six = _ipv6(plain)
    return None if six is None or (percent and not _is_zone(zone, six)) else (6, six)


def prefix_mask(family: int, text: str) -> int | None:
    """The mask of a prefix length (``8``, ``+8``, ``08``); None where the server takes it for no length."""
    digits = text.lstrip(" \t\n\v\f\r")
    digits = digits[1:] if digits[:1] in ("+", "-") else digits
    if not (digits.isascii() and digits.isdigit()):
        return None
    digits = digits.lstrip("0") or "0"
    bits = int(digits) if len(digits) <= 3 else ALL_ONES[4]
    if bits > BITS[family] or (bits and "-" in text):
        return None
    return ALL_ONES[family] ^ (ALL_ONES[family] >> bits)


def prefix_length(family: int, mask: int) -> int | None:
    """How many leading ones ``mask`` has; None where it has holes."""
    bits = BITS[family] - (ALL_ONES[family] ^ mask).bit_length()
    return bits if mask == ALL_ONES[family] ^ (ALL_ONES[family] >> bits) else None


def show(family: int, address: int) -> str:
    """The address as inet_ntop(3) writes it."""
    if family == 4:
        return ".".join([str(address >> shift & 255) for shift in (24, 16, 8, 0)])
    groups = [address >> shift & 0xFFFF for shift in range(112, -1, -16)]
    start, length = _longest_zeros(groups)
    if start == 0 and (length == 6 or (length == 5 and groups[5] == 0xFFFF)):
        return ("::" if length == 6 else "::ffff:") + show(4, address & ALL_ONES[4])
    if length < 2:
        return ":".join([f"{group:x}" for group in groups])
    head = ":".join([f"{group:x}" for group in groups[:start]])
    tail = ":".join([f"{group:x}" for group in groups[start + length :]])
    return f"{head}::{tail}"


def _longest_zeros(groups: list[int]) -> tuple[int, int]:
    best = (0, 0)
    start = 0
    while start < 8:
        end = start
        while end < 8 and not groups[end]:
            end += 1
        if end - start > best[1]:
            best = (start, end - start)
        start = end + 1
    return best


def _ipv4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) > 4:
        return None
    value = 0
    for place, part in enumerate(parts, 1):
        number = _number(part)
        limit = 256 if place < len(parts) else 1 << 8 * (5 - len(parts))
        if number is None or number >= limit:
            return None
        value = value << 8 | number if place < len(parts) else value << 8 * (5 - len(parts)) | number
    return value


def _number(text: str) -> int | None:
    """A number as C writes it: decimal, octal after ``0``, hexadecimal after ``0x``."""
    if not text.isascii() or not text[:1].isdigit() or len(text) > 40:
        return None
    if text[:2] in ("0x", "0X"):
        return int(text[2:], 16) if text[2:] and _HEX.issuperset(text[2:]) else None
    if not text.isdigit():
        return None
    if text[0] == "0":
        return int(text, 8) if not set(text) & set("89") else None
    return int(text)


def _ipv6(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    if "::" in tail or tail.startswith(":"):
        return None
    before, after = _groups(head), _groups(tail)
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    if missing < 0 or (missing > 0 and not gap) or (gap and not missing):
        return None
    if gap and before and "." in head:
        return None
    value = 0
    for group in before + [0] * missing + after:
        value = value << 16 | group
    return value


def _is_zone(zone: str, address: int) -> bool:
    """Whether glibc takes what stands behind ``%``: a number, or of a link's addresses an interface of the machine:
    their names may be anything, and begin with a letter everywhere."""
    if zone.isascii() and zone.isdigit():
        return int(zone[:20]) <= ALL_ONES[4]
    return zone[:1].isalpha() and (address >> 118 == 0xFE80 >> 6 or address >> 112 & 0xFF0F == 0xFF02)


def _groups(text: str) -> list[int] | None:
    """The 16-bit groups of a run between colons; its last may be a dotted IPv4 address."""
    if not text:
        return []
    groups: list[int] = []
    parts = text.split(":")
    for place, part in enumerate(parts, 1):
        if "." in part and place == len(parts):
            four = _ipv4(part)
            if four is None or show(4, four) != part:  # here only the plain form is taken
                return None
            groups += [four >> 16, four & 0xFFFF]
        elif part and len(part) <= 4 and _HEX.issuperset(part):
            groups.append(int(part, 16))
        else:
            return None
    return groups
