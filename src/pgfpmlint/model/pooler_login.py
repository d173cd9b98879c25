"""Whether PgBouncer lets a client log in that stands before it: the user is known, and can do what auth_type asks for.

What each method makes of each form of a secret is measured on PgBouncer 1.18 and 1.26; the order of the questions is
that of set_pool() and finish_set_pool() in https://github.com/pgbouncer/pgbouncer/blob/master/src/client.c.
"""

from __future__ import annotations

from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import ADMITTED, REJECTED, UNKNOWN, Leg, together, without_certificate
from pgfpmlint.model.link import Links
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.secret import MD5, NONE, PLAIN, SCRAM, answers, queries, secret_of, users_of_file
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.model.lookup import Follow
    from pgfpmlint.resolve.pgbouncer import BouncerEntry

EMPTY = "empty"
OUTSIDE = ("pam", "ldap")
"""Methods that ask somebody else, who needs the password itself and no list of users."""


class Door(NamedTuple):
    """Where the client stands: before which entry of which pooler, by which socket. ``links`` are all there are,
    ``follow`` judges the pooler's own steps."""

    pooler: Pooler
    entry: BouncerEntry
    type: str
    links: Links
    follow: Follow


class Known(NamedTuple):
    """What the pooler has of a user. ``form`` is the secret's, None where it can't be known; ``mark`` that of
    `UserlistUser`, ``place`` its line."""

    form: str | None
    place: Place | None = None
    mark: int | None = None


def login(leg: Leg, door: Door, user: str) -> Leg:
    """What becomes of ``user``, who speaks TLS as ``leg`` says. What an application has as its password is not looked
    at; what a pooler has is."""
    pooler, entry = door.pooler, door.entry
    setting = pooler.bouncer.setting("auth_type")
    if setting.value == "any":
        if "user" in entry.parameters:
            return leg._replace(verdict=ADMITTED, why=f"{pooler.name} lets everybody in (auth_type any)", key="")
        why = f"{pooler.name}: auth_type any needs user= in the entry {entry.name}"
        return leg._replace(verdict=REJECTED, reason=steps.NO_FORCED_USER, why=why, at=setting.place)
    if setting.value == "hba":
        return _by_records(leg, door, user)
    return _by(leg, door, user, setting.value)


def _by_records(leg: Leg, door: Door, user: str) -> Leg:
    from pgfpmlint.model.pooler_hba import Knock, deciding

    pooler = door.pooler
    file = pooler.bouncer.setting("auth_hba_file")
    if pooler.hba is None and file.value != "":
        return leg._replace(verdict=UNKNOWN, why=f"the auth_hba_file of {pooler.name} is not known")
    knock = Knock(door.type, leg.address, leg.tls == "yes", leg.database or "", user)
    found = (None,) if pooler.hba is None else deciding(pooler.hba, knock)
    if found is None:
        return leg._replace(verdict=UNKNOWN, why=f"which record of {pooler.name}'s auth_hba_file decides is not known")
    ways = []
    for record in found:
        if record is None:
            why = f"{pooler.name}: no record of auth_hba_file matches {user}, {leg.whence}, for {leg.database}"
            ways.append(leg._replace(verdict=REJECTED, reason=steps.NO_POOLER_RECORD, why=why, at=file.place))
        else:
            ways.append(_by(leg._replace(line=record.place), door, user, record.method, record.map))
    return together(ways)


def _by(leg: Leg, door: Door, user: str, method: str | None, map_: str = "") -> Leg:
    pooler, entry = door.pooler, door.entry
    method = "plain" if method == "password" else method
    if method == "reject":
        why = f"{pooler.name}: a record of auth_hba_file rejects {user}"
        return leg._replace(verdict=REJECTED, reason=steps.POOLER_REJECTS, why=why, at=leg.line)
    own = entry.parameter("auth_user")
    if method in OUTSIDE and own is not None:
        why = f"{pooler.name}: {method} does not go with auth_user= of the entry {entry.name}"
        return leg._replace(verdict=REJECTED, reason=steps.METHOD, why=why, at=own.place)
    if method in OUTSIDE or method is None:
        why = f"{pooler.name} asks {method or 'something unknown'}, which no file tells"
        return leg._replace(verdict=UNKNOWN, why=why)
    leg, known = _known(leg, door, user)
    if known is None:
        return leg
    if method == "cert":
        return _certified(leg, pooler)
    if method == "peer":
        return _peer(leg, door, user, map_)
    if method == "trust":
        return leg._replace(key="")
    if known.form == EMPTY or (method == SCRAM and known.form == MD5):
        held = "an md5 hash" if known.form == MD5 else "an empty password"
        why = f"{pooler.name}: {method} can't check {user}, of whom it has {held}"
        return leg._replace(verdict=REJECTED, reason=steps.FORM, why=why, at=known.place)
    asked = SCRAM if method == "md5" and known.form == SCRAM else method
    asked = "" if method == "md5" and known.form is None else asked
    # a secret that PgBouncer makes of a password for the moment gives no key
    leg = leg._replace(
        key=None if known.form is None and asked != "plain" else user if asked == known.form == SCRAM else ""
    )
    return _from_pooler(leg, known, asked) if isinstance(leg.client, Pooler) else leg


