"""No password, hash or key of a linted file stands in any output, whatever the rule says about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Edit, Finding, Fix
from pgfpmlint.finding.fix import applied, line_above
from pgfpmlint.finding.problem import Label
from pgfpmlint.report import REPORTERS, Look, render
from pgfpmlint.report.diff import diff
from pgfpmlint.report.html.findings import cards
from pgfpmlint.report.snippet import Screen
from pgfpmlint.source.text import Place, Source

LINES = [
    "app = host=db user=app password={} port=5432",
    "app = host=db password='{}' pool_size=3",
    "primary_conninfo = 'host=db password={} sslmode=require'",
    "host all all 10.0.0.0/8 ldap ldapbindpasswd={}",
    'host all all 10.0.0.0/8 radius radiussecrets="{}"',
    "env[DB_PASSWORD] = {}",
    "env[APP_SECRET] = '{}' ; the secret",
    "env[API_TOKEN]= {} more",
    "env[DATABASE_URL] = postgres://app:{}@db:5432/app",
    '"app" "{}"',
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
    "password: {}",
    "CREATE ROLE app LOGIN PASSWORD '{}';",
    ";php_admin_value[pgsql.password] = {}",
]
SHAPES = ["md5{}", "SCRAM-SHA-256$4096:{}"]
# Signs that need no quoting anywhere above. Sixteen of them: long enough to be seen only where the secret is.
SECRETS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/-_.!*", min_size=16, max_size=16)
AROUND = st.lists(st.sampled_from(["", "# a comment", "port = 5432", "[www]", "local all all peer"]), max_size=3)


def outputs(source: Source, place: Place, message: str) -> list[str]:
    """Everything that is ever printed of a finding at ``place``, in every format, plain and coloured."""
    fix = Fix("safe", (Edit(place, place.text),))
    finding = Finding("a/b", "error", message, place, (Label(place, message),), (message,), message, "", fix)
    elsewhere = finding._replace(at=Source("other", "x = 1\n").place(0, 1))
    hushed = finding._replace(hushed_by=message)
    outcome = Outcome((finding, elsewhere), (hushed,))
    moved = [Edit(place, ""), line_above(place, place.text)] if place.text.strip() else []
    return [
        *(render(format_, outcome, Look(color=color)) for format_ in REPORTERS for color in (False, True)),
        *(render(format_, Outcome((_with(finding, moved),)), Look()) for format_ in REPORTERS),
        diff([(source, applied(source, moved))])[0],
        repr(cards((*outcome.findings, _with(finding, moved)), {}, Screen())),
    ]


def _with(finding: Finding, edits: list[Edit]) -> Finding:
    return finding._replace(fix=Fix("unsafe", tuple(edits)))


@given(st.sampled_from(LINES), SECRETS, AROUND, AROUND, st.data())
def test_in_source_lines_and_in_messages_that_quote_them(
    line: str, secret: str, before: list[str], after: list[str], data: st.DataObject
) -> None:
    text = "\n".join([*before, line.format(secret), *after, ""])
    source = Source("etc/some.conf", text)
    start = data.draw(st.integers(0, len(text) - 1))
    place = source.place(start, data.draw(st.integers(start, len(text))))
    for message in (f'invalid value "{secret}"', f"near {line.format(secret)}"):
        for output in outputs(source, place, message):
            assert secret not in output


@given(st.sampled_from(SHAPES), st.text(alphabet="0123456789abcdef", min_size=32, max_size=32))
def test_hashes_wherever_they_stand(shape: str, digits: str) -> None:
    source = Source("etc/some.conf", f"x = {shape.format(digits)} y\n")
    for output in outputs(source, source.line_place(1), f"what is {shape.format(digits)}"):
        assert digits not in output


@pytest.mark.parametrize("format_", list(REPORTERS))
def test_every_output_is_printable_text(format_: str) -> None:
    source = Source("etc/\x1b[2J.conf", "a = \x00\udcff\x1b]0;\x07\n")
    finding = Finding("a/b", "info", "\x1b[2J\udcff\n", source.line_place(1), (), ("\r",), "\x08", "", None)
    output = render(format_, Outcome((finding,)), Look())
    assert all(sign.isprintable() or sign == "\n" for sign in output)
    output.encode()
