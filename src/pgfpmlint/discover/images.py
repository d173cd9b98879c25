"""Which versions the container files of a repository name: ``FROM php:8.3-fpm``, ``image: postgres:16``.

The nearest folder above a file that holds a Dockerfile or a compose file with an image of the file's server decides.
Of several images in one compose file those count whose service mentions the file or a folder of it, as mounts do.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import NAMES, ServerVersion, newest
from pgfpmlint.discover.names import YAML
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

if TYPE_CHECKING:
    from pgfpmlint.discover.image_tags import Image


class Images:
    """The container files of one tree, each read once; ``root`` is the tree itself, whatever hosts lie in it."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._folders: dict[str, dict[str, list[Image]]] = {}

    def version(self, product: str, path: str) -> ServerVersion | None:
        """The version that runs the file ``path``; None where no image tells one. Where several do, the newest version
        known is taken for it, as for a file that nothing tells of, and the reason says so."""
        folder = path
        while folder != "/":
            folder = paths.folder(folder)
            images = self._of(folder).get(product)
            if images:
                return _one(product, _mentioning(images, path, folder) or images)
        return None

    def _of(self, folder: str) -> dict[str, list[Image]]:
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = {}
            for name in self._container_files(folder):
                self._read(paths.join(folder, name), found)
        return found

    def _read(self, path: str, found: dict[str, list[Image]]) -> None:
        from pgfpmlint.discover.image_tags import named_in

        try:
            source = self._root.read(path)
        except Unreadable:
            return
        for product, image in named_in(source):
            found.setdefault(product, []).append(image)

    def _container_files(self, folder: str) -> list[str]:
        try:
            return [name for name in self._root.names(folder) if is_container_file(name.lower())]
        except Unreadable:
            return []


def is_container_file(name: str) -> bool:
    if name.endswith(YAML):
        return name.startswith(("docker-compose", "compose"))
    return name.startswith(("dockerfile", "containerfile")) or name.endswith(".dockerfile")


def _one(product: str, images: list[Image]) -> ServerVersion:
    numbers = {image.number for image in images}
    if len(numbers) == 1:
        return ServerVersion(product, images[0].number, images[0].where)
    said = " and ".join(dict.fromkeys(image.where for image in images[:2]))
    why = f"{said}, so nothing tells which {NAMES[product]} it is; the newest known is taken"
    return newest(product)._replace(why=why)


def _mentioning(images: list[Image], path: str, folder: str) -> list[Image]:
    """The images whose service names the file, else the innermost folder of it that any of them names."""
    below = path[len(folder.rstrip("/")) + 1 :]
    while below:
        found = [image for image in images if below in image.block]
        if found:
            return found
        below = below.rpartition("/")[0]
    return []
