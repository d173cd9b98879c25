"""What lies about on other people's disks: nothing of it may hang a run, end it, or lead out of the tree."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pgfpmlint.source.disk import DiskRoot, DiskTree
from pgfpmlint.source.tree import LARGEST_FILE, Entry, Unreadable


def write(base: Path, *names: str) -> None:
    for name in names:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(f"# {name}\n")


def root(base: Path, prefix: str = "") -> DiskRoot:
    return DiskTree(where=str(base)).root("host", prefix)


def refusal(read: DiskRoot, path: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read.read(path)
    return caught.value.why


def test_files_are_shown_from_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, "here/b/x.conf", "here/a.conf", "beside/y.conf")
    tree = DiskTree(["b", str(tmp_path / "here/a.conf"), "../beside"], where=str(tmp_path / "here"))
    assert tree.files() == [
        Entry(f"{tmp_path}/beside/y.conf"),
        Entry("a.conf", named=True),
        Entry("b/x.conf"),
    ]
    assert tree.bases == ["b", "", f"{tmp_path}/beside"]


def test_overlapping_paths_give_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, "a/x.conf")
    assert DiskTree([".", "a", "a/x.conf"], where=str(tmp_path)).files() == [Entry("a/x.conf", named=True)]


def test_folders_of_tools_are_passed_over_unless_given(tmp_path: Path) -> None:
    write(tmp_path, ".git/config", "a/node_modules/b/c.conf", "vendor/x.conf", "src/x.conf")
    assert DiskTree(where=str(tmp_path)).files() == [Entry("src/x.conf")]
    assert DiskTree(["vendor"], where=str(tmp_path)).files() == [Entry("vendor/x.conf")]


def test_a_path_that_is_not_there_is_an_entry(tmp_path: Path) -> None:
    assert DiskTree(["gone.conf"], where=str(tmp_path)).files() == [
        Entry("gone.conf", "No such file or directory", named=True)
    ]


def test_what_is_no_regular_file_is_listed_and_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pg_hba.conf")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tmp_path)  # a socket's path may not be longer than some 100 bytes
        listener.bind("postgresql.conf")
    assert DiskTree().files() == [
        Entry("pg_hba.conf", "is a FIFO, not a regular file"),
        Entry("postgresql.conf", "is a socket, not a regular file"),
    ]
    assert DiskTree(["pg_hba.conf"]).files() == [Entry("pg_hba.conf", "is a FIFO, not a regular file", named=True)]
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened"))
    assert refusal(root(tmp_path), "/pg_hba.conf") == "is a FIFO, not a regular file"
    assert refusal(root(tmp_path), "/postgresql.conf") == "is a socket, not a regular file"
    assert refusal(DiskTree().root("live", "/"), "/dev/null") == "is a device, not a regular file"


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(tmp_path / "postgresql.conf", "wb") as file:
        file.write(b"work_mem = 8MB\n")
        file.truncate(50 * 1024 * 1024)
    assert root(tmp_path).head("/postgresql.conf").startswith("work_mem = 8MB\n\0")
    assert len(root(tmp_path).head("/postgresql.conf")) == 64 * 1024
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("read"))
    assert refusal(root(tmp_path), "/postgresql.conf") == (
        "is too large for a configuration file: 50 MB, and no more than 4 MB are read"
    )


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"#" * LARGEST_FILE)
    assert len(root(tmp_path).read("/x").text) == LARGEST_FILE


def test_forbidden_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs as root is forbidden nothing, hence the pretence."""
    write(tmp_path, "secret/x.conf", "open/y.conf")
    real_open, real_scandir = os.open, os.scandir

    def deny_open(path: str, flags: int) -> int:
        if "secret" in path:
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, flags)

    def deny_scandir(path: str) -> object:
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return real_scandir(path)

    monkeypatch.setattr(os, "open", deny_open)
    monkeypatch.setattr(os, "scandir", deny_scandir)
    assert DiskTree(where=str(tmp_path)).files() == [
        Entry("open/y.conf"),
        Entry("secret", "Permission denied", folder=True),
    ]
    assert refusal(root(tmp_path), "/secret/x.conf") == "Permission denied"


