"""Servers that do not start, or take another value than was meant, for what no recorded case shows."""

from __future__ import annotations

import pytest

from servers.proofs.conftest import Stage

pytestmark = pytest.mark.server


def test_accounts_that_fpm_does_not_find(stage: Stage) -> None:
    """The master ends; with an account that the machine has it starts."""
    rule = "fpm/account-unknown"
    with stage.bad(rule, "a user of another distribution") as site:
        assert "cannot get uid for user 'nginx'" in site.down["localhost/php8.3-fpm"]
    with stage.bad(rule, "the group of the socket") as site:
        assert "cannot get gid for group 'web'" in site.down["localhost/php8.3-fpm"]
    with stage.good(rule, "it is there") as site:
        assert not site.down


def test_accounts_that_pgbouncer_does_not_find(stage: Stage) -> None:
    """It ends; with an account that the machine has it starts."""
    rule = "pooler/account-unknown"
    with stage.bad(rule, "a user of another distribution") as site:
        assert "could not find user" in site.down["localhost/pgbouncer"]
    with stage.good(rule, "it is there") as site:
        assert not site.down


def test_sizes_with_a_unit_that_php_does_not_know(stage: Stage) -> None:
    """64MiB are 64 bytes to the worker; 67108864 and 1g are what they say."""
    rule = "fpm/size-suffix"
    script = '<?php echo ini_get("upload_max_filesize"), " ", @ini_parse_quantity(ini_get("upload_max_filesize"));'
    with stage.bad(rule, "megabytes spelt out") as site:
        assert site.ask("localhost/www", script) == ["64MiB 64"]
    with stage.good(rule, "as PHP knows them") as site:
        assert site.ask("localhost/www", script) == ["67108864 67108864"]
