from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.finding.fix import SAFE, UNSAFE
from pgfpmlint.fix.mend import Mended, Wanted, mend
from pgfpmlint.options import Options
from trees import config_of, tree_of

INI, CONF, HBA = "pgbouncer.ini", "etc/postgresql/16/main/postgresql.conf", "etc/postgresql/16/main/pg_hba.conf"
HEAD = "[databases]\na = host=/tmp\n[pgbouncer]\n"
BOTH = frozenset((SAFE, UNSAFE))


def mended(files: Mapping[str, str], wanted: Wanted = Wanted(frozenset((SAFE,))), *select: str) -> Mended:  # noqa: B008
    return mend(tree_of(files), config_of(files), Options(select=select), wanted)


def texts(found: Mended) -> dict[str, str]:
    return {path: change.text for path, change in found.changes.items()}


def test_the_safe_ones_alone() -> None:
    files = {CONF: "fsync = off\nwrk_mem = 8MB\n"}
    found = mended(files)
    assert texts(found) == {CONF: "fsync = off\nwork_mem = 8MB\n"}
    assert (found.fixed, found.more, found.declined) == (1, 1, ())
    assert [one.rule for one in found.outcome.findings] == ["postgres/fsync-off"]


def test_the_unsafe_ones_when_they_are_wanted() -> None:
    found = mended({CONF: "fsync = off\n"}, Wanted(BOTH))
    assert (texts(found), found.fixed, found.more) == ({CONF: "fsync = on\n"}, 1, 0)


def test_a_second_setting_makes_a_slip_unsafe() -> None:
    files = {CONF: "work_mem = 4MB\nwrk_mem = 8MB\n"}
    found = mended(files)
    assert (texts(found), found.more) == ({}, 1)


def test_no_fix_that_brings_another_fault() -> None:
    """Its comment gone, the value of a file that PgBouncer takes turns out to be in quotes."""
    found = mended({INI: f'{HEAD}admin_users = "root" ; me\n'}, Wanted(BOTH))
    assert texts(found) == {}
    assert [(one.finding.rule, one.why) for one in found.declined] == [
        ("pooler/comment-in-value", f"pooler/quoted-value would then be found in {INI}")
    ]


def test_the_others_are_fixed_all_the_same() -> None:
    files = {INI: f'{HEAD}admin_users = "root" ; me\nstats_users = app ; it\nunix_socket_mode = 700\n'}
    found = mended(files, Wanted(BOTH))
    assert texts(found) == {INI: f'{HEAD}admin_users = "root" ; me\n; it\nstats_users = app\nunix_socket_mode = 0700\n'}
    assert (found.fixed, len(found.declined)) == (2, 1)


def test_a_file_that_no_server_took_may_turn_out_to_have_other_faults() -> None:
    """Spelt right, the name makes the earlier line one without effect, which goes in turn."""
    found = mended({CONF: "work_mem = 4MB\nwrk_mem = 8MB\n"}, Wanted(BOTH))
    assert (texts(found), found.fixed) == ({CONF: "work_mem = 8MB\n"}, 2)


def test_edits_of_the_same_text_wait_for_each_other() -> None:
    """The comment at the end of the first line is of no use and goes first; then the line, which is of none either."""
    files = {CONF: "fsync = on # pgfpmlint: ignore[postgres/fsync-off] once\nfsync = off\n"}
    found = mended(files)
    assert texts(found) == {CONF: "fsync = off\n"}
    assert (found.fixed, found.declined) == (2, ())


def test_what_a_comment_hushes_is_left_alone() -> None:
    found = mended({CONF: "# pgfpmlint: ignore[postgres/fsync-off] a test machine\nfsync = off\n"}, Wanted(BOTH))
    assert (texts(found), found.more) == ({}, 0)


def test_what_was_not_asked_for_is_left_alone() -> None:
    files = {CONF: "fsync = off\nautovacuum = off\n"}
    found = mended(files, Wanted(BOTH), "postgres/fsync-off")
    assert texts(found) == {CONF: "fsync = on\nautovacuum = off\n"}


def test_one_file_alone() -> None:
    files = {CONF: "wrk_mem = 8MB\n", INI: "[pgbouncer]\nlog_connections = on\n"}
    found = mended(files, Wanted(frozenset((SAFE,)), only=INI))
    assert set(texts(found)) == {INI}


def test_what_a_baseline_knows_is_left_alone() -> None:
    files = {CONF: "wrk_mem = 8MB\n"}
    found = mended(files, Wanted(BOTH, known=lambda outcome: outcome._replace(findings=())))
    assert (texts(found), found.outcome.findings) == ({}, ())


def test_a_fixed_tree_stays_as_it_is() -> None:
    files = {CONF: "wrk_mem = 8mb\nfsync = off\nmaintenance_work_mem = 64mb\n", HBA: "host all all 10.0.0.5/8 trust\n"}
    once = {**files, **texts(mended(files, Wanted(BOTH)))}
    assert texts(mended(once, Wanted(BOTH))) == {}
