"""What would be if: the same deployment with other values, built again from what was found.

``web.count=5`` is about a host or a declared consumer, ``web/www:pm.max_children=40`` about any setting of a node. The
files stay as they are; a replaced value stands on the option that asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pgfpmlint.config import Config, HostConfig
from pgfpmlint.config.quantities import size
from pgfpmlint.model.build import BouncerFiles, FpmFiles, PostgresFiles, Readings
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Instance, Pooler, Workers
from pgfpmlint.model.survey import Survey
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.replaced import NewValue, in_fpm, in_pgbouncer, in_postgres
from pgfpmlint.resolve.settings import Written
from pgfpmlint.source.text import Place, Source

SET = "--set"
FORM = "write --set web.count=5, --set web/www:pm.max_children=40 or --set db:max_connections=200"
LONGEST = 100
"""Characters of an option that a message repeats."""
HOST_KEYS = ("count", "memory", "cpus", "worker_memory")

Node = Instance | Pooler | FpmMaster | ClientPool | Workers


class WhatIfError(Exception):
    """What was asked can't be meant. The message says why and what there is."""


class Change(NamedTuple):
    """``key`` of the node that is called ``node`` is to be ``new``; a ``setting`` of a server, or a fact of a host."""

    node: str
    key: str
    new: Written
    setting: bool

    @property
    def text(self) -> str:
        said = self.new.place.text
        return f"{SET} {said if len(said) < LONGEST else said[:LONGEST] + '…'}"


def changes(options: Sequence[str]) -> list[Change]:
    """What the texts of ``--set`` ask for; the nth stands on line n of a text of their own."""
    found = []
    for option, place in lines_of(SET, options):
        left, equals, value = option.partition("=")
        if not equals or "\n" in option:
            raise WhatIfError(f"{SET} {option}: {FORM}")
        new = Written(place, place.source.place(place.end - len(value), place.end), value.strip())
        node, colon, key = left.partition(":")
        if not colon:
            node, dot, key = left.rpartition(".")
            if not dot:
                raise WhatIfError(f"{SET} {option}: {FORM}")
        found.append(Change(node.strip(), key.strip(), new, bool(colon)))
    return found


def lines_of(name: str, options: Sequence[str]) -> Iterator[tuple[str, Place]]:
    """Each text of the option ``name``, and its place in a source of their own."""
    source, start = Source(name, "\n".join(options)), 0
    for option in options:
        yield option, source.place(start, start + len(option))
        start += len(option) + 1


def changed(survey: Survey, wanted: Iterable[Change]) -> Survey:
    """The survey with all changes, one after the other. WhatIfError where one can't be meant."""
    for change in wanted:
        if change.setting:
            survey = survey._replace(found=_with_setting(survey.deployment(), survey.found, change))
        else:
            survey = survey._replace(config=_with_fact(survey, change))
    return survey


def _with_fact(survey: Survey, change: Change) -> Config:
    """A host's count or size, or a declared consumer's connections."""
    config = survey.config
    if change.key == "connections" and any(one.name == change.node for one in config.consumers):
        number, place = _number(change, 0), change.new.place
        consumers = tuple(
            one._replace(connections=number, place=place) if one.name == change.node else one
            for one in config.consumers
        )
        return config._replace(consumers=consumers)
    names = [host.name for host in survey.deployment().hosts]
    if change.node not in names:
        consumers_named = sorted({one.name for one in config.consumers})
        raise WhatIfError(f"{change.text}: {none_such(change.node, [*names, *consumers_named])}")
    if change.key not in HOST_KEYS:
        listed = ", ".join(HOST_KEYS)
        raise WhatIfError(
            f"{change.text}: a host has no {change.key!r}{nearest_of(change.key, HOST_KEYS)}; there are: {listed}; "
            f"a server's setting is written with a colon: {change.node}:{change.key}={change.new.raw}"
        )
    known = next((host for host in config.hosts if host.name == change.node), None)
    host = known or HostConfig(change.node, change.new.place)
    host = _told(host._replace(places={**host.places, change.key: change.new.place}), change)
    kept = tuple(host if one.name == change.node else one for one in config.hosts)
    return config._replace(hosts=kept if known is not None else (*kept, host))


