"""Scripts of SQL that nobody wrote: roles, databases and settings that come, change and go, with noise between."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

ROLES = ("a", "b1", '"C c"', '"ä"', "d")
DATABASES = ("s1", '"S 2"')

OPTIONS = (
    "LOGIN", "NOLOGIN", "SUPERUSER", "NOSUPERUSER", "CREATEDB", "NOCREATEDB", "CREATEROLE", "NOINHERIT", "INHERIT",
    "REPLICATION", "NOREPLICATION", "BYPASSRLS", "CONNECTION LIMIT 7", "CONNECTION LIMIT -1", "CONNECTION LIMIT 0",
    "connection /* five */ limit 5", "PASSWORD 'plain'", "PASSWORD NULL", "ENCRYPTED PASSWORD 'x''y'", "PASSWORD ''",
    "PASSWORD 'md5f433c50293bc7afbe20b67ceb15a1e55'", "PASSWORD 'md5F433C50293BC7AFBE20B67CEB15A1E55'",
    "PASSWORD E'pl\\'ain'", "PASSWORD $$plain$$", "VALID UNTIL '2031-02-03'", "VALID UNTIL 'infinity'",
)  # fmt: skip

SETTINGS = (
    ("work_mem", ("'8MB'", "4096", "'-1'", "'64kB'", "lots")),
    ("search_path", ("a, b", "'$user', public", '"A b", c', "''")),
    ("statement_timeout", ("0", "'30s'", "'1min'", "'5 s'", "60000.4")),
    ("TimeZone", ("'UTC'", "'Europe/Berlin'")),
    ("my.own", ("1", "'x y'", "on")),
    ("log_statement", ("all", "'ddl'")),
    ("max_connections", ("5",)),
    ("autovacuum", ("off",)),
    ("nonsense", ("1",)),
    ("random_page_cost", ("1.1", "-2", "4")),
    ("enable_seqscan", ("off", "'on'", "maybe")),
)  # fmt: skip

NOISE = (
    "-- a comment; with 'a quote", "/* a comment /* in one; */ ' */",
    "SELECT 'a;b', \"q;\"\"\" FROM (SELECT 1) \"q;\"\"\";",
    "SELECT $x$; ' $y$ $x$;", "SELECT E'\\';', 'a'';b';", "\\set x 5", "\\echo ; '", "SELECT (1;\n2);", "SELECT 1 1 1;",
    "CREATE TABLE IF NOT EXISTS t (a text);\nCOPY t FROM STDIN;\nDROP ROLE a; '\n\\.", ";", "SELECT FROM WHERE;",
    "SELECT 1 AS \"é\", '\u2028;' \\g /dev/null", "SELECT $1;",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;",
    "DROP FUNCTION IF EXISTS f;", "SELECT 1::text, 2 :: int;", "SELECT a[1:2] FROM (SELECT ARRAY[1,2] a) s;",
)  # fmt: skip


def script(seed: int) -> str:
    """One script. Statements fail in it now and then, but never for something that another script may have made."""
    random = Random(seed)
    return "\r\n".join(_parts(random)) if random.random() < 0.2 else "\n".join(_parts(random))


def _parts(random: Random) -> Iterator[str]:
    roles: list[str] = []
    databases: list[str] = []
    for _ in range(random.randint(5, 40)):
        if random.random() < 0.3:
            yield random.choice(NOISE)
        if random.random() < 0.1:
            taken_back = [one for one in (_statement(random, [*roles], []) for _ in range(2)) if _is_safe(one)]
            yield from ("BEGIN;", *taken_back, "ROLLBACK;")
        elif random.random() < 0.12 and len(databases) < len(DATABASES):
            databases.append(DATABASES[len(databases)])
            limit = random.choice(("", " CONNECTION LIMIT 4", " WITH CONNECTION LIMIT = 9"))
            yield f"CREATE DATABASE {databases[-1]}{limit};"
        else:
            yield _statement(random, roles, databases)


def _is_safe(statement: str) -> bool:
    """Whether it can't fail: an error takes back a whole transaction, and so would a COMMIT behind it."""
    return statement.startswith("ALTER ROLE") and " SET " not in statement and "RENAME" not in statement


