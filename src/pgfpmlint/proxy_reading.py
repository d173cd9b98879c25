"""The readings of poolers other than PgBouncer."""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.discover.found import Discovery
from pgfpmlint.discover.names import PROXIES
from pgfpmlint.model.proxies import ProxyFiles
from pgfpmlint.resolve.proxy.products import read


def proxies_of(found: Discovery, known: Callable[[ServerVersion], ServerVersion]) -> list[ProxyFiles]:
    """Each that was found; ``known`` makes of a version one that is known here."""
    return [
        ProxyFiles(main.host.name, main.service, read(main.kind, main.root, main.path, known(main.version)))
        for main in found.mains
        if main.kind in PROXIES
    ]
