"""Server versions, as numbers that compare."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple

POSTGRESQL, PHP, PGBOUNCER = "postgresql", "php", "pgbouncer"

PGCAT, PGPOOL, ODYSSEY = OTHERS = ("pgcat", "pgpool", "odyssey")
"""The other poolers with files of their own."""

NGINX, SYSTEMD, LINUX = "nginx", "systemd", "linux"
NODE_POSTGRES = "node-postgres"
"""Of which no version matters here: what is read of them has been the same for as long as it counts."""

NAMES = {
    POSTGRESQL: "PostgreSQL",
    PHP: "PHP",
    PGBOUNCER: "PgBouncer",
    PGCAT: "pgcat",
    PGPOOL: "pgpool-II",
    ODYSSEY: "Odyssey",
}
"""What people call the products."""

NEWEST = {POSTGRESQL: (19,), PHP: (8, 5), PGBOUNCER: (1, 26), PGCAT: (1, 2), PGPOOL: (4, 7), ODYSSEY: (1, 5)}
"""The newest version of each product that the catalogs know; taken where nothing tells another."""

OLDEST = {POSTGRESQL: (12,), PHP: (7, 4), PGBOUNCER: (1, 12), PGCAT: (0, 3), PGPOOL: (3, 0), ODYSSEY: (1, 0)}
"""The oldest version that the catalogs know; files of older servers are read as if for it."""


class ServerVersion(NamedTuple):
    """A product's version and where it is known from.

    ``number`` holds as many parts as are known: ``(16,)``, ``(16, 14)``, ``(8, 2)``, ``(1, 24, 1)``.
    ``build`` is ``Debian`` where the version string says so. ``assumed``: nothing told it, the newest was taken.
    ``instead_of`` is an older version than the catalogs know, where the oldest known is taken for it.
    """

    product: str
    number: tuple[int, ...]
    why: str
    build: str = ""
    assumed: bool = False
    instead_of: tuple[int, ...] = ()

    @property
    def major(self) -> int:
        return self.number[0]

    @property
    def is_beyond(self) -> bool:
        """Whether it is newer than every version that the catalogs know: nobody here knows what came with it."""
        newest = NEWEST[self.product]
        return self.number[: len(newest)] > newest

    @property
    def is_unix_build(self) -> bool:
        """Whether the server certainly runs on Linux or a like system.

        Debian's builds say so. A version with its minor number (``16.14``) is taken from an image or a package, which
        are Linux's unless the version says otherwise, as in ``16.14 (Windows)``; ``16`` alone, from a path, tells
        nothing.
        """
        return self.build.startswith("Debian") or (not self.build and len(self.number) > 1)

    def __str__(self) -> str:
        return ".".join(map(str, self.number))

    def at_least(self, *number: int) -> bool:
        """Whether the version is ``number`` or newer; a part that is not known counts as the newest of its line."""
        unknown = (1 << 30,) * (len(number) - len(self.number))
        return self.number[: len(number)] + unknown >= number


def newest(product: str) -> ServerVersion:
    return ServerVersion(product, NEWEST[product], "nothing tells the version; the newest known is taken", assumed=True)


def parse(product: str, text: str, why: str) -> ServerVersion:
    """``"16"``, ``"8.3"``, ``"15.20 (Debian)"`` or ``"19rc1"`` as a version; ValueError for anything else."""
    words = text.split()
    digits = words[0] if words else ""
    for mark in ("rc", "beta", "devel", "-"):
        digits = digits.split(mark)[0]
    parts = digits.lstrip("v").split(".")
    if not all(part.isdigit() for part in parts):
        example = ".".join(map(str, NEWEST[product]))
        raise ValueError(f"{text!r} is no {NAMES[product]} version; write it like {example}")
    return ServerVersion(product, tuple(map(int, parts)), why, " ".join(words[1:]).strip("()"))
