"""In what form a pooler holds the secret of its server user, and which authentication methods that can answer.

Measured on PgBouncer 1.18 and 1.26 with PostgreSQL 15; tests/servers/test_matrices.py measures it again.
https://www.pgbouncer.org/config.html#auth_file
"""

from __future__ import annotations

from pgfpmlint.model.nodes import Pooler
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.pgbouncer import BouncerEntry
    from pgfpmlint.resolve.pgbouncer.userlist import UserlistUser
    from pgfpmlint.resolve.settings import Effective

PLAIN, MD5, SCRAM, NONE, QUERIED, UNKNOWN = "plain", "md5", "scram-sha-256", "none", "queried", "unknown"

FILES = ("md5", "scram-sha-256", "trust", "plain", "cert", "hba")
"""Values of auth_type for which PgBouncer reads auth_file."""


class Secret(NamedTuple):
    """``form`` is ``plain``, ``md5``, ``scram-sha-256``, ``none``, ``queried`` (by auth_query) or ``unknown``.

    ``passes``: of a SCRAM secret, whether the client's own login gives PgBouncer the key that it needs beside it.
    ``words`` say what is held, without telling it; ``mark`` is that of `UserlistUser`. ``replaced``: in a login by
    SCRAM the key of a client is used in its stead; None where that key may do as well.
    """

    form: str
    place: Place | None
    words: str
    passes: bool | None = False
    mark: int | None = None
    replaced: bool | None = False


def secret_of(pooler: Pooler, entry: BouncerEntry, user: str | None, came: str | None = None) -> Secret:
    """What the pooler has to log in with as ``user`` for clients of ``entry``. ``came`` names the user whose key they
    leave with it, where that is known (see `Leg`)."""
    forced, password = entry.parameter("user"), entry.parameter("password")
    kind = pooler.bouncer.setting("auth_type").value
    if forced is not None and password is not None:
        written = _written(password)
        # Up to 1.25 the key of whoever logged in before counts for more than password=: measured on 1.15 to 1.26,
        # login_scram_sha_256() in https://github.com/pgbouncer/pgbouncer/blob/pgbouncer_1_25_1/src/proto.c
        if came and not pooler.bouncer.reading.version.at_least(1, 26):
            return written._replace(replaced=None if came == forced.value else True)
        return written
    if user is None or kind is None:
        return Secret(UNKNOWN, None, "which secret it holds is not known")
    if kind == "any":
        return Secret(NONE, None, f"with auth_type any it holds no password of {user}")
    listed = users_of_file(pooler)
    if kind not in FILES or listed is None:
        return Secret(UNKNOWN, None, f"whether it holds a password of {user} is not known")
    found = next((one for one in listed if one.name == user), None)
    if found is None:
        asked_as = queries(pooler, entry)
        if forced is None and asked_as is not None and asked_as.value != user:
            return Secret(QUERIED, None, f"auth_query asks for the secret of {user}", _client_scrams(kind, SCRAM, came))
        return Secret(NONE, None, f"it holds no password of {user}")
    if found.secret == "empty":
        return Secret(NONE, found.place, f"the password of {user} is empty")
    words = {PLAIN: "the password", MD5: "an md5 hash", SCRAM: "a SCRAM secret"}[found.secret]
    passes = False if forced is not None else _client_scrams(kind, found.secret, came)
    return Secret(found.secret, found.place, f"it holds {words} of {user}", passes, found.mark)


def users_of_file(pooler: Pooler) -> tuple[UserlistUser, ...] | None:
    """The users of auth_file; None where they can't be known. Without auth_file there are none."""
    bouncer = pooler.bouncer
    if bouncer.userlist is not None:
        return None if bouncer.userlist.reading.unread else bouncer.userlist.users
    return () if bouncer.setting("auth_file").value == "" else None


def queries(pooler: Pooler, entry: BouncerEntry) -> Effective | None:
    """The auth_user that asks for users that auth_file lacks."""
    own = entry.parameter("auth_user")
    general = pooler.bouncer.setting("auth_user")
    return own if own is not None else general if general.value != "" else None


def answers(secret: Secret, method: str) -> tuple[bool | None, str]:
    """Whether the secret can satisfy the method of a record, and why not; None where that can't be known."""
    if method == "trust":
        return True, ""
    if method in ("md5", "scram-sha-256", "password"):
        if secret.form == NONE:
            return False, f"{secret.words}, and {method} asks for one"
        return _answers(secret, method)
    if method in ("ldap", "pam", "radius", "bsd") and secret.form in (MD5, SCRAM, NONE):
        return False, f"{secret.words}, and {method} asks for the password itself"
    return None, f"{method} asks for what no file here tells"


def _answers(secret: Secret, method: str) -> tuple[bool | None, str]:
    if secret.form == PLAIN:
        if method == SCRAM and secret.replaced is not False:
            why = f"{secret.words}, and up to PgBouncer 1.25 {method} is answered with the key of the client instead"
            return (False if secret.replaced else None), why
        return True, ""
    if secret.form == MD5:
        if method == "md5":
            return True, ""  # where PostgreSQL stores a hash as well
        return False, f"{secret.words}, which can't answer {method}"
    if secret.form == SCRAM or secret.form == QUERIED:
        if method == "password":
            return (False if secret.form == SCRAM else None), f"{secret.words}, which can't answer {method}"
        if secret.passes:
            return True, ""
        if secret.form == QUERIED or secret.passes is None:
            return None, f"{secret.words}, which may not be enough for {method}"
        return False, f"{secret.words}, which can't answer {method} without the key of a client that logs in by SCRAM"
    return None, secret.words


def _client_scrams(kind: str, held: str, came: str | None) -> bool | None:
    """Whether clients of whom that is held log in by SCRAM; then PgBouncer learns their key."""
    if kind == "hba":
        return came != "" if came is not None else None
    return kind == "scram-sha-256" or (kind == "md5" and held == SCRAM)


def _written(password: Effective) -> Secret:
    """``password=`` of an entry; its form is looked at here and goes nowhere."""
    from pgfpmlint.resolve.pgbouncer.userlist import form
    from pgfpmlint.resolve.settings import Written

    if not isinstance(password.origin, Written):
        return Secret(UNKNOWN, password.place, "its password= is not known")
    found = form(password.origin.value_place.text.strip("'"))
    words = {PLAIN: "a password", MD5: "an md5 hash", SCRAM: "a SCRAM secret", "empty": "no password"}[found]
    return Secret(NONE if found == "empty" else found, password.place, f"password= holds {words}")
