"""A fleet's facts are as good as its files: the same findings at the same lines, on a part of the rules' examples."""

from __future__ import annotations

from collections import Counter

import pytest
from rule_examples import cases

from pgfpmlint import pipeline
from pgfpmlint.config import Config
from pgfpmlint.discover.found import Host
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.examples import CONFIG, Case
from pgfpmlint.facts.fleet import Fleet, Stored, configured
from pgfpmlint.facts.host import HostFacts, collect, read, written
from pgfpmlint.options import Options
from pgfpmlint.source.text import Source
from trees import config_of, tree_of

EVERYTHING = Options(select=("all",))
OF_BODIES = frozenset(
    {"auth/lookup-function-missing", "auth/lookup-function-open-to-all", "auth/lookup-function-without-search-path"}
)
"""Rules about what a function's body says; one that speaks of passwords is hidden as a whole."""

Told = Counter[tuple[str, str, str, int]]


def stored(found: list[HostFacts]) -> list[Stored]:
    """As if written to files and read again."""
    names = [one._replace(name=one.name.replace("/", "-")) for one in found]
    files = [Source(f"{one.name}.json", written(one)) for one in names]
    return [(file, read(file)) for file in files]


def by_host(outcome: Outcome, hosts: tuple[Host, ...]) -> Told:
    """Rule, severity, ``host:path`` and line of each finding of a tree."""

    def shown(path: str) -> str:
        for host in sorted(hosts, key=lambda host: -len(host.prefix)):
            lead = f"{host.prefix}/" if host.prefix else ""
            if path.startswith(lead) and path != CONFIG:
                return f"{host.name.replace('/', '-')}:/{path[len(lead) :]}"
        return path

    return Counter((one.rule, one.severity, shown(one.at.path), one.at.line) for one in outcome.findings)


def fleet_of(tree_files: dict[str, str], config: Config) -> Outcome:
    found = stored(collect(tree_of(tree_files), config, Options()))
    return pipeline.lint(Fleet([facts for _, facts in found]), configured(config, found), EVERYTHING)


SAMPLE = [case for case in cases() if case.rule not in OF_BODIES and not case.unreadable][::16]


@pytest.mark.parametrize("case", SAMPLE, ids=[f"{case.rule}: {case.name}" for case in SAMPLE])
def test_the_same_is_found_in_a_tree_and_in_its_facts(case: Case) -> None:
    files = dict(case.files)
    config = config_of(files)
    run = pipeline.examine(tree_of(files), config, EVERYTHING)
    prefixes = [host.prefix for host in run.found.hosts]
    if len({*prefixes}) < len(prefixes) or any(host.told for host in run.found.hosts):
        return  # hosts that share a folder have no facts of their own
    found = fleet_of(files, config)
    expected = by_host(run.outcome, run.found.hosts)
    assert Counter((one.rule, one.severity, one.at.path, one.at.line) for one in found.findings) == expected
