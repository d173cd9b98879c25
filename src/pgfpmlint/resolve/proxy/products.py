"""The readings of the poolers other than PgBouncer, by the kinds of their files."""

from __future__ import annotations

from importlib import import_module

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import Protocol
from pgfpmlint.resolve.proxy import ProxyReading
from pgfpmlint.source.tree import Root

PRODUCTS = {
    "pgcat.toml": "pgfpmlint.resolve.proxy.pgcat",
    "pgpool.conf": "pgfpmlint.resolve.proxy.pgpool",
    "odyssey.conf": "pgfpmlint.resolve.proxy.odyssey",
}


class Product(Protocol):
    def read(self, root: Root, path: str, version: ServerVersion) -> ProxyReading:
        """The file ``path`` with what it includes. Unreadable where it can't be read itself."""


def read(kind: str, root: Root, path: str, version: ServerVersion) -> ProxyReading:
    """As the product reads it whose file is of that ``kind``."""
    product: Product = import_module(PRODUCTS[kind])
    return product.read(root, path, version)
