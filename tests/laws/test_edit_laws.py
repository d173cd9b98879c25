"""What holds for edits whatever they are: nothing outside of them changes, none is applied halfway, and lines that come
in end as the file's own do."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from fix_effects import changed_lines, claimed, strayed, values
from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.fix import SAFE, UNSAFE, Edit, Fix, applied, meets
from pgfpmlint.fix.mend import Wanted, mend
from pgfpmlint.fix.plan import texts, together
from pgfpmlint.options import Options
from pgfpmlint.source.text import Source
from trees import config_of, tree_of

BYTES = st.lists(st.sampled_from([b"a", b" = 1", b"\n", b"\r\n", b"\xff", "é".encode(), b"\t", b"#"]), max_size=30)


def source_of(pieces: list[bytes]) -> Source:
    return Source.from_bytes("some.conf", b"".join(pieces))


@st.composite
def findings(draw: st.DrawFn) -> tuple[Source, list[Finding]]:
    source = source_of(draw(BYTES))
    found = []
    for number in range(draw(st.integers(1, 5))):
        edits = []
        for _ in range(draw(st.integers(1, 2))):
            start = draw(st.integers(0, len(source.text)))
            end = draw(st.integers(start, len(source.text)))
            edits.append(Edit(source.place(start, end), draw(st.sampled_from(["", "x", "y\n", "é = 2"]))))
        if not any(meets(one, other) for one, other in combinations(edits, 2)):
            at = edits[0].place
            found.append(Finding(f"a/{number}", "error", "", at, (), (), "", "", Fix(SAFE, tuple(edits))))
    return source, found


@given(findings())
def test_bytes_outside_of_edits_stay(drawn: tuple[Source, list[Finding]]) -> None:
    source, found = drawn
    chosen = together(found)
    every = [edit for one in chosen if one.fix for edit in one.fix.edits]
    edits = {(edit.place.start, edit.place.end, edit.text): edit for edit in every}
    outside, at = [], 0
    for start, end, _ in sorted(edits):
        outside.append(source.text[at:start])
        at = end
    outside.append(source.text[at:])
    left = after = texts(chosen, {}).get(source.path, source.text)
    assert after == applied(source, edits.values())
    for piece in outside:
        left = left[left.index(piece) + len(piece) :]


@given(findings())
def test_no_two_that_meet_go_together(drawn: tuple[Source, list[Finding]]) -> None:
    _, found = drawn
    chosen = together(found)
    assert chosen == together(found)
    assert not found or chosen[0] == found[0]
    for one, other in combinations(chosen, 2):
        for edit in one.fix.edits if one.fix else ():
            for second in other.fix.edits if other.fix else ():
                assert not meets(edit, second) or (edit.place[1:], edit.text) == (second.place[1:], second.text)


LINES = [
    "[databases]",
    "[pgbouncer]",
    "[pgbuncer]",
    "shop = host=10.0.0.1 ; main",
    "shop = host=10.0.0.2\tport=5433",
    "log_connections = on",
    "default_poolsize = 20",
    "pool_mode = 'transaction'",
    "query_timeout = 10s",
    "admin_users = root ; me",
    "; a comment",
    "",
]


@given(st.lists(st.sampled_from(LINES), max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_applied_twice_is_applied_once(lines: list[str], end: str, last: bool) -> None:
    files = {"pgbouncer.ini": end.join(lines) + (end if last else "")}
    wanted = Wanted(frozenset((SAFE, UNSAFE)))
    changes = mend(tree_of(files), config_of(files), Options(), wanted).changes
    once = {path: change.text for path, change in changes.items()}
    if once and end == "\r\n" and "\r\n" in files["pgbouncer.ini"]:
        assert once["pgbouncer.ini"].count("\n") == once["pgbouncer.ini"].count("\r\n")
    assert mend(tree_of({**files, **once}), config_of(files), Options(), wanted).changes == {}


CONF = "etc/postgresql/16/main/postgresql.conf"
FILES = {
    "pgbouncer.ini": LINES,
    CONF: [
        *("work_mem = 8MB", "work_mem = 8mb", "wrk_mem = 8MB", "fsync = off", "fsync = on", "port = '5432' # here"),
        *("log_min_duration_statement = 1S", "max_conections = 50", "shared_buffers = 128 MB", "# a comment", ""),
        *("wal_level = hot_standby", "archive_mode = on", "log_line_prefix = '%m '", "# pgfpmlint: ignore[hba/]"),
    ],
    "etc/php/8.3/fpm/php-fpm.conf": [
        *("[www]", "[www]", "user = www-data", "listen = 127.0.0.1:9000", "listen = 9001", "pm = static"),
        *("pm = dynamic", "pm.max_children = 5", "pm.max_childern = 5", "pm.start_servers = 2", "request_slowlog = 1"),
        *("php_admin_value[memory_limit] = 10MB", "php_value[memory_limit] = 1M", "catch_workers_output = yes", ""),
    ],
}


@settings(max_examples=150)
@given(st.data())
def test_what_a_fix_does_not_write_stays(data: st.DataObject) -> None:
    """The settings that no changed line names are worth what they were; and all are after safe fixes of a file that its
    server takes, save for those that went with their lines."""
    path = data.draw(st.sampled_from(sorted(FILES)))
    text = "".join(f"{line}\n" for line in data.draw(st.lists(st.sampled_from(FILES[path]), max_size=9)))
    safe = data.draw(st.booleans())
    wanted = Wanted(frozenset((SAFE,) if safe else (SAFE, UNSAFE)))
    changes = mend(tree_of({path: text}), config_of({}), Options(), wanted).changes
    after = changes[path].text if path in changes else text
    before, now = values({path: text}), values({path: after})
    names = claimed(text, after)
    for server in before.keys() & now.keys():
        assert list(strayed(before[server], now[server], names)) == [], changed_lines(text, after)
