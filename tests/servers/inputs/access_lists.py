"""pg_hba.conf files that load, and attempts to connect: which record decides?"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from servers.inputs.words import pool

_CLIENTS = pool("127.0.0.1  127.0.0.5  127.0.0.9  127.0.1.1  ::1")
_NEAR = pool(r"""
    127.0.0.1/32  127.0.0.5/32  127.0.0.0/29  127.0.0.0/8  0.0.0.0/0  ::1/128  ::/0  all  10.0.0.0/8
    127.0.0.0 255.255.255.0  127.0.0.9 255.0.0.255  localhost  samehost  ::ffff:127.0.0.1/128
""")
_SOME_DATABASES = pool('all  app  alice  sameuser  samerole  "all"  app,grp  replication  /^a  !x')
_SOME_USERS = pool('all  alice  bob  +grp  "+grp"  "all"  alice,bob  /^b  postgres')


def generated(count: int, seed: int = 0) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """pg_hba.conf files that load, and attempts to connect in the form of the vectors' ``matches``."""
    for number in range(count):
        random = Random(f"access {seed} {number}")
        lines = []
        for _ in range(random.randint(1, 5)):
            kind = random.choice(["local", "host", "host", "hostssl", "hostnossl"])
            where = [] if kind == "local" else [random.choice(_NEAR)]
            method = random.choice(["password", "password", "password", "reject"])
            fields = [kind, random.choice(_SOME_DATABASES), random.choice(_SOME_USERS), *where, method]
            lines.append(" ".join(fields) + "\n")
        attempts = []
        for _ in range(6):
            attempt = {"type": random.choice(["local", "host", "hostssl"])}
            attempt["database"] = random.choice(["app", "alice", "grp"])
            attempt["user"] = random.choice(["alice", "bob", "all", "postgres"])
            if attempt["type"] != "local":
                attempt["addr"] = random.choice(_CLIENTS)
            if random.random() < 0.15:
                attempt["replication"] = random.choice(["true", "database"])
            attempts.append(attempt)
        yield "".join(lines), attempts
