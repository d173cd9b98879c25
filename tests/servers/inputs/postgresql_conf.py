"""postgresql.conf: any parameter of any version, with values that its type suggests, written in all ways."""

from __future__ import annotations

from functools import cache
from random import Random

from pgfpmlint.catalog.postgresql import Setting, catalog, majors
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion
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
    x  ''  'a b'  'it''s'  'a\tb'  '\101'  'x;y'  '#no'  a.b  a.b.c  a/b  '/a/b'  'é'  'a,b'  'a,,b'  '"q"'  '$x'  -x
    "x"
""")
_SPECIAL: dict[str, list[str]] = {
    "datestyle": pool(
        "'iso, mdy'  ISO  'sql, dmy'  german  'iso, iso'  'iso, sql'  'x'  ''  'dmy,ISO'  'postgres european'"
    ),
    "timezone": pool(
        "UTC  'Europe/Berlin'  'europe/berlin'  '5'  '-3.5'  'PST8PDT'  'Nowhere/Else'  '<+03>-03'  'interval ''1'''"
    ),
    "log_timezone": pool("UTC  'Europe/Berlin'  'GMT'  'Nowhere/Else'  '5'  ''"),
    "log_destination": pool(
        "stderr  'stderr,csvlog'  'stderr, syslog'  STDERR  jsonlog  'x'  ''  'csvlog,,stderr'  '\"stderr\"'"
    ),
    "search_path": pool("""'"$user", public'  public  ''  'a, b'  'a,,b'  'a b'  '"a'  '""'  'A'"""),
    "temp_tablespaces": pool("''  'a'  'a, \"B\"'  'a,,b'  'a b'"),
    "synchronous_standby_names": pool("""
        ''  '*'  's1'  's1, s2'  'FIRST 2 (a, b)'  'ANY 1 (a)'  '2 (a, b)'  'ANY 0 (a)'  'first (a)'  'any 1 (a'
        '"a b"'  '1'  'a,,b'
    """),
    "wal_consistency_checking": pool("''  all  'heap, btree'  'nope'  'all,heap'  'heap,,x'"),
    "client_encoding": pool("UTF8  'utf-8'  latin1  sql_ascii  nope  ''  'LATIN-1'"),
    "cluster_name": pool("main  'a b'  'é'  'x\\001y'  ''"),
    "application_name": pool("app  'é'  'a\\001b'  ''"),
    "restrict_nonsystem_relation_kind": pool("''  view  'view, foreign-table'  nope  'VIEW'"),
    "createrole_self_grant": pool("''  set  'set, inherit'  nope  'SET'"),
    "debug_io_direct": pool("''  data  'data, wal'  'wal_init'  nope"),
    "log_connections": pool("on  off  receipt  'receipt, authorization'  all  nope  1  ''  'all, receipt'  true"),
    "recovery_target": pool("''  immediate  x"),
    "recovery_target_timeline": pool("latest  current  1  0  x  ''  '99999999999'"),
    "recovery_target_xid": pool("''  1  0x1  x  '12x'  0"),
    "recovery_target_lsn": pool("''  '0/0'  '1/ABC'  'x'  '0/'"),
    "recovery_target_name": pool("''  x"),
    "recovery_target_time": pool("''  '2026-01-01'  now  x  'infinity'  '2026-13-01'"),
    "primary_slot_name": pool("''  slot_1  'Slot'  'a-b'  'pgfpm'"),
    "default_table_access_method": pool("heap  ''  x"),
    "default_tablespace": pool("''  x"),
    "backtrace_functions": pool("''  f  'a,b'  'a b'  'a;b'  'ä'"),
    "oauth_validator_libraries": pool("''  x  'a,b'"),
    "synchronized_standby_slots": pool("''  a  'a,b'  'A'  'a b'"),
    "output_plugin_libraries": pool("pgoutput  'pgoutput, x'  ''"),
    "ssl_ciphers": pool("'HIGH:!aNULL'  ''  x"),
    "ssl_groups": pool("prime256v1  'X25519:prime256v1'"),
    "shared_preload_libraries": pool("''  pg_stat_statements  'auto_explain,pg_stat_statements'  'a b'"),
    "listen_addresses": pool("localhost  '*'  ''  '127.0.0.1, ::1'  'a,,b'  '127.0.0.1 ::1'"),
    "transaction_isolation": pool("serializable  'read committed'  nope"),
    "session_replication_role": pool("origin  replica  local  x"),
    "archive_library": pool("''  basic_archive"),
    "role": pool("none  x"),
    "seed": pool("0.5  2  x"),
}
_STRANGERS = pool(
    "no_such  wrk_mem  my.setting  plpgsql.x  a.b  1st  x-y  pg_stat_statements.max  My.Own  ä.ö  "
    "auto_explain.log_format"
)
_NUMBERS = pool(
    "inf  nan  '-inf'  ''  x  '5 '  ' 5'  '5 x'  08  0x  0xg  1_000  '1,5'  .5  5.  1e3  1.0e3  '1e400'  "
    "9223372036854775808"
)


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
    if random.random() < 0.08:
        files["postgresql.conf"] += _include(random, files)
    if random.random() < 0.03:
        files["postgresql.auto.conf"] = lines(random, lambda: _line(random), 2)
    return files


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
    if setting.name.lower() in _SPECIAL:
        return random.choice(_SPECIAL[setting.name.lower()])
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
    if random.random() < 0.06:
        return random.choice(_NUMBERS)
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
