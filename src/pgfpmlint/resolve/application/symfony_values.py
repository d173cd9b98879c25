"""Values in Symfony's YAML with ``%env(…)%`` and ``%parameters%`` filled in, as far as the files tell.

https://symfony.com/doc/current/configuration.html#configuration-parameters,
https://symfony.com/doc/current/configuration/env_var_processors.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.connection import Word
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.source.text import Place

PLAIN_PROCESSORS = ("int", "resolve", "string", "trim")
DEEPEST = 9


class Leaf(NamedTuple):
    """A scalar of the file; a list counts as empty."""

    text: str
    place: Place


class _Found(NamedTuple):
    """What stands for a variable, and where; ``parts`` are those of a URL that was taken apart."""

    text: str
    place: Place | None
    shown: str
    parts: Mapping[str, str] = {}


class Values:
    """``parameters`` gives what the application's ``parameters:`` say; it is asked only where something needs it."""

    def __init__(self, environment: Environment, parameters: Callable[[], Mapping[str, Leaf]]) -> None:
        self._environment = environment
        self._parameters = parameters

    def word(self, leaf: Leaf, key: str, depth: int = 0) -> Word | None:
        """The value, and the line that it stands on; None where nobody can tell it."""
        text, done, word = leaf.text, "", Word(leaf.text, leaf.place, key)
        while "%" in text:
            before, _, rest = text.partition("%")
            name, sign, text = rest.partition("%")
            done += before
            if not sign:
                return None
            if not name:  # %% is a percent sign
                done += "%"
                continue
            found = self._filling(name, depth) if depth < DEEPEST else None
            if found is None:
                return None
            if not done and not text:
                return Word(found.text, found.place or leaf.place, found.shown)
            done += found.text
        return word._replace(text=done + text)

    def _filling(self, name: str, depth: int) -> _Found | None:
        if name.startswith("env(") and name.endswith(")"):
            return self._variable(name[4:-1].split(":"), depth)
        return self._parameter(name, depth)

    def _parameter(self, name: str, depth: int) -> _Found | None:
        leaf = self._parameters().get(name)
        word = self.word(leaf, name, depth + 1) if leaf is not None else None
        return _Found(word.text, word.place, word.shown) if word is not None else None

    def _variable(self, parts: list[str], depth: int) -> _Found | None:
        """``default:fallback:NAME``: the processors stand before the variable, the last one works first."""
        first, *rest = parts
        if not rest:
            return self._of_environment(first, depth)
        if first in ("default", "key") and len(rest) > 1:
            inner = self._variable(rest[1:], depth)
            if first == "default":
                return self._or_default(inner, rest[0], rest[-1], depth)
            text = inner.parts.get(rest[0]) if inner is not None else None
            return inner._replace(text=text, parts={}) if inner is not None and text is not None else None
        inner = self._variable(rest, depth)
        if first == "url" and inner is not None:
            return inner._replace(parts=_parts(inner.text))
        return inner if first in PLAIN_PROCESSORS else None

    def _or_default(self, found: _Found | None, parameter: str, name: str, depth: int) -> _Found | None:
        if found is not None and found.text:
            return found
        if found is None and (self._environment.get(name) is not None or not self._environment.complete):
            return None
        return self._parameter(parameter, depth) if parameter else _Found("", None, name)

    def _of_environment(self, name: str, depth: int) -> _Found | None:
        variable = self._environment.get(name)
        if variable is None and self._environment.complete:
            return self._parameter(f"env({name})", depth)
        if variable is None or variable.text is None:
            return None
        return _Found(variable.text.replace("%env(", ""), variable.place, variable.shown)


def _parts(url: str) -> dict[str, str]:
    from urllib.parse import unquote, urlsplit

    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return {}
    return {
        "scheme": found.scheme,
        "host": found.hostname or "",
        "port": str(port or ""),
        "user": unquote(found.username or ""),
        "path": unquote(found.path.removeprefix("/")),
    }
