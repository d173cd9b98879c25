"""The names and values of a server's settings, judged in the server's own passes.

Names come first, values only when every name is known, and of a name only the last line counts: "the last" of one
spelling, for the server compares names of duplicates letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pgfpmlint.catalog.postgresql import Setting, majors
from pgfpmlint.catalog.refusal import BAD_UNIT, CANNOT_CHANGE, OUT_OF_RANGE, Refusal
from pgfpmlint.finding.fix import SAFE, UNSAFE, Edit, Fix, removed, written
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.postgres.files import Line
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import DEPENDS, FILLED_IN, Effective, Unknown, Written, is_open
from pgfpmlint.source.text import HOLE, Condition

if TYPE_CHECKING:
    from pgfpmlint.resolve.postgres.advice import ForName

UNKNOWN_NAME = "postgres/unknown-parameter"
INVALID = "postgres/invalid-value"

RULES = {
    CANNOT_CHANGE: "postgres/parameter-cannot-be-set",
    BAD_UNIT: "postgres/bad-unit",
    OUT_OF_RANGE: "postgres/out-of-range",
}

# Set for each transaction and connection by the server itself, above any file.
OVERRIDDEN = frozenset({"transaction_isolation", "transaction_read_only", "transaction_deferrable"})


class Judged(NamedTuple):
    """One line with its parameter (None for a custom one) and the server's answer to its value."""

    line: Line
    name: str
    key: str
    setting: Setting | None
    answer: str | Refusal
    open: bool
    """Whether the value is a template's placeholder, of which nothing is known."""

    @property
    def value(self) -> str | None:
        return None if self.open or isinstance(self.answer, Refusal) else self.answer


def judged(lines: Iterable[Line], judge: Judge) -> list[Judged]:
    """Every line with the server's answer; names that it does not know get their text as value."""
    return [_judged(line, judge) for line in lines]


def _judged(line: Line, judge: Judge) -> Judged:
    name, text = line.node.key.text, line.text
    setting = judge.parameter(name)
    open_ = HOLE in text or (is_open(text) and not (setting is None or setting.name.endswith("_command")))
    if setting is None:
        return Judged(line, name, name.lower(), None, text, open_)
    answer = text if open_ else judge.value(setting, text, name)
    return Judged(line, name, judge.key(name), setting, answer, open_)


def unknown_names(found: Sequence[Judged], judge: Judge) -> list[Problem]:
    """Objections to names that are neither known nor custom (two words with a dot between)."""
    problems = []
    for one in found:
        if one.setting is None and "." not in one.name and judge.refuses_name(one.name):
            if one.line.condition and _was_a_name(one.name):
                continue  # a template may well know of which version it writes that
            from pgfpmlint.resolve.postgres.advice import for_name

            found_out = for_name(one.name, judge.version)
            shown = str(judge.version.major) if judge.strict else f"{majors()[0]} to {majors()[-1]}"
            values = {"name": one.name, "version": shown, "nearest": found_out.clause, "advice": found_out.advice}
            says = f'unrecognized configuration parameter "{one.name}"'
            fix = _renamed(one, found_out, found, judge)
            problems.append(Problem(UNKNOWN_NAME, one.line.place, says, True, values, fix=fix))
    return problems


def _was_a_name(name: str) -> bool:
    from pgfpmlint.catalog.postgresql import life

    return life(name) is not None


_SIZES = {"wal_keep_segments": 16, "checkpoint_segments": 3 * 16}
"""Megabytes for each of the segments that a setting counted, as the release notes of its end turn them over:
https://www.postgresql.org/docs/release/13.0/, https://www.postgresql.org/docs/release/9.5.0/"""


def _renamed(one: Judged, told: ForName, found: Sequence[Judged], judge: Judge) -> Fix | None:
    """The line with the name that was meant, or that an old one has now. None where its value is none for that; unsafe
    where another line sets the same, for one of the two gives way then. What went without a trace goes."""
    name = told.meant or told.instead
    setting = judge.parameter(name) if name else None
    if setting is None:
        return removed(one.line.place) if told.went and not told.instead else None
    node, text, key = one.line.node, one.line.text, judge.key(name)
    edits = [Edit(one.line.document.place(node.key), name)]
    if one.name.lower() in _SIZES:
        if not text.isdecimal() or node.value is None:
            return None
        text = f"{int(text) * _SIZES[one.name.lower()]}MB"
        edits.append(Edit(one.line.document.place(node.value), text))
    if one.open or isinstance(judge.value(setting, text, name), Refusal):
        return None
    alone = all(other.key != key for other in found) and len(edits) == 1
    return Fix(SAFE if alone else UNSAFE, tuple(edits))


