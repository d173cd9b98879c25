"""Whether pages survive a crash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Instance
from pgfpmlint.model.world import World


def full_page_writes_off(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """full_page_writes is off, and nothing says that the file system writes whole pages.

    wal_recycle and wal_init_zero are switched off on copy-on-write file systems, and hardly anywhere else
    (https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-WAL-RECYCLE).
    """
    setting = instance.postgres.setting("full_page_writes")
    if setting.value != "off" or setting.place is None:
        return
    if not any(instance.postgres.setting(name).value == "off" for name in ("wal_recycle", "wal_init_zero")):
        yield Hit(setting.place, fix=setting.rewritten("on"))
