"""Words of pg_hba.conf and pg_ident.conf that are put together sign by sign: regular expressions, addresses, names."""

from __future__ import annotations

from random import Random

from servers.inputs.words import maybe, pool

_ATOMS = pool(r"""
    a  b  ab  x  .  \d  \w  \s  \D  \.  \\  (a)  (a|b)  (.*)  (?:a)  [a-z]  [^a]  [[:alpha:]]  \m  \y  [a]  [0-9_]
    (a)\1
    []a]  [^]]  [a-]  [-a]  [[:digit:][:alpha:]]  [\d]  [\w-]  (?=a)  (?!a)  (?<=a)  (?<!a)  \x41  \u0041  \t  \e
    \cA  ()
    [z-a]  [a-\d]  [[:nope:]]  [[.a.]]  [[=a=]]  [[.a.]-c]  [a  (  )  (?  (?a)  (?<a>b)  \1  \2  \9  \07  \0  \8  \q
    \u12  \x
    \U00000041  \B  \A  \Z  \M  [\D]  [\y]  [[:<:]]  [[:>:]]  [[:word:]]  é  [é]  ö  [[.hyphen.]]  (?#c)  [a-b-c]  {
    }  ]
""")
_REPEATS = pool(
    "*  +  ?  *?  +?  ??  {1}  {1,}  {1,2}  {0,0}  {2,1}  {255}  {256}  {,2}  {a}  {1  {1}?  **  +*  {1}{2}"
)
_HEADS = pool("^  ***=  ***:  ***?  ***  (?i)  (?x)  (?n)  (?q)  (?c)  (?z)  (?i  (?ix)  ^*  ^+  |")

_HEX = pool("0  1  db8  2001  ffff  fe80  FFFF  00ff  00000  g  12345  a")
_LENGTHS = pool(
    "8  16  24  32  0  64  128  10  33  129  -0  +8  08  008  1a  8.0  1e1  0x8  256  4294967296  99999999999999999999"
)
_OCTETS = pool("10  0  1  127  255  192  168  256  010  08  0x7f  0xg  1a  -1  65535  00  0377  0400  16777215")

_NAME_SIGNS = [*"abAZ09_-.$@+/\\~!^&*()[]{}<>|;:?%'`=", "é", "\xa0", "\x0b", "\x0c", "\x01"]


def regex(random: Random) -> str:
    """``/…``; about a third is bad."""
    parts = [maybe(random, 0.4, "^"), maybe(random, 0.07, random.choice(_HEADS))]
    for _ in range(random.randint(1, 3)):
        parts.append(random.choice(_ATOMS[: 22 if random.random() < 0.7 else None]))
        if random.random() < 0.3:
            parts.append(random.choice(_REPEATS[: 9 if random.random() < 0.8 else None]))
        if random.random() < 0.08:
            parts.append("|")
    parts.append(maybe(random, 0.4, "$"))
    text = "/" + "".join(parts)
    return f'"{text}"' if random.random() < 0.15 else text


def name(random: Random) -> str:
    """A name of any signs, in quotes or not."""
    text = "".join(random.choice(_NAME_SIGNS) for _ in range(random.randint(1, 5)))
    shape = random.randint(0, 7)
    if shape == 0:
        return f'"{text}"'
    if shape == 1:
        return f'{text}"{random.choice([" ", ",", "#", "", "a", chr(34) * 2])}"{random.choice(["", "b"])}'
    if shape == 2:
        return f"{text},{random.choice(['all', 'b', '+g', '@names', chr(34) + 'c' + chr(34)])}"
    return text


def address(random: Random) -> str:
    """A numeric address with a mask, or what comes near to one."""
    if random.random() < 0.5:
        count = 4 if random.random() < 0.85 else random.randint(1, 5)
        usual = 6 if random.random() < 0.8 else None
        text = ".".join(random.choice(_OCTETS[:usual]) for _ in range(count))
        return text + _mask(random, "255.0.0.0  255.255.255.0  0.0.0.0  255.255.255.255  255  0xff000000  1.2.3.4")
    usual = 7 if random.random() < 0.9 else None
    groups = [random.choice(_HEX[:usual]) for _ in range(random.choice([8, 8, 8, 1, 2, 4, 7, 9]))]
    if random.random() < 0.6:
        groups.insert(random.randint(0, len(groups)), random.choice(["", "", ":"]))
        groups = groups[-7:]
    text = ":".join(groups)
    if random.random() < 0.1:
        text = random.choice(["::ffff:", "::", "64:ff9b::"]) + ".".join(random.choice(_OCTETS[:6]) for _ in range(4))
    text += maybe(random, 0.06, random.choice(["%lo", "%1", "%", "%0", "%99999999999"]))
    return text + _mask(random, "ffff::  ffff:ffff::  ::  ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff  fe80::  :::")


def _mask(random: Random, masks: str) -> str:
    chance = random.random()
    if chance < 0.75:
        return "/" + random.choice(_LENGTHS[: 5 if random.random() < 0.8 else None])
    return f" {random.choice(pool(masks))}" if chance < 0.95 else ""
