"""``pgfpmlint lsp``: the language server, for editors."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, Namespace

from pgfpmlint.commands import CommandError
from pgfpmlint.options import Options
from pgfpmlint.registry.load import RuleBookMissing, rule_book


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--pedantic", action="store_true", help="report opinions as well")
    add("--preview", action="store_true", help="run rules on trial as well")
    add("--stdio", action="store_true", help="talk over standard input and output, as it always does")


def run(args: Namespace) -> int:
    """0 once the client has said goodbye, as the protocol has it; 1 where it left without."""
    try:
        from pgfpmlint.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise CommandError("the language server needs pygls 2; install it: pip install 'pgfpmlint[lsp]'") from None
    try:
        book = rule_book()
    except RuleBookMissing as error:
        raise CommandError(str(error)) from error
    gc.enable()  # unlike any other command, this one lives for a day
    return serve(book, Options(pedantic=args.pedantic, preview=args.preview))
