"""What a container is given that its image makes nothing of, or does not start with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.manifests.containers.container import Container, Mount
from pgfpmlint.source import paths

WITHOUT_EFFECT = "manifest/variable-without-effect"
UNREAD = "manifest/file-nobody-reads"
REFUSED_DATA = "manifest/data-at-the-old-place"

PREFIX = "PGBOUNCER_"
OLD_DATA = "/var/lib/postgresql/data"
LOOKED_AT = ("/etc/postgres", "/var/lib/postgresql/")
INITDB = "/docker-entrypoint-initdb.d"
MOVED = 18
"""The major version from which on the image keeps its data elsewhere (https://hub.docker.com/_/postgres, "PGDATA")."""


def of_pooler(container: Container, known: Iterable[str], *, prefixed: bool, mount: Mount | None) -> Iterator[Problem]:
    """Variables that the entrypoint knows by another name, or writes nowhere. ``known`` are its own names of settings,
    without the prefix that it may ask for."""
    lead = PREFIX if prefixed else ""
    for name in known:
        asked, other = f"{lead}{name}", name if prefixed else f"{PREFIX}{name}"
        written = container.environment.get(other)
        if written is not None and asked not in container.environment and mount is None:
            values = {"name": other, "image": _image(container), "why": f"it reads {asked}", "better": f"write {asked}"}
            yield Problem(WITHOUT_EFFECT, written.place, "", False, values)
    # auth_type says in which form edoburu's entrypoint writes a password to userlist.txt, too.
    set_ = [name for one in known if one != "AUTH_TYPE" and (name := f"{lead}{one}") in container.environment]
    if mount is not None and set_:
        first = container.environment[set_[0]]
        why = "it takes the pgbouncer.ini that it is given as it is"
        values = {"name": _few(set_), "image": _image(container), "why": why, "better": "set it in pgbouncer.ini"}
        related = (Label(mount.place, "gives it the file"),)
        yield Problem(WITHOUT_EFFECT, first.place, "", False, values, related)


def of_postgres(container: Container, main: str) -> Iterator[Problem]:
    """Of the official image, which makes ``main`` itself: files that look like it and that nothing leads to."""
    if container.altered or any(
        path.startswith(INITDB) for path in (*container.files, *container.covered, *container.folders)
    ):
        return  # scripts, which may do anything with them
    for path, mount in container.files.items():
        name = paths.name(path)
        if name in ("postgresql.conf", "postgres.conf") and path != main and path.startswith(LOOKED_AT):
            values = {"path": path, "image": _image(container), "main": main}
            yield Problem(UNREAD, mount.place, "", False, values)


def of_data(container: Container, major: int | None) -> Iterator[Problem]:
    """A volume where the official image refuses to find one."""
    place = container.covered.get(OLD_DATA) or container.folders.get(OLD_DATA)
    if major is None or major < MOVED or place is None or "PGDATA" in container.environment or not container.told_all:
        return
    yield Problem(REFUSED_DATA, place, "", True, {"image": _image(container), "old": OLD_DATA})


def _image(container: Container) -> str:
    return container.image.text if container.image is not None else container.label


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
