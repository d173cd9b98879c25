"""pg_ident.conf: maps of names and regular expressions to roles."""

from __future__ import annotations

from random import Random

from servers.inputs.auth_words import name, regex
from servers.inputs.words import Files, leading, lines, pool

_MAPS = pool(r"""
    m  other  "my map"  m,n  all  ""  @names  include  m#x
""")
_SYSTEM = pool(r"""
    root  alice  /^(.*)@x$  "os user"  /^al  all  /^([a-z]+)\.x$  /(a)(b)  +  /^(.*  /a{2  "/^q"  a,b  /  "/^a b$"  /x\1
    /[[:alpha:]]+  /[[:nope:]]  /a{1,2}  /a{2,1}  /a**  /(?i)x  /\d+  /[a-  ""  @names  @empty
""")
_MAPPED = pool(r"""
    alice  \1  all  +grp  "all"  /^al  alice,bob  "my role"  \1x\1  \2  /^\1$  /(  ""  "\1"  /^\2  @names  @nope
""")
_BESIDE = {
    "names": "x y\n",
    "empty": "#\n",
    "more.map": "m2 os bob\n",
    "more.d/a.conf": "m3 os bob\n",
    "bad.map": "m os\n",
}
_INCLUDES = pool(
    "include more.map  include_dir more.d  include_if_exists nope  include nope.map  include bad.map  include x y z"
)


def _word(random: Random, words: list[str], usual: int, regexes: float) -> str:
    if random.random() < regexes:
        return regex(random)
    return name(random) if random.random() < 0.1 else leading(random, words, usual)


def generate(random: Random) -> Files:
    def line() -> str:
        if random.random() < 0.06:
            return random.choice(_INCLUDES)
        if random.random() < 0.05:
            return random.choice(["", "# c", "m", "m os", " \t", "m os \\\n db"])
        fields = [_word(random, _MAPS, 5, 0), _word(random, _SYSTEM, 7, 0.4), _word(random, _MAPPED, 9, 0.2)]
        return random.choice([" ", "\t"]).join([*fields, random.choice(["", "", "", "", "x", "# note", "\\"])])

    return {"pg_ident.conf": lines(random, line, 3), **_BESIDE}
