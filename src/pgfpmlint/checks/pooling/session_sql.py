"""Statements in code that need the session they were sent in, where a pooler gives every transaction another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.shared_server import SharedServer, shared_by
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.application.session_sql import SessionSql

Params = Mapping[str, object]

SETTING = "setting"
ROLES = ("role", "session_authorization")
HARM = {
    "cursor": "the next FETCH may not find it",
    "listen": "no notification comes back",
    "lock": "it stays with a connection of the pooler, where whoever took it can't give it back",
    "prepared": "the next EXECUTE may not find the statement, and another client meets it",
    "table": "the next statement may not find the table, and another client meets it",
}
HARM_UNDONE = {
    "cursor": "it is closed before the next FETCH",
    "listen": "no notification comes back",
    "lock": "it is given back as soon as the statement ends",
    "prepared": "it is gone before the next EXECUTE",
    "table": "the table is gone before the next statement",
}
"""With server_reset_query_always and DISCARD ALL."""

UNSPOKEN = ("key", "salt", "auth", "signature")
"""Ends of names of settings that no finding is about: its line would show what may be a secret."""

TRACKED = ("application_name", "client_encoding", "datestyle", "standard_conforming_strings", "timezone")
"""Settings that PgBouncer gives each client's next server connection:
https://www.pgbouncer.org/features.html#sql-feature-map-for-pooling-modes"""


def session_sql_behind_transaction_pooling(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """What needs its session and never finds it again; one hit for all statements of a kind."""
    shared = shared_by(link)
    if shared is None or link.dsn is None:
        return
    reset = _reset(shared)
    groups: dict[str, list[SessionSql]] = {}
    for one in link.dsn.session_sql:
        if one.kind != SETTING:
            groups.setdefault(one.kind, []).append(one)
        elif one.what in ROLES and not reset:
            groups.setdefault(one.what, []).append(one)
    for kind, found in groups.items():
        harms = HARM_UNDONE if reset else HARM
        harm = harms.get(kind, "what other clients send there is run as that role")
        what = f"SET {found[0].what.upper().replace('_', ' ')}" if kind in ROLES else found[0].what
        yield _hit(link, shared, found, {"what": what, "harm": harm}, reset)


def session_setting_behind_transaction_pooling(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """A setting made for the session, which PgBouncer does not carry from one server connection to the next."""
    shared = shared_by(link)
    if shared is None or link.dsn is None:
        return
    extra = (shared.pooler.bouncer.setting("track_extra_parameters").value or "").lower()
    known = {*TRACKED, *ROLES, *(name.strip() for name in extra.split(","))}
    groups: dict[str, list[SessionSql]] = {}
    for one in link.dsn.session_sql:
        if one.kind != SETTING or one.what in known or one.what.endswith(UNSPOKEN):
            continue
        if not one.what.startswith("transaction_"):
            groups.setdefault(one.what, []).append(one)
    reset = _reset(shared)
    left = "" if reset else ", and whoever gets that one next has it"
    for name, found in groups.items():
        yield _hit(link, shared, found, {"name": name, "left": left}, reset)


def _hit(
    link: Link, shared: SharedServer, found: list[SessionSql], values: dict[str, object], reset: tuple[Label, ...]
) -> Hit:
    at = found[0].place
    others = tuple(Label(one.place, "so does this") for one in found[1:4])
    evidence = tuple(label for label in link.evidence if label.place != at)
    common = {
        "pool": shared.pool.name,
        "pooler": shared.pooler.name,
        "mode": shared.mode.value,
        "assumption": link.assumption,
    }
    return Hit(at, {**common, **values}, (*shared.labels, *reset, *others, *evidence), certain=link.is_certain)


def _reset(shared: SharedServer) -> tuple[Label, ...]:
    """The line that has PgBouncer discard everything after each transaction; empty where nothing does."""
    bouncer = shared.pooler.bouncer
    always, query = bouncer.setting("server_reset_query_always"), bouncer.setting("server_reset_query")
    if always.number != 1 or always.place is None or not (query.value or "").strip().lower().startswith("discard all"):
        return ()
    return (Label(always.place, "takes back what a session has after each transaction"),)
