"""pgbouncer.ini with everything it includes, as PgBouncer would run with it."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.resolve.pgbouncer.reading import BouncerEntry, BouncerReading
from pgfpmlint.resolve.settings import PLACEHOLDERS
from pgfpmlint.source.tree import Root

__all__ = ["BouncerEntry", "BouncerReading", "read", "values"]


def read(
    root: Root,
    path: str,
    version: ServerVersion,
    *,
    fragment: bool = False,
    started_in: str = "",
    marks: tuple[str, ...] = PLACEHOLDERS,
) -> BouncerReading:
    """Read ``path`` as the file that PgBouncer is started with. A fragment is a file that another one includes:
    what only a whole configuration can lack or contradict is then not held against it. ``started_in`` is the working
    directory of the process where that is known: relative names count from there. ``marks``: see PLACEHOLDERS."""
    from pgfpmlint.resolve.pgbouncer.loader import load

    return load(root, path, version, fragment, started_in, marks)


def values(found: BouncerReading) -> dict[str, object]:
    """Parameter to value as SHOW CONFIG shows it; ``d:NAME.COLUMN`` as SHOW DATABASES and ``u:NAME.COLUMN`` as SHOW
    USERS show it; ``databases``, ``users``: their names. Empty where PgBouncer would not run."""
    from pgfpmlint.resolve.pgbouncer.console import show

    return show(found)
