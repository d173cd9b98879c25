from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pgfpmlint.fix.mend import Change
from pgfpmlint.fix.write import NotWritten, write
from pgfpmlint.source.text import Source

BEFORE, AFTER = b"a = 1\r\n\xff\n", b"a = 10\r\n\xff\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    path = tmp_path / "tree/some.conf"
    path.write_bytes(BEFORE)
    return path


def change(path: Path, shown: str = "some.conf") -> Change:
    return Change(Source.from_bytes(shown, BEFORE), AFTER.decode("utf-8", "surrogateescape"))


def refusal(path: Path, shown: str = "some.conf", where: Path | None = None) -> str:
    with pytest.raises(NotWritten) as refused:
        write(change(path, shown), str(where or path.parent), [""])
    return str(refused.value)


def test_bytes_and_mode(file: Path) -> None:
    file.chmod(0o640)
    write(change(file), str(file.parent), [""])
    assert file.read_bytes() == AFTER
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(file.parent) == ["some.conf"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_owner(file: Path) -> None:
    os.chown(file, 12345, 23456)
    file.chmod(0o4711)
    write(change(file), str(file.parent), [""])
    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (12345, 23456, 0o4711)


def test_attributes(file: Path) -> None:
    try:
        os.setxattr(file, "user.origin", b"ansible")
    except OSError:
        pytest.skip("the file system of temporary files keeps no attributes")
    write(change(file), str(file.parent), [""])
    assert os.getxattr(file, "user.origin") == b"ansible"


def test_a_file_that_was_changed_meanwhile(file: Path) -> None:
    file.write_bytes(b"a = 2\n")
    assert refusal(file) == "it was changed meanwhile"
    assert file.read_bytes() == b"a = 2\n"


def test_a_file_that_is_gone(file: Path) -> None:
    file.unlink()
    assert refusal(file) == "No such file or directory"


def test_a_file_that_is_so_already(file: Path) -> None:
    file.write_bytes(AFTER)
    before = file.stat()
    write(change(file), str(file.parent), [""])
    assert file.stat() == before


def test_a_read_only_file(file: Path) -> None:
    file.chmod(0o444)
    assert refusal(file) == "it is read-only"


def test_a_file_with_two_names(file: Path) -> None:
    os.link(file, file.parent / "other.conf")
    assert refusal(file) == "it has 2 names (hard links), which would no longer be one file"
    assert file.read_bytes() == BEFORE


def test_a_link_within_the_tree_stays_a_link(file: Path) -> None:
    link = file.parent / "link.conf"
    link.symlink_to("some.conf")
    write(change(file, "link.conf"), str(file.parent), [""])
    assert link.is_symlink()
    assert file.read_bytes() == AFTER


def test_a_link_out_of_the_tree(file: Path) -> None:
    outside = file.parent.parent / "outside.conf"
    outside.write_bytes(BEFORE)
    (file.parent / "link.conf").symlink_to(outside)
    assert refusal(file, "link.conf") == "a symbolic link leads out of what is linted"
    assert outside.read_bytes() == BEFORE


def test_nothing_stays_behind_where_writing_fails(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refusal(file) == "No space left on device"
    assert (os.listdir(file.parent), file.read_bytes()) == (["some.conf"], BEFORE)
