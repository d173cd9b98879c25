"""What may be written where the cursor is: names, values, the words of records, rules in comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pgfpmlint.catalog import php_ini
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.engine import MARK
from pgfpmlint.lsp import access
from pgfpmlint.lsp.accounts import USERS
from pgfpmlint.lsp.facts import SECTIONS, Fact, fact, facts, product
from pgfpmlint.lsp.meanings import meaning
from pgfpmlint.record import NamedTuple
from pgfpmlint.registry.definition import FAMILIES
from pgfpmlint.registry.load import RuleBook

SETTING, VALUE, KEYWORD, SECTION, RULE = "setting", "value", "keyword", "section", "rule"

INI = frozenset({"pgbouncer.ini", "php-fpm", "php.ini"})
ENTRIES = frozenset({"databases", "users", "peers"})

PHP_ARRAYS = frozenset({"php_value", "php_admin_value", "php_flag", "php_admin_flag"})
IDENTS = ("pg_ident.conf", "pgbouncer-ident")

IGNORE = ("ignore[", "ignore-file[")


class Proposal(NamedTuple):
    """``text`` replaces the document's characters from ``start`` to the cursor; ``tells`` goes beside it."""

    text: str
    start: int
    sort: str
    tells: str = ""
    brief: str = ""


class Known(NamedTuple):
    """Names that other files speak of: maps and roles for pg_ident.conf, users for pgbouncer.ini and userlist.txt."""

    maps: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


NOTHING = Known()


def proposals(
    kind: str, version: ServerVersion, text: str, offset: int, book: RuleBook, names: Known = NOTHING
) -> list[Proposal]:
    """Everything that may stand there; the client picks what fits to what is typed."""
    begin = text.rfind("\n", 0, offset) + 1
    line = text[begin:offset]
    if MARK in line:
        return list(_rules(line, begin, book))
    if line.lstrip()[:1] in ("#", ";"):
        return []
    if kind in INI:
        return list(_ini(kind, _section(text, begin), line, begin, version, names))
    if kind == "postgresql.conf":
        return list(_assignment(kind, "", line, begin, version))
    if kind in (access.HBA, access.POOLER_HBA):
        return list(_record(kind, line, begin, version))
    if kind in IDENTS:
        return list(_mapping(kind, line, begin, version, names))
    if kind == "userlist.txt":
        return list(_user(line, begin, text, names))
    return []


def _rules(line: str, begin: int, book: RuleBook) -> Iterator[Proposal]:
    after = line[line.index(MARK) + len(MARK) :]
    opened = after.rfind("[")
    if opened < 0:
        start = begin + len(line) - len(after.lstrip())
        yield from (Proposal(verb, start, KEYWORD) for verb in IGNORE)
    elif "]" not in after[opened:]:
        word = after[max(opened, after.rfind(",")) + 1 :].lstrip()
        yield from rules(begin + len(line) - len(word), book)


def rules(start: int, book: RuleBook, *, families: bool = True) -> Iterator[Proposal]:
    """Ids and families of rules."""
    for rule in book.rules.values():
        yield Proposal(rule.id, start, RULE, rule.title, rule.severity)
    if families:
        yield from (Proposal(f"{family}/", start, RULE, words, "all of these") for family, words in FAMILIES.items())


def _section(text: str, before: int) -> str:
    """The name in the last header above."""
    for line in reversed(text[:before].splitlines()):
        stripped = line.strip()
        if stripped.startswith("[") and "]" in stripped:
            return stripped[1 : stripped.index("]")].strip()
    return ""


def _ini(kind: str, section: str, line: str, begin: int, version: ServerVersion, names: Known) -> Iterator[Proposal]:
    name = line.lstrip()
    if name.startswith("["):
        if "]" not in name:
            start = begin + len(line) - len(name) + 1
            yield from (Proposal(f"{known}]", start, SECTION) for known in SECTIONS.get(kind, ()))
        return
    if kind == "pgbouncer.ini" and section in ENTRIES:
        yield from _entry(section, line, begin, version, names)
    elif kind == "php-fpm" and "[" in name and "=" not in name:
        array, _, index = name.partition("[")
        if array.strip() in PHP_ARRAYS:
            start = begin + len(line) - len(index)
            yield from (Proposal(f"{known}]", start, SETTING) for known in php_ini.DEFAULTS)
    else:
        yield from _assignment(kind, section, line, begin, version)


def _assignment(kind: str, section: str, line: str, begin: int, version: ServerVersion) -> Iterator[Proposal]:
    name, equals, value = line.partition("=")
    if not equals and kind == "postgresql.conf" and line.strip() and line != line.rstrip():
        name, _, value = line.strip().partition(" ")  # the = may be left out
        equals = " "
    if not equals:
        start = begin + len(line) - len(line.lstrip())
        yield from (_of_fact(one, start, version) for one in facts(kind, section, version))
        return
    array, _, subscript = name.strip().rstrip("]").partition("[")
    found = fact("php.ini", "", subscript, version) if array in PHP_ARRAYS else fact(kind, section, array, version)
    if found is None:
        return
    written = value.lstrip().lstrip("'\"")
    start = begin + len(line) - len(written)
    yield from _values(found, written, start)


