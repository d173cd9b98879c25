"""Configuration files that nobody wrote: lines put together from what people do write, then damaged a little.

Deterministic: the same number and seed give the same files on every machine. Names of users, files and hosts are
those that exist everywhere or nowhere, so that what a server says does not hang on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

# What slips in by hand: quotes, comment signs, blanks of all kinds, brackets, other people's syntax. Not "${": what a
# template will put there is unknown to us, while the server sees the template itself.
_SLIPS = [
    *"\"'#;=,:.*+-_/\\|&!~()[]{}$%@<>?`^ \t\r\n09x",
    *("  ", "\\\n", "''", "é", "\ufeff", "\x0b", "\xa0", "kB", "\udcff"),
]


def _pool(text: str) -> list[str]:
    """Words that may hold single blanks, kept apart by two or by line ends."""
    return [word for line in text.splitlines() for word in line.strip().split("  ") if word]


# Names by the pool that their values fit; other pools are tried now and then.
_GUCS: Mapping[str, list[str]] = {
    "memory": _pool(r"""
        work_mem  maintenance_work_mem  shared_buffers  wal_buffers  temp_file_limit  log_rotation_size
    """),
    "time": _pool(r"""
        statement_timeout  log_min_duration_statement  autovacuum_naptime  deadlock_timeout  bgwriter_delay
    """),
    "whole": _pool(r"""
        max_connections  max_wal_senders  geqo_threshold  max_parallel_workers  extra_float_digits  commit_delay
    """),
    "real": _pool("random_page_cost  checkpoint_completion_target  vacuum_cost_delay  hash_mem_multiplier"),
    "boolean": _pool(r"""
        fsync  jit  hot_standby  log_checkpoints  track_counts  synchronize_seqscans  wal_compression
    """),
    "choice": _pool(r"""
        wal_level  synchronous_commit  client_min_messages  huge_pages  password_encryption  log_statement
    """),
    "text": _pool(r"""
        cluster_name  log_line_prefix  search_path  DateStyle  log_destination  my.setting  application_name
    """),
    "octal": _pool("unix_socket_permissions  log_file_mode"),
    "nothing": _pool("no_such_setting  wrk_mem  1st  a.b.c"),
}
_GUC_VALUES: Mapping[str, list[str]] = {
    "memory": _pool(r"""
        8MB  64kB  1GB  '8 MB'  1.5GB  '1.5GB'  '0.5 GB'  8mb  8M  100  -1  1024kB  '66048B'  '7B'  10MB
    """),
    "time": _pool("10s  500ms  '2 min'  1h  1d  250us  3m  0  -1  1500us  '0.5s'  60000  20min"),
    "whole": _pool(r"""
        10  0  -1  1  '10'  0x40  010  089  100.5  '99.5'  1.0e2  '1e2'  1e2  +7  2147483648  99999999999
    """),
    "real": _pool("1.1  .5  0.9  '0.25'  5.  1e3  '1e-3'  1.0e-3  -1  0  0x10  010  '  2 '  inf  nan"),
    "boolean": _pool("on  off  true  false  yes  no  'on'  ON  tr  o  of  1  0  ''  pglz"),
    "choice": _pool(r"""
        replica  logical  minimal  debug  warning  LOCAL  on  off  try  scram-sha-256  md5  none  all  remote_apply
    """),
    "text": _pool(r"""
        ''  'x'  'a b'  'it''s'  'a\tb'  'iso, mdy'  stderr  'stderr,csvlog'  '"$user", public'  x  a.b  'a,,b'
    """),
    "octal": _pool("0700  '0700'  0640  700  0x1ff  01000  777"),
    "nothing": _pool("1  'x'  on  1 2"),
}


def _postgresql_conf(random: Random) -> str:
    def line() -> str:
        name, value = _fitting(random, _GUCS, _GUC_VALUES)
        name = random.choice([name] * 5 + [name.upper(), name.title()])
        equals = random.choice([" = "] * 6 + ["=", " ", "  =\t", " == "])
        tail = random.choice([""] * 6 + [" # why", "#tight", " ", "\t", " ; no"])
        return f"{random.choice(['', '', '', '  ', '#'])}{name}{equals}{value}{tail}"

    return _lines(random, line, 4)


_TYPES = _pool("local  host  hostssl  hostnossl  hostgssenc  hostnogssenc  HOST")
_DATABASES = _pool(r"""
    all  sameuser  samerole  replication  app  "all"  "my db"  app,shop  app, x  /^ap  "/^ap"  "a""b"  @nope
