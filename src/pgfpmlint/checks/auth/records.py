"""Records that ask for what nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World


def new_passwords_fail(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Passwords are stored as md5 hashes, and every record that asks for one asks for SCRAM."""
    encryption, hba = instance.postgres.setting("password_encryption"), instance.hba
    if encryption.value not in ("md5", "on") or hba is None or not hba.reading.accepted or hba.reading.unread:
        return
    asking = [record for record in hba.records if record.method in ("scram-sha-256", "md5", "password")]
    if not asking or any(record.method != "scram-sha-256" for record in asking) or encryption.place is None:
        return
    shown = f"password_encryption is {encryption.value}{'' if encryption.is_written else ' by default'}"
    written = (Label(encryption.place, "how they are stored"),) if encryption.is_written else ()
    values = {"instance": instance.name, "shown": shown, "count": len(asking)}
    yield Hit(asking[0].method_place, values, written, fix=encryption.rewritten("'scram-sha-256'"))


def map_without_lines(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A record names a map that pg_ident.conf does not have: nobody gets in by it."""
    hba, ident = instance.hba, instance.ident
    if hba is None or ident is None or ident.reading.unread or not ident.reading.accepted:
        return
    maps = {mapping.map.text for mapping in ident.mappings}
    for record in hba.records:
        name = dict(record.options).get("map")
        if name and name not in maps:
            main = ident.reading.main.source
            near = ", ".join(sorted(maps)) or "no map at all"
            values = {"instance": instance.name, "map": name, "method": record.method, "there": near}
            yield Hit(record.place, values, (Label(main.line_place(1), f"holds {near}"),))