def last_ones(found: Sequence[Judged]) -> list[Judged]:
    """The lines whose values the server looks at, in reading order; of a template's those that it may look at."""
    last = {one.name: index for index, one in enumerate(found)}
    return [
        one
        for index, one in enumerate(found)
        if last[one.name] == index or one.setting is None or found[last[one.name]].line.condition
    ]


def bad_value(one: Judged) -> Problem | None:
    """The objection to a value by itself; what several settings say against each other is startup's."""
    if not isinstance(one.answer, Refusal) or one.setting is None:
        return None
    from pgfpmlint.resolve.postgres.words import explained

    rule = RULES.get(one.answer.kind, INVALID)
    words = explained(one.setting, one.line.text, one.answer)
    return Problem(rule, one.line.place, one.answer.says, True, words, fix=_mended(one, one.answer))


def _mended(one: Judged, refusal: Refusal) -> Fix | None:
    if refusal.kind == CANNOT_CHANGE:
        return removed(one.line.place)
    value = one.line.node.value
    if not refusal.suggestion or value is None:
        return None
    from pgfpmlint.resolve.postgres.words import quoted

    return written(one.line.document.place(value), quoted(refusal.suggestion))


def effective(
    found: Sequence[Judged],
    command_line: Mapping[str, str],
    judge: Judge,
    open_: Sequence[tuple[int, Condition]] = (),
) -> dict[str, Effective]:
    """The winner of each parameter with the lines that lost, oldest first. ``open_``: see Files."""
    lines: dict[str, list[Judged]] = {}
    numbers: dict[str, list[int]] = {}
    for number, one in enumerate(found):
        lines.setdefault(one.key, []).append(one)
        numbers.setdefault(one.key, []).append(number)
    settings = {key: _winner(key, every) for key, every in lines.items()}
    if open_ or any(one.line.condition for one in found):
        for key, every in lines.items():
            doubt = _doubt(settings[key], every, numbers[key], open_, judge)
            settings[key] = doubt or settings[key]
    for name, text in command_line.items():
        key = judge.key(name)
        setting = judge.parameter(name)
        answer = judge.value(setting, text, name) if setting else text
        losers = tuple(_written(one.line) for one in lines.get(key, ()))
        origin = Unknown("it is set on the command line", None)
        value = answer if isinstance(answer, str) else None
        settings[key] = Effective(setting.name if setting else name, value, origin, losers)
    return settings


def _winner(key: str, every: Sequence[Judged]) -> Effective:
    winner = every[-1]
    shadowed = tuple(_written(one.line) for one in every[:-1])
    name = winner.setting.name if winner.setting else every[0].name
    if winner.open:
        return Effective(name, None, Unknown(FILLED_IN, winner.line.place), shadowed)
    value = winner.setting.default if winner.setting and key in OVERRIDDEN else winner.value
    return Effective(name, value, _written(winner.line), shadowed)


def _doubt(
    found: Effective,
    every: Sequence[Judged],
    numbers: Sequence[int],
    open_: Sequence[tuple[int, Condition]],
    judge: Judge,
) -> Effective | None:
    """What is known of a parameter where a template decides which of its lines the server gets; None where its value
    is the same whatever it decides."""
    from pgfpmlint.resolve.alternatives import MORE, NOBODY, last_ones

    entries = [(one.line.condition, at, number) for at, (one, number) in enumerate(zip(every, numbers))]
    entries += [(condition, MORE, number) for number, condition in open_]
    entries.sort(key=lambda entry: (entry[2], entry[1] != MORE))
    possible = last_ones([(condition, at) for condition, at, _ in entries])
    if len(possible) == 1:
        return None
    written = [every[at] for at in possible if at not in (NOBODY, MORE)]
    values = {None if one.open else one.value for one in written}
    if NOBODY in possible:
        setting = judge.catalog.setting(found.name)
        values.add(setting.default if setting is not None else None)
    if MORE not in possible and len(values) == 1 and None not in values:
        return None
    origin = Unknown(DEPENDS, every[-1].line.place, tuple(_written(one.line) for one in written))
    return Effective(found.name, None, origin)


def _written(line: Line) -> Written:
    value = line.node.value
    value_place = line.document.place(value) if value is not None else line.place
    return Written(line.place, value_place, line.text)
