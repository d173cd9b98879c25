"""From what nginx asks a pool for to the application that its workers run; each tree read by hand."""

from __future__ import annotations

import pytest

from pgfpmlint.model.link import Links
from trees import deployment_of

WEB = "hosts/web/"
TREE = {
    "hosts/db/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n",
    "hosts/old/etc/postgresql/16/main/postgresql.conf": "listen_addresses = '*'\n",
    WEB + "etc/php/8.3/fpm/php-fpm.conf": "".join(
        f"[{name}]\nuser = www-data\nlisten = {listen}\npm = static\npm.max_children = 5\n"
        for name, listen in (("shop", "/run/php/shop.sock"), ("blog", "127.0.0.1:9001"))
    ),
    WEB + "var/www/shop/artisan": "",
    WEB + "var/www/shop/.env": "DB_CONNECTION=pgsql\nDB_HOST=db\nDB_DATABASE=shop\n",
    WEB + "var/www/blog/artisan": "",
    WEB + "var/www/blog/.env": "DB_CONNECTION=pgsql\nDB_HOST=old\nDB_DATABASE=blog\n",
}
SITE = "etc/nginx/sites-enabled/site"


def server(root: str, target: str, script: str = "$document_root$fastcgi_script_name") -> str:
    return f"""server {{
  root {root};
  location ~ \\.php$ {{
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME {script};
    fastcgi_pass {target};
  }}
}}
"""


def links(nginx: str, more: dict[str, str] | None = None) -> Links:
    return deployment_of({**TREE, WEB + SITE: nginx, **(more or {})}).links


def ends(found: Links) -> list[tuple[str, str, str | None]]:
    return [(link.client.name, link.server.name, link.database) for link in found.known if link.dsn is not None]


SHOP = server("/var/www/shop/public", "unix:/var/run/php/shop.sock")
BLOG = server("/var/www/blog/public", "localhost:9001")


def test_each_pool_its_application() -> None:
    assert ends(links("")) == []
    found = links(SHOP + BLOG)
    assert ends(found) == [("web/shop", "db/16-main", "shop"), ("web/blog", "old/16-main", "blog")]
    assert [(one.place.path, one.place.line, one.place.text, one.words) for one in found.known[0].evidence[-2:]] == [
        (WEB + SITE, 2, "root /var/www/shop/public", "nginx asks for the application in hosts/web/var/www/shop"),
        (WEB + SITE, 6, "fastcgi_pass unix:/var/run/php/shop.sock", "and passes it on here"),
    ]


@pytest.mark.parametrize(
    "nginx",
    [
        server("/elsewhere", "unix:/run/php/shop.sock", "/var/www/shop/public/index.php"),
        server("/elsewhere", "unix:/run/php/shop.sock", "/var/www/shop/public$fastcgi_script_name"),
        server("/var/www/shop/public", "php") + "upstream php { server unix:/run/php/shop.sock; }\n",
        server("/var/www/shop/public", "unix:/run/php/shop.sock", "$realpath_root$fastcgi_script_name"),
        SHOP + SHOP,
    ],
)
def test_ways_to_say_it(nginx: str) -> None:
    assert ("web/shop", "db/16-main", "shop") in ends(links(nginx))


@pytest.mark.parametrize(
    "nginx",
    [
        server("/srv/other", "unix:/run/php/shop.sock"),
        server("$where", "unix:/run/php/shop.sock"),
        server("html", "unix:/run/php/shop.sock"),
        server("/var/www", "unix:/run/php/shop.sock"),
        server("/var/www/shop/public", "unix:/run/php/other.sock"),
        server("/var/www/shop/public", "10.0.0.9:9001"),
        server("/var/www/shop/public", "unix:/run/php/shop.sock").replace("include", "alias /srv/other; include"),
    ],
)
def test_what_leads_nowhere(nginx: str) -> None:
    assert ends(links(nginx)) == []


def test_two_applications_of_one_pool() -> None:
    found = links(SHOP + server("/var/www/blog/public", "unix:/run/php/shop.sock"))
    assert ends(found) == []
    (why,) = [one.why for one in found.unknown if one.client.name == "web/shop"]
    assert "nginx asks it for the applications in hosts/web/var/www/shop and hosts/web/var/www/blog" in why


def test_the_pools_own_lines_say_more() -> None:
    pools = TREE[WEB + "etc/php/8.3/fpm/php-fpm.conf"] + "chdir = /var/www/shop\n"
    found = links(server("/var/www/shop", "localhost:9001"), {WEB + "etc/php/8.3/fpm/php-fpm.conf": pools})
    assert ends(found) == [("web/blog", "db/16-main", "shop")]


def test_a_folder_of_plain_php() -> None:
    code = {WEB + "srv/plain/index.php": "<?php $db = new PDO('pgsql:host=db;dbname=plain', 'app');"}
    assert ends(links(server("/srv/plain", "unix:/run/php/shop.sock"), code)) == [("web/shop", "db/16-main", "plain")]
    unclear = {name: text.replace("'pgsql:host=db;dbname=plain'", "$dsn") for name, text in code.items()}
    found = links(server("/srv/plain", "unix:/run/php/shop.sock"), unclear)
    assert ends(found) == []
    assert "can't be told without running it" in next(one.why for one in found.unknown if one.client.name == "web/shop")
    # What the pool itself says holds whatever the code does.
    pools = TREE[WEB + "etc/php/8.3/fpm/php-fpm.conf"].replace("[blog]", "env[DB_HOST] = db\n[blog]")
    unclear[WEB + "etc/php/8.3/fpm/php-fpm.conf"] = pools
    assert ends(links(server("/srv/plain", "unix:/run/php/shop.sock"), unclear)) == [("web/shop", "db/16-main", None)]


@pytest.mark.parametrize(
    ("include", "found"),
    [
        ("require __DIR__ . '/../inner/db.php';", True),
        ("require_once(dirname(__DIR__) . '/inner/db.php');", True),
        ("include dirname(__FILE__) . '/../inner/db.php';", True),
        ("require '../inner/db.php';", True),
        ("(require __DIR__ . '/../inner/db.php')->run();", True),
        ("require __DIR__ . '/other.php';", True),
        ("require $folder . '/db.php';", False),
        ("require __DIR__ . '/../vendor/db.php';", False),
        ("// require __DIR__ . '/../inner/db.php';", False),
        ("require __DIR__ . '/nothing.php';", False),
    ],
)
def test_what_plain_php_includes(include: str, found: bool) -> None:
    opens = "<?php $db = new PDO('pgsql:host=db;dbname=plain', 'app');"
    code = {
        WEB + "srv/plain/public/index.php": f"<?php {include}",
        WEB + "srv/plain/public/other.php": "<?php require __DIR__ . '/../inner/db.php'; require 'index.php';",
        WEB + "srv/plain/inner/db.php": opens,
        WEB + "srv/plain/vendor/db.php": opens,
    }
    expected = [("web/shop", "db/16-main", "plain")] if found else []
    asked = server("/srv/plain/public", "unix:/run/php/shop.sock")
    assert ends(links(asked, code)) == expected
    assert ends(links(asked, {**code, WEB + "srv/plain/composer.json": "{}"})) == expected
    assert ends(links(asked, {**code, WEB + "srv/plain/bin/console": ""})) == []
