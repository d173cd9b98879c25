from __future__ import annotations

import os
from pathlib import Path

import pytest

from pgfpmlint.source.disk import DiskRoot
from pgfpmlint.source.machine import Machine
from pgfpmlint.source.memory import MemoryTree

PASSWD = b"root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n"


def machine(**files: bytes) -> Machine:
    tree = MemoryTree({f"etc/{name}": data for name, data in files.items()})
    return Machine(tree.root("web", "", complete=True))


def live() -> Machine:
    return Machine(DiskRoot("here", "/", where="/", complete=True))


def test_a_tree_knows_the_accounts_that_it_lists() -> None:
    found = machine(passwd=PASSWD)
    assert found.has_user("www-data") is True
    assert found.has_user("www") is False
    assert found.has_group("www-data") is None


@pytest.mark.parametrize(
    ("sources", "known"),
    [
        ("passwd: files", True),
        ("passwd:\tfiles systemd # no more", True),
        ("passwd: files [SUCCESS=return] systemd", True),
        ("passwd: files ldap", False),
        ("passwd_compat: nis\npasswd: compat", True),
        ("group: files sss", True),
    ],
)
def test_accounts_may_come_from_elsewhere(sources: str, known: bool) -> None:
    found = Machine(
        MemoryTree({"etc/passwd": PASSWD, "etc/nsswitch.conf": sources.encode()}).root("web", "", complete=True)
    )
    assert found.has_user("nginx") is (False if known else None)


def test_a_plus_takes_in_a_map() -> None:
    assert machine(passwd=PASSWD + b"+::::::\n").has_user("nginx") is None


def test_a_tree_may_lack_what_the_machine_has() -> None:
    found = machine(passwd=PASSWD)
    assert found.has_folder("/etc") is True
    assert found.has_folder("/var/www") is None
    assert found.has_file("/etc/passwd") is True
    assert found.has_file("/etc/shadow") is None
    assert found.cannot_create("/var/log/x/y.log") == ""
    assert found.stack_limit() is None


def test_a_live_machine_knows_what_it_lacks(tmp_path: Path) -> None:
    found = live()
    (tmp_path / "file").touch()
    assert found.has_folder(str(tmp_path)) is True
    assert found.has_folder(str(tmp_path / "file")) is False
    assert found.has_folder(str(tmp_path / "none")) is False
    assert found.has_file(str(tmp_path / "none")) is False
    assert found.cannot_create(str(tmp_path / "log")) == ""
    assert found.cannot_create(str(tmp_path / "none/log")) == "No such file or directory (2)"
    assert found.cannot_create(str(tmp_path)) == "Is a directory (21)"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_closed_folder_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    assert live().has_folder(str(tmp_path / "closed/inner")) is None
    assert live().has_file(str(tmp_path / "closed/inner/x")) is None