""")
_USERS = _pool(r"""
    all  alice  +grp  "+grp"  alice,bob  "my user"  /^al  alice ,bob  /^(  postgres
""")
_ADDRESSES = _pool(r"""
    127.0.0.1/32  10.0.0.0/8  10.1.2.3/8  0.0.0.0/0  ::1/128  fe80::/10  ::/0  all  samehost  samenet
    10.0.0.0 255.0.0.0  10.0.0.0 255.0.255.0  10.0.0.1  10.0.0.0/33  10.0.0.0/  010.0.0.1/8  ::ffff:10.0.0.1/128
    "all"  127.1/8  300.1.1.1/32  [::1]/128  10.0.0.0 ffff::  1.2.3.4/08  ::1/129  10.0.0.0/+8  ::1 ffff::
    0x7f.0.0.1/8  1.2.3.4/32x
""")
_METHODS = _pool(r"""
    trust  reject  md5  password  scram-sha-256  peer  ident  cert  ldap  pam  bsd  oauth  TRUST  "trust"  md5,trust
""")
_OPTIONS = _pool(r"""
    map=m  clientcert=verify-ca  clientcert=verify-full  clientcert=1  clientcert=no-verify  include_realm=0
    krb_realm=X  map="my map"  clientname=DN  nope=1  map  map=  # note  "map=m"  map=a map=b  clientname=xx
""")


def _pg_hba(random: Random) -> str:
    def line() -> str:
        kind = random.choice([*_TYPES[:3] * 3, *_TYPES])
        fields = [kind, _leading(random, _DATABASES, 5), _leading(random, _USERS, 5)]
        if kind != "local" or random.random() < 0.1:
            fields.append(_leading(random, _ADDRESSES, 11))
        local = [*_METHODS[:6]] if kind == "local" else _METHODS[:5]
        fields.append(random.choice(local * 4 + _METHODS))
        fields.append(random.choice(_OPTIONS) if random.random() < 0.15 else "")
        return random.choice([" ", "\t", "   "]).join(fields)

    return _lines(random, line, 3, least=1)


_MAPS = _pool(r"""
    m  other  "my map"  m,n
""")
_SYSTEM = _pool(r"""
    root  alice  /^(.*)@x$  /^al  "os user"  all  +  /(a)(b)  /^(.*  /a{2  "/^q"
""")
_MAPPED = _pool(r"""
    alice  \1  all  +grp  /^al  "all"  \1x\1  \2  alice,bob  /^\1$  /(
""")


def _pg_ident(random: Random) -> str:
    def line() -> str:
        fields = [_leading(random, _MAPS, 3), _leading(random, _SYSTEM, 7), _leading(random, _MAPPED, 8)]
        return random.choice([" ", "\t"]).join([*fields, random.choice(["", "", "", "x", "# note"])])

    return _lines(random, line, 3)


_FPM_KEYS: Mapping[str, list[str]] = {
    "whole": _pool(r"""
        pm.max_children  pm.max_requests  listen.backlog  rlimit_files  process.priority  PM.Max_Requests
    """),
    "time": _pool("pm.process_idle_timeout  request_terminate_timeout"),
    "boolean": _pool(r"""
        clear_env  catch_workers_output  decorate_workers_output  php_flag[x]  php_admin_flag[y]
    """),
    "path": _pool(r"""
        pm.status_path  ping.path  access.format  security.limit_extensions  ping.response  access.suppress_path[]
    """),
    "text": _pool("env[X]  php_value[memory_limit]  php_admin_value[z]  env[Y Z]  listen.mode"),
    "manager": _pool("pm"),
    "nothing": _pool("nope  Env[X]  env  php_value[]  yes  # x"),
}
_FPM_VALUES: Mapping[str, list[str]] = {
    "whole": _pool(r"""
        5  10  0  -1  010  7k  0x10  +7  7.5  99999999999  "12"  ''  yes
    """),
    "time": _pool(r"""
        30  30s  5m  1h  2d  30ms  1.5m  5min  m  -5s  10h30m  5M  "1s"
    """),
    "boolean": _pool(r"""
        yes  no  on  off  true  false  none  null  1  0  "yes"  ""  2  Yes  y  enabled
    """),
    "path": _pool(r"""
        /status  /ping  pong  "%R - %u %t"  .php  /a?b  /  ""  /a/b.c~
    """),
    "text": _pool(r"""
        a b  "a;b"  a;b  a=b  a|b  1|2  a(b)  E_ALL  ${MYENV}  "x${MYENV}y"  ${NOPE}  ${NOPE:-d}  $pool  '$pool'
        a'b  it's  "it's"  128M  0660  ~0  !1  "a\"b"  a\b  "abc  'abc  PHP_OS  $HOME  /a~1  wow!  ''  'a' 'b'
        "a"b c  x # y  a\;b  E_ALL & ~E_NOTICE  (3|4)  a{b}  off-peak  yes please  "$pool$pool"  "\${X}"
        ${EMPTYENV}  x${MYENV}  -5  '\n'  a\tb
    """),
    "manager": _pool("static  ondemand  STATIC  'static'  adaptive  dynamic"),
    "nothing": _pool("1  x"),
}
_FPM_POOL = ["user = www-data", "listen = 127.0.0.1:9000", "pm = static", "pm.max_children = 5"]


def _php_fpm(random: Random) -> str:
    def line() -> str:
        key, value = _fitting(random, _FPM_KEYS, _FPM_VALUES)
        tail = random.choice([""] * 5 + [" ; why", ";tight", " # no", " "])
        return f"{random.choice(['', '', '', ' ', ';'])}{key}{random.choice([' = ', ' = ', '=', ' =  '])}{value}{tail}"

    opening = random.choice(["[www]"] * 5 + ["[global]\nlog_limit = 2048\n[www]", "[ www ]", "[WWW] ; x", "[a.b]"])
    other = "\n".join(["[api]", *_FPM_POOL]).replace("9000", "9001") + "\n"
    again = random.choice(["", "", "", other, "[www]\n", "[global]\n", "[]\n"])
    return "\n".join([opening, *_FPM_POOL]) + "\n" + _lines(random, line, 3) + again + _lines(random, line, 1)


_BOUNCER_KEYS: Mapping[str, list[str]] = {
    "whole": _pool(r"""
        max_client_conn  default_pool_size  min_pool_size  reserve_pool_size  max_db_connections  tcp_keepalive
    """),
    "time": _pool(r"""
        server_lifetime  server_idle_timeout  query_wait_timeout  reserve_pool_timeout  autodb_idle_timeout
    """),
    "mode": _pool("pool_mode"),
    "auth": _pool("auth_type"),
    "tls": _pool("server_tls_sslmode"),
    "text": _pool(r"""
        admin_users  stats_users  ignore_startup_parameters  server_reset_query  server_check_query  auth_user
    """),
    "nothing": _pool("Max_Client_Conn  nope  pool mode  %include"),
}
_BOUNCER_VALUES: Mapping[str, list[str]] = {
    "whole": _pool(r"""
        100  0  -1  010  0x20  1.5  4294967301  on  "5"  5 ; no  +5  5.  089
    """),
    "time": _pool("30  1.5  1e3  5s  0x10  -1  inf  .5  010"),
    "mode": _pool("session  transaction  STATEMENT  Session  trans  'session'"),
    "auth": _pool("md5  trust  any  plain  scram-sha-256  MD5  pam  cert  hba  peer"),
    "tls": _pool("disable  prefer  require  allow  verify-ca  Prefer  off"),
    "text": _pool(r"""
        a,b  x  'x'  "x"  DISCARD ALL  a ; b  a # b  extra_float_digits  select 1;
    """),
    "nothing": _pool("1  x"),
}
_DSN_KEYS = _pool(r"""
    host  port  dbname  user  pool_size  min_pool_size  reserve_pool  pool_mode  max_db_connections  nope
""")
_DSN_VALUES: Mapping[str, list[str]] = {
    "host": _pool("127.0.0.1  localhost.invalid  /tmp  10.0.0.1,10.0.0.2  ''  port=5"),
    "port": _pool("5432  0  -5  5x  abc  99999"),
    "dbname": _pool(r"""
        shop  'a b'  'it''s'  "x"  ''  'open  a'b
    """),
    "pool_mode": _pool("session  transaction  nope  Statement"),
    "number": _pool("0  -5  5x  0x10  abc  20  ''"),
}


def _pgbouncer_ini(random: Random) -> str:
    def pair() -> str:
        key = random.choice(_DSN_KEYS[:-1] * 3 + _DSN_KEYS)
        values = _DSN_VALUES.get("dbname" if key == "user" else key, _DSN_VALUES["number"])
        return f"{key}{random.choice(['='] * 6 + [' = ', '= '])}{_leading(random, values, 2)}"

    def database() -> str:
        name = random.choice(["app"] * 6 + ["shop", "my-db", "*", '"q"', "a b", "pgbouncer", "a.b", ""])
        pairs = random.choice([" ", " ", " ", "  ", "\t"]).join(pair() for _ in range(random.randint(0, 3)))
        return f"{name}{random.choice([' = '] * 5 + ['=', ' '])}{pairs}"

    def parameter() -> str:
        key, value = _fitting(random, _BOUNCER_KEYS, _BOUNCER_VALUES)
        tail = random.choice([""] * 8 + [" ", " ; no", "\t"])
        return f"{random.choice(['', '', '', ' ', ';', '#'])}{key}{random.choice([' = ', ' = ', '='])}{value}{tail}"

    databases = f"[databases]\n{_lines(random, database, 2)}" if random.random() < 0.5 else ""
    users = random.choice(["", "", "", "[users]\nbob = pool_mode=session\n", "[users]\nbob = max_user_connections=3\n"])
    again = random.choice(["", "", "", "", "[pgbouncer]\nlisten_port = 6433\n", "[databases]\nlate = \n"])
    return f"{databases}{users}[pgbouncer]\n{_lines(random, parameter, 3)}{again}"


_CLIENTS = _pool("127.0.0.1  127.0.0.5  127.0.0.9  127.0.1.1  ::1")
_NEAR = _pool(r"""
    127.0.0.1/32  127.0.0.5/32  127.0.0.0/29  127.0.0.0/8  0.0.0.0/0  ::1/128  ::/0  all  10.0.0.0/8
    127.0.0.0 255.255.255.0  127.0.0.9 255.0.0.255  localhost  samehost  ::ffff:127.0.0.1/128
""")
_SOME_DATABASES = _pool('all  app  alice  sameuser  samerole  "all"  app,grp  replication  /^a  !x')
_SOME_USERS = _pool('all  alice  bob  +grp  "+grp"  "all"  alice,bob  /^b  postgres')


def access_lists(count: int, seed: int = 0) -> Iterator[tuple[str, list[dict[str, str]]]]:
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


FORMATS: dict[str, Callable[[Random], str]] = {
    "postgresql.conf": _postgresql_conf,
    "pg_hba.conf": _pg_hba,
    "pg_ident.conf": _pg_ident,
    "php-fpm": _php_fpm,
    "pgbouncer.ini": _pgbouncer_ini,
}


def generated(kind: str, count: int, seed: int = 0) -> Iterator[str]:
    """``count`` files of a kind; every third one is damaged."""
    for number in range(count):
        random = Random(f"{kind} {seed} {number}")
        text = FORMATS[kind](random)
        yield _damaged(random, text) if number % 3 == 2 else text


def _lines(random: Random, line: Callable[[], str], most: int, least: int = 0) -> str:
    end = random.choice(["\n"] * 9 + ["\r\n"])
    return "".join(line() + end for _ in range(random.randint(least, most)))


def _leading(random: Random, words: list[str], usual: int) -> str:
    """Mostly one of the first ``usual`` words, which are the ones that servers take."""
    return random.choice(words[:usual] if random.random() < 0.85 else words)


def _fitting(random: Random, names: Mapping[str, list[str]], values: Mapping[str, list[str]]) -> tuple[str, str]:
    """A name, and a value that mostly is of its kind."""
    kind = random.choice([kind for kind in names if kind != "nothing"] * 3 + ["nothing"])
    fits = kind if random.random() < 0.9 else random.choice(list(values))
    return random.choice(names[kind]), _leading(random, values[fits], max(2, len(values[fits]) // 2))


def _damaged(random: Random, text: str) -> str:
    for _ in range(random.randint(1, 2)):
        at = random.randint(0, len(text))
        deed = random.randint(0, 4)
        if deed < 2:
            text = text[:at] + random.choice(_SLIPS) + text[at:]
        elif deed == 2:
            text = text[:at] + text[at + 1 :]
        elif deed == 3:
            text = text[:at] + random.choice(_SLIPS) + text[at + 1 :]
        else:
            lines = text.splitlines(keepends=True) or [""]
            lines.insert(random.randrange(len(lines)), random.choice(lines))
            text = "".join(lines)
    return text
