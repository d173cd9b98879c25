"""Who takes how many connections of one server, added up line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.model.capacity import Sum, Term
from pgfpmlint.model.link import Link
from pgfpmlint.model.takers import Taker
from pgfpmlint.report.page import Sheet
from pgfpmlint.source.text import Place


def clients(
    page: Sheet, takers: Sequence[Taker], sums: Sequence[Sum], total: str, declared: Sequence[Term] = ()
) -> None:
    """The ``takers`` of a server, what ``sums`` make of them, who else is ``declared``, and the sum of it all, which is
    called ``total``."""
    left = {id(taker): taker for taker in takers}
    sign = ""
    for term, parts in _grouped(sums, takers):
        for taker in parts:
            del left[id(taker)]
            _taker(page, taker, "" if term.parts else sign)
        if term.parts:
            page.entry(sign, term.amount, f"at most, of these: {term.words} of {term.name}", term.places)
        sign = "+"
    for taker in left.values():
        _taker(page, taker, "+" if sign else "")
    for term in declared:
        page.entry("+" if sign or left else "", term.amount, term.name, term.places)
        sign = "+"
    if not takers and not declared:
        page.remark("nobody is known to connect here")
    amount = sum(one.total for one in sums) + sum(term.amount for term in declared)
    page.entry("=", marked(amount, any(one.at_least for one in sums)), total)


def marked(amount: int, at_least: bool) -> str:
    """A number, marked where it is only a lower bound."""
    return f"≥ {amount}" if at_least else str(amount)


def shown_name(taker: Taker) -> str:
    """``web/www``, ``edge/pgbouncer database shop``."""
    return f"{taker.name} database {taker.database}" if taker.database is not None else taker.name


def _grouped(sums: Sequence[Sum], takers: Sequence[Taker]) -> Iterator[tuple[Term, list[Taker]]]:
    """Each term with the takers that it counts: one, or all that it caps."""
    by_name: dict[str, list[Taker]] = {}
    for taker in takers:
        if taker.term is not None:
            by_name.setdefault(taker.term.name, []).append(taker)
    for term in (term for one in sums for term in one.terms):
        names = [part.name for part in term.parts] or [term.name]
        yield term, [by_name[name].pop(0) for name in names if by_name.get(name)]


def _taker(page: Sheet, taker: Taker, sign: str) -> None:
    if taker.term is None:
        page.entry(sign, "?", f"{shown_name(taker)}: {taker.why}")
    else:
        words = f"{shown_name(taker)}: {taker.term.words}"
        page.entry(sign, marked(taker.term.amount, taker.at_least), words, taker.term.places)
    page.remark(*_evidence(taker.link))


def _evidence(link: Link) -> tuple[str, list[Place]]:
    """What says that the client connects here."""
    if not link.evidence:
        return f"nothing says where it connects{link.assumption}", []
    return "; ".join(label.words for label in link.evidence), [label.place for label in link.evidence]
