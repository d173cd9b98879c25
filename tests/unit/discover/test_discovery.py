"""What the configuration, the command line and the disk do to what is found."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pgfpmlint.catalog.version import PHP, ServerVersion
from pgfpmlint.config import Config, ConfigError
from pgfpmlint.config.reading import read
from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Discovery, Options
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.memory import MemoryTree
from pgfpmlint.source.text import Source

POOL = "[www]\nuser = www-data\nlisten = /run/php.sock\npm = static\npm.max_children = 5\n"
POSTGRES = "max_connections = 100\nshared_buffers = 128MB\nport = 5432\n"
BOUNCER = "[databases]\napp = host=db\n[pgbouncer]\nlisten_port = 6432\n"


def config(text: str, path: str = ".pgfpmlint.yaml") -> Config:
    return read(Source(path, text))


def memory(files: dict[str, str]) -> MemoryTree:
    return MemoryTree({path: text.encode() for path, text in files.items()})


def write(base: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_text(text)


def kinds(found: Discovery) -> dict[str, tuple[str, str]]:
    return {file.shown: (file.kind, file.why) for file in found.linted}


def test_declared_hosts_win() -> None:
    tree = memory(
        {"a/etc/pgbouncer.ini": BOUNCER, "a/x/etc/postgresql/16/main/postgresql.conf": POSTGRES, "b.conf": POOL}
    )
    found = discover(tree, config("hosts: {web: {root: a, count: 2}, none: {}}"))
    assert [(file.host.name, file.host.prefix, file.path) for file in found.files] == [
        ("web", "a", "/etc/pgbouncer.ini"),
        ("web", "a", "/x/etc/postgresql/16/main/postgresql.conf"),
        ("localhost", "", "/b.conf"),
    ]
    place = found.files[0].host.place
    assert place is not None
    assert (place.line, place.text) == (1, "web")
    assert [host.name for host in found.hosts] == ["localhost", "web"]


def test_root_option() -> None:
    tree = memory({"backup/web1/conf/pgbouncer.ini": BOUNCER})
    (file,) = discover(tree, options=Options(root="backup/web1")).files
    assert (file.host.name, file.host.prefix, file.path) == ("web1", "backup/web1", "/conf/pgbouncer.ini")


def test_kinds_and_exclude() -> None:
    tree = memory(
        {
            "deploy/db/a.conf": "work_mem = 1MB\n",
            "deploy/db/b.conf": "{{ template }}",
            "deploy/db/old/postgresql.conf": POSTGRES,
            "deploy/db/users": '"a" "b"\n',
            "postgresql.conf": POSTGRES + "include 'old.conf'\n",
            "old.conf": "work_mem = 1MB\n",
        }
    )
    found = discover(
        tree,
        config(
            "files:\n"
            "  exclude: [old, old.conf]\n"
            "  kinds:\n"
            '    "*.conf": postgresql.conf\n'
            '    "deploy/db/b.conf": pgbouncer.ini\n'
            "    users: userlist.txt\n"
        ),
    )
    assert kinds(found) == {
        "deploy/db/a.conf": ("postgresql.conf", "kinds: in .pgfpmlint.yaml:4"),
        "deploy/db/b.conf": ("pgbouncer.ini", "kinds: in .pgfpmlint.yaml:5"),
        "deploy/db/users": ("userlist.txt", "kinds: in .pgfpmlint.yaml:6"),
        "postgresql.conf": ("postgresql.conf", "kinds: in .pgfpmlint.yaml:4"),
    }
    assert {file.shown: file.skipped for file in found.skipped} == {
        "deploy/db/old/postgresql.conf": "excluded in .pgfpmlint.yaml:2",
        "old.conf": "excluded in .pgfpmlint.yaml:2",
    }


def test_a_reference_does_not_overrule_the_configuration() -> None:
    tree = memory({"postgresql.conf": "include 'x.conf'\n", "x.conf": BOUNCER})
    found = discover(tree, config("files: {kinds: {x.conf: pgbouncer.ini}}"))
    assert kinds(found)["x.conf"] == ("pgbouncer.ini", "kinds: in .pgfpmlint.yaml:1")
    assert [main.paths for main in found.mains] == [("/postgresql.conf",), ("/x.conf",)]


def test_many_files_that_include_their_folder() -> None:
    """Each includes all others: looked through once, this is no work."""
    tree = memory(
        {f"db/{number}.conf": "include_dir '.'\nwork_mem = 8MB\nwal_level = logical\n" for number in range(400)}
    )
    start = time.process_time()
    found = discover(tree)
    assert time.process_time() - start < 60
    assert [(main.paths, main.fragment) for main in found.mains] == [(("/db/0.conf",), True)]


def test_patterns_start_at_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, {"deploy/db/a.conf": "work_mem = 1MB\n", "deploy/db/b.conf": POSTGRES})
    files = "files: {exclude: [deploy/db/b.conf], kinds: {'deploy/db/*.conf': postgresql.conf}}\n"
    above = config(files + "hosts: {db: {root: deploy}}", f"{tmp_path}/.pgfpmlint.yaml")
    found = discover(DiskTree(where=str(tmp_path / "deploy")), above)
    assert [(file.shown, file.host.name, file.path, file.skipped) for file in found.files] == [
        ("db/a.conf", "db", "/db/a.conf", ""),
        ("db/b.conf", "db", "/db/b.conf", f"excluded in {tmp_path}/.pgfpmlint.yaml:1"),
    ]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (
            "files: {kinds: {a: postgres.conf}}",
            Options(),
            ".pgfpmlint.yaml:1: unknown kind 'postgres.conf'; did you mean 'postgresql.conf'?",
        ),
        (
            "",
            Options(kind="nginx"),
            "--as: unknown kind 'nginx'; there are: "
            "postgresql.conf, pg_hba.conf, pg_ident.conf, php-fpm, php.ini, pgbouncer.ini, userlist.txt, "
            "pgbouncer-hba, pgbouncer-ident, sql, env, php, doctrine, "
            "pgcat.toml, pgpool.conf, odyssey.conf",
        ),
        (
            "files: {exclude: ['!a']}",
            Options(),
            ".pgfpmlint.yaml:1: '!a' negates; leave the files out of the other patterns instead",
        ),
    ],
)
def test_what_can_not_be_meant(text: str, options: Options, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        discover(memory({}), config(text), options)
    assert str(caught.value) == message


def test_files_given_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "words\n", "pool": POOL, "a/postgresql.conf": POSTGRES, "b.conf": POOL})
    tree = DiskTree(["README.md", "pool", "a", "gone.conf", "b.conf"], where=str(tmp_path))
    found = discover(tree)
    assert kinds(found) == {
        "a/postgresql.conf": ("postgresql.conf", "named postgresql.conf"),
        "b.conf": ("php-fpm", "content: 4 FPM directives"),
        "pool": ("php-fpm", "content: 4 FPM directives"),
    }
    assert [(file.shown, file.skipped) for file in found.skipped] == [("README.md", "nothing tells what it is")]
    assert [(file.shown, file.unreadable) for file in found.unreadable] == [("gone.conf", "No such file or directory")]
    told = discover(DiskTree(["pool", "a"], where=str(tmp_path)), options=Options(kind="pgbouncer.ini"))
    assert kinds(told) == {
        "a/postgresql.conf": ("postgresql.conf", "named postgresql.conf"),
        "pool": ("pgbouncer.ini", "--as pgbouncer.ini"),
    }


def test_one_file_brings_what_belongs_to_it(tmp_path: Path) -> None:
    """A commit hook passes only what has changed."""
    write(
        tmp_path,
        {
            "db/postgresql.conf": POSTGRES + "include 'more.conf'\n",
            "db/more.conf": "",
            "db/pg_hba.conf": "local all all peer\n",
        },
    )
    found = discover(DiskTree(["db/postgresql.conf"], where=str(tmp_path)))
    assert kinds(found) == {
        "db/more.conf": ("postgresql.conf", "included by db/postgresql.conf:4"),
        "db/pg_hba.conf": ("pg_hba.conf", "beside db/postgresql.conf"),
        "db/postgresql.conf": ("postgresql.conf", "named postgresql.conf"),
    }
    assert [main.hba for main in found.mains] == ["/db/pg_hba.conf"]


@pytest.mark.parametrize("where", ["", "etc", "etc/php", "etc/php/8.3/fpm", "etc/php/8.3/fpm/pool.d"])
def test_from_within_an_etc(tmp_path: Path, where: str) -> None:
    write(
        tmp_path,
        {
            "web/etc/php/8.3/fpm/php-fpm.conf": "include=/etc/php/8.3/fpm/pool.d/*.conf\n",
            "web/etc/php/8.3/fpm/pool.d/www.conf": POOL,
        },
    )
    folder = tmp_path / "web" / where
    inside, outside = DiskTree(where=str(folder)), DiskTree([str(folder)], where="/usr")
    for tree in (inside, outside):
        found = discover(tree)
        www = found.files[-1]
        # A checkout's own name tells nothing, hence localhost.
        assert www.host.name == ("localhost" if tree is inside and not where else "web")
        assert www.path == "/etc/php/8.3/fpm/pool.d/www.conf"
        assert str(found.mains[0].version) == "8.3"
        assert not found.mains[0].root.complete
        if len(found.files) == 2:
            assert [main.paths for main in found.mains] == [("/etc/php/8.3/fpm/php-fpm.conf",)]
            assert www.why.startswith("included by ")


def test_only_the_live_root_is_complete() -> None:
    assert DiskTree(where="/").bases == [""]
    tree = DiskTree(["/etc/hostname"], where="/usr")
    (file,) = discover(tree, options=Options(kind="userlist.txt")).files
    assert (file.host.name, file.host.prefix, file.path, file.host.root.complete) == (
        "localhost",
        "/",
        "/etc/hostname",
        True,
    )
    (file,) = discover(tree, options=Options(kind="userlist.txt", root="/etc")).files
    assert (file.host.name, file.path, file.host.root.complete) == ("localhost", "/hostname", False)


@pytest.mark.skipif(not os.access("/etc/php/8.2/fpm/php-fpm.conf", os.R_OK), reason="no Debian with these servers")
def test_a_real_etc() -> None:
    found = discover(DiskTree(["/etc"], where="/usr"))
    wanted = {
        "/etc/pgbouncer/pgbouncer.ini",
        "/etc/pgbouncer/userlist.txt",
        "/etc/php/8.2/fpm/php-fpm.conf",
        "/etc/php/8.2/fpm/pool.d/www.conf",
        *(f"/etc/postgresql/15/main/{name}.conf" for name in ("postgresql", "pg_hba", "pg_ident")),
        *(str(path) for sapi in ("fpm", "cli") for path in Path(f"/etc/php/8.2/{sapi}").rglob("*.ini")),
    }
    # Whatever else is installed beside them: an Apache, a pgpool.
    ours = {"php-fpm", "php.ini", "pgbouncer.ini", "userlist.txt", "postgresql.conf", "pg_hba.conf", "pg_ident.conf"}
    files = {file.shown for file in found.files if file.kind in ours}
    assert files == {path for path in wanted if os.access(path, os.R_OK)}
    assert {(main.host.name, main.kind, main.root.complete) for main in found.mains if main.kind in ours} == {
        ("localhost", kind, True) for kind in ("php-fpm", "php.ini", "pgbouncer.ini", "postgresql.conf")
    }


def test_what_can_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"db/pg_hba.conf": "local all all peer\n", "big/postgresql.conf": ""})
    os.mkfifo(tmp_path / "db/postgresql.conf")
    os.mkfifo(tmp_path / "db/whatever.conf")
    os.truncate(tmp_path / "big/postgresql.conf", 50 * 1024 * 1024)
    (tmp_path / "db/pgbouncer.ini").symlink_to("/nowhere/pgbouncer.ini")
    (tmp_path / "db/other.conf").symlink_to("/nowhere/other.conf")
    (tmp_path / "db/pg_ident.conf").symlink_to("pg_ident.conf")
    (tmp_path / "db/php-fpm.conf").symlink_to("..")
    found = discover(DiskTree(where=str(tmp_path)))
    assert {file.shown: file.unreadable for file in found.unreadable} == {
        "big/postgresql.conf": "is too large for a configuration file: 50 MB, and no more than 4 MB are read",
        "db/pg_ident.conf": "links to pg_ident.conf: Too many levels of symbolic links",
        "db/pgbouncer.ini": "links to /nowhere/pgbouncer.ini: No such file or directory",
        "db/postgresql.conf": "is a FIFO, not a regular file",
    }
    assert kinds(found) == {"db/pg_hba.conf": ("pg_hba.conf", "named pg_hba.conf")}
    assert [main.paths for main in found.mains] == [("/db/pg_hba.conf",)]


def test_what_is_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs as root is forbidden nothing, hence the pretence."""
    write(
        tmp_path, {"a/postgresql.conf": POSTGRES, "b/x.conf": POOL, "pgbouncer/x": "", "private/x": "", "given/x": ""}
    )
    real_open, real_scandir = os.open, os.scandir

    def deny_open(path: str, flags: int) -> int:
        if path.endswith(".conf"):
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, flags)

    def deny_scandir(path: str) -> object:
        if path.endswith(("pgbouncer", "private", "given")):
            raise PermissionError(13, "Permission denied", path)
        return real_scandir(path)

    monkeypatch.setattr(os, "open", deny_open)
    monkeypatch.setattr(os, "scandir", deny_scandir)
    found = discover(DiskTree(where=str(tmp_path)))
    assert {file.shown: (file.kind, file.unreadable) for file in found.files} == {
        "a/postgresql.conf": ("postgresql.conf", "Permission denied"),
        "pgbouncer": ("", "Permission denied"),
    }
    for tree in (DiskTree(where=str(tmp_path / "given")), DiskTree([str(tmp_path / "given")], where="/usr")):
        (file,) = discover(tree).files
        assert (file.shown, file.unreadable) == (tree.bases[0] or ".", "Permission denied")


