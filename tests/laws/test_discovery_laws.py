"""Discovery finds the same in the same tree, wherever that lies, and nothing breaks it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Discovery
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.memory import MemoryTree

FOLDERS = ("", "etc/postgresql/16/main/", "a/etc/php/8.3/fpm/pool.d/", "a/etc/php/8.3/fpm/", "b/conf.d/", "b/", "{c}/")
NAMES = (
    *("postgresql.conf", "pg_hba.conf", "pg_ident.conf", "php-fpm.conf", "www.conf", "pgbouncer.ini", "userlist.txt"),
    *("x.conf", "postgresql2.conf", "postgresql.auto.conf", "y.conf.bak", "z.ini", "PG_VERSION"),
)
LINES = (
    *("include 'x.conf'", "include_dir '.'", "include ../b/*.conf", "include=pool.d/*.conf", "%include z.ini", "[www]"),
    *(
        "hba_file = 'pg_hba.conf'",
        "hba_file = '/etc/postgresql/16/main/x.conf'",
        "data_directory = '..'",
        "[pgbouncer]",
    ),
    *("include=/etc/php/8.3/fpm/*/*.conf", "auth_file = userlist.txt", "auth_hba_file = pg_hba.conf", "pm = static"),
    *("include pg_hba.conf", "local all all peer", "work_mem = 8MB", "max_connections = 5", "{{ x }}", "listen = 9000"),
    *("include ''", "include", "INCLUDE 'X'", "\x00", "16", "\udcff"),
)
TEXTS = st.lists(st.sampled_from(LINES), max_size=5).map(
    lambda lines: "\n".join(lines).encode("utf-8", "surrogateescape")
)
TREES = st.dictionaries(st.builds(str.__add__, st.sampled_from(FOLDERS), st.sampled_from(NAMES)), TEXTS, max_size=8)


def told(found: Discovery) -> list[object]:
    files = [(file.shown, file.host.name, file.host.prefix, file.path, *file[3:]) for file in found.files]
    mains = [(main.kind, main.host.name, main.paths, main.version, *main[4:]) for main in found.mains]
    return [files, mains]


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_the_same_on_disk_and_in_memory(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(data)
        assert told(discover(DiskTree(where=folder))) == told(discover(MemoryTree(files)))


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_every_linted_file_is_read_by_someone(files: dict[str, bytes]) -> None:
    """No file is listed as linted that no server reads, and none is a server's main file twice."""
    found = discover(MemoryTree(files))
    heads = [(main.host.prefix, path) for main in found.mains for path in main.paths]
    assert len(heads) == len(set(heads))
    beside = {
        (main.host.prefix, path) for main in found.mains for path in (main.hba, main.ident, main.userlist) if path
    }
    for file in found.linted:
        known = (file.host.prefix, file.path) in beside.union(heads)
        assert known or file.why.startswith(("included by", "read after")), file