def _statement(random: Random, roles: list[str], databases: list[str]) -> str:
    kind = random.choice(
        ("create", "create", "alter", "alter", "set", "set", "set", "grant", "revoke", "rename", "drop")
    )
    options = " ".join(_apart(random))
    if kind == "create" or not roles:
        name = random.choice(ROLES)
        if name not in roles:
            roles.append(name)
        return f"CREATE {random.choice(('ROLE', 'USER'))} {name} {random.choice(('', 'WITH '))}{options};".replace(
            "WITH ;", ";"
        )
    role = random.choice(roles)
    if kind == "alter" and options:
        return f"ALTER {random.choice(('ROLE', 'user'))} {role} {options};"
    if kind in ("set", "alter"):
        return _setting(random, role, databases)
    if kind in ("grant", "revoke") and len(roles) > 1:
        group, member = sorted(random.sample(range(len(ROLES)), 2))
        if {ROLES[group], ROLES[member]} <= set(roles):
            words = ("GRANT", "TO") if kind == "grant" else ("REVOKE", "FROM")
            return f"{words[0]} {ROLES[group]} {words[1]} {ROLES[member]};"
    if kind == "rename":
        return f"ALTER ROLE {role} RENAME TO {role};"  # there is one of that name: fails
    if kind == "drop":
        roles.remove(role)
        return f"DROP ROLE {random.choice(('', 'IF EXISTS '))}{role};"
    return f"SET password_encryption = '{random.choice(('md5', 'scram-sha-256'))}';"


def _setting(random: Random, role: str, databases: list[str]) -> str:
    name, values = random.choice(SETTINGS)
    value = random.choice(values)
    change = f"SET {name} {random.choice(('=', 'TO'))} {value}"
    if random.random() < 0.15:
        change = random.choice(("RESET ALL", f"SET {SETTINGS[0][0]} TO DEFAULT", "RESET work_mem"))
    whom = [f"ROLE {role}", "ROLE ALL"]
    whom += [one for database in databases for one in (f"DATABASE {database}", f"ROLE {role} IN DATABASE {database}")]
    if databases and random.random() < 0.2:
        return f"ALTER DATABASE {random.choice(databases)} CONNECTION LIMIT {random.choice((-1, 3))};"
    if random.random() < 0.2:
        return f"ALTER SYSTEM {change};"
    return f"ALTER {random.choice(whom)} {change};"


def _apart(random: Random) -> Iterator[str]:
    """Options, of each kind one: two that conflict are refused."""
    met: set[str] = set()
    for option in random.sample(OPTIONS, random.randint(0, 4)):
        kind = option.upper().split()[0].removeprefix("NO").replace("ENCRYPTED", "PASSWORD")
        if kind not in met:
            met.add(kind)
            yield option


STATEMENTS = (
    "CREATE ROLE a LOGIN PASSWORD 'x' CONNECTION LIMIT 5 VALID UNTIL '2031-01-01' IN ROLE b",
    "ALTER ROLE a IN DATABASE s SET search_path = a, \"B\", 'c'",
    "ALTER SYSTEM SET shared_buffers TO '1GB'",
    "ALTER DATABASE s CONNECTION LIMIT 5",
    "CREATE DATABASE s OWNER a ENCODING 'UTF8' TEMPLATE template0",
    "GRANT a, b TO c WITH ADMIN OPTION",
    "REVOKE ALL ON FUNCTION f(text) FROM PUBLIC",
    "CREATE OR REPLACE FUNCTION s.f(i text, OUT o text) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT i $$",
    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a numeric(5, 2) DEFAULT 1.0 CHECK (a > 0))",
    "SELECT a, count(*) FILTER (WHERE b) FROM t JOIN u USING (c) WHERE d = ANY ($1) GROUP BY ROLLUP (a) LIMIT 5",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    "LISTEN x",
    "SET LOCAL work_mem = '5MB'",
    "DO LANGUAGE plpgsql $$ BEGIN NULL; END $$",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO a",
    "DROP ROLE IF EXISTS a, b",
    "CREATE INDEX CONCURRENTLY i ON t USING gin (a jsonb_path_ops) WHERE b IS NOT NULL",
    "INSERT INTO t (a, b) VALUES (1, 'x') ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *",
)  # fmt: skip

WORDS = (
    "IF", "NOT", "EXISTS", "(", ")", ",", "'x'", '"y"', "5", "-1", "=", "TO", "SET", "ALL", "a", "é", "$$z$$", "--",
    "::", "WITH", "LIMIT", "PASSWORD", "ROLE", "$1", ".", ";", "'", "/*", "@", "IDENTIFIED", "BY", "`", "ENGINE",
    "\\", "E'\\'",
)  # fmt: skip


def statement(seed: int) -> str:
    """One statement, with a word or two taken out, put in or moved."""
    random = Random(seed)
    words = random.choice(STATEMENTS).split(" ")
    for _ in range(random.randint(0, 2)):
        at = random.randrange(len(words))
        change = random.random()
        if change < 0.4 and len(words) > 1:
            del words[at]
        elif change < 0.8:
            words.insert(at, random.choice(WORDS))
        else:
            words[at] = random.choice(WORDS)
    return " ".join(words)
