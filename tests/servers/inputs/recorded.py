"""The recorded cases of tests/fixtures/vectors as they are or damaged: what somebody thought of, and what lies near."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

from servers import vectors
from servers.inputs.words import Files, damaged

# Values that the machine decides about.
_OF_THE_MACHINE = ("preload", "lc_", "max_stack_depth", "unix_socket", "ssl =", "ssl=", "bonjour")

LONGEST = 5000
"""Characters of a case that is damaged: what a NUL does to a line hangs on the buffers that a longer one needs."""


_NAMES = {"pg_hba.conf": "pg-hba", "pg_ident.conf": "pg-hba", "pgbouncer.ini": "pgbouncer"}


@cache
def _recorded(kind: str) -> tuple[Files, ...]:
    product = _NAMES.get(kind, kind.replace(".", "-"))
    main = _main(kind)
    found = []
    for name in sorted(path.name.removesuffix(".cases.json") for path in vectors.FOLDER.glob(f"{product}*.cases.json")):
        for case in vectors.cases(name):
            files = _files(case)
            short = len(files.get(main, "")) < LONGEST
            if short and next(iter(files)) == main and not any(word in files[main] for word in _OF_THE_MACHINE):
                found.append(files)
    return tuple(found)


def _files(case: vectors.Case) -> Files:
    """As generators hand them out; an empty folder gets a file that no server looks at."""
    files: Files = {}
    for name, content in vectors.files(case, Path("<dir>")).items():
        files[name if content is not None else f"{name}/readme"] = (content or b"").decode("utf-8", "surrogateescape")
    return files


def _main(kind: str) -> str:
    return {"php-fpm": "php-fpm.conf"}.get(kind, kind)


def generate(random: Random, kind: str) -> Files:
    found, main = _recorded(kind), _main(kind)
    files = dict(random.choice(found))
    for name in [main, *random.sample([*files], random.randint(0, 1))]:
        for _ in range(random.choice([0, 1, 1, 2])):
            files[name] = damaged(random, files[name])
    if random.random() < 0.3:
        other = random.choice(found)
        files = {**other, **files, main: random.choice([files[main] + "\n" + other[main], other[main] + files[main]])}
    return {main: files[main], **files}
