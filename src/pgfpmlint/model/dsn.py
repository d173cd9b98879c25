"""The addresses that a client pool names in its own environment."""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Dsn
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.resolve.settings import Effective

POSTGRES_PORT = 5432
"""libpq's compiled-in default: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-PORT"""

# Host, port, database and user as the field spells them: Laravel's .env, libpq's own variables
# (https://www.postgresql.org/docs/current/libpq-envars.html), the official Docker image's names.
OF_ANY_DATABASE = (
    ("DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USERNAME"),
    ("DB_READ_HOST", "DB_READ_PORT", "DB_DATABASE", "DB_USERNAME"),
    ("DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER"),
)
OF_POSTGRES = (
    ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER"),
    ("POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER"),
)
FAMILIES = OF_ANY_DATABASE + OF_POSTGRES
OF_OTHERS = ("MARIADB_", "MONGO", "MYSQL_", "WORDPRESS_DB_")
"""Beginnings of names that applications without PostgreSQL are given their database by."""
URLS = ("DATABASE_URL", "DB_URL", "POSTGRES_URL")
URL_SCHEMES = ("postgres", "postgresql", "pgsql", "pdo-pgsql")
PERSISTENT = ("DB_PERSISTENT", "DATABASE_PERSISTENT", "PDO_PERSISTENT")
TRUE_WORDS = ("1", "true", "yes", "on")


def named_by(pool: ClientPool) -> list[Dsn]:
    """One Dsn per distinct host and port that the pool's ``env[...]`` lines name; empty where they name none."""
    families = FAMILIES if other_database(pool) is None else OF_POSTGRES
    kept = next((label for key in PERSISTENT if (label := _true(pool, key))), None)
    found: dict[tuple[str, int], Dsn] = {}
    for dsn in [*_from_urls(pool), *_from_families(pool, families)]:
        known = found.get((dsn.host, dsn.port))
        if known is None:
            found[dsn.host, dsn.port] = dsn._replace(persistent=dsn.persistent or kept)
        else:
            found[dsn.host, dsn.port] = known._replace(
                database=known.database or dsn.database,
                user=known.user or dsn.user,
                evidence=known.evidence + dsn.evidence,
            )
    return list(found.values())


def named_unknown(pool: ClientPool) -> Effective | None:
    """A line that names an address by a variable only the running system knows: ``env[DB_HOST] = $DB_HOST``."""
    for key in (*URLS, *(family[0] for family in FAMILIES)):
        entry = pool.pool.entry("env", key)
        if entry is not None and _text(entry) is None:
            return entry
    return None


def other_database(pool: ClientPool) -> Effective | None:
    """A line that says the pool's application uses another kind of database: ``env[DB_CONNECTION] = mysql``,
    ``env[DATABASE_URL] = "mysql://db/shop"``."""
    for key in ("DB_CONNECTION", "DB_DRIVER", *URLS):
        entry = pool.pool.entry("env", key)
        driver, scheme, _ = (_text(entry) or "").partition("://")
        if driver and bool(scheme) == (key in URLS) and not driver.startswith(("pg", "postgres", "pdo-pgsql")):
            return entry
    return None


def names_another(pool: ClientPool) -> bool:
    """Whether the pool's environment names some other kind of database: ``env[MYSQL_HOST]``."""
    return any(name.startswith(OF_OTHERS) for name in pool.pool.arrays.get("env", ()))


def _text(entry: Effective | None) -> str | None:
    # A value that begins with $ is looked up in FPM's own environment when it starts.
    if entry is None or entry.value is None or entry.value.startswith("$"):
        return None
    return entry.value


def _label(entry: Effective, words: str) -> tuple[Label, ...]:
    return (Label(entry.place, words),) if entry.place is not None else ()


def _true(pool: ClientPool, key: str) -> Label | None:
    entry = pool.pool.entry("env", key)
    if entry is None or entry.place is None or (entry.value or "").lower() not in TRUE_WORDS:
        return None
    return Label(entry.place, f"env[{key}] keeps connections between requests")


def _from_families(pool: ClientPool, families: tuple[tuple[str, str, str, str], ...]) -> list[Dsn]:
    found = []
    for host_key, port_key, database_key, user_key in families:
        host_entry, port_entry = pool.pool.entry("env", host_key), pool.pool.entry("env", port_key)
        host, port = _text(host_entry), _text(port_entry)
        if host_entry is None or host is None or (port_entry is not None and not (port or "").isdigit()):
            continue
        evidence = _label(host_entry, f"env[{host_key}] names {host}")
        if port_entry is not None:
            evidence += _label(port_entry, f"env[{port_key}] names port {port}")
        database, user = (_text(pool.pool.entry("env", key)) for key in (database_key, user_key))
        found.append(Dsn(host, int(port or POSTGRES_PORT), database, user, evidence))
    return found


def _from_urls(pool: ClientPool) -> list[Dsn]:
    found = []
    for key in URLS:
        entry = pool.pool.entry("env", key)
        url = _text(entry)
        parsed = parse_url(url) if url is not None else None
        if entry is None or parsed is None:
            continue
        host, port, database, user, persistent = parsed
        label = _label(entry, f"env[{key}] names {host or 'a Unix socket'}, port {port}")
        kept = Label(label[0].place, f"env[{key}] asks for persistent connections") if persistent and label else None
        found.append(Dsn(host, port, database, user, label, kept))
    return found


def parse_url(url: str) -> tuple[str, int, str | None, str | None, bool] | None:
    """Host, port, database, user and whether persistent, of a ``postgresql://`` URL; None for another or a bad one.

    The password that such a URL may hold is dropped here and goes nowhere.
    """
    from urllib.parse import parse_qs, unquote, urlsplit

    try:
        parts = urlsplit(url)
        if parts.scheme not in URL_SCHEMES:
            return None
        query = parse_qs(parts.query)
        port = parts.port or int(query.get("port", [str(POSTGRES_PORT)])[0])
    except ValueError:
        return None
    host = unquote(parts.hostname or query.get("host", [""])[0])
    persistent = query.get("persistent", [""])[0].lower() in TRUE_WORDS
    user = unquote(parts.username) if parts.username else None
    return host, port, unquote(parts.path.lstrip("/")) or None, user, persistent
