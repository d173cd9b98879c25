"""What .pgfpmlint.yaml says, and what is said to those who write it wrong."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.config import Config, ConfigError, HostConfig, Overlap
from pgfpmlint.config.lookup import find, load
from pgfpmlint.config.reading import read
from pgfpmlint.source.text import Place, Source

PROMISED = """\
versions: {postgres: 16, php: "8.3", pgbouncer: "1.24"}   # else told from paths and files
hosts:
  web:  {root: hosts/web, count: 3, memory: 8GB, cpus: 4, addresses: [10.0.1.10, 10.0.1.11], worker_memory: 60MB}
  edge: {root: hosts/edge, addresses: [pgbouncer.internal, 10.0.1.20]}
  db:   {root: hosts/db, memory: 16GB, cpus: 4, addresses: [pg-primary.internal, 10.0.2.5]}
links:
  - {from: web/www, to: edge/pgbouncer, database: myapp, user: app, connections_per_worker: 1, persistent: true}
consumers:
  - {name: monitoring, to: db, connections: 2}
policy: {headroom: 20%, overlap: {kind: rolling, batch: 1}}  # rolling, blue-green, none
rules:
  ignore: [postgres/jit-on]
  severity: {hba/host-without-tls: error}
  params: {capacity/headroom-below-target: {target: 15%}}
  extra: [policy/]
files:
  exclude: ["**/vendor/**"]
  kinds: {"deploy/db/*.conf": postgresql.conf}
