"""The parameters that we ship are the servers' own: those of the releases at hand are asked again, one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.catalog.postgresql import FOLDER
from servers import found
from servers.conftest import absent
from servers.found import Server

TOOLS = Path(__file__).parent.parent.parent / "tools"

pytestmark = pytest.mark.server


def _measured() -> list[object]:
    """The servers at hand of just the release that a catalog was measured on."""
    shipped = {json.loads(path.read_text())["version"] for path in Path(FOLDER).glob("[0-9]*.json")}
    servers = [server for server in found.postgres() if server.version in shipped]
    return [pytest.param(server, id=str(server)) for server in servers] or [absent("postgresql", 1)]


@pytest.mark.parametrize("server", _measured())
def test_the_catalog_is_what_the_server_lists(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TOOLS))
    from build_postgresql_catalog import catalog
    from measure_postgresql import asked

    shipped = json.loads(Path(f"{FOLDER}/{server.major}.json").read_text())
    overlay = json.loads((TOOLS / "postgresql-overlay.json").read_text())
    again = catalog(asked(server), overlay, shipped["made"])
    assert {**again, "source": shipped["source"]} == shipped
