"""pgbouncer.ini: any parameter of any version, databases, users and peers with connection strings, includes."""

from __future__ import annotations

from random import Random

from pgfpmlint.catalog.pgbouncer import load
from servers.inputs import userlist
from servers.inputs.words import Files, leading, lines, pool

_INTS = pool(r"""
    5  100  0  010  0x20  -5  +7  20  1  00  0X1f  08  5 ; x  5;x  '5'  "5"  5.5  on  true  1k  5s  4294967301
    2147483648
    -2147483649  99999999999999999999  -99999999999999999999  9223372036854775807  5 5  0b11  1_000  0x
    0x8000000000000000
    18446744073709551615  1e3  ٣
""")
_VALUES: dict[str, list[str]] = {
    "int": [*_INTS, ""],
    "uint": [*_INTS, ""],
    "bool01": [*pool("0  1  5  -1  0x0  on  off  true  yes  'yes'  1 ; x"), ""],
    "seconds": [
        *pool(r"""
        30  1.5  1e3  0x10  0  .5  5.  600  +3  1234567  0.0000001  123456.789  -1  -0  5s  100ms  1e999  1e-400  .
        1,5  0x1p4
        1e  1d  86400000  1e5 ; x  off  010  10min
        """),
        "",
    ],
    "string": [
        *pool(r"""
        a,b  x  alice  'x'  "x"  DISCARD ALL  a ; b  a # b  select 1;  a,  b  é  #x  ;x  a=b  $1  *  a\b
    """),
        "",
        "a\tb",
    ],
    "pool_mode": pool("session  transaction  STATEMENT  Session  trans  'session'  session ; x"),
    "auth_type": [*pool("md5  trust  any  plain  scram-sha-256  MD5  pam  cert  hba  peer  none  ldap"), ""],
    "server_tls_sslmode": pool("disable  prefer  require  allow  verify-ca  verify-full  Prefer  off  on"),
    "client_tls_sslmode": pool("disable  disable  prefer  require  allow  verify-ca  verify-full  Disable  off"),
    "listen_addr": [*pool("127.0.0.1  *  127.0.0.1, ::1  '127.0.0.1'  127.0.0.1 ; x  127.1  300.1.1.1  a b  ::1"), ""],
    "listen_port": pool("6432  0  -1  70000  abc  6433 ; x"),
    "unix_socket_dir": [*pool("/tmp  <dir>  /tmp/  '/tmp'  /nonexistent  /tmp ; x"), ""],
    "unix_socket_group": [*pool("postgres  nosuchgroup"), "", ""],
    "unix_socket_mode": pool("0777  0700  700  0x1ff  rwx"),
    "server_tls_protocols": [
        *pool(
            "secure  all  tlsv1.2  tlsv1.2,tlsv1.3  TLSv1.3  !tlsv1  tlsv1.2:tlsv1.3  legacy  tlsv9  secure ; x  "
            "default  a,b"
        ),
        "",
    ],
    "logfile": [*pool("<dir>/x.log  /nonexistent/x.log  /tmp  x.log"), ""],
    "pidfile": [*pool("<dir>/x.pid  /nonexistent/x.pid  /tmp"), ""],
    "user": [*pool("postgres  nosuchuser"), ""],
    "auth_file": [*pool("<dir>/userlist.txt  userlist.txt  /nonexistent  <dir>"), ""],
    "auth_hba_file": [*pool("<dir>/hba.conf  /nonexistent"), ""],
    "auth_ident_file": [*pool("<dir>/ident.conf  /nonexistent"), ""],
    "auth_dbname": [*pool("app  pgbouncer  Pgbouncer  x y"), ""],
    "track_extra_parameters": [*pool("IntervalStyle  IntervalStyle, search_path  nope  a,,b"), ""],
    "server_tls_ciphers": [
        *pool("HIGH  default  HIGH:!aNULL  secure  fast  AES128-SHA  a,b  x  all  legacy  nope:HIGH  !aNULL  HIGH ; x"),
        "",
    ],
    "client_tls_dheparams": [*pool("auto  none  legacy  x"), ""],
    "client_tls_ecdhcurve": [*pool("auto  none  prime256v1  x"), ""],
    "tls_files": [*pool("<dir>/cert.pem  /nonexistent"), ""],
    "max_packet_size": ["2147483647", "65536", "0", "-1", "x"],
    "pkt_buf": ["4096", "2048", "x"],
}
_VALUES["client_tls_protocols"] = _VALUES["server_tls_protocols"]
_VALUES |= {
    f"{side}_tls_{kind}_file": _VALUES["tls_files"] for side in ("client", "server") for kind in ("ca", "key", "cert")
}

