"""Every line that has to do with the one at the cursor: that sets the same, names the same, or decides with it."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.lsp import accounts
from pgfpmlint.lsp.definition import of_findings
from pgfpmlint.lsp.effective import held
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.spot import Spot
from pgfpmlint.resolve.settings import Written
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Assignment, Document, Record, Section

IDENTS = ("pg_ident.conf", "pgbouncer-ident")
HBAS = ("pg_hba.conf", "pgbouncer-hba")


def references(spot: Spot, picture: Picture) -> list[Place]:
    """Places in the picture's files by path and line, each line once; the line itself is among them where it has any
    company."""
    found = [*_same_setting(spot, picture), *_of_record(spot, picture), *_of_links(spot, picture)]
    found += of_findings(spot, picture)
    by_line = {(place.path, place.line): place for place in reversed(found)}
    own = spot.document.source
    here = (own.path, own.position(spot.node.start if spot.node is not None else spot.offset)[0])
    return [by_line[key] for key in sorted(by_line)] if by_line.keys() - {here} else []


def words_in(text: str, word: str) -> Iterator[int]:
    """Offsets where ``word`` stands on its own."""
    at = text.find(word) if word else -1
    while at >= 0:
        around = text[at - 1 : at] if at else ""
        behind = text[at + len(word) : at + len(word) + 1]
        if not _is_part(around) and not _is_part(behind):
            yield at
        at = text.find(word, at + len(word))


def _is_part(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "-", "/", ".") if sign else False


def _same_setting(spot: Spot, picture: Picture) -> Iterator[Place]:
    """All lines of the tree that set the name, servers that never meet included, and what else decides it."""
    node = spot.node
    if not isinstance(node, Assignment) or picture.run is None:
        return
    for reading in picture.run.world.readings:
        for document in reading.documents:
            if document.kind == spot.kind:
                yield from _setting(document, spot, node)
    for one in held(spot, picture):
        places = [lost.place for lost in one.setting.shadowed]
        if isinstance(one.setting.origin, Written):
            places.append(one.setting.origin.place)
        yield from places


def _setting(document: Document, spot: Spot, node: Assignment) -> Iterator[Place]:
    folds = spot.kind in ("postgresql.conf", "pgbouncer.ini", "php-fpm")
    wanted = node.key.text.lower() if folds else node.key.text
    inside = spot.section if spot.kind == "pgbouncer.ini" else ""
    section = ""
    for part in document.parts:
        if isinstance(part, Section):
            section = part.name.text.strip()
        elif isinstance(part, Assignment) and (not inside or section == inside):
            key = part.key.text.lower() if folds else part.key.text
            subscripts = [one.subscript.text if one.subscript is not None else "" for one in (part, node)]
            if key == wanted and subscripts[0] == subscripts[1]:
                yield document.node_place(part)


def _of_record(spot: Spot, picture: Picture) -> Iterator[Place]:
    """Of a map its lines and the records that name it; of a user in userlist.txt the lines that speak of it."""
    if not isinstance(spot.node, Record):
        return
    shown = spot.document.source.path
    if spot.kind in IDENTS:
        name = spot.node.fields[0].values[0].text
        uses = [one.place for one in accounts.uses_of_maps(shown, picture) if one.name == name]
        yield from uses
        for use in uses[:1]:
            yield from accounts.lines_of_map(name, use.path, picture)
    elif spot.kind in HBAS:
        name = _map_of(spot)
        if name:
            yield from accounts.lines_of_map(name, shown, picture)
            for line in accounts.lines_of_map(name, shown, picture):
                yield from (one.place for one in accounts.uses_of_maps(line.path, picture) if one.name == name)
    elif spot.kind == "userlist.txt":
        name = spot.node.fields[0].values[0].text
        yield from (one.place for one in accounts.users(shown, picture) if one.name == name)


def _map_of(spot: Spot) -> str:
    assert isinstance(spot.node, Record)
    texts = [value.text for field in spot.node.fields for value in field.values]
    return next((text[len("map=") :] for text in texts if text.startswith("map=")), "")


def _of_links(spot: Spot, picture: Picture) -> Iterator[Place]:
    """The other lines that a connection rests on: what says where it goes, the [databases] entry that it uses."""
    if picture.run is None:
        return
    deployment = picture.run.world.deployment
    own = spot.document.source
    here = (own.path, own.position(spot.offset)[0])
    for link in deployment.links.known:
        lines = [label.place for label in link.evidence]
        if link.entry is not None:
            lines.append(link.entry.place)
        lines += [
            entry.place
            for pooler in deployment.poolers
            if pooler.name == link.server.name
            for entry in pooler.bouncer.databases
            if entry.name == link.database
        ]
        if any((place.path, place.line) == here for place in lines):
            yield from (place for place in lines if place.source.text)
