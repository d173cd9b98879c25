"""What the files of a deployment mention, and that no rule waits for a word that none can hold."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog import pgbouncer, php_fpm, php_ini, php_ini_names, postgresql
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.config import Config
from pgfpmlint.model.mentions import FACTS, Mentions, mentions
from pgfpmlint.options import Options
from pgfpmlint.pipeline import find, understand
from pgfpmlint.registry.load import rule_book
from pgfpmlint.source.memory import MemoryTree

POOL = "etc/php/8.3/fpm/php-fpm.conf"
FILES = {
    "etc/postgresql/16/main/postgresql.conf": "Sort_Mem = 8MB\n",
    "etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=/run pool_size=3\n[pgbouncer]\nlisten_addr = 127.0.0.1\n",
    POOL: "[global]\nprocess.max = 9\n[www]\npm = static\npm.max_children = 5\nphp_admin_value[memory_limit] = 64M\n",
}


def of(files: dict[str, str]) -> Mentions:
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return mentions(understand(find(tree, Config(), Options()), Config()).deployment)


def test_settings_of_all_servers() -> None:
    """An old name stands for the new one; keys of a [databases] line and indexes of arrays count as well."""
    found = of(FILES)
    assert found.complete
    assert found.words == {
        *("work_mem", "host", "pool_size", "listen_addr"),
        *("process.max", "pm", "pm.max_children", "php_admin_value", "memory_limit"),
    }
    assert found.may_hold(["lock_timeout", "pool_size"])
    assert not found.may_hold(["lock_timeout"])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("etc/postgresql/16/main/postgresql.conf", "include '/elsewhere/more.conf'\n"),
        ("etc/pgbouncer/pgbouncer.ini", "%include /elsewhere/more.ini\n"),
        (POOL, "[global]\ninclude = /elsewhere/*.conf\n"),
    ],
)
def test_what_a_missing_file_holds_nobody_knows(path: str, line: str) -> None:
    found = of({**FILES, path: FILES[path] + line})
    assert not found.complete
    assert found.may_hold(["lock_timeout"])


def test_pools_alone_leave_only_global_directives_open() -> None:
    files = {path: text for path, text in FILES.items() if path != POOL}
    found = of({**files, "etc/php/8.3/fpm/pool.d/www.conf": "[www]\npm = static\npm.max_children = 5\n"})
    assert found.may_hold(["process.max"])
    assert not found.may_hold(["request_terminate_timeout", "lock_timeout"])


def test_scripts_set_what_files_do_not() -> None:
    script = "ALTER ROLE app SET lock_timeout = '5s';\n"
    assert of({**FILES, "docker-entrypoint-initdb.d/roles.sql": script}).may_hold(["lock_timeout"])


@pytest.mark.parametrize(
    ("path", "text", "fact"),
    [
        ("etc/postgresql/16/main/postgresql.conf", "pg_stat_statements.max = 1000\n", "setting of a library"),
        (POOL, "[www]\nlisten = 9000\n", "pool on TCP"),
        ("etc/postgresql/16/main/pg_hba.conf", "hostssl all all 10.0.0.0/8 cert\n", "client certificates"),
        ("etc/postgresql/16/main/pg_hba.conf", "hostssl all all all md5 clientcert=verify-ca\n", "client certificates"),
        ("etc/postgresql/16/main/pg_hba.conf", "host all all 10.0.0.0/8 ident\n", "method ident"),
        ("etc/postgresql/16/main/pg_hba.conf", "local all all trust\n", "method trust"),
    ],
)
def test_facts_of_files(path: str, text: str, fact: str) -> None:
    assert fact in of({path: text}).words
    without = of({**FILES, "etc/postgresql/16/main/pg_hba.conf": "local all all peer\n"})
    assert without.complete
    assert fact not in without.words


def test_rules_wait_for_words_that_files_can_hold() -> None:
    """A word that is misspelt would silence its rule for ever."""
    settings: set[str] = set(FACTS)
    for major in postgresql.majors():
        settings.update(postgresql.catalog(ServerVersion(POSTGRESQL, (major,), "the test")).names())
    bouncer, fpm = pgbouncer.load(), php_fpm.load()
    settings.update(bouncer.parameters, bouncer.databases, bouncer.users)
    settings.update(fpm.globals, fpm.pool, fpm.arrays, php_ini.DEFAULTS, php_ini_names.NAMES)
    settings.add("xdebug.mode")  # of an extension: https://xdebug.org/docs/all_settings#mode
    waiting = {rule.id: rule.when for rule in rule_book().rules.values() if rule.when}
    assert waiting
    assert {word for words in waiting.values() for word in words} <= settings
