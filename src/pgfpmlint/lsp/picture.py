"""What one run made of a project: everything that the editor may ask for, as of one moment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pgfpmlint import pipeline
from pgfpmlint.config import Config, ConfigError
from pgfpmlint.config.lookup import find, load
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.lsp.document import Document, unsaved
from pgfpmlint.lsp.project import Project
from pgfpmlint.options import Options
from pgfpmlint.pipeline import Run
from pgfpmlint.record import NamedTuple
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import SelectionError
from pgfpmlint.source.text import Place, Source


class Fault(NamedTuple):
    """Why the configuration can't be meant, and where it says so."""

    place: Place
    words: str


class Picture(NamedTuple):
    """``documents`` are those that were open, by absolute path. ``run`` is None where there is no configuration that
    can be meant, not even an earlier one; ``config`` is the one that was taken, ``fault`` what is wrong with the one
    that is there."""

    project: Project
    documents: Mapping[str, Document]
    config: Config | None = None
    run: Run | None = None
    fault: Fault | None = None

    @property
    def outcome(self) -> Outcome:
        return self.run.outcome if self.run else Outcome()


def take(
    project: Project, documents: Mapping[str, Document], options: Options, book: RuleBook, earlier: Config | None
) -> Picture:
    """Lint the project with the texts of the open ``documents``.

    While somebody is writing in .pgfpmlint.yaml it is often broken: what can't be meant is told, and the findings go on
    by the ``earlier`` configuration."""
    texts = {
        project.shown(path): data
        for path, document in documents.items()
        if (data := unsaved(document.text, _on_disk(path))) is not None
    }
    tree = project.tree(texts)
    found = find(project.where, [project.file or "."])
    shown = project.shown(found) if found is not None else ""
    picture = Picture(project, documents)
    for config in (None, earlier):
        try:
            if config is None:
                config = load(found, project.where, texts.get(shown)) if found is not None else Config()
            return picture._replace(config=config, run=pipeline.examine(tree, config, options, book))
        except (ConfigError, SelectionError) as error:
            if picture.fault is None:
                picture = picture._replace(fault=_fault(str(error), shown, found, texts.get(shown)))
        if earlier is None:
            break
    return picture


def _on_disk(path: str) -> bytes | None:
    """The file's bytes; None where there is none, or none that a linter would read."""
    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def _fault(message: str, shown: str, path: str | None, data: bytes | None) -> Fault:
    """Messages about a configuration begin with its path and mostly a line."""
    if data is None:
        data = (_on_disk(path) if path is not None else None) or b""
    source = Source.from_bytes(shown, data)
    words = message.removeprefix(f"{shown}:")
    number, colon, rest = words.partition(":")
    if words == message or not colon or not number.isdigit() or not 1 <= int(number) <= len(source.line_starts):
        return Fault(source.line_place(1), words.lstrip())
    return Fault(source.line_place(int(number)), rest.lstrip())
