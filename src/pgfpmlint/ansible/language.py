"""Jinja as Ansible speaks it, as far as a linter follows: parsed by Jinja, computed by nobody but us.

Nothing of a template is compiled or called: `expressions` walks the tree that Jinja's parser makes, and knows only the
operations, filters, tests and methods that are listed in this room. What takes too long or grows too large is given up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pgfpmlint.ansible.values import Doubt, Missing, Unknown

LARGEST_TEXT = 256 * 1024
"""Characters; far more than a configuration file of ours has."""

LARGEST_LIST = 20_000
"""Items."""

MOST_STEPS = 100_000
"""Operations for one template on one host: about half a second."""


class TooMuch(Exception):
    """A template asks for more time or memory than a configuration file can be worth."""


class Bounded(ImmutableSandboxedEnvironment):
    """Filters and tests get at values by keys and indexes alone, never at an object's attributes."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        return item(obj, argument)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return item(obj, attribute)


def item(holder: Any, key: Any) -> Any:
    """What ``holder[key]`` or ``holder.key`` is; Missing where there is none."""
    if isinstance(holder, (Unknown, Missing)):
        return holder if isinstance(holder, Missing) else Unknown()
    if isinstance(holder, dict):
        if isinstance(key, (str, int, float)) or key is None:
            found = holder.get(key, holder)
            return Missing(name=str(key)) if found is holder else found
        raise Doubt
    if isinstance(holder, (list, tuple, str)):
        if isinstance(key, str) and key.lstrip("-").isdigit():
            key = int(key)  # Jinja's own ``one.0``
        if isinstance(key, int):
            return holder[key] if -len(holder) <= key < len(holder) else Missing(name=str(key))
        if isinstance(holder, tuple):
            raise Doubt  # what `groupby` makes has names for its items
        return Missing(name=str(key))
    raise Doubt


@lru_cache(maxsize=4)
def _context(made: Bounded) -> Context:
    return Context(made, {}, None, {})


def filtered(made: Bounded, name: str, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return made.call_filter(name, value, args, kwargs, context=_context(made))


def tested(made: Bounded, name: str, value: Any, args: list[Any], kwargs: dict[str, Any]) -> bool:
    return bool(made.call_test(name, value, args, kwargs, context=_context(made)))


@lru_cache(maxsize=4096)
def parsed(made: Bounded, text: str) -> nodes.Template | None:
    """The tree of a template; None of what is none. What the parser minds is somebody else's business."""
    try:
        # Unlike environment.parse, without a rewrite of the error's traceback.
        return made._parse(text, None, None)
    except (TemplateSyntaxError, RecursionError, ValueError, MemoryError, AssertionError):
        return None
