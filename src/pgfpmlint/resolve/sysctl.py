"""Limits of the kernel, as the files of sysctl set them when the machine starts.

See sysctl.d(5): of files with one name the one in the foremost folder counts, and they are read in the order of their
names; sysctl.conf comes last. A later line wins. What nothing sets is the kernel's own affair, and changes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.catalog.version import LINUX, ServerVersion
from pgfpmlint.formats.sysctl_conf import KIND, parse
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Reading, Unknown, Written
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Assignment, Document

VERSION = ServerVersion(LINUX, (), "")

KEYS = ("net.core.somaxconn", "vm.nr_hugepages")
"""What is read of them."""


class SysctlReading(NamedTuple):
    """What the files set of `KEYS`."""

    reading: Reading
    settings: Mapping[str, Effective]

    def setting(self, name: str) -> Effective:
        found = self.settings.get(name)
        return found or Effective(name, None, Unknown("no file sets it", None))


def read(root: Root, files: Sequence[str]) -> SysctlReading:
    """``files`` are machine paths, in the order in which they are read."""
    found: dict[str, Effective] = {}
    documents: list[Document] = []
    for path in files:
        try:
            document = parse(root.read(path), path)
        except Unreadable:
            continue
        documents.append(document)
        for node in document.parts:
            if isinstance(node, Assignment) and node.value is not None:
                name = node.key.text.replace("/", ".")
                if name in KEYS:
                    written = Written(document.node_place(node), document.place(node.value), node.value.text)
                    found[name] = Effective(name, node.value.text, written)
    return SysctlReading(Reading(KIND, VERSION, tuple(documents), ()), found)
