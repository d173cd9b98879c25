"""Passwords in scripts: in which form, and for how long. None is ever repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Scripts
from pgfpmlint.model.world import World
from pgfpmlint.resolve.sql.facts import MD5, PLAIN

DEPRECATED = 18
"""https://www.postgresql.org/docs/18/release-18.html"""


def password_in_clear(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The password itself, for everybody to read."""
    for role in scripts.reading.roles.values():
        secret = role.facts.get("password")
        if secret is not None and secret.value == PLAIN and secret.place is not None:
            yield Hit(secret.place, {"role": role.name})


def md5_password(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A hash that lets in whoever holds it."""
    version = scripts.reading.reading.version
    told = not version.assumed and version.major >= DEPRECATED
    since = f"{version.major} warns of" if told else f"deprecates from {DEPRECATED}"
    for role in scripts.reading.roles.values():
        secret = role.facts.get("password")
        if secret is not None and secret.value == MD5 and secret.place is not None:
            yield Hit(secret.place, {"role": role.name, "since": since})


def password_expired(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """VALID UNTIL a day that is over. Only dates as everybody writes them are read: the server also knows words, and
    orders of day and month that depend on DateStyle."""
    limits = [
        (role, role.facts["valid until"]) for role in scripts.reading.roles.values() if "valid until" in role.facts
    ]
    if not limits:
        return
    import time

    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400))  # no time zone is later than this
    for role, until in limits:
        day = (until.value or "")[:10]
        if until.place is not None and _is_date(day) and day < today:
            now = time.strftime("%Y-%m-%d", time.gmtime())
            yield Hit(until.place, {"role": role.name, "until": until.value, "today": now})


def _is_date(text: str) -> bool:
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    return all(part.isascii() and part.isdigit() for part in (year, month, day)) and [
        *map(len, (year, month, day))
    ] == [4, 2, 2]