def test_links_are_listed_unfollowed(tmp_path: Path) -> None:
    write(tmp_path, "real/x.conf")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "real/up").symlink_to("..")
    (tmp_path / "broken.conf").symlink_to("/nowhere/x.conf")
    assert DiskTree(where=str(tmp_path)).files() == [
        Entry("broken.conf", link="/nowhere/x.conf"),
        Entry("loop", link="."),
        Entry("real/up", link=".."),
        Entry("real/x.conf"),
    ]


def test_a_folder_given_by_its_link_is_walked(tmp_path: Path) -> None:
    write(tmp_path, "real/x.conf")
    (tmp_path / "link").symlink_to("real")
    assert DiskTree(["link"], where=str(tmp_path)).files() == [Entry("link/x.conf")]


@pytest.mark.parametrize(
    ("link", "target", "path", "text"),
    [
        ("web/etc/x", "/etc/real.conf", "/etc/x", "# web/etc/real.conf\n"),
        ("web/etc/x", "../etc/real.conf", "/etc/x", "# web/etc/real.conf\n"),
        ("web/etc/x", "../../../../../etc/real.conf", "/etc/x", "# web/etc/real.conf\n"),
        ("web/etc/d", "/opt", "/etc/d/deep/y.conf", "# web/opt/deep/y.conf\n"),
        ("web/etc/d", "/opt/deep", "/etc/d/../y.conf", None),
        ("web/etc/x", "/web/etc/real.conf", "/etc/x", None),
        ("web/etc/x", "x", "/etc/x", "Too many levels of symbolic links"),
        ("web/etc/x", "/gone", "/etc/x", "No such file or directory"),
        ("web/etc/x", "/opt", "/etc/x", "is a folder"),
    ],
)
def test_links_are_followed_as_below_a_chroot(tmp_path: Path, link: str, target: str, path: str, text: str) -> None:
    write(tmp_path, "web/etc/real.conf", "web/opt/deep/y.conf", "etc/real.conf")
    (tmp_path / link).symlink_to(target)
    web = root(tmp_path, "web")
    if text and text.startswith("#"):
        assert web.read(path).text == text
        assert web.is_file(path)
    else:
        assert refusal(web, path) == (text or "No such file or directory")
        assert not web.is_file(path)
    assert web.shown(path).startswith("web/")


def test_the_live_root_leaves_links_to_the_kernel(tmp_path: Path) -> None:
    write(tmp_path, "real/x.conf")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    live = DiskTree(where=str(tmp_path / "real")).root("localhost", "/", complete=True)
    assert live.read(f"{tmp_path}/link/x.conf").text == "# real/x.conf\n"
    assert live.shown(f"{tmp_path}/real/x.conf") == "x.conf"
    assert live.is_folder(f"{tmp_path}/link")
    assert live.names(f"{tmp_path}/link") == ["x.conf"]


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    for path in ("/a\0b", "/a\ud800b"):
        with pytest.raises(Unreadable) as caught:
            root(tmp_path).read(path)
        assert caught.value.missing
        assert not root(tmp_path).is_file(path)
    assert refusal(root(tmp_path), "/" + "x" * 5000) == "File name too long"


def test_bytes_that_are_no_utf8_come_back(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"caf\xe9")
    assert root(tmp_path).read("/x").data == b"caf\xe9"


def test_a_file_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "x")
    one = root(tmp_path)
    assert one.read("/x") is one.read("/y/../x")


def test_an_overlay_stands_for_the_file(tmp_path: Path) -> None:
    write(tmp_path, "a/x.conf", "a/y.conf")
    tree = DiskTree(["a"], where=str(tmp_path), overlay={"a/x.conf": b"new", "a/z.conf": b"only here"})
    assert [entry.path for entry in tree.files()] == ["a/x.conf", "a/y.conf", "a/z.conf"]
    overlaid = tree.root("host", "a")
    assert overlaid.names("/") == ["x.conf", "y.conf", "z.conf"]
    assert [overlaid.read(f"/{name}").text for name in overlaid.names("/")] == ["new", "# a/y.conf\n", "only here"]
    assert overlaid.is_file("/z.conf")
