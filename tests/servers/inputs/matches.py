"""Records of pg_hba.conf, and attempts to connect, in the form of the vectors' ``matches``.

The records load; which of them decides is the question, so most ask for a password, and few reject. The roles and
databases are those of `servers.hba`.
"""

from __future__ import annotations

import json
from random import Random

from servers.inputs.words import Files, maybe, pool

ATTEMPTS = "attempts.json"
ATTEMPTS_EACH = 8

LOOPBACK = pool("127.0.0.1  127.0.0.5  127.0.0.9  127.0.1.1  ::1")
BEYOND = pool("10.20.30.40  10.20.30.77  fd00:20::40")
"""Addresses that a cage has as well."""

_TYPES = pool("local  local  host  host  host  hostssl  hostssl  hostnossl  hostnossl  hostgssenc  hostnogssenc")
_DATABASES = pool(r"""
    all  all  app  alice  grp  sameuser  samerole  samegroup  replication  "all"  "replication"  "sameuser"  app,grp
    alice,replication  a@b  "a@b"  @names  app,@names  "@names"  "my db"  a"p"p  /^a  /^.*p$  "/^my db$"  /^(app|grp)$
    !app  /!app  app, alice  ,app  App  /[[:upper:]]  /b$
""")
_USERS = pool(r"""
    all  all  all  alice  bob  carol  postgres  +grp  +sub  +alice  "+grp"  +nope  "all"  alice,bob  +sub,bob  a@b
    @names  bob,@names  "my user"  /^a  /^(bob|carol)$  /o  "/^my "  Alice  alice,+grp  "al"ice  /^.{3}$
""")
_ADDRESSES = pool(r"""
    all  all  127.0.0.1/32  127.0.0.5/32  127.0.0.0/29  127.0.0.8/29  127.0.0.0/8  0.0.0.0/0  ::1/128  ::/0  ::/1
    10.0.0.0/8  10.20.30.0/24  10.20.30.64/26  10.20.30.40/32  fd00::/8  fd00:20::40/128  fd00:20::/120  127.0.1.9/24
    127.0.0.0 255.255.255.0  127.0.0.9 255.0.0.255  0.0.0.1 0.0.0.255  10.20.0.0 255.255.0.0  ::1 ffff::  ::1 ::ffff
    localhost  samehost  samenet  "samehost"  "all"  ::ffff:127.0.0.1/128  ::ffff:0:0/96  127.0.0.1 255.255.255.255
""")
_METHODS = pool("password  password  password  password  password  password  password  reject  trust")
_WORDS = {
    "names": 'app "my db"\n bob # not this one\n+sub, a@b',
    "inner.conf": "host app all 127.0.0.0/29 password\n\nlocal all carol password\n",
    "more.d/b.conf": "local alice all password\n",
    "more.d/a.conf": "host all +grp all password\n# local all all reject\nhostssl all bob all password\n",
    "more.d/x.txt": "local all all reject\n",
}
_INCLUDES = pool('include inner.conf  include_dir more.d  include_if_exists nope.conf  include "more.d/b.conf"')


def generate(random: Random) -> Files:
    """pg_hba.conf, the files that it names, and the attempts."""
    lines = [_line(random) for _ in range(random.randint(1, 6))]
    if random.random() < 0.1:  # before 16, where there is no such thing, the file then does not load
        lines.insert(random.randint(0, len(lines)), f"{random.choice(_INCLUDES)}\n")
    return {
        "pg_hba.conf": "".join(lines),
        **_WORDS,
        ATTEMPTS: json.dumps([_attempt(random) for _ in range(ATTEMPTS_EACH)]),
    }


def _line(random: Random) -> str:
    kind = random.choice(_TYPES)
    fields = [kind, _some(random, _DATABASES), _some(random, _USERS)]
    if kind != "local":
        fields.append(_some(random, _ADDRESSES))
    return random.choice([" ", "\t", "  "]).join([*fields, random.choice(_METHODS)]) + maybe(random, 0.1, "# x") + "\n"


def _some(random: Random, words: list[str]) -> str:
    """``all`` as often as not: records that match nobody decide nothing."""
    return "all" if random.random() < 0.5 else random.choice(words)


def _attempt(random: Random) -> dict[str, str]:
    attempt = {"type": random.choice(["local", "host", "host", "hostssl", "hostssl"])}
    attempt["database"] = random.choice(
        [*pool("app  app  app  app  alice  grp  all  a@b  my db  replication  App"), "nowhere"]
    )
    attempt["user"] = random.choice(
        [*pool("alice  alice  alice  bob  bob  carol  postgres  all  a@b  my user  Alice  +grp"), "nobody"]
    )
    if attempt["type"] != "local":
        attempt["addr"] = random.choice([*LOOPBACK, *BEYOND])
    if random.random() < 0.15:
        attempt["replication"] = random.choice(["true", "database"])
    return attempt
