"""pg_hba.conf as a whole: includes, ``@file``, places, words that can't be known, and secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion, newest
from pgfpmlint.resolve import hba, ident
from pgfpmlint.source.memory import MemoryRoot, MemoryTree
from pgfpmlint.source.tree import Unreadable

WORDS = "local host all @words include include_dir more . 10.0.0.0/8 10.0.0.0 ldap peer map=m radius radiusservers=a"
SOME_LINES = st.lists(
    st.sampled_from([*WORDS.split(), "clientcert=1", ",", '"', "#", "\\\n", "\n", "\n", "/^(", "::1/x", "oauth"]),
    max_size=30,
).map(" ".join)


def version(*number: int, build: str = "") -> ServerVersion:
    return ServerVersion(POSTGRESQL, number, "test", build)


def root(files: dict[str, str], *, complete: bool = True) -> MemoryRoot:
    return MemoryTree({f"data/{name}": text.encode() for name, text in files.items()}).root("db", "", complete=complete)


def read(text: str, major: int = 16, files: dict[str, str] | None = None, *, complete: bool = True) -> hba.HbaReading:
    whole = root({"pg_hba.conf": text, **(files or {})}, complete=complete)
    return hba.read(whole, "/data/pg_hba.conf", version(major))


def said(found: hba.HbaReading) -> list[str]:
    return [problem.says for problem in found.reading.problems]


def databases(found: hba.HbaReading) -> list[list[str]]:
    return [[word.text for word in record.databases] for record in found.records]


@pytest.mark.parametrize("option", ["clientcert=1", "clientcert=0", "clientcert=no-verify", "clientcert=verify-ca"])
def test_where_nothing_tells_the_version_what_13_took_is_not_held_against_a_file(option: str) -> None:
    """https://www.postgresql.org/docs/14/release-14.html: clientcert only allows verify-ca and verify-full now."""
    method = "cert" if option in ("clientcert=1", "clientcert=verify-ca") else "md5"
    whole = root({"pg_hba.conf": f"hostssl all all all {method} {option}\n"})
    assert hba.read(whole, "/data/pg_hba.conf", newest(POSTGRESQL)).reading.accepted
    assert hba.read(whole, "/data/pg_hba.conf", version(13)).reading.accepted
    assert hba.read(whole, "/data/pg_hba.conf", version(14)).reading.accepted == (
        option == "clientcert=verify-ca" and method != "cert"
    )


def test_a_certificate_that_nobody_asks_for_is_refused_by_every_version() -> None:
    whole = root({"pg_hba.conf": "hostssl all all all cert clientcert=0\n"})
    for known in (newest(POSTGRESQL), version(13), version(16)):
        assert not hba.read(whole, "/data/pg_hba.conf", known).reading.accepted


