"""Secrets planted wherever people put them, also where they don't belong: none comes out anywhere.

The whole command, every output that there is, on files of every kind. Each ``@`` below stands for a secret of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from editor.client import editor
from pgfpmlint.cli import main
from pgfpmlint.formats import FORMATS
from pgfpmlint.report import REPORTERS

USERLIST = """\
"a" "@"
"b" "md5@"
"c" "SCRAM-SHA-256$4096:@==$abc@:def@="
"d" "two words @"
"e" '@'
f @
"g: "@"
# "h" "@"
; "i" "@"
"j" "@
"""

BOUNCER = """\
[databases]
a = host=h password=@ port=5432x
b = host=h password='@' pool_szie=5
c = host=h password="@"
d = host=h Password=@
e = host=h password =@
f = host=h password= @
g = host=h passwd=@
h = host=h pasword=@
i = host=h passwort=@
j = host=h psw=@
k = host=h pw=@
l = host=h password=@ @ user=x
m = host=h password='it''s @' foo=1
n = postgres://app:@@h:5432/db
o = host=h connect_query='select set_config(''app.password'', ''@'', false)' bad=1
p: host=h password=@
"q" "@"
r = host=h password:@
s=host=h\tpassword=@
[pgbouncer]
listen_addr = *
auth_typ = md5 ; password @
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename=$1 AND x='@' ; y
admin_users = admin password=@
auth_user_password = @
stats_users = a # password is @
server_reset_query = SET my.password TO '@' ; x
password = @
auth_ldap_options = ldapbindpasswd=@ ldapserver=x
auth_ldap_optoins = ldapbindpasswd=@
[users]
a = pool_mode=foo password=@
b = password @
[peers]
1 = host=h password=@
"""

POSTGRES = """\
primary_conninfo = 'host=h user=r password=@ x
primary_conninfo = 'host=h password=''@''' z
primary_conninfo = 'host=h password = @ port=1' 5
primary_conninf = 'host=h password=@'
primary_conninfo 'host=h passwrod=@'
primary_conninfo = postgres://r:@@h/db
ssl_passphrase_command = 'echo @' x
archive_command = 'PGPASSWORD=@ pg_x' x
archive_command = 'sshpass -p @ scp' x
archive_command = 'AWS_SECRET_ACCESS_KEY=@ wal-g' x
restore_command = 'curl -u user:@ http://h' x
restore_command = 'curl http://user:@@h' x
max_connections = ten # admin password is @
superuser_reserved_connections = ten # password: @
work_mem = lots # pw=@
shared_buffers = foo # the secret (@)
port = 99999 # user app / pass @
password = '@'
my.password = @ x
my.passwd '@' x
db_password @ x
log_line_prefix = 'password=@' x
"""

HBA = """\
host all all 10.0.0.0/8 ldap ldapserver=x ldapbindpasswd=@ ldapfoo=1
host all all 10.0.0.0/8 ldap ldapserver=x ldapbindpasswd="@ @" ldapbar
host all all 10.0.0.0/8 ldap ldapbindpasswd @
host all all 10.0.0.0/8 radius radiusservers=a radiussecrets=@,@ radiusx=1
host all all 10.0.0.0/8 radius radiussecrets="@","@"
host all all 10.0.0.0/8 radius radiussecret=@
host all all 10.0.0.0/8 ldap "ldapbindpasswd=@" y=1
host all all 10.0.0.0/8 password @
host all all 10.0.0.0/8 md5 password=@
host all all 10.0.0.0/8 ldap ldapurl="ldap://cn=x:@@h/dc=x?uid?sub" foo=2
hostx all all 10.0.0.0/8 ldap ldapbindpasswd=@
host all all 10.0.0.0/88 ldap ldapbindpasswd=@
host all all 10.0.0.0/8 ldap ldapbindpass=@
host all all 10.0.0.0/8 oauth client_secret=@
host all all 10.0.0.0/8 trust # password @
"""

IDENT = """\
m a password=@ x y
pass @
"""

POOL = """\
[www]
user=a
listen=9000
pm=static
pm.max_children=5
env[DB_PASSWORD] = @
env[DB_PASS] = "@"
env[PGPASSWORD]=@
env[DB_PASSWD] = '@'
env[DATABASE_URL] = postgres://u:@@h:5432/d?x=y
env[DATABASE_URL] = "postgres://u:@@h/d"
env[DB_DSN] = "pgsql:host=h;dbname=d;user=u;password=@"
env[DB_DSN2] = pgsql:host=h;password=@
env[APP_KEY] = base64:@
env[APP_SECRET] = @
env[JWT_PRIVATE] = @
env[REDIS_URL] = redis://:@@h
env[AWS_SECRET_ACCESS_KEY] = @
env[API_TOKEN] = @
env[DB_PASSWORD] @
env[DB_PASSWORD = @
env DB_PASSWORD = @
env[DB_PASSWORT] = @
env[DB_PW] = @
env[DB_PWD] = @
env[PASSPHRASE] = @
env[SMTP_AUTH] = @
env[STRIPE_KEY] = @
env[SENTRY_DSN] = https://@@sentry.io/1
env[PAYMENT] = sk_live_@
env["DB_PASSWORD"] = @
env[DB_PASSWORD]: @
php_admin_value[session.save_path] = "tcp://r:6379?auth=@"
php_admin_value[pgsql.password] = @
foo = bar password=@
dbpassword = @
pm.max_spare_servers = x ; password @
php_value[x] = "password=@
"""

SQL = """\
CREATE ROLE a LOGIN PASSWORD '@' CONNECTION LIMIT 0;
CREATE ROLE b LOGIN PASSWORD 'md5@' VALID UNTIL '2020-01-01';
ALTER ROLE a ENCRYPTED PASSWORD 'SCRAM-SHA-256$4096:@' NOSUCH;
ALTER ROLE a PASSWORD @;
ALTER ROLE a PASSWORD "@";
ALTER ROLE a PASSWORD E'@' x;
ALTER ROLE a PASSWORD $$@$$ x;
ALTER ROLE a PASSWORD $q$@$q$;
ALTER ROLE a PASWORD '@';
ALTER ROLE a WITH '@';
ALTER ROLE a SET my.password = '@';
ALTER ROLE a SET my.passwd TO '@' x;
ALTER SYSTEM SET primary_conninfo = 'host=h password=@';
ALTER SYSTEM SET primary_conninfo = 'host=h password=@' x;
ALTER SYSTEM SET ssl_passphrase_command = 'echo @' x;
ALTER SYSTEM SET max_connections = 'password=@';
CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password '@') x;
CREATE SUBSCRIPTION s CONNECTION 'host=h password=@' x;
CREATE ROLE c IDENTIFED BY '@';
INSERT INTO users (name, password) VALUES ('a', '@') x;
INSERT INTO users VALUES ('a', '@') x;
UPDATE users SET password = '@' WERE true;
SELECT crypt('@', gen_salt('bf')) FORM x;
DO $$ BEGIN ALTER ROLE a PASSWORD '@'; END $$ x;
\\set password @
\\set pw '@' \\x
-- password: @
COPY users (name, password) FROM STDIN x;
SELECT 1 FROM x WHERE token = '@' FORM;
CREATE ROLE d PASSWORD 'it''s @' x;
CREATE ROLE e LOGIN CONNECTION LIMIT 0 PASSWORD '@
ALTER ROLE z PASSWORD '@';
"""

PHP_INI = """\
pgsql.password = @
[PATH=/a]
my.password = "@
"
memory_limit = (password=@
[x]
db_password = @
"""

ENV = """\
DB_CONNECTION=pgsql
DB_HOST=db
DB_PASSWORD=@
DB_PASSWORD='@'
export DB_PASSWORD="@" # password @
APP_KEY=base64:@
MAIL_PASSWORD=@ @
DATABASE_URL=postgresql://app:@@h:5432/db?x=1
DATABASE_URL="postgresql://app:@@h:5432x/db"
DB_URL=postgres://u:@@h
PGPASSWORD=@
DB_PASSWORD = @
DB_PASSWORD: @
STRIPE_SECRET=@
AWS_SECRET_ACCESS_KEY=@
DB_PASSWORD="open @
"""

DATABASE_PHP = """\
<?php
return ['default' => 'pgsql', 'connections' => ['pgsql' => [
    'driver' => 'pgsql', 'url' => 'postgresql://app:@@h:5432/db',
    'password' => env('DB_PASSWORD', '@'),
    "password" => "@",
    'password' => '@' . '@',
    'options' => ['password' => '@', PDO::ATTR_PERSISTENT => true], 'host' => 'host=h password=@',
]]];
"""

CODE = """\
<?php
pg_pconnect("host=db dbname=a user=b password=@");
new PDO('pgsql:host=db;dbname=a;password=@', 'app', '@', [PDO::ATTR_PERSISTENT => true]);
pg_connect('postgresql://app:@@h/db');
$password = '@';
define('DB_PASSWORD', '@');
"""

DOCTRINE = """\
doctrine:
  dbal:
    connections:
      a: {password: '@', url: 'postgresql://app:@@h:5432/db', persistent: true}
      b:
        driver: pdo_pgsql
        host: h
        password: @
"""

PGCAT = """\
[general]
admin_username = "a"
admin_password = "@"
auth_query_password='@' # password is @
[pools.shop]
pool_mode = "password=@"
[pools.shop.users.0]
username = "shop"
password = "@"
server_password = '''@'''
"password" = "@"
passwort = "@"
min_pool_size = 9
pool_size = 5
[pools.shop.shards.0]
database = "shop"
servers = [
  ["postgres://a:@@h", 5432, "primary"],
  ["h", 5432, "password=@"],
]
[pools.other]
users = {0 = {username = "x", password = "@", pool_size = 5}}
password = @
"""

PGPOOL = """\
port = 9999
backend_hostname0 = 'h'
backend_hostname1 = 'password=@'
num_init_children = 32
sr_check_password = '@'
health_check_password '@'
health_check_pasword0 = '@'
recovery_password = '@' # or @ as password=@
wd_lifecheck_password = '@'
wd_authkey = '@'
ssl_passwd = @
password @ @
"""

ODYSSEY = """\
listen {
  host "*"
}
storage "pg" {
  type "remote"
  host "h"
  tls_password "@"
}
database "shop" {
  user "shop" {
    authentication "clear_text"
    password "@"
    storage_password "@"
    pasword "@"
    storage "pg"
    pool "password=@"
    options {
      "password" "@"
    }
  }
}
ldap_endpoint "l" {
  ldapbindpasswd "@"
}
password "@
"""

FILES = {
    "etc/pgcat/pgcat.toml": PGCAT,
    "etc/pgpool2/pgpool.conf": PGPOOL,
    "etc/odyssey/odyssey.conf": ODYSSEY,
    "etc/postgresql/16/main/initdb.d/10-roles.sql": SQL,
    "etc/pgbouncer/userlist.txt": USERLIST,
    "etc/pgbouncer/pgbouncer.ini": BOUNCER,
    "etc/postgresql/16/main/postgresql.conf": POSTGRES,
    "etc/postgresql/16/main/pg_hba.conf": HBA,
    "etc/postgresql/16/main/pg_ident.conf": IDENT,
    "etc/php/8.3/fpm/php-fpm.conf": "[global]\ninclude=/etc/php/8.3/fpm/pool.d/*.conf\n",
    "etc/php/8.3/fpm/pool.d/www.conf": POOL,
    "etc/php/8.3/fpm/php.ini": PHP_INI,
    "etc/opt/remi/php83/php-fpm.d/one.conf": "[one]\nuser = x\nlisten = 9001\npm = static\npm.max_children = 5\n"
    "chdir = /var/www/shop\nphp_value[auto_prepend_file] = /var/www/code/db.php\n",
    "var/www/shop/artisan": "",
    "var/www/shop/.env": ENV,
    "var/www/shop/config/database.php": DATABASE_PHP,
    "var/www/shop/config/packages/doctrine.yaml": DOCTRINE,
    "var/www/code/db.php": CODE,
}

KINDS = tuple(FORMATS)


class Planted:
    """Files with a secret for every ``@``, each with the line that holds it."""

    def __init__(self, files: Mapping[str, str]) -> None:
        numbers = count(1)
        self.secrets: dict[str, str] = {}
        self.files: dict[str, str] = {}
        for path, text in files.items():
            lines = []
            for written in text.splitlines():
                line = written
                while "@" in line.replace("@h", "").replace("@sentry", "") or "@@" in line:
                    secret = f"hunter{next(numbers):03}xq"
                    self.secrets[secret] = written
                    line = line.replace("@", secret, 1)
                lines.append(f"{line}\n")
            self.files[path] = "".join(lines)

    def told_in(self, output: str) -> set[str]:
        return {line for secret, line in self.secrets.items() if secret in output}


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planted:
    monkeypatch.chdir(tmp_path)
    planted = Planted(FILES)
    for path, text in planted.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return planted


def test_the_seed_is_sown(planted: Planted) -> None:
    assert len(planted.secrets) == sum(text.count("@") - text.count("@h") - text.count("@s") for text in FILES.values())
    assert planted.told_in("".join(planted.files.values())) == set(planted.secrets.values())


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) in (0, 1, 2)
    captured = capsys.readouterr()
    assert "internal error" not in captured.err
    return captured.out + captured.err


@pytest.mark.parametrize("format_", list(REPORTERS))
def test_in_no_report_of_a_check(format_: str, planted: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    every = ("check", "--format", format_, "--select", "all", "--pedantic", "--verbose", "--statistics")
    assert planted.told_in(said(capsys, *every)) == set()


@pytest.mark.parametrize("format_", ["text", "json"])
def test_in_no_other_report(format_: str, planted: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    assert planted.told_in(said(capsys, "check", "--show-files", "--verbose")) == set()
    assert planted.told_in(said(capsys, "check", "--diff", "--unsafe-fixes", "--format", format_)) == set()
    assert planted.told_in(said(capsys, "budget", "--format", format_)) == set()
    for path in FILES:
        assert planted.told_in(said(capsys, "effective", "--format", format_, path)) == set()


def test_nor_on_the_page(planted: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    assert planted.told_in(said(capsys, "report", "--pedantic", "--preview", "-o", "page.html")) == set()
    page = Path("page.html").read_text("utf-8")
    assert page.count("<article") > 50
    assert planted.told_in(page) == set()


def test_in_nothing_that_an_editor_is_told(planted: Planted, tmp_path: Path) -> None:
    """Of every line: what is said of it, shown beside it and proposed there; of every file, its outline."""
    with editor(tmp_path, "--pedantic", "--preview") as one:
        for path, text in planted.files.items():
            document = {"textDocument": {"uri": one.uri(path)}}
            for finding in one.open(path):
                one.offers(path, finding)
            one.request("textDocument/documentSymbol", document)
            for number, line in enumerate(text.splitlines()):
                for character in (1, (len(line) + line.find("=")) // 2):
                    asked = {**document, "position": {"line": number, "character": character}}
                    one.request("textDocument/hover", asked)
                one.request("textDocument/completion", asked)
                one.request("textDocument/definition", asked)
                one.request("textDocument/references", {**asked, "context": {"includeDeclaration": True}})
        assert planted.told_in(json.dumps(one.said)) == set()
        assert not [message for message in one.said if message.get("method") == "window/logMessage"]


@pytest.mark.parametrize("kind", KINDS)
def test_nor_where_a_file_is_taken_for_another(kind: str, planted: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    for path in FILES:
        for format_ in ("text", "json"):
            assert (
                planted.told_in(said(capsys, "check", "--as", kind, "--format", format_, "--pedantic", path)) == set()
            )
            assert planted.told_in(said(capsys, "effective", "--as", kind, "--format", format_, path)) == set()


def test_nor_in_a_configuration_that_can_not_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pg_hba.conf").write_text("local all all peer\n")
    for text in (
        "hosts: {db: {password: @}}\n",
        "hosts: {db: {memory: postgres://u:@@h}}\n",
        "links: [{from: a, to: 'postgres://u:@@h/d'}]\n",
        "password=@\n",
        "consumers: [{name: x, to: y, connections: password=@}]\n",
    ):
        sown = Planted({"x": text})
        (tmp_path / ".pgfpmlint.yaml").write_text(sown.files["x"])
        output = said(capsys, "check")
        assert output
        assert sown.told_in(output) == set()
