"""Which files of SQL are taken for scripts that set up a server of ours."""

from __future__ import annotations

import pytest

from pgfpmlint.discover import scripts
from trees import world_of

ROLE = "CREATE ROLE app LOGIN CONNECTION LIMIT 5;\n"


@pytest.mark.parametrize(
    "path",
    [
        "db/migrations/0001_users.sql",
        "20240131_users.sql",
        "V12__users.sql",
        "mysql/init.sql",
        "tests/init.sql",
        "a.sql",
    ],
)
def test_names_that_are_not_opened(path: str) -> None:
    assert not scripts.may_set_up_a_server(path)


@pytest.mark.parametrize("path", ["docker-entrypoint-initdb.d/10.sql", "sql/roles.sql", "postgres/a.sql", "setup.sql"])
def test_names_that_are(path: str) -> None:
    assert scripts.may_set_up_a_server(path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("roles.sql", ROLE),
        ("initdb.d/1.sql", "CREATE TABLE t (id serial);"),
        ("postgres/initdb.d/1.sql", "CREATE TABLE t (id int);"),
        ("setup.sql", "ALTER SYSTEM SET work_mem = '8MB';"),
    ],
)
def test_scripts_of_postgresql(path: str, text: str) -> None:
    assert scripts.why(path, text, named=False)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("initdb.d/1.sql", "CREATE TABLE t (id int);"),
        ("initdb.d/1.sql", "CREATE TABLE `t` (id serial);"),
        ("initdb.d/1.sql", "CREATE ROLE app; GRANT ALL ON a.* TO 'app'@'%';"),
        ("users.sql", "CREATE USER app IDENTIFIED BY 'x';"),
        ("users.sql", "CREATE TABLE users (id serial);"),
        ("system.sql", "ALTER SYSTEM SET sga_target = 1G SCOPE=SPFILE;"),
        ("users.sql", "CREATE LOGIN app WITH PASSWORD = 'x';\nCREATE USER app;\nGO\n"),
    ],
)
def test_scripts_of_others(path: str, text: str) -> None:
    assert not scripts.why(path, text, named=False)


def test_scripts_of_one_folder_run_in_the_order_of_their_names() -> None:
    world = world_of(
        {
            "initdb.d/20.sql": "ALTER ROLE app CONNECTION LIMIT 7;",
            "initdb.d/10.sql": ROLE,
            "roles.sql": "CREATE ROLE other LOGIN;",
        }
    )
    found = {one.path: one.reading for one in world.deployment.scripts}
    assert list(found) == ["initdb.d/10.sql", "roles.sql"]
    assert found["initdb.d/10.sql"].roles["app"].facts["connection limit"].value == "7"


@pytest.mark.parametrize(
    "text",
    [
        "CREATE ROLE app LOGIN;\n1. Notes\n2. on roles; and more\n; ERROR: x;\nselect 1;\n5 apples;\n",
        "CREATE FUNCTION f() RETURNS void AS \\$\\$ BEGIN CREATE ROLE app LOGIN; END; \\$\\$ LANGUAGE plpgsql;",
    ],
)
def test_notes_and_templates_say_nothing(text: str) -> None:
    """Two that were met: notes on administration, and a function that a shell was to fill in."""
    world = world_of({"roles.sql": text})
    assert [problem.rule for problem in world.problems] == []
    assert [one.reading.roles for one in world.deployment.scripts] == [{}]
