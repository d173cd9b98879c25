"""Which files of SQL set up a PostgreSQL server: its roles, databases and settings.

A repository may hold thousands of files of SQL, most of them an application's migrations, some another database's.
Their names decide which are opened, and words that nothing but PostgreSQL has decide what is taken for ours.
"""

from __future__ import annotations

INIT_FOLDERS = ("docker-entrypoint-initdb.d", "initdb.d", "docker-entrypoint-preinitdb.d")
"""What the official image and Bitnami's run once, in the order of names (https://hub.docker.com/_/postgres)."""

TELLING = (
    "account", "auth", "bootstrap", "cluster", "dumpall", "global", "grant", "init", "pgbouncer", "perm", "postgres",
    "priv", "provision", "role", "setup", "system", "user",
)  # fmt: skip
"""Words of paths that promise more than tables."""

ELSEWHERE = (
    "changelog", "clickhouse", "cockroach", "duckdb", "fixture", "mariadb", "migration", "mssql", "mysql", "oracle",
    "redshift", "snowflake", "sqlite", "sqlserver", "/test", "testdata", "/spec",
)  # fmt: skip
"""Words of paths of other databases, of migrations, and of what is only tested with."""

FOREIGN = (
    "`", "identified by", "identified with", "engine=", "engine =", "auto_increment", "flush privileges", "@'%'",
    "@'localhost'", "\ndelimiter ", "\ngo\n", "\ngo\r\n", "varchar2", "create login", "sp_add", "scope=",
    "password disable", "distkey", "warehouse", "pragma ", "datafile ", "use database",
)  # fmt: skip
"""What PostgreSQL's language has no use for, and others have."""

STRONG = ("connection limit", "alter system set", "alter system reset", "create role", "alter role", "security definer")
WEAK = ("create user", "alter user", "alter database")

OURS = (
    " login", "nologin", "superuser", "createdb", "valid until", "encrypted password", "password '", "owner to", "$$",
    "plpgsql", "create extension", "pg_", "serial", "timestamptz", "jsonb", "search_path", "connection limit", "::",
    "\\c ", "\\connect", "alter system",
)  # fmt: skip
"""What nothing but PostgreSQL has, at least together with the words above."""


def may_set_up_a_server(path: str) -> bool:
    """Whether the name of a file of SQL is worth a look into it."""
    lower = f"/{path.lower()}"
    if any(word in lower for word in ELSEWHERE):
        return False
    name = lower.rpartition("/")[2]
    if name[:8].isdigit() or (name[:1] == "v" and "__" in name and name[1:2].isdigit()):
        return False  # a migration's number: 20240131_users.sql, V12__users.sql
    return any(word in lower for word in TELLING)


def in_init_folder(path: str) -> bool:
    return path.rpartition("/")[0].rpartition("/")[2] in INIT_FOLDERS


def why(path: str, text: str, *, named: bool) -> str:
    """What shows that ``text`` is for PostgreSQL and speaks of more than an application's tables; empty if nothing."""
    lower = text.lower()
    if any(mark in lower for mark in FOREIGN):
        return ""
    ours = any(mark in lower for mark in OURS)
    if in_init_folder(path):
        folder = path.rpartition("/")[0].rpartition("/")[2]
        of_postgres = "postgres" in path.lower() or "pgsql" in path.lower()
        return f"in {folder}/" if ours or of_postgres or any(words in lower for words in STRONG) else ""
    found = next((words for words in (*STRONG, *WEAK) if words in lower), "")
    if found and ours:
        return f"content: {found.upper()}"
    return "given by name" if named else ""
