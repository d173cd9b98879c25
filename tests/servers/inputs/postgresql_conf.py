"""postgresql.conf: any parameter of any version, with values that its type suggests, written in all ways."""

from __future__ import annotations

from functools import cache
from random import Random

from pgfpmlint.catalog.postgresql import Setting, catalog, majors
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
from servers.inputs.postgresql_texts import TEXTS, quoted, text_for
from servers.inputs.words import Files, leading, lines, maybe, pool

# What the machine, its locales or the build decides, and what the server is started with anyway.
_OF_THE_MACHINE = frozenset(
    pool("""
    bonjour  config_file  data_directory  dynamic_library_path  extension_destdir  external_pid_file  hba_file
    hosts_file  huge_page_size  ident_file  lc_messages  lc_monetary  lc_numeric  lc_time  timezone_abbreviations
    unix_socket_directories  timing_clock_source
    """)
)
_OF_THE_BUILD = frozenset(pool("lz4  zstd  io_uring  fsync_writethrough  syncfs  eventlog"))

_MEMORY = pool("B  kB  MB  GB  TB  kb  M  mb")
_TIME = pool("us  ms  s  min  h  d  m  sec")
_WORDS = pool("on  off  true  false  yes  no  1  0  ON  Off  tr  t  n  of  o  2  maybe")
_TEXTS = pool(r"""
    x  ''  'a b'  'it''s'  'a\tb'  '\101'  'x;y'  '#no'  a/b  '/a/b'  'é'  'a,b'  'a,,b'  '"q"'  '$x'  a.b.c  'it\'s'
    '\7778'  '\x41'  '\\'  '\0'  'a\000b'  '\'  'a\nb'  on  5  '5'  -5  5MB  _x  é  a:b  a-  x_y.z-1  '\303\251'
    a.b  -x  "x"  'x  x'  ''x'  'a' 'b'  'a''  'a\'  1.2.3  1a  a$b  @x  *  a,b  --5  5.5x  '\
""")
_STRANGERS = pool(
    "no_such  wrk_mem  my.setting  plpgsql.x  a.b  1st  x-y  pg_stat_statements.max  My.Own  ä.ö  "
    "auto_explain.log_format  a.b.c  _.x  .x  x.  a..b  work_mem.x  x.work_mem  a.1b  a1.b2  é  ä_1.x  $a  a$.b  ab:c"
)
_NUMBERS = pool(
    "inf  nan  '-inf'  ''  x  '5 '  ' 5'  '5 x'  08  0x  0xg  1_000  '1,5'  .5  5.  1e3  1.0e3  '1e400'  "
    "9223372036854775808  '-nan'  'nan(x)'  infinity  'INF'  '0x1p4'  '0x1.8p1'  '0x.8'  '-0x10'  '+-5'  '- 5'  -0  "
    "'0.0'"
)
_NUMBER_PARTS = {
    "blank": pool("\\t  \\n  \\v") + [" "] * 3 + [""] * 40,
    "sign": ["", "", "", "", "", "", "+", "-", "--"],
    "whole": [
        "",
        *pool("""
        0  1  2  3  4  5  7  8  10  16  31  32  63  64  99  100  127  128  255  256  1000  1024  8192  65536  262143
        1048576
        2147483647  2147483648  4294967296  1099511627776  007  010  0100  08  0144  0x1F  0X10  0xff  0x  00  1_0
    """),
    ],
    "fraction": ["", "", "", "", "", ".", ".0", ".5", ".4", ".49999", ".25", ".05", ".001", ".9999999", ".50000001"],
    "exponent": ["", "", "", "", "", "", "", "e0", "e1", "E2", "e-1", "e+3", "e5", "e-10", "e", "e400", "p3"],
    "unit": pool("B  kB  MB  GB  TB  us  ms  s  min  h  d  kb  K  PB  m  sec  ns  %  MiB  ks") + [""] * 14,
}