def _told(host: HostConfig, change: Change) -> HostConfig:
    if change.key == "count":
        return host._replace(machines=_number(change, 1))
    host = host._replace(place=change.new.place)
    if change.key == "cpus":
        return host._replace(cpus=_number(change, 1))
    if change.key == "memory":
        return host._replace(memory=_size(change))
    return host._replace(worker_memory=_size(change))


def _with_setting(deployment: Deployment, found: Readings, change: Change) -> Readings:
    """A setting of the one node that the end names and that has such a setting."""
    nodes = _nodes(deployment)
    fitting = [node for node in nodes if node.name == change.node] or [
        node for node in nodes if node.host.name == change.node
    ]
    if not fitting:
        raise WhatIfError(f"{change.text}: {none_such(change.node, [node.name for node in nodes])}")
    new, refused, possible = NewValue(change.key, change.new), [], []
    for node in fitting:
        try:
            possible.append((node, _replaced(found, node, new)))
        except ValueError as error:
            refused.append(str(error))
    if not possible:
        said = [words for words in refused if "has no setting" not in words] or refused
        near = [words for words in said if "the nearest is" in words] or said
        raise WhatIfError(f"{change.text}: {near[0]}")
    if len(possible) > 1:
        listed = ", ".join(sorted(node.name for node, _ in possible))
        raise WhatIfError(f"{change.text}: {change.node!r} names several nodes; write one of: {listed}")
    return possible[0][1]


def _nodes(deployment: Deployment) -> list[Node]:
    return [*deployment.instances, *deployment.poolers, *deployment.masters, *deployment.pools, *deployment.workers]


def _replaced(found: Readings, node: Node, new: NewValue) -> Readings:
    if isinstance(node, Instance):
        postgres = in_postgres(node.postgres, new)
        own: list[PostgresFiles] = [
            files._replace(postgres=postgres) if files.postgres is node.postgres else files for files in found.postgres
        ]
        return found._replace(postgres=own)
    if isinstance(node, Pooler):
        bouncer = in_pgbouncer(node.bouncer, new)
        bouncers: list[BouncerFiles] = [
            files._replace(bouncer=bouncer) if files.bouncer is node.bouncer else files for files in found.bouncers
        ]
        return found._replace(bouncers=bouncers)
    if isinstance(node, Workers):
        from pgfpmlint.resolve.replaced import in_workers

        group = in_workers(node.workers, new)
        return found._replace(
            workers=[one._replace(workers=group) if one.workers is node.workers else one for one in found.workers]
        )
    master = node if isinstance(node, FpmMaster) else node.master
    fpm = in_fpm(master.fpm, node.pool.name if isinstance(node, ClientPool) else None, new)
    masters: list[FpmFiles] = [files._replace(fpm=fpm) if files.fpm is master.fpm else files for files in found.fpm]
    return found._replace(fpm=masters)


def _number(change: Change, least: int) -> int:
    text = change.new.raw
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise WhatIfError(f"{change.text}: {change.key} must be a whole number from {least}, of 9 digits at most")
    return int(text)


def _size(change: Change) -> int:
    try:
        return size(change.new.raw)
    except ValueError as error:
        raise WhatIfError(f"{change.text}: {error}") from None


def none_such(name: str, known: Sequence[str]) -> str:
    """Which names there are; of many only the nearest."""
    near = nearest_of(name, known)
    if len(known) > 20:
        return f"there is no {name!r}{near}"
    return f"there is no {name!r}{near}; there are: {', '.join(sorted(dict.fromkeys(known))) or 'none'}"


def nearest_of(name: str, known: Iterable[str]) -> str:
    from pgfpmlint.catalog.nearest import nearest

    near = nearest(name, known)
    return f"; the nearest is {near}" if near else ""
