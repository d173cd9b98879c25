"""The examples in rules: small trees, through the real pipeline, held against what the rule says to expect.

The rule book's own are tests of ours (tests/rules); an organisation's are run by ``pgfpmlint rules --test``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.config import Config
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.options import Options
from pgfpmlint.pipeline import lint
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.source.memory import MemoryRoot, MemoryTree
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Entry, Unreadable

if TYPE_CHECKING:
    from typing import Any

CONFIG = ".pgfpmlint.yaml"

_HOLE = re.compile(r"\{\w+\}")
"""What the engine leaves of a message's hole that no value fills."""


class Spot(NamedTuple):
    """The text that a place covers, and in which file."""

    path: str
    text: str


class Expected(NamedTuple):
    """``says`` is a part of the message; ``related`` are all further places, or None where they don't matter."""

    at: Spot
    says: str
    related: Sequence[Spot] | None


class Case(NamedTuple):
    """One example of one rule. ``expected`` is everything that the rule says of the whole tree.

    ``unreadable`` are paths that are there and can't be read, with why; ``unmutated`` are the mutations of our own
    tests that make another example of it. ``fixed`` are the files that the rule's fix changes, as they are after it."""

    rule: str
    name: str
    files: Mapping[str, str]
    unreadable: Mapping[str, str]
    unmutated: frozenset[str]
    expected: Sequence[Expected]
    fixed: Mapping[str, str] | None = None


def cases(rule: str, definition: Mapping[str, Any]) -> Iterator[Case]:
    """The examples of one definition that `registry.validate` has found good, the bad ones first."""
    for kind in ("bad", "good"):
        for name, example in (definition.get("examples") or {}).get(kind, {}).items():
            expected = [
                Expected(
                    _spot(hit["at"]),
                    hit.get("says", ""),
                    [_spot(place) for place in hit["related"]] if "related" in hit else None,
                )
                for hit in example.get("expect") or ()
            ]
            unmutated = frozenset(example.get("unmutated") or ())
            yield Case(
                rule,
                f"{kind}: {name}",
                example["files"],
                example.get("unreadable") or {},
                unmutated,
                expected,
                example.get("fixed"),
            )


def outcome(
    case: Case, files: Mapping[str, str] | None = None, *, backwards: bool = False, book: RuleBook | None = None
) -> Outcome:
    """What the pipeline says about the case's files, or ``files`` instead, in whatever order.

    Only the case's rule runs, unless it is one about comments, which are judged by what the other rules say."""
    files = case.files if files is None else files
    return lint(_tree(case, files, backwards=backwards), _config(files), _options(case), book)


def fixed(case: Case, files: Mapping[str, str] | None = None, book: RuleBook | None = None) -> Mapping[str, str]:
    """The files that the rule's fix changes, as they are after it, whatever its safety."""
    from pgfpmlint.finding.fix import SAFETIES
    from pgfpmlint.fix.mend import Wanted, mend

    files = case.files if files is None else files
    wanted = Wanted(frozenset(SAFETIES), frozenset((case.rule,)), rule=case.rule)
    mended = mend(_tree(case, files), _config(files), _options(case), wanted, book)
    return {path: change.text for path, change in mended.changes.items()}


def _tree(case: Case, files: Mapping[str, str], *, backwards: bool = False) -> ExampleTree:
    data = {path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}
    return ExampleTree(data, case.unreadable, backwards)


def _options(case: Case) -> Options:
    alone = not case.rule.startswith("files/")
    return Options(select=[case.rule] if alone else ["all"], pedantic=True, preview=True)


def _config(files: Mapping[str, str]) -> Config:
    if CONFIG not in files:
        return Config()
    from pgfpmlint.config.reading import read

    return read(Source(CONFIG, files[CONFIG]))


def faults(case: Case, found: Outcome, book: RuleBook | None = None) -> list[str]:
    """Where the outcome is not what the case expects: no place too few or too many, and the words; one line each."""
    said = [crash.error for crash in found.crashed]
    findings = [finding for finding in found.findings if finding.rule == case.rule]
    left = told(findings)
    for expected in case.expected:
        if expected.at in left:
            left.remove(expected.at)
            said += _wrong_words(expected, [one for one in findings if _told(one) == expected.at])
        else:
            said.append(f"nothing is found at {expected.at.path}: {expected.at.text}")
    said += [f"found too: {spot.path}: {spot.text}" for spot in left]
    if case.fixed is not None and (became := fixed(case, book=book)) != case.fixed:
        said += [f"fixed, {path} is {text!r}" for path, text in became.items() if case.fixed.get(path) != text]
        said += [f"not fixed: {path}" for path in case.fixed if path not in became]
    said += [f"a hole is left open: {finding.message}" for finding in findings if _HOLE.search(finding.message)]
    return said


def told(findings: Sequence[Finding]) -> list[Spot]:
    """Where findings are, in order, as an example words it: with line ends of its own."""
    return sorted(map(_told, findings))


def _told(finding: Finding) -> Spot:
    return Spot(finding.at.path, finding.at.text.replace("\r\n", "\n"))


def _wrong_words(expected: Expected, findings: Sequence[Finding]) -> Iterator[str]:
    saying = [finding for finding in findings if expected.says in finding.message]
    if not saying:
        yield f"says {findings[0].message!r}, which lacks {expected.says!r}"
    elif expected.related is not None:
        related = [sorted(Spot(label.place.path, label.place.text) for label in one.related) for one in saying]
        if sorted(expected.related) not in related:
            yield f"names {[tuple(spot) for spot in related[0]]} besides {expected.at.text!r}"


def _spot(at: Mapping[str, str]) -> Spot:
    ((path, text),) = at.items()
    return Spot(path, text)


class ExampleTree(MemoryTree):
    """Some of whose files are there and can't be read, and whose files come in whatever order they were given.

    A name with a slash at its end is that of a folder."""

    def __init__(self, files: Mapping[str, bytes], unreadable: Mapping[str, str], backwards: bool) -> None:
        super().__init__({**files, **dict.fromkeys(unreadable, b"")})
        self._unreadable = unreadable
        self._backwards = backwards

    def files(self) -> list[Entry]:
        entries = [
            Entry(entry.path.rstrip("/"), self._unreadable.get(entry.path), folder=entry.path.endswith("/"))
            for entry in super().files()
        ]
        return entries[::-1] if self._backwards else entries

    def root(self, name: str, prefix: str, *, complete: bool = False) -> MemoryRoot:
        return ExampleRoot(super().root(name, prefix, complete=complete), self._unreadable)


class ExampleRoot(MemoryRoot):
    """One machine of such a tree."""

    def __init__(self, root: MemoryRoot, unreadable: Mapping[str, str]) -> None:
        self.__dict__.update(root.__dict__)
        self._unreadable = unreadable

    def read(self, path: str) -> Source:
        if self.shown(path) in self._unreadable:
            raise Unreadable(self._unreadable[self.shown(path)])
        return super().read(path)
