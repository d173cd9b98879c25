"""The version of the server that reads a file, and where that is known from.

In this order: the command line, ``versions:`` in the configuration, the file's path, ``PG_VERSION`` in the data
directory, the image that a Dockerfile or compose file near it names, paths that the file itself names
(``/run/php/php8.2-fpm.sock``), and else the newest version known, marked as assumed. A version older than
catalog.version.OLDEST keeps its number here (``/etc/postgresql/9.6``): who looks things up in a catalog takes its
oldest for it, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pgfpmlint.catalog.version import (
    ODYSSEY,
    PGBOUNCER,
    PGCAT,
    PGPOOL,
    PHP,
    POSTGRESQL,
    ServerVersion,
    newest,
    parse,
)
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

Number = tuple[int, ...]

PRODUCTS = {
    "postgresql.conf": POSTGRESQL,
    "pg_hba.conf": POSTGRESQL,
    "pg_ident.conf": POSTGRESQL,
    "php-fpm": PHP,
    "php.ini": PHP,
    "pgbouncer.ini": PGBOUNCER,
    "userlist.txt": PGBOUNCER,
    "pgbouncer-hba": PGBOUNCER,
    "pgbouncer-ident": PGBOUNCER,
    "sql": POSTGRESQL,
    "env": PHP,
    "php": PHP,
    "doctrine": PHP,
    "pgcat.toml": PGCAT,
    "pgpool.conf": PGPOOL,
    "odyssey.conf": ODYSSEY,
}
"""The product that reads each kind."""

# Folders whose name, or whose subfolder's name, tells a version: /etc/postgresql/16, /usr/pgsql-16, /etc/php83,
# /etc/opt/rh/rh-php73, Homebrew's postgresql@16, FreeBSD's /var/db/postgres/data16.
NAMES = {
    POSTGRESQL: ("postgresql", "postgres", "pgsql", "pg"),
    PHP: ("rh-php", "php"),
    PGBOUNCER: ("pgbouncer",),
}


def version_of(
    kind: str,
    root: Root,
    path: str,
    given: Iterable[Mapping[str, ServerVersion]],
    data_directory: str | None = None,
    image: Callable[[str], ServerVersion | None] = lambda product: None,
) -> ServerVersion:
    """The version of what reads the file ``path`` of a kind. ``given`` are the command line's and the
    configuration's, by product; ``image`` tells what the tree's container files say of it."""
    product = PRODUCTS[kind]
    for versions in given:
        if product in versions:
            return versions[product]
    found = _of_path(product, path)
    if found is None and product == POSTGRESQL:
        found = _of_data_directory(root, [paths.folder(path), *([data_directory] if data_directory else ())])
    return found or image(product) or _of_words(product, root, path) or newest(product)


def _of_words(product: str, root: Root, path: str) -> ServerVersion | None:
    """The one version that paths within the file tell; None where they tell none, or several."""
    if product not in (POSTGRESQL, PHP):
        return None
    try:
        source = root.read(path)
    except Unreadable:
        return None
    found: dict[Number, ServerVersion] = {}
    for at, line in enumerate(source.text.splitlines()):
        if "/" not in line or line.lstrip().startswith(("#", ";")):
            continue
        for word in line.replace("'", " ").replace('"', " ").replace("=", " ").split():
            _, slash, name = word.rpartition("/")
            number = _own(product, name.partition("-fpm")[0]) if slash and "-fpm" in name else None
            told = _of_path(product, f"{word}/") if slash and number is None else None
            number = told.number if told is not None else number
            if number is not None:
                found.setdefault(number, ServerVersion(product, number, f"{source.path}:{at + 1} names {word}"))
    return next(iter(found.values())) if len(found) == 1 else None


def _of_path(product: str, path: str) -> ServerVersion | None:
    """The version that the innermost telling folder names."""
    if product not in NAMES:
        return None
    folders = path.split("/")[:-1]
    for at in range(len(folders) - 1, 0, -1):
        above, folder = folders[at - 1], folders[at]
        number = _own(product, folder)
        if number is None and above in NAMES[product]:
            number = _number(product, folder)
        if number is None and product == POSTGRESQL and above in NAMES[product] and folder.startswith("data"):
            number = _number(product, folder[4:])
        if number is not None:
            return ServerVersion(product, number, f"from the path {'/'.join(folders[: at + 1])}")
    return None


def _own(product: str, folder: str) -> Number | None:
    """``(16,)`` of ``postgresql-16``, ``(8, 3)`` of ``php83``."""
    for name in NAMES[product]:
        if folder.startswith(name):
            rest = folder[len(name) :].removesuffix("-fpm")
            return _number(product, rest[1:] if rest[:1] in ("-", "@", "_") else rest)
    return None


def _number(product: str, text: str) -> Number | None:
    """A version as folders write it; None for what is none that ever was, such as the 2 of ``postgres2``."""
    parts = text.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        return None
    number = tuple(map(int, parts))
    if product == PHP:
        number = (int(text[0]), int(text[1:])) if len(parts) == 1 and len(text) > 1 else number
        return number if 5 <= number[0] <= 9 else None
    if product == PGBOUNCER:
        return number if number[0] == 1 and len(number) > 1 else None
    return number if 10 <= number[0] <= 40 or number[0] in (8, 9) else None


def _of_data_directory(root: Root, folders: list[str]) -> ServerVersion | None:
    for folder in folders:
        try:
            source = root.read(paths.join(folder, "PG_VERSION"))
            return parse(POSTGRESQL, source.text.strip(), f"{source.path} says {source.text.strip()}")
        except (Unreadable, ValueError):
            continue
    return None
