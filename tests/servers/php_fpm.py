"""PHP-FPM as the judge of php-fpm.conf: ``php-fpm -tt``."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from servers import cage
from servers.answer import Answer, messages
from servers.found import Server

# What the vectors ran with: ${…} in a configuration is looked up here.
VARIABLES = {"MYENV": "my val", "EMPTYENV": "", "HOME": "/home/x", "NUM": "12", "YES": "yes"}


def dry_run(server: Server, folder: Path, args: Sequence[str] = ()) -> Answer:
    """``php-fpm -tt`` of ``folder/php-fpm.conf`` without any php.ini, as root and in a cage: even a test run opens
    the log files that the configuration names, and only root's run looks at users."""
    cage.furnish(folder)
    main = str(folder / "php-fpm.conf")
    command, env = cage.caged([server.program, "-n", "-tt", "-y", main, *args], folder)
    run = subprocess.run(command, env=env | VARIABLES, cwd=folder, capture_output=True, timeout=60, check=False)
    says = messages(run.stderr.decode("utf-8", "surrogateescape"), folder)
    return Answer(run.returncode == 0, _dump(says), says)


def _dump(says: str) -> dict[str, Any]:
    """``section.directive`` to value, and ``pools`` in their order. Array entries are shown newest first and the
    oldest is the one in force, so here too the later line wins."""
    values: dict[str, Any] = {}
    pools: list[str] = []
    section = ""
    for line in says.split("\n"):
        text = line.removeprefix("NOTICE: ")
        if line.startswith("NOTICE: [") and text.endswith("]"):
            section = text[1:-1]
            # all of it is shown twice where error_log is /dev/stderr
            if section != "global" and section not in pools:
                pools.append(section)
        elif line.startswith("NOTICE: \t"):
            name, _, value = text[1:].partition(" = ")
            # -tt has no word for the log_level that FPM takes by itself
            values[f"{section}.{name}"] = "NOTICE" if value == "unknown value" else value
    return {**values, "pools": pools} if pools else values
