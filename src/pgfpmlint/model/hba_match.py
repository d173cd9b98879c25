"""Which pg_hba.conf record decides about one connection, as PostgreSQL's check_hba finds it.

Every test has three answers: yes, no, and unknown (None), which is what a tree can't tell: names that a name server
resolves, networks of interfaces, memberships. A decision is only given where the unknown makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.hba.lines import Word
from pgfpmlint.resolve.hba.record import HbaRecord


class Connection(NamedTuple):
    """One connection attempt. ``type`` is ``local`` or ``host``; ``address`` the client's, as the server sees it.
    ``database`` and ``user`` are None where they are not known.

    ``tls`` and ``gss``: whether it is encrypted that way, None where unknown. ``replication`` is ``none``, ``physical``
    or ``logical``. ``roles`` are the roles that the user is a direct or indirect member of, ``server_addresses`` the
    server's own, with a prefix length where its network is known (``10.0.2.5/24``); None where they are not known.
    ``settled``: the user may be a member of more than ``roles``, but not of these; None where ``roles`` are all.
    """

    type: str
    database: str | None
    user: str | None
    address: str | None = None
    tls: bool | None = None
    gss: bool | None = False
    replication: str = "none"
    roles: frozenset[str] | None = None
    server_addresses: tuple[str, ...] | None = None
    settled: frozenset[str] | None = None


class Decision(NamedTuple):
    """``verdict``: ``admitted`` (to authentication by the record's method), ``rejected`` or ``unknown``.

    ``record`` is the one that decides, None where none matches or it isn't certain which; ``candidates`` are then
    those that may be it, in order.
    """

    record: HbaRecord | None
    verdict: str
    why: str
    candidates: tuple[HbaRecord, ...] = ()


def decide(records: Sequence[HbaRecord], connection: Connection, version: ServerVersion) -> Decision:
    """Find the first record that matches."""
    candidates: list[HbaRecord] = []
    doubtful: list[HbaRecord] = []
    certain: HbaRecord | None = None
    for record in records:
        found = match(record, connection, version)
        if found and record.place.condition:  # a template may leave it out
            found = None
        if found is not False:
            candidates.append(record)
        if found is True:
            certain = record
            break
        if found is None:
            doubtful.append(record)
    if not doubtful:
        return Decision(certain, _verdict(certain), _why(certain, connection, version), tuple(candidates))
    verdicts = {_verdict(record) for record in (*doubtful, certain)}
    if len(verdicts) == 1:
        verdict = verdicts.pop()
        why = f"it is {verdict} whether or not {_places(doubtful, 'or')} matches"
        return Decision(None, verdict, why, tuple(candidates))
    why = f"whether {_places(doubtful, 'or')} matches can't be known"
    return Decision(None, "unknown", why, tuple(candidates))


def match(record: HbaRecord, connection: Connection, version: ServerVersion) -> bool | None:
    """Whether ``record`` matches ``connection``; None where it can't be known."""
    if (record.type == "local") != (connection.type == "local"):
        return False
    answers = [
        _any(_database(word, connection, version) for word in record.databases),
        _any(_user(word, connection, version) for word in record.users),
    ]
    if record.type != "local":
        answers += [_encryption(record.type, connection), _address(record, connection)]
    return False if False in answers else None if None in answers else True


def _any(answers: Iterable[bool | None]) -> bool | None:
    found: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            found = None
    return found


def _encryption(type_: str, connection: Connection) -> bool | None:
    # never both
    if type_ in ("hostssl", "hostnossl"):
        tls = False if connection.gss else connection.tls
        return None if tls is None else tls == (type_ == "hostssl")
    if type_ in ("hostgssenc", "hostnogssenc"):
        gss = False if connection.tls else connection.gss
        return None if gss is None else gss == (type_ == "hostgssenc")
    return True


def _database(word: Word, connection: Connection, version: ServerVersion) -> bool | None:
    if word.unknown:
        return None
    keyword = "" if word.quoted else word.text
    if connection.replication == "physical":
        return keyword == "replication"
    if keyword == "all":
        return True
    if keyword == "sameuser":
        return _same_name(connection)
    if keyword in ("samerole", "samegroup"):
        return _is_member(connection, connection.database)
    if keyword == "replication":
        return False
    return _names(word, connection.database, version)


def _user(word: Word, connection: Connection, version: ServerVersion) -> bool | None:
    if word.unknown:
        return None
    if not word.quoted:
        if word.text.startswith("+"):
            return _is_member(connection, word.text[1:])
        if word.text == "all":
            return True
    return _names(word, connection.user, version)


def _same_name(connection: Connection) -> bool | None:
    if connection.database is None or connection.user is None:
        return None
    return connection.database == connection.user


def _is_member(connection: Connection, role: str | None) -> bool | None:
    """Whether the user is a member of ``role``, which everybody is of the role of one's own name."""
    if role is None or connection.user is None:
        return None
    if role == connection.user or role in (connection.roles or ()):
        return True
    if connection.roles is None or (connection.settled is not None and role not in connection.settled):
        return None
    return False


def _names(word: Word, name: str | None, version: ServerVersion) -> bool | None:
    if name is None:
        return None
    if version.major >= 16 and word.text.startswith("/"):
        from pgfpmlint.resolve import posix_regex

        return posix_regex.matches(word.text[1:], name)
    return word.text == name


def _address(record: HbaRecord, connection: Connection) -> bool | None:
    keyword = record.address if not record.address_quoted and record.network is None else ""
    if keyword == "all":
        return True
    client = ip.parse(connection.address) if connection.address else None
    if client is None:
        return None
    if record.network is not None:
        family, address, mask = record.network
        return client[0] == family and client[1] & mask == address
    if keyword in ("samehost", "samenet"):
        return _same(keyword, client, connection.server_addresses)
    return _host_name(record.address or "", client)


def _same(keyword: str, client: tuple[int, int], own: tuple[str, ...] | None) -> bool | None:
    """samehost and samenet; every server also has its loopback interface."""
    unknown = own is None
    for written in ("127.0.0.1/8", "::1/128", *(own or ())):
        text, _, length = written.partition("/")
        address = ip.parse(text)
        if address is None:
            unknown = True  # a name
        elif address == client:
            return True
        elif keyword == "samenet" and address[0] == client[0]:
            mask = ip.prefix_mask(address[0], length)
            if mask is None:
                unknown = True
            elif address[1] & mask == client[1] & mask:
                return True
    return None if unknown else False


def _host_name(name: str, client: tuple[int, int]) -> bool | None:
    """Whether the client's address belongs to ``name``: that takes a look-up there and back. Everybody knows
    127.0.0.1 as localhost and no other address outside ::1; and no host is called by a name with a blank or ``*``."""
    if name.lower() == "localhost":
        return True if client == (4, 127 << 24 | 1) else None if client == (6, 1) else False
    return None if name and not set(name) & set(" \t*/,:\"'@") else False


def _verdict(record: HbaRecord | None) -> str:
    return "rejected" if record is None or record.method == "reject" else "admitted"


def _places(records: Sequence[HbaRecord], joint: str) -> str:
    places = [f"{record.place.path} line {record.place.line}" for record in records[:3]]
    if len(records) > 3:
        places[2:] = [f"one of {len(records) - 2} more"]
    return f" {joint} ".join(places)


def _why(record: HbaRecord | None, connection: Connection, version: ServerVersion) -> str:
    """The place of the deciding record, or the server's own words for a refusal."""
    if record is not None and _verdict(record) == "admitted":
        return f"{_places([record], '')} is the first record that matches"
    # up to 13 the words, not the match, are those for physical replication
    physical = connection.replication == "physical" or (version.major <= 13 and connection.replication == "logical")
    host = connection.address if connection.type == "host" and connection.address else "[local]"
    whom = f'host "{host}"' + (f', user "{connection.user}"' if connection.user is not None else "")
    whom += "" if physical or connection.database is None else f', database "{connection.database}"'
    whom += _encrypted(connection, version)
    if record is not None:
        return f"pg_hba.conf rejects {'replication ' if physical else ''}connection for {whom}"
    return f"no pg_hba.conf entry for {'replication connection from ' if physical else ''}{whom}"


def _encrypted(connection: Connection, version: ServerVersion) -> str:
    if connection.type == "host" and connection.tls is None:
        return ""
    if version.major <= 13:
        return ", SSL on" if connection.tls else ", SSL off"
    return ", SSL encryption" if connection.tls else ", GSS encryption" if connection.gss else ", no encryption"
