"""The environment that an application sees: what its pool sets, and below that its .env files.

Neither Laravel's reader nor Symfony's overwrites a variable that is there already, so ``env[...]`` of the pool wins:
https://laravel.com/docs/configuration#environment-variable-security,
https://symfony.com/doc/current/configuration.html#overriding-environment-values-via-env-local.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.finding.problem import Label
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import PLACEHOLDERS, Effective
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Assignment, Document, Value

FPM, PLAIN = "env[{}]", "{}"
"""How variables are written in a pool of FPM, and elsewhere."""

NOTHING: Mapping[str, Effective] = {}
TEMPLATES = tuple(mark for mark in PLACEHOLDERS if mark != "${")


class EnvironmentVariable(NamedTuple):
    """One variable. ``text`` is None where only the running system knows it; ``shown`` is what people call it."""

    name: str
    text: str | None
    place: Place | None
    shown: str

    def label(self, words: str) -> tuple[Label, ...]:
        """The line that sets it, with what it contributes."""
        return (Label(self.place, words),) if self.place is not None else ()


def is_port(text: str) -> bool:
    """Whether it is a number, and one that a port may have."""
    return text.isascii() and text.isdigit() and len(text) <= 5


class Environment:
    """``own`` are the pool's ``env[...]``, which people call by ``shown``; ``files`` are parsed .env files, the
    strongest last. ``like_shell``: ``$NAME`` is a variable, too. ``complete``: what is set nowhere here is not set at
    all."""

    def __init__(
        self,
        own: Mapping[str, Effective] = NOTHING,
        files: tuple[Document, ...] = (),
        *,
        like_shell: bool = False,
        complete: bool = False,
        shown: str = FPM,
    ) -> None:
        self.complete = complete
        self._own = own
        self._shown = shown
        self._like_shell = like_shell
        self._written: dict[str, tuple[Document, Value]] = {}
        self.names: list[str] = list(own)
        for document in files:
            for node in document.parts:
                if isinstance(node, Assignment) and node.value is not None:
                    self._written[node.key.text] = (document, node.value)
        self.names += self._written

    def get(self, name: str) -> EnvironmentVariable | None:
        """None where nothing sets it. An empty one counts as set."""
        own = self._own.get(name)
        if own is not None:
            # A value that begins with $ is looked up in FPM's own environment when it starts.
            outside = own.name != name
            known = own.value is not None and not (self._shown == FPM and not outside and own.value.startswith("$"))
            shown = own.name if outside else self._shown.format(name)
            return EnvironmentVariable(name, own.value if known else None, own.place, shown)
        if name not in self._written:
            return None
        document, value = self._written[name]
        node = document.place(value)
        start = node.source.text.rfind("\n", 0, node.start) + 1
        place = node.source.place(start, max(node.end, start))
        return EnvironmentVariable(name, self._filled(value, 0), place, name)

    def shown(self, name: str) -> str:
        """What people call the client's own variable of that name."""
        return self._shown.format(name)

    def text(self, name: str) -> str | None:
        """What it holds; None where nothing sets it or nobody can tell."""
        found = self.get(name)
        return found.text if found is not None else None

    def _filled(self, value: Value, depth: int) -> str | None:
        if any(mark in value.text for mark in TEMPLATES):
            return None
        text, done = "", 0
        for hole in value.variables:
            filling = self._filling(hole.name, hole.fallback, depth)
            if filling is None:
                return None
            text += value.text[done : hole.at] + filling
            done = hole.at
        return text + value.text[done:]

    def _filling(self, name: str, fallback: Value | None, depth: int) -> str | None:
        if not name or depth > 9:  # a hole without a name is one that nothing fills
            return None
        if name.startswith("$") and not self._like_shell:
            return name
        name = name.removeprefix("$")
        if name in self._own:
            found = self.get(name)
            return found.text if found is not None else None
        if name in self._written:
            return self._filled(self._written[name][1], depth + 1)
        if fallback is not None:
            return fallback.text
        return "" if self._like_shell else f"${{{name}}}"
