"""pg_hba.conf records for TLS, and whether the server speaks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import HbaFile
from pgfpmlint.model.world import World


def hostssl_without_ssl(file: HbaFile, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """``hostssl`` can't match while ssl is off: the server keeps the record and never uses it."""
    if file.instance is None or file.instance.fragment:
        return
    ssl = file.instance.postgres.setting("ssl")
    if ssl.value != "off":
        return
    where = "" if ssl.is_written else ", its default"
    labels = (Label(ssl.place, "ssl is off"),) if ssl.is_written and ssl.place is not None else ()
    for record in file.reading.records:
        if record.type == "hostssl":
            yield Hit(record.type_place, {"instance": file.instance.name, "where": where}, labels)
