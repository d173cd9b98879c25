"""Everything that a rule may look at: frozen, and the same for all rules."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Problem
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.mentions import Mentions, mentions
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Reading, Unread

if TYPE_CHECKING:
    from pgfpmlint.model.hba_cover import Dead
    from pgfpmlint.model.nodes import HbaFile

DISPENSABLE = frozenset({"gateway", "kernel", "manifest", "nginx", "proxied", "proxy", "sql", "unit", "workers"})
"""What a deployment may well have none of: with nothing to judge, nothing is left unjudged."""


class World:
    """The deployment, and what the readings of its files objected to."""

    __slots__ = ("_dead", "_mentions", "_paths", "_subjects", "deployment", "problems", "readings")

    def __init__(self, deployment: Deployment, readings: tuple[Reading, ...], problems: tuple[Problem, ...]) -> None:
        self.deployment = deployment
        self._dead: dict[int, Sequence[Dead]] = {}
        self._mentions: Mentions | None = None
        self.readings = readings
        self.problems = problems
        sources = {document.source.identity: document.source for reading in readings for document in reading.documents}
        self._subjects: dict[str, Sequence[object]] = {
            "file": list(sources.values()),
            "postgres": deployment.instances,
            "hba": deployment.hba_files,
            "ident": deployment.ident_files,
            "fpm": deployment.masters,
            "pool": deployment.pools,
            "pooler": deployment.poolers,
            "proxy": deployment.proxies,
            "userlist": deployment.userlists,
            "instance": [instance for instance in deployment.instances if not instance.fragment],
            "sql": deployment.scripts,
            "link": deployment.links.known,
            "deployment": (deployment,),
            "unit": [
                *(instance for instance in deployment.instances if instance.unit is not None),
                *(pooler for pooler in deployment.poolers if pooler.unit is not None),
                *(master for master in deployment.masters if master.unit is not None),
            ],
            "kernel": deployment.kernels,
            "manifest": [reading for reading in readings if reading.kind == "manifest"],
            "client": [*deployment.pools, *(one for one in deployment.workers if deployment.links.of(one))],
            "workers": deployment.workers,
        }

    @property
    def not_evaluated(self) -> Sequence[tuple[str, str]]:
        """Rules that the readings themselves know to be without ground; checks say the rest."""
        return ()

    @property
    def unread(self) -> Sequence[Unread]:
        """Files that a reading should have followed but that the tree doesn't hold."""
        return tuple(missing for reading in self.readings for missing in reading.unread)

    def dead_records(self, file: HbaFile) -> Sequence[Dead]:
        """The records of a pg_hba.conf that can never decide."""
        if id(file) not in self._dead:
            from pgfpmlint.model.hba_cover import dead_records

            self._dead[id(file)] = dead_records(file.reading)
        return self._dead[id(file)]

    def may_mention(self, words: Sequence[str]) -> bool:
        """Whether a file holds one of these settings or facts, or may: where not all files can be read."""
        if self._mentions is None:
            self._mentions = mentions(self.deployment)
        return self._mentions.may_hold(words)

    def subjects(self, kind: str) -> Sequence[object]:
        """What a rule of that subject is asked about, one after the other."""
        if kind not in self._subjects:
            self._follow(kind)
        return self._subjects[kind]

    def has(self, kind: str) -> bool:
        """Whether the deployment holds any node of that kind, or is complete without."""
        return kind in DISPENSABLE or bool(self.subjects(kind)) or (kind == "pooler" and bool(self.subjects("proxy")))

    def _follow(self, kind: str) -> None:
        """Work out the ways through the deployment, which only some rules ask for."""
        if kind in ("leg", "passage"):
            self._walk()
            return
        from pgfpmlint.model.connection_path import connection_paths

        if "path" not in self._subjects:
            self._subjects["path"] = self._paths = connection_paths(self.deployment)
        if kind == "path":
            return
        if not self.deployment.web_servers:
            self._subjects |= {"nginx": (), "gateway": (), "proxied": ()}
            return
        from pgfpmlint.model.gateway import gateways

        found = gateways(self.deployment, self._paths)
        self._subjects |= {"nginx": found.fronts, "gateway": found.known, "proxied": found.proxied}

    def _walk(self) -> None:
        """Every connection path, and every step of one, with what becomes of it."""
        self._subjects |= {"leg": (), "passage": ()}
        if self.deployment.links.known:
            from pgfpmlint.model.passage import Passages

            found = Passages(self.deployment)
            self._subjects |= {"leg": found.legs, "passage": found.all}
