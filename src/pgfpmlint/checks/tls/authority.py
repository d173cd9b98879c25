"""Certificates that are to be checked, and nothing to check them with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.world import World

SIDES = (
    ("server_tls_sslmode", ("verify-ca", "verify-full"), "server_tls_ca_file"),
    ("client_tls_sslmode", ("verify-ca",), "client_tls_ca_file"),  # with verify-full it does not start
)


def verification_without_authority(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """sslmode verify-ca or verify-full without the file of authorities that it goes by."""
    for mode, values, file in SIDES:
        setting, authorities = pooler.bouncer.setting(mode), pooler.bouncer.setting(file)
        if setting.value in values and authorities.value == "" and setting.place is not None:
            whose = "servers" if mode.startswith("server") else "clients"
            words = {"pooler": pooler.name, "mode": f"{mode} = {setting.value}", "file": file, "whose": whose}
            yield Hit(setting.place, words)
