"""Small deployments, each a question: does the worker of web/www get through to PostgreSQL?

tests/servers/test_connection_paths.py asks the real servers and tests/fixtures/vectors/connection-paths.json holds what
they say; tests/vectors/test_connection_paths.py asks us. Everybody's password is `PASSWORD`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PASSWORD = "secret"


def _scram(salt: bytes) -> str:
    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, 4096)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    shown = [base64.b64encode(part).decode() for part in (salt, stored, hmac.digest(salted, b"Server Key", "sha256"))]
    return f"SCRAM-SHA-256$4096:{shown[0]}${shown[1]}:{shown[2]}"


def _md5(user: str) -> str:
    return "md5" + hashlib.md5(f"{PASSWORD}{user}".encode()).hexdigest()


VERIFIER, OTHER_VERIFIER = _scram(bytes(range(16))), _scram(bytes(range(16, 32)))

CONFIG = """\
versions: {{pgbouncer: "{bouncer}"}}
hosts:
  web: {{root: web, addresses: [{web}]}}
  edge: {{root: edge, addresses: [{edge}]}}
  db: {{root: db, addresses: [{db}]}}
"""
POOL = """\
[www]
user = www-data
listen = /run/php/www.sock
pm = static
pm.max_children = 1
env[PGHOST] = {host}
env[PGPORT] = {port}
env[PGDATABASE] = {database}
env[PGUSER] = {user}
"""
BOUNCER = """\
[databases]
{entries}
[pgbouncer]
listen_addr = *
auth_type = {kind}
auth_file = /etc/pgbouncer/userlist.txt
query_wait_timeout = 3
{settings}
"""
KEYS = "client_tls_key_file = /etc/pgbouncer/tls.key\nclient_tls_cert_file = /etc/pgbouncer/tls.crt\n"
OPEN = "host all all all trust\n"
SCRAM_ONLY = "host all all all scram-sha-256\n"
ANY = "listen_addresses = '*'\n"
LISTED = '"app" "secret"\n'

WEB, EDGE, DB = "10.77.1.10", "10.77.1.20", "10.77.2.5"


def direct(
    hba: str,
    *,
    conf: str = "",
    env: str = "",
    major: int = 15,
    user: str = "app",
    database: str = "shop",
    host: str = DB,
    web: str = WEB,
    sql: str = "",
    more: dict[str, str] | None = None,
) -> dict[str, str]:
    """A worker straight before PostgreSQL. ``more`` are files of the cluster's folder."""
    folder = f"db/etc/postgresql/{major}/main"
    files = {
        ".pgfpmlint.yaml": CONFIG.format(bouncer="1.18", web=web, edge=EDGE, db=DB if ":" not in host else f'"{host}"'),
        f"{folder}/postgresql.conf": ANY + conf,
        f"{folder}/pg_hba.conf": "local all postgres trust\n" + hba,
        "web/etc/php/8.2/fpm/php-fpm.conf": POOL.format(host=host, port=5432, database=database, user=user) + env,
        **{f"{folder}/{name}": text for name, text in (more or {}).items()},
    }
    return files | ({"db/initdb.d/10.sql": sql} if sql else {})


def pooled(
    hba: str = SCRAM_ONLY,
    *,
    kind: str = "md5",
    users: str = LISTED,
    entries: str = f"shop = host={DB}",
    settings: str = "",
    access: str | None = None,
    ident: str | None = None,
    conf: str = "",
    env: str = "",
    user: str = "app",
    version: str = "1.18",
    host: str = EDGE,
    sql: str = "",
) -> dict[str, str]:
    """A worker before a PgBouncer before PostgreSQL. ``access`` and ``ident`` are the pooler's own access files."""
    if access is not None:
        settings += "auth_hba_file = /etc/pgbouncer/hba.conf\n"
    if ident is not None:
        settings += "auth_ident_file = /etc/pgbouncer/ident.conf\n"
    files = direct(hba, conf=conf, env=env, sql=sql)
    files |= {
        ".pgfpmlint.yaml": CONFIG.format(bouncer=version, web=WEB, edge=EDGE, db=DB),
        "web/etc/php/8.2/fpm/php-fpm.conf": POOL.format(host=host, port=6432, database="shop", user=user) + env,
        "edge/etc/pgbouncer/pgbouncer.ini": BOUNCER.format(entries=entries, kind=kind, settings=settings),
        "edge/etc/pgbouncer/userlist.txt": users,
    }
    files |= {"edge/etc/pgbouncer/hba.conf": access} if access is not None else {}
    return files | ({"edge/etc/pgbouncer/ident.conf": ident} if ident is not None else {})


