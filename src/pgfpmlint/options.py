"""What one run was asked to do, as the command line, an editor or a test says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple


class Options(NamedTuple):
    """``root`` is the folder that stands for one machine's ``/`` (a shown path); None: told from the tree.
    ``as_kind`` is the kind (a key of formats.FORMATS) of every file that is named on the command line.
    ``versions`` are keyed by product and win over the configuration's."""

    root: str | None = None
    as_kind: str | None = None
    versions: Mapping[str, ServerVersion] = {}
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    pedantic: bool = False
    preview: bool = False
    no_suppressions: bool = False
