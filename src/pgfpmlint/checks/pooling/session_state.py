"""What one client leaves in a server connection, and what becomes of what it asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

Params = Mapping[str, object]

CHANGES_RESULTS = (
    "default_transaction_isolation",
    "default_transaction_read_only",
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "role",
    "search_path",
    "statement_timeout",
)
"""Parameters that an application sets because something depends on them. What PgBouncer tracks by itself
(client_encoding, DateStyle, TimeZone, application_name …) is not refused in the first place."""

REPORTED = {
    "application_name": 12,
    "client_encoding": 12,
    "datestyle": 12,
    "integer_datetimes": 12,
    "intervalstyle": 12,
    "is_superuser": 12,
    "server_encoding": 12,
    "server_version": 12,
    "session_authorization": 12,
    "standard_conforming_strings": 12,
    "timezone": 12,
    "default_transaction_read_only": 14,
    "in_hot_standby": 14,
    "scram_iterations": 16,
    "search_path": 18,
}
"""Since which PostgreSQL (12 or older) a change is told to the client:
https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-ASYNC"""


def state_left_behind(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """Session pooling without a query that resets the session for the next client."""
    reset = pooler.bouncer.setting("server_reset_query")
    if not reset.is_written or reset.place is None or reset.value not in ("", None):
        return
    modes = _modes(pooler)
    session = next((mode for mode in modes if mode.value == "session"), None)
    if session is not None:
        yield Hit(
            reset.place,
            {"pooler": pooler.name},
            _label(session, "a session for each client, one after the other"),
            fix=reset.rewritten("DISCARD ALL"),
        )


def reset_after_every_transaction(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """server_reset_query_always where transactions are pooled."""
    always, reset = (pooler.bouncer.setting(name) for name in ("server_reset_query_always", "server_reset_query"))
    mode = next((mode for mode in _modes(pooler) if mode.value == "transaction"), None)
    if always.number != 1 or not always.is_written or always.place is None or not reset.value or mode is None:
        return
    labels = _label(mode, "a server connection per transaction")
    yield Hit(always.place, {"query": reset.value}, labels, fix=always.rewritten("0"))


def startup_parameter_dropped(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """A parameter that clients send because it matters to them, and that PgBouncer was told to throw away."""
    ignored, tracked = (
        pooler.bouncer.setting(name) for name in ("ignore_startup_parameters", "track_extra_parameters")
    )
    if not ignored.is_written or ignored.place is None:
        return
    kept = _names(tracked) if pooler.bouncer.reading.version.at_least(1, 20) else []
    dropped = [name for name in _names(ignored) if name in CHANGES_RESULTS and name not in kept]
    if dropped:
        yield Hit(ignored.place, {"names": ", ".join(dropped), "first": dropped[0]})


def tracked_parameter_not_reported(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """track_extra_parameters only hears of what the server reports."""
    tracked = pooler.bouncer.setting("track_extra_parameters")
    if not tracked.is_written or tracked.place is None or not pooler.bouncer.reading.version.at_least(1, 20):
        return
    instances = {
        link.server.name: link.server
        for link in world.deployment.links.of(pooler)
        if isinstance(link.server, Instance) and not link.server.postgres.reading.version.assumed
    }
    for instance in instances.values():
        version = instance.postgres.reading.version
        for name in _names(tracked):
            since = REPORTED.get(name)
            if since is None or not version.at_least(since):
                newer = f", PostgreSQL {since} does" if since is not None else ""
                main = instance.postgres.reading.main.source.line_place(1)
                values = {"name": name, "instance": instance.name, "version": version, "newer": newer}
                yield Hit(tracked.place, values, (Label(main, f"PostgreSQL {version}"),))


def cancel_requests_lost(pooler: Pooler, world: World, params: Params) -> Iterator[Hit]:
    """Several processes on one port that don't know of each other."""
    reuse, peer = (pooler.bouncer.setting(name) for name in ("so_reuseport", "peer_id"))
    version = pooler.bouncer.reading.version
    if reuse.number != 1 or not reuse.is_written or reuse.place is None or version.assumed:
        return
    if version.at_least(1, 19) and (peer.number == 0 or not pooler.bouncer.peers):
        yield Hit(reuse.place, {"pooler": pooler.name}, _label(peer, "its number, and no peers"))


def _modes(pooler: Pooler) -> list[Effective]:
    general = pooler.bouncer.setting("pool_mode")
    return [entry.parameter("pool_mode") or general for entry in pooler.bouncer.databases] or [general]


def _names(setting: Effective) -> list[str]:
    return [name.strip().lower() for name in (setting.value or "").split(",") if name.strip()]


def _label(setting: Effective, words: str) -> tuple[Label, ...]:
    return (Label(setting.place, words),) if setting.is_written and setting.place is not None else ()
