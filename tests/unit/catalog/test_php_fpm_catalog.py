"""Facts from https://www.php.net/manual/en/install.fpm.configuration.php and from ``php-fpm -tt`` of 7.4, 8.2, 8.4."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog import php_fpm
from pgfpmlint.catalog.version import PHP, parse


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("listen.backlog", "7.4", "511"),
        ("listen.backlog", "8.1", "511"),
        ("listen.backlog", "8.2", "-1"),
        ("listen.backlog", "8.5", "-1"),
        ("pm.max_spawn_rate", "8.1", "32"),
        ("pm.process_idle_timeout", "8.2", "10"),
        ("request_slowlog_timeout", "8.2", "0s"),
        ("security.limit_extensions", "8.2", ".php .phar"),
        ("pm", "8.2", None),
        ("chdir", "8.2", None),
    ],
)
def test_default(name: str, version: str, expected: str | None) -> None:
    assert php_fpm.load().pool[name].default(parse(PHP, version, "test")) == expected


@pytest.mark.parametrize(
    ("name", "first", "before"),
    [("pm.status_listen", "8.0", "7.4"), ("pm.max_spawn_rate", "8.1", "8.0"), ("listen.setfib", "8.2", "8.1")],
)
def test_first_version(name: str, first: str, before: str) -> None:
    directive = php_fpm.load().pool[name]
    assert directive.known_to(parse(PHP, first, "test"))
    assert not directive.known_to(parse(PHP, before, "test"))


def test_sections() -> None:
    catalog = php_fpm.load()
    assert "daemonize" in catalog.globals
    assert "daemonize" not in catalog.pool
    assert {"rlimit_files", "rlimit_core", "process.priority"} == set(catalog.globals) & set(catalog.pool)
    assert {"env", "php_value", "php_flag", "php_admin_value", "php_admin_flag", "access.suppress_path"} == set(
        catalog.arrays
    )
    assert catalog.arrays["php_admin_flag"].stored == "php_admin_value"


def test_words_and_builds() -> None:
    catalog = php_fpm.load()
    assert catalog.pool["pm"].words == ("static", "dynamic", "ondemand")
    assert catalog.globals["log_level"].words == ("debug", "notice", "warning", "warn", "error", "alert")
    assert {f"local{number}" for number in range(8)} < set(catalog.globals["syslog.facility"].words)
    assert catalog.pool["listen.acl_users"].build == "acl"
    assert catalog.pool["listen.setfib"].build == "freebsd"
    assert catalog.globals["systemd_interval"].build == "systemd"