"""


def reading(text: str, path: str = ".pgfpmlint.yaml") -> Config:
    return read(Source(path, text))


def at(place: Place | None) -> str:
    assert place is not None
    return f"{place.line}: {place.text}"


def test_the_promised_file() -> None:
    found = reading(PROMISED)
    assert {product: (given.number, given.why) for product, given in found.versions.items()} == {
        "postgresql": ((16,), "versions: in .pgfpmlint.yaml:1"),
        "php": ((8, 3), "versions: in .pgfpmlint.yaml:1"),
        "pgbouncer": ((1, 24), "versions: in .pgfpmlint.yaml:1"),
    }
    web, edge, db = found.hosts
    assert web[2:8] == ("hosts/web", 3, 8 * 1024**3, 4, ("10.0.1.10", "10.0.1.11"), 60 * 1024**2)
    assert (edge.name, edge.root, edge.machines, edge.memory) == ("edge", "hosts/edge", 1, None)
    assert at(db.place) == "5: db"
    assert at(web.places["count"]) == "3: 3"
    assert at(web.places["addresses"]) == "3: [10.0.1.10, 10.0.1.11]"
    (link,) = found.links
    assert link[:2] == ("web/www", "edge/pgbouncer")
    assert link[3:7] == ("myapp", "app", 1, True)
    assert at(link.place) == "7: " + PROMISED.splitlines()[6].removeprefix("  - ")
    assert at(link.places["to"]) == "7: edge/pgbouncer"
    (consumer,) = found.consumers
    assert consumer[:3] == ("monitoring", "db", 2)
    assert at(consumer.places["connections"]) == "9: 2"
    assert found.policy.headroom == 20
    assert found.policy.overlap is not None
    assert found.policy.overlap[:2] == ("rolling", 1)
    assert at(found.policy.overlap.place) == "10: {kind: rolling, batch: 1}"
    rules = found.rules
    assert [word.text for word in rules.ignore] == ["postgres/jit-on"]
    assert at(rules.ignore[0].place) == "12: postgres/jit-on"
    assert rules.severity["hba/host-without-tls"].text == "error"
    assert at(rules.places["hba/host-without-tls"]) == "13: hba/host-without-tls"
    assert rules.params["capacity/headroom-below-target"]["target"].text == "15%"
    assert [word.text for word in rules.extra] == ["policy"]
    assert [word.text for word in found.files.exclude] == ["**/vendor/**"]
    assert [(pattern.text, kind.text) for pattern, kind in found.files.kinds] == [
        ("deploy/db/*.conf", "postgresql.conf")
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "hosts:\n  # web: {root: hosts/web}\n", "\ufeff"])
def test_a_file_that_says_nothing(text: str) -> None:
    assert reading(text) == Config(".pgfpmlint.yaml")


def test_a_version_is_taken_as_written() -> None:
    assert str(reading("versions: {pgbouncer: 1.20}").versions["pgbouncer"]) == "1.20"


def test_block_style_and_anchors() -> None:
    found = reading("hosts:\n  a: &same\n    memory: 1 GB\n  b: *same\n")
    assert [host.memory for host in found.hosts] == [1024**3, 1024**3]


def test_roots_start_from_the_files_folder() -> None:
    found = reading("hosts: {a: {root: ./x/}, b: {root: ../y}, c: {root: .}, d: {root: /z}}", "ci/lint.yaml")
    assert [host.root for host in found.hosts] == ["ci/x", "y", "ci", "/z"]
    assert [host.root for host in reading("hosts: {a: {root: .}}").hosts] == [""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hots: {}", "1: unknown key 'hots'; did you mean 'hosts'?"),
        (
            "\nfoo: {}",
            "2: unknown key 'foo'; known here: versions, hosts, links, consumers, poolers, policy, rules, files",
        ),
        ("hosts:\n  web: {adresses: []}", "2: unknown key 'adresses' in hosts.web; did you mean 'addresses'?"),
        ("versions: {postgresql: 16}", "1: unknown key 'postgresql' in versions; did you mean 'postgres'?"),
        ("links:\n- {from: a, to: b, dbname: x}", None),
        (
            "policy: {overlap: {kind: rolling}}\npolicy: {}",
            "2: 'policy' stands here a second time, after line 1; remove one",
        ),
        ("[a, b]", "1: the file must hold keys and values; write it like hosts: {web: {root: hosts/web}}"),
        ("hosts: 3", "1: hosts must hold keys and values; write it like web: {root: hosts/web, count: 3, memory: 8GB}"),
        ("links: {from: a}", "1: links must be a list; write it like [{from: web/www, to: edge/pgbouncer}]"),
        ("links:\n- from: a\n", "2: links[0] lacks 'to'; add it"),
        ("consumers: [{name: a, to: db}]", "1: consumers[0] lacks 'connections'; add it"),
        (
            "hosts: {web: {count: three}}",
            "1: hosts.web.count must be a whole number from 1, not three; write it like 3",
        ),
        ("hosts: {web: {count: 0}}", "1: hosts.web.count must be a whole number from 1, not 0; write it like 3"),
        ("hosts: {web: {cpus: [4]}}", "1: hosts.web.cpus must be a whole number from 1; write it like 4"),
        ("hosts: {web: {memory: 8 apples}}", "1: hosts.web.memory: '8 apples' is no size; write it like 8GB or 512MB"),
        ("hosts: {web: {memory: 1.5GB}}", "1: hosts.web.memory: '1.5GB' is no size; write it like 8GB or 512MB"),
        (
            "hosts: {web: {addresses: db}}",
            "1: hosts.web.addresses must be a list; write it like [10.0.1.10, db.internal]",
        ),
        ("hosts: {web: {addresses: [[]]}}", "1: hosts.web.addresses[0] must be a word; write it like 10.0.1.10"),
        (
            "hosts:\n  a: {root: x}\n  b: {root: ./x/}",
            "3: hosts a and b have the same root; give each its own folder",
        ),
        ("links: [{from: a, to: b, persistent: 1}]", "1: links[0].persistent must be true or false, not 1"),
        (
            "policy: {headroom: a lot}",
            "1: policy.headroom: 'a lot' is no percentage; write a whole number from 0% to 100%, like 20%",
        ),
        (
            "policy: {headroom: 120%}",
            "1: policy.headroom: '120%' is no percentage; write a whole number from 0% to 100%, like 20%",
        ),
        (
            "policy:\n  overlap:\n    kind: sliding",
            "3: policy.overlap.kind must be rolling, blue-green or none, not sliding",
        ),
        ("versions: {postgres: new}", "1: versions.postgres: 'new' is no PostgreSQL version; write it like 19"),
        ("rules: {severity: {a/b: fatal}}", "1: rules.severity.a/b must be error, warning or info, not fatal"),
        ("rules: {ignore: a/b}", "1: rules.ignore must be a list; write it like [postgres/commits-not-awaited]"),
        ("a: [", "1: not YAML: while parsing a flow node, expected the node content, but found '<stream end>'"),
        ("a: 1\n b: 2", "2: not YAML: mapping values are not allowed here"),
        ("a\n\x01", "2: not YAML: special characters are not allowed; remove the character"),
        ("--- a\n--- b", "2: not YAML: expected a single document in the stream, but found another document"),
    ],
)
def test_what_can_not_be_meant(text: str, message: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        reading(text)
    if message is None:
        message = (
            "2: unknown key 'dbname' in links[0]; "
            "known here: from, to, database, user, connections_per_worker, persistent"
        )
    assert str(caught.value) == f".pgfpmlint.yaml:{message}"


@given(st.text(alphabet="ab:[]{}-,&*!|>'\"%@`# \n\t?\x00\udc80\u2028hosts123"))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(ConfigError):
        reading(text)


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lexists = os.path.lexists  # the folder for temporary files may itself lie in a repository
    monkeypatch.setattr(os.path, "lexists", lambda path: path.startswith(f"{tmp_path}/") and lexists(path))
    repository = tmp_path / "repository"
    deep = repository / "a/b"
    deep.mkdir(parents=True)
    (tmp_path / ".pgfpmlint.yaml").write_text("hosts: {above: {}}\n")
    assert find(str(tmp_path)) == f"{tmp_path}/.pgfpmlint.yaml"
    assert find(str(deep)) is None
    (repository / ".pgfpmlint.yaml").write_text("hosts: {web: {root: a/b}}\n")
    assert find(str(deep)) is None  # no repository: it may be anybody's
    (repository / ".git").mkdir()
    assert find(str(deep)) == f"{repository}/.pgfpmlint.yaml"
    assert load(find(str(deep)) or "", str(deep)).hosts[0].root == f"{repository}/a/b"
    (repository / "a/.pgfpmlint.yaml").write_text("")
    assert find(str(deep)) == f"{repository}/a/.pgfpmlint.yaml"
    assert load("a/.pgfpmlint.yaml", str(repository)) == Config("a/.pgfpmlint.yaml", "a")


def test_the_nearest_file_to_a_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lexists = os.path.lexists
    monkeypatch.setattr(os.path, "lexists", lambda path: path.startswith(f"{tmp_path}/") and lexists(path))
    for name in ("shop/hosts/db", "blog/hosts", "else/where"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "shop/hosts/db/x.conf").write_text("")
    where, shop, blog = str(tmp_path), tmp_path / "shop/.pgfpmlint.yaml", tmp_path / "blog/.pgfpmlint.yaml"
    shop.write_text("")
    # Below the working directory every folder counts, from the PATH up.
    assert find(where, ["."]) is None
    assert find(where, ["shop"]) == str(shop)
    assert find(where, ["shop/hosts/db", "shop/hosts/db/x.conf", "else"]) == str(shop)
    # Elsewhere only the PATH's own folder does, for what lies further up may be anybody's; unless it is a repository.
    outside = str(tmp_path / "else")
    assert find(outside, [str(tmp_path / "shop")]) == str(shop)
    assert find(outside, ["../shop/hosts/db"]) is None
    (tmp_path / "shop/.git").mkdir()
    assert find(outside, ["../shop/hosts/db"]) == str(shop)
    # The nearer one wins, and the working directory's counts for a PATH that has none.
    own = tmp_path / ".pgfpmlint.yaml"
    own.write_text("")
    assert find(where, ["."]) == str(own)
    assert find(where, ["shop/hosts"]) == str(shop)
    assert find(where, ["blog", "else/where"]) == str(own)
    blog.write_text("")
    with pytest.raises(ConfigError) as caught:
        find(where, ["shop", "blog/hosts"])
    assert str(caught.value) == (
        "shop/.pgfpmlint.yaml and blog/.pgfpmlint.yaml: each is nearest to a PATH; "
        "lint these one by one, or choose with --config FILE"
    )


def test_a_named_file_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^gone.yaml: No such file or directory; name a readable file, or leave"):
        load("gone.yaml", str(tmp_path))
    os.mkfifo(tmp_path / "fifo.yaml")
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    (tmp_path / "large.yaml").write_bytes(b"#" * (4 * 1024**2 + 1))
    for name in (".", "fifo.yaml", "endless.yaml"):
        with pytest.raises(ConfigError, match=r"^[a-z.]*: is no regular file; name a readable file, or leave"):
            load(name, str(tmp_path))
    with pytest.raises(ConfigError, match=r"^large.yaml: is too large for a configuration file$"):
        load("large.yaml", str(tmp_path))


def test_the_folder_of_a_host_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("hosts:\n  web: {}\n  db: {root: hosts/db}\n")
    with pytest.raises(ConfigError, match=r"^a.yaml:3: hosts.db.root: there is no folder hosts/db$"):
        load("a.yaml", str(tmp_path))


def test_without_a_file() -> None:
    assert Config().policy.headroom == 20
    assert Config().policy.overlap is None
    assert HostConfig("web", Place(Source("x", ""), 0, 0)).machines == 1
    assert Overlap._fields == ("kind", "batch", "place")
    assert Config().versions == dict[str, ServerVersion]()
