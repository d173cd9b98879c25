"""Where a line leads: to the line that decides instead, to the files that it reads, to the ends of a finding."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch

from pgfpmlint.lsp.effective import held
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.spot import Spot
from pgfpmlint.resolve.settings import Reading, Written
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Assignment, Include


def definitions(spot: Spot, picture: Picture) -> list[Place]:
    """Places in the picture's files, the most telling first; none twice, and none on the line itself."""
    found = [*_files(spot, picture), *_winners(spot, picture), *of_findings(spot, picture)]
    own = spot.document.source
    line = own.position(spot.offset)[0]
    kept = [place for place in found if place.path != own.path or place.line != line]
    return list({(place.path, place.start, place.end): place for place in kept}.values())


def named(word: str, picture: Picture) -> list[Place]:
    """What ``.pgfpmlint.yaml`` calls by a name: an instance, a pool, a pooler, a host."""
    nodes = _nodes(picture)
    exact = [place for name, _, place in nodes if name == word]
    return exact or [place for _, host, place in nodes if host == word]


def node_names(picture: Picture) -> list[str]:
    """What links and consumers may name."""
    return [name for name, _, _ in _nodes(picture)]


def _nodes(picture: Picture) -> list[tuple[str, str, Place]]:
    """Name, host, and where it is configured."""
    if picture.run is None:
        return []
    deployment = picture.run.world.deployment
    return [
        *((one.name, one.host.name, _top(one.postgres.reading)) for one in deployment.instances),
        *((one.name, one.host.name, _top(one.bouncer.reading)) for one in deployment.poolers),
        *((one.name, one.host.name, one.pool.sections[0]) for one in deployment.pools if one.pool.sections),
        *((one.name, one.host.name, one.workers.place) for one in deployment.workers),
    ]


def _top(reading: Reading) -> Place:
    return reading.main.source.place(0, 0)


def _winners(spot: Spot, picture: Picture) -> Iterator[Place]:
    for one in held(spot, picture):
        if isinstance(one.setting.origin, Written):
            yield one.setting.origin.place


def _files(spot: Spot, picture: Picture) -> Iterator[Place]:
    """Files that the line reads or names, as far as the picture holds them."""
    node = spot.node
    if isinstance(node, Include):
        target, directive = node.target.text, node.directive.text
    elif isinstance(node, Assignment) and node.value is not None and spot.is_in(node.value):
        target, directive = node.value.text, node.key.text
    else:
        return
    for own, reading_documents in _around(spot, picture):
        wanted = paths.join(paths.folder(own), target)
        if "dir" in directive:
            wanted += "/*.conf"
        for path, place in reading_documents.items():
            if path != own and (path == wanted or fnmatch(path, wanted)):
                yield place


def _around(spot: Spot, picture: Picture) -> Iterator[tuple[str, dict[str, Place]]]:
    """The file's path on its machine, and the files of that machine that were read."""
    assert picture.run is not None
    shown = spot.document.source.path
    for file in picture.run.found.files:
        if file.shown == shown:
            beside = {other.path: other.shown for other in picture.run.found.files if other.host == file.host}
            sources = {
                document.source.path: document.source
                for reading in picture.run.world.readings
                for document in reading.documents
            }
            yield (
                file.path,
                {path: sources[shown].place(0, 0) for path, shown in beside.items() if shown in sources},
            )


def of_findings(spot: Spot, picture: Picture) -> Iterator[Place]:
    """All ends of findings that this line is an end of."""
    path, line = spot.document.source.path, spot.document.source.position(spot.offset)[0]
    for finding in picture.outcome.findings:
        ends = [finding.at, *(label.place for label in finding.related)]
        if any(end.path == path and end.line == line for end in ends):
            yield from (end for end in ends if end.source.text)