def test_a_file_and_its_link_are_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "etc/php/8.3/fpm/php-fpm.conf": "include=/etc/php/8.3/fpm/pool.d/*.conf\n",
            "etc/php/8.3/fpm/pools/www.conf": POOL,
            "docker/db/postgresql-prod.conf": POSTGRES,
        },
    )
    (tmp_path / "etc/php/8.3/fpm/pool.d").mkdir()
    (tmp_path / "etc/php/8.3/fpm/pool.d/www.conf").symlink_to("/etc/php/8.3/fpm/pools/www.conf")
    (tmp_path / "docker/db/postgresql.conf").symlink_to("postgresql-prod.conf")
    found = discover(DiskTree(where=str(tmp_path)))
    assert [main.paths for main in found.mains] == [("/docker/db/postgresql.conf",), ("/etc/php/8.3/fpm/php-fpm.conf",)]
    assert {file.shown: file.skipped for file in found.skipped} == {
        "docker/db/postgresql-prod.conf": "read as docker/db/postgresql.conf, which links to it",
        "etc/php/8.3/fpm/pools/www.conf": "read as etc/php/8.3/fpm/pool.d/www.conf, which links to it",
    }


def test_versions_given() -> None:
    tree = memory({"etc/php/8.3/fpm/php-fpm.conf": POOL})
    configured = config("versions: {php: '8.1'}")
    assert [str(main.version) for main in discover(tree, configured).mains] == ["8.1"]
    options = Options(versions={PHP: ServerVersion(PHP, (8, 2), "--php-version")})
    assert [main.version.why for main in discover(tree, configured, options).mains] == ["--php-version"]


