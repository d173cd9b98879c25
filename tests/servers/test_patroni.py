"""Patroni's own code judges what we take its configuration for: postgresql.conf, the command line, the access files."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.catalog.postgresql import Catalog, catalog
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from pgfpmlint.manifests.machine import Manifest
from pgfpmlint.manifests.patroni import expand
from pgfpmlint.resolve import postgres
from pgfpmlint.resolve.postgres import PostgresReading
from pgfpmlint.source.embedded import EmbeddedRoot
from pgfpmlint.source.text import Source
from servers.conftest import REQUIRED
from servers.found import CACHES

MAJOR = 15
INPUTS = 150

CONTROLLED = (
    *("listen_addresses", "port", "cluster_name", "wal_level", "hot_standby", "max_connections", "max_wal_senders"),
    *("max_prepared_transactions", "max_locks_per_transaction", "track_commit_timestamp", "max_replication_slots"),
    *("max_worker_processes", "wal_log_hints", "wal_keep_segments", "wal_keep_size"),
)

ELSEWHERE = ("shared_memory_type", "dynamic_shared_memory_type", "wal_sync_method", "debug_discard_caches")
"""Parameters with values of other systems or builds, of which Patroni knows less than we."""

FILES = ("hba_file", "ident_file", "data_directory", "config_file", "external_pid_file")

VALUES = (
    *("on", "off", '"on"', "true", "No", "0", "1", "5", "20", "100", "1000", "0640", "1e3", "0.5", "8MB", '"8MB"'),
    *("8Mb", "1GB", "10min", "5 s", '"it\'s"', "minimal", "logical", "replica", "hot_standby", "foo", "-1", "~"),
    *('""', "1_0", "1:30", ".5", "0x20", r'"\\x"', '"99999999"'),
)

LISTS = (
    "",
    "pg_hba: [local all all peer, 'host all all 0.0.0.0/0 md5']",
    "pg_hba: []",
    "pg_ident: [m a b]",
)


def _python() -> str | None:
    """One that has Patroni."""
    found = (f"{folder}/patroni/bin/python" for folder in CACHES)
    return next((path for path in found if os.path.exists(path)), None)


def _text(known: Catalog, names: list[str], choose: random.Random) -> str:
    """A member's configuration: some parameters in the DCS, some of its own, spelt and typed in many ways."""

    def parameters() -> str:
        picked = [*choose.sample(names, choose.randint(0, 8)), *choose.sample(CONTROLLED, choose.randint(0, 5))]
        picked += choose.choices([["wrk_mem"], ["my.custom"], []], k=1)[0]
        return ", ".join(f"{name}: {_value(known, name, choose)}" for name in dict.fromkeys(picked))

    listen = choose.choice(["127.0.0.1:5432", "'*:5433'", "0.0.0.0", "localhost,10.0.0.1:6000", "'[::1],h:5432'"])
    return (
        "scope: shop\nname: pg1\nrestapi: {listen: 'h:1'}\n"
        f"bootstrap:\n  dcs:\n    postgresql:\n      {choose.choice(LISTS)}\n      parameters: {{{parameters()}}}\n"
        f"postgresql:\n  listen: {listen}\n  data_dir: /d\n  bin_dir: /usr/lib/postgresql/{MAJOR}/bin\n"
        f"  authentication: {{}}\n  {choose.choice(LISTS)}\n  parameters: {{{parameters()}}}\n"
    )


def _value(known: Catalog, name: str, choose: random.Random) -> str:
    setting = known.setting(name)
    own = list(setting.choices) * 3 if setting is not None else []
    if setting is not None and setting.default:
        own += [json.dumps(setting.default)] * 5
    return choose.choice([*VALUES, *own])


def _read(files: dict[str, Source], options: str) -> PostgresReading:
    root = EmbeddedRoot("pg1", files)
    version = ServerVersion(POSTGRESQL, (MAJOR,), "as asked")
    return postgres.read(root, "/patroni/postgresql.conf", version, options=options)


def _ours(text: str) -> tuple[PostgresReading, dict[str, list[str]]]:
    (machine,) = expand([Manifest(Source("pg1.yml", text), EmbeddedRoot("tree", {}), "/pg1.yml")])
    files = {path: part.source for path, part in machine.files.items()}
    access = {path.rpartition("/")[2]: _lines(source.text) for path, source in files.items()}
    return _read(files, "/patroni/postgresql.options"), access


def _theirs(told: dict[str, Any]) -> PostgresReading:
    quoted = {name: value.replace("\\", "\\\\").replace("'", "''") for name, value in told["options"].items()}
    options = "".join(f"{name} = '{value}'\n" for name, value in quoted.items())
    files = {"/patroni/postgresql.conf": Source("conf", told["conf"]), "/patroni/o": Source("options", options)}
    return _read(files, "/patroni/o")


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_what_patroni_makes_of_its_configuration() -> None:
    python = _python()
    if python is None and not REQUIRED:
        pytest.skip("no Patroni on this machine; .ci/servers installs it")
    assert python is not None
    known = catalog(ServerVersion(POSTGRESQL, (MAJOR,), ""))
    names = [
        name
        for name in known.names()
        if known.is_listed(name) and known.canonical(name) == name and name not in (*ELSEWHERE, *FILES)
    ]
    settable = [name for name in names if (setting := known.setting(name)) is not None and setting.settable]
    choose = random.Random(7)
    texts = [_text(known, settable, choose) for _ in range(INPUTS)]
    asked = json.dumps({"major": MAJOR, "parameters": names, "texts": texts})
    program = str(Path(__file__).with_name("patroni_writes.py"))
    answer = subprocess.run([python, program], input=asked, capture_output=True, text=True, check=True, timeout=300)
    for text, told in zip(texts, json.loads(answer.stdout), strict=True):
        ours, access = _ours(text)
        theirs = _theirs(told)
        every = (ours.settings.keys() | theirs.settings.keys()) - {"hba_file", "ident_file"}
        assert {name: ours.settings[name].value if name in ours.settings else None for name in every} == {
            name: theirs.settings[name].value if name in theirs.settings else None for name in every
        }, text
        for name, kind in (("pg_hba.conf", "hba"), ("pg_ident.conf", "ident")):
            if told[kind] is not None:
                assert access[name] == _lines(told[kind]), text
