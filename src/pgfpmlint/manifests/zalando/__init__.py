"""Zalando's operator: a ``postgresql`` is a cluster under Patroni in the Spilo image, and the poolers before it.

https://postgres-operator.readthedocs.io/en/latest/reference/cluster_manifest/. Which parameters go to the DCS and which
to each member, and the formula of the pools, are those of the operator's version 2.0 (pkg/cluster).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.catalog.version import POSTGRESQL, newest
from pgfpmlint.manifests.documents import SCALAR, entries, items
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import OPTIONS, Machine, Manifest, Part, Told
from pgfpmlint.manifests.patroni.parameters import Parameters, options, wal_kept
from pgfpmlint.manifests.resources import Resource, resources
from pgfpmlint.manifests.zalando.spilo import DEFAULTS, HBA, LOCAL
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.source.excerpt import Excerpt

GROUP = "acid.zalan.do"

LISTS = {
    "spec": (("parameters", "spec.postgresql.parameters"), ("pg_hba", "spec.patroni.pg_hba")),
    "spec.postgresql": (("pg_hba", "spec.patroni.pg_hba"),),
    "spec.patroni": (("parameters", "spec.postgresql.parameters"),),
}
"""Keys that are often put where nothing reads them, and their places."""


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    for found in resources(manifests, "Zalando's operator", GROUP):
        if found.kind == "postgresql":
            from pgfpmlint.manifests.zalando.pooler import poolers

            yield from Cluster(found).machines()
            yield from poolers(found)


class Cluster:
    """The servers of one resource: all with the same files, the primary reached as NAME, the replica as NAME-repl."""

    def __init__(self, found: Resource) -> None:
        self._found = found
        self._versions = found.version(POSTGRESQL, "postgresql", "version")
        self._judge = Judge(self._versions.get(POSTGRESQL, newest(POSTGRESQL)))
        given = list(found.texts("postgresql", "parameters"))
        dynamic = [pair for pair in given if pair[0].value not in LOCAL]
        local = [pair for pair in given if pair[0].value in LOCAL]
        self._parameters = Parameters(found.source, self._judge, dynamic, local)

    def machines(self) -> Iterator[Machine]:
        found = self._found
        self._misplaced()
        found.choice(("session", "transaction"), "connectionPooler", "mode")
        files = {
            "/spilo/postgresql.conf": Part("postgresql.conf", self._settings(), f"of postgresql {found.name}"),
            "/spilo/postgresql.options": Part(OPTIONS, self._options(), f"what Patroni starts {found.name} with"),
            "/spilo/pg_hba.conf": Part("pg_hba.conf", self._records(), f"pg_hba of postgresql {found.name}"),
        }
        told = Told(
            self._versions,
            addresses=found.services(found.name),
            memory=found.amount("resources", "limits", "memory"),
            cpus=found.amount("resources", "limits", "cpu"),
            place=found.place(found.section),
            problems=(*found.problems, *self._parameters.problems),
        )
        yield Machine(found.name, f"postgresql/{found.name}", found.source.path, files, told)
        if found.number("numberOfInstances") == 2:
            replica = told._replace(addresses=found.services(f"{found.name}-repl"), problems=())
            yield Machine(f"{found.name}-repl", f"postgresql/{found.name}-repl", found.source.path, files, replica)

    def _settings(self) -> Excerpt:
        found = self._found
        draft = Draft(found.source, f"{found.name}/postgresql.conf", found.section).glue("# by Patroni\n")
        written = [*self._parameters.of_dcs, *self._parameters.own]
        asked = {key.value for key, _ in entries(found.at("postgresql", "parameters"))}
        for name, value in {**DEFAULTS, "shared_buffers": self._share(5, "MB")}.items():
            if name not in asked:
                draft.given(f"{name} = '{value}'\n")
        kept = wal_kept(self._parameters, self._judge.version)
        if isinstance(kept, str):
            draft.given(kept)
        else:
            draft.rendered(kept.key, f"{kept.name} = '{kept.text}'\n")
        for one in written:
            draft.setting(one.key, one.value, one.text)
        return draft.excerpt()

    def _options(self) -> Excerpt:
        found = self._found
        draft = Draft(found.source, f"{found.name}/options", found.section).glue("# by Patroni\n")
        draft.given(f"listen_addresses = '*'\nport = '5432'\ncluster_name = '{found.name}'\n")
        defaults = {"max_connections": self._share(30, "")}
        return options(draft, self._parameters, certain=True, defaults=defaults).excerpt()

    def _share(self, part: int, unit: str) -> str:
        """A part of the memory in MB, which Spilo works out from the container's limit; unknown where none is set."""
        memory = self._found.amount("resources", "limits", "memory")
        if memory is None:
            return "{{ of the memory }}"
        megabytes = memory // (1024 * 1024) // part
        return f"{megabytes}{unit}" if unit else str(min(max(100, megabytes), 1000))

    def _records(self) -> Excerpt:
        found = self._found
        draft = Draft(found.source, f"{found.name}/pg_hba.conf", found.section).glue("# by Patroni\n")
        listed = [item for item in items(found.at("patroni", "pg_hba")) if item.id == SCALAR]
        for item in listed:
            draft.line(item)
        return (draft if listed else draft.given(HBA)).excerpt()

    def _misplaced(self) -> None:
        found, judge = self._found, self._judge
        for path, keys in LISTS.items():
            for key, right in keys:
                found.misplaced(path, key.__eq__, right)
        own = ("version", "parameters", "pg_hba")
        found.misplaced(
            "spec.postgresql",
            lambda name: name not in own and judge.parameter(name) is not None,
            "spec.postgresql.parameters",
        )
