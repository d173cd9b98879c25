"""``pgfpmlint rules``: the catalogue, what of it explains an error, and the test of an organisation's own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from pgfpmlint.commands import CommandError
from pgfpmlint.console import say, warn
from pgfpmlint.registry.definition import FAMILIES, LEVELS, Definition
from pgfpmlint.registry.load import RuleBook, RuleBookMissing, rule_book
from pgfpmlint.registry.select import SelectionError
from pgfpmlint.registry.symptoms import SPEAKERS, Symptom, meant, symptoms

WIDTH = 96


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to list them")
    parser.add_argument(
        "--symptom", metavar="WORDS", help="list those that explain an error: its words, or a log's line"
    )
    parser.add_argument("--test", metavar="DIR", help="run the examples of the rules of your own in DIR instead")


def run(args: Namespace) -> int:
    """One line a rule, under its family: 0. With ``--symptom`` 1 where nothing fits the words; with ``--test`` 1 where
    an example comes out otherwise than it says."""
    try:
        book = rule_book()
        if args.test is not None:
            return _test(book, args.test)
        if args.symptom is not None:
            return _explained(book, args.symptom, args.format)
    except (RuleBookMissing, SelectionError) as error:
        raise CommandError(str(error)) from error
    say(_json(book) if args.format == "json" else _text(book))
    return 0


def _explained(book: RuleBook, words: str, form: str) -> int:
    found = meant(words, symptoms())
    if form == "json":
        rules = {rule: book.rules[rule] for symptom in found for rule in symptom.rules}
        say(_json(RuleBook(rules.values()), symptoms=[symptom._asdict() for symptom in found]))
    else:
        say("\n".join("".join(f"{line}\n" for line in _symptom(book, symptom)) for symptom in found))
    if not found:
        warn("no symptom fits these words; fewer of them may\n")
    return int(not found)


def _symptom(book: RuleBook, symptom: Symptom) -> Iterator[str]:
    from textwrap import wrap

    codes = [code for code in symptom.code if code not in symptom.title]
    yield f"{symptom.title} ({', '.join(codes)})" if codes else symptom.title
    yield from (f"  {SPEAKERS[symptom.by]}: {says}" for says in symptom.says)
    yield from (f"  {line}" for line in wrap(symptom.means, WIDTH - 2))
    width = max(map(len, symptom.rules))
    yield from (f"    {_line(book.rules[rule], width)}" for rule in symptom.rules)


def _test(book: RuleBook, folder: str) -> int:
    from pgfpmlint.config import ConfigError
    from pgfpmlint.examples import cases, faults, outcome
    from pgfpmlint.registry.extra import definitions, joined

    own = definitions(folder)
    if not own:
        raise CommandError(f"{folder} holds no rule: no file there is called like no-md5.yaml")
    book = joined(book, own)
    tried = failed = 0
    for rule, definition in own.items():
        examples = list(cases(rule, definition))
        if not examples:
            say(f"{rule}: no examples; a bad and a good one show that it works\n")
            failed += 1
        for case in examples:
            try:
                found = faults(case, outcome(case, book=book), book)
            except (ConfigError, SelectionError) as error:
                found = [str(error)]
            say("".join(f"{rule}: {case.name}: {fault}\n" for fault in found))
            tried += 1
            failed += bool(found)
    warn(f"{len(own)} rules, {tried} examples, {failed} failed\n")
    return int(failed > 0)


def _text(book: RuleBook) -> str:
    width = max(map(len, book.rules), default=0)
    lines: list[str] = []
    for family, looks_at in FAMILIES.items():
        rules = [rule for rule in book.rules.values() if rule.family == family]
        if rules:
            lines += ["", f"{family}/  {looks_at}"]
        lines += [f"  {_line(rule, width)}" for rule in rules]
    return "".join(f"{line}\n" for line in lines[1:])


def _line(rule: Definition, width: int) -> str:
    level = f" ({rule.level})" if LEVELS[rule.level] else ""
    return f"{rule.id:{width}}  {rule.severity:7}  {rule.title}{level}"


def _json(book: RuleBook, **more: object) -> str:
    import json

    shown = ("id", "title", "severity", "level", "subject", "since", "aliases", "url")
    rows = [{key: getattr(rule, key) for key in shown} for rule in book.rules.values()]
    return json.dumps({"schema": 1, "rules": rows, **more}, indent=1, default=list) + "\n"
