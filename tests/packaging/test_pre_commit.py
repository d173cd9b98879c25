"""The hook as users get it: pre-commit installs this checkout and lints a repository with three known faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FILES = {
    ".pgfpmlint.yaml": """\
        versions: {postgres: 16, php: "8.3", pgbouncer: "1.18"}
        links:
          - {from: web/www, to: db/16-main}
          - {from: web/api, to: db/pgbouncer, database: shop, user: app, persistent: true}
        """,
    "web/etc/php/8.3/fpm/php-fpm.conf": """\
        [global]
        error_log = /var/log/php8.3-fpm.log
        include = /etc/php/8.3/fpm/pool.d/*.conf
        """,
    "web/etc/php/8.3/fpm/pool.d/www.conf": """\
        [www]
        user = www-data
        listen = /run/php/www.sock
        pm = static
        pm.max_children = 150
        """,
    "web/etc/php/8.3/fpm/pool.d/api.conf": """\
        [api]
        user = www-data
        listen = /run/php/api.sock
        pm = static
        pm.max_children = 10
        """,
    "db/etc/postgresql/16/main/postgresql.conf": """\
        listen_addresses = '10.0.2.5, 127.0.0.1'
        max_connections = 100
        ssl = on
        """,
    "db/etc/postgresql/16/main/pg_hba.conf": """\
        local all all peer
        host shop app 127.0.0.1/32 scram-sha-256
        host shop app 10.0.1.0/24 scram-sha-256
        """,
    "db/etc/pgbouncer/pgbouncer.ini": """\
        [databases]
        shop = host=127.0.0.1 port=5432 user=app
        [pgbouncer]
        listen_addr = 10.0.2.5
        auth_type = scram-sha-256
        auth_file = /etc/pgbouncer/userlist.txt
        pool_mode = transaction
        default_pool_size = 10
        """,
    "db/etc/pgbouncer/userlist.txt": '"app" "deadbeefdeadbeefdeadbeefdeadbeef"\n',
}

MENDED = {
    "web/etc/php/8.3/fpm/pool.d/www.conf": ("pm.max_children = 150", "pm.max_children = 50"),
    "db/etc/postgresql/16/main/pg_hba.conf": ("host shop app 10.", "hostssl shop app 10."),
    ".pgfpmlint.yaml": (", persistent: true", ""),
}

RULES = (
    "capacity/workers-exceed-max-connections",
    "hba/host-without-tls",
    "pooling/persistent-behind-transaction-pooling",
)


def _run(*command: str | Path, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT", "PYTEST_"))}
    names = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = outside | names | {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    return subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False
    )


def _online(folder: Path) -> bool:
    """Whether pip gets what it needs for the hook's environment, from a registry or from a local copy of one."""
    command = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "hatchling")
    return _run(*command, cwd=folder, home=folder).returncode == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments that it makes: one is enough for all that follows."""
    folder = tmp_path_factory.mktemp("home")
    if not _online(folder):
        pytest.skip("pip can't reach a package index, and pre-commit installs the hook with pip")
    return folder


@pytest.fixture
def repository(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "repository"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(line.removeprefix("        ") for line in text.splitlines(keepends=True)))
    for command in ("init --quiet", "add --all"):
        assert _run("git", *command.split(), cwd=folder, home=home).returncode == 0
    return folder


def _mend(repository: Path) -> None:
    for name, (fault, cure) in MENDED.items():
        path = repository / name
        path.write_text(path.read_text().replace(fault, cure))


def _is_readable(output: str) -> None:
    """All three faults, each with the line that it is in, and nothing that only a programmer wants to see."""
    for rule in RULES:
        assert output.count(f"[{rule}]: ") == 1, output
    for name in MENDED:
        assert f"{name}:" in output
    assert "Traceback" not in output
    assert "deadbeef" not in output


def test_three_faults_and_their_mending(repository: Path, home: Path) -> None:
    try_repo = (sys.executable, "-m", "pre_commit", "try-repo", ROOT, "pgfpmlint", "--all-files")
    before = _run(*try_repo, cwd=repository, home=home)
    assert before.returncode == 1, before.stdout + before.stderr
    _is_readable(before.stdout)
    _mend(repository)
    after = _run(*try_repo, cwd=repository, home=home)
    assert after.returncode == 0, after.stdout + after.stderr


def test_a_pinned_revision_stops_the_commit(repository: Path, home: Path) -> None:
    """As people have it: a revision in .pre-commit-config.yaml, and ``git commit``."""
    revision = _run("git", "rev-parse", "HEAD", cwd=ROOT, home=home).stdout.strip()
    config = f"repos: [{{repo: '{ROOT}', rev: {revision}, hooks: [{{id: pgfpmlint}}]}}]\n"
    (repository / ".pre-commit-config.yaml").write_text(config)
    installed = _run(sys.executable, "-m", "pre_commit", "install", cwd=repository, home=home)
    assert installed.returncode == 0, installed.stderr
    commit = ("sh", "-c", "git add --all && git commit --message all")
    before = _run(*commit, cwd=repository, home=home)
    assert before.returncode == 1, before.stdout + before.stderr
    _is_readable(before.stderr)
    assert "7 files, 2 hosts: 1 error, 2 warnings" in before.stderr, before.stderr
    _mend(repository)
    after = _run(*commit, cwd=repository, home=home)
    assert after.returncode == 0, after.stdout + after.stderr


FIXABLE = {
    "db/etc/postgresql/16/main/postgresql.conf": ("max_connections = 100", "max_conections = 100"),
    "db/etc/postgresql/16/main/pg_hba.conf": ("10.0.1.0/24", "10.0.1.5/24"),
    "db/etc/pgbouncer/pgbouncer.ini": ("pool_mode = transaction", "poolmode = transaction"),
    "web/etc/php/8.3/fpm/pool.d/api.conf": ("pm.max_children", "pm.max_childern"),
}
"""Of a tree without other faults, one in each file that has one right reading."""


def test_the_fixing_hook_stops_once(repository: Path, home: Path) -> None:
    """What it changed stops the commit, to be looked at; then nothing is left to change."""
    revision = _run("git", "rev-parse", "HEAD", cwd=ROOT, home=home).stdout.strip()
    config = f"repos: [{{repo: '{ROOT}', rev: {revision}, hooks: [{{id: pgfpmlint-fix}}]}}]\n"
    (repository / ".pre-commit-config.yaml").write_text(config)
    _mend(repository)
    good = {name: (repository / name).read_text() for name in FIXABLE}
    for name, (right, wrong) in FIXABLE.items():
        path = repository / name
        path.write_text(path.read_text().replace(right, wrong))
        path.chmod(0o640)
    assert _run("git", "add", "--all", cwd=repository, home=home).returncode == 0
    hook = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    first = _run(*hook, cwd=repository, home=home)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "files were modified by this hook" in first.stdout
    assert "fixed 4 findings in 4 files" in first.stdout, first.stdout
    assert {name: (repository / name).read_text() for name in FIXABLE} == good
    assert {(repository / name).stat().st_mode & 0o777 for name in FIXABLE} == {0o640}
    second = _run(*hook, cwd=repository, home=home)
    assert second.returncode == 0, second.stdout + second.stderr
