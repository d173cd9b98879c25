"""What an expander tells of a machine reaches the deployment: its files, what its command line sets, its host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.manifests.machine import OPTIONS, Family, Machine, Manifest, Part, Told
from pgfpmlint.source.excerpt import Excerpt, Stretch
from trees import outcome_of, world_of

MANIFEST = """\
some: postgres
command: -c max_connections=7 -c max_conections=8
"""
HOSTS = "hosts:\n  db: {memory: 4GB}\n"


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    """A machine with a file of the tree, whose server is started with what the manifest says."""
    for source, root, path in manifests:
        options, at = "", 0
        stretches = []
        for word in source.text.split("-c ")[1:]:
            at = source.text.index(word, at)
            stretches.append(Stretch(len(options), at))
            options += word.strip() + "\n"
        files = {
            "/data/postgresql.conf": Part("postgresql.conf", root.read("/conf/postgresql.conf"), f"given by {path}"),
            "/data/options": Part(OPTIONS, Excerpt(source, "options", options, stretches), "its command line"),
        }
        told = Told({POSTGRESQL: ServerVersion(POSTGRESQL, (15,), "its image")}, machines=3, addresses=("database",))
        for name in ("db", "db"):
            yield Machine(name, f"{name}{at}", source.path, files, told)
            at += 1


@pytest.fixture(autouse=True)
def _family(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pgfpmlint.discover.manifests.EXPANDERS", {"some": Family(__name__, ("some:",))})


FILES = {"conf/postgresql.conf": "max_connections = 50\nport = 5555\n", "k8s/some.yaml": MANIFEST}


def test_the_command_line_wins_and_its_places_are_the_manifests() -> None:
    outcome = outcome_of(FILES)
    places = {found.rule: (found.at.path, found.at.line, found.at.text) for found in outcome.findings}
    assert places["postgres/unknown-parameter"] == ("k8s/some.yaml", 2, "max_conections=8")
    assert outcome.crashed == ()


def test_a_file_that_a_machine_is_given_is_no_more_on_its_own() -> None:
    servers = world_of(FILES).deployment.instances
    assert [server.name.rpartition("/")[0] for server in servers] == ["db", "k8s/db"]
    for server in servers:
        assert server.postgres.setting("max_connections").number == 7
        assert server.postgres.setting("port").number == 5555
        assert server.postgres.reading.version.number == (15,)
        assert (server.host.machines, server.host.addresses) == (3, ("database",))


def test_the_configuration_has_the_last_word() -> None:
    (first, second) = world_of({**FILES, ".pgfpmlint.yaml": HOSTS}).deployment.instances
    assert (first.host.machines, first.host.memory) == (3, 4 * 1024**3)
    assert second.host.memory is None
