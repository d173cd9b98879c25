from __future__ import annotations

from pgfpmlint.model.accounts import Account, accounts
from pgfpmlint.report.html.chart import COLOURS, chart, parts, told
from trees import deployment_of

CONF = "max_connections = 100\nsuperuser_reserved_connections = 3\nlisten_addresses = '*'\n"


def account(pools: int) -> Account:
    """One instance and so many pools beside it, of 1, 2, 3, … workers each."""
    files = {"db/etc/postgresql/16/main/postgresql.conf": CONF}
    for number in range(1, pools + 1):
        files[f"db/etc/php/8.3/fpm/pool.d/p{number}.conf"] = (
            f"[p{number}]\nuser = a\nlisten = 90{number:02}\npm = static\npm.max_children = {number}\n"
            "env[DB_CONNECTION] = pgsql\nenv[DB_HOST] = 127.0.0.1\n"
        )
    (found,) = accounts(deployment_of(files)).open
    return found


def test_every_slot_is_told() -> None:
    shown = [(part.name, part.connections) for part in parts(account(2))]
    assert shown == [("superuser_reserved_connections", 3), ("db/p1", 1), ("db/p2", 2)]


def test_the_small_share_a_colour() -> None:
    """1 + 2 + … + 9 = 45; the five largest are 5 to 9, together 35."""
    shown = [(part.name, part.connections) for part in parts(account(9))][1:]
    assert shown == [("db/p5", 5), ("db/p6", 6), ("db/p7", 7), ("db/p8", 8), ("db/p9", 9), ("4 others", 10)]
    assert len(shown) == COLOURS


def test_the_words_say_what_the_picture_shows() -> None:
    found = account(2)
    assert told(found) == (
        "Of 100 max_connections: 3 superuser_reserved_connections, 1 db/p1, 2 db/p2. "
        "Demand 3 of a budget of 97; 6 at the peak."
    )
    assert ">2 db/p2<" not in chart(found).picture  # too narrow to be read
    assert ">100 max_connections<" in chart(found).picture


def test_what_a_file_calls_a_pool_is_text_in_the_picture() -> None:
    files = {
        "db/etc/postgresql/16/main/postgresql.conf": CONF,
        "db/etc/php/8.3/fpm/pool.d/x.conf": "[<b>&]\nuser = a\nlisten = 9001\npm = static\npm.max_children = 60\n"
        "env[DB_CONNECTION] = pgsql\nenv[DB_HOST] = 127.0.0.1\n",
    }
    (found,) = accounts(deployment_of(files)).open
    assert "60 db/&lt;b&gt;&amp;" in chart(found).picture
