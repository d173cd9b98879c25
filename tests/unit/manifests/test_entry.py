"""Lines of a server's file are changed, and taken out, where YAML lists them; what else it lists stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.finding.fix import SAFE, Edit, Fix, applied, removed, surface
from pgfpmlint.manifests.documents import documents
from pgfpmlint.manifests.draft import Draft, quote
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Source


def settings(text: str, truth: str = "") -> Excerpt:
    """The keys of the innermost mapping as lines of postgresql.conf, whose value for a ``true`` is ``truth``."""
    source = Source("some.yaml", text)
    (root,) = documents(source)
    while root.value[0][1].id == "mapping":
        root = root.value[0][1]
    draft = Draft(source, "settings", root)
    for key, value in root.value:
        draft.setting(key, value, truth if truth and value.value == "true" else None)
    return draft.excerpt()


def records(text: str) -> Excerpt:
    source = Source("some.yaml", text)
    (root,) = documents(source)
    items: Any = root.value[0][1]
    draft = Draft(source, "records", root)
    for item in items.value:
        draft.line(item)
    return draft.excerpt()


def changed(found: Excerpt, old: str, new: str) -> str | None:
    start = found.text.index(old)
    fix = surface(Fix(SAFE, (Edit(found.place(start, start + len(old)), new),)))
    return applied(found.outer, fix.edits) if fix is not None else None


@pytest.mark.parametrize(
    ("written", "old", "new", "after"),
    [
        ("8mb", "'8mb'", "'8MB'", "8MB"),
        ("8mb", "'8mb'", "8MB", "8MB"),
        ("8mb", "8mb", "8MB", "8MB"),
        ("'8mb'", "8mb", "8MB", "'8MB'"),
        ('"8mb"  # why', "8mb", "8MB", '"8MB"  # why'),
        ("100", "'100'", "200", "200"),
        ("cp 'a'", "'cp ''a'''", "'cp ''b'''", "cp 'b'"),
        (r'"C:\\a"', r"'C:\\a'", r"'C:\\b'", r'"C:\\b"'),
        ("100", "'100'", "'", None),
        ("100", "'100'", "a b", None),
        ("100", "'100'", "E'a\\n'", None),
        ("&n 100", "'100'", "200", None),
    ],
)
def test_a_value(written: str, old: str, new: str, after: str | None) -> None:
    found = settings(f"first: 1\nname: {written}\nlast: 2\n")
    assert changed(found, old, new) == (f"first: 1\nname: {after}\nlast: 2\n" if after is not None else None)


def test_a_value_that_the_product_writes_in_its_own_words() -> None:
    found = settings("first: 1\nfsync: true\n", "on")
    assert changed(found, "'on'", "off") == "first: 1\nfsync: off\n"


@pytest.mark.parametrize(("written", "after"), [("wrk_mem", "work_mem"), ("'wrk_mem'", "'work_mem'")])
def test_a_name(written: str, after: str) -> None:
    assert changed(settings(f"a:\n  {written}: 8MB\n"), "wrk_mem", "work_mem") == f"a:\n  {after}: 8MB\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("p:\n  a: 1\n  b: 2\n  c: 3\n", "p:\n  a: 1\n  c: 3\n"),
        ("p:\n  a: 1\n  b: 2  # two\n", "p:\n  a: 1\n"),
        ("p:\n  b: >-\n    x\n    y\n  c: 3\n", "p:\n  c: 3\n"),
        ("p:\r\n  a: 1\r\n  b: 2\r\n", "p:\r\n  a: 1\r\n"),
        ("p:\n  a: 1\n  b: 2", "p:\n  a: 1\n"),
        ("p:\n  b: 2\n", None),
        ("p: {a: 1, b: 2}\n", None),
        ("p: &p\n  a: &n 1\n  b: *n\n", None),
    ],
)
def test_a_line_that_goes(text: str, after: str | None) -> None:
    found = settings(text)
    start = found.text.index("b = ")
    fix = surface(removed(found.place(start, start + 5)))
    assert (applied(found.outer, fix.edits) if fix is not None else None) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("r:\n- host a\n- host b\n", "r:\n- host a\n"),
        ("r:\n  - host a\n  # last\n  - 'host b'\n  - host c\n", "r:\n  - host a\n  # last\n  - host c\n"),
        ("r:\n- host b\n", None),
        ("r: [host a, host b]\n", None),
    ],
)
def test_an_item_that_goes(text: str, after: str | None) -> None:
    found = records(text)
    start = found.text.index("host b")
    fix = surface(removed(found.place(start, start + 6)))
    assert (applied(found.outer, fix.edits) if fix is not None else None) == after


def test_a_word_of_an_item() -> None:
    found = records("r:\n- host a all 10.0.0.5/8 md5\n- |\n  host b all ::1/0 md5\n  host c all all md5\n")
    assert changed(found, "10.0.0.5/8", "10.0.0.0/8") == found.outer.text.replace("10.0.0.5/8", "10.0.0.0/8")
    assert changed(found, "::1/0", "::/0") == found.outer.text.replace("::1/0", "::/0")


@given(st.text(alphabet="ab '\\", max_size=12), st.text(alphabet="ab '\\", max_size=12))
def test_values_are_what_was_meant(old: str, new: str) -> None:
    """Whatever signs they hold: quoted by PostgreSQL's rules and then by YAML's."""
    doubled = old.replace("'", "''")
    found = settings(f"name: '{doubled}'\nlast: 1\n")
    after = changed(found, quote(old), quote(new))
    assert after is not None
    assert settings(after).text == f"name = {quote(new)}\nlast = '1'\n"
