"""``pgfpmlint rules``: the catalogue."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint.commands import CommandError
from pgfpmlint.console import say
from pgfpmlint.registry.definition import FAMILIES
from pgfpmlint.registry.load import RuleBook, RuleBookMissing, rule_book


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to list them")


def run(args: Namespace) -> int:
    """One line a rule, under its family; always 0."""
    try:
        book = rule_book()
    except RuleBookMissing as error:
        raise CommandError(str(error)) from error
    say(_json(book) if args.format == "json" else _text(book))
    return 0


def _text(book: RuleBook) -> str:
    width = max(map(len, book.rules), default=0)
    lines: list[str] = []
    for family, looks_at in FAMILIES.items():
        rules = [rule for rule in book.rules.values() if rule.family == family]
        if rules:
            lines += ["", f"{family}/  {looks_at}"]
        for rule in rules:
            level = " (pedantic)" if rule.level == "pedantic" else ""
            lines.append(f"  {rule.id:{width}}  {rule.severity:7}  {rule.title}{level}")
    return "".join(f"{line}\n" for line in lines[1:])


def _json(book: RuleBook) -> str:
    import json

    shown = ("id", "title", "severity", "level", "subject", "since", "aliases", "url")
    rows = [{key: getattr(rule, key) for key in shown} for rule in book.rules.values()]
    return json.dumps({"schema": 1, "rules": rows}, indent=1, default=list) + "\n"
