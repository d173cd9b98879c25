"""One container: its image, what it is started with, its environment, and the files that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.manifests.machine import Told
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.record import NamedTuple
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place, Source


class Mount(NamedTuple):
    """A file that the container is given. ``place`` is the line that gives it."""

    source: Source
    place: Place
    words: str


class Container(NamedTuple):
    """``label`` tells it from others of the manifest ``at``; ``place`` is where it begins there.

    ``image`` is what it runs, variables filled in; ``command`` and ``entrypoint`` are None where the image's own hold.
    ``environment`` is complete where ``told_all``, else further variables come from where nobody can look.
    ``files`` are mounts by the container's own paths; ``covered`` are paths under which it is given something that the
    tree doesn't show, ``folders`` those that a folder of the tree is laid over, ``altered`` scripts that change the
    image (a Dockerfile's ``RUN``).
    ``published`` is where a port of it is opened to other machines than its host.
    """

    name: str
    label: str
    at: str
    place: Place
    image: Strand | None
    command: tuple[Strand, ...] | None = None
    entrypoint: tuple[Strand, ...] | None = None
    environment: Mapping[str, Strand] = {}
    told_all: bool = True
    files: Mapping[str, Mount] = {}
    covered: Mapping[str, Place] = {}
    folders: Mapping[str, Place] = {}
    altered: tuple[str, ...] = ()
    published: Place | None = None
    told: Told = Told()

    @property
    def image_place(self) -> Place:
        return self.image.place if self.image is not None else self.place

    def variable(self, name: str) -> Strand | None:
        """What it holds; None where nothing sets it, or it is empty, as entrypoints take it."""
        found = self.environment.get(name)
        return found if found is not None and found.text else None

    def unsure(self, name: str) -> bool:
        """Whether a variable may be set where nobody can look: by a file that is missing, or from a file's path."""
        found = self.environment.get(name)
        if found is not None:
            return found.is_open
        return not self.told_all or f"{name}_FILE" in self.environment

    def below(self, folder: str) -> Iterator[tuple[str, Mount]]:
        """The mounts in a folder, not deeper."""
        for path, mount in self.files.items():
            if paths.folder(path) == folder:
                yield path, mount

    def is_covered(self, path: str) -> bool:
        """Whether something that the tree doesn't show lies at the path, or around it."""
        return path not in self.files and any(f"{path}/".startswith(f"{one.rstrip('/')}/") for one in self.covered)

    def is_covered_file(self, path: str) -> bool:
        """Whether a file that the tree doesn't show lies at that very path; a volume around it is the data's."""
        return path not in self.files and path in self.covered
