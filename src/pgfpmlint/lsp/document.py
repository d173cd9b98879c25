"""A document that is open in the editor, and what stands on the disk under its name."""

from __future__ import annotations

from pgfpmlint.lsp.ruler import MARK
from pgfpmlint.record import NamedTuple


class Document(NamedTuple):
    """``path`` is absolute; ``uri`` is spelt as the client spells it; ``version`` grows with every change."""

    uri: str
    path: str
    version: int
    text: str


def unsaved(text: str, disk: bytes | None) -> bytes | None:
    """The bytes that saving ``text`` would write; None where ``disk``, what the file holds, is as good or better.

    An editor shows neither a byte order mark nor bytes that are no UTF-8, and some show no CR at the ends of lines:
    where nothing but that tells text and file apart, the file's own bytes are what the server reads.
    """
    if disk is None:
        return _encoded(text)
    known = disk.decode("utf-8", "surrogateescape")
    plain = _unmarked if "\r" in text else _plain
    # Offsets are those of the file's own text, so what an editor shows may differ from it, but not in length.
    if plain(text) in map(plain, _shown(disk, known)) and len(plain(text)) == len(plain(known)):
        return None
    if known.startswith(MARK) and not text.startswith(MARK):
        text = MARK + text
    if "\r\n" in known and "\r" not in text:
        text = text.replace("\n", "\r\n")
    return _encoded(text)


def _shown(disk: bytes, known: str) -> list[str]:
    """What editors make of a file's bytes: where they are no UTF-8, a sign for each that is none, or Latin-1."""
    try:
        known.encode()
    except UnicodeEncodeError:
        return [disk.decode("utf-8", "replace"), disk.decode("latin-1")]
    return [known]


def _unmarked(text: str) -> str:
    return text.removeprefix(MARK)


def _plain(text: str) -> str:
    return _unmarked(text).replace("\r\n", "\n")


def _encoded(text: str) -> bytes:
    """A lone surrogate, which JSON can carry and no file can, becomes the sign for what can't be shown."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text).encode()
