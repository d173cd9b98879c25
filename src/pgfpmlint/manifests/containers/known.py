"""From a container to the machine that it is."""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.manifests.containers import pgbouncer_image, php_image, postgres_image
from pgfpmlint.manifests.containers.container import Container
from pgfpmlint.manifests.machine import Machine
from pgfpmlint.manifests.strand import is_wholly_given


def machine(container: Container) -> Machine | None:
    """None for a container of which nothing is known."""
    for look in (postgres_image.machine, pgbouncer_image.machine, php_image.machine):
        found = look(container)
        if found is not None:
            return found
    return None


def telling(containers: Iterable[Container]) -> list[Machine]:
    """The machines of containers that run together. Where all of them run as their images come, nothing of it is
    anybody's work, and nothing of it is told."""
    made = [found for container in containers if (found := machine(container)) is not None]
    return made if any(not _is_as_it_comes(one) for one in made) else []


def _is_as_it_comes(made: Machine) -> bool:
    """Whether it holds nothing but what its image writes, and starts with it."""
    if len(made.files) > 1 or any(problem.refuses for problem in made.told.problems):
        return False
    return all(is_wholly_given(part.source) for part in made.files.values())
