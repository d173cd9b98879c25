"""Why PgBouncer can't read something, and what was probably meant: the words of messages about whole lines."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.catalog.nearest import nearest
from pgfpmlint.catalog.pgbouncer import load as catalog
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, Edit, Fix
from pgfpmlint.formats import connection_string
from pgfpmlint.resolve.pgbouncer.entries import DATABASES, PEERS, USERS
from pgfpmlint.source.text import Place


def section(name: str, known: Sequence[str]) -> dict[str, str]:
    """What was probably meant by a section that there is not."""
    if name == PEERS:
        return {"hint": "; it came with 1.19", "suggestion": "remove the section"}
    near = meant(name, known)
    return {
        "hint": f"; did you mean [{near}]?" if near else "",
        "suggestion": f"write [{near}]" if near else "remove the section",
        "meant": f"[{near}]" if near else "",
    }


def meant(name: str, known: Sequence[str]) -> str | None:
    """The one of ``known`` that ``name`` is a slip away from."""
    plain = name.strip().lower()
    return plain if plain in known else nearest(plain, known)


def parameter(name: str, text: str, version: ServerVersion) -> dict[str, str]:
    """What was probably meant by a parameter that there is not."""
    parameters = catalog().parameters
    if name in parameters:
        gone = parameters[name].removed
        if gone and version.at_least(*gone):
            return {"hint": f"; it is gone since {_dotted(gone)}", "suggestion": "remove the line"}
        return {"hint": f"; it came with {_dotted(parameters[name].since)}", "suggestion": "remove the line"}
    if name in catalog().databases or name in catalog().users:
        where = DATABASES if name in catalog().databases else USERS
        return {"hint": f"; it belongs into an entry of [{where}]", "suggestion": f"set {name}= in [{where}]"}
    if looks_like_database(text):
        return {"hint": "; it looks like a database", "suggestion": "move the line below [databases]"}
    near = nearest(name, [one for one in parameters if parameters[one].known_to(version)])
    if near:
        return {"hint": f"; did you mean {near}?", "suggestion": f"write {near}", "meant": near}
    return {"hint": "", "suggestion": "remove the line"}


def looks_like_database(text: str) -> bool:
    """Whether a value is a connection string with a key of [databases] in it."""
    return any(pair.key.text in catalog().databases for pair in connection_string.parse(text, 0).pairs)


def syntax(text: str) -> str:
    """Why PgBouncer can't read a line; without repeating it, for it may hold a password."""
    if text.startswith("\ufeff"):
        return "a byte order mark stands before it"
    if text.startswith("["):
        return "the ] is missing"
    if text.startswith("%include"):
        return "%include needs the name of a file"
    name, separator, _ = text.partition("=")
    if not separator:
        return "there is no = in it"
    if name.startswith('"'):
        return "double quotes don't quote a name; single quotes do, since 1.25"
    if name.startswith("'"):
        return "single quotes quote a name since 1.25 only"
    return "a name is made of letters, digits, _ . - and *"


def readable(place: Place) -> Fix | None:
    """The line without what alone keeps PgBouncer from reading it."""
    text = place.text
    if text.startswith("\ufeff"):
        return Fix(SAFE, (Edit(Place(place.source, place.start, place.start + 1), ""),))
    name = text[1:].rstrip()
    if text.startswith("[") and name.isalpha():
        end = place.start + 1 + len(name)
        return Fix(SAFE, (Edit(Place(place.source, end, end), "]"),))
    return None


def never_there(target: str) -> str:
    """Why no folder ever holds a file of that name; empty where one may."""
    if target[:1] in ("'", '"'):
        return "; the quotes are part of the name"
    if " ;" in target or " #" in target:
        return "; a comment behind the name is part of it"
    if "*" in target:
        return "; a * is no wildcard here"
    return "" if target else "; no name is given"


def _dotted(number: tuple[int, ...]) -> str:
    return ".".join(map(str, number))
