"""One line of pg_hba.conf: the record that it is, or what PostgreSQL objects to, in the order in which it looks.

https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import written
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba.lines import AuthLine, Word
from pgfpmlint.resolve.hba.methods import DEMANDING, check_combination, check_method
from pgfpmlint.resolve.hba.objection import Objection
from pgfpmlint.source.text import HOLE, Place

TYPES = ("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc")
ADDRESS_KEYWORDS = ("all", "samehost", "samenet")


class HbaRecord(NamedTuple):
    """One good record. ``type`` is ``local``, ``host``, ``hostssl``, ``hostnossl``, ``hostgssenc`` or ``hostnogssenc``.

    ``address`` is what is written: an IP address, a host name, or ``all``/``samehost``/``samenet``; None for local.
    ``address_quoted`` takes the keyword meaning from the latter: they are host names then. ``netmask`` is the mask of
    an IP address as the server shows it (``255.0.0.0``). ``network`` is ``(family, address, mask)`` with both as
    integers where address is an IP network, the address masked: family 4 or 6. ``method`` is what the server makes of
    it (``ident`` on a local line is ``peer``). ``options`` are name and value in written order, the last of a repeated
    name winning. They may hold secrets.
    """

    place: Place
    type: str
    databases: tuple[Word, ...]
    users: tuple[Word, ...]
    address: str | None
    netmask: str | None
    network: tuple[int, int, int] | None
    method: str
    options: tuple[tuple[str, str], ...]
    type_place: Place
    address_place: Place | None
    method_place: Place
    address_quoted: bool = False


class Address(NamedTuple):
    """The address columns of a record, and which field comes next."""

    words: tuple[Word, ...]
    text: str
    netmask: str | None
    network: tuple[int, int, int] | None

    @property
    def place(self) -> Place:
        first, last = self.words[0].place, self.words[-1].place
        return first if first.source is not last.source else Place(first.source, first.start, last.end)


def record_of(line: AuthLine, version: ServerVersion, validators: tuple[str, ...] | None) -> HbaRecord | Problem | None:
    """The record, the objection to it, or None where words from a file that is not known decide."""
    if any(word.names_file for at, field in enumerate(line.fields) if at not in (1, 2) for word in field):
        return None
    try:
        return _record(line, version, validators)
    except Objection as objection:
        return objection.problem(version)


def _record(line: AuthLine, version: ServerVersion, validators: tuple[str, ...] | None) -> HbaRecord:
    fields = line.fields
    type_ = _only(fields[0], "multiple values specified for connection type", "write one record for each type")
    if type_.text not in TYPES:
        raise _bad_type(type_)
    databases = _names(line, 1, "end-of-line before database specification", version)
    users = _names(line, 2, "end-of-line before role specification", version)
    address = None
    after = 3
    if type_.text != "local":
        address = _address(line)
        after = 3 + len(address.words)
    word = _field(line, after, "end-of-line before authentication method")
    several = "multiple values specified for authentication type"
    method = check_method(_only(word, several, "write one method, such as scram-sha-256"), version)
    if type_.text == "local" and method.text == "ident":
        method = method._replace(text="peer")
    check_combination(type_, method)
    return HbaRecord(
        place=line.place,
        type=type_.text,
        databases=databases,
        users=users,
        address=address.text if address else None,
        netmask=address.netmask if address else None,
        network=address.network if address else None,
        method=method.text,
        options=_options(line, after + 1, type_.text, method, version, validators),
        type_place=type_.place,
        address_place=address.place if address else None,
        method_place=method.place,
        address_quoted=bool(address and address.words[0].quoted),
    )


def _options(
    line: AuthLine, after: int, type_: str, method: Word, version: ServerVersion, validators: tuple[str, ...] | None
) -> tuple[tuple[str, str], ...]:
    words = [option for field in line.fields[after:] for option in field]
    if not words and method.text not in DEMANDING:
        return ()
    from pgfpmlint.resolve.hba.options import check

    return check(type_, method.text, words, method.place, version, validators)


def _bad_type(word: Word) -> Objection:
    from pgfpmlint.catalog.nearest import nearest

    near = nearest(word.text, TYPES)
    fix = f"write {near}" if near else f"write one of {', '.join(TYPES)} first"
    mends = written(word.place, near) if near else None
    if word.text.startswith("\ufeff"):
        fix = "save the file without a byte order mark"
        mends = written(word.place._replace(end=word.place.start + 1), "")
    elif word.text in ("include", "include_if_exists", "include_dir"):
        fix = "write the records here: files are included from PostgreSQL 16 on, one to a directive"
        mends = None
    return Objection("hba/malformed-record", word.place, f'invalid connection type "{word.text}"', fix=fix, mends=mends)


def _field(line: AuthLine, at: int, says: str) -> tuple[Word, ...]:
    if at < len(line.fields):
        return line.fields[at]
    raise Objection(
        "hba/malformed-record", line.place, says, fix="write all fields: TYPE DATABASE USER [ADDRESS] METHOD"
    )


def _only(field: tuple[Word, ...], says: str, fix: str) -> Word:
    """The field's one value."""
    if len(field) == 1:
        return field[0]
    first, last = field[0].place, field[-1].place
    place = Place(first.source, first.start, last.end) if first.source is last.source else first
    raise Objection("hba/malformed-record", place, says, fix=fix)


