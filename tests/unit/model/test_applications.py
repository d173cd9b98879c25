"""What applications' own files say of where their workers connect; each expectation is read off the files by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.model.link import Link, Links
from trees import deployment_of

POOL = "[www]\nuser = www-data\nlisten = /run/php/www.sock\npm = static\npm.max_children = 5\n"
FPM = "hosts/web/etc/php/8.3/fpm/php-fpm.conf"
DB = {"hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n"}
REPLICA = {"hosts/replica/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n"}
EDGE = {"hosts/edge/etc/pgbouncer/pgbouncer.ini": "[databases]\nshop = host=db\n[pgbouncer]\nlisten_addr = *\n"}
APP = "hosts/web/var/www/shop/"
LARAVEL = {APP + "artisan": "", APP + "composer.json": "{}"}
STOCK = """<?php
use Illuminate\\Support\\Str;
return [
    'default' => env('DB_CONNECTION', 'sqlite'),
    'connections' => [
        'mysql' => ['driver' => 'mysql', 'host' => env('DB_HOST', '127.0.0.1')],
        'pgsql' => [
            'driver' => 'pgsql',
            'url' => env('DB_URL'),
            'host' => env('DB_HOST', '127.0.0.1'),
            'port' => env('DB_PORT', '5432'),
            'database' => env('DB_DATABASE', 'laravel'),
            'username' => env('DB_USERNAME', 'root'),
            'password' => env('DB_PASSWORD', ''),
            'sslmode' => env('DB_SSLMODE', 'prefer'),
            // more
        ],
    ],
    'redis' => ['prefix' => Str::slug('x').'-database-'],
];
"""
ENV = "DB_CONNECTION=pgsql\nDB_HOST=edge\nDB_PORT=6432\nDB_DATABASE=shop\nDB_USERNAME=app\nDB_PASSWORD=hunter2\n"
DOCTRINE = APP + "config/packages/doctrine.yaml"
SYMFONY = {APP + "symfony.lock": "{}"}
BY_URL = "doctrine:\n  dbal:\n    url: '%env(resolve:DATABASE_URL)%'\n"


def links_of(files: dict[str, str], pool: str = POOL) -> Links:
    return deployment_of({**DB, **EDGE, FPM: pool, **files}).links


def ends(links: Links) -> list[tuple[str, str | None, str | None, int]]:
    return [(link.server.name, link.database, link.user, link.per_process) for link in links.known if link.dsn]


def only(links: Links) -> Link:
    (link,) = [link for link in links.known if link.dsn]
    return link


def said(link: Link) -> list[tuple[str, int, str]]:
    return [(label.place.path.rpartition("/")[2], label.place.line, label.words) for label in link.evidence]


def test_laravel_with_its_env_file() -> None:
    link = only(links_of({**LARAVEL, APP + ".env": ENV, APP + "config/database.php": STOCK}))
    assert (link.server.name, link.database, link.user, link.certainty) == ("edge/pgbouncer", "shop", "app", "address")
    assert said(link) == [
        (".env", 2, "DB_HOST names edge, the name of host edge"),
        (".env", 3, "DB_PORT names port 6432"),
        ("php-fpm.conf", 1, f"the only pool here, so the application in {APP[:-1]} is taken to be its own"),
    ]
    assert link.dsn is not None
    assert link.dsn.sslmode is not None
    assert (link.dsn.sslmode.value, link.dsn.sslmode.label.place.text) == ("prefer", "'prefer'")
    assert link.dsn.native_prepares is not None
    assert link.dsn.native_prepares.place.text == "'pgsql'"
    assert link.persistent is None


def test_the_pools_own_environment_beats_the_env_file() -> None:
    pool = POOL + "env[DB_HOST] = db\nenv[DB_PORT] = 5432\n"
    link = only(links_of({**LARAVEL, APP + ".env": ENV, APP + "config/database.php": STOCK}, pool))
    assert (link.server.name, link.database, link.user) == ("db/16-main", "shop", "app")
    assert said(link)[0] == ("php-fpm.conf", 6, "env[DB_HOST] names db, the name of host db")


def test_another_kind_of_database_is_no_link() -> None:
    files = {**LARAVEL, APP + ".env": ENV.replace("=pgsql", "=mysql"), APP + "config/database.php": STOCK}
    links = links_of(files)
    assert (ends(links), list(links.unknown)) == ([], [])
    links = links_of({**LARAVEL, APP + ".env": ENV.replace("=pgsql", "=mysql")})
    assert (ends(links), list(links.unknown)) == ([], [])


@pytest.mark.parametrize(
    "name", [".env.example", ".env.dist", ".env.testing", ".env.production.bak", ".env.encrypted", "env", ".env~"]
)
def test_what_is_no_configuration(name: str) -> None:
    files = {**LARAVEL, APP + name: ENV, APP + "config/database.php": STOCK}
    links = links_of(files)
    assert ends(links) == []
    assert [one.why for one in links.unknown] == [
        f"{APP}config/database.php:4: which connection is the default can't be told"
    ]


def test_env_alone() -> None:
    assert ends(links_of({**LARAVEL, APP + ".env": ENV})) == [("edge/pgbouncer", "shop", "app", 1)]
    # Without an application beside it, it is anybody's.
    assert ends(links_of({APP + ".env": ENV})) == []


def test_a_stage_of_laravel() -> None:
    files = {**LARAVEL, APP + ".env": ENV, APP + ".env.production": ENV.replace("=edge", "=db").replace("6432", "5432")}
    assert ends(links_of(files)) == [("edge/pgbouncer", "shop", "app", 1)]
    assert ends(links_of(files, POOL + "env[APP_ENV] = production\n")) == [("db/16-main", "shop", "app", 1)]


@pytest.mark.parametrize(
    ("written", "server"),
    [
        ("'host' => ['edge'],", "edge/pgbouncer"),
        ("'host' => 'ed' . 'ge',", "edge/pgbouncer"),
        ("'host' => explode(',', env('DB_HOSTS', 'edge')),", "edge/pgbouncer"),
        ("'host' => env('NOTHING') ?? 'edge',", "edge/pgbouncer"),
        ("'host' => getenv('NOTHING') ?: 'edge',", "edge/pgbouncer"),
        ("'host' => $_ENV['DB_HOST'],", "edge/pgbouncer"),
        ('"host" => (string) env("DB_HOST"),', "edge/pgbouncer"),
        ("'host' => gethostname(),", ""),
        ("'host' => $host,", ""),
        ("'host' => config('other.host'),", ""),
        ("'host' => env($name),", ""),
        ("'host' => \"$host.example\",", ""),
        ("'host' => [...$hosts],", ""),
    ],
)
def test_what_php_says_in_so_many_words(written: str, server: str) -> None:
    config = STOCK.replace(
        "            'host' => env('DB_HOST', '127.0.0.1'),\n            'port'", f"{written}\n'port'"
    )
    assert config != STOCK
    links = links_of({**LARAVEL, APP + ".env": ENV, APP + "config/database.php": config})
    assert [end[0] for end in ends(links)] == ([server] if server else [])
    if not server:
        (unlinked,) = [one for one in links.unknown if one.client.name == "web/www"]
        assert "the host of connection pgsql can't be told" in unlinked.why


def test_reading_and_writing_apart() -> None:
    split = "'read' => ['host' => ['replica', 'db']], 'write' => ['host' => 'db'], 'sticky' => true, 'port' => 5432,"
    config = STOCK.replace("'port' => env('DB_PORT', '5432'),", split)
    links = links_of({**REPLICA, **LARAVEL, APP + ".env": ENV, APP + "config/database.php": config})
    assert ends(links) == [("db/16-main", "shop", "app", 2), ("replica/16-main", "shop", "app", 1)]
    assert said(links.known[0])[0] == (
        "database.php",
        11,
        "host names db for writing, the name of host db",
    )
    assert said(links.known[1])[0] == (
        "database.php",
        11,
        "host names replica for reading, one of 2 tried in turn, the name of host replica",
    )


def test_a_list_of_hosts_is_one_connection() -> None:
    config = STOCK.replace(
        "'host' => env('DB_HOST', '127.0.0.1'),\n            'port'", "'host' => ['db', '10.0.0.9'], 'port'"
    )
    links = links_of({**LARAVEL, APP + ".env": ENV.replace("6432", "5432"), APP + "config/database.php": config})
    assert ends(links) == [("db/16-main", "shop", "app", 1)]
    assert [one.why for one in links.unknown] == [
        "names 10.0.0.9, port 5432, and no server of this tree is known by that address"
    ]


@pytest.mark.parametrize(
    ("options", "kept", "native"),
    [
        ("[PDO::ATTR_PERSISTENT => true]", "true", "'pgsql'"),
        ("[\\PDO::ATTR_PERSISTENT => env('DB_PERSISTENT', false)]", None, "'pgsql'"),
        (
            "extension_loaded('pdo_pgsql') ? array_filter([PDO::ATTR_PERSISTENT => env('KEEP')]) : []",
            "KEEP=true",
            "'pgsql'",
        ),
        ("[PDO::ATTR_EMULATE_PREPARES => true]", None, None),
        ("[PDO::ATTR_EMULATE_PREPARES => false]", None, "false"),
        ("[PDO::PGSQL_ATTR_DISABLE_PREPARES => true]", None, None),
        ("[PDO::ATTR_PERSISTENT => f()]", None, "'pgsql'"),
        ("f()", None, None),
    ],
)
def test_options_of_pdo(options: str, kept: str | None, native: str | None) -> None:
    config = STOCK.replace("// more", f"'options' => {options},")
    link = only(links_of({**LARAVEL, APP + ".env": ENV + "KEEP=true\n", APP + "config/database.php": config}))
    assert link.dsn is not None
    found = link.dsn.persistent, link.dsn.native_prepares
    assert [label and label.place.text for label in found] == [kept, native]


def test_a_cached_configuration_is_all_that_laravel_reads() -> None:
    cached = "<?php return array (\n 'app' => array('key' => 'x'),\n 'database' => array('default' => 'pgsql', "
    cached += "'connections' => array('pgsql' => array('driver' => 'pgsql', 'host' => 'db', 'database' => 'a'))),\n);\n"
    files = {
        **LARAVEL,
        APP + ".env": ENV,
        APP + "config/database.php": STOCK,
        APP + "bootstrap/cache/config.php": cached,
    }
    assert ends(links_of(files, POOL + "env[DB_HOST] = edge\n")) == [("db/16-main", "a", None, 1)]


@pytest.mark.parametrize(
    ("files", "pool", "server"),
    [
        ({".env": "DATABASE_URL=postgresql://app:x@edge:6432/shop?serverVersion=16\n"}, "", "edge/pgbouncer"),
        ({".env": 'HOST=edge\nDATABASE_URL="postgresql://app:x@${HOST}:6432/shop"\n'}, "", "edge/pgbouncer"),
        ({".env": "HOST=edge\nDATABASE_URL=postgresql://app:x@$HOST:6432/shop # old\n"}, "", "edge/pgbouncer"),
        (
            {".env": "DATABASE_URL=a\n", ".env.local": "DATABASE_URL=postgresql://app@edge:6432/shop\n"},
            "",
            "edge/pgbouncer",
        ),
        (
            {
                ".env": "APP_ENV=dev\nDATABASE_URL=a\n",
                ".env.local": "APP_ENV=prod\nDATABASE_URL=b\n",
                ".env.prod": "DATABASE_URL=postgresql://app@edge:6432/shop\n",
                ".env.dev": "DATABASE_URL=postgresql://app@db/shop\n",
            },
            "",
            "edge/pgbouncer",
        ),
        (
            {".env": "DATABASE_URL=a\n", ".env.prod.local": "export DATABASE_URL='postgresql://app@edge:6432/shop'\n"},
            "env[APP_ENV] = prod\n",
            "edge/pgbouncer",
        ),
        ({".env": "DATABASE_URL=a\n"}, 'env[DATABASE_URL] = "postgresql://app@edge:6432/shop"\n', "edge/pgbouncer"),
        ({".env": "DATABASE_URL=mysql://app@edge:3306/shop\n"}, "", None),
        ({".env": "DATABASE_URL=postgresql://app:$(cat /x)@edge:6432/shop\n"}, "", ""),
        ({".env": "DATABASE_URL=postgresql://app:!ChangeMe!@edge:6432/shop\n"}, "", ""),
    ],
)
def test_symfony(files: dict[str, str], pool: str, server: str | None) -> None:
    tree = {**SYMFONY, DOCTRINE: BY_URL, **{APP + name: text for name, text in files.items()}}
    links = links_of(tree, POOL + pool)
    assert ends(links) == ([(server, "shop", "app", 1)] if server else [])
    assert bool([one for one in links.unknown if one.client.name == "web/www"]) is (server == "")


def test_connections_of_doctrine() -> None:
    yaml = """\