class TestPlaces:
    def test_of_a_record_and_its_columns(self) -> None:
        (record,) = read("  host all,app all 10.0.0.0 255.0.0.0 md5 # x\n").records
        assert record.place.text == "host all,app all 10.0.0.0 255.0.0.0 md5"
        assert record.type_place.text == "host"
        assert record.address_place is not None
        assert record.address_place.text == "10.0.0.0 255.0.0.0"
        assert record.method_place.text == "md5"
        assert [word.place.text for word in record.databases] == ["all", "app"]

    def test_a_network_is_masked_and_keeps_what_is_written(self) -> None:
        (record,) = read("host all all 010.1.2.3/8 md5\n").records
        assert (record.address, record.netmask) == ("010.1.2.3", "255.0.0.0")
        assert record.network == (4, 8 << 24, 255 << 24)

    def test_words_of_a_file_stand_in_that_file(self) -> None:
        (record,) = read("local @words all peer\n", files={"words": "\nshop\n"}).records
        assert (record.databases[0].place.path, record.databases[0].place.line) == ("data/words", 2)

    def test_a_quoted_keyword_is_a_host_name(self) -> None:
        (record,) = read('host all all "samenet" md5\n').records
        assert (record.address, record.address_quoted, record.network) == ("samenet", True, None)

    @pytest.mark.parametrize(
        ("line", "rule", "text"),
        [
            ("hst all all all md5", "hba/malformed-record", "hst"),
            ("local,host all all md5", "hba/malformed-record", "local,host"),
            ("local all", "hba/malformed-record", "local all"),
            ("local all all foo", "hba/unknown-method", "foo"),
            ("host all all all peer", "hba/method-not-valid-here", "peer"),
            ("host all all 10.0.0.0/33 md5", "hba/invalid-address", "10.0.0.0/33"),
            ("host all all 10.0.0.0 x md5", "hba/invalid-address", "x"),
            ("host all all 10.0.0.0", "hba/invalid-address", "10.0.0.0"),
            ("local all /( peer", "hba/invalid-regex", "/("),
            ("local all all peer foo=bar", "hba/invalid-option", "foo=bar"),
            ("host all all all ldap", "hba/invalid-option", "ldap"),
            ("include nope", "hba/include-missing", "nope"),
            ("local @nope all peer", "hba/include-missing", "@nope"),
        ],
    )
    def test_of_a_problem(self, line: str, rule: str, text: str) -> None:
        (problem,) = read(f"local all all peer\n{line}\n").reading.problems
        assert (problem.rule, problem.place.text, problem.place.line, problem.refuses) == (rule, text, 2, True)
        assert {"version", "fix"} <= problem.values.keys()


class TestIncludes:
    def test_records_take_effect_where_the_directive_stands(self) -> None:
        found = read("local a a peer\ninclude more\nlocal c c peer\n", files={"more": "local b b peer\n"})
        assert databases(found) == [["a"], ["b"], ["c"]]
        assert [document.path for document in found.reading.documents] == ["/data/pg_hba.conf", "/data/more"]

    def test_relative_to_the_file_that_includes(self) -> None:
        assert databases(read("include d/x\n", files={"d/x": "include y\n", "d/y": "local q q peer\n"})) == [["q"]]

    def test_a_folder_in_byte_order_without_dot_files(self) -> None:
        names = ("b.conf", "B.conf", ".x.conf", "c.txt", ".conf", "sub.conf/z.conf")
        found = read("include_dir d\n", files={f"d/{name}": f"local {name} all peer" for name in names})
        assert databases(found) == [["B.conf"], ["b.conf"]]

    def test_a_circle_ends(self) -> None:
        found = read("local a a peer\ninclude pg_hba.conf\n")
        assert said(found) == ['could not open file "/data/pg_hba.conf": maximum nesting depth exceeded']

    def test_ten_deep_and_no_deeper(self) -> None:
        chain = {f"f{depth}": f"include f{depth + 1}\n" for depth in range(1, 11)}
        assert databases(read("include f1\n", files={**chain, "f10": "local a a peer\n"})) == [["a"]]
        deeper = read("include f1\n", files={**chain, "f11": "local a a peer\n"})
        assert said(deeper) == ['could not open file "/data/f11": maximum nesting depth exceeded']

    def test_if_exists_forgives_nothing_but_absence(self) -> None:
        assert said(read("include_if_exists nope\nlocal a a peer\n")) == []
        found = read("include_if_exists pg_hba.conf/nope\nlocal a a peer\n")
        assert said(found) == ['could not open file "/data/pg_hba.conf/nope": Not a directory']

    def test_a_folder_in_place_of_a_file_is_read_as_nothing(self) -> None:
        assert said(read("include d\nlocal a a peer\n", files={"d/x": "nonsense"})) == []

    def test_quotes_and_lists_change_nothing(self) -> None:
        files = {"more": "local b b peer\n"}
        assert databases(read('"include" "more"\n', files=files)) == [["b"]]
        assert databases(read("include,foo more,y\n", files=files)) == [["b"]]

    def test_a_file_of_names_may_include(self) -> None:
        found = read("local @w all peer\n", files={"w": "a\ninclude x\nd\n", "x": "b c\n"})
        assert databases(found) == [["a", "b", "c", "d"]]

    def test_before_16_there_are_none(self) -> None:
        assert said(read("include more\nlocal a a peer\n", 15)) == ['invalid connection type "include"']

    def test_what_multiplies_ends(self) -> None:
        files = {f"f{depth}": f"include f{depth + 1}\n" * 200 for depth in range(1, 9)}
        found = read("include f1\n" * 200 + "local a a peer\n", files={**files, "f9": "local b b peer\n"})
        assert found.reading.unread