def test_standard_input_stands_for_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"db/postgresql.conf": POSTGRES, "db/pg_hba.conf": "local all all peer\n"})
    overlay = {"db/postgresql.conf": b"hba_file = '/etc/pg/other.conf'\n"}
    found = discover(DiskTree([], where=str(tmp_path), overlay=overlay))
    assert kinds(found) == {"db/postgresql.conf": ("postgresql.conf", "named postgresql.conf")}
    elsewhere = discover(DiskTree([], where="/usr", overlay={f"{tmp_path}/pgbouncer.ini": b"[pgbouncer]\n"}))
    assert [(main.host.prefix, main.path) for main in elsewhere.mains] == [(str(tmp_path), "/pgbouncer.ini")]


def test_what_packages_bring_is_no_server(tmp_path: Path) -> None:
    write(tmp_path, {"web/etc/hostname": "", "web/usr/share/doc/pgbouncer/examples/pgbouncer.ini": BOUNCER})
    (file,) = discover(DiskTree(where=str(tmp_path))).files
    assert file.skipped == "came with a package or is a copy of its: no server reads it there"


def test_names_that_could_be_meant_for_format(tmp_path: Path) -> None:
    write(tmp_path, {"{x}/{0}/postgresql.conf": POSTGRES, "{x}/{0}/pg_hba.conf": ""})
    assert [main.hba for main in discover(DiskTree(where=str(tmp_path))).mains] == ["/{x}/{0}/pg_hba.conf"]


def test_access_files_are_read_for_their_servers_version() -> None:
    """An include directive counts from 16 on, which only the data directory tells here."""
    tree = memory(
        {
            "etc/pg/postgresql.conf": "data_directory = '/srv/pg'\n",
            "etc/pg/pg_hba.conf": "include more_hba.conf\n",
            "etc/pg/more_hba.conf": "local all all peer\n",
            "srv/pg/PG_VERSION": "16\n",
        }
    )
    found = discover(tree)
    assert kinds(found)["etc/pg/more_hba.conf"] == ("pg_hba.conf", "included by etc/pg/pg_hba.conf:1")
    assert [(main.kind, str(main.version)) for main in found.mains] == [("postgresql.conf", "16")]