parameters: {a: 1}
doctrine:
  dbal:
    default_connection: default
    connections:
      default:
        url: '%env(DATABASE_URL)%'
        options:
          !php/const PDO::ATTR_PERSISTENT: true
        replicas:
          one: {url: 'postgresql://app@replica/shop'}
      legacy: {driver: pdo_mysql, host: db}
      reports: {driver: pdo_pgsql, host: db, dbname: reports, user: bi, sslmode: require}
      odd: {driver: pdo_pgsql, host: '%odd%'}
when@prod:
  doctrine:
    dbal:
      connections:
        reports: {application_name: bi}
"""
    env = "APP_ENV=prod\nDATABASE_URL=postgresql://app:x@db/shop\n"
    links = links_of({**REPLICA, **SYMFONY, DOCTRINE: yaml, APP + ".env": env})
    assert ends(links) == [
        ("db/16-main", "shop", "app", 1),
        ("replica/16-main", "shop", "app", 1),
        ("db/16-main", "reports", "bi", 1),
    ]
    default, _, reports = (link for link in links.known if link.dsn)
    assert default.persistent is not None
    assert default.persistent.place.line == 9
    assert reports.dsn is not None
    assert reports.dsn.sslmode is not None
    assert reports.dsn.application_name is not None
    assert (reports.dsn.sslmode.value, reports.dsn.application_name.value) == ("require", "bi")
    assert [one.why for one in links.unknown if one.client.name == "web/www"] == [
        f"{DOCTRINE}:14: host of connection odd can't be told"
    ]


def test_pools_and_applications_find_each_other_by_path() -> None:
    other = "hosts/web/srv/admin/"
    pools = POOL + "chdir = /var/www/shop/public\n" + POOL.replace("www", "admin")
    pools += "php_admin_value[open_basedir] = /tmp:/srv/admin/web\n" + POOL.replace("www", "third")
    files = {
        **LARAVEL,
        APP + ".env": ENV,
        other + "composer.json": "",
        other + ".env": ENV.replace("=edge", "=db").replace("6432", "5432"),
    }
    links = links_of(files, pools)
    assert [(link.client.name, link.server.name) for link in links.known if link.dsn] == [
        ("web/www", "edge/pgbouncer"),
        ("web/admin", "db/16-main"),
    ]
    assert said(links.known[0])[-1] == ("php-fpm.conf", 6, f"the workers run the application in {APP[:-1]}")


def test_an_application_that_no_pool_is_told_of() -> None:
    links = links_of({**LARAVEL, APP + ".env": ENV}, POOL + POOL.replace("www", "b"))
    assert ends(links) == []
    assert [one.why for one in links.unknown if one.client.name == "web/www"] == [
        f"nothing says to which it connects, and nothing says whether it serves the application in {APP[:-1]}"
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('pg_pconnect("host=edge port=6432 dbname=shop user=app");', ("edge/pgbouncer", True, False)),
        ("\\pg_connect('host=edge port=6432 dbname=shop user=app password=a\\'b');", ("edge/pgbouncer", False, False)),
        ('new PDO("pgsql:host=edge;port=6432;dbname=shop;user=app");', ("edge/pgbouncer", False, False)),
        ("$d = new \\PDO('pgsql:host=edge;port=6432;dbname=shop', 'app', 'x', [PDO::ATTR_PERSISTENT => true]); "
         "$d->prepare('select 1');", ("edge/pgbouncer", True, True)),
        ('new PDO("mysql:host=edge");', None),
        ('pg_connect("host=$host dbname=shop");', ""),
        ("new PDO($dsn);", ""),
    ],
)  # fmt: skip
def test_code_that_a_pool_leads_to(code: str, found: tuple[str, bool, bool] | str | None) -> None:
    pool = POOL + "php_admin_value[auto_prepend_file] = /srv/db.php\n"
    links = links_of({"hosts/web/srv/db.php": f"<?php\n{code}\n"}, pool)
    if isinstance(found, tuple):
        link = only(links)
        assert link.dsn is not None
        assert (link.server.name, bool(link.persistent), bool(link.dsn.native_prepares)) == found
        assert (link.database, link.user) == ("shop", "app")
    else:
        assert ends(links) == []
        unclear = [one.why for one in links.unknown if "can't be told without running it" in one.why]
        assert bool(unclear) is (found == "")


def test_files_that_the_user_names() -> None:
    config = "files: {kinds: {'**/connect.inc': php}}\n"
    files = {
        ".pgfpmlint.yaml": config,
        APP + "lib/connect.inc": "<?php pg_pconnect('host=edge port=6432 dbname=shop');\n",
    }
    assert ends(links_of(files)) == [("edge/pgbouncer", "shop", None, 1)]


def test_libpqs_own_variables_fill_what_a_connection_leaves_open() -> None:
    pool = POOL + "php_admin_value[auto_prepend_file] = /srv/db.php\nenv[PGHOST] = edge\nenv[PGPORT] = 6432\n"
    pool += "env[PGSSLMODE] = require\nenv[PGAPPNAME] = shop\n"
    link = only(links_of({"hosts/web/srv/db.php": "<?php pg_connect('dbname=shop');\n"}, pool))
    assert link.dsn is not None
    assert link.dsn.sslmode is not None
    assert link.dsn.application_name is not None
    found = link.server.name, link.dsn.sslmode.value, link.dsn.application_name.value
    assert found == ("edge/pgbouncer", "require", "shop")


def test_broken_files_are_unknown_and_break_nothing() -> None:
    for text in ("<?php return [", "\0", "<?php", "<?php return 5;", "{{ x }}", "\udcff"):
        links_of({**LARAVEL, APP + ".env": ENV, APP + "config/database.php": text})
        links_of({**SYMFONY, APP + ".env": text, DOCTRINE: text})
    for text in (
        "doctrine: [",
        "doctrine: {dbal: 5}",
        "doctrine: {dbal: {url: [1]}}",
        "- 1",
        "a: !!binary x",
        "a: &a [*a]",
    ):
        links_of({**SYMFONY, APP + ".env": ENV, DOCTRINE: text})
