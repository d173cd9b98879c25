"""The budget of every instance as a ledger: what it has, who takes how much and why, what is left."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.model.accounts import Account, Accounts
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.report.budget_notes import host_notes, instance_notes, pooler_notes
from pgfpmlint.report.ink import Ink
from pgfpmlint.report.ledger import clients, shown_name
from pgfpmlint.report.page import Page, Sheet
from pgfpmlint.report.snippet import Screen

if TYPE_CHECKING:
    from pgfpmlint.model.proposals import Proposals


def as_text(
    books: Accounts, what_if: Sequence[str] = (), proposed: Proposals | None = None, *, color: bool = False
) -> str:
    """One ledger for each instance, then the poolers' clients, the hosts' memory, and what is proposed. ``what_if`` are
    the options that the numbers suppose."""
    page = Page(Screen(), Ink(color))
    if what_if:
        page.note("what if", ", ".join(what_if), style="info")
        page.blank()
    for account in books.open:
        instance_ledger(page, account)
    for gap in books.closed:
        page.heading(gap.name, f"no budget: {gap.why}")
    pooler_notes(page, books)
    host_notes(page, books)
    if proposed is not None:
        from pgfpmlint.report.proposals_text import propose

        propose(page, proposed, {account.name: account.found for account in books.open})
    return page.text.rstrip("\n") + "\n"


def instance_ledger(page: Sheet, account: Account) -> None:
    """What one instance has, who takes how much of it, what is left, and what follows."""
    found = account.found
    reading = found.instance.postgres.reading
    older = ".".join(map(str, reading.version.instead_of))
    version = f"{older}, read as {reading.version}" if older else str(reading.version)
    page.heading(account.name, f"PostgreSQL {version}, {reading.main.source.path}")
    limit = found.slots.max_connections
    default = "" if limit.is_written else f", the default of PostgreSQL {reading.version}"
    page.entry("", found.slots.slots, f"max_connections{default}", [limit.place] if limit.is_written else [])
    for term in found.slots.terms:
        page.entry("-", term.amount, f"{term.name}{'' if term.places else ', by default'}", term.places)
    refused = "" if found.slots.usable > 0 else ": PostgreSQL does not start with so few"
    page.entry("=", found.slots.usable, f"usable{refused}", style="error" if refused else "")
    for term in found.consumers:
        page.entry("-", term.amount, term.name if term.places else term.words, term.places)
    page.entry("=", found.budget, "budget")
    page.blank()
    own = [taker for taker in account.takers if taker.via is None]
    clients(page, own, (found.direct, found.pooled), "demand")
    for taker in account.takers:
        if taker.via is not None and taker.term is not None:
            words = f"{taker.via} serves {shown_name(taker)}: {taker.term.words} = {taker.term.amount} client"
            words += "s" if taker.term.amount != 1 else ""
            page.remark(words, taker.term.places)
    page.blank()
    _headroom(page, account)
    instance_notes(page, account)
    page.blank()


def _headroom(page: Sheet, account: Account) -> None:
    found = account.found
    sum_ = f"{found.budget} budget - {found.demand} demand"
    if found.pooled.unlimited:
        page.entry("", "none", f"headroom: {found.pooled.unlimited}", style="error")
        return
    left = f"≤ {found.headroom}" if found.at_least else found.headroom
    share = f"{found.wanted} are to stay free, {found.percent} % of {found.slots.slots} max_connections"
    if found.headroom < 0:
        too_many = f"{'at least ' if found.at_least else ''}{-found.headroom} connections too many"
        page.entry("", left, f"headroom: {sum_}; {too_many}", style="error")
    elif found.headroom < found.wanted and found.demand:
        tight = "; it is less than 10 %" if found.headroom * 10 < found.slots.slots else ""
        page.entry("", left, f"headroom: {sum_}; {share}{tight}", style="warning")
    else:
        page.entry("", left, f"headroom: {sum_}; {share}")
