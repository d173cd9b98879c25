"""What holds for every text that is given as a pgbouncer.ini or a userlist.txt."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pgfpmlint.catalog import version
from pgfpmlint.resolve.pgbouncer import BouncerReading, read, userlist, values
from pgfpmlint.resolve.pgbouncer.template import VEIL, is_open, veiled
from pgfpmlint.resolve.settings import PLACEHOLDERS, Written
from pgfpmlint.source.memory import MemoryRoot

VERSIONS = st.sampled_from(["1.12", "1.15", "1.16.1", "1.18.0 (Debian)", "1.20", "1.24.1", "1.26", ""])

WORDS = [
    "[pgbouncer]",
    "[databases]",
    "[users]",
    "[peers]",
    "[foo]",
    "\n",
    "\n",
    "\n",
    " = ",
    "=",
    " ",
    "\t",
    ";",
    "#",
    "'",
]
WORDS += [
    "max_client_conn",
    "listen_addr",
    "auth_type",
    "auth_file",
    "client_tls_sslmode",
    "pool_mode",
    "app",
    "*",
    "1",
]
WORDS += [
    "host",
    "port",
    "pool_size",
    "password",
    "hunter2",
    "verify-full",
    "cert",
    "0x1F",
    "010",
    "5s",
    "inf",
    "nan",
    '"',
]
WORDS += [
    "%include ",
    "pgbouncer.ini",
    "other.ini",
    "/nowhere",
    "\0",
    "é",
    "\r\n",
    "unix_socket_mode",
    "700",
    "on",
    "a.b",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


def reading(text: str, running: str, *, complete: bool = True, fragment: bool = False) -> BouncerReading:
    files = {"etc/pgbouncer.ini": text.encode("utf-8", "surrogateescape"), "etc/other.ini": b"[users]\n"}
    root = MemoryRoot("edge", "", files, complete=complete)
    known = version.parse(version.PGBOUNCER, running, "a law") if running else version.newest(version.PGBOUNCER)
    return read(root, "/etc/pgbouncer.ini", known, fragment=fragment)


@settings(deadline=None)
@given(TEXTS, VERSIONS, st.booleans(), st.booleans())
def test_every_text_is_read(text: str, running: str, complete: bool, fragment: bool) -> None:
    found = reading(text, running, complete=complete, fragment=fragment)
    shown = values(found)
    assert bool(shown) == found.reading.accepted
    for problem in found.reading.problems:
        place = problem.place
        assert 0 <= place.start <= place.end <= len(place.source.text)
        assert problem.rule.startswith("pooler/")
        assert problem.says or not problem.refuses
    for setting in found.settings.values():
        if isinstance(setting.origin, Written):
            assert setting.origin.value_place.text == setting.origin.raw


@settings(deadline=None)
@given(st.binary(max_size=200), VERSIONS)
def test_any_bytes_are_read(data: bytes, running: str) -> None:
    values(reading(data.decode("utf-8", "surrogateescape"), running))


@settings(deadline=None)
@given(TEXTS, VERSIONS)
def test_no_secret_leaves(text: str, running: str) -> None:
    """A password that stands behind ``password=`` is in no message, no value, and nothing that the console shows."""
    text = text.replace("hunter2", "") + "\n[databases]\nshop = host=h password=hunter2 user=u\n"
    found = reading(text, running)
    for problem in found.reading.problems:
        assert "hunter2" not in problem.says
        assert "hunter2" not in "".join(map(str, problem.values.values()))
    assert "hunter2" not in str(values(found))
    for entry in found.databases:
        for parameter in entry.parameters.values():
            assert parameter.value is None or parameter.name == "host" or "hunter2" not in parameter.value


@given(st.text(alphabet='"\n ;#ab\0é', max_size=60))
def test_every_userlist_is_read(text: str) -> None:
    root = MemoryRoot("edge", "", {"userlist.txt": text.encode()})
    found = userlist.read(root, "/userlist.txt", version.newest(version.PGBOUNCER))
    assert found.reading.accepted is not any(problem.says for problem in found.reading.problems)
    assert userlist.values(found) == {"users": sorted({user.name for user in found.users})}


@given(
    st.lists(st.sampled_from(["{{", "}}", "{", "}", "${", "<%", "%>", "{%", "{#", "#}", "a", " ", "="])).map("".join)
)
def test_a_veil_is_as_long_as_what_it_hides(text: str) -> None:
    hidden = veiled(text, PLACEHOLDERS)
    assert len(hidden) == len(text)
    assert all(sign in (VEIL, plain) for sign, plain in zip(hidden, text))
    assert not is_open(hidden, PLACEHOLDERS)


def test_hostile_files_cost_no_more_than_their_size() -> None:
    """What could make work grow with the square of the file: minutes, were it so."""
    for text in ("[pgbouncer]\n" + "verbose=1\n" * 10_000, "[databases]\n" + "a=host=b\n" * 10_000):
        reading(text, "1.26")
    reading("[databases]\na = " + "{{ " * 110_000 + "\n'" + "'\n'" * 10_000 + "\n[", "1.26")
    reading("[databases]\na = " + "b=" + " " * 200_000 + "\n" + "['\n" * 10_000, "1.26")


def test_a_folder_too_long_for_a_socket_loses_what_follows() -> None:
    """PgBouncer 1.15 to 1.26 listen at the first 107 characters of the address, which lie in /tmp here; ``; no`` would
    be part of a shorter folder's name, which isn't there."""
    text = "[databases]\n[pgbouncer]\nunix_socket_dir = /tmp/{} ; no\n"
    refused = [problem.refuses for problem in reading(text.format("a" * 20), "1.26").reading.problems]
    assert refused == [True]
    assert not reading(text.format("a" * 110), "1.26").reading.problems
