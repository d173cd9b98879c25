"""Applications that read and write over connections of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler, Proxy
from pgfpmlint.model.replication import standbys
from pgfpmlint.model.size import workers_of
from pgfpmlint.model.world import World


def split_to_one_server(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Reading and writing have a connection each, and both lead to the same server."""
    if link.dsn is None or link.dsn.role not in ("writing", "reading") or link.per_process < 2:
        return
    if isinstance(link.client, (Pooler, Proxy)) or link.per_process_place is None:
        return
    children = workers_of(link.client)
    values = {"pool": link.client.name, "server": link.server.name, "each": link.per_process}
    values["more"] = f", {children} more at peak" if children and link.client.host.machines == 1 else ""
    yield Hit(
        link.per_process_place, values, tuple(one for one in link.evidence if one.place != link.per_process_place)
    )


def reads_miss_own_writes(deployment: Deployment, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A request reads from a standby what it has just written to the primary, and which is not there yet."""
    asking = [link for link in deployment.links.known if link.dsn is not None and link.dsn.forgetful is not None]
    following = {one.instance.name: one for one in standbys(deployment)} if asking else {}
    for link in asking:
        standby = following.get(link.server.name)
        said = link.dsn.forgetful if link.dsn is not None else None
        if standby is None or said is None or standby.mutual or not link.is_certain:
            continue
        if standby.primary.postgres.setting("synchronous_commit").value == "remote_apply":
            continue  # a commit waits until standbys show it
        values = {"pool": link.client.name, "standby": standby.instance.name, "primary": standby.primary.name}
        others = [label for label in link.evidence if label.place != said.place]
        yield Hit(said.place, {**values, "state": said.words}, (*others, standby.label))
