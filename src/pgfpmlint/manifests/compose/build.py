"""What a service is built from."""

from __future__ import annotations

from pgfpmlint.manifests.compose.project import Project
from pgfpmlint.manifests.containers.container import Container, Mount
from pgfpmlint.manifests.containers.dockerfile import Stage, image
from pgfpmlint.manifests.item import Item, named_strands
from pgfpmlint.manifests.strand import Strand
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.source.tree import Root, Unreadable

TAKEN = (".conf", ".ini", ".txt", ".sql")
MOST_FILES = 200


def built(container: Container, build: Item, project: Project) -> Container:
    """``container`` with what the Dockerfile puts into it; without an image where that can't be told."""
    unknown = container._replace(image=None)
    strand = build.strand
    context = project.fill(strand).text if strand is not None else _said(build, project, "context") or "."
    if "://" in context or "${" in context or build.field("dockerfile_inline") is not None:
        return unknown
    folder = project.beside(build.source, context)
    path = paths.join(folder, _said(build, project, "dockerfile") or "Dockerfile")
    try:
        source = project.root.read(path)
    except Unreadable:
        return unknown
    args = {name: project.fill(one) for name, one in named_strands(build.field("args")).items() if one is not None}
    stage = image(source, _said(build, project, "target"), args)
    if stage is None or "$" in stage.base.text:
        return unknown
    return _with(container, stage, _copied(stage, project.root, folder))


def _with(container: Container, stage: Stage, copied: dict[str, Mount]) -> Container:
    entrypoint = container.entrypoint if container.entrypoint is not None else stage.entrypoint
    command = container.command
    if command is None and container.entrypoint is None:
        command = stage.command
    return container._replace(
        image=stage.base,
        command=command,
        entrypoint=entrypoint,
        environment={**stage.environment, **container.environment},
        files={**copied, **container.files},
        altered=stage.runs,
    )


def _said(build: Item, project: Project, name: str) -> str:
    found = build.field(name)
    strand = found.strand if found is not None else None
    return project.fill(strand).text if strand is not None else ""


def _copied(stage: Stage, root: Root, folder: str) -> dict[str, Mount]:
    """The files of ours that the Dockerfile copies, by their paths in the image."""
    found: dict[str, Mount] = {}
    for copy in stage.copies:
        target = copy.target.text
        if not target.startswith("/") or "$" in target:
            continue
        for one in copy.sources:
            path = paths.join(folder, one.text.lstrip("/"))
            if root.is_folder(path):
                _folder(root, path, target, one, found, 0)
            elif root.is_file(path):
                into = len(copy.sources) > 1 or target.endswith("/") or "." not in paths.name(target)
                place = f"{target.rstrip('/')}/{paths.name(path)}" if into else target
                _file(root, path, place, one.place, found)
    return found


def _folder(root: Root, path: str, target: str, one: Strand, found: dict[str, Mount], depth: int) -> None:
    try:
        names = root.names(path)[:MOST_FILES]
    except Unreadable:
        return
    for name in names if depth < 4 else ():
        inner, place = f"{path.rstrip('/')}/{name}", f"{target.rstrip('/')}/{name}"
        if root.is_folder(inner):
            _folder(root, inner, place, one, found, depth + 1)
        else:
            _file(root, inner, place, one.place, found)


def _file(root: Root, path: str, target: str, place: Place, found: dict[str, Mount]) -> None:
    if not target.endswith(TAKEN) or len(found) > MOST_FILES:
        return
    try:
        mount = Mount(root.read(path), place, f"copied to {target} by {place.path}:{place.line}")
    except Unreadable:
        return
    found[paths.normal(target)] = mount
