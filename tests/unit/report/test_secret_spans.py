from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.report.secrets import MASK, is_secret_name, masked, secret_spans, secret_words

M = MASK


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # pgbouncer.ini, libpq connection strings
        ("app = host=db password=hunter2 port=5432", f"app = host=db password={M} port=5432"),
        ("app = password='it''s me' port=5432", f"app = password='{M}' port=5432"),
        ("app = password = hunter2 port=5432", f"app = password = {M} port=5432"),
        ("app = passwd=a;b pool_size=3", f"app = passwd={M} pool_size=3"),
        ("primary_conninfo = 'host=a password=''it is'' user=b'", f"primary_conninfo = 'host=a password='{M}' user=b'"),
        ("primary_conninfo = 'password=hunter2'", f"primary_conninfo = 'password={M}'"),
        (r"primary_conninfo = 'password=\'it is\' user=b'", f"primary_conninfo = 'password={M} user=b'"),
        ("app = password='never closed port=5432", f"app = password={M}"),
        # pg_hba.conf
        ("host all all all ldap ldapbindpasswd=hunter2 x=1", f"host all all all ldap ldapbindpasswd={M} x=1"),
        ('host all all all radius radiussecrets="one,two"', f'host all all all radius radiussecrets="{M}"'),
        ('host all all all radius "radiussecrets=one two" x=1', f'host all all all radius "radiussecrets={M}" x=1'),
        ("a ldapbindpasswd=hun\\\nter2 x=1", f"a ldapbindpasswd={M} x=1"),
        # PHP
        ("new PDO('pgsql:host=h', 'app', 'it\\'s', [])", f"new PDO('pgsql:host=h', 'app', '{M}', [])"),
        ('new \\Pdo\\Pgsql("pgsql:h",\n  $user,\n  "hunter2")', f'new \\Pdo\\Pgsql("pgsql:h",\n  $user,\n  "{M}")'),
        ("new PDO('pgsql:host=h', 'app', $password)", "new PDO('pgsql:host=h', 'app', $password)"),
        # PHP-FPM
        ("env[DB_PASSWORD] = hunter 2", f"env[DB_PASSWORD] = {M}"),
        ('env[DB_PASSWORD] = "hunter\n2" ; note', f'env[DB_PASSWORD] = "{M}" ; note'),
        ("env[ APP_SECRET ]=x", f"env[ APP_SECRET ]={M}"),
        (";env[MYSQL_PWD] = hunter2", f";env[MYSQL_PWD] = {M}"),
        ("php_admin_value[mysqli.default_pw] = hunter2", f"php_admin_value[mysqli.default_pw] = {M}"),
        ("php_value[session.save_path] = tcp://r:6379?auth=hunter2", f"php_value[session.save_path] = tcp://r:6379?auth={M}"),
        # addresses
        ("env[DATABASE_URL] = postgres://app:hunter2@db/app", f"env[DATABASE_URL] = postgres://app:{M}@db/app"),
        ("url postgres://app:p@ss:w/rd@db:5432/app?x=1 end", f"url postgres://app:{M}@db:5432/app?x=1 end"),
        ("redis://:hunter2@cache", f"redis://:{M}@cache"),
        ("http://10.0.0.1:8080/path", "http://10.0.0.1:8080/path"),
        ("postgres://app@db:5432/app", "postgres://app@db:5432/app"),
        # userlist.txt
        ('"app" "hunter2"', f'"app" "{M}"'),
        ('"app" : "hun""ter2" rest', f'"app" : "{M}" rest'),
        ('"app" "hunter2', f'"app" "{M}'),
        # hashes and keys
        ("x md5" + "0a" * 16, f"x {M}"),
        ("x SCRAM-SHA-256$4096:c2FsdA==$c3Q=:c3Y= y", f"x {M} y"),
        ("x $2y$10$abcdefghijklmnopqrstuv", f"x {M}"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END", f"-----BEGIN RSA PRIVATE KEY-----{M}-----END"),
        # shell, YAML, JSON, SQL
        ("export PGPASSWORD=hunter2", f"export PGPASSWORD={M}"),
        ("    password: hunter 2", f"    password: {M}"),
        ("- API_KEY=hunter2", f"- API_KEY={M}"),
        ('{"user": "a", "password": "hun ter"}', f'{{"user": "a", "password": "{M}"}}'),
        ("CREATE ROLE a PASSWORD 'hunter2' LOGIN;", f"CREATE ROLE a PASSWORD '{M}' LOGIN;"),
        ("ALTER ROLE a PASSWORD E'hun\\'ter2';", f"ALTER ROLE a PASSWORD E'{M}';"),
        ("ALTER ROLE a PASSWORD $x$hunter2$x$;", f"ALTER ROLE a PASSWORD $x${M}$x$;"),
        ("ssl_passphrase_command = 'echo hunter2'", f"ssl_passphrase_command = '{M}'"),
        ("ssl_passphrase_command 'echo hunter2'", f"ssl_passphrase_command '{M}'"),
    ],
)  # fmt: skip
def test_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "password_encryption = md5",
        "md5_password_warnings = off",
        "ssl_passphrase_command_supports_reload = on",
        "env[PGPASSFILE] = /etc/pgpass",
        "DB_PASSWORD_FILE=/run/secrets/db",
        "host all all 10.0.0.0/8 password",
        'syntax error in file "postgresql.conf" line 1, near token "MB"',
        'syntax error in file "postgresql.conf" line 1, near token "="',
        "auth_query = SELECT usename, passwd FROM pg_shadow",
        "access.suppress_path[] = /ping",
        'local "all" "app" trust',
        "; Passing 'full' in the query string",
        "user_passthrough = host=db port=5432",
        "host all pass_user ::1/128 md5",
        "host all pass_user :: :: md5",
        "url: ${DB_PASSWORD:-none}",
        "pm.max_children = 50",
        "password =",
        "",
    ],
)
def test_not_masked(text: str) -> None:
    assert masked(text) == text


