"""What is collected of a host holds no secret, and many hosts' facts are linted as their files would be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgfpmlint.cli import main
from pgfpmlint.facts.veil import veiled, without_hashes

SECRETS = {
    "etc/pgbouncer/userlist.txt": (
        '"a" "{0}"\n"b" "md5{1}"\n"c" "SCRAM-SHA-256$4096:{2}"\n',
        ("open-Sesame-1", "0123456789abcdef" * 2, "c2FsdHNhbHQ=$c3RvcmVk:c2VydmVy"),
    ),
    "etc/pgbouncer/pgbouncer.ini": (
        "[databases]\nx = host=db password={0}\n[pgbouncer]\nauth_file = /etc/pgbouncer/userlist.txt\n",
        ("tell-Nobody-2",),
    ),
    "etc/postgresql/16/main/postgresql.conf": ("primary_conninfo = 'host=a password={0}'\n", ("swordFish-3",)),
    "etc/postgresql/16/main/pg_hba.conf": ("host all all 10.0.0.0/8 ldap ldapbindpasswd={0}\n", ("bind-Me-4",)),
    "etc/php/8.3/fpm/pool.d/www.conf": (
        "[www]\nuser = a\nlisten = 9000\nenv[DATABASE_URL] = postgresql://a:{0}@db/x\nenv[API_KEY] = {1}\n",
        ("in-Url-5", "key-6-zzz"),
    ),
    "etc/passwd": ("old:{0}:7:7:A Name:/home/old:/bin/sh\n", ("aBcDeFgHiJkLm",)),
}


def test_no_secret_is_in_the_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted: list[str] = []
    for path, (text, secrets) in SECRETS.items():
        names = {str(number): secret for number, secret in enumerate(secrets)}
        for number, secret in names.items():
            text = text.replace("{" + number + "}", secret)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        planted += secrets
    monkeypatch.chdir(tmp_path)
    assert main(["facts", ".", "--host", "box", "--count", "3", "--address", "10.0.0.9", "-q", "-o", "box.json"]) == 0
    held = (tmp_path / "box.json").read_text()
    assert [secret for secret in planted if secret in held] == []
    facts = json.loads(held)
    assert (facts["host"], facts["count"], facts["addresses"]) == ("box", 3, ["10.0.0.9"])
    assert facts["files"]["/etc/pgbouncer/userlist.txt"].count("SCRAM-SHA-256$4096:") == 1


def test_kinds_of_secrets_stay() -> None:
    scram = "SCRAM-SHA-256$4096:AAAA$BBBB:CCCC"
    text = f'"a" "{scram}"\n"b" "{scram}"\n"c" "md5{"ab" * 16}"\n"d" ""\n"e" "it""s"\n'
    first, second, third, fourth, fifth = veiled(text).splitlines()
    assert first.split()[1] == second.split()[1] != f'"{scram}"'
    assert third == f'"c" "md5{"0" * 32}"'
    assert (fourth, fifth) == ('"d" ""', '"e" "hidden""hidden"')
    assert without_hashes("root:$6$x:0:0:root:/root:/bin/sh\n") == "root:x:0:0\n"


def test_a_fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The example's hosts, collected one by one: 150 workers for 117 slots, as in the tree."""
    shop = Path(__file__).parents[2] / "examples/webshop"
    monkeypatch.chdir(tmp_path)
    for host, words in (("web", ["--count", "3"]), ("edge", ["--address", "pgbouncer.internal"]), ("db", [])):
        assert main(["facts", str(shop / "hosts" / host), *words, "-q", "-o", f"{host}.json"]) == 0
    (tmp_path / ".pgfpmlint.yaml").write_text("hosts: {db: {addresses: [pg-primary.internal]}}\n")
    names = ["web.json", "edge.json", "db.json"]
    assert main(["check", "--facts", *names]) == 1
    said = capsys.readouterr().out
    assert "150 PHP workers may connect straight to db/16-main, which has 117 slots for them" in said
    assert "--> web:/etc/php/8.3/fpm/pool.d/www.conf:10:1" in said
    assert main(["budget", "--facts", *names]) == 1
    assert main(["trace", "--facts", *names]) == 0
    capsys.readouterr()
    for words, why in (
        (["--facts", "web.json", "web.json"], "web.json and web.json are of one host, web"),
        (["--facts", ".pgfpmlint.yaml"], "is no JSON"),
        ([".", "--facts", "web.json", "--fix"], "--fix, --diff and --changed"),
        (["hosts", "--facts", "web.json"], "in the place of PATH"),
        (["--facts", "gone.json"], "gone.json: No such file"),
    ):
        assert main(["check", *words]) == 2
        assert why in capsys.readouterr().err
    assert main(["facts", str(shop)]) == 2
    assert "holds 3 hosts" in capsys.readouterr().err
