"""What the configuration says of a part of the tree only."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pgfpmlint.config.reading import read
from pgfpmlint.options import Options
from pgfpmlint.pipeline import lint
from pgfpmlint.registry.select import SelectionError
from pgfpmlint.source.text import Source
from trees import tree_of

RISKY = "fsync = off\n"
ALWAYS = "postgres/fsync-off"
"""A warning about a postgresql.conf that turns fsync off."""

FILES = {
    "legacy/etc/postgresql/16/main/postgresql.conf": RISKY,
    "shop/etc/postgresql/16/main/postgresql.conf": RISKY,
}


def said(overrides: str, rules: str = "", options: Options | None = None) -> Mapping[str, str]:
    """Host to severity for every finding of the rule."""
    text = f"rules:\n  {rules}\n  overrides:\n{overrides}"
    config = read(Source(".pgfpmlint.yaml", text))
    found = lint(tree_of(FILES), config, options or Options())
    return {one.at.path.partition("/")[0]: one.severity for one in found.findings if one.rule == ALWAYS}


@pytest.mark.parametrize(
    ("overrides", "rules", "expected"),
    [
        (f"  - {{paths: [legacy/], ignore: [{ALWAYS}]}}", "", {"shop": "warning"}),
        (f"  - {{paths: ['**/postgresql.conf'], ignore: [{ALWAYS}]}}", "", {}),
        ("  - {hosts: [legacy], ignore: [postgres/]}", "", {"shop": "warning"}),
        (f"  - {{hosts: [legacy], severity: {{{ALWAYS}: info}}}}", "", {"legacy": "info", "shop": "warning"}),
        (
            "  - {hosts: [legacy], severity: {postgres/: info}}",
            f"severity: {{{ALWAYS}: error}}",
            {"legacy": "info", "shop": "error"},
        ),
        (f"  - {{paths: [shop/], select: [{ALWAYS}]}}", "select: [hba/]", {"shop": "warning"}),
        (
            f"  - {{paths: ['*'], ignore: [{ALWAYS}]}}\n  - {{hosts: [shop], severity: {{{ALWAYS}: info}}}}",
            "",
            {"shop": "info"},
        ),
        (
            f"  - {{paths: ['*'], ignore: [{ALWAYS}]}}\n  - {{hosts: [shop], ignore: [hba/]}}",
            "",
            {},
        ),
    ],
)  # fmt: skip
def test_a_part_of_the_tree(overrides: str, rules: str, expected: dict[str, str]) -> None:
    assert said(overrides, rules) == expected


def test_what_the_command_line_selects_is_all_that_runs() -> None:
    overrides = f"  - {{paths: [shop/], select: [{ALWAYS}]}}"
    assert said(overrides, options=Options(select=["hba/"])) == {}
    assert said(overrides, options=Options(select=[ALWAYS])) == {"shop": "warning", "legacy": "warning"}


def test_parameters_of_one_host() -> None:
    """Of 100 slots 97 are for clients. 80 workers leave 17 free: below 20 % of 100, not below 10 %."""
    pool = "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = static\npm.max_children = 80\nenv[PGHOST] = {}\n"
    files = {
        f"{host}/etc/{path}": text
        for host in ("old", "new")
        for path, text in (
            ("postgresql/16/main/postgresql.conf", "max_connections = 100\nlisten_addresses = 'localhost'\n"),
            ("php/8.2/fpm/pool.d/www.conf", pool.format("127.0.0.1")),
        )
    }
    rule = "capacity/headroom-below-target"
    for overrides, expected in (
        ("[]", {"old", "new"}),
        (f"[{{hosts: [old], params: {{{rule}: {{target: 10%}}}}}}]", {"new"}),
    ):
        config = read(Source(".pgfpmlint.yaml", f"rules: {{overrides: {overrides}}}\n"))
        found = lint(tree_of(files), config, Options(pedantic=True))
        assert {one.at.path.partition("/")[0] for one in found.findings if one.rule == rule} == expected


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ("  - {hosts: [lagacy], ignore: [hba/]}", "3: no host is called 'lagacy'; there are: legacy, shop"),
        ("  - {paths: ['!x'], ignore: [hba/]}", "3: '!x' negates"),
        ("  - {paths: [x], ignore: [hbaa/]}", "3: rules.ignore: no rule is called 'hbaa/'; did you mean hba/?"),
    ],
)
def test_what_cannot_be_meant(overrides: str, says: str) -> None:
    with pytest.raises(SelectionError) as refusal:
        said(overrides, rules="strict: false")
    assert f".pgfpmlint.yaml:{int(says[0]) + 1}{says[1:]}" in str(refusal.value)