@cache
def _settings() -> tuple[Setting, ...]:
    found: dict[tuple[str, int], Setting] = {}
    for major in majors():
        known = catalog(ServerVersion(POSTGRESQL, (major,), "a generator asks"))
        for name in known.names():
            setting = known.setting(name)
            if setting is not None and name not in _OF_THE_MACHINE:
                found[name, major] = setting._replace(name=setting.name if name == setting.name.lower() else name)
    return tuple(found.values())


def generate(random: Random) -> Files:
    files = {"postgresql.conf": lines(random, lambda: _line(random), 3)}
    chance = random.random()
    if chance < 0.08:
        files["postgresql.conf"] += _include(random, files)
    elif chance < 0.10:
        files["postgresql.conf"] += _nested(random, files)
    elif chance < 0.15:
        files["postgresql.conf"] += _again(random)
    elif chance < 0.155:
        files["postgresql.conf"] += _long(random)
    if random.random() < 0.03:
        files["postgresql.auto.conf"] = lines(random, lambda: _line(random), 2)
        if random.random() < 0.3:
            files["postgresql.conf"] += "data_directory = '<dir>/elsewhere'\n"
            files["elsewhere/postgresql.auto.conf"] = lines(random, lambda: _line(random), 2)
    return files


def _again(random: Random) -> str:
    """One parameter more than once, spelt alike or not: only the last of each spelling is looked at."""
    setting = random.choice(_settings())
    spelt = [setting.name, setting.name, setting.name.upper(), setting.name.title()]
    values = [_value(random, setting) for _ in range(random.randint(2, 3))]
    return "".join(f"{random.choice(spelt)} = {value}\n" for value in values)


def _long(random: Random) -> str:
    """What only mass brings about: a hundred errors, a value or a line beyond every buffer."""
    deed = random.randint(0, 3)
    if deed == 0:
        return random.choice(["a b c\n", "= x\n", "no_such = 1\n"]) * random.choice([99, 100, 101, 150])
    if deed == 1:
        return f"cluster_name = '{'x' * random.choice([63, 64, 1023, 1024, 70000])}'\n"
    if deed == 2:
        return f"{'n' * random.choice([63, 64, 200, 20000])}{random.choice(['', '.x'])} = 1\n"
    return f"work_mem = 8MB #{'c' * 70000}\n" + "# comment\n" * 3000 + "port = 5433\n"


def _nested(random: Random, files: Files) -> str:
    """A chain of files around the depth at which the server gives up, or a circle."""
    depth = random.choice([2, 9, 10, 11])
    last = random.choice(
        ["", "", "include 'n1.conf'\n", "include 'postgresql.conf'\n", "include_if_exists 'n0.conf'\n"]
    )
    for at in range(1, depth):
        files[f"n{at}.conf"] = f"include 'n{at + 1}.conf'\n" + maybe(random, 0.2, _line(random) + "\n")
    files[f"n{depth}.conf"] = last + maybe(random, 0.5, "work_mem = 7MB\n")
    return random.choice(["include 'n1.conf'\n", "include_if_exists 'n1.conf'\n", "include 'n1.conf'\n" * 2])


def _line(random: Random) -> str:
    if random.random() < 0.04:
        return random.choice(["", "  ", "# a comment", "  # x", "\t", "#", ";", "junk", "= 5", "[section]", "work_mem"])
    if random.random() < 0.06:
        name, value = random.choice(_STRANGERS), random.choice(_TEXTS)
    else:
        setting = random.choice(_settings())
        name, value = setting.name, _value(random, setting)
    name = random.choice([name] * 6 + [name.upper(), name.title()])
    equals = random.choice([" = "] * 7 + ["=", " ", "  =\t"] + maybe(random, 0.05, " == |:", "").split("|"))
    tail = random.choice([""] * 8 + [" # why", "#tight", " ", "\t"] + maybe(random, 0.1, " ; no| x", "").split("|"))
    return f"{random.choice(['', '', '', '', '  '])}{name}{equals or ' '}{value}{tail}"


