"""What PHP does not take in php.ini."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pgfpmlint.catalog.php_ini import REMOVED
from servers import cage, found
from servers.proofs.conftest import example

pytestmark = pytest.mark.server

POOL = "[global]\nerror_log = {folder}/log\n[www]\nuser = www-data\nlisten = {folder}/fpm.sock\npm = static\n"


def _starts(folder: Path, settings: str) -> subprocess.CompletedProcess[str]:
    """``php-fpm -t`` with these lines for php.ini: PHP itself starts before it looks at the pools."""
    (folder / "php.ini").write_text(settings)
    (folder / "fpm.conf").write_text(POOL.format(folder=folder) + "pm.max_children = 1\n")
    command = [found.php_fpm()[0].program, "-c", str(folder / "php.ini"), "-t", "-y", str(folder / "fpm.conf")]
    environment = {**cage.ENVIRONMENT, "PHP_INI_SCAN_DIR": ""}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_directives_that_keep_php_from_starting(folder: Path) -> None:
    rule, php_ini = "php/removed-directive", "etc/php/8.2/fpm/php.ini"
    run = _starts(folder, example(rule, "bad", "carried over from PHP 7")[php_ini])
    assert run.returncode != 0
    assert "'track_errors' is no longer available in PHP" in run.stdout + run.stderr
    assert _starts(folder, example(rule, "good", "switched off")[php_ini]).returncode == 0
    for name in REMOVED:
        assert _starts(folder, f"{name} = 1\n").returncode != 0, name