def _known(leg: Leg, door: Door, user: str) -> tuple[Leg, Known | None]:
    """The step so far, and what is known of the user; None where that decides it."""
    pooler, entry = door.pooler, door.entry
    listed = users_of_file(pooler)
    if listed is None:
        return leg._replace(verdict=UNKNOWN, why=f"the auth_file of {pooler.name} is not known"), None
    found = next((one for one in listed if one.name == user), None)
    if found is not None:
        leg = leg._replace(verdict=ADMITTED, why=f"{pooler.name} knows {user}")
        return leg, Known(found.secret, found.place, found.mark)
    if queries(pooler, entry) is not None:
        return _looked_up(leg, door, user)
    if user in pooler.bouncer.accounts:
        return leg._replace(verdict=UNKNOWN, why=f"{pooler.name} knows {user} from [databases] only"), None
    why = f"{pooler.name} does not know the user {user}: auth_file has no such line, and no auth_user is set"
    file = pooler.bouncer.setting("auth_file")
    return leg._replace(verdict=REJECTED, reason=steps.NO_USER, why=why, at=file.place), None


def _looked_up(leg: Leg, door: Door, user: str) -> tuple[Leg, Known | None]:
    from pgfpmlint.model.lookup import lookup

    found = lookup(door.pooler, door.entry, leg.database or "", door.links, door.follow)
    if found.verdict != ADMITTED:
        return leg._replace(verdict=found.verdict, reason=steps.LOOKUP, why=found.why), None
    leg = leg._replace(verdict=ADMITTED, why=f"{door.pooler.name} asks the database for {user} (auth_query)")
    if found.instance is None or not found.instance.scripts:
        return leg, Known(None)
    from pgfpmlint.model.roles import password_form

    kept = password_form(found.instance, user)
    return leg, Known(kept.value.value if kept is not None and kept.certain and kept.value.value != NONE else None)


def _certified(leg: Leg, pooler: Pooler) -> Leg:
    if leg.tls == "no":
        why = f"{pooler.name}: cert needs TLS, and a certificate of the client"
        return leg._replace(verdict=REJECTED, reason=steps.CERTIFICATE, why=why)
    return without_certificate(leg) or leg._replace(
        verdict=UNKNOWN, why="which certificate the client has is not known"
    )


def _peer(leg: Leg, door: Door, user: str, map_: str) -> Leg:
    if door.type != "local":
        why = f"{door.pooler.name}: peer lets in nobody who comes by TCP"
        return leg._replace(verdict=REJECTED, reason=steps.METHOD, why=why, at=leg.line)
    name, ident = steps.system_user(leg.client), door.pooler.ident
    if name is None or (map_ and (ident is None or ident.reading.unread)):
        what = f"map {map_}" if name is not None else f"which user {leg.client.name} runs as"
        return leg._replace(verdict=UNKNOWN, why=f"{leg.why}; {what} is not known")
    allowed = {(one.system_user, one.user) for one in ident.mappings if one.map == map_} if ident and map_ else set()
    if (name, user) in allowed or (name, None) in allowed or (not map_ and name == user):
        return leg._replace(key="")
    by = f" and map {map_} does not let it be {user}" if map_ else f", not as {user}"
    return leg._replace(verdict=REJECTED, reason=steps.METHOD, why=f"peer: {leg.client.name} runs as {name}{by}")


def _from_pooler(leg: Leg, known: Known, asked: str) -> Leg:
    """The client is a pooler itself: whether the secret that it holds does."""
    assert isinstance(leg.client, Pooler)
    assert leg.link.entry is not None
    secret = secret_of(leg.client, leg.link.entry, leg.user, leg.came)
    leg = leg._replace(secret=secret)
    enough, why = answers(secret, "password" if asked == "plain" else asked) if asked else (None, "")
    # the key of the client is good for one salt only, and of a password PgBouncer makes a new one each time
    other = known.form == PLAIN or (known.form == SCRAM and known.mark not in (None, secret.mark))
    if enough and secret.form == SCRAM and asked == SCRAM and other:
        enough, why = False, f"{secret.words}, which is not made with the salt that {leg.server.name} asks for"
    if enough is False:
        return leg._replace(verdict=REJECTED, reason=steps.SECRET, why=f"{leg.client.name}: {why}", at=secret.place)
    return leg if enough else leg._replace(verdict=UNKNOWN, why=f"{leg.why}; {why or 'what it asks for is not known'}")
