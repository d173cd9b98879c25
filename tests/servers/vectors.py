"""The recorded answers of real servers in ``tests/fixtures/vectors``, and which of them a server at hand can repeat."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from servers.found import Server

FOLDER = Path(__file__).parent.parent / "fixtures/vectors"

Case = dict[str, Any]


@cache
def cases(name: str) -> tuple[Case, ...]:
    """All cases of ``name`` (``php-fpm``), as they are recorded."""
    return tuple(json.loads((FOLDER / f"{name}.cases.json").read_text()))


def repeatable(name: str, server: Server) -> list[Case]:
    """The cases that ran on this server's version: the same major, and the same build where there are several
    (Debian's has GSSAPI, LDAP and PAM, the others haven't)."""
    labels = {label for case in cases(name) for label in case["versions"]}
    wanted = {label for label in labels if _major(server, label) == server.major}
    alike = {label for label in wanted if ("Debian" in label) == server.debian}
    exact = {label for label in alike or wanted if label.split()[0] == server.version}
    return [case for case in cases(name) if set(case["versions"]) & (exact or alike or wanted)]


def _major(server: Server, label: str) -> str:
    return server._replace(version=label.split()[0]).major


def files(case: Case, folder: Path, key: str = "files") -> dict[str, bytes | None]:
    """The case's files as bytes (None: an empty folder), ``<dir>`` and ``<datadir>`` being ``folder``."""
    encoded = case.get("files_base64", ())
    found: dict[str, bytes | None] = {}
    for name, text in case[key].items():
        if text is None:
            found[name] = None
        elif name in encoded:
            found[name] = base64.b64decode(text)
        else:
            found[name] = at(text, folder).encode("utf-8", "surrogateescape")
    return found


def at(text: str, folder: Path) -> str:
    return text.replace("<datadir>", str(folder)).replace("<dir>", str(folder))
