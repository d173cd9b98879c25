"""What an editor asks about one place: expected answers are read off the files, the manuals and the catalogs' data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.client import ROOT, Editor, Message, editor

WWW = "hosts/web/etc/php/8.3/fpm/pool.d/www.conf"
FPM = "hosts/web/etc/php/8.3/fpm/php-fpm.conf"
DB = "hosts/db/etc/postgresql/16/main/postgresql.conf"
HBA = "hosts/db/etc/postgresql/16/main/pg_hba.conf"
BOUNCER = "hosts/edge/etc/pgbouncer/pgbouncer.ini"
CONFIG = ".pgfpmlint.yaml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("editor") / "shop"
    shutil.copytree(ROOT / "examples/webshop", folder)
    with editor(folder) as one:
        yield one


@pytest.fixture
def one(server: Editor) -> Iterator[Editor]:
    """With no file open and none changed."""
    yield server
    server.close_all()


def test_hover(one: Editor) -> None:
    for path in (DB, WWW, BOUNCER, HBA):
        one.open(path)
    slots = one.hover(DB, "max_con|nections = 120")
    assert slots.startswith("**max_connections**, PostgreSQL 16\n\nMost connections at the same time")
    assert "Integer, 1 to 262143, default 100. A change needs a restart" in slots
    assert f"* db/16-main runs with `120`, from {DB}:8\n" in slots + "\n"
    children = one.hover(WWW, "pm.max_children = 5|0")
    assert f"* web/www runs with `50`, from {WWW}:10\n" in children + "\n"
    assert "PHP 8.3" in children
    mode = one.hover(BOUNCER, "pool_m|ode = transaction")
    assert "One of session, transaction, statement, default session. RELOAD is enough" in mode
    assert "https://www.pgbouncer.org/config.html#pool_mode" in mode
    assert one.hover(HBA, "10.0.1.0/24    scram-sha|-256").startswith("**scram-sha-256**: the password, proved")
    assert one.hover(HBA, "ho|st    shop") == "**host**: TCP connections, with TLS or without"


def test_a_line_that_is_overridden(shop: Path) -> None:
    text = (shop / DB).read_text()
    (shop / DB).write_text(f"{text}include_dir = 'conf.d'\n")
    (shop / DB).parent.joinpath("conf.d").mkdir()
    other = str(Path(DB).parent / "conf.d/slots.conf")
    (shop / other).write_text("# more\nmax_connections = 300\n")
    with editor(shop) as one:
        one.open(DB)
        assert (
            f"db/16-main runs with `300`, from {other}:2: this line is overridden\n* overridden: {DB}:8"
            in one.hover(DB, "max_con|nections = 120")
        )
        assert one.leads_to(DB, "max_|connections = 120") == [(other, 2)]
        assert one.leads_to(DB, "include_dir = 'conf|.d'") == [(other, 1)]


def test_definitions(one: Editor) -> None:
    for path in (WWW, FPM, CONFIG, BOUNCER):
        one.open(path)
    pools = "hosts/web/etc/php/8.3/fpm/pool.d"
    assert one.leads_to(FPM, "include=/etc/php|") == [(f"{pools}/api.conf", 1), (f"{pools}/www.conf", 1)]
    assert (DB, 8) in one.leads_to(WWW, "pm.max_|children = 50")
    assert one.leads_to(CONFIG, "to: d|b,") == [(DB, 1)]
    assert one.leads_to(BOUNCER, "auth_file = /etc/pg|bouncer") == [("hosts/edge/etc/pgbouncer/userlist.txt", 1)]


def test_names_and_values(one: Editor) -> None:
    for path in (DB, WWW, BOUNCER):
        one.open(path)
    names = one.proposed(DB, "max_conn|", "port = 5432\nmax_conn|\n")
    assert {"max_connections", "work_mem"} <= names.keys()
    assert "summarize_wal" not in names, "came with PostgreSQL 17; this is 16"
    edit = names["max_connections"]["textEdit"]
    assert (edit["newText"], edit["range"]["start"]) == ("max_connections", {"line": 1, "character": 0})
    assert set(one.proposed(DB, "wal_level = |", "wal_level = |\n")) == {"minimal", "replica", "logical"}
    assert set(one.proposed(DB, "fsync |", "fsync |\n")) == {"on", "off"}
    assert {"64kB", "64MB", "64GB"} <= one.proposed(DB, "work_mem = 64|", "work_mem = 64|\n").keys()
    assert one.proposed(DB, "# wor|", "# wor|\n") == {}

    pool = "[www]\n"
    assert "pm.max_children" in one.proposed(WWW, "pm.|", f"{pool}pm.|\n")
    assert "process.max" not in one.proposed(WWW, "p|", f"{pool}p|\n"), "stands in [global]"
    assert set(one.proposed(WWW, "pm = |", f"{pool}pm = |\n")) == {"static", "dynamic", "ondemand"}
    assert "memory_limit]" in one.proposed(WWW, "php_admin_value[|", f"{pool}php_admin_value[|\n")

    assert set(one.proposed(BOUNCER, "[|", "[|\n")) == {"databases]", "pgbouncer]", "users]", "peers]"}
    keys = one.proposed(BOUNCER, "host=db p|", "[databases]\nshop = host=db p|\n")
    assert {"pool_size=", "port="} <= keys.keys()
    assert "host=" not in keys
    assert set(one.proposed(BOUNCER, "pool_mode=|", "[databases]\nshop = pool_mode=|\n")) == {
        "session",
        "transaction",
        "statement",
    }
    assert "max_prepared_statements" not in one.proposed(BOUNCER, "m|", "[pgbouncer]\nm|\n"), "1.21; this is 1.18"


def test_records(one: Editor) -> None:
    one.open(HBA)
    assert set(one.proposed(HBA, "h|", "h|\n")) >= {"local", "host", "hostssl", "include_dir"}
    assert "replication" in one.proposed(HBA, "host |", "host |\n")
    assert set(one.proposed(HBA, "all |", "host all all |\n".replace("all all |", "shop all |"))) >= {"samenet"}
    over_tcp = one.proposed(HBA, "10.0.0.0/8 |", "host all all 10.0.0.0/8 |\n")
    assert "scram-sha-256" in over_tcp
    assert not {"peer", "cert", "oauth"} & over_tcp.keys(), "peer: sockets; cert: hostssl; oauth: PostgreSQL 18"
    assert "peer" in one.proposed(HBA, "local all all |", "local all all |\n")
    options = one.proposed(HBA, "ldap |", "hostssl all all 10.0.0.0/8 ldap |\n")
    assert {"ldapserver=", "clientcert="} <= options.keys()
    assert "radiusservers=" not in options
    certificates = one.proposed(HBA, "clientcert=|", "hostssl all all all scram-sha-256 clientcert=|\n")
    assert set(certificates) == {"verify-ca", "verify-full"}
    rules = one.proposed(HBA, "ignore[hba/|", "# pgfpmlint: ignore[hba/|\n")
    assert "hba/host-without-tls" in rules
    assert rules["hba/host-without-tls"]["textEdit"]["range"]["start"]["character"] == len("# pgfpmlint: ignore[")


def test_our_own_configuration(one: Editor) -> None:
    one.open(CONFIG)
    assert {"hosts: ", "rules: "} <= one.proposed(CONFIG, "|", "|\n").keys()
    assert "memory: " in one.proposed(CONFIG, "m|", "hosts:\n  db: {root: hosts/db, m|\n")
    assert "addresses: " in one.proposed(CONFIG, "a|d", "hosts:\n  db:\n    root: hosts/db\n    a|d\n")
    assert "hba/host-without-tls" in one.proposed(CONFIG, "h|", "rules:\n  ignore:\n    - h|\n")
    assert "hba/host-without-tls" in one.proposed(CONFIG, "[h|", "rules:\n  ignore: [h|\n")
    assert set(one.proposed(CONFIG, "kind: |", "policy:\n  overlap: {kind: |\n")) == {"rolling", "blue-green", "none"}
    assert "db/16-main" in one.proposed(CONFIG, "to: |", "links:\n  - from: web/www\n    to: |\n")
    one.type(CONFIG, "rules: {ignore: [hba/host-without-tls]}\n")
    told = one.request(
        "textDocument/hover", one.at(CONFIG, "ignore: [hba/|host", "rules: {ignore: [hba/host-without-tls]}\n")
    )
    assert told["contents"]["value"].startswith("**hba/host-without-tls**: ")


def test_an_outline(one: Editor) -> None:
    one.open(BOUNCER)
    sections = one.request("textDocument/documentSymbol", {"textDocument": {"uri": one.uri(BOUNCER)}})
    assert [section["name"] for section in sections] == ["databases", "pgbouncer"]
    shop = next(child for child in sections[0]["children"] if child["name"] == "shop")
    assert shop["detail"].startswith("host=pg-primary.internal")
    one.open(HBA)
    records = one.request("textDocument/documentSymbol", {"textDocument": {"uri": one.uri(HBA)}})
    assert "shop shop,api 10.0.1.0/24 scram-sha-256" in [record["detail"] for record in records]


def applied(text: str, edits: list[Message]) -> str:
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit["range"]["start"]["line"], reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["line"] == end["line"] < len(lines)
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
    return "".join(lines)


def test_a_fix(one: Editor) -> None:
    (finding,) = [found for found in one.open(HBA) if found["severity"] < 4]
    title = "Write hostssl instead of host (unsafe: the server will do something else than it does now)"
    action = one.offers(HBA, finding)[title]
    assert "isPreferred" not in action
    (change,) = action["edit"]["documentChanges"]
    text = applied((one.folder / HBA).read_text(), change["edits"])
    assert "\nhostssl    shop" in text
    one.type(HBA, text)
    assert "hba/host-without-tls" not in [found["code"] for found in one.told(HBA)]


def test_a_comment_that_suppresses(one: Editor) -> None:
    (finding,) = [found for found in one.open(HBA) if found["severity"] < 4]
    action = one.offers(HBA, finding)["Suppress hba/host-without-tls here with a comment"]
    assert action["kind"] == "quickfix"
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": one.uri(HBA), "version": one.published[one.uri(HBA)]["version"]}
    text = applied((one.folder / HBA).read_text(), change["edits"])
    assert "# pgfpmlint: ignore[hba/host-without-tls]\nhost    shop" in text
    one.type(HBA, text)
    assert [found for found in one.told(HBA) if found["severity"] < 4] == []
