"""PgBouncer's own access files: auth_hba_file and auth_ident_file."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from servers.inputs.words import Files, leading, pools

_WORDS = pools("pgbouncer_hba")
_NAMES = [
    "app\n",
    "app, shop\n",
    "app\nshop\n",
    "",
    "\n",
    "# c\n",
    "all\n",
    "+x\n",
    "a b\n",
    "app\n\n",
    '"a b"\n',
    "@x\n",
]


def generate(random: Random) -> Files:
    files = {"hba.conf": rules(random)}
    if random.random() < 0.6:
        files["ident.conf"] = maps(random)
    if "@" in files["hba.conf"]:
        files |= {
            "names": random.choice(["app\n", "app, shop\n", "app\nshop\n", "", "\n", "# c\n", "all\n", "+x\n", "a b\n"])
        }
    return files


def rules(random: Random) -> str:
    return _lines(random, _rule)


def maps(random: Random) -> str:
    return _lines(random, _map)


def _lines(random: Random, line: Callable[[Random], str]) -> str:
    end = random.choice(["\n"] * 6 + ["\r\n"])
    made = [
        line(random) if random.random() < 0.93 else random.choice(_WORDS["lines"]) for _ in range(random.randint(0, 5))
    ]
    return end.join(made) + random.choice([end, end, ""])


def _blank(random: Random) -> str:
    return random.choice([" ", " ", "  ", "\t", " \t", " \v"])


def _rule(random: Random) -> str:
    kind = leading(random, _WORDS["types"], 4)
    fields = [kind, leading(random, _WORDS["databases"], 9), leading(random, _WORDS["users"], 7)]
    if kind != "local" or random.random() < 0.05:
        fields.append(leading(random, _WORDS["addresses"], 12))
    fields.append(leading(random, _WORDS["methods"], 8))
    if random.random() < 0.2:
        fields.append(leading(random, _WORDS["options"], 3))
    if random.random() < 0.05:
        del fields[random.randrange(len(fields))]
    lead = random.choice(["", "", "", " ", "\t"])
    return lead + _blank(random).join(fields) + random.choice(["", "", "", " ", " # c", "#c", "\t", " x"])


def _map(random: Random) -> str:
    fields = [leading(random, _WORDS[name], 4) for name in ("maps", "system users", "database users")]
    if random.random() < 0.1:
        fields = fields[: random.randint(0, 3)] + ["extra"] * random.randint(0, 1)
    return _blank(random).join(fields) + random.choice(["", "", "", " # c", " ", "#c"])
