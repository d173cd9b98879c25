"""What a file's text says of its kind, and whether it is a template.

Only files whose name leaves it open are looked at like this, and only their first meaningful lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.discover import marks
from pgfpmlint.discover.names import BOUNCER, BOUNCER_HBA, FPM, HBA, POSTGRES, USERLIST, Guess
from pgfpmlint.record import NamedTuple

MOST_LINES, FIRST_LINES = 150, 5

# What opens a placeholder, what closes it, and what may follow the opening: log_line_prefix holds '<%t' and '{%u'.
PLACEHOLDERS = (("{{", "}}", ""), ("{%", "%}", " -+"), ("<%", "%>", " =-#"))

TEMPLATE = "a template: it holds placeholders, the first in line {}"

NO_WORDS = "nothing but comments"

# What begins the text of files that repositories keep locked, or elsewhere.
SEALS = {
    "\0GITCRYPT\0": "encrypted with git-crypt",
    "$ANSIBLE_VAULT;": "encrypted with ansible-vault",
    "-----BEGIN PGP MESSAGE-----": "encrypted with GnuPG",
    "-----BEGIN AGE ENCRYPTED FILE-----": "encrypted with age",
    "age-encryption.org/": "encrypted with age",
    "version https://git-lfs.github.com/spec/": "a pointer to Git LFS, without the file's text",
}


class Shape(NamedTuple):
    """The first lines that are no comments: section names, the first word of every other line, and the lines."""

    sections: list[str]
    words: list[str]
    lines: list[str]


def placeholder(text: str) -> int | None:
    """The line of the first template placeholder outside comments: ``{{ x }}``, ``{% if %}``, ``<%= x %>``."""
    for opening, closing, after in PLACEHOLDERS:
        at = text.find(opening) if opening[0] in text else -1  # a search for one character is many times faster
        last = text.rfind(closing) if at >= 0 else -1
        seen = 0
        while 0 <= at < last:
            start = max(seen, text.rfind("\n", seen, at) + 1)
            seen = text.find("\n", at) + 1 or len(text)
            if text[start:seen].lstrip()[:1] not in ("#", ";") and _opens(text, at, seen, opening, after):
                return text.count("\n", 0, at) + 1
            at = text.find(opening, seen)
    return None


def sealed(text: str) -> str:
    """Why the text is none that a server would be given, as far as its first line tells; empty for plain text."""
    if text[:1] not in ("\0", "$", "-", "a", "v"):
        return ""
    return next((why for seal, why in SEALS.items() if text.startswith(seal)), "")


def _opens(text: str, at: int, end: int, opening: str, after: str) -> bool:
    while at >= 0 and after and text[at + 2 : at + 3] not in after:
        at = text.find(opening, at + 2, end)
    return at >= 0


def by_content(text: str, hint: str = "") -> Guess | None:
    """What the text shows. A ``hint``, the kind that its name suggests, makes weaker evidence do."""
    shape = _shape(text)
    if shape is None or text.startswith("\x00"):
        return None
    if not shape.sections and not shape.words:
        return Guess(hint, NO_WORDS, True) if hint and not text.isspace() else None
    for kind, look in LOOKS.items():
        said = look(shape, _same_family(hint, kind))
        if said:
            return Guess(hint if _same_family(hint, kind) else kind, said, True)
    return None


def is_withheld(skipped: str) -> bool:
    """Whether that is said of a file that `placeholder` or `sealed` tells: no server is given the text as it is."""
    return skipped.startswith(TEMPLATE[:20]) or skipped in SEALS.values()


def sets_whole_server(text: str) -> bool:
    """Whether it sets what a part of a postgresql.conf hardly would: connections, addresses, shared memory."""
    shape = _shape(text)
    return shape is not None and any(word.lower().startswith(marks.WHOLE_POSTGRES) for word in shape.words)


def is_foreign(text: str) -> bool:
    """Whether this is another program's language: blocks in braces, tags, sections of systemd or supervisor."""
    return _shape(text, FIRST_LINES) is None


def _same_family(hint: str, kind: str) -> bool:
    return hint == kind or (hint == BOUNCER_HBA and kind == HBA)


def _shape(text: str, most: int = MOST_LINES) -> Shape | None:
    """None for what is no file of ours whatever it is named."""
    shape = Shape([], [], [])
    for line in _meaningful(text, most):
        if line[0] in "<{}" or line.endswith(("{", "};")):
            return None
        if line[0] == "[":
            name = line[1:].partition("]")[0].strip()
            if ":" in name or name.startswith("[") or name.lower() in marks.FOREIGN_SECTIONS:
                return None
            shape.sections.append(name)
        else:
            shape.words.append(line.replace("=", " ").partition("[")[0].partition(" ")[0])
            shape.lines.append(line)
    return shape


def _meaningful(text: str, most: int) -> Iterator[str]:
    """The first ``most`` lines that are neither blank nor comments."""
    at, size = 0, len(text)
    while at < size and most > 0:
        end = text.find("\n", at) + 1 or size
        line = text[at:end].strip()
        if line and line[0] not in "#;":
            yield line
            most -= 1
        at = end


def _bouncer(shape: Shape, hinted: bool) -> str:
    words = [word for word in shape.words if word in marks.BOUNCER]
    if "pgbouncer" in shape.sections and (hinted or words or not shape.words):
        return "section [pgbouncer]"
    if "databases" in shape.sections and any("host=" in line or "dbname=" in line for line in shape.lines):
        return "section [databases] with connection strings"
    known = len(words)
    if known >= (1 if hinted else 3) and known * 2 >= len(shape.words):
        return _count(known, "parameter", "of PgBouncer")
    return "%include" if hinted and "%include" in shape.words else ""


def _fpm(shape: Shape, hinted: bool) -> str:
    certain = sum(word.lower().startswith(marks.FPM) for word in shape.words)
    known = sum(word.lower().startswith(marks.FPM_USUAL) for word in shape.words)
    if not shape.sections or known * 2 < len(shape.words):
        return ""
    if (certain and known >= 2) or (hinted and known):
        return _count(known, "FPM directive")
    return ""


def _hba(shape: Shape, hinted: bool) -> str:
    records = sum(word in marks.HBA and len(line.split()) >= 4 for word, line in zip(shape.words, shape.lines))
    if not shape.sections and records >= (1 if hinted else 2) and records * 2 >= len(shape.words):
        return _count(records, "pg_hba record")
    return ""


def _postgres(shape: Shape, hinted: bool) -> str:
    words = [word.lower() for word in shape.words]
    if shape.sections or any(word.startswith(marks.PGPOOL) for word in words):
        return ""
    certain = sum(word.startswith(marks.POSTGRES) for word in words)
    known = sum(word.startswith(marks.POSTGRES_USUAL) for word in words)
    enough = known > 0 and known * 2 >= len(words) if hinted else certain >= 2 and known * 4 >= len(words) * 3
    return _count(known, "PostgreSQL setting") if enough else ""


def _userlist(shape: Shape, hinted: bool) -> str:
    users = sum(line[0] == '"' and line.count('"') >= 4 for line in shape.lines)
    enough = users == len(shape.lines) or (hinted and users * 2 >= len(shape.lines))
    return _count(users, "user") if not shape.sections and users and enough else ""


LOOKS = {BOUNCER: _bouncer, FPM: _fpm, HBA: _hba, POSTGRES: _postgres, USERLIST: _userlist}


def _count(number: int, noun: str, rest: str = "") -> str:
    return f"{number} {noun}{'s' if number != 1 else ''} {rest}".rstrip()
