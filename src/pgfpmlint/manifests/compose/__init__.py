"""Compose files: https://docs.docker.com/reference/compose-file/."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.manifests.compose.project import projects
from pgfpmlint.manifests.compose.services import containers
from pgfpmlint.manifests.containers.known import telling
from pgfpmlint.manifests.machine import Machine, Manifest


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    """A machine for each service whose image is known and runs a server of ours."""
    for project in projects(manifests):
        yield from telling(containers(project))