def test_names() -> None:
    for name in (
        "password",
        "www.env[DB_PASSWORD]",
        "d:app.password",
        "ldapbindpasswd",
        "env[APP_TOKEN]",
        "PGPASSWORD",
    ):
        assert is_secret_name(name)
    for name in ("password_encryption", "passfile", "user", "auth_type", "auth_file"):
        assert not is_secret_name(name)


def test_a_list_of_users_however_broken() -> None:
    text = '; PgBouncer users\n# "old" "hunter1"\n"a" "hunter2"\n"b" \'hunter3\'\nc hunter4\n'
    shown = text
    for start, end in reversed(secret_spans(text, whole_file=True)):
        shown = f"{shown[:start]}…{shown[end:]}"
    assert shown == '; PgBouncer users\n# "old" "…"\n"a" "…"\n"b" …\nc …\n'


def test_a_password_that_our_own_words_hold_is_no_word_to_mask() -> None:
    assert secret_words('"postgres" "password"\n"app" "hunter2"\n') == {"hunter2"}


def test_remarks_behind_values_and_lines_without_a_sign() -> None:
    for text, wanted in {
        "port = 5432 # the password is hunter2": "port = 5432 # the password…",
        "# the password is the user's own": "# the password is the user's own",
        "port = 5432 # password_encryption = md5": "port = 5432 # password_encryption = md5",
        "db_password hunter2": "db_password …",
        "password_encryption md5": "password_encryption md5",
        "host all all 10.0.0.0/8 password hunter2": "host all all 10.0.0.0/8 password …",
        "host all all 10.0.0.0/8 password map=m": "host all all 10.0.0.0/8 password map=m",
        "host all secretary 10.0.0.0/8 md5": "host all secretary 10.0.0.0/8 md5",
        "auth_query = SELECT usename, passwd FROM pg_shadow": "auth_query = SELECT usename, passwd FROM pg_shadow",
        "auth_query = SELECT u, p FROM f($1, 'hunter2')": "auth_query = SELECT u, p FROM f($1, '…')",
        "a = host=h password=hunter2 hunter3 port=1": "a = host=h password=… port=1",
        "env[STRIPE_KEY] = hunter2": "env[STRIPE_KEY] = …",
        "ssl_key_file = /etc/ssl/a.key": "ssl_key_file = /etc/ssl/a.key",
        "auth_type = scram-sha-256": "auth_type = scram-sha-256",
        "env[SENTRY_DSN] = https://hunter2@sentry.io/1": "env[SENTRY_DSN] = https://…@sentry.io/1",
        "env[DB] = postgres://app@db/shop": "env[DB] = postgres://app@db/shop",
        "archive_command = 'sshpass -p hunter2 scp %p h:'": "archive_command = 'sshpass -p … scp %p h:'",
    }.items():
        shown = text
        for start, end in reversed(secret_spans(text, whole_file=True)):
            shown = f"{shown[:start]}…{shown[end:]}"
        assert shown == wanted


def test_the_path_before_a_message_is_no_key() -> None:
    assert masked("/etc/passwd: Permission denied") == "/etc/passwd: Permission denied"
    assert masked("hosts/pass/postgresql.conf: gone") == "hosts/pass/postgresql.conf: gone"
    assert masked("passwd: hunter2") == "passwd: ********"


def test_a_secret_that_is_shown_anyway_is_no_word_to_mask_elsewhere() -> None:
    assert secret_words("app = user=postgres password=postgres") == set()
    assert secret_words("app = user=app password='it''s'") >= {"it''s", "it's"}


@given(st.text(alphabet="password=:'\"\\\n \t;#[]env@/$A-\udcff\r", max_size=60))
def test_any_text_has_orderly_spans(text: str) -> None:
    spans = secret_spans(text)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    "piece",
    [
        "password",
        "password=",
        "password='",
        "a://b:c",
        '"',
        '"a""',
        "pass\\\n",
        "password $a$",
        "$2y$",
        "\\'",
        "pw=\\\n",
    ],
)
def test_large_files_take_no_longer_than_their_length(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    started = time.process_time()
    secret_spans(text)
    assert time.process_time() - started < 20
