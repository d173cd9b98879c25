"""Compose files: https://docs.docker.com/reference/compose-file/."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.manifests.compose.project import projects
from pgfpmlint.manifests.compose.services import containers
from pgfpmlint.manifests.containers.known import telling
from pgfpmlint.manifests.machine import Machine, Manifest
from pgfpmlint.manifests.strand import repeated
from pgfpmlint.source.text import Source


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    """A machine for each service whose image is known and runs a server of ours."""
    known: dict[tuple[str, str, str], Source] = {}
    for project in projects(manifests):
        for made in telling(containers(project)):
            files = {
                path: part._replace(source=_once(part.source, path, made, known)) for path, part in made.files.items()
            }
            yield made._replace(files=files)


def _once(source: Source, path: str, made: Machine, known: dict[tuple[str, str, str], Source]) -> Source:
    """The source, or, where another project of the same files has said all that there is to say of it, one of which
    nothing is said on its own."""
    key = (made.label.rpartition("/")[2], path, source.path)
    first = known.setdefault(key, source)
    return repeated(source) if first is not source and first.text == source.text else source
