"""What the rule book's fixes make of its examples: the real servers take every file that they took before, and those
that they refused for what is fixed."""

from __future__ import annotations

import pwd
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from fix_effects import claimed, strayed
from pgfpmlint.examples import Case, cases
from servers import found
from servers.conftest import absent
from servers.contest import contest
from servers.found import Server
from servers.inputs.words import Files

pytestmark = pytest.mark.server

PRODUCTS = {
    "postgresql.conf": "postgresql",
    "pg_hba.conf": "postgresql",
    "php-fpm": "php-fpm",
    "pgbouncer.ini": "pgbouncer",
}
RULES = Path(__file__).parents[2] / "rules"
MENDED = {"postgresql.conf": 5, "pg_hba.conf": 4, "php-fpm": 3, "pgbouncer.ini": 8}
"""How many of the files that a server refuses it takes once they are fixed, at least."""

COMPARED = {"postgresql.conf": 60, "pg_hba.conf": 0, "php-fpm": 15, "pgbouncer.ini": 20}
"""Of how many files that it takes both times the server shows every value, at least. What it makes of pg_hba.conf it
shows row by row, and the rows are judged as ours."""

NAMES = {"php-fpm": "php-fpm.conf"}

MAJOR = "16"
"""The PostgreSQL that most examples are for."""


def _fixed() -> Iterator[Case]:
    for path in sorted(RULES.glob("*/*.yaml")):
        definition = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        if "fix" in definition:
            yield from (case for case in cases(f"{path.parent.name}/{path.stem}", definition) if case.fixed)


def _contests() -> list[object]:
    """Every kind of file with one server that reads it."""
    chosen = [
        (kind, next((server for server in servers if server.major == MAJOR), servers[-1]))
        for kind, product in PRODUCTS.items()
        if (servers := found.servers(product))
    ]
    return [pytest.param(*pair, id=f"{pair[1]}-{pair[0]}") for pair in chosen] or [absent("server", 2)]


def _pairs(kind: str, server: Server) -> Iterator[tuple[Case, Files, Files]]:
    """The file of the kind before and after, of each example that fixes one and is not for another major version."""
    name = NAMES.get(kind, kind)
    for case in _fixed():
        paths = [path for path in case.fixed or () if path.rpartition("/")[2] == name]
        if len(paths) == 1 and case.fixed and _has_accounts(case.fixed[paths[0]]):
            told = re.search(r"/postgresql/(\d+)/", paths[0])
            if told is None or told[1] == server.major:
                yield case, {name: case.files[paths[0]]}, {name: case.fixed[paths[0]]}


def _has_accounts(text: str) -> bool:
    """Whether the machine knows everybody whom a socket is to belong to."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return known.issuperset(re.findall(r"^listen\.owner *= *(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize(("kind", "server"), _contests())
def test_what_fixes_make_of_files(kind: str, server: Server, folder: Path) -> None:
    """No file that the server took is refused; most of those that it refused it takes now; what it makes of them is
    what we say; and no setting has another value but those that the fix writes."""
    mended, compared, wrong = 0, 0, []
    with contest(kind, server, folder) as judge:
        for case, before, after in _pairs(kind, server):
            was, now = judge(before), judge(after)
            mended += now.accepted and not was.accepted
            if was.accepted and not now.accepted:
                wrong.append(f"{case.rule}: {case.name}: refused now")
            (name,) = before
            others = strayed(was.values, now.values, claimed(before[name], after[name]))
            compared += bool(was.values and now.values)
            wrong += [f"{case.rule}: {case.name}: {difference}" for difference in (*now.differences, *others)]
    assert not wrong, "\n".join(wrong)
    assert mended >= MENDED[kind]
    assert compared >= COMPARED[kind]
