"""What our answer and a server's have against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from servers.answer import Answer

# No file tells how a server was built; and of the many ways to write a moment only ISO 8601 is judged.
OF_THE_BUILD = ("not supported by this build", "is not supported on this platform")
_NOT_JUDGED = 'invalid value for parameter "recovery_target_time"'

# Where the servers put file and line within a message.
_PLACE = re.compile(r' in file "<dir>[^"]*" line \d+| \([^ ()]*:\d+\)|\[<dir>[^]]*:\d+\] ')


class Ours(NamedTuple):
    """What a reading makes of files: in the shape of a server's answer, and its refusals in our order."""

    accepted: bool
    values: Mapping[str, Any]
    refusals: list[str]


class Verdict(NamedTuple):
    """``differences`` in words. ``other_words``: our first objection to what both refuse, if the server has another.
    ``values`` are those that the server shows."""

    accepted: bool
    differences: list[str]
    other_words: str = ""
    values: Mapping[str, Any] = {}


def verdict(ours: Ours, real: Answer, both_ways: Callable[[str], bool] = lambda name: False) -> Verdict:
    """``both_ways`` tells the names of values that we must have when the server has them."""
    if ours.accepted != real.accepted:
        if any(words in real.says for words in (*OF_THE_BUILD, _NOT_JUDGED)):
            return Verdict(real.accepted, [])
        what = f"we {_verb(ours.accepted)} it: {ours.refusals}; the server {_verb(real.accepted)} it: {real.says}"
        return Verdict(real.accepted, [what])
    if not real.accepted:
        said = _PLACE.sub("", real.says)
        other = "" if ours.refusals[0] in said else f"we say {ours.refusals[0]!r}, the server {said!r}"
        return Verdict(False, [], other)
    if not real.values:  # a PHP-FPM that logs warnings only does not show its values
        return Verdict(True, [])
    names = [*ours.values, *(name for name in real.values if name not in ours.values and both_ways(name))]
    different = [name for name in names if ours.values.get(name) != real.values.get(name)]
    shown = [f"{name}: we read {ours.values.get(name)!r}, the server {real.values.get(name)!r}" for name in different]
    return Verdict(True, shown, values=real.values)


def _verb(accepted: bool) -> str:
    return "accept" if accepted else "refuse"
