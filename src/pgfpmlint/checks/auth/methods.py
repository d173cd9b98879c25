"""Methods that leave room for more than anybody needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import SAFE, UNSAFE, written
from pgfpmlint.model.md5_need import of_pooler, of_record
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.world import World

SCRAM = "scram-sha-256"
MOST_SHOWN = 3


def md5_for_scram_secrets(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Records of method md5 for roles that all have SCRAM secrets. Of PostgreSQL 18 and later, where the method is
    deprecated, `hba/md5-method` tells."""
    version, hba = instance.postgres.reading.version, instance.hba
    if hba is None or not hba.reading.accepted or not version.at_least(10) or version.at_least(18):
        return
    for record in hba.records:
        need = of_record(instance, record) if record.method == "md5" else None
        if need is not None and need.is_none:
            users = ", ".join(word.text for word in record.users)
            fix = written(record.method_place, SCRAM, SAFE if need.is_written else UNSAFE)
            yield Hit(record.method_place, {"users": users}, need.secrets[:MOST_SHOWN], fix=fix)


def pooler_md5_for_scram_secrets(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """auth_type md5, where auth_file holds SCRAM secrets alone."""
    kind = pooler.bouncer.setting("auth_type")
    if kind.value != "md5" or not kind.is_written or kind.place is None:
        return
    need = of_pooler(pooler)
    if need.is_none:
        values = {"pooler": pooler.name, "count": len(need.secrets)}
        yield Hit(kind.place, values, need.secrets[:MOST_SHOWN], fix=kind.rewritten(SCRAM))