def _value(random: Random, setting: Setting) -> str:
    if setting.name.lower() in TEXTS and random.random() < 0.95:
        return quoted(random, text_for(random, setting.name.lower()))
    if setting.type == "bool":
        return _quoted(random, leading(random, _WORDS, 8))
    if setting.type == "enum":
        words = [word for word in (*setting.choices, *setting.synonyms) if word not in _OF_THE_BUILD]
        word = leading(random, [*words, *_WORDS, "nope"], len(words))
        return _quoted(random, random.choice([word] * 4 + [word.upper(), word.title()]))
    if setting.type == "string":
        return leading(random, _TEXTS, 8)
    return _number(random, setting)


def _number(random: Random, setting: Setting) -> str:
    if random.random() < 0.04:
        return random.choice(_NUMBERS)
    if random.random() < 0.15:
        return _any_number(random, setting)
    low, high = float(setting.low or 0), float(setting.high or 0)
    inside = random.uniform(low, min(high, low + 1000))
    number = random.choice([inside] * 5 + [low, high, low + 1, high - 1, 0, -1, 1, low - 1, high + 1, 100, 2**31])
    whole = setting.type == "integer" or random.random() < 0.3
    form = random.choice(["%d"] * 8 + ["%.1f", "%.2f", "0%o", "0x%x", "+%d", "%.3e"])
    if not whole:
        form = random.choice(["%g", "%.1f", "%.2f", "%.3f", "%d", "%.1e"])
    shown = form % (int(number) if form[-1] in "dox" else number)
    if random.random() < 0.35:
        units = _MEMORY if setting.unit.endswith("B") else _TIME if setting.unit else _MEMORY + _TIME
        shown += random.choice(["", "", "", " "]) + leading(random, units, 5 if setting.unit.endswith("B") else 6)
        if setting.unit:
            shown = shown.replace(str(int(number)), str(random.choice([1, 2, 7, 64, 100, 1024, int(inside) % 1000])))
    bare = all(sign.isalnum() or sign in "+-" for sign in shown)
    return shown if bare and random.random() < 0.6 else f"'{shown}'" if random.random() < 0.9 else shown


def _any_number(random: Random, setting: Setting) -> str:
    """Any form that a number may have, in quotes mostly: most forms need them."""
    parts = {name: random.choice(words) for name, words in _NUMBER_PARTS.items()}
    if setting.unit and parts["unit"] and random.random() < 0.8:
        parts["unit"] = random.choice(_MEMORY[:5] if setting.unit.endswith("B") else _TIME[:6])
    blanks = [random.choice(_NUMBER_PARTS["blank"]) for _ in range(3)]
    text = (
        blanks[0] + parts["sign"] + parts["whole"] + parts["fraction"] + parts["exponent"] + blanks[1] + parts["unit"]
    )
    return f"'{text}{blanks[2]}'" if random.random() < 0.75 else text


def _quoted(random: Random, word: str) -> str:
    bare = word and word.replace("_", "").replace("-", "").isalnum()
    return word if bare and random.random() < 0.6 else f"'{word}'"


def _include(random: Random, files: Files) -> str:
    directive = random.choice(["include", "include_if_exists", "include_dir", "INCLUDE"])
    if directive == "include_dir":
        name = random.choice(["conf.d", "conf.d", "empty.d", "nope.d"])
        for inner in random.sample(["10.conf", "9.conf", "a.conf", ".hidden.conf", "b.CONF", "c.txt"], 2):
            files[f"conf.d/{inner}"] = lines(random, lambda: _line(random), 1)
        files["empty.d/readme"] = ""
    else:
        name = random.choice(["a.conf", "a.conf", "sub/b.conf", "nope.conf", "conf.d", "", "postgresql.conf"])
        files["a.conf"] = lines(random, lambda: _line(random), 1)
        files["sub/b.conf"] = maybe(random, 0.5, "include 'c.conf'\n") + lines(random, lambda: _line(random), 1)
        files["sub/c.conf"] = lines(random, lambda: _line(random), 1)
        files["conf.d/x"] = ""
    value = name if name.replace("/", "").isalnum() and random.random() < 0.5 else f"'{name}'"
    return f"{directive}{random.choice([' ', ' = '])}{value}\n" + lines(random, lambda: _line(random), 1)
