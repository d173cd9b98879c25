"""Records what the real servers say to files: the vectors of tests/fixtures/vectors.

    python -m servers.record <cases.json >>vectors

Each case on standard input has ``id``, ``kind`` (a key of FORMATS), ``files`` (name to text, the main one first) and
``values``, the names to record of an accepted file; ``phase`` may say ``start`` for a postgresql.conf, ``log`` wants
warnings and errors recorded, ``oldest`` and ``newest`` say which PostgreSQLs to ask, and other keys are copied. The
answer is a list of vectors; servers that behave alike share one.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servers import cage, found, pgbouncer, php_fpm, postgres, vectors
from servers.answer import Answer
from servers.found import Server
from servers.hba import HbaJudge
from servers.judge import PRODUCTS
from servers.postgres import Cluster

# What else the servers log.
_NO_ERRORS = (
    "LOG:  skipping",
    "LOG:  starting PostgreSQL",
    "LOG:  database system is",
    "NOTICE",
    "LOG kernel",
    "LOG listening",
    "WARNING",
)

CHECK = {"check": "pg_hba_file_rules and SIGHUP", "ssl": "off"}


def main() -> None:
    wanted = json.load(sys.stdin)
    answers: dict[str, list[tuple[Server, Answer]]] = {case["id"]: [] for case in wanted}
    for product in dict.fromkeys(PRODUCTS[case["kind"]] for case in wanted):
        for server in found.every(product):
            mine = [case for case in wanted if PRODUCTS[case["kind"]] == product]
            asked = [case for case in mine if product != "postgresql" or _asks(case, server)]
            for case, answer in zip(asked, _answers(server, asked)):
                answers[case["id"]].append((server, answer))
    print(json.dumps([vector for case in wanted for vector in _vectors(case, answers[case["id"]])], indent=1))


def _asks(case: dict[str, Any], server: Server) -> bool:
    return bool(case.get("oldest", 0) <= int(server.major) <= case.get("newest", 99))


def _answers(server: Server, cases: list[dict[str, Any]]) -> Iterator[Answer]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as above:
        folder = Path(above)
        folder.chmod(0o755)
        yield from (
            _postgres(server, cases, folder) if server.product == "postgresql" else _others(server, cases, folder)
        )


def _postgres(server: Server, cases: list[dict[str, Any]], folder: Path) -> Iterator[Answer]:
    for part in ("parsed", "started", "access"):
        (folder / part).mkdir()
        (folder / part).chmod(0o755)
    cluster = Cluster(server, folder / "started")
    with HbaJudge(server, folder / "access").running() as judge:
        for case in cases:
            if case["kind"] != "postgresql.conf":
                yield judge.load(vectors.files(case, judge.data))
            elif case.get("phase") == "start":
                yield cluster.start(vectors.files(case, cluster.data), case["values"])
            else:
                cage.clear(folder / "parsed")
                cage.write(vectors.files(case, folder / "parsed"), folder / "parsed")
                yield postgres.parse(server, folder / "parsed", case["values"])


def _others(server: Server, cases: list[dict[str, Any]], folder: Path) -> Iterator[Answer]:
    for number, case in enumerate(cases):
        place = folder / str(number)
        place.mkdir()
        place.chmod(0o755)
        files = vectors.files(case, place)
        if server.product == "pgbouncer":
            yield pgbouncer.start(server, files, place)
        else:
            cage.write(files, place)
            yield php_fpm.dry_run(server, place)


def _vectors(case: dict[str, Any], answers: list[tuple[Server, Answer]]) -> Iterator[dict[str, Any]]:
    alike: dict[str, list[Server]] = {}
    for server, answer in answers:
        alike.setdefault(json.dumps(_said(case, answer)), []).append(server)
    for said, servers in alike.items():
        name = case["id"]
        if len(alike) > 1:
            name += f"@{servers[0].major}" + (f"-{servers[-1].major}" if servers[-1].major != servers[0].major else "")
        copied = {
            key: value for key, value in case.items() if key not in ("id", "kind", "values", "oldest", "newest", "log")
        }
        versions = [_label(server) for server in servers]
        yield {"id": name, "server": servers[0].product, "versions": versions, **copied, **json.loads(said)}


def _label(server: Server) -> str:
    is_marked = server.debian and (server.product == "postgresql" or server.version.startswith(("1.18.", "1.24.")))
    return f"{server.version} (Debian)" if is_marked else server.version


def _said(case: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """What a vector holds of an answer."""
    access = case["kind"] in ("pg_hba.conf", "pg_ident.conf")
    names = list(answer.values) if access else case["values"]
    error = None
    if not answer.accepted:
        lines = answer.says.split("\n")
        kept = [line for line in lines if (line.startswith("line ") if access else not line.startswith(_NO_ERRORS))]
        error = "\n".join(kept or lines[:1])
    values = {name: answer.values.get(name) for name in names} if answer.accepted else None
    phase = {"postgresql.conf": case.get("phase", "parse"), "php-fpm": "php-fpm -tt", "pgbouncer.ini": "start"}
    rest: dict[str, Any] = CHECK if access else {"phase": phase[case["kind"]]}
    if case.get("log"):
        rest["log"] = [line for line in answer.says.split("\n") if line.startswith(("WARNING", "ERROR"))]
    return {"accepted": answer.accepted, "values": values, "error": error, **rest}


if __name__ == "__main__":
    main()
