"""Where systems keep the php.ini of PHP-FPM, and which files go with it: written by hand from their packages."""

from __future__ import annotations

import pytest

from pgfpmlint.discover.discovery import discover
from pgfpmlint.source.memory import MemoryTree

POOL = "[www]\nuser = www-data\nlisten = /run/php.sock\npm = static\npm.max_children = 5\n"
MASTER = "include=/etc/php-fpm.d/*.conf\n[global]\n"

LAYOUTS = {
    "Debian, whose command line has its own": (
        ["etc/php/8.3/fpm/pool.d/www.conf"],
        ["etc/php/8.3/cli/php.ini", "etc/php/8.3/cli/conf.d/20-a.ini", "etc/php/8.3/mods-available/b.ini"],
        ["/etc/php/8.3/fpm/php.ini", "/etc/php/8.3/fpm/conf.d/10-a.ini", "/etc/php/8.3/fpm/conf.d/20-a.ini"],
        [["/etc/php/8.3/cli/php.ini", "/etc/php/8.3/cli/conf.d/20-a.ini"]],
    ),
    "Red Hat": (["etc/php-fpm.d/www.conf"], [], ["/etc/php.ini", "/etc/php.d/20-pgsql.ini"], []),
    "Remi's collections": (
        ["etc/opt/remi/php83/php-fpm.d/www.conf"],
        [],
        ["/etc/opt/remi/php83/php.ini", "/etc/opt/remi/php83/php.d/20-pgsql.ini"],
        [],
    ),
    "Alpine": (["etc/php83/php-fpm.d/www.conf"], [], ["/etc/php83/php.ini", "/etc/php83/conf.d/01_pdo.ini"], []),
    "Docker": (
        ["usr/local/etc/php-fpm.d/www.conf"],
        [],
        ["/usr/local/etc/php/php.ini", "/usr/local/etc/php/conf.d/docker-php-ext-pgsql.ini"],
        [],
    ),
    "Docker without a php.ini": (
        ["usr/local/etc/php-fpm.d/zz-docker.conf"],
        [],
        ["/usr/local/etc/php/conf.d/custom.ini"],
        [],
    ),
    "FreeBSD": (
        ["usr/local/etc/php-fpm.d/www.conf"],
        [],
        ["/usr/local/etc/php.ini", "/usr/local/etc/php/ext-20-pgsql.ini"],
        [],
    ),
    "openSUSE": (
        ["etc/php8/fpm/php-fpm.d/www.conf"],
        [],
        ["/etc/php8/fpm/php.ini", "/etc/php8/conf.d/pgsql.ini"],
        [],
    ),
    "an interface's own file goes before the general one": (
        ["etc/php-fpm.d/www.conf"],
        ["etc/php.ini"],
        ["/etc/php-fpm-fcgi.ini"],
        [["/etc/php.ini"]],
    ),
    "a folder of a repository": (["deploy/php/www.conf"], [], ["/deploy/php/php.ini"], []),
    "a folder that may be anybody's": (["deploy/www.conf"], ["deploy/conf.d/supervisor.ini"], [], []),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layout(layout: tuple[list[str], list[str], list[str], list[list[str]]]) -> None:
    pools, others, wanted, alone = layout
    files = dict.fromkeys(pools, POOL.encode()) | dict.fromkeys([*others, *(path[1:] for path in wanted)], b"a = b\n")
    found = discover(MemoryTree(files))
    assert [list(main.php) for main in found.mains if main.kind == "php-fpm"] == [wanted]
    assert [list(main.paths) for main in found.mains if main.kind == "php.ini"] == alone


def test_an_excluded_file_is_not_read() -> None:
    from pgfpmlint.config.reading import read
    from pgfpmlint.source.text import Source

    files = {"etc/php-fpm.d/www.conf": POOL.encode(), "etc/php.ini": b"", "etc/php.d/a.ini": b""}
    config = read(Source(".pgfpmlint.yaml", "files: {exclude: [etc/php.d]}\n"))
    (main,) = discover(MemoryTree(files), config).mains
    assert main.php == ("/etc/php.ini",)
