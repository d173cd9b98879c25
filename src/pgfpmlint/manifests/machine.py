"""The machines that manifests make, and the expanders that read them out of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.record import NamedTuple, Protocol
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.source.text import Place, Source
from pgfpmlint.source.tree import Root

OPTIONS = "postgresql.options"
"""The kind of a part that holds what ``postgres`` is started with, ``-c name=value`` and their kin, as lines of a
postgresql.conf: they win over all files
(https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-SHELL)."""


class Manifest(NamedTuple):
    """A file that may make machines. ``path`` is its path below ``root``, where files lie that it speaks of."""

    source: Source
    root: Root
    path: str


class Part(NamedTuple):
    """One file of a machine. ``kind`` is a key of FORMATS or OPTIONS; empty where its name and text must tell.
    ``why`` says where it comes from: ``postgresql.conf of ConfigMap db``. A ``source`` that is no excerpt is a file of
    the tree that the machine is given: it is then read as the machine's, and no more on its own. ``telling``: its name
    may tell all alone."""

    kind: str
    source: Source
    why: str
    telling: bool = True


class Told(NamedTuple):
    """What is said of a machine beside its files. ``machines`` identical ones (``machines_place`` says how many);
    ``addresses`` are names under which others reach it, those of the same ``network`` alone where it has one. Sizes are
    bytes. ``versions`` are those of its servers, by product. ``problems`` are objections to the manifest itself, at
    places of it, ``environment`` is what its processes see."""

    versions: Mapping[str, ServerVersion] = {}
    machines: int = 1
    machines_place: Place | None = None
    addresses: tuple[str, ...] = ()
    memory: int | None = None
    cpus: int | None = None
    place: Place | None = None
    problems: tuple[Problem, ...] = ()
    environment: Mapping[str, Strand] = {}
    network: str = ""

    @property
    def variables(self) -> dict[str, Effective]:
        """The environment as readings have it, under names that tell it from what the processes' own files set."""
        found: dict[str, Effective] = {}
        for name, strand in self.environment.items():
            place, value = strand.place, None if strand.is_open else strand.text
            found[name] = Effective(f"{name} in the environment", value, Written(place, place, strand.text))
        return found


class Machine(NamedTuple):
    """One machine. ``label`` tells it from others of the same manifest, ``files`` are its parts by the machine's own
    absolute paths, at most one PostgreSQL's with OPTIONS among them. ``at`` is the path, as people see it, of the
    manifest that makes it."""

    name: str
    label: str
    at: str
    files: Mapping[str, Part]
    told: Told = Told()


class Expander(Protocol):
    """A module that reads machines out of manifests of one family."""

    def expand(self, manifests: Sequence[Manifest]) -> Iterator[Machine]:
        """The machines that all these manifests make together, in their order; nothing of what it can't read."""


class Family(NamedTuple):
    """Manifests that one expander reads. One of ``marks`` stands near the beginning of each, and one of WORDS of
    discover.manifests, unless ``named``: then their names hold one of these words, and only files of such a name are
    looked at. The module is named, not imported, so that a run loads only those that it meets."""

    module: str
    marks: tuple[str, ...]
    named: tuple[str, ...] = ()


EXPANDERS: Mapping[str, Family] = {
    "compose": Family("pgfpmlint.manifests.compose", ("services:",), ("compose", "stack")),
    "kubernetes": Family(
        "pgfpmlint.manifests.kubernetes",
        (
            *("kind: ConfigMap", "kind: Secret", "kind: Service", "kind: HorizontalPodAutoscaler"),
            *("kind: Deployment", "kind: StatefulSet", "kind: DaemonSet"),
        ),
    ),
    "cloudnative-pg": Family("pgfpmlint.manifests.cnpg", ("postgresql.cnpg.io/",)),
    "crunchy": Family("pgfpmlint.manifests.crunchy", ("postgres-operator.crunchydata.com/",)),
    "stackgres": Family("pgfpmlint.manifests.stackgres", ("kind: SGPostgresConfig", "kind: SGPoolingConfig")),
    "zalando": Family("pgfpmlint.manifests.zalando", ("acid.zalan.do/",)),
    "patroni": Family("pgfpmlint.manifests.patroni", ("restapi", "loop_wait")),
}
