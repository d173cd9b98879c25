"""What a pooler holds of its server users, and what PostgreSQL asks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model import leg as steps
from pgfpmlint.model.leg import Leg, labels
from pgfpmlint.model.secret import MD5, NONE, PLAIN, SCRAM
from pgfpmlint.model.world import World


def md5_hash_against_scram(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """SCRAM can't be answered with an md5 hash."""
    if _asked(leg) == "scram-sha-256" and leg.secret is not None and leg.secret.form == MD5:
        yield from _hit(leg)


def scram_secret_without_key(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A SCRAM secret is good for a login only with the key that a client's own SCRAM login brings."""
    if _asked(leg) in ("md5", "scram-sha-256") and leg.secret is not None and leg.secret.form == SCRAM:
        forced = leg.link.entry is not None and "user" in leg.link.entry.parameters
        why = "the entry forces user=" if forced else "its clients do not log in by SCRAM"
        yield from _hit(leg, why=why)


def hash_against_clear_text(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Methods that want the password itself can't be answered with a hash of it."""
    asked = _asked(leg)
    if asked not in ("", "md5", "scram-sha-256") and leg.secret is not None and leg.secret.form in (MD5, SCRAM):
        held, takes = ("an md5 hash", "md5") if leg.secret.form == MD5 else ("a SCRAM secret", "scram-sha-256")
        yield from _hit(leg, held=held, takes=takes)


def no_password_for_server_user(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PostgreSQL asks for a password, and the pooler has none."""
    if _asked(leg) and leg.secret is not None and leg.secret.form == NONE:
        yield from _hit(leg, why=leg.secret.words)


def client_key_before_password(leg: Leg, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Up to 1.25 PgBouncer answers SCRAM with the key of its client, though password= names another secret."""
    if _asked(leg) == "scram-sha-256" and leg.secret is not None and leg.secret.form == PLAIN:
        yield from _hit(leg, why=leg.why.partition(": ")[2])


def _asked(leg: Leg) -> str:
    """The method that the held secret can't answer; empty where that isn't so."""
    return leg.record.method if leg.reason == steps.SECRET and leg.record is not None and leg.is_certain else ""


def _hit(leg: Leg, **more: str) -> Iterator[Hit]:
    secret, entry = leg.secret, leg.link.entry
    assert leg.record is not None
    place = secret.place if secret is not None and secret.place is not None else entry.place if entry else None
    if place is not None:
        values = {
            "pooler": leg.client.name,
            "user": leg.user,
            "entry": entry.name if entry else "",
            "server": leg.server.name,
            "method": leg.record.method,
            **more,
        }
        yield Hit(place, values, labels(leg, place))
