"""What scripts leave behind, and where it stands. What the server itself says is asked in tests/servers."""

from __future__ import annotations

from pgfpmlint.catalog.version import POSTGRESQL, parse
from pgfpmlint.resolve import sql
from pgfpmlint.resolve.sql.facts import SqlReading
from pgfpmlint.source.memory import MemoryTree

V16 = parse(POSTGRESQL, "16", "said")


def read(text: str) -> SqlReading:
    return sql.read(MemoryTree({"a.sql": text.encode()}).root("m", "", complete=True), ["/a.sql"], V16)


def fact(text: str, name: str, role: str = "app") -> str | None:
    return read(text).roles[role].facts[name].value


def test_places_count_characters_behind_signs_of_several_bytes() -> None:
    text = "-- ä€😀\nCREATE ROLE \"ü😀\" /* é */ LOGIN PASSWORD 'ß' CONNECTION LIMIT 5 -- é\n;"
    role = read(text).roles["ü😀"]
    assert role.place.text == '"ü😀"'
    limit, secret = role.facts["connection limit"].place, role.facts["password"].place
    assert limit is not None
    assert limit.text == "CONNECTION LIMIT 5"
    assert secret is not None
    assert secret.text == "PASSWORD"


def test_the_last_statement_wins_and_drop_removes() -> None:
    text = "CREATE USER app CONNECTION LIMIT 1; ALTER ROLE app CONNECTION LIMIT 2; CREATE ROLE gone; DROP ROLE gone;"
    assert fact(text, "connection limit") == "2"
    assert [*read(text).roles] == ["app"]


def test_what_a_rollback_takes_back_was_never_there() -> None:
    assert read("BEGIN; CREATE ROLE app; ROLLBACK; CREATE ROLE other;").roles.keys() == {"other"}
    assert read("BEGIN; CREATE ROLE app; COMMIT;").roles.keys() == {"app"}


def test_forms_of_passwords() -> None:
    scram = "SCRAM-SHA-256$4096:c2FsdA==$" + "A" * 43 + "=:" + "B" * 43 + "="
    for text, form in (
        ("'x'", "plain"),
        ("NULL", "none"),
        ("''", "none"),
        ("'md5" + "a1" * 16 + "'", "md5"),
        ("'MD5" + "a1" * 16 + "'", "plain"),
        (f"'{scram}'", "scram-sha-256"),
        (f"'{scram[:-3]}'", "plain"),
        (":'secret'", None),
        ("'{{ secret }}'", None),
        ("'APP_PASSWORD'", None),
        ("'$SECRET'", None),
    ):
        role = read(f"CREATE ROLE app; ALTER ROLE app PASSWORD {text};").roles["app"]
        assert role.facts["password"].value == form, text


def test_no_password_is_kept() -> None:
    assert "hunter2" not in repr(read("CREATE ROLE app PASSWORD 'hunter2'; ALTER ROLE app PASSWORD 'hunter2' x;"))


def test_a_do_block_leaves_open_what_it_may_change() -> None:
    limit = "CREATE ROLE app CONNECTION LIMIT 5;"
    assert fact(limit + "DO $$ BEGIN ALTER ROLE app CONNECTION LIMIT 9; END $$;", "connection limit") is None
    assert fact(limit + "DO $$ BEGIN EXECUTE 'ALTER ROLE ' || x; END $$;", "connection limit") is None
    assert fact(limit + "DO $$ BEGIN ALTER ROLE other LOGIN; END $$;", "connection limit") == "5"
    assert fact(limit + "DO $$ BEGIN PERFORM 1; END $$;", "connection limit") == "5"
    assert fact(limit + "SELECT format('ALTER ROLE %I', rolname) FROM pg_roles \\gexec", "connection limit") is None
    assert fact(limit + "\\i more.sql", "connection limit") is None


def test_settings_by_role_and_database() -> None:
    found = read(
        "ALTER ROLE app SET work_mem = '8MB'; ALTER ROLE app IN DATABASE shop SET search_path = a, \"B c\";"
        "ALTER DATABASE shop SET timezone TO 'UTC'; ALTER ROLE ALL SET statement_timeout = '5s';"
        "ALTER SYSTEM SET max_connections = 50; ALTER SYSTEM SET port = 5433; ALTER SYSTEM RESET port;"
    )
    app = found.roles["app"].settings
    assert {key: one.value for key, one in app.items()} == {
        ("", "work_mem"): "8192",
        ("shop", "search_path"): 'a, "B c"',
    }
    assert found.databases["shop"].settings["timezone"].value == "UTC"
    assert found.all_roles["", "statement_timeout"].value == "5000"
    assert {name: one.value for name, one in found.system.items()} == {"max_connections": "50"}


def test_memberships() -> None:
    found = read(
        "CREATE ROLE g; CREATE ROLE h ROLE app; CREATE ROLE app IN ROLE g; GRANT k TO app; REVOKE g FROM app;"
        "REVOKE ADMIN OPTION FOR k FROM app;"
    )
    assert found.roles["app"].member_of.keys() == {"k"}  # when h is made, there is no app


def test_functions_and_who_may_call_them() -> None:
    make = "CREATE FUNCTION {} RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT passwd FROM pg_shadow';"
    for text, is_open in (
        (make.format("f(text)"), True),
        (make.format("f(text)") + "REVOKE ALL ON FUNCTION f(text) FROM PUBLIC;", False),
        (make.format("f(text)") + "REVOKE ALL ON FUNCTION f(int) FROM PUBLIC;", True),
        (make.format("f(text)") + "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;", False),
        ("CREATE SCHEMA s;" + make.format("s.f(text)"), False),
        ("CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO PUBLIC;" + make.format("s.f(text)"), True),
        ("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;" + make.format("f(text)"), None),
    ):
        (function,) = read(text).functions
        assert function.open_to_all is is_open, text
        assert function.reads_secrets == "pg_shadow"


def test_what_a_newer_server_may_read_is_in_doubt() -> None:
    root = MemoryTree({"a.sql": b"CREATE ROLE app LOGINN;"}).root("m", "", complete=True)
    (problem,) = sql.read(root, ["/a.sql"], parse(POSTGRESQL, "19", "said")).reading.problems
    assert problem.doubt == "PostgreSQL 19 may read what the grammar of 18 does not"
    (problem,) = sql.read(root, ["/a.sql"], V16).reading.problems
    assert not problem.doubt
