"""PHP-FPM's configuration over several files, and in parts. What whole files give is in tests/vectors/test_php_fpm.py;
expected values here follow from the vectors' rules by hand, or are those of Debian's and Docker's own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import PHP, newest, parse
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve import fpm
from pgfpmlint.resolve.settings import Default, Unknown, Written
from pgfpmlint.source.memory import MemoryTree

MAIN = "etc/php/8.2/fpm/php-fpm.conf"
POOLS = "etc/php/8.2/fpm/pool.d"
INCLUDE = f"include = /{POOLS}/*.conf\n"
POOL = "[www]\nuser = www-data\nlisten = 9000\npm = static\npm.max_children = 5\n"
DEBIAN = Path("/etc/php/8.2/fpm")


def read(
    files: dict[str, str],
    *paths: str,
    version: str = "8.2",
    fragment: bool = False,
    complete: bool = False,
    environment: dict[str, str] | None = None,
) -> fpm.FpmReading:
    root = MemoryTree({path: text.encode() for path, text in files.items()}).root("host", "", complete=complete)
    known = newest(PHP) if version == "" else parse(PHP, version, "test")
    mains = paths or (f"/{MAIN}",)
    return fpm.read(root, mains, known, fragment=fragment, environment=environment)


def fragment(*texts: str, version: str = "8.2") -> fpm.FpmReading:
    files = {f"{POOLS}/{number}.conf": text for number, text in enumerate(texts)}
    return read(files, *(f"/{path}" for path in files), fragment=True, version=version)


def rules(found: fpm.FpmReading) -> list[str]:
    return [problem.rule for problem in found.reading.problems]


def only(found: fpm.FpmReading) -> Problem:
    (problem,) = found.reading.problems
    return problem


# Files and folders


def test_pool_files_are_read_in_byte_order_and_sections_leak() -> None:
    files = {MAIN: INCLUDE, f"{POOLS}/9.conf": "pm.max_requests = 9\n", f"{POOLS}/10.conf": POOL}
    found = read(files)
    assert [document.path for document in found.reading.documents] == [
        f"/{MAIN}",
        f"/{POOLS}/10.conf",
        f"/{POOLS}/9.conf",
    ]
    assert found.pools[0].setting("pm.max_requests").value == "9"


def test_the_last_wins_and_losers_are_kept() -> None:
    found = read({MAIN: POOL + "[WWW]\npm.max_children = 7\nPM.max_children = 8\n"})
    (pool,) = found.pools
    setting = pool.setting("pm.max_children")
    assert isinstance(setting.origin, Written)
    assert (setting.value, setting.origin.place.text) == ("8", "PM.max_children = 8")
    assert [lost.raw for lost in setting.shadowed] == ["5", "7"]
    assert (pool.name, [place.text for place in pool.sections]) == ("www", ["[www]", "[WWW]"])


def test_of_an_array_the_first_wins() -> None:
    text = "php_value[memory_limit] = 1M\nphp_flag[x] = on\nphp_value[memory_limit] = 2M\nenv[HOST] = $pool.local\n"
    (pool,) = read({MAIN: POOL + text}).pools
    entry = pool.entry("php_value", "memory_limit")
    assert entry is not None
    assert (entry.value, [lost.raw for lost in entry.shadowed]) == ("1M", ["2M"])
    flag, host = pool.entry("php_value", "x"), pool.entry("env", "HOST")
    assert (flag and flag.value, host and host.value) == ("1", "www.local")
    assert pool.entry("env", "NOPE") is None


def test_defaults_know_their_version() -> None:
    found = read({MAIN: POOL}, version="7.4")
    backlog = found.pools[0].setting("listen.backlog")
    assert isinstance(backlog.origin, Default)
    assert backlog.origin.anchor is not None
    assert (backlog.value, backlog.origin.anchor.text, str(backlog.origin.version)) == ("511", "[www]", "7.4")
    assert found.setting("log_limit").value == "1024"
    assert found.pools[0].setting("pm.max_requests").number == 0


@pytest.mark.parametrize(
    ("main", "pools"),
    [
        ("usr/local/etc/php-fpm.conf", "usr/local/etc/php-fpm.d"),
        ("etc/php-fpm.conf", "usr/etc/php-fpm.d"),
        ("etc/php83/php-fpm.conf", "usr/etc/php-fpm.d"),
    ],
)
def test_a_relative_include_starts_at_the_prefix(main: str, pools: str) -> None:
    files = {main: "include = etc/php-fpm.d/*.conf\n", f"{pools}/www.conf": POOL}
    found = read(files, f"/{main}")
    assert [pool.name for pool in found.pools] == ["www"]
    assert not found.reading.problems


def test_the_file_that_docker_images_are_made_from() -> None:
    files = {"usr/local/etc/php-fpm.conf.default": "include=NONE/etc/php-fpm.d/*.conf\n"}
    files["usr/local/etc/php-fpm.d/www.conf"] = POOL
    found = read(files, "/usr/local/etc/php-fpm.conf.default")
    assert [pool.name for pool in found.pools] == ["www"]


def test_docker_images_lay_their_files_over_each_other() -> None:
    folder = "usr/local/etc/php-fpm.d"
    files = {
        "usr/local/etc/php-fpm.conf": "[global]\ninclude=etc/php-fpm.d/*.conf\n",
        f"{folder}/docker.conf": "[global]\nlog_limit = 8192\n[www]\nclear_env = no\n",
        f"{folder}/www.conf": POOL + "clear_env = yes\n",
        f"{folder}/zz-docker.conf": "[global]\ndaemonize = no\n[www]\nlisten = 9001\n",
    }
    found = read(files, "/usr/local/etc/php-fpm.conf")
    assert not found.reading.problems
    assert found.pools[0].setting("listen").value == "9001"
    assert found.setting("daemonize").value == "no"


def test_what_lies_outside_the_tree_is_unread_and_nothing_is_missed() -> None:
    found = read({MAIN: "include = /srv/pools/*.conf\n[www]\nlisten = 9000\n"})
    assert not found.reading.problems
    assert [unread.path for unread in found.reading.unread] == ["/srv/pools/*.conf"]


def test_a_missing_folder_of_a_whole_machine_is_an_error() -> None:
    found = read({MAIN: "include = /srv/pools/*.conf\n" + POOL}, complete=True)
    assert (only(found).rule, found.reading.accepted) == ("fpm/include-missing", False)


def test_a_missing_folder_is_an_error_only_where_the_tree_holds_its_like() -> None:
    wrong = {MAIN: "include = /etc/php/8.2/fpm/pools.d/*.conf\n"}
    assert not rules(read(wrong))
    assert rules(read({**wrong, f"{POOLS}/www.conf": POOL})) == ["fpm/include-missing"]


def test_an_include_named_by_a_variable() -> None:
    text = "include = ${POOLS}/*.conf\n"
    files = {MAIN: text, f"{POOLS}/www.conf": POOL}
    assert [unread.path for unread in read(files).reading.unread] == ["${POOLS}/*.conf"]
    assert [pool.name for pool in read(files, environment={"POOLS": f"/{POOLS}"}).pools] == ["www"]


# What a part of a configuration does not say


def test_a_fragment_lacks_nothing() -> None:
    for text in ("[www]\n", "[global]\ndaemonize = no\n", "", "pm.max_children = 5\n", "daemonize = no\n"):
        assert not rules(fragment(text))


def test_a_fragment_shows_what_is_written() -> None:
    assert rules(fragment("[www]\npm = dynamic\npm.max_children = 5\npm.max_spare_servers = 9\n")) == [
        "fpm/spare-servers"
    ]
    assert not rules(fragment("[www]\npm.max_children = 5\npm.max_spare_servers = 9\n"))
    assert rules(fragment("[a]\nlisten = 9000\n", "[b]\nlisten = 9000\n")) == ["fpm/duplicate-listen"]
    assert rules(fragment("[www]\npm.max_childern = 5\n")) == ["fpm/unknown-directive"]


def test_each_file_of_a_fragment_starts_outside_the_pools() -> None:
    found = fragment("[a]\npm.max_children = 5\n", "pm.max_children = 6\n[b]\n")
    assert [pool.setting("pm.max_children").value for pool in found.pools] == ["5", None]


def test_what_can_not_be_read_takes_no_other_finding_with_it() -> None:
    assert rules(read({MAIN: POOL.replace("pm.max_children = 5", 'pm.max_children = "5')})) == ["fpm/syntax-error"]
    assert rules(read({MAIN: POOL.replace("pm.max_children = 5", "pm.max_children: 5")})) == ["fpm/syntax-error"]
    assert rules(read({MAIN: POOL.replace("pm.max_children", "pm.max_childern")})) == ["fpm/unknown-directive"]
    assert rules(read({MAIN: POOL.replace("= 5", "= 5k")})) == ["fpm/invalid-value"]
    assert rules(read({MAIN: POOL.replace("[www]", "[www")})) == ["fpm/syntax-error"]


def test_independent_objections_are_all_shown() -> None:
    found = read({MAIN: "# x\n[www]\nuser = www-data\npm = static\nfoo = 1\npm.max_children = x\n"})
    assert rules(found) == ["fpm/syntax-error", "fpm/unknown-directive", "fpm/invalid-value", "fpm/listen-missing"]


# Versions and environments


def test_with_an_assumed_version_every_known_directive_passes() -> None:
    text = POOL + "pm.max_spawn_rate = 5\nlisten.setfib = 1\ncatch_workers_output = 0\n"
    assert not rules(read({MAIN: text}, version=""))
    assert rules(read({MAIN: text}, version="7.4")) == ["fpm/unknown-directive", "fpm/invalid-value"]


def test_a_value_from_the_environment_is_unknown() -> None:
    text = POOL.replace("= 5", "= ${WORKERS}")
    found = read({MAIN: text})
    setting = found.pools[0].setting("pm.max_children")
    assert isinstance(setting.origin, Unknown)
    assert (setting.value, setting.origin.why) == (None, "${WORKERS} depends on PHP-FPM's environment")
    assert setting.place is not None
    assert setting.place.text == "pm.max_children = ${WORKERS}"
    assert found.reading.accepted
    known = read({MAIN: text}, environment={"WORKERS": "12"})
    assert known.pools[0].setting("pm.max_children").number == 12
    assert rules(read({MAIN: text}, environment={})) == ["fpm/max-children-missing"]


def test_a_fallback_that_php_does_not_know_is_no_variable() -> None:
    text = POOL + "request_terminate_timeout = ${TIMEOUT:-30}\n"
    refused, told = read({MAIN: text}).reading.problems
    assert refused.says.endswith("invalid time value")
    assert told.rule == "fpm/value-changed"
    assert not rules(read({MAIN: text}, version="8.3"))
    assert not rules(read({MAIN: text}, version=""))


@pytest.mark.parametrize(
    "line",
    [
        "pm.max_children = {{ children }}",
        "{% if status %}",
        "[{{ name }}]",
        "{#\nany text\n#}",
        "<%= @lines %>",
        "{{ x }}",
    ],
)
def test_a_template_is_not_held_against_anybody(line: str) -> None:
    found = read({MAIN: f"[www]\n{line}\npm = static\n"})
    assert not found.reading.problems
    assert [unread.why for unread in found.reading.unread] == ["is a template: it holds placeholders"]


def test_a_placeholder_is_unknown() -> None:
    found = read({MAIN: "[www]\npm.max_children = {{ children }}\npm = static ; {{ not this }}\n"})
    pool = found.pools[0]
    assert (pool.setting("pm").value, pool.setting("pm.max_children").value) == ("static", None)
    assert isinstance(pool.setting("pm.max_children").origin, Unknown)


# The words of findings


@pytest.mark.parametrize(
    ("line", "hint", "advice"),
    [
        ("pm.max_childern = 5", "; pm.max_children is", "write pm.max_children"),
        ("daemonize = no", "; it belongs in [global]", "move it to [global]"),
        ("PHP_VALUE[x] = 1", "; it must be in lower case", "write php_value"),
        ("php_value = 1", "; it needs a name in brackets", "write php_value[NAME] = …"),
        ("Include = x", "; it must be in lower case", "write include"),
        ("# a = b", "; a comment starts with ;", "start the comment with ;"),
        ("post_max_size = 1M", "; it is a setting of PHP itself", ""),
        ("qqqqqq = 1", "", "remove the line, or write a directive of PHP-FPM"),
    ],
)
def test_advice_for_an_unknown_name(line: str, hint: str, advice: str) -> None:
    problem = only(read({MAIN: POOL + line + "\n"}))
    assert problem.rule == "fpm/unknown-directive"
    assert problem.values["hint"] == hint
    assert advice in str(problem.values["advice"])


def test_no_word_of_a_value_is_repeated() -> None:
    for line in ("DB_PASSWORD: s3cret", "env[X] = a s3cret(1)", "env[X] = yes s3cret", 'env[X] = "s3cret'):
        problem = only(read({MAIN: POOL + line + "\n"}))
        assert "s3cret" not in problem.says + "".join(map(str, problem.values.values()))


def test_a_pool_in_two_files() -> None:
    files = {MAIN: INCLUDE, f"{POOLS}/a.conf": POOL, f"{POOLS}/b.conf": POOL.replace("= 5", "= 6")}
    problem = only(read(files))
    assert (problem.rule, problem.place.path, problem.place.text) == (
        "fpm/pool-defined-twice",
        f"{POOLS}/b.conf",
        "[www]",
    )
    assert [label.place.text for label in problem.related] == ["pm.max_children = 5", "pm.max_children = 6"]
    files[f"{POOLS}/b.conf"] = POOL
    assert not rules(read(files))


def test_a_password_set_twice_stays_unsaid() -> None:
    problem = only(read({MAIN: POOL + "env[DB_PASSWORD] = one\nenv[DB_PASSWORD] = two\n"}))
    assert problem.rule == "fpm/duplicate-directive"
    assert not {"one", "two"} & set(" ".join(map(str, problem.values.values())).split())


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        ("it's", True),
        ("a|b", True),
        ("~/x", True),
        ("!abc", True),
        ("1|2", False),
        ("E_ALL & ~E_NOTICE", False),
        ("(3|4)", False),
        ("'it''s'", False),
        ('"a|b"', False),
        ("it ; it's", False),
        ("PHP_OS", False),
        ("$HOME/x", False),
    ],
)
def test_values_that_are_not_taken_as_written(value: str, changed: bool) -> None:
    assert rules(read({MAIN: f"{POOL}env[X] = {value}\n"})) == ["fpm/value-changed"] * changed


# Laws


@given(
    st.lists(
        st.sampled_from([*"[]=;\"'$ \n\r\t\0\\", "[www]\n", "pm", "env[X]", "include = ", "5", "${X}", f"/{POOLS}/*"])
    ).map("".join)
)
@example("env[X];")
def test_any_text_is_read(text: str) -> None:
    found = read({MAIN: text}, complete=True)
    fpm.values(found)
    for problem in found.reading.problems:
        assert 0 <= problem.place.start <= problem.place.end <= len(problem.place.source.text)


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    root = MemoryTree({MAIN: data}).root("host", "")
    fpm.values(fpm.read(root, (f"/{MAIN}",), newest(PHP)))


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="no PHP-FPM 8.2 of Debian is installed here")
def test_debians_own_files_are_clean() -> None:
    files = {str(path)[1:]: path.read_text("utf-8") for path in (DEBIAN / "php-fpm.conf", *DEBIAN.glob("pool.d/*"))}
    found = read(files, version="8.2.36", complete=True)
    assert found.reading.problems == ()
    assert found.pools[0].setting("listen").value == "/run/php/php8.2-fpm.sock"
