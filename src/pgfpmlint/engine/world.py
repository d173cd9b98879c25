"""What the engine asks of a world. `pgfpmlint.model.world.World` is the real one; tests bring small ones."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import Protocol
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Document


class ReadingLike(Protocol):
    """`resolve.settings.Reading`, as far as the engine looks at it."""

    @property
    def documents(self) -> Sequence[Document]: ...


class UnreadLike(Protocol):
    """`resolve.settings.Unread`: a file that a reading should have followed and that is not in the tree."""

    @property
    def path(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def place(self) -> Place | None: ...
    @property
    def there(self) -> bool: ...


class World(Protocol):
    """All that was read, frozen, and the same for every rule."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What the readings objected to, each under the id of the rule that reports it."""

    @property
    def readings(self) -> Sequence[ReadingLike]:
        """Whose documents hold the comments that suppress."""

    @property
    def unread(self) -> Sequence[UnreadLike]: ...

    @property
    def not_evaluated(self) -> Sequence[tuple[str, str]]:
        """Rule id and reason, for rules that the model itself knows to be without ground."""

    def may_mention(self, words: Sequence[str]) -> bool:
        """Whether any file holds one of these settings or facts, as far as anybody can tell."""

    def subjects(self, kind: str) -> Sequence[object]:
        """What a rule of that subject (a key of definition.SUBJECTS) is asked about, one after the other."""

    def has(self, kind: str) -> bool:
        """Whether there is a node of that kind at all."""