def chained(
    first: str, users: str, second: str, known: str, *, kind: str = "scram-sha-256", access: str | None = None
) -> dict[str, str]:
    """Two poolers behind each other, the second before a server that trusts it; ``second`` is its auth_type."""
    files = pooled(OPEN, kind=kind, users=users, entries="shop = host=10.77.1.30 port=6432", settings=first)
    config = files[".pgfpmlint.yaml"] + "  core: {root: core, addresses: [10.77.1.30]}\n"
    settings = "auth_hba_file = /etc/pgbouncer/hba.conf\n" if access is not None else ""
    files |= {
        ".pgfpmlint.yaml": config,
        "core/etc/pgbouncer/pgbouncer.ini": BOUNCER.format(entries=f"shop = host={DB}", kind=second, settings=settings),
        "core/etc/pgbouncer/userlist.txt": known,
    }
    return files | ({"core/etc/pgbouncer/hba.conf": access} if access is not None else {})


def same_machine(hba: str, host: str, *, conf: str = "", user: str = "app", ident: str = "") -> dict[str, str]:
    """The worker and PostgreSQL on one machine."""
    folder = "m/etc/postgresql/15/main"
    return {
        f"{folder}/postgresql.conf": "unix_socket_directories = '/run/postgresql'\n" + conf,
        f"{folder}/pg_hba.conf": "local all postgres trust\n" + hba,
        f"{folder}/pg_ident.conf": ident,
        "m/etc/php/8.2/fpm/php-fpm.conf": POOL.format(host=host, port=5432, database="shop", user=user),
    }


def _mode(mode: str) -> str:
    return f"env[PGSSLMODE] = {mode}\n"


ROLE = "CREATE ROLE app LOGIN PASSWORD '{}';\n"
ASKED = "auth_user = lookup\nauth_query = SELECT usename, passwd FROM pg_shadow WHERE usename=$1\n"
LOOKUP = "CREATE ROLE lookup LOGIN SUPERUSER PASSWORD 'secret';\n"
OF_OTHER = f"shop = host={DB} user=other password=secret"
KNOWN = '"lookup" "secret"\n'

