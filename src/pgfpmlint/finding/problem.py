"""What a reading found wrong with a file: the server's own objections, before any rule has spoken."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.finding.fix import Fix
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Place

NOTHING: Mapping[str, object] = {}


class Label(NamedTuple):
    """A further place that a statement follows from, with a few words on what it contributes."""

    place: Place
    words: str


class Problem(NamedTuple):
    """One objection. ``rule`` is the id of the rule that reports it; nothing is reported outside a rule.

    ``says`` is the server's own message without its path and line prefix, for the version in play.
    ``refuses``: the server does not start with the file (pg_hba.conf, pg_ident.conf, userlist.txt: does not load all of
    it).
    ``values`` fill the holes of the rule's message and help. ``of_machine``: another machine, with other accounts,
    folders or limits, may see nothing wrong. ``behind``: the server stops at another fault before it comes to this one.
    ``doubt`` says in words what the files leave open, where that decides whether the server minds: no finding is made
    of it then. ``fix`` is what mends it, if the rule allows fixes.
    """

    rule: str
    place: Place
    says: str
    refuses: bool
    values: Mapping[str, object] = NOTHING
    related: tuple[Label, ...] = ()
    of_machine: bool = False
    behind: bool = False
    doubt: str = ""
    fix: Fix | None = None
