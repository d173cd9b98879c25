"""The lines of [databases], [users] and [peers]: a name and a connection string each."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.pgbouncer import Catalog, Number, load
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, Edit, Fix, line_above, removed, written
from pgfpmlint.finding.problem import Label
from pgfpmlint.formats import connection_string
from pgfpmlint.formats.connection_string import ConnectionString, Pair
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.pgbouncer.objections import MASK, Objections
from pgfpmlint.resolve.pgbouncer.reading import BouncerEntry
from pgfpmlint.resolve.pgbouncer.template import VEIL, WHY, is_open, veiled
from pgfpmlint.resolve.pgbouncer.value import leading, peer_id, word
from pgfpmlint.resolve.settings import Effective, Unknown, Written
from pgfpmlint.source.text import HOLE, Place, Source
from pgfpmlint.syntax.document import Value

DATABASES, USERS, PEERS = "databases", "users", "peers"
RESERVED = "pgbouncer"

_WORDS = {"pool_mode": ("session", "transaction", "statement"), "load_balance_hosts": ("round-robin", "disable")}
_TEXTS = frozenset(("dbname", "host", "user", "password", "connect_query", "application_name"))
_TEXTS |= {"auth_user", "auth_dbname", "auth_query", "client_encoding", "datestyle", "timezone"}
_LIBPQS = frozenset(
    (
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslnegotiation", "sslcompression", "sslsni"),
        *("channel_binding", "connect_timeout", "gssencmode", "hostaddr", "keepalives", "options", "passfile"),
        *("require_auth", "service", "target_session_attrs"),
    )
)
"""Keys that people bring from URLs for libpq: https://www.postgresql.org/docs/current/libpq-connect.html"""
_LONGEST_NAME = 63  # MAX_DBNAME in PgBouncer's include/bouncer.h, as NAMEDATALEN in PostgreSQL


class Line(NamedTuple):
    """One line of such a section."""

    section: str
    source: Source
    name: Value
    text: Value

    def place(self, extent: Value) -> Place:
        return Place(self.source, extent.start, extent.end)


class Entries:
    """The entries of one section while the files are read; a later line of the same name replaces an earlier one."""

    __slots__ = ("_catalog", "_entries", "_marks", "_objections", "_section", "_shadowed", "_texts", "accounts")

    def __init__(self, section: str, objections: Objections, marks: tuple[str, ...]) -> None:
        self._section = section
        self._marks = marks
        self._objections = objections
        self._catalog: Catalog = load()
        self._entries: dict[str, BouncerEntry] = {}
        self._texts: dict[str, str] = {}
        self._shadowed: dict[str, list[Place]] = {}
        self.accounts: set[str] = set()

    def found(self) -> tuple[BouncerEntry, ...]:
        shadowed = self._shadowed
        return tuple(
            entry._replace(shadowed=tuple(shadowed[name])) if name in shadowed else entry
            for name, entry in self._entries.items()
        )

    def add(self, line: Line) -> None:
        # Up to 1.15 a bad line costs its own entry; since 1.16 it keeps PgBouncer from starting. The line of * is
        # looked at only when a client asks for a database that is not listed.
        good = (
            is_open(f"{line.name.text} {line.text.text}", self._marks)
            or _Judge(line, self._objections, self._known()).judge()
        )
        name = line.name.text
        unchecked = name == "*" and self._section == DATABASES
        if not good and not unchecked and not self._objections.since(1, 16):
            return
        if self._section == USERS:
            name = _kept(name, self._objections.version)
        if HOLE in name:
            name = line.place(line.name).surface.text
        earlier = self._entries.get(name)
        entry = BouncerEntry(name, line.place(line.name), _parameters(line, self._marks))
        # An auth_user becomes a known user, and since 1.23 the first forced user of an entry too; later lines only
        # rename it (force_user_credentials in src/objects.c).
        forces = self._objections.version.at_least(1, 23) and (earlier is None or "user" not in earlier.parameters)
        for key in ("auth_user", "user") if forces else ("auth_user",):
            if key in entry.parameters and name != "*":
                self.accounts.add(entry.parameters[key].value or "")
        if earlier is not None:
            entry = self._replaced(earlier, entry, line)
        self._entries[name] = entry
        self._texts[name] = line.text.text

    def leave_run(self) -> None:
        """A template chooses between lines: what is listed twice then is no duplicate."""
        self._texts = {}

    def _known(self) -> Mapping[str, Number]:
        catalog = self._catalog
        return {DATABASES: catalog.databases, USERS: catalog.users, PEERS: catalog.peers}[self._section]

    def _replaced(self, earlier: BouncerEntry, entry: BouncerEntry, line: Line) -> BouncerEntry:
        if self._section == DATABASES:
            chosen = earlier.place.condition != entry.place.condition or HOLE in line.name.text
            if not chosen and self._texts.get(entry.name, line.text.text) != line.text.text:
                related = (Label(earlier.place, "this line loses"),)
                values = {"name": entry.name}
                self._objections.add(
                    "pooler/duplicate-database",
                    entry.place,
                    "",
                    values,
                    refuses=False,
                    related=related,
                    # Of a forced user and an auth_user something stays, whatever the later line says.
                    fix=None if {"user", "auth_user"} & earlier.parameters.keys() else removed(earlier.place),
                )
            if "user" in earlier.parameters and "user" not in entry.parameters:
                # "losing forced user not supported, keeping old setting"
                entry = entry._replace(parameters={**entry.parameters, "user": earlier.parameters["user"]})
        self._shadowed.setdefault(entry.name, []).append(earlier.place)
        return entry


