"""Settings with provenance: who won, who lost, or why nobody knows."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, Fix, valued
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import HOLE, Place
from pgfpmlint.syntax.document import Document

PLACEHOLDERS = (HOLE, "{{", "{%", "{#", "<%", "${")
"""What templates are filled in with before a server sees the file (Jinja and its kin, ERB, shell), and what stands for
that where a file is known to be one.

To a reading that is told the ``marks`` of placeholders, text with one of them in it is unknown. Without any, what is
written is what the server gets.
"""


FILLED_IN = "its value is a template's placeholder"
DEPENDS = "a template decides what it is"


def is_open(text: str) -> bool:
    """Whether ``text`` holds a placeholder. ``${`` is one where a name and ``}`` follow: ``/^x${`` is a bad regex."""
    if "${" in text:
        for rest in text.split("${")[1:]:
            first = rest.lstrip()[:1]
            if "}" in rest and (first.isalpha() or first == "_"):
                return True
    return any(mark in text for mark in PLACEHOLDERS[:-1])


class Written(NamedTuple):
    """The value stands in a file: ``place`` is the whole assignment, ``value_place`` the value alone.

    ``raw`` is the value's text as decoded from the file, before the server interprets it.
    """

    place: Place
    value_place: Place
    raw: str


class Default(NamedTuple):
    """Nothing sets it; this version's built-in default holds. ``anchor`` is where a finding may point, if anywhere."""

    version: ServerVersion
    anchor: Place | None


class Unknown(NamedTuple):
    """The value can't be known from the files; ``why`` is for people. ``alternatives`` are the assignments of which a
    template brings one to the server, where only such are in question; its default may be another."""

    why: str
    anchor: Place | None
    alternatives: tuple[Written, ...] = ()


Marks = tuple[str, ...]

Origin = Written | Default | Unknown


class Effective(NamedTuple):
    """One setting as the server would run with it.

    ``value`` has the form in which the server itself shows it (``pg_settings.setting``, ``php-fpm -tt``,
    ``SHOW CONFIG``); None when it is unknown or has no default. ``shadowed`` are the assignments that lost,
    oldest first.
    """

    name: str
    value: str | None
    origin: Origin
    shadowed: tuple[Written, ...] = ()

    @property
    def place(self) -> Place | None:
        """The winning line, or where a finding about the unset setting may point."""
        return self.origin.place if isinstance(self.origin, Written) else self.origin.anchor

    @property
    def is_written(self) -> bool:
        return isinstance(self.origin, Written)

    def rewritten(self, text: str, safety: str = SAFE) -> Fix | None:
        """``text`` in the place of the written value; None where none is written."""
        if not isinstance(self.origin, Written):
            return None
        return valued(self.origin.value_place, text, safety)

    @property
    def number(self) -> int | None:
        """The value as a whole number, or None where it is unknown or none."""
        try:
            return int(self.value) if self.value is not None else None
        except ValueError:
            return None


class Unread(NamedTuple):
    """A file that a reading should have followed but that can't be known here; rules then stay silent about it.

    ``there``: the tree holds something of that name, and it can't be read; ``path`` is then the shown one.
    """

    path: str
    why: str
    place: Place | None
    there: bool = False


class Reading(NamedTuple):
    """What is common to every reading: the documents in the order in which they were read, and the objections."""

    kind: str
    version: ServerVersion
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    unread: tuple[Unread, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the server of that version starts with it (pg_hba.conf, pg_ident.conf: loads it)."""
        return not any(problem.refuses for problem in self.problems)

    @property
    def main(self) -> Document:
        return self.documents[0]
