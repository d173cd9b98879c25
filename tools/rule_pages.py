"""The documentation's pages about rules and symptoms, in MyST Markdown, from the compiled rule book.

docs/conf.py writes them below docs/ before each build; none of them is kept in the repository. They say what
``pgfpmlint rule ID`` says, and show the example's findings as printed: the examples are linted for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.examples import CONFIG, Case, outcome
from pgfpmlint.registry.definition import FAMILIES, LEVELS, SUBJECTS, Definition, Example, Page
from pgfpmlint.registry.load import RuleBook, pages, rule_book
from pgfpmlint.registry.symptoms import SPEAKERS, Symptom, symptoms
from pgfpmlint.registry.wording import asked, spelt
from pgfpmlint.report import Look
from pgfpmlint.report.snippet import harmless
from pgfpmlint.report.text import render

PROOFS = "tests/servers/proofs"
OTHER = {"error": "warning", "warning": "error", "info": "warning"}
"""What somebody may want a severity to be instead."""

GROUPS = {
    "PostgreSQL": ("postgres",),
    "Between client and server": ("libpq", "openssl"),
    "PgBouncer": ("pgbouncer",),
    "PHP and PHP-FPM": ("php", "fpm"),
    "nginx": ("nginx",),
    "Nobody says anything": ("silence",),
}
"""The parts of the page of symptoms, with whose words they hold."""


def written() -> dict[str, str]:
    """Every page by its path below docs/."""
    book, about, known = rule_book(), pages(), symptoms()
    found = {"symptoms.md": _symptoms(known, book), "rules/index.md": _families(book)}
    for family in FAMILIES:
        found[f"rules/{family}/index.md"] = _family(family, book)
    for rule in book.rules.values():
        explained = [symptom for symptom in known if rule.id in symptom.rules]
        found[f"rules/{rule.id}.md"] = "\n\n".join(_rule(rule, about[rule.id], explained, book)) + "\n"
    return found


def write(docs: Path) -> None:
    """Bring the pages below ``docs`` up to date: what has not changed keeps its time, so that Sphinx reads it no second
    time; a page whose rule is gone goes."""
    wanted = {docs / path: text for path, text in written().items()}
    for stale in set((docs / "rules").rglob("*.md")) - wanted.keys():
        stale.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def words(text: str, book: RuleBook | None = None, above: str = "../") -> str:
    """Plain text, with code between backticks, as Markdown; a rule's id among that leads to its page."""
    parts = re.split(r"`([^`\n]+)`", " ".join(text.split()))
    shown = []
    for at, part in enumerate(parts):
        if at % 2 == 0:
            shown.append(re.sub(r"([\\`*_\[\]<>&|#~${}^])", r"\\\1", part))
        elif book is not None and part in book.rules:
            shown.append(f"[`{part}`]({above}{part}.md)")
        else:
            shown.append(f"`{part}`")
    return "".join(shown)


def _rule(rule: Definition, page: Page, explained: Iterable[Symptom], book: RuleBook) -> Iterator[str]:
    # In no toctree: hundreds of entries in the sidebar of hundreds of pages take minutes to make. docs/conf.py puts the
    # rules of a family beside each of them.
    yield "---\norphan: true\n---"
    yield f"# {words(rule.title)}"
    level = f", {LEVELS[rule.level]}" if LEVELS[rule.level] else ""
    looks_at = f"looks at each {SUBJECTS[rule.subject]}"
    yield f"[{rule.family}](index.md)/{rule.slug} · **{rule.severity}**{level} · {looks_at} · since {rule.since}"
    yield from (words(paragraph, book) for paragraph in page.rationale.split("\n\n"))
    yield _code(spelt(rule.message), caption="It says")
    if asks := asked(rule):
        yield _code(asks, caption="It asks")
    if rule.needs:
        needed = " and a ".join(SUBJECTS[need] for need in rule.needs)
        yield f"Where the tree does not show a {words(needed)}, the rule is not evaluated, and the summary says so."
    if rule.params:
        yield "## Parameters"
        yield "\n".join(_parameters(rule))
    if symptom_list := list(explained):
        yield "## What it explains"
        yield "\n".join(f"* [{words(symptom.title)}](#symptom-{symptom.slug})" for symptom in symptom_list)
    for title, examples in (("Reported", page.bad), ("Not reported", page.good)):
        yield f"## {title}"
        first, *others = examples
        yield from _example(rule, first, shown=title == "Reported")
        if others:
            yield f"<details><summary>{len(others)} more</summary>"
            for other in others:
                yield from _example(rule, other, shown=title == "Reported")
            yield "</details>"
    yield "## To silence or to grade it"
    yield from _control(rule)
    if page.proof or page.unproved:
        yield "## Proof"
        yield _proof(page)
    if page.references:
        yield "## Sources"
        yield "\n".join(f"* <{reference}>" for reference in page.references)


def _parameters(rule: Definition) -> Iterator[str]:
    yield "| parameter | type | default | bounds |"
    yield "|---|---|---|---|"
    for name, spec in rule.params.items():
        bounds = ", ".join(f"{key} {spec[key]}" for key in ("min", "max") if key in spec)
        yield f"| `{name}` | {spec['type']} | `{spec['default']}` | {bounds} |"


