from __future__ import annotations

import pytest

from pgfpmlint.lsp.document import unsaved


@pytest.mark.parametrize(
    ("disk", "text"),
    [
        (b"a = 1\n", "a = 1\n"),
        (b"\xef\xbb\xbfa = 1\n", "a = 1\n"),  # editors show no byte order mark
        (b"\xef\xbb\xbfa = 1\n", "\ufeffa = 1\n"),
        (b"a\r\nb\r\n", "a\nb\n"),  # Emacs
        (b"a\r\nb\r\n", "a\r\nb\r\n"),
        (b"caf\xe9 = 1\n", "caf\ufffd = 1\n"),  # VS Code
        (b"caf\xe9 = 1\n", "caf\xe9 = 1\n"),  # read as Latin-1
        ("é = '😀'\n".encode(), "é = '😀'\n"),
    ],
)
def test_what_is_shown_is_what_is_saved(disk: bytes, text: str) -> None:
    assert unsaved(text, disk) is None


@pytest.mark.parametrize(
    ("disk", "text", "saved"),
    [
        (None, "a = é\n", "a = é\n".encode()),
        (b"a = 1\n", "a = 2\n", b"a = 2\n"),
        (b"\xef\xbb\xbfa = 1\n", "a = 2\n", b"\xef\xbb\xbfa = 2\n"),
        (b"a\r\nb\r\n", "a\nb\nc\n", b"a\r\nb\r\nc\r\n"),
        (b"a\nb\n", "a\r\nb\r\n", b"a\r\nb\r\n"),
        (b"", "", None),
        (None, "\ud800x\udcff", "\ufffdx\ufffd".encode()),  # JSON can carry what no file can
        (b"\xe2\x82x", "\ufffdy", "\ufffdy".encode()),
    ],
)
def test_what_saving_would_write(disk: bytes | None, text: str, saved: bytes | None) -> None:
    assert unsaved(text, disk) == saved


def test_where_what_is_shown_is_shorter_than_the_file_the_text_itself_is_measured() -> None:
    """Two bytes of a sign that was cut off are shown as one, so that offsets into the file would be beside."""
    assert unsaved("a\ufffdb\n", b"a\xe2\x82b\n") == "a\ufffdb\n".encode()
