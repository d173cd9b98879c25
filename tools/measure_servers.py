"""Asks the PgBouncers and PHP-FPMs at hand what they know, and holds the catalogs against it.

Usage: sudo python tools/measure_servers.py FOLDER [--date YYYY-MM-DD]

Writes ``pgbouncer-show-config-VERSION.json`` (SHOW CONFIG of a PgBouncer that nothing is set in) and
``php-fpm-VERSION.json`` (``php-fpm -tt`` of the smallest pool), each stamped with version and date, for each server
that tests/servers finds; build_pgbouncer_catalog.py cross-checks with the former. Prints where the shipped catalogs
differ; the exit status is 1 if they do anywhere. Root, because the servers run in cages.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from pgfpmlint.catalog import pgbouncer as pgbouncer_catalog
from pgfpmlint.catalog import php_fpm as php_fpm_catalog
from pgfpmlint.resolve.fpm import UNDEFINED
from servers import cage, found, pgbouncer, php_fpm
from servers.contest import version_of
from servers.found import Server
from servers.wire import connecting_as

POOL = "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = static\npm.max_children = 5\n"

# What the smallest pool sets, and what PHP-FPM shows under another name or not at all.
NOT_DEFAULTS = frozenset(("user", "listen", "pm", "pm.max_children", "include"))


def show_config(server: Server, folder: Path) -> dict[str, Any]:
    """Name to ``default`` and, where the version shows it, ``changeable``."""
    with pgbouncer.started(server, {"pgbouncer.ini": b"[pgbouncer]\n"}, folder) as bouncer:
        if isinstance(bouncer, str):
            raise SystemExit(f"{server}: {bouncer}")
        with connecting_as(cage.nobody()), bouncer.console() as session:
            rows = session.rows("SHOW CONFIG")
    return {
        str(row["key"]): {"default": row.get("default", row["value"]) or "", "changeable": row["changeable"] == "yes"}
        for row in rows
    }


def dump(server: Server, folder: Path) -> dict[str, Any]:
    """``global.NAME`` and ``www.NAME`` to what ``php-fpm -tt`` prints."""
    cage.write({"php-fpm.conf": POOL.encode()}, folder)
    answer = php_fpm.dry_run(server, folder)
    if not answer.accepted:
        raise SystemExit(f"{server}: {answer.says}")
    return {name: value for name, value in answer.values.items() if name != "pools"}


def of_pgbouncer(server: Server, shown: Mapping[str, Any]) -> Iterator[str]:
    """Where the catalog says something else."""
    version, parameters = version_of(server), pgbouncer_catalog.load().parameters
    for name in sorted({*shown, *(name for name, one in parameters.items() if one.known_to(version))}):
        if name not in parameters or not parameters[name].known_to(version):
            yield f"{name} is not in the catalog"
        elif name not in shown:
            yield f"{name} is in the catalog, and the server has none"
        elif name != "conffile":
            ours, told = parameters[name].default(version), shown[name]["default"]
            reloadable = parameters[name].reloadable
            changes = reloadable is not None and version.at_least(*reloadable)
            has_none = parameters[name].keeps(version)  # then SHOW CONFIG shows an empty one
            if ours != told and not (has_none and not told):
                yield f"{name} defaults to {told!r}, not {ours!r}"
            if changes != shown[name]["changeable"]:
                yield f"{name} is {'' if changes else 'not '}reloadable in the catalog"


def of_php_fpm(server: Server, shown: Mapping[str, Any]) -> Iterator[str]:
    """Where the catalog says something else."""
    version, known = version_of(server), php_fpm_catalog.load()
    expected: dict[str, str] = {}
    for section, directives in (("global", known.globals), ("www", known.pool)):
        for name, directive in directives.items():
            if directive.known_to(version) and directive.build not in ("freebsd", "apparmor"):
                expected[f"{section}.{name}"] = directive.default(version) or UNDEFINED
    for name in sorted({*shown, *expected}):
        if name.partition(".")[2] not in NOT_DEFAULTS and shown.get(name) != expected.get(name):
            yield f"{name}: the server shows {shown.get(name)!r}, the catalog has {expected.get(name)!r}"


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--date", default=date.today().isoformat())
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    differs = False
    for server in (*found.every("pgbouncer"), *found.every("php-fpm")):
        with tempfile.TemporaryDirectory(dir="/var/tmp") as place:
            folder = Path(place)
            folder.chmod(0o755)
            is_pooler = server.product == "pgbouncer"
            shown = show_config(server, folder) if is_pooler else dump(server, folder)
        stamp = {"version": server.version, "debian": server.debian, "date": given.date}
        name = f"{'pgbouncer-show-config' if is_pooler else 'php-fpm'}-{server.version}.json"
        (given.folder / name).write_text(json.dumps({**stamp, "parameters": shown}, indent=1) + "\n", "utf-8")
        wrong = [*(of_pgbouncer if is_pooler else of_php_fpm)(server, shown)]
        differs = differs or bool(wrong)
        print(f"{server}: {len(shown)} parameters, {len(wrong)} differences", *wrong, sep="\n    ")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