def _names(line: AuthLine, at: int, missing: str, version: ServerVersion) -> tuple[Word, ...]:
    """A field of database or user names. From PostgreSQL 16 a leading slash makes a name a regular expression."""
    field = _field(line, at, missing)
    if version.major >= 16:
        for word in field:
            if word.text.startswith("/"):
                check_regex(word, version)
    return field


EXPRESSION = "write an expression that PostgreSQL can read, such as /^shop_.*$"


def check_regex(word: Word, version: ServerVersion) -> None:
    """Object to a regular expression (``/…``) that is bad."""
    from pgfpmlint.resolve import posix_regex

    bad = posix_regex.objection(word.text[1:], version.major)
    if bad:
        says = f'invalid regular expression "{word.text[1:]}": {bad}'
        raise Objection("hba/invalid-regex", word.place, says, fix=EXPRESSION)


def _address(line: AuthLine) -> Address:
    field = _field(line, 3, "end-of-line before IP address specification")
    word = _only(field, "multiple values specified for host address", "write one record for each address")
    if word.text in ADDRESS_KEYWORDS and not word.quoted:
        return Address(field, word.text, None, None)
    if HOLE in word.text:
        return Address(field, word.text, None, None)
    text, slash, length = word.text.partition("/")
    found = ip.parse(text)
    if not slash:
        if found is None:
            return Address(field, word.text, None, None)
        return _masked(line, word, found)
    if found is None:
        says = f'specifying both host name and CIDR mask is invalid: "{word.text}"'
        raise Objection("hba/invalid-address", word.place, says, fix=_likely_address(text, length))
    mask = ip.prefix_mask(found[0], length)
    if mask is None:
        fix = f"write a prefix length from 0 to {ip.BITS[found[0]]}"
        raise Objection("hba/invalid-address", word.place, f'invalid CIDR mask in address "{word.text}"', fix=fix)
    return _network(field, text, found, mask)


def _masked(line: AuthLine, word: Word, found: tuple[int, int]) -> Address:
    """An address without a prefix length: its mask is the next field."""
    whole = f"{word.text}/{ip.BITS[found[0]]}"
    if len(line.fields) <= 4:
        fix = f"write {whole} for that one address"
        raise Objection("hba/invalid-address", word.place, "end-of-line before netmask specification", fix=fix)
    mask_word = _only(line.fields[4], "multiple values specified for netmask", "write one mask")
    mask = ip.parse(mask_word.text)
    if mask is None:
        says = f'invalid IP mask "{mask_word.text}": Name or service not known'
        raise Objection("hba/invalid-address", mask_word.place, says, fix=f"write {whole} for that one address")
    if mask[0] != found[0]:
        says, fix = "IP address and mask do not match", "write both as IPv4 or both as IPv6"
        raise Objection("hba/invalid-address", mask_word.place, says, fix=fix)
    return _network((word, mask_word), word.text, found, mask[1])


def _network(words: tuple[Word, ...], text: str, found: tuple[int, int], mask: int) -> Address:
    family, address = found
    return Address(words, text, ip.show(family, mask), (family, address & mask, mask))


def _likely_address(text: str, length: str) -> str:
    if text.startswith("[") and text.endswith("]") and ip.parse(text[1:-1]):
        return f"write {text[1:-1]}/{length}"
    if text and not text[0].isdigit() and ":" not in text:
        return (
            f"write {text} without the mask: a host name has none" if text not in ADDRESS_KEYWORDS else f"write {text}"
        )
    return f"write an IP address: {text} is none" if text else "write an address before the slash"
