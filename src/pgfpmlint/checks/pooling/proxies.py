"""What needs its session, behind a pooler other than PgBouncer that lends a connection for a transaction only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.lane_bound import lanes_for
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.shared_server import lent_for
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.proxy import STATEMENT, TRANSACTION
from pgfpmlint.resolve.settings import Effective, Written

if TYPE_CHECKING:
    from pgfpmlint.resolve.application.session_sql import SessionSql
    from pgfpmlint.resolve.proxy import Lane

Params = Mapping[str, object]

SETTING = "setting"
"""The kind of statement that most poolers follow by themselves, for some settings: nothing is said of it."""


class Lent(NamedTuple):
    """A pooler that lends its connections for no longer than ``mode`` says, to this client whatever lane it takes."""

    lane: Lane
    mode: Effective

    @property
    def labels(self) -> tuple[Label, ...]:
        """The line that says so."""
        return lent_for(self.mode)


def _lent(link: Link) -> Lent | None:
    if not isinstance(link.server, Proxy) or isinstance(link.client, (Pooler, Proxy)):
        return None
    lanes = lanes_for(link)
    if not lanes or any(lane.mode.value not in (TRANSACTION, STATEMENT) for lane in lanes):
        return None
    return Lent(lanes[0], lanes[0].mode)


def _values(link: Link, lent: Lent) -> dict[str, object]:
    return {
        "pool": link.client.name,
        "pooler": link.server.name,
        "mode": lent.mode.value,
        "assumption": link.assumption,
    }


def persistent_behind_other_pooler(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """Workers keep their connections, and the pooler gives every transaction another server."""
    lent = _lent(link) if link.persistent is not None else None
    if lent is not None and link.persistent is not None:
        others = (label for label in link.evidence if label.place != link.persistent.place)
        yield Hit(link.persistent.place, _values(link, lent), (*lent.labels, *others), certain=link.is_certain)


def native_prepares_behind_other_pooler(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """Statements are prepared on one server connection and executed on another, which doesn't know them."""
    lent = _lent(link)
    said = link.dsn.native_prepares if link.dsn is not None else None
    if lent is None or said is None:
        return
    kept = lent.lane.prepares
    if kept is None or kept.value != "false":
        return  # kept, or nothing tells
    written = kept.origin.raw if isinstance(kept.origin, Written) else kept.value
    values = {**_values(link, lent), "why": f"{kept.name}: {written}", "switch": f"switch {kept.name} on"}
    labels = lent.labels
    if kept.is_written and kept.place is not None:
        labels += (Label(kept.place, "prepared statements are not followed"),)
    others = (label for label in link.evidence if label.place != said.place)
    yield Hit(said.place, values, (*labels, *others), certain=link.is_certain)


def session_sql_behind_other_pooler(link: Link, world: World, params: Params) -> Iterator[Hit]:
    """What needs its session and never finds it again; one hit for all statements of a kind."""
    lent = _lent(link)
    if lent is None or link.dsn is None:
        return
    kinds: dict[str, list[SessionSql]] = {}
    for one in link.dsn.session_sql:
        if one.kind != SETTING:
            kinds.setdefault(one.kind, []).append(one)
    for found in kinds.values():
        first, *others = found
        values = {**_values(link, lent), "what": first.what}
        further = tuple(Label(one.place, f"{one.what}, as well") for one in others)
        yield Hit(first.place, values, (*further, *lent.labels, *link.evidence), certain=link.is_certain)
