"""``pgfpmlint effective`` answers what the real servers answered: every recorded case, on every version that gave it.

The other tests of this folder ask the readings; this one asks the command, as users and scripts do.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgfpmlint.cli import main
from pgfpmlint.source.disk import DiskRoot
from pgfpmlint.source.machine import Machine

VECTORS = Path(__file__).parent.parent / "fixtures/vectors"
KINDS = {
    "postgresql-conf": "postgresql.conf",
    "pg-hba": "pg_hba.conf",
    "php-fpm": "php-fpm",
    "pgbouncer": "pgbouncer.ini",
}

# The recorded PHP-FPMs ran with these.
ENVIRONMENT = {"MYENV": "my val", "EMPTYENV": "", "HOME": "/home/x"}

# `postgres -C` was asked, which ends before the sum of all processes is looked at. Started, 18 refuses these files:
# "too many server processes configured"; tests/servers starts it.
PARSED_ONLY = ("pgconf-maxconn-limit", "pgconf-maxconn-limit-plus1@18", "pgconf-maxconn-other-order@18")

SECRETS = ("radiussecrets", "ldapbindpasswd")

pytestmark = pytest.mark.skipif(
    not Machine(DiskRoot("here", "/", where="/")).has_user("www-data"),
    reason="the recorded PHP-FPMs ran on Debian, which has the account www-data",
)


def _cases() -> Iterator[Any]:
    for path in sorted(VECTORS.glob("*.cases.json")):
        kind = KINDS[path.name.split(".")[0]]
        for case in json.loads(path.read_text("utf-8")):
            # A file is asked about on its own: nothing of a command line, nothing of a server that runs already.
            if not case.get("args") and "pending_restart" not in case:
                own = "pg_ident.conf" if next(iter(case["files"])) == "pg_ident.conf" else kind
                yield pytest.param(own, case, id=case["id"])


def _written(case: dict[str, Any], folder: Path) -> Path:
    for name, text in case["files"].items():
        path = folder / name
        if text is None:
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in case.get("files_base64", ()):
            path.write_bytes(base64.b64decode(text))
        else:
            path.write_bytes(_there(text, folder).encode("utf-8", "surrogateescape"))
    first: str = next(iter(case["files"]))
    return folder / first


def _there(text: str, folder: Path) -> str:
    return text.replace("<datadir>", str(folder)).replace("<dir>", str(folder))


def _masked(value: Any) -> Any:
    """The recorded value as it may be shown."""
    if isinstance(value, dict):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    name, sign, _ = value.partition("=") if isinstance(value, str) else ("", "", "")
    return f"{name}=********" if sign and name in SECRETS else value


@pytest.mark.parametrize(("kind", "case"), list(_cases()))
def test_as_recorded(
    kind: str,
    case: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, text in ENVIRONMENT.items():
        monkeypatch.setenv(name, text)
    monkeypatch.chdir("/")
    main_file = _written(case, tmp_path)
    for version in case["versions"]:
        words = ["effective", "--as", kind, "--server-version", version, "--format", "json", str(main_file)]
        code = main(words)
        shown = json.loads(capsys.readouterr().out)
        accepted = case["accepted"] and not (case["id"] in PARSED_ONLY and version.startswith("18"))
        assert shown["accepted"] == accepted, (version, shown["errors"])
        assert code == (0 if accepted else 1)
        assert bool(shown["errors"]) is not accepted
        assert shown["server_version"] == version.split()[0].partition("rc")[0]
        if accepted and case.get("phase") != "reload":
            wanted = _wanted(case, tmp_path)
            assert {name: shown["values"].get(name) for name in wanted} == wanted, version


def _wanted(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What a file's values can tell: nothing of connections that were tried."""
    values = json.loads(_there(json.dumps(case["values"] or {}), folder))
    return {name: _masked(value) for name, value in values.items() if name.split()[0] not in ("matches", "connect")}
