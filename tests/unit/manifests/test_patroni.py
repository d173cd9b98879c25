"""What Patroni makes of its configuration. Expected are the words of its manual and what Patroni 4.1 wrote for the same
files (tests/servers/test_patroni.py asks it again)."""

from __future__ import annotations

import pytest

from operator_manifests import PATRONI
from pgfpmlint.model.nodes import Instance
from trees import outcome_of, world_of


def _instance(text: str) -> Instance:
    (found,) = world_of({"pg1.yml": text}).deployment.instances
    return found


def test_a_member_with_its_cluster() -> None:
    found = _instance(PATRONI)
    values = {name: found.postgres.setting(name).value for name in found.postgres.settings}
    assert values | {"jit": "off"} == values
    assert (values["max_connections"], values["work_mem"], values["wal_keep_size"]) == ("200", "16384", "64")
    assert (values["listen_addresses"], values["port"], values["cluster_name"]) == (
        "10.0.0.1,127.0.0.1",
        "5433",
        "shop",
    )
    assert values["log_line_prefix"] == "%m [it's]"
    assert values["wal_level"] == "replica"
    assert (found.name, found.host.addresses) == ("pg1/postgresql", ("pg1.internal",))
    assert found.postgres.reading.version.number == (16,)
    assert found.hba is not None
    assert [record.method for record in found.hba.records] == ["scram-sha-256"]


def test_places_are_those_of_the_file() -> None:
    found = _instance(PATRONI).postgres
    shown = {name: place.surface.text for name in found.settings if (place := found.setting(name).place) is not None}
    assert shown["max_connections"] == "max_connections: 200"
    assert shown["log_line_prefix"] == 'log_line_prefix: "%m [it\'s]"'
    assert shown["port"] == '"10.0.0.1,127.0.0.1:5433"'
    assert shown["wal_keep_size"] == "wal_keep_segments"
    assert [lost.place.surface.text for lost in found.setting("work_mem").shadowed] == ["work_mem: 8MB"]


def test_a_comment_of_the_file_hushes() -> None:
    outcome = outcome_of({"pg1.yml": PATRONI})
    assert [found.rule for found in outcome.suppressed] == ["manifest/ignored-parameter"]
    assert outcome.suppressed[0].at.text == "max_connections: 300"
    assert not any(found.rule.startswith(("files/", "manifest/")) for found in outcome.findings)


def test_a_member_within_a_config_map() -> None:
    """A file in a file in a file: places are those of the outermost."""
    held = PATRONI.replace("\n", "\n    ").rstrip()
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: patroni}}\ndata:\n  patroni.yml: |\n    {held}\n"
    outcome = outcome_of({"k8s.yaml": text.replace("work_mem: 16MB", "wrk_mem: 16MB")})
    (found,) = (one for one in outcome.findings if one.rule == "manifest/parameter-left-out")
    lines = text.splitlines()
    assert (found.at.path, found.at.text) == ("k8s.yaml", "wrk_mem: 16MB")
    assert lines[found.at.line - 1].strip() == "work_mem: 16MB"
    assert [one.at.text for one in outcome.suppressed] == ["max_connections: 300"]
    assert outcome.crashed == ()


def test_without_the_dcs_nobody_knows() -> None:
    own = "scope: s\nname: pg1\nrestapi: {}\npostgresql:\n  listen: '*:5432'\n  parameters: {work_mem: 8MB}\n"
    found = _instance(own).postgres
    assert found.setting("work_mem").value == "8192"
    assert found.setting("port").value == "5432"
    assert found.setting("max_connections").value is None
    assert found.setting("shared_buffers").value is None


@pytest.mark.parametrize(
    ("bootstrap", "member", "expected"),
    [
        ("", "", ["trust"] * 6),
        ("initdb: [{auth: scram-sha-256}, {auth-local: peer}]", "", ["peer", *["scram-sha-256"] * 2] * 2),
        ("pg_hba: [host all all all md5]", "", [*["trust"] * 6, "md5"]),
        ("pg_hba: [host all all all md5]", "pg_hba: [local all all peer]", ["peer"]),
        ("pg_hba: [host all all all md5]", "pg_hba: []", [*["trust"] * 6, "md5"]),
    ],
)
def test_access_records(bootstrap: str, member: str, expected: list[str]) -> None:
    """What initdb makes is what initdb of PostgreSQL 15 made with these options."""
    text = f"scope: s\nrestapi: {{}}\nbootstrap:\n  dcs: {{}}\n  {bootstrap}\npostgresql:\n  listen: h\n  {member}\n"
    found = _instance(text)
    assert found.hba is not None
    assert [record.method for record in found.hba.records] == expected


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Thing\nrestapi: {}\npostgresql: {parameters: {work_mem: 1}}\n",
        "restapi: {}\npostgresql: [1]\n",
        "restapi: {}\npostgresql: {parameters: [work_mem]}\n",
        "restapi: {}\npostgresql: {parameters: {work_mem: {a: 1}, ? [x] : y}, pg_hba: yes, listen: [1]}\n",
        "restapi:\n  {{ template }}\npostgresql: {}\n",
        "restapi: {}\npostgresql: {pg_hba: [{a: b}, ~, 5], listen: ':x', parameters: }\nbootstrap: {dcs: [1]}\n",
    ],
)
def test_nothing_breaks(text: str) -> None:
    assert outcome_of({"pg1.yml": text}).crashed == ()
