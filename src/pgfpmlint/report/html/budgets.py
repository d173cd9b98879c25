"""The budget of every instance: its ledger, and the verdict on it in a few words."""

from __future__ import annotations

from pgfpmlint.model.accounts import Account, Accounts
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.budget_notes import host_notes, pooler_notes
from pgfpmlint.report.budget_text import instance_ledger
from pgfpmlint.report.html.alike import grouped, without_host
from pgfpmlint.report.html.chart import Chart, chart
from pgfpmlint.report.html.sheet import Table, TableSheet
from pgfpmlint.report.snippet import Screen, harmless

MOST_CHARTS = 24
"""Budgets with a picture; the others have the same table."""

STATES = ("fails", "tight", "fits")


class Budget(NamedTuple):
    """One instance, or several that are ``names`` and have the same sums; ``chart`` is None where too many are
    drawn already.

    ``state`` is ``fails``, ``tight`` or ``fits``."""

    anchor: str
    names: tuple[str, ...]
    state: str
    words: str
    table: Table
    chart: Chart | None


class Books(NamedTuple):
    """``without`` are instances that have no budget, and why; ``poolers`` and ``hosts`` the ledgers of the others."""

    budgets: tuple[Budget, ...]
    without: tuple[tuple[str, str], ...]
    others: tuple[tuple[tuple[str, ...], Table], ...]

    @property
    def failing(self) -> list[Budget]:
        return [budget for budget in self.budgets if budget.state == "fails"]

    @property
    def instances(self) -> int:
        return sum(len(budget.names) for budget in self.budgets)


def books(accounts: Accounts, screen: Screen) -> Books:
    """Those that fail first."""
    found: list[tuple[Account, Table]] = []
    for account in accounts.open:
        sheet = TableSheet(screen)
        instance_ledger(sheet, account)
        found.append((account, sheet.tables[0]))
    same = grouped(found, lambda one: _likeness(one[1], one[0].found.instance.host.name))
    together = [(alike, _budget(alike, screen)) for alike in same]
    together.sort(key=lambda one: STATES.index(one[1].state))
    budgets = [
        budget._replace(anchor=f"budget-{number}", chart=chart(alike[0][0]) if number <= MOST_CHARTS else None)
        for number, (alike, budget) in enumerate(together, 1)
    ]
    sheet = TableSheet(screen)
    pooler_notes(sheet, accounts)
    host_notes(sheet, accounts)
    alike = grouped(sheet.tables, lambda table: _likeness(table, table.name.rpartition("/")[0] or table.name))
    return Books(
        tuple(budgets),
        tuple((harmless(gap.name), screen.words(gap.why)) for gap in accounts.closed),
        tuple((tuple(table.name for table in tables), tables[0]) for tables in alike),
    )


def _budget(alike: list[tuple[Account, Table]], screen: Screen) -> Budget:
    account, table = alike[0]
    found = account.found
    names = tuple(harmless(one.name) for one, _ in alike)
    state = "fails" if found.fails else "tight" if found.headroom < found.wanted and found.demand else "fits"
    return Budget("", names, state, screen.words(_verdict(account)), table, None)


def _verdict(account: Account) -> str:
    found = account.found
    demand = f"{'At least ' if found.at_least else ''}{found.demand}"
    if found.pooled.unlimited:
        return f"{found.pooled.unlimited}: nothing bounds what is asked of {found.budget} connections"
    if found.headroom < 0:
        return f"{demand} connections may be asked of {found.budget}: {-found.headroom} too many"
    if found.fails:
        over = found.peak.total - found.budget
        return f"{found.peak.total} connections {found.peak.words}, of {found.budget}: {over} too many"
    if not found.demand:
        return f"Nobody in the files is known to take any of {found.budget} connections"
    return f"{demand} connections may be asked of {found.budget}: {found.headroom} stay free"


def _likeness(table: Table, host: str) -> tuple[object, ...]:
    texts = [table.name, table.words, *(part for row in table.rows for part in row)]
    return tuple(without_host(text, host) for text in texts)
