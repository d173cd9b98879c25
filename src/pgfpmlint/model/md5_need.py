"""Whether anybody whom a record of method md5 lets in needs it: who has a SCRAM secret logs in by SCRAM all the same.

https://www.postgresql.org/docs/current/auth-password.html, https://www.pgbouncer.org/config.html#auth_type;
tests/fixtures/vectors/secrets.json has what the servers make of each form of a secret.
"""

from __future__ import annotations

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.roles import password_form, role_fact
from pgfpmlint.model.secret import users_of_file
from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pgfpmlint.resolve.hba import HbaRecord

SCRAM, MD5, NONE = "scram-sha-256", "md5", "none"


class Need(NamedTuple):
    """``has_hash``: somebody's MD5 hash is known. ``is_none``: everybody's secret is known, and is a SCRAM one;
    ``is_written``: as such, and not as a password that the server was to keep as one. ``secrets`` are where."""

    has_hash: bool = False
    is_none: bool = False
    is_written: bool = False
    secrets: tuple[Label, ...] = ()


def of_record(instance: Instance, record: HbaRecord) -> Need:
    """Of the users of a record. Who they are is known where it names them one by one."""
    if not instance.scripts or any(not word.quoted and word.text[:1] in ("+", "/", "@") for word in record.users):
        return Need()
    names = [word.text for word in record.users]
    named = all(word.quoted or word.text != "all" for word in record.users)
    kept = [password_form(instance, name) for name in names] if named else []
    known = [fact for fact in kept if fact is not None and fact.certain]
    forms = {fact.value.value for fact in known}
    if MD5 in forms:
        return Need(has_hash=True)
    if not named or len(known) < len(names) or SCRAM not in forms or not forms <= {SCRAM, NONE}:
        return Need()
    given = [role_fact(instance, name, "password") for name in names]
    labels = [
        Label(fact.value.place, "a SCRAM secret")
        for fact in known
        if fact.value.value == SCRAM and fact.value.place is not None
    ]
    is_written = all(fact is not None and fact.value.value in (SCRAM, NONE) for fact in given)
    return Need(is_none=True, is_written=is_written, secrets=tuple(labels))


def of_pooler(pooler: Pooler) -> Need:
    """Of the clients of a PgBouncer: auth_file holds them all where nothing else brings in users."""
    bouncer, listed = pooler.bouncer, users_of_file(pooler)
    others = ("auth_user", "password")
    if not listed or pooler.fragment or bouncer.reading.unread or bouncer.setting("auth_user").value != "":
        return Need()
    if any(name in entry.parameters for entry in bouncer.databases for name in others):
        return Need()
    forms = {user.secret for user in listed}
    labels = tuple(Label(user.place, "a SCRAM secret") for user in listed if user.secret == SCRAM)
    is_none = SCRAM in forms and forms <= {SCRAM, "empty"}
    return Need(has_hash=MD5 in forms, is_none=is_none, is_written=is_none, secrets=labels if is_none else ())
