"""Fixes of files that lie within others are written where people wrote them."""

from __future__ import annotations

import pytest

from pgfpmlint.finding.fix import SAFE, UNSAFE
from pgfpmlint.fix.mend import Mended, Wanted, mend
from pgfpmlint.manifests.writing import Scalar
from pgfpmlint.options import Options
from pgfpmlint.source.excerpt import Rewrite
from trees import config_of, tree_of

PATH = "k8s/db.yaml"
BOTH = Wanted(frozenset((SAFE, UNSAFE)))

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: db
data:
  # the database's own
  postgresql.conf: |
    # memory
    wrk_mem = 8MB   # for sorts

    fsync = off
    fsync = on
  pg_hba.conf: |-
    local all all peer
    host all all 10.0.0.5/8 md5
  pgbouncer.ini: "[databases]\\nshop = host=postgres\\n[pgbouncer]\\nadmin_users = app ; me\\nunix_socket_mode = 700\\n"
---
apiVersion: v1
kind: Secret
metadata: {name: pooler}
stringData:
  postgresql.auto.conf: 'log_min_duration_statement = 5S'
"""


def mended(text: str, wanted: Wanted = BOTH) -> Mended:
    files = {PATH: text}
    return mend(tree_of(files), config_of(files), Options(), wanted)


def text_after(text: str) -> str:
    return mended(text).changes[PATH].text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_style_keeps_its_form(end: str) -> None:
    after = text_after(MANIFEST.replace("\n", end))
    assert after == (
        MANIFEST.replace("wrk_mem = 8MB ", "work_mem = 8MB ")
        .replace("    fsync = off\n", "")
        .replace("10.0.0.5/8", "10.0.0.0/8")
        .replace(
            "admin_users = app ; me\\nunix_socket_mode = 700", "; me\\nadmin_users = app\\nunix_socket_mode = 0700"
        )
        .replace("5S", "5s")
    ).replace("\n", end)
    assert mended(after).changes == {}


def test_findings_show_their_fixes_as_they_are_written() -> None:
    (found,) = [
        one for one in mended(MANIFEST, Wanted(frozenset())).outcome.findings if one.rule == "hba/address-beyond-mask"
    ]
    assert found.fix is not None
    assert [(edit.place.path, edit.place.line, edit.text) for edit in found.fix.edits] == [(PATH, 15, "10.0.0.0/8")]


def test_an_edit_that_changes_something_else_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the writing of scalars might get wrong."""
    honest = Scalar.rewritten

    def broken(self: Scalar, start: int, end: int, text: str) -> Rewrite | None:
        change = honest(self, start, end, text)
        return change._replace(text=f"{change.text}\n# more") if change is not None else None

    monkeypatch.setattr(Scalar, "rewritten", broken)
    found = mended(MANIFEST)
    assert found.changes == {}
    assert f"{PATH}#db/postgresql.conf would hold something else then" in {one.why for one in found.declined}


def test_what_an_alias_stands_for_is_left_alone() -> None:
    """Whatever else it stands for would change with it."""
    files = "{postgresql.conf: &one 'wrk_mem = 8MB', other: *one}"
    found = mended(f"kind: ConfigMap\nmetadata: {{name: db}}\ndata: {files}\n")
    assert [(one.rule, one.fix) for one in found.outcome.findings] == [("postgres/unknown-parameter", None)]


CLUSTER = """\
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: shop
spec:
  instances: 3
  imageName: ghcr.io/cloudnative-pg/postgresql:16
  postgresql:
    parameters:
      max_connections: "100"
      fsync: "off"   # slow otherwise
      enable_seqscan: "off"
      work_mem: 8mb
    pg_hba:
      - hostssl shop app 10.0.0.5/8 md5  # the office
      - hostssl shop app 10.0.0.5/8 md5
      - hostssl all all all scram-sha-256
"""


def test_what_an_operator_is_told() -> None:
    """Values stay in the quotes that they have, a setting and a record go with their lines."""
    assert text_after(CLUSTER) == (
        CLUSTER.replace('fsync: "off"', 'fsync: "on"')
        .replace('      enable_seqscan: "off"\n', "")
        .replace("8mb", "8MB")
        .replace("      - hostssl shop app 10.0.0.5/8 md5\n", "")
        .replace("10.0.0.5/8", "10.0.0.0/8")
    )


def test_words_of_a_command() -> None:
    text = (
        'services:\n  db:\n    image: postgres:16\n    command: ["postgres", "-c", "fsync=off", "-c", "work_mem=8mb"]\n'
    )
    files = {"compose.yaml": text}
    found = mend(tree_of(files), config_of(files), Options(), BOTH).changes["compose.yaml"].text
    assert found == text.replace("fsync=off", "fsync=on").replace("8mb", "8MB")
