"""Files within the ConfigMaps and Secrets of Kubernetes are linted where they are written."""

from __future__ import annotations

import pytest

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.report import REPORTERS, Look, render
from trees import outcome_of

DATABASE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: postgres
data:
  postgresql.conf: |
    listen_addresses = '*'
    max_conections = 100
    fsync = off   # pgfpmlint: ignore[postgres/fsync-off] a database of tests
  pg_hba.conf: |-
    local all all peer
    host all all 0.0.0.0/0 trust
  notes.md: |
    # fsync = off is bad
---
apiVersion: v1
kind: Secret
metadata: {name: pooler}
stringData:
  userlist.txt: |
    "app" "geheim-1234567"
    app
  pgbouncer.ini: "[databases]\\nshop = host=postgres\\n[pgbouncer]\\nauth_file = userlist.txt\\npool_mode = some\\n"
"""
POOL = """\
kind: ConfigMap
metadata: {name: php}
data:
  php-fpm.conf: |
    [www]
    user =
    listen = 9000
    pm = static
    pm.max_children =
"""
OTHERS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: prometheus}
data:
  rules.yaml: |
    groups: [postgres]
"""


def _places(outcome: Outcome) -> dict[str, tuple[int, int, str]]:
    return {found.rule: (found.at.line, found.at.column, found.at.text) for found in outcome.findings}


def test_places_are_lines_of_the_manifest() -> None:
    outcome = outcome_of({"k8s/db.yaml": DATABASE, "k8s/other.yaml": OTHERS})
    places = _places(outcome)
    assert places["postgres/unknown-parameter"] == (8, 5, "max_conections = 100")
    assert places["hba/trust-from-network"] == (12, 28, "trust")
    assert places["pooler/userlist-broken"] == (22, 5, "app")
    line = DATABASE.splitlines()[22]
    assert places["pooler/invalid-value"] == (23, line.index("some") + 1, "some")
    assert {found.at.path for found in outcome.findings} == {"k8s/db.yaml"}
    assert outcome.crashed == ()


def test_a_broken_line_of_a_short_block() -> None:
    """Its number in the manifest is larger than the block has lines."""
    broken = "kind: ConfigMap\nmetadata: {name: db}\ndata:\n  postgresql.conf: |\n    port = 1\n    a b c\n"
    outcome = outcome_of({"k8s/db.yaml": broken, "k8s/php.yaml": POOL})
    assert outcome.crashed == ()
    assert _places(outcome)["postgres/syntax-error"] == (6, 9, "c")


def test_a_comment_in_the_block_suppresses() -> None:
    outcome = outcome_of({"k8s/db.yaml": DATABASE})
    assert [found.rule for found in outcome.suppressed] == ["postgres/fsync-off"]


def test_each_file_says_where_it_was_found() -> None:
    outcome = outcome_of({"k8s/db.yaml": DATABASE})
    why = {file.kind: file.why for file in outcome.files}
    assert why["postgresql.conf"] == "postgresql.conf of ConfigMap postgres: named postgresql.conf"
    assert set(why) == {"postgresql.conf", "pg_hba.conf", "userlist.txt", "pgbouncer.ini"}


@pytest.mark.parametrize("format_", REPORTERS)
def test_no_secret_of_a_block_is_printed(format_: str) -> None:
    broken = DATABASE.replace('"app" "geheim-1234567"', '"app" "geheim-1234567" x\n    "b" "geheim-7654321')
    outcome = outcome_of({"k8s/db.yaml": broken})
    assert "pooler/userlist-broken" in _places(outcome)
    assert "geheim" not in render(format_, outcome, Look())


@pytest.mark.parametrize(
    "text",
    [
        DATABASE.replace("kind: ConfigMap", "kind: ConfigMap\n{{ if .Values.x }}"),
        DATABASE.replace("data:", "data: {{ toYaml .Values.data }}"),
        "kind: ConfigMap\ndata: [postgresql.conf]\n",
        "kind: ConfigMap\ndata: {postgresql.conf: {fsync: off}}\n",
        "kind: ConfigMap\n? [a, b]\n: postgres\n",
        "kind: ConfigMap\npostgres: &a [*a]\n",
        "kind: ConfigMap # postgres\n\t\x00",
    ],
)
def test_what_is_no_manifest_is_nobodys(text: str) -> None:
    """A Helm template can't be read as YAML; it is passed over as it was before."""
    assert outcome_of({"k8s/db.yaml": text, "etc/php/8.3/fpm/php-fpm.conf": ""}).crashed == ()
