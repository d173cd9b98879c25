"""Everything that a rule may look at: frozen, and the same for all rules."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.finding.problem import Problem
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Reading, Unread
from pgfpmlint.source.text import Source


class World(NamedTuple):
    """The deployment, and what the readings of its files objected to."""

    deployment: Deployment
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]

    @property
    def sources(self) -> Sequence[Source]:
        """Every file read, once, in the order of reading."""
        by_path = {document.source.path: document.source for reading in self.readings for document in reading.documents}
        return tuple(by_path.values())

    @property
    def not_evaluated(self) -> Sequence[tuple[str, str]]:
        """Rules that the readings themselves know to be without ground; checks say the rest."""
        return ()

    @property
    def unread(self) -> Sequence[Unread]:
        """Files that a reading should have followed but that the tree doesn't hold."""
        return tuple(missing for reading in self.readings for missing in reading.unread)

    def subjects(self, kind: str) -> Sequence[object]:
        """What a rule of that subject is asked about, one after the other."""
        deployment = self.deployment
        if kind == "instance":
            return [instance for instance in deployment.instances if not instance.fragment]
        by_kind: dict[str, Sequence[object]] = {
            "postgres": deployment.instances,
            "hba": deployment.hba_files,
            "ident": deployment.ident_files,
            "fpm": deployment.masters,
            "pool": deployment.pools,
            "pooler": deployment.poolers,
            "userlist": deployment.userlists,
            "link": deployment.links.known,
            "deployment": (deployment,),
            "file": self.sources,
        }
        return by_kind[kind]

    def has(self, kind: str) -> bool:
        """Whether the deployment holds any node of that kind."""
        return bool(self.subjects(kind))
