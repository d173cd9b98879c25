"""Hosts for budgets, and what the command says of them."""

from __future__ import annotations

import json
from typing import Any

MASTER = "include = /etc/php/8.3/fpm/pool.d/*.conf\n"
POSTGRES = "listen_addresses = '*'\nmax_connections = {limit}\nsuperuser_reserved_connections = 3\n"


def pool(name: str, children: int, env: str = "env[DB_HOST] = db\n") -> str:
    return f"[{name}]\nuser = www-data\nlisten = /run/{name}\npm = static\npm.max_children = {children}\n{env}"


def postgres(limit: int, host: str = "db", major: int = 16, more: str = "") -> dict[str, str]:
    return {f"hosts/{host}/etc/postgresql/{major}/main/postgresql.conf": POSTGRES.format(limit=limit) + more}


def fpm(host: str, *pools: str, main: str = "") -> dict[str, str]:
    return {
        f"hosts/{host}/etc/php/8.3/fpm/php-fpm.conf": main + MASTER,
        f"hosts/{host}/etc/php/8.3/fpm/pool.d/www.conf": "".join(pools),
    }


def bouncer(host: str, databases: str, sizes: str) -> dict[str, str]:
    text = f"[databases]\n{databases}\n[pgbouncer]\nlisten_addr = *\n{sizes}\n"
    return {f"hosts/{host}/etc/pgbouncer/pgbouncer.ini": text}


class Run:
    """What the command says of a tree, and its exit code."""

    def __init__(self, code: int, output: str) -> None:
        self.code = code
        self.said: dict[str, Any] = json.loads(output)

    def instance(self, name: str = "db/16-main") -> dict[str, Any]:
        (found,) = (one for one in self.said["instances"] if one["name"] == name)
        return dict(found)

    def numbers(self, name: str = "db/16-main") -> tuple[int, ...]:
        found = self.instance(name)
        return tuple(found[key] for key in ("usable", "budget", "demand", "headroom", "peak"))