CASES: dict[str, dict[str, str]] = {
    # libpq's sslmode against ssl and the type of the record
    "allow gets to hostssl at the second attempt": direct(
        "hostssl all all all trust\n", conf="ssl = on\n", env=_mode("allow")
    ),
    "prefer falls back behind a reject for TLS": direct(
        "hostssl all all all reject\nhostnossl all all all trust\n", conf="ssl = on\n", env=_mode("prefer")
    ),
    "require does not fall back": direct(
        "hostssl all all all reject\nhostnossl all all all trust\n", conf="ssl = on\n", env=_mode("require")
    ),
    "disable before hostssl": direct("hostssl all all all trust\n", conf="ssl = on\n", env=_mode("disable")),
    "an sslmode that libpq does not know": direct(OPEN, env=_mode("on")),
    "cert without one": direct("hostssl all all all cert\n", conf="ssl = on\nssl_ca_file = 'server.crt'\n"),
    "clientcert without one, plain beside it": direct(
        "hostssl all all all trust clientcert=verify-ca\nhostnossl all all all trust\n",
        conf="ssl = on\nssl_ca_file = 'server.crt'\n",
    ),
    # addresses
    "IPv6": direct("host all all fd00::/64 trust\n", host="fd00::5", web='"fd00::10"'),
    "IPv6 before records for IPv4": direct("host all all 0.0.0.0/0 trust\n", host="fd00::5", web='"fd00::10"'),
    "all addresses are of both kinds": direct("host all all all trust\n", host="fd00::5", web='"fd00::10"'),
    "every IPv6 address": direct("host all all ::/0 trust\n", host="fd00::5", web='"fd00::10"'),
    "an IPv6 mask that cuts one off": direct("host all all fd00::/125 trust\n", host="fd00::5", web='"fd00::10"'),
    "an IPv6 server that listens on IPv4": direct(
        OPEN, conf="listen_addresses = '0.0.0.0'\n", host="fd00::5", web='"fd00::10"'
    ),
    "an address with bits beyond its mask": direct(f"host all all {WEB}/24 trust\n"),
    "a mask in a column of its own": direct(f"host all all {WEB} 255.255.255.255 trust\n"),
    "samehost from another machine": direct("host all all samehost trust\n"),
    "samehost from the machine itself": same_machine("host all all samehost md5\n", "127.0.0.1"),
    "samenet over loopback": same_machine("host all all samenet md5\n", "127.0.0.1"),
    "another address of loopback": same_machine(
        "host all all 127.0.0.2/32 trust\n", "127.0.0.2", conf="listen_addresses = '*'\n"
    ),
    "localhost, records for either": same_machine(
        "host all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n", "localhost"
    ),
    "the name localhost in a record": same_machine("host all all localhost trust\n", "127.0.0.1"),
    "nobody listens on the network": direct(OPEN, conf="listen_addresses = 'localhost'\n"),
    "listens on an address it does not have beside its own": direct(OPEN, conf=f"listen_addresses = '{DB}'\n"),
    # names
    "a quoted all is a name": direct('host "all" all all trust\n'),
    "a quoted all for users": direct('host all "all" all trust\n'),
    "all in capitals is a name": direct("host ALL all all trust\n"),
    "names count with their case": direct("host Shop all all trust\n"),
    "sameuser": direct("host sameuser all all trust\n"),
    "sameuser, and it is": direct("host sameuser all all trust\n", database="app"),
    "a database called replication": direct('host "replication" all all trust\n', database="replication"),
    "the word replication for a database of that name": direct(
        "host replication all all trust\n", database="replication"
    ),
    "a pattern for users before 16": direct("host all /^a all trust\n"),
    "a pattern for users": direct("host all /^a.p$ all trust\n", major=16),
    "a pattern that fits no user": direct("host all /^b all trust\n", major=16),
    "a pattern for databases": direct('host "/^sh[aeiou]p$" all all trust\n', major=18),
    "a pattern with an alternative": direct("host /^(shop|stage)$ app all trust\n", major=16),
    "a pattern that a quote does not switch off": direct('host all "/^app$" all trust\n', major=16),
    "a member by a script": direct(
        "host all +staff all trust\n", sql=ROLE.format(PASSWORD) + "CREATE ROLE staff; GRANT staff TO app;"
    ),
    "no member by a script": direct("host all +staff all trust\n", sql=ROLE.format(PASSWORD) + "CREATE ROLE staff;"),
    "a member that a record rejects": direct(
        "host all +staff all reject\n" + OPEN,
        sql=ROLE.format(PASSWORD) + "CREATE ROLE staff; CREATE ROLE crew; GRANT staff TO crew; GRANT crew TO app;",
    ),
    "samerole": direct(
        "host samerole all all trust\n", sql=ROLE.format(PASSWORD) + "CREATE ROLE shop; GRANT shop TO app;"
    ),
    "samerole without the grant": direct(
        "host samerole all all trust\n", sql=ROLE.format(PASSWORD) + "CREATE ROLE shop;"
    ),
    # order, includes
    "the first record decides": direct(f"host all all {WEB}/32 reject\n" + OPEN),
    "a reject for another": direct("host all other all reject\n" + OPEN),
    "a file of records": direct("include more.conf\n", major=16, more={"more.conf": OPEN}),
    "a file of records that rejects first": direct(
        "include more.conf\n" + OPEN, major=16, more={"more.conf": "host all all all reject\n"}
    ),
    "a file that need not be there": direct("include_if_exists none.conf\n" + OPEN, major=16),
    "a folder of files": direct(
        "include_dir more.d\n", major=18, more={"more.d/a.conf": "host all other all reject\n", "more.d/b.conf": OPEN}
    ),
    "a file of names": direct("host all @names all trust\n", more={"names": "other\napp\n"}),
    "a file of other names": direct("host all @names all trust\n", more={"names": "other\n"}),
    "a record that goes on in the next line": direct("host all all \\\n all trust\n"),
    # what the role can do
    "a role that may not log in": direct(OPEN, sql="CREATE ROLE app PASSWORD 'secret';"),
    "an md5 hash before scram": direct(SCRAM_ONLY, sql=ROLE.format(_md5("app"))),
    "an md5 hash before md5": direct("host all all all md5\n", sql=ROLE.format(_md5("app"))),
    "scram before md5": direct("host all all all md5\n", sql=ROLE.format(PASSWORD)),
    # sockets
    "peer": same_machine("local all all peer\n", "/run/postgresql", user="www-data"),
    "peer for somebody else": same_machine("local all all peer\n", "/run/postgresql"),
    "peer with a map": same_machine("local all all peer map=m\n", "/run/postgresql", ident="m www-data app\n"),
    "peer with a map that leaves it out": same_machine(
        "local all all peer map=m\n", "/run/postgresql", ident="m www-data other\n"
    ),
    "peer with a pattern in the map": same_machine(
        "local all all peer map=m\n", "/run/postgresql", ident="m /^www-(.*)$ \\1\n", user="data"
    ),
    "another map": same_machine("local all all peer map=m\n", "/run/postgresql", ident="n www-data app\n"),
    "no socket": same_machine("local all all trust\n", "/run/postgresql", conf="unix_socket_directories = ''\n"),
    # the pooler's TLS
    "the pooler asks for TLS": pooled(settings="client_tls_sslmode = require\n" + KEYS),
    "the pooler asks for TLS in vain": pooled(settings="client_tls_sslmode = require\n" + KEYS, env=_mode("disable")),
    "the pooler allows TLS": pooled(settings="client_tls_sslmode = allow\n" + KEYS, env=_mode("require")),
    "the pooler has no TLS": pooled(env=_mode("require")),
    "the pooler asks for a certificate": pooled(
        settings="client_tls_sslmode = verify-ca\nclient_tls_ca_file = /etc/pgbouncer/tls.crt\n" + KEYS
    ),
    "the pooler comes without TLS before hostssl": pooled("hostssl all all all trust\n", conf="ssl = on\n"),
    "the pooler comes with TLS": pooled(
        "hostssl all all all trust\n", conf="ssl = on\n", settings="server_tls_sslmode = require\n"
    ),
    "the pooler prefers TLS before hostnossl": pooled(
        "hostnossl all all all trust\n", conf="ssl = on\n", settings="server_tls_sslmode = prefer\n"
    ),
    "the pooler has no certificate": pooled(
        "hostssl all all all cert\n",
        conf="ssl = on\nssl_ca_file = 'server.crt'\n",
        settings="server_tls_sslmode = require\n",
    ),
    # the pooler's users
    "plain": pooled(kind="plain"),
    "plain with an md5 hash": pooled(OPEN, kind="plain", users=f'"app" "{_md5("app")}"\n'),
    "an md5 hash before md5, of a role with scram": pooled(
        "host all all all md5\n", users=f'"app" "{_md5("app")}"\n', sql=ROLE.format(PASSWORD)
    ),
    "an md5 hash before md5, of a role with md5": pooled(
        "host all all all md5\n", users=f'"app" "{_md5("app")}"\n', sql=ROLE.format(_md5("app"))
    ),
    "a pooler's md5 hash before scram": pooled(users=f'"app" "{_md5("app")}"\n'),
    "an md5 hash under scram": pooled(OPEN, kind="scram-sha-256", users=f'"app" "{_md5("app")}"\n'),
    "the server's own secret": pooled(kind="scram-sha-256", users=f'"app" "{VERIFIER}"\n', sql=ROLE.format(VERIFIER)),
    "a secret with another salt": pooled(
        kind="scram-sha-256", users=f'"app" "{OTHER_VERIFIER}"\n', sql=ROLE.format(VERIFIER)
    ),
    "the server's own secret under md5": pooled(kind="md5", users=f'"app" "{VERIFIER}"\n', sql=ROLE.format(VERIFIER)),
    "the server's own secret under trust": pooled(
        kind="trust", users=f'"app" "{VERIFIER}"\n', sql=ROLE.format(VERIFIER)
    ),
    "the server's own secret, forced": pooled(
        kind="scram-sha-256",
        users=f'"app" "{VERIFIER}"\n',
        sql=ROLE.format(VERIFIER),
        entries=f"shop = host={DB} user=app",
    ),
    "a forced user with a password": pooled(
        kind="scram-sha-256", users=f'"app" "{VERIFIER}"\n', entries=OF_OTHER, version="1.24"
    ),
    "a forced user with a password since 1.26": pooled(
        kind="scram-sha-256", users=f'"app" "{VERIFIER}"\n', entries=OF_OTHER, version="1.26"
    ),
    "a forced user with a password, of clients without a key": pooled(
        kind="scram-sha-256", entries=OF_OTHER, version="1.24"
    ),
    "a forced user with a password, the client's own": pooled(
        kind="scram-sha-256",
        users=f'"app" "{VERIFIER}"\n',
        entries=f"shop = host={DB} user=app password=secret",
    ),
    "a forced user with a password, before md5": pooled(
        "host all all all md5\n",
        kind="scram-sha-256",
        users=f'"app" "{VERIFIER}"\n',
        entries=OF_OTHER,
        sql=ROLE.format(PASSWORD) + "CREATE ROLE other LOGIN PASSWORD 'secret';",
    ),
    "trust of nobody": pooled(OPEN, kind="trust", users='"other" "secret"\n'),
    "any": pooled(kind="any", users="", entries=f"shop = host={DB} user=app password=secret"),
    "any without a user": pooled(OPEN, kind="any"),
    "pam beside auth_user": pooled(
        OPEN, kind="pam", entries=f"shop = host={DB} auth_user=lookup", users='"lookup" "secret"\n'
    ),
    # auth_query
    "asked": pooled(OPEN, users=KNOWN, settings=ASKED, sql=LOOKUP + ROLE.format(PASSWORD)),
    "asked, and the server asks too": pooled(
        users=KNOWN, settings=ASKED, kind="scram-sha-256", sql=LOOKUP + ROLE.format(PASSWORD)
    ),
    "asked, of a role with md5": pooled(
        "host all all all md5\n", users=KNOWN, settings=ASKED, sql=LOOKUP + ROLE.format(_md5("app"))
    ),
    "asked, of a role with md5 under scram": pooled(
        OPEN, users=KNOWN, settings=ASKED, kind="scram-sha-256", sql=LOOKUP + ROLE.format(_md5("app"))
    ),
    "asked as nobody": pooled(users="", settings=ASKED, sql=LOOKUP + ROLE.format(PASSWORD)),
    "asked as somebody that is turned away": pooled(
        "host all app all scram-sha-256\n", users=KNOWN, settings=ASKED, sql=LOOKUP + ROLE.format(PASSWORD)
    ),
    "listed, so nobody is asked": pooled(
        "host all app all scram-sha-256\n", users=KNOWN + LISTED, settings=ASKED, sql=LOOKUP + ROLE.format(PASSWORD)
    ),
    "asked in another database": pooled(
        "host users lookup all trust\nhost shop app all scram-sha-256\n",
        version="1.24",
        users=KNOWN,
        kind="scram-sha-256",
        settings=ASKED + "auth_dbname = users\n",
        entries=f"shop = host={DB}\nusers = host={DB}",
        sql=LOOKUP + ROLE.format(PASSWORD),
    ),
    "asked in a database that is not there": pooled(
        OPEN, version="1.24", users=KNOWN, settings=ASKED + "auth_dbname = users\n", sql=LOOKUP + ROLE.format(PASSWORD)
    ),
    "asked, of an entry that forces its user": pooled(
        "host all lookup all trust\nhost shop app all trust\n",
        users=KNOWN,
        settings=ASKED,
        entries=f"shop = host={DB} user=app",
        sql=LOOKUP + ROLE.format(PASSWORD),
    ),
    "asked by the entry": pooled(
        OPEN, users=KNOWN, entries=f"shop = host={DB} auth_user=lookup", sql=LOOKUP + ROLE.format(PASSWORD)
    ),
    # the pooler's own records
    "its record lets in": pooled(kind="hba", access="host shop app 10.77.1.0/24 md5\n"),
    "its record trusts": pooled(kind="hba", access="host all all 0.0.0.0/0 trust\n"),
    "its record trusts nobody that it does not know": pooled(
        OPEN, kind="hba", users='"other" "secret"\n', access="host all all 0.0.0.0/0 trust\n"
    ),
    "no record of its own": pooled(OPEN, kind="hba", access="host shop app 10.77.2.0/24 md5\n"),
    "its first record rejects": pooled(
        OPEN, kind="hba", access=f"host all all {WEB}/32 reject\nhost all all 0.0.0.0/0 trust\n"
    ),
    "its records are for TLS": pooled(OPEN, kind="hba", access="hostssl all all 0.0.0.0/0 trust\n"),
    "its records are for TLS, and it speaks it": pooled(
        OPEN, kind="hba", access="hostssl all all 0.0.0.0/0 trust\n", settings="client_tls_sslmode = allow\n" + KEYS
    ),
    "its records are for clients without TLS": pooled(
        OPEN, kind="hba", access="hostnossl all all 0.0.0.0/0 trust\n", settings="client_tls_sslmode = allow\n" + KEYS
    ),
    "the word all for addresses": pooled(OPEN, kind="hba", access="host all all all trust\n"),
    "the word all for addresses since 1.23": pooled(
        OPEN, kind="hba", access="host all all all trust\n", version="1.24"
    ),
    "its record asks for a certificate": pooled(OPEN, kind="hba", access="host all all 0.0.0.0/0 cert\n"),
    "its record is for peers": pooled(OPEN, kind="hba", access="host all all 0.0.0.0/0 peer\n"),
    "a quoted all in its record": pooled(OPEN, kind="hba", access='host "all" all 0.0.0.0/0 trust\n'),
    "its record names the server's user": pooled(
        OPEN, kind="hba", entries=f"shop = host={DB} user=pool", access="host all pool 0.0.0.0/0 trust\n"
    ),
    "its record names the client's database": pooled(
        OPEN,
        kind="hba",
        entries=f"shop = host={DB} dbname=other",
        access="host other all 0.0.0.0/0 reject\nhost shop all 0.0.0.0/0 trust\n",
    ),
    "its record can't check a hash": pooled(
        OPEN, kind="hba", users=f'"app" "{_md5("app")}"\n', access="host all all 0.0.0.0/0 scram-sha-256\n"
    ),
    "its record asks for scram, which gives the key": pooled(
        kind="hba", users=f'"app" "{VERIFIER}"\n', sql=ROLE.format(VERIFIER), access="host all all 0.0.0.0/0 md5\n"
    ),
    "its record trusts, so no key": pooled(
        kind="hba", users=f'"app" "{VERIFIER}"\n', sql=ROLE.format(VERIFIER), access="host all all 0.0.0.0/0 trust\n"
    ),
    "its record asks for the password": pooled(kind="hba", access="host all all 0.0.0.0/0 password\n"),
    "a record that it passes over": pooled(
        OPEN, kind="hba", access="host all +staff 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 trust\n"
    ),
    # poolers behind each other
    "two that trust": chained("", LISTED, "trust", LISTED),
    "the second knows nobody": chained("", LISTED, "trust", '"other" ""\n'),
    "the second asks for what the first has": chained("", LISTED, "scram-sha-256", LISTED),
    "the first has a hash, the second asks for scram": chained(
        "", f'"app" "{_md5("app")}"\n', "scram-sha-256", LISTED, kind="md5"
    ),
    "the first has a hash, the second asks for md5": chained("", f'"app" "{_md5("app")}"\n', "md5", LISTED, kind="md5"),
    "both have the same secret": chained("", f'"app" "{VERIFIER}"\n', "scram-sha-256", f'"app" "{VERIFIER}"\n'),
    "the secrets have different salts": chained(
        "", f'"app" "{VERIFIER}"\n', "scram-sha-256", f'"app" "{OTHER_VERIFIER}"\n'
    ),
    "a secret before a password": chained("", f'"app" "{VERIFIER}"\n', "scram-sha-256", LISTED),
    "the second has records": chained("", LISTED, "hba", LISTED, access="host shop app 10.77.1.20/32 md5\n"),
    "the second has records for others": chained("", LISTED, "hba", LISTED, access="host shop app 10.77.1.10/32 md5\n"),
}
"""By what is in question."""