class TestFilesOfNames:
    def test_are_separated_by_lines_blanks_and_commas(self) -> None:
        found = read("local a,@w,b all peer\n", files={"w": 'x\ny, "all" # z\n@v\n', "v": "v1 v2\n"})
        assert databases(found) == [["a", "x", "y", "all", "v1", "v2", "b"]]
        assert [word.quoted for word in found.records[0].databases] == [False, False, False, True, False, False, False]

    def test_an_empty_one_makes_the_field_vanish(self) -> None:
        found = read("local @e all peer\n", files={"e": "# none\n"})
        assert said(found) == ["end-of-line before authentication method"]

    def test_a_circle_crashes_old_servers(self) -> None:
        (problem,) = read("local @w all peer\n", 15, {"w": "@w\n"}).reading.problems
        assert (problem.rule, problem.refuses) == ("hba/include-too-deep", True)

    def test_a_lone_sign_and_a_quoted_one_are_names(self) -> None:
        assert databases(read('local @,"@x" all peer\n')) == [["@", "@x"]]


class TestWhatCannotBeKnown:
    def test_an_absolute_path_outside_the_tree(self) -> None:
        found = read("include /srv/hba.conf\n", complete=False)
        assert [(unread.path, unread.why) for unread in found.reading.unread] == [
            ("/srv/hba.conf", "No such file or directory")
        ]
        assert found.reading.accepted

    def test_on_a_whole_machine_it_is_missing(self) -> None:
        found = read("include /srv/hba.conf\n")
        assert said(found) == ['could not open file "/srv/hba.conf": No such file or directory']

    def test_a_list_in_such_a_file_is_kept_as_its_name(self) -> None:
        found = read("local @/srv/names all peer\n", complete=False)
        (word,) = found.records[0].databases
        assert word.unknown
        assert found.reading.accepted

    def test_any_other_field_leaves_the_line_undecided(self) -> None:
        found = read("local all all @/srv/method\n", complete=False)
        assert (found.records, found.reading.problems) == ((), ())


class TestTemplates:
    @pytest.mark.parametrize(
        "line",
        [
            "host all all {{ cidr }} md5",
            "host all all ${SUBNET}/16 md5",
            "{% if x %}",
            "include ${DIR}/x",
            "<%= @rules %>",
        ],
    )
    def test_what_a_template_leaves_open_is_no_mistake(self, line: str) -> None:
        found = read(f"local all all peer\n{line}\n")
        assert said(found) == []
        assert len(found.records) == 1
        assert [(unread.path, unread.why) for unread in found.reading.unread] == [
            ("data/pg_hba.conf", "is a template: it holds placeholders")
        ]

    def test_a_placeholder_may_stand_for_any_name(self) -> None:
        (record,) = read("local ${DB} all peer\n").records
        assert record.databases[0].unknown

    def test_other_lines_are_judged(self) -> None:
        assert len(said(read("host all all {{ cidr }} md5\nlocal all all foo\n"))) == 1


