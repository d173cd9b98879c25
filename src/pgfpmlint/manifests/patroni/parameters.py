"""``parameters`` of Patroni: what of them reaches PostgreSQL, from the DCS, from a member's own file, or not at all.

Patroni leaves out what it takes for no parameter or no value, and pulls numbers to the nearest limit, with a warning in
its log each (patroni/postgresql/validator.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pgfpmlint.catalog.postgresql import Setting
from pgfpmlint.catalog.refusal import OUT_OF_RANGE, Refusal
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.manifests.documents import SCALAR
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.patroni.controlled import (
    CONTROLLED,
    FALSE,
    IN_FILE,
    RECOVERY,
    TRUE,
    Controlled,
    accepted,
    in_units,
    shown,
)
from pgfpmlint.manifests.plain import loaded
from pgfpmlint.manifests.scalar import extent
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import is_open
from pgfpmlint.source.text import Place, Source

IGNORED = "manifest/ignored-parameter"
LEFT_OUT = "manifest/parameter-left-out"
REPLACED = "manifest/replaced-value"


Pair = tuple[Any, Any]
"""The nodes of a key and of its value."""


class Parameter(NamedTuple):
    """One that reaches the server: its nodes, and what Patroni writes for the value."""

    name: str
    key: Any
    value: Any
    text: str


class Parameters:
    """Those of a member whose file is ``source``: the entries of ``dynamic``, for the DCS, and of ``local``.
    ``of_dcs`` and ``own`` are written to postgresql.conf, the latter win; ``controlled`` are given on the command line.
    """

    def __init__(self, source: Source, judge: Judge, dynamic: Sequence[Pair], local: Sequence[Pair]) -> None:
        self._source = source
        self._judge = judge
        self.problems: list[Problem] = []
        self.controlled: dict[str, Parameter] = {}
        dynamic_ones = list(self._dynamic(dynamic))
        self.own = list(self._local(local))
        written = {one.name.lower() for one in self.own}
        gone = {name.lower() for name, _, _ in _scalars(local)} - written
        self.of_dcs = [one for one in dynamic_ones if one.name.lower() not in gone]

    def _dynamic(self, given: Sequence[Pair]) -> Iterator[Parameter]:
        for name, key, value in _scalars(given):
            if name.lower() in CONTROLLED:
                self._controlled(name.lower(), key, value)
            else:
                yield from self._written(name, key, value)

    def _controlled(self, name: str, key: Any, value: Any) -> None:
        rule = CONTROLLED[name]
        given = loaded(self._source.text, value)
        if rule.from_:
            self._object(IGNORED, key, value, {"name": name, **_instead(rule, f"{rule.from_} sets it")})
            return
        text = accepted(name, given)
        if is_open(shown(given)):
            text = shown(given)
        if text is None:
            wants = f"it takes {' or '.join(rule.words[:3])}" if rule.words else f"it takes {rule.least} or more"
            self._object(REPLACED, key, value, _replaced(name, shown(given), rule.default, wants))
            return
        if name == "wal_level" and text == "hot_standby":
            text = "replica"
        self.controlled[name] = Parameter(name, key, value, text)

    def _local(self, given: Sequence[Pair]) -> Iterator[Parameter]:
        for name, key, value in _scalars(given):
            rule = CONTROLLED.get(name.lower())
            if rule is None:
                yield from self._written(name, key, value)
            elif not self._is_the_same(name.lower(), value):
                known = self.controlled.get(name.lower())
                instead = f"{rule.from_} sets it" if rule.from_ else "only the DCS sets it"
                if known is not None:
                    instead = f"the DCS sets it to {known.text}"
                elif rule.default:
                    instead += f", else it is {rule.default}"
                related = () if known is None else (Label(self._place(known.key, known.value), "counts instead"),)
                self._object(IGNORED, key, value, {"name": name, **_instead(rule, instead)}, related)

    def _is_the_same(self, name: str, value: Any) -> bool:
        """Whether a line that has no effect asks for what is there anyway."""
        setting = self._judge.parameter(name)
        known = self.controlled.get(name)
        there = known.text if known is not None else CONTROLLED[name].default
        if setting is None or not there:
            return False
        wanted = self._judge.value(setting, shown(loaded(self._source.text, value)), name)
        return wanted == self._judge.value(setting, there, name)

    def _written(self, name: str, key: Any, value: Any) -> Iterator[Parameter]:
        """What reaches postgresql.conf."""
        given = loaded(self._source.text, value)
        if name.lower() in RECOVERY or given is None:
            return
        text = shown(given)
        setting = self._judge.parameter(name)
        if is_open(text):
            yield Parameter(name, key, value, text)
            return
        if setting is None:
            if "." in name or not self._judge.refuses_name(name):
                yield Parameter(name, key, value, text)
            else:
                self._unknown(name, key, value)
            return
        answer = self._judge.value(setting, text, name)
        if self._judge.key(name) != name.lower():
            why = f"it knows {setting.name} by its new name only"
            self._object(LEFT_OUT, key, value, {"name": name, "why": why})
            text = ""
        elif isinstance(answer, Refusal):
            text = self._pulled(setting, text, answer, key, value)
        elif setting.type == "bool" and text.lower() not in (*TRUE, *FALSE):
            wants = "Patroni takes on, off, true, false, yes, no, 1 and 0"
            self._object(LEFT_OUT, key, value, {"name": name, "why": f"{text} is no boolean to it: {wants}"})
            text = ""
        if text or (given == "" and isinstance(answer, str)):
            yield Parameter(name, key, value, text)

    def _pulled(self, setting: Setting, text: str, refusal: Refusal, key: Any, value: Any) -> str:
        """What Patroni writes in place of a value that PostgreSQL refuses; nothing where it leaves it out."""
        if setting.type == "string":
            return text
        if refusal.kind == OUT_OF_RANGE:
            number, outside, _ = refusal.says.partition(" is outside")
            low = float(number.partition(" ")[0]) < float(setting.low) if outside else text.startswith("-")
            nearest, unit = setting.low if low else setting.high, setting.unit
            wants = f"it takes {setting.low} to {setting.high}{unit and f' {unit}'}"
            self._object(REPLACED, key, value, _replaced(setting.name, text, f"{nearest}{unit}", wants))
            return nearest
        from pgfpmlint.resolve.postgres.words import explained

        wants = str(explained(setting, text, refusal)["wants"])
        self._object(LEFT_OUT, key, value, {"name": setting.name, "why": f"{text} is no value for it: {wants}"})
        return ""

    def _unknown(self, name: str, key: Any, value: Any) -> None:
        from pgfpmlint.resolve.postgres.advice import for_name

        told = for_name(name, self._judge.version)
        why = f"it is no parameter of PostgreSQL{self._version}{told.clause}"
        self._object(LEFT_OUT, key, value, {"name": name, "why": why})

    @property
    def _version(self) -> str:
        return f" {self._judge.version.major}" if self._judge.strict else ""

    def _object(
        self, rule: str, key: Any, value: Any, values: dict[str, object], related: tuple[Label, ...] = ()
    ) -> None:
        values = {"product": "Patroni", **values}
        self.problems.append(Problem(rule, self._place(key, value), "", False, values, related))

    def _place(self, key: Any, value: Any) -> Place:
        start, end = extent(self._source.text, key)
        return self._source.place(start, max(end, extent(self._source.text, value)[1]))


def wal_kept(found: Parameters, version: ServerVersion) -> Parameter | str:
    """How much WAL is kept: a parameter, or the line that Patroni writes. From 13 on segments are turned into a size,
    as of 16 MB each."""
    size, segments = found.controlled.get("wal_keep_size"), found.controlled.get("wal_keep_segments")
    if version.at_least(13):
        if size is not None or segments is None:
            return size or "wal_keep_size = '128MB'\n"
        return segments._replace(name="wal_keep_size", text=f"{int(segments.text) * 16}MB")
    if segments is None and size is not None:
        return size._replace(name="wal_keep_segments", text=str(((in_units(size.text, "MB") or 0) + 8) // 16))
    return segments or "wal_keep_segments = '8'\n"


def _scalars(given: Sequence[Pair]) -> Iterator[tuple[str, Any, Any]]:
    return ((key.value, key, value) for key, value in given if value.id == SCALAR)


def _instead(rule: Controlled, instead: str) -> dict[str, object]:
    where = f"`{rule.from_}`" if rule.from_ else "it with `patronictl edit-config`"
    return {"instead": instead, "advice": f"remove the line, or set {where}"}


def _replaced(name: str, value: str, instead: str, wants: str) -> dict[str, object]:
    return {"name": name, "value": value, "instead": instead, "wants": wants}


NONE: Mapping[str, str] = {}


def options(draft: Draft, found: Parameters, *, certain: bool, defaults: Mapping[str, str] = NONE) -> Draft:
    """The command line; unless ``certain``, what the DCS may set is left open. ``defaults`` are others than
    Patroni's."""
    for name, rule in CONTROLLED.items():
        known = found.controlled.get(name)
        if name in IN_FILE or rule.from_:
            continue
        if known is not None:
            draft.setting(known.key, known.value, known.text)
        elif certain or name == "hot_standby":
            draft.given(f"{name} = '{defaults.get(name, rule.default)}'\n")
        else:
            draft.given(f"{name} = '{{{{ the DCS }}}}'\n")
    return draft
