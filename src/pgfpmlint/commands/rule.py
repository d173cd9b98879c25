"""``pgfpmlint rule ID``: one rule explained."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator

from pgfpmlint.commands import CommandError
from pgfpmlint.console import say
from pgfpmlint.registry.definition import LEVELS, SUBJECTS, Definition, Example, Page
from pgfpmlint.registry.load import RuleBookMissing, UnknownRule, page, rule_book
from pgfpmlint.registry.symptoms import Symptom, symptoms
from pgfpmlint.registry.wording import asked, spelt
from pgfpmlint.report.snippet import harmless


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rule", metavar="ID", help="as in the report: hba/host-without-tls")


def run(args: Namespace) -> int:
    """0; CommandError where no rule has that id."""
    try:
        book = rule_book()
        ids = book.named(args.rule)
        if len(ids) > 1 or args.rule.endswith("/"):
            raise CommandError(f"{args.rule} is a family; pgfpmlint rules lists its rules")
        found = page(ids[0])
        explained = [symptom for symptom in symptoms() if ids[0] in symptom.rules]
    except (RuleBookMissing, UnknownRule) as error:
        raise CommandError(str(error)) from error
    say("".join(f"{line}\n" for line in _lines(book.rules[ids[0]], found, explained)))
    return 0


def _lines(rule: Definition, found: Page, explained: Iterable[Symptom]) -> Iterator[str]:
    yield f"{rule.id}: {rule.title}"
    level = f", {words}" if (words := LEVELS[rule.level]) else ""
    yield f"{rule.severity}{level}; looks at each {SUBJECTS[rule.subject]}; since {rule.since}"
    yield ""
    yield from found.rationale.rstrip().splitlines()
    yield ""
    yield f"It says: {spelt(rule.message)}"
    if asks := asked(rule):
        yield f"It asks: {asks}"
    for name, spec in rule.params.items():
        yield f"Parameter {name} ({spec['type']}): {spec['default']}"
    yield from (f"Explains: {says}" for symptom in explained for says in symptom.says or [symptom.title])
    for kind, examples in (("Reported", found.bad), ("Not reported", found.good)):
        for example in examples:
            yield ""
            yield f"{kind}: {example.name}"
            yield from _example(example)
            if example.fixed:
                yield f"Fixed ({rule.fix})"
                yield from _fixed(example)
    if found.references:
        yield ""
        yield from (f"See {reference}" for reference in found.references)


def _example(example: Example) -> Iterator[str]:
    for path, text in example.files.items():
        yield f"  {path}"
        for line in text.splitlines():
            yield f"  | {harmless(line)}".rstrip()


def _fixed(example: Example) -> Iterator[str]:
    """The lines that change, and those beside them."""
    from difflib import unified_diff

    for path, text in example.fixed.items():
        yield f"  {path}"
        for line in [*unified_diff(example.files[path].splitlines(), text.splitlines(), n=1)][2:]:
            if not line.startswith("@@"):
                yield f"  {line[0].replace(' ', '|')} {harmless(line[1:])}".rstrip()
