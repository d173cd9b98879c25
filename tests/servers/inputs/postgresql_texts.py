"""Texts for the parameters of postgresql.conf whose strings have a grammar: good ones, and ones that are nearly good.

``text_for`` also blends: it joins, repeats, quotes and re-cases the words of a pool, for what nobody thought of.
"""

from __future__ import annotations

from random import Random

from servers.inputs.words import pool

_LIST_SIGNS = [",", ", ", " , ", ",,", " ", ";", ":", "", "\t", "\\n", "\\t,", "  "]

TEXTS: dict[str, list[str]] = {
    "datestyle": pool("""
        iso, mdy  ISO  sql, dmy  german  iso, iso  iso, sql  x    dmy,ISO  postgres european  Postgres, MDY  ymd
        us  euro  european  noneuropean  nonEuro  default  DEFAULT, iso  german, mdy  mdy, german  "ISO", "dmy"
        postgresql, ymd  isox  is  euros  postgre  dmy, european  dmy, us  iso,  ISO,DMY,sql  sql german  "iso
    """),
    "timezone": pool("""
        UTC  Europe/Berlin  europe/berlin  5  -3.5  PST8PDT  Nowhere/Else  <+03>-03  interval '1'  GMT  EST5EDT
        UTC+3  GMT-5  Etc/GMT+5  Etc/UTC  +02  -02:30  02:30  167  168  -167  -168  167.5  1e2  0x10  inf  nan  EST
        CEST  MEZ  Z  zulu  localtime  posixrules  America/New_York  America/Argentina/Buenos_Aires  US/Pacific
        AAA5  AB5  <+3>-3  <abc>5  FOO+1BAR  FOO1BAR,M3.2.0,M11.1.0  FOO1BAR,J60,J300  FOO5BAR6  foo5bar  FOO25  FOO24
        FOO24:59:59  FOO168  FOO169  FOO5:30  FOO5:60  interval '1 hour'  INTERVAL -5  interval '5'  5 hours  default
        Europe/  /Berlin  Europe/Berlin/x  ../Europe/Berlin  Berlin   UTC  UTC   1 2  5x  --5  .5  5.  DEFAULT
        utc0  <>5  <+03  Factory  right/UTC  posix/UTC  America  Europe  UTC5UTC  a  A1  ABC  ABC:5  Mars/Phobos
    """),
    "log_timezone": pool("UTC  Europe/Berlin  GMT  Nowhere/Else  5    EST5EDT  UTC+3  <+03>-03  right/UTC  -3.5"),
    "log_destination": pool("""
        stderr  stderr,csvlog  stderr, syslog  STDERR  jsonlog  x    csvlog,,stderr  "stderr"  csvlog  syslog
        jsonlog,csvlog  stderr stderr  "STDERR"  ,stderr  stderr,  'stderr'  std err  stderr,stderr
    """),
    "search_path": pool('"$user", public  public    a, b  a,,b  a b  "a"  ""  A  $user  pg_catalog  "a""b"  "a", "b'),
    "temp_tablespaces": pool('  a  a, "B"  a,,b  a b  ""  "a'),
    "synchronous_standby_names": pool("""
          *  s1  s1, s2  FIRST 2 (a, b)  ANY 1 (a)  2 (a, b)  ANY 0 (a)  first (a)  any 1 (a  "a b"  1  a,,b
        ANY 2 (*)  "*"  FIRST 1 ("a", b)  first  any  first 1  2 (a  a)  ANY 1 ()  ANY 1 (any)  ANY 1 ("any")
        "first"  first1  anyone  any, b  1 (1)  01 (a)  ANY -1 (a)  FIRST 1(a,b)  1a  a-b  "a""b"  FIRST 3 (a, b)
        99999999999 (a)  2147483648 (a)  ANY 1.5 (a)  (a)  any 1 (a) b  a b  é  _x  $x  x$  "  "a  a,
    """),
    "wal_consistency_checking": pool("""
          all  heap, btree  nope  all,heap  heap,,x  heap2  HEAP  xlog  transaction  clog  gin,gist  hash  sequence
        brin, generic  spgist  standby  replicationorigin  committs  logicalmessage  "heap"  heap btree  ALL
    """),
    "client_encoding": pool("""
        UTF8  utf-8  latin1  sql_ascii  nope    LATIN-1  UTF 8  unicode  win1252  EUC_JP  sjis  mule_internal
        U-T-F-8  ISO-8859-1  iso_8859_5  windows-1251  auto  utf8x  koi8  big5  gb18030  johab  ---
    """),
    "cluster_name": pool(r"main  a b  é  x\001y    a\tb  \377  \177  \200x  'q'  ~  a\\b  \n  x\rz"),
    "application_name": pool(r"app  é  a\001b    a\tb  \377  \177"),
    "restrict_nonsystem_relation_kind": pool(
        '  view  view, foreign-table  nope  VIEW  view,view  foreign table  "view"'
    ),
    "createrole_self_grant": pool('  set  set, inherit  nope  SET  set,set  admin  inherit  "set"  set inherit'),
    "debug_io_direct": pool('  data  data, wal  wal_init  nope  DATA  data,data  wal,wal_init,data  data wal  "wal"'),
    "log_connections": pool("""
        on  off  receipt  receipt, authorization  all  nope  1    all, receipt  true  ALL  setup_durations
        authentication,setup_durations  on, receipt  receipt, on  yes  no  0  false  tr  ON  o  t  f  "on"  'on'
        receipt,,all  receipt,receipt  all, nope  off, off  none  2  Receipt  "receipt", all  receipt authentication
    """),
    "log_min_messages": pool("""
        warning  WARNING  debug  debug3  info  notice  log  fatal  panic  error  debug5  nope    on
        warning, autovacuum:debug1  autovacuum:debug1  warning,backend:debug1  backend : error, warning
        warning, error  warning,,backend:log  all:log  backend:log,backend:error,info  warning,nope:log
        warning,backend:nope  warning,backend  error, checkpointer:debug1, walwriter:debug5  postmaster:log, log
        warning, bgwriter:log  warning, startup:debug  warning, ioworker:log  warning, syslogger:panic
        warning,"backend":log  "warning"  warning, backend:  warning, :log  warning, backend:log:error  warning,
        slotsyncworker:info,warning  walreceiver:log,walsender:log,walsummarizer:log,warning  archiver:log,warning
        bgworker:log,warning  io_worker:log,warning  checkpointer:WARNING, Warning  BACKEND:log,warning
    """),
    "recovery_target": pool("  immediate  x  IMMEDIATE  immediate "),
    "recovery_target_timeline": pool("""
        latest  current  1  0  x    99999999999  LATEST  4294967295  4294967296  -1  0x10  010  1x  1
        18446744073709551616
        18446744073709551615   2  +3  1.5  '1'
    """),
    "recovery_target_xid": pool("""
          1  0x1  x  12x  0  3  2  4294967296  4294967299  -1  18446744073709551615  18446744073709551616  010  1.5   7
    """),
    "recovery_target_lsn": pool(
        "  0/0  1/ABC  x  0/  /0  FFFFFFFF/FFFFFFFF  1FFFFFFFF/0  0/1x  g/0  0/0/0  0x1/0  a/b   1/2"
    ),
    "recovery_target_name": pool(
        "  x  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  "
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  é  a b"
    ),
    "recovery_target_time": pool("""
          2026-01-01  now  x  infinity  2026-13-01  2026-01-01 10:00:00+00  2026-02-30  2024-02-29  2023-02-29
        2026-01-01 25:00  2026-01-01 24:00:00  2026-01-01 23:60  2026-01-01 23:59:60  2026-01-01 10:00 UTC
        2026-01-01 10:00 Europe/Berlin  2026-01-01T10:00:00  2026-01-01 10:00:00.123456-05:30  today  epoch  -infinity
        tomorrow  2026-1-1  2026-01-01 10  2026-01-01 10:00 PM  2026-01-01 BC  2026-01-01 10:00+15  2026-01-01 10:00+16
        2026  2026-01  10000-01-01  294276-12-31  294277-01-01  0000-01-01  4713-01-01 BC  4714-01-01 BC
    """),
    "primary_slot_name": pool("""
          slot_1  Slot  a-b  pgfpm  pg_conflict_detection  1  _  é  a b
          aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    """),
    "default_table_access_method": pool(
        "heap    x  HEAP  a b  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    ),
    "default_tablespace": pool("  x  pg_default  a b"),
    "default_text_search_config": pool("pg_catalog.english    x  a.b.c.d  english  'a'  a b"),
    "backtrace_functions": pool("  f  a,b  a b  a;b  ä  a\\tb  a\\rb  F_1  a.b  a(b"),
    "oauth_validator_libraries": pool("  x  a,b  a b  a,,b  a/b"),
    "synchronized_standby_slots": pool("""
          a  a,b  A  a b  a,,b  "A"  "a"  a-b  pg_conflict_detection  a,a  *
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    """),
    "output_plugin_libraries": pool('pgoutput  pgoutput, x    a,,b  a b  *  "a"  $libdir/x'),
    "ssl_ciphers": pool("HIGH:!aNULL    x"),
    "ssl_groups": pool("prime256v1  X25519:prime256v1  x  "),
    "shared_preload_libraries": pool('  pg_stat_statements  auto_explain,pg_stat_statements  a b  a,,b  "a'),
    "session_preload_libraries": pool("  auto_explain  a b  a,,b  nope"),
    "local_preload_libraries": pool("  x  a,,b"),
    "listen_addresses": pool('localhost  *    127.0.0.1, ::1  a,,b  127.0.0.1 ::1  "localhost"  0.0.0.0  127.0.0.1,'),
    "transaction_isolation": pool("serializable  read committed  nope  READ COMMITTED  repeatable read"),
    "session_replication_role": pool("origin  replica  local  x"),
    "archive_library": pool("  basic_archive  x"),
    "role": pool("none  x    NONE  none "),
    "session_authorization": pool("x    default  postgres"),
    "seed": pool("0.5  2  x  -1  1"),
    "unix_socket_permissions": pool("0777  0700  511  777  0778  01000  0x1ff  -1  0  '0o777'"),
    "log_file_mode": pool("0600  0640  384  600  0777  0888  0x180  01000"),
    "log_line_prefix": pool("%m [%p]     %x  '%q%u@%d '  a\\tb  %%"),
    "log_filename": pool("postgresql-%Y.log    a/b.log  %a"),
    "log_directory": pool("log  /var/log/pg  ./log/  a//b/../c  ..  ../x  /  //  /..  /../x  a/..  ./  .    a/./b/"),
    "stats_temp_directory": pool("x  a//b  ./x/  ../y"),
    "ssl_min_protocol_version": pool("TLSv1  TLSv1.1  TLSv1.2  TLSv1.3  tlsv1.2  TLS1.2    SSLv3  TLSv1.4  TLSv1_2"),
    "ssl_max_protocol_version": pool("  TLSv1.2  TLSv1.3  tlsv1.1  TLSv2  SSLv3"),
    "primary_conninfo": pool("  host=x  host=x password='a b'  postgresql://u:p@h/d  nonsense"),
    "lc_messages": pool("C  POSIX  "),
}
"""By lower-case name; ``''`` stands in no pool, `text_for` brings it."""


def text_for(random: Random, name: str) -> str:
    """A text, still without quotes."""
    words = TEXTS[name]
    chance = random.random()
    if chance < 0.04:
        return ""
    if chance < 0.8:
        return random.choice(words)
    text = random.choice(_LIST_SIGNS).join(random.choice(words) for _ in range(random.randint(1, 3)))
    deed = random.randint(0, 5)
    if deed == 0:
        text = random.choice([text.upper(), text.title(), text.lower()])
    elif deed == 1:
        text = f'"{text}"'
    elif deed == 2:
        text = random.choice([" ", "\\t", "\\n", "  ", ",", "\\v", "'"]) + text
    elif deed == 3:
        text += random.choice([" ", "\\t", "\\n", ",", "x", "0", "\\\\"])
    elif deed == 4 and text:
        at = random.randrange(len(text))
        text = text[:at] + random.choice(["", " ", ",", ":", "/", "_", "(", ")", '"', "0", "-"]) + text[at + 1 :]
    return text


def quoted(random: Random, text: str) -> str:
    """``text`` as the file may hold it: in quotes mostly, bare where its signs allow that."""
    bare = text and all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in text)
    if bare and random.random() < 0.5:
        return text
    inner = text.replace("'", random.choice(["''", "''", "\\'"]))
    return f"'{inner}'"
