"""What settings are for, in a line each: ``data/<kind>.txt`` holds ``name: meaning``, sorted by name.

The words are ours, after the servers' manuals. tests/unit/lsp holds them to the catalogs: no name of any version is
without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

FOLDER = __file__.rpartition("/")[0] + "/data"

WHERE = ("postgresql.conf", "pg_hba.conf", "pgbouncer.ini", "databases", "users", "peers", "php-fpm", "php.ini")
"""Kinds of files, of pg_hba.conf the options; and the sections of pgbouncer.ini that have keys of their own."""


def meaning(where: str, name: str) -> str:
    """What the name is for; ``where`` is one of WHERE. Empty where no line tells."""
    return meanings(where).get(name.lower() if where == "postgresql.conf" else name, "")


@cache
def meanings(where: str) -> Mapping[str, str]:
    """By name; read once, when the first is asked for."""
    if where not in WHERE:
        return {}
    with open(f"{FOLDER}/{where}.txt", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(": ", 1) for line in file)
