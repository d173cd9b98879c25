"""What to type instead: for lines that PostgreSQL can't read and for names that it does not know."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple

NAME_AND_VALUE = "write name = 'value', or # before the line"


def for_line(line: str) -> str:
    """Words that complete a sentence such as "help: …", for a line that is no statement."""
    if line.startswith((";", "--", "//")):
        return "write # where the comment begins"
    name, rest = _parts(line)
    if not name:
        return NAME_AND_VALUE
    if rest.startswith('"') and rest.endswith('"') and rest.count('"') == 2 and "'" not in rest:
        return f"write {name} = '{rest[1:-1]}'"
    if not rest:
        return "write a value after it, or remove the line"
    if rest.startswith("'") and rest.count("'") == 1:
        return f"write {name} = {rest}'"
    if not any(sign in rest for sign in "'\"\\=#"):
        return f"write {name} = '{rest}'"
    return NAME_AND_VALUE


def _parts(line: str) -> tuple[str, str]:
    """Name and the rest of a line without ``=`` and comment; no name where the line starts with none."""
    end = 0
    while end < len(line) and (line[end].isalnum() or line[end] in "_."):
        end += 1
    name, rest = line[:end], line[end:].lstrip()
    if not name or name[0].isdigit() or name.count(".") > 1:
        return "", ""
    rest = rest.removeprefix("=").lstrip()
    if "'" not in rest:
        rest = rest.partition("#")[0].rstrip()
    return name, rest


class ForName(NamedTuple):
    """Of a name that a version does not know: a clause that explains it, and what to do. ``meant`` is the right name of
    a misspelt one; ``went`` tells of one that is no more, and ``instead`` what has taken its place, if one setting has.
    """

    clause: str
    advice: str
    meant: str = ""
    went: bool = False
    instead: str = ""


def for_name(name: str, version: ServerVersion) -> ForName:
    from pgfpmlint.catalog.nearest import nearest
    from pgfpmlint.catalog.postgresql import catalog, life, majors

    found = life(name)
    oldest = majors()[0]
    if found is not None and found.gone and _reached(version, found.gone):
        went = f": it went away in {found.gone}"
        advice = f"write {found.use}, or remove the line" if found.use else "remove the line"
        return ForName(went, advice, went=True, instead=found.use.partition(",")[0])
    if found is not None and found.since and version.major >= oldest:
        return ForName(f": it came with {found.since}", f"remove the line, or run PostgreSQL {found.since} or newer")
    near = nearest(name, catalog(version).names())
    if near is not None:
        return ForName(f"; the nearest name is {near}", f"write {near}, or remove the line", near)
    return ForName("", "remove the line")


def _reached(version: ServerVersion, text: str) -> bool:
    return version.at_least(*map(int, text.split(".")))
