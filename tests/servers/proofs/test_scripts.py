"""Statements that the server refuses, as psql sends them out of the examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pgfpmlint.catalog import version as versions
from pgfpmlint.options import Options
from servers import found, sql
from servers.found import Server
from servers.postgres import Cluster
from servers.proofs.conftest import RULES
from trees import outcome_of

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(sql.psql() is None, reason="needs psql; Debian's postgresql-client has it"),
]

Clusters = Callable[[Server], Cluster]


def _examples(rule: str, kind: str) -> list[dict[str, str]]:
    definition = YAML(typ="safe", pure=True).load((RULES / f"{rule}.yaml").read_text(encoding="utf-8"))
    return [example["files"] for example in definition["examples"][kind].values()]


def _said(files: Mapping[str, str], cluster: Cluster, folder: Path) -> list[str]:
    """What a server with the example's settings says to its scripts."""
    settings = "".join(text for path, text in files.items() if path.endswith("postgresql.conf"))
    cluster.lay({"postgresql.conf": settings.encode()})
    scripts = {path: text for path, text in files.items() if path.endswith(".sql")}
    with cluster.started() as process:
        assert process, cluster.says()
        if "allow_alter_system" not in settings:
            sql.sweep(cluster)
        return [words for _, _, words in sql.errors(cluster, scripts, folder)]


def _refused(rule: str, cluster: Cluster, folder: Path) -> None:
    """Every finding about a bad example is what the server says, and it says nothing to the good ones.

    What may be a password is not repeated, so only the words before it are compared."""
    version = versions.parse(versions.POSTGRESQL, cluster.server.version, "the server's")
    for files in _examples(rule, "bad"):
        told = outcome_of(files, Options(select=[rule], versions={version.product: version})).findings
        said = [words.split(" at or near ")[0] for words in _said(files, cluster, folder)]
        assert told
        for finding in told:
            assert any(words in finding.message or _renamed(words) in finding.message for words in said), said
    for files in _examples(rule, "good"):
        if "IDENTIFIED BY" not in str(files):  # not for PostgreSQL at all
            assert _said(files, cluster, folder) == []


def _renamed(words: str) -> str:
    """The server's words as the rule about transactions puts them."""
    return words.replace(" cannot run inside a transaction block", " fails here")


@pytest.fixture(params=["oldest", "newest"])
def any_cluster(request: pytest.FixtureRequest, cluster: Clusters) -> Cluster:
    return cluster(found.postgres()[0 if request.param == "oldest" else -1])


def test_statements_that_can_not_be_parsed(any_cluster: Cluster, folder: Path) -> None:
    _refused("sql/syntax-error", any_cluster, folder)


def test_settings_that_alter_system_refuses(any_cluster: Cluster, folder: Path) -> None:
    _refused("sql/alter-system-refused", any_cluster, folder)


def test_settings_that_no_role_can_have(any_cluster: Cluster, folder: Path) -> None:
    _refused("sql/setting-refused", any_cluster, folder)


def test_statements_that_can_not_run_in_a_transaction(any_cluster: Cluster, folder: Path) -> None:
    _refused("sql/not-in-transaction", any_cluster, folder)


def test_alter_system_that_is_switched_off(cluster: Clusters, folder: Path) -> None:
    newest = found.postgres()[-1]
    if int(newest.major) < 17:
        pytest.skip("needs PostgreSQL 17 or newer")
    rule = "sql/alter-system-switched-off"
    for files in _examples(rule, "bad"):
        assert _said(files, cluster(newest), folder) == ["ALTER SYSTEM is not allowed in this environment"]
    for files in _examples(rule, "good"):
        assert _said(files, cluster(newest), folder) == []
