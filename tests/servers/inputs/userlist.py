"""userlist.txt: names and secrets between quotes, which need not stand on one line."""

from __future__ import annotations

from random import Random

from servers.inputs.words import Files, leading, pool

_NAMES = [*pool('alice  bob  a b  al""ice  é  Alice  ""'), "", "m" * 63, "m" * 64, "m" * 127, "m" * 128]
_SECRETS = [
    *pool('secret  pw""x  md5d41d8cd98f00b204e9800998ecf8427e  md5x  SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5  a b  é'),
    "", "q" * 159, "q" * 160, "q" * 995, "q" * 996, "q" * 2047, "q" * 2048,
]  # fmt: skip
_BETWEEN = [" ", " ", " ", "\t", "  ", "", "\n", " x ", "= ", " ; "]
_AFTER = ["", "", "", " ignored", " ; c", ' "third"', "\t", "\r", ' "open']
_OTHER = ["; comment", "", "  ", "# no comment", "bare words", '"alone"', '"open', " ; c", '"a" b', "\x0b"]


def generate(random: Random) -> Files:
    records = []
    for _ in range(random.randint(0, 4)):
        if random.random() < 0.12:
            records.append(random.choice(_OTHER))
            continue
        name, secret = leading(random, _NAMES, 7), leading(random, _SECRETS, 7)
        lead = random.choice(["", "", "", " ", "\t"])
        records.append(f'{lead}"{name}"{random.choice(_BETWEEN)}"{secret}"{leading(random, _AFTER, 5)}')
    end = random.choice(["\n", "\n", "\n", "\r\n"])
    return {"userlist.txt": end.join(records) + random.choice([end, end, ""])}
