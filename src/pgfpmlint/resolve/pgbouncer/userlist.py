"""userlist.txt: who PgBouncer knows, and in what form it holds each secret. The secrets themselves go nowhere."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import PLACEHOLDERS, Reading, Unread
from pgfpmlint.source.text import HOLE, Place
from pgfpmlint.source.tree import Root
from pgfpmlint.syntax.document import Document, Malformed, Node, Record, Value

# MAX_USERNAME and MAX_PASSWORD of PgBouncer's include/bouncer.h, in bytes as written; one less is the longest.
_LIMITS = (((1, 26), 128, 65531), ((1, 17), 128, 2048), ((1, 16), 128, 996), ((), 64, 160))


class UserlistUser(NamedTuple):
    """``secret`` is ``plain``, ``md5``, ``scram-sha-256`` or ``empty``; ``place`` covers the name only.

    ``mark`` is the same for the same secret, within this run only: the hash of a text, which Python salts.
    """

    name: str
    secret: str
    place: Place
    mark: int = 0


class UserlistReading(NamedTuple):
    reading: Reading
    users: tuple[UserlistUser, ...]


def read(root: Root, path: str, version: ServerVersion, marks: tuple[str, ...] = PLACEHOLDERS) -> UserlistReading:
    """The users of auth_file. PgBouncer stops at the first record that it can't read, and runs on with those before:
    only the file counts as refused."""
    from pgfpmlint.formats import userlist

    document = userlist.parse(root.read(path), path, version)
    users: dict[str, UserlistUser] = {}
    problems: list[Problem] = []
    unread: tuple[Unread, ...] = ()
    for number, node in enumerate(document.nodes):
        if isinstance(node, (Record, Malformed)) and _is_open(document, node, marks):
            place = document.node_place(node)
            unread = unread or (Unread(document.source.path, "is a template: it holds placeholders", place),)
            continue
        made = document.source.is_made and isinstance(node, (Record, Malformed))
        if made and (HOLE in _written(document, node) or _may_lack(document, node)):
            place = document.node_place(node)
            unread = unread or (Unread(document.source.path, "is a template: it holds placeholders", place),)
            if HOLE in _written(document, node):
                continue
        fault = _fault(document, node, version) if isinstance(node, (Record, Malformed)) else None
        if fault is not None:
            says, reason, place = fault
            lost = _lost(document, number)
            values = {"reason": reason, "lost": lost}
            problems.append(Problem("pooler/userlist-broken", place, says, True, values))
            break
        if isinstance(node, Record):
            name, secret = (field.values[0] for field in node.fields)
            users.pop(name.text, None)  # the last one wins
            users[name.text] = UserlistUser(name.text, form(secret.text), document.place(name), hash(secret.text))
    reading = Reading("userlist.txt", version, (document,), tuple(problems), unread)
    return UserlistReading(reading, tuple(users.values()))


def values(found: UserlistReading) -> dict[str, object]:
    """``{"users": [...]}``: names only."""
    return {"users": sorted(user.name for user in found.users)}


def _is_open(document: Document, node: Record | Malformed, marks: tuple[str, ...]) -> bool:
    """Whether a template fills in the record, or replaces the line."""
    part = node.fields[0] if isinstance(node, Record) else node
    text = document.source.text[part.start : part.end]
    return any(mark in text for mark in marks)


def _written(document: Document, node: Node) -> str:
    return document.source.text[node.start : node.end]


def _may_lack(document: Document, node: Node) -> bool:
    """Whether a template may leave the record out."""
    return bool(document.node_place(node).condition)


def _fault(document: Document, node: Record | Malformed, version: ServerVersion) -> tuple[str, str, Place] | None:
    """The server's message, the reason in plain words, and the place."""
    if isinstance(node, Malformed):
        place = Place(document.source, node.at, node.until)
        return node.says, _reason(place.text), place
    _, longest_name, longest_secret = next(limit for limit in _LIMITS if version.at_least(*limit[0]))
    name, secret = (field.values[0] for field in node.fields)
    if _bytes(document, name) >= longest_name:
        place = document.place(name)
        return "username too long in auth file", f"a name may have {longest_name - 1} bytes", place
    if _bytes(document, secret) >= longest_secret:
        reason = f"a password may have {longest_secret - 1} bytes"
        return "password too long in auth file", reason, document.place(name)
    return None


def _reason(text: str) -> str:
    """Why a record can't be read; without repeating it, for it may hold a password."""
    if text.startswith("#"):
        return "a comment starts with ; here, not with #"
    if text.startswith("\ufeff"):
        return "a byte order mark stands before it"
    if not text.startswith('"'):
        return "a record starts with a name in double quotes"
    return "a name and a password in double quotes are needed" if text.count('"') < 3 else "a quote is not closed"


def _lost(document: Document, broken: int) -> str:
    """What the fault costs, in words; without names, for behind a fault a name may be somebody's password."""
    behind = sum(isinstance(node, Record) for node in document.nodes[broken + 1 :])
    return f"PgBouncer stops there, {behind or 'no'} more {'record follows' if behind == 1 else 'records follow'}"


def _bytes(document: Document, value: Value) -> int:
    """The length that PgBouncer looks at: as written, between the quotes."""
    return len(document.source.text[value.start + 1 : value.end - 1].encode("utf-8", "surrogateescape"))


def form(secret: str) -> str:
    """As get_password_type() in PgBouncer's src/scram.c tells them apart."""
    if not secret:
        return "empty"
    if secret.startswith("SCRAM-SHA-256$") and secret.count("$") == 2 and secret.count(":") == 2:
        return "scram-sha-256"
    hashed = secret.startswith("md5") and len(secret) == 35 and set(secret[3:]) <= set("0123456789abcdef")
    return "md5" if hashed else "plain"
