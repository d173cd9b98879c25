"""Configuration files that nobody wrote: lines put together from what people do write, then damaged a little.

Deterministic: the same number and seed give the same files on every machine. Names of users, files and hosts are
those that exist everywhere or nowhere, so that what a server says does not hang on the machine. ``<dir>`` stands for
the folder that the files lie in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from servers.inputs import (
    matches,
    pg_hba,
    pg_ident,
    pgbouncer_hba,
    pgbouncer_ini,
    php_fpm,
    postgresql_conf,
    postgresql_start,
    recorded,
    userlist,
)
from servers.inputs.words import Files, damaged

FORMATS: dict[str, Callable[[Random], Files]] = {
    "postgresql.conf": postgresql_conf.generate,
    "postgresql.conf started": postgresql_start.generate,
    "pg_hba.conf": pg_hba.generate,
    "pg_hba.conf matches": matches.generate,
    "pg_ident.conf": pg_ident.generate,
    "php-fpm": php_fpm.generate,
    "pgbouncer.ini": pgbouncer_ini.generate,
    "userlist.txt": userlist.generate,
    "pgbouncer-hba": pgbouncer_hba.generate,
}


# The formats whose recorded cases are put in again, damaged.
_REPEATED = frozenset(("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "php-fpm", "pgbouncer.ini"))


def generated(kind: str, numbers: range, seed: str = "0") -> Iterator[Files]:
    """The files of those numbers; of every fourth the main one is damaged, every eighth is near a recorded case."""
    for number in numbers:
        random = Random(f"{kind} {seed} {number}")
        if number % 8 == 5 and kind in _REPEATED:
            yield recorded.generate(random, kind)
            continue
        files = FORMATS[kind](random)
        if number % 4 == 3:
            main = next(iter(files))
            files[main] = damaged(random, files[main])
        yield files
