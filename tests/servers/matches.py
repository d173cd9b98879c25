"""``pgfpmlint match`` against the real thing: somebody connects, and the server's log tells which record it used.

Nobody must come to a record of which `model.hba_cover` says that it never decides."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pgfpmlint import single
from pgfpmlint.cli import main
from pgfpmlint.model.hba_cover import unreachable
from servers import cage
from servers.found import Server
from servers.hba import HbaJudge
from servers.inputs.matches import ATTEMPTS, BEYOND, LOOPBACK

ROLES = {"alice": "grp", "carol": "sub,grp"}
"""Who is a member of what, also indirectly, in the servers of `servers.hba`."""

PASSED = "authenticated without password"

Compare = Callable[[Mapping[str, "bytes | None"]], "tuple[bool, list[str]]"]


@contextlib.contextmanager
def judge(server: Server, folder: Path) -> Iterator[Compare]:
    """Whether any of the attempts came to a record that asks for a password, and what we say otherwise about any."""
    addresses = [*LOOPBACK, *(_furnished() if os.environ.get(cage.INSIDE) else ())]
    with HbaJudge(server, folder, addresses).running() as running:

        def compare(files: Mapping[str, bytes | None]) -> tuple[bool, list[str]]:
            attempts = json.loads(files[ATTEMPTS] or b"")
            loaded = running.load({name: text for name, text in files.items() if name != ATTEMPTS}, ssl="on").accepted
            met: list[bool] = []
            different: list[str] = []
            never = _never(server, running.data) if loaded else set()
            for attempt in attempts:
                if attempt.get("addr") in BEYOND and attempt["addr"] not in addresses:
                    attempt["addr"] = LOOPBACK[BEYOND.index(attempt["addr"])]
                real = running.connect(attempt) if loaded else {}
                ours = _ours(server, running.data, attempt, addresses)
                if _difference(ours, real) if loaded else _unloaded(ours):
                    different.append(f"{attempt}: we say {ours}, the server {real or 'does not load it'}")
                if real.get("line") and (real.get("file", "pg_hba.conf"), real["line"]) in never:
                    different.append(f"{attempt}: the server comes to {real}, which we say never decides")
                met.append(real.get("line") is not None)
            return any(met), different

        yield compare


def _furnished() -> list[str]:
    """More addresses of the cage's own machine; whole networks, so that some are neighbours' to samehost."""
    for network in ("10.20.30.40/24", "fd00:20::40/120"):
        subprocess.run(["ip", "addr", "replace", network, "dev", "lo", "nodad"], capture_output=True, check=True)
    return BEYOND


def _ours(server: Server, data: Path, attempt: Mapping[str, str], addresses: list[str]) -> dict[str, Any]:
    local = attempt["type"] == "local"
    words = ["--type", "local" if local else "host", f"--database={attempt['database']}", f"--user={attempt['user']}"]
    if not local:
        words += ["--address", attempt["addr"], "--tls" if attempt["type"] == "hostssl" else "--no-tls"]
    words += {"true": ["--replication"], "database": ["--logical-replication"]}.get(attempt.get("replication", ""), [])
    own = ["127.0.0.1/8", "::1/128", *(["10.20.30.40/24", "fd00:20::40/120"] if len(addresses) > len(LOOPBACK) else [])]
    words += [f"--roles={ROLES.get(attempt['user'], '')}", f"--server-addresses={','.join(own)}"]
    words += ["--server-version", server.version, "--format", "json", str(data / "pg_hba.conf")]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = main(["match", *words])
    answer: dict[str, Any] = json.loads(printed.getvalue())
    assert code == (answer["verdict"] != "admitted")
    return answer


def _never(server: Server, data: Path) -> set[tuple[str, int]]:
    """File and line of the records that we take for dead."""
    read: Any = single.read_one(str(data / "pg_hba.conf"), "pg_hba.conf", server.version)
    dead = [found.record.place for found in unreachable(read.records, read.reading.version)]
    return {(os.path.relpath(place.path, data), place.line) for place in dead}


def _unloaded(ours: Mapping[str, Any]) -> bool:
    return not (ours["verdict"] == "unknown" and "does not load the file" in ours["why"])


def _difference(ours: Mapping[str, Any], real: Mapping[str, Any]) -> bool:
    """A refusal's words tell a rejecting record from none; what was let in without a question, only that it was."""
    reply = real.get("reply")
    sure = ours["line"] is not None or "candidates" not in ours
    if ours["verdict"] == "unknown":
        return sure or "can't be known" not in ours["why"]
    if reply == PASSED:
        return not (ours["verdict"] == "admitted" and ours["method"] in ("trust", None))
    if reply is not None:
        return ours["verdict"] != "rejected" or (sure and ours["why"] != reply)
    candidates = [ours] if ours["line"] else ours.get("candidates", [])
    places = [(os.path.basename(one["path"]), one["line"]) for one in candidates]
    return (
        ours["verdict"] != "admitted" or (os.path.basename(real.get("file", "pg_hba.conf")), real["line"]) not in places
    )
