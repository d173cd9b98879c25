"""What scripts say of an instance's roles, taken together."""

from __future__ import annotations

from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.roles import connection_limit, member_of, password_form, setting_for
from trees import deployment_of

CONF = {"db/postgresql.conf": "statement_timeout = 30s\nwork_mem = 4MB\n"}


def instance(*scripts: str, conf: str = "") -> Instance:
    files = {f"db/{n}/roles.sql": f"{text} -- in pg_roles" for n, text in enumerate(scripts)}
    (found,) = deployment_of({"db/postgresql.conf": CONF["db/postgresql.conf"] + conf, **files}).instances
    return found


def test_a_setting_is_that_of_the_narrowest_scope() -> None:
    found = instance(
        "CREATE ROLE app; ALTER ROLE ALL SET statement_timeout = '20s';"
        "ALTER DATABASE shop SET statement_timeout = '10s';"
        "ALTER ROLE app SET statement_timeout = '5s'; ALTER ROLE app IN DATABASE shop SET statement_timeout = '1s';"
    )
    for database, user, value in (
        ("shop", "app", "1000"),
        ("other", "app", "5000"),
        ("shop", "other", "10000"),
        ("other", "other", "20000"),
        ("shop", None, None),
    ):
        assert setting_for(found, "statement_timeout", database, user).value == value
    assert setting_for(found, "work_mem", "shop", "app").value == "4096"


def test_scripts_that_differ_leave_it_open() -> None:
    same = "CREATE ROLE app CONNECTION LIMIT 5;"
    limit = connection_limit(instance(same, same), "app")
    assert limit is not None
    assert limit.value.number == 5
    assert connection_limit(instance(same, "ALTER ROLE app CONNECTION LIMIT 6;"), "app") is None
    assert connection_limit(instance(same, "ALTER ROLE app LOGIN;"), "app") is not None
    assert connection_limit(instance("CREATE ROLE app SUPERUSER CONNECTION LIMIT 5;"), "app") is None


def test_a_plain_password_becomes_what_password_encryption_says() -> None:
    def form(script: str, conf: str = "") -> str | None:
        found = password_form(instance(script, conf=conf), "app")
        return None if found is None else found.value.value

    plain = "CREATE ROLE app PASSWORD 'x';"
    assert form(plain) == "scram-sha-256"
    assert form(plain, "password_encryption = md5\n") == "md5"
    assert form(f"SET password_encryption = 'md5'; {plain}") == "md5"
    assert form(f"SET password_encryption = 'scram-sha-256'; {plain}", "password_encryption = md5\n") == "scram-sha-256"
    assert form("CREATE ROLE other;") is None


def test_memberships_through_others() -> None:
    made = "CREATE ROLE a; CREATE ROLE b IN ROLE a; CREATE ROLE app IN ROLE b;"
    assert member_of(instance(made), "app") == frozenset(("app", "b", "a"))
    assert member_of(instance(made), "stranger") is None
    assert member_of(instance(made + "DO $$ BEGIN EXECUTE 'GRANT x TO role'; END $$;"), "app") is None


def test_alter_system_of_an_init_script_is_in_force() -> None:
    (found,) = deployment_of(
        {
            "db/postgresql.conf": "max_connections = 100\n",
            "db/initdb.d/10.sql": "ALTER SYSTEM SET max_connections = 200;",
        }
    ).instances
    assert found.postgres.setting("max_connections").value == "200"
    assert len(found.postgres.setting("max_connections").shadowed) == 1


def test_of_another_script_nobody_knows_whether_it_ran() -> None:
    (found,) = deployment_of(
        {
            "db/postgresql.conf": "max_connections = 100\n",
            "db/setup.sql": "ALTER SYSTEM SET max_connections = 200;",
        }
    ).instances
    assert found.postgres.setting("max_connections").value is None
