"""pgcat.toml: TOML, without which pgcat does not start."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.toml_lines import document
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Document

KIND = "pgcat.toml"


def parse(source: Source, path: str, version: ServerVersion) -> Document:
    """See `pgfpmlint.formats.Format`."""
    return document(KIND, source, path)