def _example(rule: Definition, example: Example, *, shown: bool) -> Iterator[str]:
    yield f"{words(example.name[:1].upper() + example.name[1:])}:"
    case = Case(rule.id, example.name, example.files, example.unreadable, frozenset(), ())
    found = outcome(case) if shown else Outcome()
    marked: dict[str, set[int]] = {}
    for finding in found.findings:
        for place in (finding.at, *(label.place for label in finding.related)):
            marked.setdefault(place.path, set()).add(place.line)
    for path, text in example.files.items():
        yield _code(_lines(text), caption=path, marked=marked.get(path, ()))
    if shown:
        report = render(found._replace(findings=tuple(f for f in found.findings if f.rule == rule.id)), Look())
        yield _code(report.rstrip("\n"), caption="Found", kind="found")


def _lines(text: str) -> str:
    return "\n".join(harmless(line.rstrip("\r")) for line in text.rstrip("\n").split("\n"))


def _code(text: str, *, caption: str = "", marked: Iterable[int] = (), kind: str = "") -> str:
    """A block of text as it is; ``marked`` are lines, from 1."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    options = [f":caption: {caption}"] if caption else []
    kept = sorted(line for line in marked if line <= text.count("\n") + 1)
    options += [f":emphasize-lines: {','.join(map(str, kept))}"] if kept else []
    options += [f":class: {kind}"] if kind else []
    return "\n".join([f"{fence}{{code-block}} text", *options, "", text or " ", fence])


def _control(rule: Definition) -> Iterator[str]:
    yield "For one line, at its end or alone on the line above, where the format allows a comment:"
    yield _code(f"# pgfpmlint: ignore[{rule.id}] why")
    yield f"In `{CONFIG}`, everywhere or [in a part of the tree](../../configuration.md):"
    yield _code(
        f"rules:\n  ignore: [{rule.id}]\n  severity: {{{rule.id}: {OTHER[rule.severity]}}}    # or graded otherwise"
    )
    if LEVELS[rule.level]:
        yield f"It runs with `--{rule.level}`, and where `--select {rule.id}` asks for it."


def _proof(page: Page) -> str:
    if page.unproved:
        return f"Not proved on a real server: {words(page.unproved)}"
    module, _, test = page.proof.partition("::")
    if module == "vectors":
        return (
            "The server's own refusal of such a file is recorded in `tests/fixtures/vectors`, and real servers are "
            "asked again in each run of the tests."
        )
    return (
        f"Real servers run the first example, and the harm is seen; with one that is not reported nothing happens: "
        f"[{test}](../../../{PROOFS}/{module})."
    )


def _families(book: RuleBook) -> str:
    rows = [
        f"| [{family}]({family}/index.md) | {words(looks_at)} | {_count(book, family)} |"
        for family, looks_at in FAMILIES.items()
    ]
    return "\n".join(
        [
            "# Rules",
            "",
            f"{len(book.rules)} rules in {len(FAMILIES)} families. The first seven look at one file or one server,",
            "the others at what the files make of each other. Whoever comes with an error message starts at the",
            "[symptoms](../symptoms.md).",
            "",
            "| family | looks at | rules |",
            "|---|---|---|",
            *rows,
            "",
            *_toctree(f"{family} <{family}/index>" for family in FAMILIES),
            "",
        ]
    )


def _count(book: RuleBook, family: str) -> int:
    return sum(rule.family == family for rule in book.rules.values())


def _family(family: str, book: RuleBook) -> str:
    rules = [rule for rule in book.rules.values() if rule.family == family]
    return "\n".join(
        [
            f"# {family}",
            "",
            f"Rules about {words(FAMILIES[family])}. `--select {family}/` runs these alone.",
            "",
            *_table(rules, ""),
            "",
        ]
    )


def _table(rules: Iterable[Definition], above: str) -> Iterator[str]:
    """Rules, one a row; ``above`` leads from the page to the folder of ``slug.md``, or of ``family/slug.md``."""
    yield "| rule | severity | about |"
    yield "|---|---|---|"
    for rule in rules:
        level = f" ({rule.level})" if LEVELS[rule.level] else ""
        name, path = (rule.id, f"{above}{rule.id}.md") if above else (rule.slug, f"{rule.slug}.md")
        yield f"| [{name}]({path}) | {rule.severity}{level} | {words(rule.title)} |"


def _toctree(entries: Iterable[str]) -> Iterator[str]:
    yield from ("```{toctree}", ":hidden:", "", *entries, "```")


def _symptoms(known: Iterable[Symptom], book: RuleBook) -> str:
    grouped: Mapping[str, list[Symptom]] = {
        group: [symptom for symptom in known if symptom.by in speakers] for group, speakers in GROUPS.items()
    }
    assert sum(map(len, grouped.values())) == len(list(known)), "a speaker is in no group"
    blocks = [
        "# Symptoms",
        "From what a log or a browser says to the rules that explain it. In a terminal the same is "
        '`pgfpmlint rules --symptom "too many clients"`: words of the message in any order, a SQLSTATE, or a whole '
        "line of a log. Whoever has the files lints them: `pgfpmlint check` finds out which of these rules it is.",
    ]
    for group, found in grouped.items():
        blocks.append(f"## {group}")
        for symptom in found:
            blocks += _symptom(symptom, book)
    return "\n\n".join(blocks) + "\n"


def _symptom(symptom: Symptom, book: RuleBook) -> Iterator[str]:
    yield f"(symptom-{symptom.slug})="
    yield f"### {words(symptom.title)}"
    if symptom.says:
        yield _code("\n".join(symptom.says))
    yield words(symptom.means)
    codes = f" ({', '.join(symptom.code)})" if symptom.code else ""
    yield f"Said by {SPEAKERS[symptom.by]}{codes}. Seen: {words(symptom.seen)}."
    if symptom.also:
        yield f"Also searched for: {', '.join(map(words, symptom.also))}."
    yield "\n".join(_table((book.rules[rule] for rule in symptom.rules), "rules/"))
