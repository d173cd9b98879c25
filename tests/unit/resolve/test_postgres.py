"""A server's settings from all its files. What servers answer to each file is in tests/vectors; here is the rest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import POSTGRESQL, newest, parse
from pgfpmlint.resolve.postgres import PostgresReading, read, values
from pgfpmlint.resolve.settings import Default, Unknown, Written
from pgfpmlint.source import paths
from pgfpmlint.source.memory import MemoryRoot
from pgfpmlint.source.tree import Unreadable

FOLDER = "/etc/postgresql/16/main"
NOTHING: Mapping[str, str] = {}


def reading(
    text: str,
    version: str = "16",
    beside: Mapping[str, str] = NOTHING,
    *,
    complete: bool = False,
    fragment: bool = False,
    command_line: Mapping[str, str] = NOTHING,
) -> PostgresReading:
    """``beside`` holds further files, by absolute path or by name in the main file's folder."""
    files = {paths.join(FOLDER, name)[1:]: more.encode() for name, more in {"postgresql.conf": text, **beside}.items()}
    root = MemoryRoot("db", "", files, complete=complete)
    told = parse(POSTGRESQL, version, "a test says so") if version else newest(POSTGRESQL)
    return read(root, f"{FOLDER}/postgresql.conf", told, fragment=fragment, command_line=command_line)


def rules(found: PostgresReading) -> list[str]:
    return [problem.rule for problem in found.reading.problems]


def test_the_last_line_wins_and_the_losers_are_kept() -> None:
    found = reading("work_mem = 4MB\ninclude 'a.conf'\nsort_mem = 16MB\n", "16", {"a.conf": "WORK_MEM 8MB"})
    winner = found.settings["work_mem"]
    assert (winner.name, winner.value) == ("work_mem", "16384")
    assert isinstance(winner.origin, Written)
    assert winner.origin.place.text == "sort_mem = 16MB"
    assert winner.origin.value_place.text == "16MB"
    assert winner.origin.raw == "16MB"
    assert [lost.place.text for lost in winner.shadowed] == ["work_mem = 4MB", "WORK_MEM 8MB"]
    assert [document.path for document in found.reading.documents] == [
        "/etc/postgresql/16/main/postgresql.conf",
        "/etc/postgresql/16/main/a.conf",
    ]


@pytest.mark.parametrize(("version", "value"), [("14", "1024"), ("15", "16384")])
def test_what_nothing_sets_has_the_default_of_the_version(version: str, value: str) -> None:
    setting = reading("# nothing\n", version).setting("Shared_Buffers")
    assert (setting.name, setting.value) == ("shared_buffers", value)
    assert isinstance(setting.origin, Default)
    assert setting.place is not None
    assert setting.place.text == "# nothing"


def test_what_the_version_does_not_know_is_unknown() -> None:
    setting = reading("", "15").setting("reserved_connections")
    assert setting.value is None
    assert isinstance(setting.origin, Unknown)


def test_a_fragment_knows_what_it_sets_and_nothing_else() -> None:
    found = reading("wal_level = minimal\n", fragment=True)
    assert found.reading.accepted
    assert found.setting("wal_level").value == "minimal"
    assert isinstance(found.setting("max_wal_senders").origin, Unknown)


def test_alter_system_wins_from_the_data_directory() -> None:
    beside = {"postgresql.auto.conf": "work_mem = '8MB'\n", "/srv/pg/postgresql.auto.conf": "work_mem = '1GB'\n"}
    found = reading("work_mem = 4MB\n", "16", beside)
    assert found.setting("work_mem").value == "8192"
    assert not rules(found)
    assert reading("work_mem = 4MB\ndata_directory = '/srv/pg'\n", "16", beside).setting("work_mem").value == "1048576"
    assert reading("work_mem = 4MB\ndata_directory = '/srv/x'\n", "16", beside).setting("work_mem").value == "4096"
    assert reading("work_mem = 4MB\ndata_directory = 'here'\n", "16", beside).setting("work_mem").value == "4096"


def test_the_command_line_wins_over_all() -> None:
    found = reading("work_mem = 4MB\n", command_line={"work_mem": "1GB"})
    assert found.setting("work_mem").value == "1048576"
    assert [lost.raw for lost in found.setting("work_mem").shadowed] == ["4MB"]


@pytest.mark.parametrize("line", ["include '/etc/other/x.conf'", "include_dir '/etc/other'", "include '../x.conf'"])
def test_a_file_that_may_be_elsewhere_on_the_machine_is_unread(line: str) -> None:
    found = reading(line + "\nport = 5433\n")
    assert found.reading.accepted
    assert [unread.place.text for unread in found.reading.unread if unread.place] == [line]
    assert found.setting("port").value == "5433"
    assert isinstance(found.setting("work_mem").origin, Unknown)
    assert not reading(line + "\n", complete=True).reading.accepted


