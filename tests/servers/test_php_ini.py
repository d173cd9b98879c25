"""What PHP-FPM's workers run with, asked of them: php.ini, conf.d and what pools lay over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog.php_ini import DEFAULTS, truth
from pgfpmlint.model.php import php_setting
from servers import cage, found
from servers.fastcgi import request
from trees import world_of

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not found.php_fpm(), reason="needs PHP-FPM; .ci/servers installs it"),
]

READY = "ready to handle connections"
EXTENSIONS = ("pgsql", "pdo", "pdo_pgsql")

PROBE = """<?php
echo json_encode(ini_get_all(null, false), JSON_INVALID_UTF8_SUBSTITUTE);
"""

POOL = """\
[www]
user = www-data
listen = {folder}/fpm.sock
pm = static
pm.max_children = 1
"""

CASES: Mapping[str, dict[str, str]] = {
    "later files win": {
        "php.ini": "memory_limit = 64M\n[pgsql]\npgsql.max_links = 4\npgsql.max_links=5 ; later\n",
        "conf.d/20-b.ini": "memory_limit=96M\n",
        "conf.d/10-a.ini": "memory_limit=32M\npost_max_size = 1M\n",
        "conf.d/100.ini": "post_max_size = 2M\n",
        "conf.d/.z.ini": "upload_max_filesize = 7M\n",
        "conf.d/z.conf": "upload_max_filesize = 8M\n",
    },
    "a pool wins over files, admin over value, the first over the second": {
        "php.ini": "memory_limit = 64M\npgsql.allow_persistent = On\npgsql.max_persistent = 3\nmax_execution_time=9\n",
        "pool": "php_value[memory_limit] = 65M\nphp_admin_value[memory_limit] = 66M\n"
        "php_value[max_execution_time] = 7\nphp_value[max_execution_time] = 8\n"
        "php_admin_flag[pgsql.allow_persistent] = off\n"
        "php_value[pgsql.max_persistent] = 4\n",
    },
    "an error ends its file": {
        "php.ini": "memory_limit = 64M\nfoo(\nmemory_limit = 65M\n",
        "conf.d/a.ini": "post_max_size = 3M\n",
    },
    "special sections last": {
        "php.ini": "memory_limit = 64M\n[pathology]\npost_max_size = 3M\n[Session]\nupload_max_filesize = 4M\n",
        "conf.d/a.ini": "max_execution_time = 8\n",
    },
    "what a value may be": {
        "php.ini": "memory_limit = '64M'\npost_max_size = ${memory_limit}\nerror_reporting = E_ALL & ~E_NOTICE\n"
        'error_prepend_string = "two\nlines; and" "more"\nsession.name = it\'s\nupload_max_filesize = 3M\n'
        "session.use_cookies = 'end\nhighlight.string = #a\nMemory_Limit = 3M\n"
        "default_socket_timeout: 3\npgsql.log_notice = none\n",
    },
}


def answer(folder: Path, files: Mapping[str, str], *switches: str) -> dict[str, Any]:
    """``ini_get_all()`` as a worker of a pool shows it, with ``files`` for its configuration."""
    (folder / "conf.d").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "probe.php").write_text(PROBE)
    general = f"[global]\ndaemonize = no\nerror_log = {folder}/fpm.log\n"
    (folder / "php-fpm.conf").write_text(general + POOL.format(folder=folder) + files.get("pool", ""))
    listen = folder / "fpm.sock"
    (folder / "fpm.log").unlink(missing_ok=True)
    cage.give(folder)
    extensions = [word for name in EXTENSIONS for word in ("-d", f"extension={name}.so")]
    command = [found.php_fpm()[-1].program, *switches, *extensions, "-y", str(folder / "php-fpm.conf"), "-F"]
    environment = cage.ENVIRONMENT | {"PHP_INI_SCAN_DIR": str(folder / "conf.d")}
    with cage.running(cage.as_nobody(command), environment, folder / "fpm.out", folder) as process:
        log = folder / "fpm.log"
        assert cage.until(lambda: process.poll() is not None or (log.exists() and READY in log.read_text()))
        assert process.poll() is None, (folder / "fpm.out").read_text()
        shown: dict[str, Any] = json.loads(request(listen, folder / "probe.php"))
        return shown


@pytest.mark.parametrize("name", CASES)
def test_settings_are_those_of_a_worker(folder: Path, name: str) -> None:
    files = CASES[name]
    shown = answer(folder, files, "-c", str(folder / "php.ini"))
    tree = {f"etc/php/8.2/fpm/{name}": text for name, text in files.items() if name != "pool"}
    tree["etc/php/8.2/fpm/pool.d/www.conf"] = POOL.format(folder=folder) + files.get("pool", "")
    (pool,) = world_of(tree).deployment.pools
    assert pool.master.php is not None
    sometimes = pool.master.php.sometimes
    ours = {*DEFAULTS, *pool.master.php.settings} & {*shown} - {*sometimes}
    assert {one: php_setting(pool, one).value for one in ours} == {one: shown[one] for one in ours}
    assert all(php_setting(pool, one).value is None for one in sometimes)


def test_defaults_are_those_of_a_worker_without_any_file(folder: Path) -> None:
    shown = answer(folder, {}, "-n")
    assert {name: shown[name] for name in DEFAULTS} == dict(DEFAULTS)


def test_a_section_for_paths_wins_over_a_pool(folder: Path) -> None:
    """So a setting that such a section makes is unknown, whatever the pool says."""
    files = {
        "php.ini": f"memory_limit = 64M\n[PATH={folder}]\nmemory_limit = 77M\n",
        "pool": "php_admin_value[memory_limit] = 66M\n",
    }
    assert answer(folder, files, "-c", str(folder / "php.ini"))["memory_limit"] == "77M"


@pytest.mark.parametrize(
    ("text", "means"), [("1", True), ("on", True), ("", False), ("0", False), ("off", False), ("2", True)]
)
def test_flags(text: str, means: bool) -> None:
    assert truth(text) is means