# What a server can't be asked about, or that takes it away from us.
_LEFT_OUT = frozenset(
    pool("conffile  resolv_conf  so_reuseport  auth_ldap_options  syslog_ident  max_client_conn  disable_pqexec")
)
_OTHER = pool("Max_Client_Conn  nope  pool mode  max_clients_conn  listen-port  'max_client_conn'  \"x\"  service_name")
_KEYS = pool(r"""
    host  port  dbname  user  password  pool_size  min_pool_size  reserve_pool  pool_mode  max_db_connections
    connect_query  application_name  auth_user  client_encoding  datestyle  timezone  reserve_pool_size  auth_query
    auth_dbname  server_lifetime  load_balance_hosts  max_db_client_connections  query_wait_timeout  nope  Host
    max_user_connections
""")
_USER_KEYS = pool(r"""
    pool_mode  max_user_connections  pool_size  reserve_pool_size  query_timeout  idle_transaction_timeout
    client_idle_timeout  max_user_client_connections  transaction_timeout  query_wait_timeout  nope
""")
_NUMBERS = pool("5  0  20  -5  5x  0x10  abc  ''  99999999999  2147483648")
_DSN: dict[str, list[str]] = {
    "host": pool("127.0.0.1  localhost.invalid  /tmp  10.0.0.1,10.0.0.2  @abstract  ''  port=5  h,  a b"),
    "port": pool("5432  5433  0  -5  5x  abc  99999  5432,5433  ''  65536"),
    "pool_mode": pool("session  transaction  Statement  nope  'session'"),
    "load_balance_hosts": pool("round-robin  disable  nope  Disable"),
    "text": pool(r"""
        shop  'a b'  'it''s'  "x"  a'b  x=y  é  ''  'open  a;  #
    """),
}
_NUMERIC = ("size", "connections", "timeout", "lifetime", "reserve_pool")
_NAMES = [
    *pool(r"""
        app  app  app  shop  my-db  *  a.b  1  pgbouncer  Pgbouncer  -  a*b  "q"  'q b'  a b  a+b  é
    """),
    "",
    "a" * 63,
    "a" * 64,
]
_BESIDE = {
    "x.ini": ["default_pool_size = 9\n", "[databases]\nincluded = host=x\n", "; nothing\n", "[pgbouncer]\n", "bad\n",
              "[users]\nbob = \n", "", "max_db_connections = x\n", "%include <dir>/x.ini\n"],
    "hba.conf": ["local all all trust\n", "host all all 0.0.0.0/0 md5\n", "nope\n", ""],
    "ident.conf": ["m os db\n", "m os\n", ""],
    "cert.pem": ["no certificate\n"],
}  # fmt: skip


def generate(random: Random) -> Files:
    parts = []
    for section in (
        *random.sample(["databases", "users", "peers", "pgbouncer"], random.choice([0, 0, 1, 1, 2])),
        "pgbouncer",
    ):
        header = random.choice(
            [f"[{section}]"] * 12 + [f"[{section}] ; x", f" [{section}]", f"[ {section} ]", f"[{section.title()}]"]
        )
        parts.append(header + "\n")
        parts.append(lines(random, lambda section=section: _line(random, section), 3))  # type: ignore[misc]
    if random.random() < 0.1:
        target = leading(
            random,
            [
                "<dir>/x.ini",
                "x.ini",
                "<dir>/x.ini ",
                "<dir>/nope.ini",
                '"<dir>/x.ini"',
                "<dir>",
                "",
                "<dir>/x.ini ; c",
                "<dir>/*.ini",
            ],
            3,
        )
        parts.insert(random.randint(1, len(parts)), f"{random.choice(['', '', ' '])}%include {target}\n")
    text = "".join(parts)
    files = {"pgbouncer.ini": text}
    if "userlist.txt" in text:
        files |= userlist.generate(random)
    files |= {name: random.choice(contents) for name, contents in _BESIDE.items() if name in text}
    return files


def _line(random: Random, section: str) -> str:
    if random.random() < 0.05:
        return random.choice(
            ["; c", "# c", "  ; c", "", "\t", "junk", "a b = c", "[unclosed", "= 5", "key:v", "]", "%includes x"]
        )
    lead = random.choice([""] * 8 + [" ", "\t", ";", "#"])
    equals = random.choice([" = "] * 5 + ["=", "  =", "\t=\t", " == "])
    if section == "pgbouncer":
        names = [name for name in load().parameters if name not in _LEFT_OUT]
        name = random.choice(names) if random.random() < 0.95 else random.choice(_OTHER)
        parameter = load().parameters.get(name)
        words = _VALUES.get(name) or _VALUES[parameter.type if parameter else "string"]
        value = leading(random, words, max(2, len(words) // 3))
        return f"{lead}{name}{equals}{value}{random.choice([''] * 10 + [' ', ' ; no', chr(9)])}"
    if section == "peers":
        name = leading(random, ["1", "2", "65535", "0", "65536", "x", "01", "1x", "-1"], 3)
        return f"{lead}{name}{equals}{_pairs(random, ['host', 'port', 'pool_size'], 2)}"
    name = leading(random, _NAMES, 7)
    keys = _KEYS if section == "databases" else _USER_KEYS
    return f"{lead}{name}{equals}{_pairs(random, keys, 3)}"


def _pairs(random: Random, keys: list[str], most: int) -> str:
    def pair() -> str:
        key = leading(random, keys, max(2, len(keys) // 2))
        kind = key if key in _DSN else "number" if key.endswith(_NUMERIC) else "text"
        words = _DSN.get(kind, _NUMBERS)
        return f"{key}{random.choice(['='] * 12 + [' = ', '= ', ' ='])}{leading(random, words, 3)}"

    blank = random.choice([" "] * 8 + ["  ", "\t", ","])
    return blank.join(pair() for _ in range(random.randint(0, most)))