def test_an_empty_folder_that_the_repository_could_not_keep_is_no_problem() -> None:
    found = reading("include_dir = 'conf.d'\n")
    assert found.reading.accepted
    assert isinstance(found.setting("work_mem").origin, Default)
    assert rules(reading("include_dir = 'conf.d'\n", complete=True)) == ["postgres/include-missing"]


def test_a_folder_is_no_file() -> None:
    found = reading("include 'sub'\n", "16", {"sub/a.conf": ""})
    assert [problem.says for problem in found.reading.problems] == [
        'input in flex scanner failed at file "/etc/postgresql/16/main/sub" line 1'
    ]


def test_a_file_that_is_included_twice_is_reported_once() -> None:
    twice = "include 'a.conf'\ninclude 'a.conf'\n"
    assert rules(reading(twice, "16", {"a.conf": "x x x\n"})) == ["postgres/syntax-error"]
    assert not rules(reading(twice, "16", {"a.conf": "work_mem = 1MB\n"}))


def test_the_main_file_has_to_be_there() -> None:
    root = MemoryRoot("db", "", {})
    with pytest.raises(Unreadable):
        read(root, "/postgresql.conf", newest(POSTGRESQL))


@pytest.mark.parametrize(
    ("line", "version", "advice"),
    [
        ("work_mem = 8 MB", "16", "write work_mem = '8 MB'"),
        ("listen_addresses = * # all", "16", "write listen_addresses = '*'"),
        ('cluster_name = "main"', "16", "write cluster_name = 'main'"),
        ("cluster_name = 'main", "16", "write cluster_name = 'main'"),
        ("; comment", "16", "write # where the comment begins"),
        ("work_mem =", "16", "write a value after it, or remove the line"),
        ("work_mem = 8MB work_mem = 9MB", "16", "write name = 'value', or # before the line"),
        ("wrk_mem = 8MB", "16", "write work_mem, or remove the line"),
        ("wal_keep_segments = 8", "16", "write wal_keep_size, in megabytes: segments times 16, or remove the line"),
        ("old_snapshot_threshold = -1", "17", "remove the line"),
        ("io_method = worker", "17", "remove the line, or run PostgreSQL 18 or newer"),
        ("checkpoint_segments = 8", "16", "write max_wal_size, or remove the line"),
        ("fsync = maybe", "16", "write fsync = on, or off"),
        ("work_mem = 8mb", "16", "write work_mem = 8MB"),
        ("log_destination = jsonlgo", "16", "write log_destination = stderr, the default, or what is meant"),
        ("recovery_target = now", "16", "write recovery_target = immediate"),
        ("default_transaction_isolation = 'repeatable_read'", "16",
         "write default_transaction_isolation = 'repeatable read'"),
        ("block_size = 8192", "16", "remove the line"),
        ("listen_addresses = 'a b'", "16", "write listen_addresses = 'a, b'"),
    ],
)  # fmt: skip
def test_help_can_be_typed(line: str, version: str, advice: str) -> None:
    (problem,) = reading(line + "\n", version).reading.problems
    assert problem.values["advice"] == advice


@pytest.mark.parametrize(
    "line",
    [
        "wal_keep_segments = 10",  # until 12
        "transaction_timeout = 1min",  # from 17
        "checkpoint_segments = 3",  # until 9.4
        "password_encryption = on",  # until 13
        "log_connections = receipt",  # from 18
        "log_destination = jsonlog",  # from 15
        "maintenance_work_mem = 64kB",  # from 17
        "max_connections = 262122",  # from 18, by the sum of processes
        "output_plugin_libraries = 'a'",
        "extension_destdir = '/x'",
    ],
)
@pytest.mark.parametrize("version", ["", "9.6"])
def test_without_a_version_only_what_all_refuse_is_held_against_a_file(line: str, version: str) -> None:
    assert not rules(reading(line + "\n", version))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("work_mem = 8mb\n", "postgres/bad-unit"),
        ("wrk_mem = 8MB\n", "postgres/unknown-parameter"),
        ("wal_level = minimal\n", "postgres/wal-level-too-low"),
        ("max_connections = 300000\n", "postgres/out-of-range"),
        ("max_connections = 5\nsuperuser_reserved_connections = 5\n", "capacity/reserved-exceed-max-connections"),
    ],
)
def test_what_all_versions_refuse_is_reported_without_one(text: str, rule: str) -> None:
    assert rules(reading(text, "")) == [rule]


def test_a_newer_version_than_the_catalogs_may_know_more_names() -> None:
    assert not rules(reading("quantum_mode = on\nwork_mem = 8MB\n", "23"))


def test_a_template_is_read_as_far_as_it_goes() -> None:
    found = reading("work_mem = {{ mem }}\nport = '{{ port }}'\nfsync = {% if x %}\nssl = on\n", "")
    assert found.reading.accepted
    assert len(found.reading.unread) == 1
    assert found.setting("ssl").value == "on"
    assert found.setting("port").value is None
    assert isinstance(found.setting("max_connections").origin, Unknown)