class TestBuilds:
    @pytest.mark.parametrize("method", ["gss", "pam", "ldap ldapbasedn=x"])
    def test_what_most_builds_have_is_taken(self, method: str) -> None:
        assert said(read(f"host all all all {method}\n")) == []

    @pytest.mark.parametrize("method", ["sspi", "bsd"])
    def test_what_one_system_has(self, method: str) -> None:
        def refused(at: ServerVersion) -> bool:
            files = root({"pg_hba.conf": f"host all all all {method}\n"})
            return not hba.read(files, "/data/pg_hba.conf", at).reading.accepted

        assert not refused(version(16))
        assert not refused(newest(POSTGRESQL))
        assert not refused(version(16, 14, build="Windows"))
        assert refused(version(16, 14))
        assert refused(version(16, build="Debian"))

    def test_oauth_asks_for_validators_where_they_are_known(self) -> None:
        files = root({"pg_hba.conf": "host all all all oauth issuer=i scope=s\n"})

        def words(validators: tuple[str, ...] | None) -> list[str]:
            return said(hba.read(files, "/data/pg_hba.conf", version(18), oauth_validators=validators))

        assert words(None) == words(("v",)) == []
        assert words(()) == ["oauth_validator_libraries must be set for authentication method oauth"]
        assert len(words(("v", "w"))) == 1

    def test_radius_went_with_19_but_only_where_that_is_said(self) -> None:
        line = "host all all all radius radiusservers=10.0.0.1 radiussecrets=x\n"
        assert read(line, 18).reading.accepted
        (problem,) = read(line, 19).reading.problems
        assert problem.rule == "hba/removed-method"
        assert hba.read(root({"pg_hba.conf": line}), "/data/pg_hba.conf", newest(POSTGRESQL)).reading.accepted


@pytest.mark.parametrize(
    "line",
    [
        "host all all all ldap ldapbasedn=x ldapbindpasswd=hunter2",
        "host all all all ldap ldapbasedn=x ldapbindpasswd=a,hunter2",
        "host all all all ldap ldapbasedn=x ldapbindpasswd=a,hunter2=b",
        "host all all all ldap ldapbasedn=x ldapbindpasswd = hunter2",
        "host all all all ldap ldapbasedn=x ldapbindpaswd=hunter2",
        "host all all all md5 ldapbindpasswd=hunter2",
        'host all all all ldap ldapurl="http://me:hunter2@h/dc=x"',
        'host all all all radius radiusservers=10.0.0.1 radiussecrets="hunter2"',
        'host all all all radius radiusservers=10.0.0.1 radiussecrets="hunter2,,"',
        "host all all all radius radiusservers=10.0.0.1 radiussecrets=a,hunter2",
    ],
)
def test_secrets_are_in_nothing_that_is_said_or_shown(line: str) -> None:
    found = read(line)
    assert "hunter2" not in repr(hba.values(found))
    for problem in found.reading.problems:
        assert "hunter2" not in problem.says
        assert "hunter2" not in repr(problem.values)


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("HOST all all all md5", "write host"),
        ("local all all scram", "write scram-sha-256"),
        ("local all all trsut", "write trust"),
        ("local all all peer mapp=x", "write map="),
        ("hostssl all all all md5 clientcert=1", "write clientcert=verify-ca"),
        ("host all all [::1]/128 md5", "write ::1/128"),
        ("host all all 10.0.0.1 md5", "write 10.0.0.1/32 for that one address"),
        ("host all all ::1", "write ::1/128 for that one address"),
        ("\ufefflocal all all peer", "save the file without a byte order mark"),
        ("host all all all cert", "write hostssl instead of host"),
    ],
)
def test_the_fix_can_be_typed(line: str, fix: str) -> None:
    (problem,) = read(line).reading.problems
    assert problem.values["fix"] == fix


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(Unreadable):
        hba.read(root({}), "/data/pg_hba.conf", version(16))


@given(SOME_LINES, st.integers(12, 19), st.booleans())
def test_any_lines_are_read(text: str, major: int, complete: bool) -> None:
    files = {"words": "a b\n@words\n", "more": text}
    found = read(text, major, files, complete=complete)
    assert len(found.records) + len(found.reading.problems) >= len(found.lines)
    assert isinstance(hba.values(found)["rules"], list)
    maps = ident.read(root({"pg_ident.conf": text, **files}), "/data/pg_ident.conf", version(major))
    assert isinstance(ident.values(maps)["mappings"], list)


@given(st.text(), st.integers(12, 19))
def test_any_text_is_read(text: str, major: int) -> None:
    read(text, major)