def _kept(name: str, version: ServerVersion) -> str:
    """What PgBouncer keeps of a user's name: MAX_USERNAME of its include/bouncer.h bytes, with a zero at the end."""
    longest = 127 if version.at_least(1, 16) else 63
    return name.encode("utf-8", "surrogateescape")[:longest].decode("utf-8", "surrogateescape")


def _parameters(line: Line, marks: tuple[str, ...]) -> dict[str, Effective]:
    found: dict[str, Effective] = {}
    for pair in connection_string.parse(veiled(line.text.text, marks), line.text.start).pairs:
        key, text = pair.key.text, pair.value.text
        value: str | None = text
        whole = Place(line.source, pair.key.start, pair.value.end)
        if VEIL in text or VEIL in key:
            found[key] = Effective(key, None, Unknown(WHY, whole))
            continue
        if key in _WORDS:
            value = word(text, _WORDS[key])
        elif key == "password":
            value = text = MASK
        elif key not in _TEXTS:
            value = str(leading(text)[0])
        found.pop({"reserve_pool": "reserve_pool_size", "reserve_pool_size": "reserve_pool"}.get(key, key), None)
        found[key] = Effective(key, value, Written(whole, line.place(pair.value), text))
    return found


class _Judge:
    """What PgBouncer has against one line."""

    def __init__(self, line: Line, objections: Objections, known: Mapping[str, Number]) -> None:
        self._line = line
        self._objections = objections
        self._known = known
        self._name = line.name.text
        self._fatal = objections.since(1, 16) and not (line.section == DATABASES and self._name == "*")
        self._good = True

    def judge(self) -> bool:
        """Report everything; whether the entry comes into being."""
        line = self._line
        if line.section == DATABASES and self._name == RESERVED:
            # What it sets is overwritten by the console's own entry (admin_setup in src/admin.c).
            says = f'database name "{RESERVED}" is reserved'
            self._objections.add(
                "pooler/reserved-database-name",
                line.place(line.name),
                says,
                {"name": RESERVED, "where": "[databases]"},
                refuses=self._fatal,
            )
            return True
        if line.section == PEERS and peer_id(self._name) is None:
            self._bad(
                "pooler/invalid-peer",
                line.name,
                "ids of peers must be a number larger than 0 and at most 65536",
                {"name": self._name, "what": "is no number from 1 to 65535"},
            )
        found = connection_string.parse(line.text.text, line.text.start)
        for before, pair in zip((None, *found.pairs), found.pairs):
            self._pair(pair, before)
        if found.broken is not None:
            self._broken(found)
        elif line.section == PEERS and self._good and all(pair.key.text != "host" for pair in found.pairs):
            says = f"host was not provided for peer {peer_id(self._name)}"
            self._bad("pooler/invalid-peer", line.name, says, {"name": self._name, "what": "has no host"})
        if line.section == DATABASES and len(self._name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
            values: dict[str, object] = {"name": self._name, "longest": _LONGEST_NAME}
            self._bad("pooler/database-name-too-long", line.name, "cannot create database, no memory?", values)
        return self._good

    def _bad(
        self, rule: str, at: Value | Place, says: str, values: Mapping[str, object], fix: Fix | None = None
    ) -> None:
        place = at if isinstance(at, Place) else self._line.place(at)
        self._objections.add(rule, place, says, values, refuses=self._fatal, fix=fix)
        self._good = False

    def _pair(self, pair: Pair, before: Pair | None) -> None:
        key, text = pair.key.text, pair.value.text
        since = self._known.get(key)
        if since is None or not self._objections.since(*since):
            self._unknown(pair, before)
        elif key in _WORDS:
            if word(text, _WORDS[key]) is None:
                what = key.replace("_", " ") if key == "pool_mode" else key
                says = self._says(f"invalid {what}: {text}", f"invalid {what}: {text}")
                expected = " or ".join((", ".join(_WORDS[key][:-1]), _WORDS[key][-1]))
                values = {"name": self._name, "reason": f"{key} is {text}, not {expected}"}
                self._bad("pooler/invalid-connection-string", pair.value, says, values)
        elif key not in _TEXTS:
            self._number(pair)
        elif not pair.quoted and "\t" in text:
            at = pair.value.start + text.index("\t")
            values = {"name": self._name, "key": key}
            place = Place(self._line.source, at, pair.value.end)
            fix = written(Place(self._line.source, at, at + 1), " ")
            self._objections.add("pooler/tab-in-connection-string", place, "", values, refuses=False, fix=fix)

    def _number(self, pair: Pair) -> None:
        key, text = pair.key.text, pair.value.text
        number, rest = leading(text)
        values: dict[str, object] = {"name": self._name, "key": key, "value": text, "number": number}
        if key == "port" and number == 0:
            says = self._says(f"invalid port: {text}", f"bad port: {text}")
            self._bad("pooler/invalid-connection-string", pair.value, says, {**values, "reason": f"{text} is no port"})
        elif rest:
            rule = "pooler/number-cut-short" if number else "pooler/number-read-as-zero"
            self._objections.add(rule, self._line.place(pair.value), "", values, refuses=False)

    def _unknown(self, pair: Pair, before: Pair | None) -> None:
        # Behind an unquoted password with a blank in it, the "key" is the rest of the password.
        behind = before is not None and before.key.text == "password" and not before.quoted
        leaks = behind and pair.key.text not in _LIBPQS
        key = MASK if leaks else pair.key.text
        if key[0] in ";#":
            self._comment(pair.key.start)
            return
        if self._objections.version.is_beyond:
            return  # it may have come with that version
        if self._line.section == USERS:
            says = self._says(f"unrecognized user parameter: {key}", f"unknown parameter in settings: {key}")
            rule = "pooler/unknown-user-key"
        else:
            says = self._says(f"unrecognized connection parameter: {key}", f"unknown parameter in connstring: {key}")
            rule = "pooler/unknown-database-key"
        values = {"key": key, "name": self._name, "section": self._line.section, "version": self._objections.version}
        hint = self._hint(key)
        meant = hint.pop("meant", None)
        self._bad(
            rule, pair.key, says, {**values, **hint}, written(self._line.place(pair.key), meant) if meant else None
        )

    def _hint(self, key: str) -> dict[str, str]:
        since = self._known.get(key)
        if since is not None:
            return {"hint": f"; it came with {'.'.join(map(str, since))}", "suggestion": f"remove {key}="}
        if "\t" in key:
            return {
                "hint": "; only a space separates, a tab is part of the key",
                "suggestion": "write a space for the tab",
            }
        from pgfpmlint.catalog.nearest import nearest

        known = [name for name, first in self._known.items() if self._objections.since(*first)]
        near = nearest(key, known) or (key.lower() if key.lower() in known else None)
        if near:
            return {"hint": f"; did you mean {near}?", "suggestion": f"write {near}=", "meant": near}
        if key in load().parameters:
            return {"hint": "; it is a parameter of [pgbouncer]", "suggestion": f"set {key} below [pgbouncer]"}
        return {"hint": "", "suggestion": f"remove {key}="}

    def _comment(self, at: int) -> None:
        line = self._line
        place = Place(line.source, at, line.text.end)
        syntax = "user settings" if line.section == USERS else "connection string"
        values = {
            "name": line.name.text,
            "value": "the whole line",
            "suggestion": "write the comment on a line of its own",
        }
        end = line.text.start + len(line.source.text[line.text.start : at].rstrip(" "))
        behind = Edit(Place(line.source, end, place.end), "")
        fix = Fix(SAFE, (line_above(line.place(line.name), place.text), behind))
        self._bad("pooler/comment-in-value", place, self._syntax_error(syntax), values, fix)

    def _broken(self, found: ConnectionString) -> None:
        line = self._line
        assert found.broken is not None
        start, end = found.broken
        rest = line.source.text[start:end]
        if rest[0] in ";#":
            self._comment(start)
            return
        syntax = "user settings" if line.section == USERS else "connection string"
        values = {"name": self._name, "reason": _reason(rest, self._name, found)}
        self._bad(
            "pooler/invalid-connection-string", Place(line.source, start, end), self._syntax_error(syntax), values
        )

    def _syntax_error(self, what: str) -> str:
        if self._objections.since(1, 16):
            return f"syntax error in {what}"
        return f"{self._name}: syntax error in {'connstring' if what == 'connection string' else what}"

    def _says(self, now: str, before: str) -> str:
        if self._objections.since(1, 16):
            return now
        kind = "user" if self._line.section == USERS else "database"
        return f"skipping {kind} {self._name} because of {before}"


def _reason(rest: str, name: str, found: ConnectionString) -> str:
    """Why PgBouncer can't read ``rest``; without repeating it, for it may be a part of a password."""
    word_, _, value = rest.partition("=")
    if "://" in rest.partition(" ")[0]:
        return "an address like postgres://… is not understood; write host=… port=… dbname=…"
    if value.lstrip(" ").startswith("'") and value.count("'") % 2:
        return "a quote is not closed"
    if not found.pairs and name in load().parameters:
        return f"{name} is a parameter of [pgbouncer], not the name of a database"
    if "=" in rest and word_.strip(" ") and " " not in word_.strip(" "):
        return f"{word_.strip(' ')} has no value; leave it out"
    return "a value with blanks needs single quotes around it, a key needs a = behind it"
