"""The rules of a SARIF run: what a viewer shows beside a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pgfpmlint.finding.finding import Finding
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.registry.load import pages

if TYPE_CHECKING:
    from pgfpmlint.registry.definition import Definition, Page

LEVELS = {"error": "error", "warning": "warning", "info": "note"}

KINDS = {"error": "error", "warning": "warning", "info": "recommendation"}
"""Severities, as GitHub's filters have them."""

LONGEST = 1000
"""Longest description, in characters: GitHub takes 1024."""


def rules(findings: Iterable[Finding], known: Mapping[str, Definition]) -> list[dict[str, object]]:
    """A descriptor for each rule that ``findings`` are of, by id. What ``known`` lacks has its id and no more."""
    links = {finding.rule: finding.url for finding in findings}
    texts = pages() if links else {}
    return [_rule(id_, links[id_], known.get(id_), texts.get(id_)) for id_ in sorted(links)]


def _rule(id_: str, url: str, rule: Definition | None, page: Page | None) -> dict[str, object]:
    shown: dict[str, object] = {"id": id_}
    if url:
        shown["helpUri"] = url
    if rule is not None:
        shown["shortDescription"] = {"text": rule.title}
        shown["defaultConfiguration"] = {"level": LEVELS[rule.severity]}
        shown["properties"] = {
            "tags": [rule.family, rule.level],
            "problem.severity": KINDS[rule.severity],
            "precision": "very-high" if rule.level == "default" else "high",
        }
        if rule.aliases:
            shown["deprecatedIds"] = list(rule.aliases)
    if page is not None:
        rationale = page.rationale.strip()
        first = rationale.partition("\n\n")[0]
        shown["fullDescription"] = {"text": first if len(first) <= LONGEST else first[: LONGEST - 1] + "…"}
        shown["help"] = {
            "text": "\n".join([rationale, "", *page.references, _way_out(id_)]),
            "markdown": "\n".join(_markdown(id_, rationale, page)),
        }
    return shown


def _markdown(id_: str, rationale: str, page: Page) -> Iterator[str]:
    yield rationale
    for title, examples in (("Reported", page.bad), ("Not reported", page.good)):
        for example in examples[:1]:
            yield f"\n**{title}**: {example.name}"
            for path, text in example.files.items():
                yield f"\n`{path}`\n```\n{text.rstrip()}\n```"
    yield ""
    yield from (f"- <{reference}>" for reference in page.references)
    yield f"\n{_way_out(id_)}"


def _way_out(id_: str) -> str:
    return f"To keep it as it is, write above the line: # pgfpmlint: ignore[{id_}] and the reason"
