"""The catalog of PgBouncer; expected facts are from its changelog (https://www.pgbouncer.org/changelog.html)."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog import pgbouncer, version


def running(text: str) -> version.ServerVersion:
    return version.parse(version.PGBOUNCER, text, "a test")


@pytest.mark.parametrize(
    ("name", "at", "default"),
    [
        ("max_client_conn", "1.12", "100"),
        ("max_prepared_statements", "1.23.1", "0"),
        ("max_prepared_statements", "1.24", "200"),
        ("server_tls_sslmode", "1.19", "disable"),
        ("server_tls_sslmode", "1.20", "prefer"),
        ("track_extra_parameters", "1.25.2", "IntervalStyle"),
        ("track_extra_parameters", "1.26.1", ""),
        ("auth_file", "1.18", ""),
        ("unix_socket_mode", "1.18", "0777"),
    ],
)
def test_defaults_by_version(name: str, at: str, default: str) -> None:
    assert pgbouncer.load().parameters[name].default(running(at)) == default


def test_debian_backported_the_auth_query_of_1_24_1() -> None:
    parameter = pgbouncer.load().parameters["auth_query"]
    assert parameter.default(running("1.18")) == "SELECT usename, passwd FROM pg_shadow WHERE usename=$1"
    assert parameter.default(running("1.18.0 (Debian)")).startswith("SELECT rolname, CASE WHEN rolvaliduntil")
    assert parameter.default(running("1.24.0")) == parameter.default(running("1.18"))
    assert parameter.default(running("1.24")) == parameter.default(running("1.24.1"))


def test_parameters_come_and_go() -> None:
    parameters = pgbouncer.load().parameters
    assert not parameters["max_prepared_statements"].known_to(running("1.20.1"))
    assert parameters["max_prepared_statements"].known_to(running("1.21"))
    assert parameters["suspend_timeout"].known_to(running("1.25.2"))
    assert not parameters["suspend_timeout"].known_to(running("1.26"))


def test_what_reload_changes() -> None:
    parameters = pgbouncer.load().parameters
    assert parameters["listen_port"].reloadable is None
    assert parameters["client_tls_sslmode"].reloadable == (1, 16)
    assert parameters["max_client_conn"].reloadable == ()


def test_words_and_keys_carry_their_first_version() -> None:
    catalog = pgbouncer.load()
    assert ("ldap", (1, 25)) in catalog.parameters["auth_type"].words
    assert ("pam", ()) in catalog.parameters["auth_type"].words
    assert catalog.databases["load_balance_hosts"] == (1, 24)
    assert catalog.users["pool_size"] == (1, 23)
    assert catalog.peers.keys() == {"host", "port", "pool_size"}


def test_every_version_that_was_run_is_stamped() -> None:
    catalog = pgbouncer.load()
    assert len(catalog.versions) == 15
    assert tuple(map(int, catalog.versions[-1].split(".")))[:2] == version.NEWEST[version.PGBOUNCER]
    assert tuple(map(int, catalog.versions[0].split(".")))[:2] == version.OLDEST[version.PGBOUNCER]
