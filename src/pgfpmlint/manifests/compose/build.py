"""What a service is built from."""

from __future__ import annotations

from pgfpmlint.manifests.compose.project import Project
from pgfpmlint.manifests.containers.container import Container
from pgfpmlint.manifests.item import Item


def built(container: Container, build: Item, project: Project) -> Container:
    """``container`` with what the Dockerfile puts into it."""
    return container
