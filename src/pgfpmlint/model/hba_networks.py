"""Networks of addresses of both families, as sets that are put together, and asked whether they hold another.

Networks lie apart from each other or one in the other, never across; so a look-up by prefix length finds those that
hold an address, and a list in the order of addresses those within.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from pgfpmlint.resolve import ip

Network = tuple[int, int, int]
"""Family, prefix length, address."""

MOST_HOPS = 64
"""Runs of addresses in several cells, one after the other, by which one network may be covered: so many patches by
different databases or users are nobody's order of records."""

MOST_WEIGHED = 32
"""Networks inside one of which it is found out who decides where."""

MOST_OWNERS = 4
"""Records with one cell and network in common among which the one is looked for that covers another record alone."""

Claim = tuple[int, int, int]
"""A network's first and last address, and the number of its record."""


class Networks:
    """The addresses of one cell, each network with the numbers of the first records that match it."""

    __slots__ = ("_ends", "_inner", "_lengths", "_owners", "_starts", "named")

    def __init__(self) -> None:
        self.named: dict[str, int] = {}
        self._owners: dict[Network, list[int]] = {}
        self._inner: list[Claim] = []
        self._lengths: dict[int, list[int]] = {4: [], 6: []}
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, network: Network, number: int) -> None:
        owners = self._owners.setdefault(network, [])
        if owners:
            if len(owners) < MOST_OWNERS:
                owners.append(number)
            return
        owners.append(number)
        family, bits, _ = network
        if bits not in self._lengths[family]:
            insort(self._lengths[family], bits)
        first, last = _span(network)
        insort(self._inner, (first, last, number))
        at = bisect_left(self._ends, first - 1)
        until = bisect_right(self._starts, last + 1)
        if at < until:
            first, last = min(first, self._starts[at]), max(last, self._ends[until - 1])
        self._starts[at:until] = [first]
        self._ends[at:until] = [last]

    def reach(self, point: int) -> int:
        """The last address of the run that holds ``point``; -1 where none does."""
        at = bisect_right(self._starts, point) - 1
        return self._ends[at] if at >= 0 and self._ends[at] >= point else -1

    def around(self, network: Network) -> list[int]:
        """The records of the networks that hold this one."""
        family, bits, address = network
        found: list[int] = []
        for length in self._lengths[family]:
            if length > bits:
                break
            found += self._owners.get((family, length, address & ones(family, length)), ())
        return found

    def inside(self, first: int, last: int, most: int) -> list[Claim]:
        """The networks between two addresses, the first ``most`` of them."""
        at = bisect_left(self._inner, (first, 0, 0))
        until = min(bisect_left(self._inner, (last + 1, 0, 0)), at + most + ip.BITS[6])
        return [claim for claim in self._inner[at:until] if claim[1] <= last][:most]


def cover(cells: Sequence[Networks], network: Network) -> bool:
    """Whether the cells together hold the network."""
    point, last = _span(network)
    for _ in range(MOST_HOPS):
        reached = max([cell.reach(point) for cell in cells], default=-1)
        if reached >= last:
            return True
        if reached < 0:
            return False
        point = reached + 1
    return False


def deciders(network: Network, around: set[int], cells: Sequence[Networks]) -> tuple[set[int], bool]:
    """Of the networks that hold this one or lie in it, those that are the first to match somewhere; and whether these
    are all, which is not found out where there are too many."""
    point, last = _span(network)
    claims = [claim for cell in cells for claim in cell.inside(point, last, MOST_WEIGHED + 1)]
    complete = len(claims) <= MOST_WEIGHED
    claims = claims[:MOST_WEIGHED]
    if around:
        soonest = min(around)
        claims = [claim for claim in claims if claim[2] < soonest] + [(point, last, soonest)]
    found: set[int] = set()
    while point <= last:
        here = [number for first, end, number in claims if first <= point <= end]
        if not here:
            break
        found.add(min(here))
        point = min([edge for first, end, _ in claims for edge in (first, end + 1) if edge > point])
    return found, complete


_FOUR = 1 << 130
"""Where the IPv4 addresses stand in the one row of all addresses: apart from the others."""


def _span(network: Network) -> tuple[int, int]:
    """The first and the last address of a network in that row."""
    family, bits, address = network
    first = address if family == 6 else address + _FOUR
    return first, first | ip.ALL_ONES[family] >> bits


def ones(family: int, bits: int) -> int:
    """The mask of a prefix length."""
    return ip.ALL_ONES[family] ^ ip.ALL_ONES[family] >> bits
