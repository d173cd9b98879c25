"""What a file's name says of its kind."""

from __future__ import annotations

from pgfpmlint.discover.marks import SPARE, STRANGERS, TEMPLATE
from pgfpmlint.record import NamedTuple

POSTGRES, HBA, IDENT = "postgresql.conf", "pg_hba.conf", "pg_ident.conf"
FPM, BOUNCER, USERLIST = "php-fpm", "pgbouncer.ini", "userlist.txt"
OPTIONS = "postgresql.options"
PHP_INI = "php.ini"
SQL = "sql"
ENV, PHP, DOCTRINE = "env", "php", "doctrine"

PGCAT, PGPOOL, ODYSSEY = PROXIES = ("pgcat.toml", "pgpool.conf", "odyssey.conf")
"""Poolers other than PgBouncer; their names alone are never sure."""

APPLICATION_MARKS = ("config/database.php", "config/packages/doctrine.yaml", ".env", ".env.local")
"""Ends of the paths that tell where an application may be."""

INDEX = "index.php"
"""What runs where a web server asks for a folder's PHP."""

NGINX = "nginx"
"""Read where PHP-FPM is in play, for it says who passes requests there; not a kind that can be asked for."""

SYSTEMD, SYSCTL = "systemd", "sysctl.conf"
"""Read where a server of ours is in play, whose limits they set; no kinds that can be asked for either."""

BOUNCER_HBA, BOUNCER_IDENT = "pgbouncer-hba", "pgbouncer-ident"
"""PgBouncer's own access files: the same shape, other rules (https://www.pgbouncer.org/config.html#hba-file-format)."""

EXACT = {
    "postgresql.conf": POSTGRES,
    "postgresql.auto.conf": POSTGRES,
    "pg_hba.conf": HBA,
    "pg_ident.conf": IDENT,
    "php-fpm.conf": FPM,
    "php.ini": PHP_INI,
    "php-fpm-fcgi.ini": PHP_INI,
    "pgbouncer.ini": BOUNCER,
    "userlist.txt": USERLIST,
}

POOL_FOLDERS = frozenset({"pool.d", "php-fpm.d", "fpm.d", "fpm-pool.d", "php-fpm-pool.d"})

OUR_FOLDERS = frozenset({"conf.d", "postgresql.conf.d", "postgresql.d", "pgbouncer.d", "docker-entrypoint-initdb.d"})

LOOKED_AT = frozenset({"conf", "ini", "cnf", "txt", "toml"})

RARE = {"txt": "userlist", "toml": "pgcat"}
"""What the path of a file must hold for its extension to be looked at: such files are anybody's."""

EXTENSIONS = LOOKED_AT | TEMPLATE | {SQL}

# Templates that are named without the extension of what they become: confd's pgbouncer.tmpl.
STEMS = {
    "pg_hba": "pg_hba.conf", "pg_ident": "pg_ident.conf", "pgbouncer": "pgbouncer.ini", "php": "php.ini",
    "php-fpm": "php-fpm.conf", "postgresql": "postgresql.conf", "userlist": "userlist.txt", "www": "www.conf",
}  # fmt: skip

YAML = (".yaml", ".yml")
"""Ends of the names of manifests and compose files."""


READERS = "pgfpmlint.resolve"


class ClientKind(NamedTuple):
    """What the files of a client that is no PHP-FPM look like: one of ``parts`` in the path, one of ``ends`` at its
    end, one of ``marks`` in the first lines. ``reader`` is the module that reads them. The files of one machine are
    read together; where ``home`` names a file (``package.json``) and what stands in it, those are that lie below one
    of them, with it, and no others are looked at."""

    parts: tuple[str, ...]
    ends: tuple[str, ...]
    marks: tuple[str, ...]
    reader: str
    home: tuple[str, str] | None = None


