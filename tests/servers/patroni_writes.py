"""What Patroni writes and starts PostgreSQL with, by its own code: run by a Python that has Patroni.

Standard input: ``{"major": 15, "parameters": [...], "texts": [...]}``, the parameters being those that this PostgreSQL
describes; standard output: for each text ``conf``, ``options``, ``hba`` and ``ident``. Only what would ask a running
server is left out.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import sys
import tempfile
from types import SimpleNamespace
from typing import Any

import yaml
from patroni.collections import CaseInsensitiveSet
from patroni.config import Config
from patroni.postgresql.config import ConfigHandler
from patroni.postgresql.misc import PostgresqlRole, PostgresqlState


def written(text: str, major: int, parameters: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path, data = os.path.join(folder, "patroni.yml"), os.path.join(folder, "data")
        os.mkdir(data)
        with open(path, "w") as file:
            file.write(text)
        config = Config(path, None)
        config.set_dynamic_configuration((yaml.safe_load(text).get("bootstrap") or {}).get("dcs") or {})
        with open(os.path.join(data, "postgresql.conf"), "w"):
            pass
        handler = ConfigHandler(_server(data, config, major, parameters), _section(config, folder))
        handler.setup_server_parameters()
        handler.write_postgresql_conf()
        hba, ident = handler.replace_pg_hba(), handler.replace_pg_ident()
        told = handler._server_parameters
        kept = ("wal_keep_segments", "wal_keep_size")
        return {
            "conf": _text(data, "postgresql.conf").replace("include 'postgresql.base.conf'\n", ""),
            "options": {name: str(told[name]) for name in handler.CMDLINE_OPTIONS if name in told and name not in kept},
            "hba": _text(data, "pg_hba.conf") if hba else None,
            "ident": _text(data, "pg_ident.conf") if ident else None,
        }


def _text(folder: str, name: str) -> str:
    with open(os.path.join(folder, name)) as file:
        return file.read()


def _section(config: Any, folder: str) -> dict[str, Any]:
    section: dict[str, Any] = copy.deepcopy(config["postgresql"])
    section.pop("config_dir", None)
    section["pgpass"] = os.path.join(folder, "pgpass")
    return section


def _server(data: str, config: Any, major: int, parameters: list[str]) -> SimpleNamespace:
    """As much of patroni.postgresql.Postgresql as the handler asks for."""
    return SimpleNamespace(
        data_dir=data,
        scope=config.get("scope"),
        major_version=major * 10000,
        state=PostgresqlState.STOPPED,
        role=PostgresqlRole.PRIMARY,
        bootstrap=SimpleNamespace(running_custom_bootstrap=False, keep_existing_recovery_conf=False),
        available_gucs=CaseInsensitiveSet(parameters),
        enforce_hot_standby_feedback=False,
        database="postgres",
        mpp_handler=SimpleNamespace(adjust_postgres_gucs=lambda found: None),
        proxy_url=None,
        set_pending_restart_reason=lambda *told: None,
    )


def main() -> None:
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    ConfigHandler.resolve_connection_addresses = lambda self: None
    ConfigHandler.pg_version = property(lambda self: asked["major"] * 10000)
    json.dump([written(text, asked["major"], asked["parameters"]) for text in asked["texts"]], sys.stdout)


if __name__ == "__main__":
    main()
