"""The rule book's examples, and the mutations under which they must keep saying the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from pgfpmlint import examples
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.examples import CONFIG, Case, Spot
from pgfpmlint.finding.finding import Finding

RULES = Path(__file__).parents[2] / "rules"

SIGNS = {
    **dict.fromkeys(("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "apache", "nginx", "env", "doctrine"), "#"),
    "sql": "--",
    **dict.fromkeys(("php", "node-postgres"), "//"),
}
SIGNS |= dict.fromkeys(("pgbouncer-hba", "pgbouncer-ident", "pgcat.toml", "pgpool.conf", "odyssey.conf"), "#")
"""What begins a comment, where that is no semicolon."""


def cases() -> Iterator[Case]:
    """Every example of every rule, by rule and name."""
    for path in sorted(RULES.glob("*/*.yaml")):
        definition = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        yield from examples.cases(f"{path.parent.name}/{path.stem}", definition)


def crlf(case: Case) -> Mapping[str, str]:
    """The same files with the line ends of another system; the configuration of pgfpmlint itself excepted."""
    return {path: text if path == CONFIG else text.replace("\n", "\r\n") for path, text in case.files.items()}


def suppressed(case: Case, found: Outcome) -> Mapping[str, str]:
    """The same files with a comment on the line above each finding of the rule; not in files that hold no such
    comments. Where the example says that no line can be meant, one comment speaks of the whole file."""
    files = dict(case.files)
    kinds = {file.path: file.kind for file in found.files}
    for path, number in sorted({(one.at.path, one.at.line) for one in findings(case, found)}, reverse=True):
        if path in kinds:
            sign = "#" if path.endswith((".yaml", ".yml")) else SIGNS.get(kinds[path], ";")
            verb, number = ("ignore-file", 1) if "suppressed" in case.unmutated else ("ignore", number)
            lines = files[path].splitlines(keepends=True)
            lines.insert(number - 1, f"{sign} pgfpmlint: {verb}[{case.rule}] on purpose\n")
            files[path] = "".join(lines)
    return files


def findings(case: Case, found: Outcome) -> list[Finding]:
    """Those of the case's rule."""
    return [finding for finding in found.findings if finding.rule == case.rule]


def told(case: Case, found: Outcome) -> list[Spot]:
    """Where the case's rule spoke."""
    return examples.told(findings(case, found))


def said(case: Case, found: Outcome) -> list[str]:
    """What the rule said of each place, in order."""
    return [f"{finding.at!r} {finding.message}" for finding in findings(case, found)]
