"""What pgfpmlint can be asked to do: one module per command, imported when it is asked for."""

from __future__ import annotations

COMMANDS = {
    "check": "lint each file, and the deployment that the files form",
    "effective": "show what a server would run with, and the line that each value comes from",
    "match": "tell which pg_hba.conf record decides about one connection",
    "budget": "add up the connections of every PostgreSQL instance, line by line",
    "trace": "follow every connection path, and tell who lets it in",
    "report": "write one page for people: verdict, findings, budgets, connection paths, settings",
    "facts": "write what one host's files say, without secrets, for check --facts",
    "init": "write a commented starter .pgfpmlint.yaml from what the tree shows",
    "schema": "print the JSON Schema of .pgfpmlint.yaml",
    "lsp": "answer an editor, over standard input and output",
    "rules": "list the rules",
    "rule": "explain one rule: why, examples, sources",
    "completion": "print what makes a shell complete the words of a command line",
}


class CommandError(Exception):
    """What was asked can't be done; the message says why and what to do. Exit code 2."""
