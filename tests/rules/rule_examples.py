"""The rule book's examples as small trees, and the mutations under which they must keep saying the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from pgfpmlint.config import Config
from pgfpmlint.config.reading import read as read_config
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.options import Options
from pgfpmlint.pipeline import lint
from pgfpmlint.source.memory import MemoryRoot, MemoryTree
from pgfpmlint.source.text import Place, Source
from pgfpmlint.source.tree import Entry, Unreadable

RULES = Path(__file__).parents[2] / "rules"
CONFIG = ".pgfpmlint.yaml"

SIGNS = {
    **dict.fromkeys(("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "nginx", "env", "doctrine"), "#"),
    "sql": "--",
    "php": "//",
}
SIGNS |= {"pgbouncer-hba": "#", "pgbouncer-ident": "#"}
"""What begins a comment, where that is no semicolon."""

HOLE = re.compile(r"\{\w+\}")
"""What the engine leaves of a message's hole that no value fills."""


class Spot(NamedTuple):
    """The text that a place covers, and in which file."""

    path: str
    text: str


class Expected(NamedTuple):
    at: Spot
    says: str
    related: Sequence[Spot] | None


class Case(NamedTuple):
    """One example of one rule."""

    rule: str
    name: str
    files: Mapping[str, str]
    unreadable: Mapping[str, str]
    unmutated: frozenset[str]
    expected: Sequence[Expected]

    @property
    def id(self) -> str:
        return f"{self.rule}: {self.name}"


def cases() -> Iterator[Case]:
    """Every example of every rule, by rule and name."""
    for path in sorted(RULES.glob("*/*.yaml")):
        definition = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        for kind in ("bad", "good"):
            for name, example in definition["examples"][kind].items():
                yield _case(f"{path.parent.name}/{path.stem}", f"{kind}: {name}", example)


def _case(rule: str, name: str, example: Mapping[str, Any]) -> Case:
    expected = [
        Expected(
            _spot(hit["at"]),
            hit.get("says", ""),
            [_spot(place) for place in hit["related"]] if "related" in hit else None,
        )
        for hit in example.get("expect") or ()
    ]
    unmutated = frozenset(example.get("unmutated") or ())
    return Case(rule, name, example["files"], example.get("unreadable") or {}, unmutated, expected)


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
    def __init__(self, root: MemoryRoot, unreadable: Mapping[str, str]) -> None:
        self.__dict__.update(root.__dict__)
        self._unreadable = unreadable

    def read(self, path: str) -> Source:
        if self.shown(path) in self._unreadable:
            raise Unreadable(self._unreadable[self.shown(path)])
        return super().read(path)


def outcome(case: Case, files: Mapping[str, str] | None = None, *, backwards: bool = False) -> Outcome:
    """What the real pipeline says about the case's files, or ``files`` instead.

    Only the case's rule runs, unless it is one about comments, which are judged by what the other rules say."""
    files = case.files if files is None else files
    tree = ExampleTree({path: text.encode() for path, text in files.items()}, case.unreadable, backwards)
    config = read_config(Source(CONFIG, files[CONFIG])) if CONFIG in files else Config()
    alone = not case.rule.startswith("files/")
    return lint(tree, config, Options(select=[case.rule] if alone else ["all"], pedantic=True))


def crlf(case: Case) -> Mapping[str, str]:
    """The same files with the line ends of another system; the configuration of pgfpmlint itself excepted."""
    return {path: text if path == CONFIG else text.replace("\n", "\r\n") for path, text in case.files.items()}


def suppressed(case: Case, found: Outcome) -> Mapping[str, str]:
    """The same files with a comment on the line above each finding of the rule; not in files that hold no such
    comments. Where the example says that no line can be meant, one comment speaks of the whole file."""
    files = dict(case.files)
    kinds = {file.path: file.kind for file in found.files}
    for path, number in sorted({(at.path, at.line) for at in places(found, case.rule)}, reverse=True):
        if path in kinds:
            sign = SIGNS.get(kinds[path], ";")
            verb, number = ("ignore-file", 1) if "suppressed" in case.unmutated else ("ignore", number)
            lines = files[path].splitlines(keepends=True)
            lines.insert(number - 1, f"{sign} pgfpmlint: {verb}[{case.rule}] on purpose\n")
            files[path] = "".join(lines)
    return files


def places(found: Outcome, rule: str) -> list[Place]:
    return [finding.at for finding in found.findings if finding.rule == rule]


def told(found: Outcome, rule: str) -> list[Spot]:
    """Where the rule spoke, as an example words it: without the carriage returns of a mutation."""
    return sorted(Spot(at.path, at.text.replace("\r\n", "\n")) for at in places(found, rule))


def said(found: Outcome, rule: str) -> list[str]:
    """What the rule said of each place, in order."""
    return [f"{finding.at!r} {finding.message}" for finding in found.findings if finding.rule == rule]
