"""``pgfpmlint rule ID``: one rule explained."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator

from pgfpmlint.commands import CommandError
from pgfpmlint.console import say
from pgfpmlint.registry.definition import LEVELS, SUBJECTS, Definition, Example, Page
from pgfpmlint.registry.load import RuleBookMissing, UnknownRule, page, rule_book
from pgfpmlint.registry.symptoms import Symptom, symptoms
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
    yield f"It says: {_spelt(rule.message)}"
    asks = _spelt(rule.help)
    if any(map(str.islower, asks)):
        yield f"It asks: {asks}"
    for name, spec in rule.params.items():
        yield f"Parameter {name} ({spec['type']}): {spec['default']}"
    yield from (f"Explains: {says}" for symptom in explained for says in symptom.says or [symptom.title])
    for kind, examples in (("Reported", found.bad), ("Not reported", found.good)):
        for example in examples:
            yield ""
            yield f"{kind}: {example.name}"
            yield from _example(example)
    if found.references:
        yield ""
        yield from (f"See {reference}" for reference in found.references)


def _spelt(words: str) -> str:
    """A message with its holes in capitals, as manuals have it. What may be left out of it, and so stands right behind
    or before a word, is left out."""
    from string import Formatter

    pieces = [(text, hole) for text, hole, _, _ in Formatter().parse(words)]
    out = ""
    for at, (text, hole) in enumerate(pieces):
        out += text
        following = pieces[at + 1][0][:1] if at + 1 < len(pieces) else ""
        if hole and (not out or out[-1] in " (\"'[=/") and not following.isalpha():
            out += "MESSAGE" if hole == "says" else hole.upper()
    return out


def _example(example: Example) -> Iterator[str]:
    for path, text in example.files.items():
        yield f"  {path}"
        for line in text.splitlines():
            yield f"  | {harmless(line)}".rstrip()
