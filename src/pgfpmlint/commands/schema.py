"""``pgfpmlint schema``: the JSON Schema of ``.pgfpmlint.yaml``, with the ids of all rules."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from pgfpmlint.commands import CommandError
from pgfpmlint.config.schema import schema
from pgfpmlint.console import say
from pgfpmlint.formats import FORMATS
from pgfpmlint.registry.definition import FAMILIES
from pgfpmlint.registry.load import RuleBookMissing, rule_book


def add_arguments(parser: ArgumentParser) -> None:
    parser.epilog = (
        "Keep it as a file beside the configuration, and name it in the configuration's first line: "
        "# yaml-language-server: $schema=pgfpmlint.schema.json"
    )


def run(args: Namespace) -> int:
    """Print it: 0."""
    import json

    try:
        rules = {rule.id: rule.title for rule in rule_book().rules.values()}
    except RuleBookMissing as error:
        raise CommandError(str(error)) from error
    say(json.dumps(schema(rules, FAMILIES, FORMATS), indent=1, ensure_ascii=False) + "\n")
    return 0
