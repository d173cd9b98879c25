"""What PgBouncer has against a configuration, collected while it is read."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import Fix
from pgfpmlint.finding.problem import NOTHING, Label, Problem
from pgfpmlint.source.text import Place

MASK = "********"


class Objections:
    """Problems in the order in which they are met, each once, however often a file is included.

    ``muted`` holds back what can't be sure: behind a file that can't be read here, nobody knows which section goes on.
    """

    __slots__ = ("_found", "muted", "version")

    def __init__(self, version: ServerVersion) -> None:
        self.version = version
        self.muted = False
        self._found: dict[tuple[str, str, int], Problem] = {}

    def since(self, *number: int) -> bool:
        """Whether the server has what came with ``number``; where nothing tells the version, it has everything."""
        return self.version.assumed or self.version.at_least(*number)

    def add(
        self,
        rule: str,
        place: Place,
        says: str,
        values: Mapping[str, object] = NOTHING,
        *,
        refuses: bool = True,
        related: tuple[Label, ...] = (),
        sure: bool = False,
        of_machine: bool = False,
        fix: Fix | None = None,
    ) -> None:
        """Report, once per rule and place, a refusal before a mere doubt. ``sure``: whatever the section may be."""
        key = (rule, place.path, place.start)
        known = self._found.get(key)
        if (sure or not self.muted) and (known is None or (refuses and not known.refuses)):
            self._found.pop(key, None)
            self._found[key] = Problem(rule, place, says, refuses, values, related, of_machine, fix=fix)

    @property
    def found(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())


def masked(text: str) -> str:
    """``text`` for a message: whatever follows a word like ``password=`` or ``bindpasswd=`` is not repeated."""
    lower = text.lower()
    for word in ("passw", "pwd", "secret"):
        separator = text.find("=", lower.find(word)) if word in lower else -1
        if separator >= 0:
            return text[: separator + 1] + MASK
    return text
