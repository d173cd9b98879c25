"""Names that one file makes and another speaks of: users, and maps of pg_ident.conf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgfpmlint.lsp.picture import Picture
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.hba import HbaReading
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source.text import Place

USERS = ("auth_user", "user")
"""Keys of [databases] that name one."""

LISTS = ("admin_users", "stats_users")
"""Parameters of [pgbouncer] that name several, with commas between them."""


class Named(NamedTuple):
    """A name, and the place that speaks of it."""

    name: str
    place: Place


def users(shown: str, picture: Picture) -> list[Named]:
    """Users that the pooler with that userlist.txt is told of elsewhere; of every pooler where none has it yet."""
    if picture.run is None:
        return []
    deployment = picture.run.world.deployment
    all_ = deployment.poolers
    own = [one for one in all_ if one.userlist is not None and reads(one.userlist.reading, shown)]
    found: list[Named] = []
    for pooler in own or all_:
        for entry in (*pooler.bouncer.databases, *pooler.bouncer.users):
            for key in USERS:
                setting = entry.parameter(key)
                if setting is not None and setting.value and setting.place is not None:
                    found.append(Named(setting.value, setting.place))
        found += [Named(entry.name, entry.place) for entry in pooler.bouncer.users]
        for key in (*LISTS, "auth_user"):
            setting = pooler.bouncer.setting(key)
            if setting.value and setting.is_written and setting.place is not None:
                found += [Named(name.strip(), setting.place) for name in setting.value.split(",")]
        for link in deployment.links.to(pooler):
            if link.user and link.evidence:
                found.append(Named(link.user, link.evidence[0].place))
    return [one for one in found if one.name not in ("", "*")]


def roles(shown: str, picture: Picture) -> list[str]:
    """Roles that the pg_hba.conf beside that pg_ident.conf speaks of."""
    words = (word.text for hba in _beside(shown, picture) for record in hba.records for word in record.users)
    return list(dict.fromkeys(word for word in words if word[:1] not in ("+", "@", "/") and word != "all"))


def uses_of_maps(shown: str, picture: Picture) -> list[Named]:
    """Records that name a map of that pg_ident.conf, PgBouncer's included."""
    found = [
        Named(value, record.place)
        for hba in _beside(shown, picture)
        for record in hba.records
        for option, value in record.options
        if option == "map"
    ]
    for pooler in picture.run.world.deployment.poolers if picture.run is not None else ():
        if pooler.hba is not None and pooler.ident is not None and reads(pooler.ident.reading, shown):
            found += [Named(record.map, record.place) for record in pooler.hba.records if record.map]
    return found


def lines_of_map(name: str, shown: str, picture: Picture) -> Iterator[Place]:
    """The lines of the map that a record in that pg_hba.conf names."""
    if picture.run is None:
        return
    deployment = picture.run.world.deployment
    for instance in deployment.instances:
        if instance.hba is not None and instance.ident is not None and reads(instance.hba.reading, shown):
            yield from (one.place for one in instance.ident.mappings if one.map.text == name)
    for pooler in deployment.poolers:
        if pooler.hba is not None and pooler.ident is not None and reads(pooler.hba.reading, shown):
            yield from (one.place for one in pooler.ident.mappings if one.map == name)


def reads(reading: Reading, shown: str) -> bool:
    """Whether the file is one of those that the server reads there."""
    return any(document.source.path == shown for document in reading.documents)


def names(found: Iterable[Named]) -> list[str]:
    """Each once, sorted."""
    return sorted({one.name for one in found})


def _beside(shown: str, picture: Picture) -> Iterator[HbaReading]:
    for instance in picture.run.world.deployment.instances if picture.run is not None else ():
        if instance.hba is not None and instance.ident is not None and reads(instance.ident.reading, shown):
            yield instance.hba
