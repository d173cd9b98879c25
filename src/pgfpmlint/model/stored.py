"""What scripts of SQL say of the role that logs in, against the method that asks it and the secret that a pooler holds.

https://www.postgresql.org/docs/current/auth-password.html: a role's password is kept in one form, and scram-sha-256
can't check an MD5 hash. Roles are changed by hand as well, so a role without a password in the scripts may have one.
"""

from __future__ import annotations

from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import REJECTED, UNKNOWN, Leg
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.roles import Fact, password_form, role_fact, scram_mark
from pgfpmlint.model.secret import MD5, QUERIED, SCRAM, Secret


def refused(leg: Leg, instance: Instance, method: str) -> Leg | None:
    """The step where the role itself can't log in by ``method``; None where nothing says so."""
    if leg.user is None:
        return None
    login = role_fact(instance, leg.user, "login")
    if login is not None and login.value.value == "off":
        return _refusal(
            leg, login, f"role {leg.user} is not permitted to log in: {login.scripts.path} makes it NOLOGIN"
        )
    kept = password_form(instance, leg.user)
    if kept is not None and kept.value.value == MD5 and method == SCRAM:
        why = f"{instance.name} keeps an md5 hash of {leg.user} ({kept.scripts.path}), which scram-sha-256 can't check"
        return _refusal(leg, kept, why)
    return None


def _refusal(leg: Leg, fact: Fact, why: str) -> Leg:
    if not fact.certain:
        return leg._replace(verdict=UNKNOWN, why=f"{why}{fact.assumption}")
    return leg._replace(verdict=REJECTED, reason=steps.ROLE, why=why, at=fact.value.place)


def asked_of(instance: Instance, user: str | None, method: str) -> str:
    """``md5`` asks whoever's SCRAM secret is kept for SCRAM."""
    kept = password_form(instance, user) if user is not None and method == "md5" else None
    return SCRAM if kept is not None and kept.certain and kept.value.value == SCRAM else method


def found_by_query(secret: Secret, instance: Instance, user: str | None) -> Secret:
    """The secret that auth_query brings, in the form in which the server keeps it."""
    kept = password_form(instance, user) if user is not None and secret.form == QUERIED else None
    if kept is None or not kept.certain or kept.value.value not in (MD5, SCRAM):
        return secret
    words = {MD5: "an md5 hash", SCRAM: "a SCRAM secret"}[kept.value.value]
    return secret._replace(form=kept.value.value, place=kept.value.place, words=f"auth_query finds {words} of {user}")


def fits(secret: Secret, instance: Instance, user: str | None) -> str:
    """Why a held SCRAM secret is not the one that the server keeps, or nothing. One that is made from a password has a
    salt that nobody can know."""
    kept = scram_mark(instance, user) if user is not None and secret.form == SCRAM else None
    if kept is None or secret.mark in (None, kept[0]) or not kept[1].certain:
        return ""
    return f"{secret.words}, which is another one than {kept[1].scripts.path} gives {instance.name}"