def _values(found: Fact, written: str, start: int) -> Iterator[Proposal]:
    yield from (
        Proposal(word, start, VALUE, brief="the default" if word == found.default else "") for word in found.words
    )
    number = written.rstrip("kKMGTBusmhdin")
    if found.units and number and number[-1:].isdigit():
        yield from (Proposal(f"{number}{unit}", start, VALUE) for unit in found.units)
    elif found.default and not found.words:
        yield Proposal(found.default, start, VALUE, brief="the default")


def _entry(section: str, line: str, begin: int, version: ServerVersion, names: Known) -> Iterator[Proposal]:
    """A line of [databases] and the like: after the name, keys with values."""
    _, equals, rest = line.partition("=")
    if not equals:
        return
    word = rest[max(rest.rfind(" "), rest.rfind("\t")) + 1 :]
    key, assigned, value = word.partition("=")
    if assigned:
        found = fact("pgbouncer.ini", section, key, version)
        start = begin + len(line) - len(value)
        if found is not None:
            yield from (Proposal(known, start, VALUE) for known in found.words)
        if key in USERS:
            yield from (Proposal(user, start, VALUE) for user in names.users)
        return
    taken = {pair.partition("=")[0] for pair in rest.split() if "=" in pair}
    for one in facts("pgbouncer.ini", section, version):
        if one.name not in taken:
            yield _of_fact(one, begin + len(line) - len(word), version)._replace(text=f"{one.name}=")


def _record(kind: str, line: str, begin: int, version: ServerVersion) -> Iterator[Proposal]:
    fields = line.split()
    word = fields.pop() if line and not line[-1:].isspace() else ""
    column = len(fields)
    last = word[word.rfind(",") + 1 :]
    start = begin + len(line) - len(last)
    if column == 0:
        yield from _listed(access.types(kind, version), start)
        return
    type_ = fields[0]
    if type_ in access.INCLUDES:
        return
    # An address may take two columns: 10.0.0.0 255.0.0.0.
    at_method = 3 if type_ == "local" else 5 if column > 4 and fields[4].count(".") == 3 else 4
    if column < at_method and not (type_ != "local" and column == 4):
        yield from _listed(access.KEYWORDS.get(column, {}), start)
    elif column == at_method:
        yield from _listed(access.methods(kind, type_, version), start)
    else:
        method = fields[at_method] if column > at_method else ""
        yield from _options(access.options(kind, type_, method, version), word, begin + len(line), set(fields))


def _mapping(kind: str, line: str, begin: int, version: ServerVersion, names: Known) -> Iterator[Proposal]:
    """A line of pg_ident.conf: the map, who somebody is outside (of which no file tells), and which role here."""
    fields = line.split()
    word = fields.pop() if line and not line[-1:].isspace() else ""
    start = begin + len(line) - len(word)
    if not fields:
        yield from (Proposal(name, start, KEYWORD, "a record asks for this map") for name in names.maps)
        if kind == "pg_ident.conf" and version.major >= 16:
            yield from _listed(dict.fromkeys(access.INCLUDES, "reads the maps of other files here"), start)
    elif len(fields) == 2 and fields[0] not in access.INCLUDES:
        if kind != "pg_ident.conf" or version.major >= 16:
            yield Proposal("all", start, KEYWORD, "every role")
        yield from (Proposal(name, start, VALUE) for name in names.roles)


def _user(line: str, begin: int, text: str, names: Known) -> Iterator[Proposal]:
    """The first field of a record of userlist.txt; the second is a secret, which is nobody's to propose."""
    written = line.lstrip()
    if written.count('"') > 1 or (written and not written.startswith('"')):
        return
    start = begin + len(line) - len(written)
    for name in names.users:
        quoted = '"' + name.replace('"', '""') + '"'
        if f"\n{quoted}" not in f"\n{text}":
            yield Proposal(quoted, start, VALUE, "named in pgbouncer.ini, or by who connects")


def _options(known: Mapping[str, tuple[str, ...]], word: str, end: int, fields: set[str]) -> Iterator[Proposal]:
    name, equals, value = word.partition("=")
    if equals:
        yield from (Proposal(one, end - len(value), VALUE) for one in known.get(name, ()))
        return
    taken = {field.partition("=")[0] for field in fields}
    yield from (
        Proposal(f"{option}=", end - len(word), SETTING, meaning(access.HBA, option))
        for option in known
        if option not in taken
    )


def _listed(words: Mapping[str, str], start: int) -> Iterator[Proposal]:
    yield from (Proposal(word, start, KEYWORD, tells) for word, tells in words.items())


def _of_fact(one: Fact, start: int, version: ServerVersion) -> Proposal:
    told: Iterable[str] = (one.meaning, *one.notes, f"default {one.default}" if one.default else "")
    return Proposal(one.name, start, SETTING, "; ".join(filter(None, told)), product(version))
