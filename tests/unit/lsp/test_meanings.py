"""Every name that a catalog has, of any version, has a line that says what it is for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.catalog import pgbouncer, php_fpm, php_ini, postgresql
from pgfpmlint.catalog.version import PGBOUNCER, PHP, POSTGRESQL, ServerVersion, parse
from pgfpmlint.lsp import access
from pgfpmlint.lsp.facts import Fact, facts
from pgfpmlint.lsp.meanings import FOLDER, WHERE, meanings
from pgfpmlint.resolve.hba import options
from pgfpmlint.resolve.hba.methods import known as hba_methods
from pgfpmlint.resolve.pgbouncer.hba import METHODS as POOLER_METHODS

MAJORS = [parse(POSTGRESQL, str(major), "a test") for major in postgresql.majors()]


def of_postgresql() -> set[str]:
    """Old names excepted, which stand for their new ones."""
    found: set[str] = set()
    for major in postgresql.majors():
        data = json.loads(Path(postgresql.FOLDER, f"{major}.json").read_text())
        found |= {*data["settings"], *data["later"], *data["hidden"]}
    return found


def of_records() -> set[str]:
    return {"clientcert", "clientname", *(name for version in MAJORS for name in options.known(version))}


POOLER, FPM = pgbouncer.load(), php_fpm.load()
NAMES = {
    "postgresql.conf": of_postgresql(),
    "pg_hba.conf": of_records(),
    "pgbouncer.ini": {*POOLER.parameters},
    "databases": {*POOLER.databases},
    "users": {*POOLER.users},
    "peers": {*POOLER.peers},
    "php-fpm": {*FPM.globals, *FPM.pool, *FPM.arrays},
    "php.ini": {*php_ini.DEFAULTS},
}


@pytest.mark.parametrize("where", WHERE)
def test_each_name_has_one_and_no_other(where: str) -> None:
    assert set(meanings(where)) == NAMES[where]


@pytest.mark.parametrize("where", WHERE)
def test_they_are_short_and_in_order(where: str) -> None:
    lines = Path(FOLDER, f"{where}.txt").read_text().splitlines()
    assert lines == sorted(lines, key=lambda line: line.partition(":")[0])
    for name, words in meanings(where).items():
        assert 10 <= len(words) <= 140, name
        assert not words.endswith(".") or words.endswith("…"), name
        assert words == words.strip(), name


def test_each_method_has_one() -> None:
    assert {name for version in MAJORS for name in hba_methods(version)} | {*POOLER_METHODS} <= access.METHODS.keys()


VERSIONS = [
    *(("postgresql.conf", "", version) for version in MAJORS),
    *(
        ("pgbouncer.ini", section, parse(PGBOUNCER, number, "a test"))
        for section in ("pgbouncer", "databases", "users", "peers")
        for number in ("1.12", "1.18", "1.25")
        if section != "peers" or number == "1.25"  # which have it since 1.19
    ),
    *(("php-fpm", section, parse(PHP, number, "a test")) for section in ("global", "www") for number in ("7.4", "8.4")),
    ("php.ini", "", parse(PHP, "8.3", "a test")),
]


@pytest.mark.parametrize(("kind", "section", "version"), VERSIONS)
def test_each_is_told_with_its_facts(kind: str, section: str, version: ServerVersion) -> None:
    found = list(facts(kind, section, version))
    assert found
    assert [one.name for one in found if not one.meaning or not one.url] == []


def test_a_number_tells_what_it_counts() -> None:
    """Units as pg_settings shows them: shared_buffers in 8kB, work_mem in kB, statement_timeout in ms."""

    def of(name: str) -> Fact:
        return next(one for one in facts("postgresql.conf", "", MAJORS[-1]) if one.name == name)

    assert "a number without a unit counts 8kB each" in of("shared_buffers").notes
    assert "a number without a unit counts kB" in of("work_mem").notes
    assert "a number without a unit counts ms" in of("statement_timeout").notes
    assert not any("unit" in note for note in of("max_connections").notes)