def test_shell_variables_in_a_command_are_no_placeholders() -> None:
    command = "test ! -f ${ARCHIVE}/%f && cp %p ${ARCHIVE}/%f"
    assert reading(f"archive_command = '{command}'\n").setting("archive_command").value == command


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("work_mem = 4MB\nport = 1\nwork_mem = 8MB\nwork_mem = 16MB\n", [("work_mem = 16MB", ["4MB", "8MB"])]),
        ("sort_mem = 4MB\nwork_mem = 8MB\n", [("work_mem = 8MB", ["4MB"])]),
        ("my.x = 'a'\nmy.X = 'b'\n", [("my.X = 'b'", ["'a'"])]),
        ("work_mem = 4096\nwork_mem = 4MB\n", []),
        ("fsync = on\nfsync = yes\n", []),
    ],
)
def test_only_different_values_are_duplicates(text: str, expected: list[tuple[str, list[str]]]) -> None:
    found = reading(text)
    assert found.reading.accepted
    assert [
        (problem.place.text, [label.place.text.split()[-1] for label in problem.related])
        for problem in found.reading.problems
    ] == expected


def test_values_have_the_form_of_pg_settings() -> None:
    text = "datestyle = 'iso, dmy'\nwork_mem = 1GB\nfsync = no\nmy.Setting = 'x'\nrole = none\nseq_page_cost = 1.50\n"
    shown = values(reading(text))
    wanted = {
        "DateStyle": "ISO, DMY",
        "work_mem": "1048576",
        "fsync": "off",
        "my.Setting": "x",
        "seq_page_cost": "1.5",
    }
    assert {name: shown[name] for name in wanted} == wanted
    assert "role" not in shown


def test_values_of_what_nothing_sets() -> None:
    """As pg_settings of a PostgreSQL 16 with an empty configuration file; what it works out at start is left out."""
    shown = values(reading("", "16"))
    wanted = {"max_connections": "100", "IntervalStyle": "postgres", "log_file_mode": "384", "archive_command": ""}
    assert {name: shown[name] for name in wanted} == wanted
    assert not {"wal_buffers", "max_stack_depth", "unix_socket_directories", "block_size"} & set(shown)
    assert values(reading("work_mem = lots", "16")) == {}
    assert values(reading("include 'x.conf'\nfsync = on", "16", complete=False)) == {"fsync": "on"}


def test_recovery_files_count_in_a_data_directory_only() -> None:
    beside = {"recovery.conf": "standby_mode = on\n"}
    assert not rules(reading("", "16", beside))
    (problem,) = reading("", "16", {**beside, "PG_VERSION": "16\n"}).reading.problems
    assert (problem.rule, problem.place.text) == ("postgres/startup-conflict", "standby_mode = on")
    beside = {"recovery.signal": ""}
    assert rules(reading("", "16", beside, complete=True)) == ["postgres/startup-conflict"]
    assert not rules(reading("", "16", {**beside, "standby.signal": ""}, complete=True))
    assert not rules(reading("restore_command = 'cp a %p'\n", "16", beside, complete=True))


LINES = st.sampled_from(
    ["work_mem = 8MB", "work_mem=x", "fsync on", "include 'a.conf'", "include_dir 'd'", "a.b = 1",
     "max_connections = 5",
     "wal_level = minimal", "nope = 1", "= =", "# c", "", "log_parser_stats on", "log_statement_stats 1", "port = 0x10",
     "recovery_target_xid = 1", "data_directory = 'x'", "listen_addresses = ''", "unix_socket_directories = ''"]
)  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(LINES, max_size=12).map("\n".join)), st.sampled_from(["", "12", "15.18", "18", "9.2"])
)
def test_no_text_raises(text: str, version: str) -> None:
    found = reading(text.encode("utf-8", "replace").decode(), version, {"a.conf": text[:20]})
    assert set(values(found)) >= set()
    assert all(problem.says for problem in found.reading.problems)


def test_what_the_server_would_find_only_after_the_first_faults_are_mended_is_told_as_well() -> None:
    """The server's own order is: all lines that it can't read, else all names, else all values."""

    def told(text: str) -> list[tuple[str, int, bool]]:
        return [(one.rule, one.place.line, one.behind) for one in reading(text).reading.problems]

    assert told("wrk_mem = 8MB\nfsync = maybe\nport = 99999\n") == [
        ("postgres/unknown-parameter", 1, False),
        ("postgres/invalid-value", 2, True),
        ("postgres/out-of-range", 3, True),
    ]
    assert told("work_mem = 8 MB\nwrk_mem = 8MB\nfsync = maybe\n") == [
        ("postgres/syntax-error", 1, False),
        ("postgres/unknown-parameter", 2, True),
        ("postgres/invalid-value", 3, True),
    ]
    # Only the last line of a parameter counts, and the one that can't be read may become the last.
    assert told("work_mem = lots\nwork_mem = 8 MB\n") == [("postgres/syntax-error", 2, False)]
    assert told("work_mem = lots\nwork_mem = 8MB\nwrk_mem = 1\n") == [
        ("postgres/unknown-parameter", 3, False),
        ("postgres/duplicate-parameter", 2, False),
    ]