CLIENTS: dict[str, ClientKind] = {
    "apache": ClientKind(
        ("apache", "httpd"),
        (".conf",),
        ("ServerRoot", "IncludeOptional", "LoadModule", "DBDriver", "SetHandler", "ProxyPass"),
        f"{READERS}.apache",
    ),
    "supervisor": ClientKind(("supervisor",), (".conf", ".ini"), ("[program:", "[include]"), f"{READERS}.supervisor"),
    "systemd": ClientKind(
        (".service",), (".service",), ("artisan", "bin/console", ".php"), f"{READERS}.systemd.workers"
    ),
    "datadog": ClientKind(("postgres.d/", "conf.d/postgres.yaml"), YAML, ("instances:",), f"{READERS}.agents.datadog"),
    "telegraf": ClientKind(("telegraf",), (".conf",), ("[[inputs.postgresql",), f"{READERS}.agents.telegraf"),
    "postgres_exporter": ClientKind(
        ("postgres_exporter", "postgres-exporter"),
        ("exporter", ".env", ".conf", ".sysconfig"),
        ("DATA_SOURCE_",),
        f"{READERS}.agents.postgres_exporter",
    ),
    "node-postgres": ClientKind(
        ("",),
        (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx"),
        ("Pool",),
        f"{READERS}.node.clients",
        ("package.json", '"pg"'),
    ),
}
"""Read where a server of ours is in play that they may connect to; no kinds that can be asked for."""

# Files of PostgreSQL and its companions that are written like postgresql.conf, or like pg_hba.conf.
STRANGERS_NAMES = frozenset({
    "createcluster.conf", "pg_ctl.conf", "pg_service.conf", "pool_hba.conf", "recovery.conf", "start.conf",
})  # fmt: skip

PACKAGES_OWN = ("/usr/share/", "/usr/lib/", "/var/backups/", "/var/cache/", "/var/lib/dpkg/", "/var/lib/ucf/")


class Guess(NamedTuple):
    """A kind and why. Unless ``sure``, the file's content has to bear it out."""

    kind: str
    why: str
    sure: bool


def marks_spare(extension: str) -> bool:
    return extension in SPARE or extension.startswith(("dpkg-", "ucf-")) or extension.endswith("~")


def told(name: str) -> tuple[str, str]:
    """The name without what marks a template or a spare copy, and what it was: ``("www.conf", "a template (.j2)")``.

    The second is empty for a plain name; the first is empty for a name that is none of ours whatever the file holds.
    """
    plain, dot, extension = name.rpartition(".")
    if not dot:
        return "", ""
    if extension in LOOKED_AT:
        return name, ""
    if extension in TEMPLATE:
        plain = STEMS.get(plain, plain)
        return plain, f"a template (.{extension})"
    if name.endswith("~"):
        return name[:-1], "a spare copy (~)"
    return (plain, f"a spare copy (.{extension})") if marks_spare(extension) else ("", "")


def is_template(name: str) -> bool:
    """Whether its extension says that something fills it in."""
    return name.rpartition(".")[2] in TEMPLATE and "." in name


def by_name(folders: list[str], name: str, *, is_short: bool = False) -> Guess | None:
    """What a plain name in those folders, outermost first, promises; ``is_short``: one of STEMS stands in the file's
    stead."""
    lower = name.lower()
    strange = is_strange(folders) or is_short
    if lower in EXACT:
        return Guess(EXACT[lower], f"named {name}", not strange)
    stem, _, extension = lower.rpartition(".")
    look = {"conf": _conf, "ini": _ini, "txt": _txt, "toml": _toml}.get(extension)
    guess = look(folders, stem) if look else None
    return guess._replace(sure=False) if guess and strange else guess


def by_folder(folders: list[str], name: str) -> Guess | None:
    """What the folders make likely of a file whose name promises nothing. Never sure."""
    folder = folders[-1] if folders else ""
    if name.endswith(".ini") and any(part.startswith("pgbouncer") for part in folders):
        return Guess(BOUNCER, "in a folder of PgBouncer", False)
    if not name.endswith(".conf") or name in STRANGERS_NAMES:
        return None
    if "php" in folder:
        return Guess(FPM, f"in {folder}/", False)
    if folder in ("postgresql", "postgres", "pgsql"):
        return Guess(POSTGRES, f"in {folder}/", False)
    if folder in OUR_FOLDERS and any(part.startswith(("postgres", "pgsql")) for part in folders):
        return Guess(POSTGRES, f"in {folder}/ of PostgreSQL", False)
    return None


def may_tell_itself(folders: list[str], name: str) -> bool:
    """Whether a file of a name that promises nothing may be told by its content: a text file is anybody's, and other
    programs have sections of our names, as fail2ban's jails."""
    lower = name.lower()
    return not lower.endswith((".txt", ".toml")) and lower not in STRANGERS_NAMES and STRANGERS.isdisjoint(folders)


def is_ours(folder: str) -> bool:
    """Whether a folder of that name is likely to hold files of ours."""
    return folder in POOL_FOLDERS or folder.startswith(("postgres", "pgsql", "pgbouncer", "php"))


def is_idle(path: str) -> str:
    """Why no server reads what lies there of its own, if so; ``path`` is the machine's."""
    if path.startswith(PACKAGES_OWN):
        return "came with a package or is a copy of its: no server reads it there"
    folders = path.split("/")[:-1]
    if any(folder.endswith(("-available", ".available", ".disabled", "-disabled")) for folder in folders):
        return "lies in a folder of what is switched off"
    return ""


def is_strange(folders: list[str]) -> bool:
    """Whether other programs keep their files there, in which our names mean them."""
    if folders and folders[-1].endswith(".d") and folders[-1] not in POOL_FOLDERS and folders[-1] not in OUR_FOLDERS:
        return True
    return not STRANGERS.isdisjoint(folders)


def _conf(folders: list[str], stem: str) -> Guess | None:
    folder = folders[-1] if folders else ""
    if "hba" in stem and stem.startswith(("pgb", "pgbouncer")):
        return Guess(BOUNCER_HBA, "named as an access file of PgBouncer", False)
    if "pg_hba" in stem or "pghba" in stem:
        return Guess(HBA, "named like pg_hba.conf", False)
    if "pg_ident" in stem or "pgident" in stem:
        return Guess(IDENT, "named like pg_ident.conf", True)
    if folder in POOL_FOLDERS:
        return Guess(FPM, f"in {folder}/", folder != "pool.d" or any("php" in part for part in folders))
    if "fpm" in stem or stem == "www" or stem.endswith(".pool"):
        return Guess(FPM, "named like a file of PHP-FPM", False)
    if "postgres" in stem:
        return Guess(POSTGRES, "named like postgresql.conf", False)
    for kind in (PGPOOL, ODYSSEY):
        if stem.startswith(kind.removesuffix(".conf")):
            return Guess(kind, f"named like {kind}", False)
    return None


def _ini(folders: list[str], stem: str) -> Guess | None:
    return Guess(BOUNCER, "named like pgbouncer.ini", False) if "pgbouncer" in stem else None


def _toml(folders: list[str], stem: str) -> Guess | None:
    return Guess(PGCAT, "named like pgcat.toml", False) if "pgcat" in stem else None


def _txt(folders: list[str], stem: str) -> Guess | None:
    return Guess(USERLIST, "named like userlist.txt", False) if "userlist" in stem else None
