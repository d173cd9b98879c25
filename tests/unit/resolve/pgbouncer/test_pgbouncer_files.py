"""Sections, includes and fragments: what is read, what wins, and what stays unknown."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve.pgbouncer import values
from pgfpmlint.resolve.settings import Default, Unknown, Written
from resolve_pgbouncer import only, reading, told


def test_written_settings_know_their_places() -> None:
    setting = reading("[pgbouncer]\n max_client_conn = 0x10 \n").setting("max_client_conn")
    assert setting.value == "16"
    assert isinstance(setting.origin, Written)
    assert setting.origin.place.text == "max_client_conn = 0x10"
    assert (setting.origin.value_place.text, setting.origin.raw) == ("0x10", "0x10")


def test_defaults_are_those_of_the_version_and_point_at_the_section() -> None:
    found = reading("[databases]\n[pgbouncer]\n", "1.23")
    assert found.setting("max_prepared_statements").value == "0"
    assert found.setting("unix_socket_mode").value == "511"
    assert found.setting("transaction_timeout").value is None
    assert isinstance(found.setting("max_client_conn").origin, Default)
    place = found.setting("max_client_conn").place
    assert place is not None
    assert (place.line, place.text) == (2, "[pgbouncer]")


def test_the_last_of_two_lines_wins_and_the_first_is_kept() -> None:
    found = reading("[pgbouncer]\ndefault_pool_size = 5\ndefault_pool_size = 6\n")
    setting = found.setting("default_pool_size")
    assert setting.value == "6"
    assert [written.raw for written in setting.shadowed] == ["5"]
    assert told(found) == [("duplicate-parameter", "default_pool_size = 6")]


def test_the_same_value_twice_and_an_override_by_a_file_are_no_duplicates() -> None:
    text = "[pgbouncer]\nmax_client_conn = 16\nmax_client_conn = 0x10\n%include x.ini\nmax_client_conn = 7\n"
    found = reading(text, others={"x.ini": "max_client_conn = 6\n"})
    assert told(found) == []
    assert found.setting("max_client_conn").value == "7"


def test_a_second_section_resets() -> None:
    text = "[pgbouncer]\nmax_client_conn = 5\nmin_pool_size = 0\nauth_user = dba\nlisten_port = 1\n"
    found = reading(text + "[pgbouncer]\nlisten_port = 2\n")
    setting = found.setting("max_client_conn")
    assert (setting.value, [written.raw for written in setting.shadowed]) == ("100", ["5"])
    assert found.setting("auth_user").value == "dba"
    problem = only(found)
    assert (problem.rule, problem.place.line) == ("pooler/section-resets", 6)
    assert problem.values["names"] == "max_client_conn"
    assert [label.place.text for label in problem.related] == ["max_client_conn = 5"]


def test_an_unknown_file_makes_what_it_may_set_unknown() -> None:
    text = "[pgbouncer]\nmax_client_conn = 5\n%include /run/secrets/x.ini\ndefault_pool_size = 6\nfoo\n"
    found = reading(text)
    assert isinstance(found.setting("max_client_conn").origin, Unknown)
    assert isinstance(found.setting("min_pool_size").origin, Unknown)
    assert found.setting("default_pool_size").value == "6"
    assert [(unread.path, unread.why) for unread in found.reading.unread] == [
        ("run/secrets/x.ini", "No such file or directory")
    ]
    assert told(found) == [("syntax-error", "foo")]
    assert values(reading(text.replace("foo\n", ""))).get("max_client_conn") is None


def test_behind_an_unknown_file_the_section_is_unsure() -> None:
    """It may have opened another one: a key that would be wrong here may be right there."""
    assert told(reading("[pgbouncer]\n%include /x.ini\napp = host=a\n[databases]\nb = foo\n")) == [
        ("invalid-connection-string", "foo")
    ]
    assert told(reading("%include /x.ini\nmax_client_conn = 5\n")) == []


def test_an_unknown_file_among_the_databases_says_nothing_about_parameters() -> None:
    found = reading("[databases]\n%include /x.ini\n[pgbouncer]\nmax_client_conn = 5\n")
    assert found.setting("max_client_conn").value == "5"
    assert found.setting("min_pool_size").value == "0"


def test_on_a_whole_machine_a_missing_file_is_missing() -> None:
    text = "[pgbouncer]\n%include /x.ini\n"
    assert told(reading(text)) == []
    assert told(reading(text, complete=True)) == [("include-missing", "/x.ini")]
    assert told(reading("[pgbouncer]\n%include x.ini\n", complete=True)) == []  # relative to who knows what


@pytest.mark.parametrize("name", ["'/x.ini'", "/x.ini ; mine", "/conf.d/*.ini", ""])
def test_names_that_no_file_has(name: str) -> None:
    assert only(reading(f"[pgbouncer]\n%include {name} \n")).rule == "pooler/include-missing"


def test_includes_go_on_in_the_section_and_may_change_it() -> None:
    found = reading(
        "[pgbouncer]\n%include x.ini\nshop = host=a\n", others={"x.ini": "max_client_conn = 5\n[databases]\n"}
    )
    assert told(found) == []
    assert found.setting("max_client_conn").value == "5"
    assert [entry.name for entry in found.databases] == ["shop"]
    assert [document.path for document in found.reading.documents] == ["/etc/pgbouncer.ini", "/etc/x.ini"]


def test_a_folder_is_an_empty_file() -> None:
    assert told(reading("[pgbouncer]\n%include /etc\n", complete=True)) == []


def test_circles_end() -> None:
    assert (
        only(reading("[pgbouncer]\n%include x.ini\n", others={"x.ini": "%include pgbouncer.ini\n"})).place.path
        == "etc/x.ini"
    )


def test_files_that_multiply_end_too() -> None:
    """Nine levels that include the next one thrice each are 29,524 files."""
    files = {f"f{level}.ini": f"%include f{level + 1}.ini\n" * 3 for level in range(9)} | {"f9.ini": "; the end\n"}
    found = reading("[pgbouncer]\n%include f0.ini\n", others=files)
    assert any("more than 1000 files" in unread.why for unread in found.reading.unread)


def test_unknown_sections_are_told_once_and_their_keys_not_at_all() -> None:
    assert told(reading("[Pgbouncer]\nfoo = 1\nmax_client_conn = x\n")) == [("unknown-section", "[Pgbouncer]")]
    assert told(reading("[pgbouncer\nfoo = 1\n")) == [("syntax-error", "[pgbouncer")]


def test_peers_are_a_section_since_1_19() -> None:
    text = "[peers]\n[pgbouncer]\n"
    assert only(reading(text, "1.18")).values["hint"] == "; it came with 1.19"
    assert told(reading(text, "1.19")) == told(reading(text)) == []


def test_where_nothing_tells_the_version_any_version_will_do() -> None:
    text = "[pgbouncer]\nsuspend_timeout = 10\nmax_prepared_statements = 5\n'auth_user' = x\n"
    assert told(reading(text)) == []
    assert told(reading(text, "1.20")) == [
        ("unknown-parameter", "max_prepared_statements"),
        ("syntax-error", "'auth_user' = x"),
    ]
    assert told(reading(text, "1.26")) == [("unknown-parameter", "suspend_timeout")]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("defualt_pool_size = 5", "; did you mean default_pool_size?"),
        ("pool_size = 5", "; it belongs into an entry of [databases]"),
        ("shop = host=a", "; it looks like a database"),
        ("suspend_timeout = 5", "; it is gone since 1.26"),
        ("frobnicate = 5", ""),
    ],
)
def test_advice_for_unknown_parameters(line: str, hint: str) -> None:
    assert only(reading(f"[pgbouncer]\n{line}\n", "1.26")).values["hint"] == hint


def test_fragments_go_on_where_they_look_like_it() -> None:
    found = reading("client_tls_sslmode = require\n", fragment=True)
    assert (told(found), found.setting("client_tls_sslmode").value) == ([], "require")
    found = reading("shop = host=a\n", fragment=True)
    assert (told(found), [entry.name for entry in found.databases]) == ([], ["shop"])
    assert told(reading("; nothing\n", fragment=True)) == []
    assert told(reading("max_client_conn = x\n", fragment=True)) == [("invalid-value", "x")]


def test_the_userlist_is_read_where_pgbouncer_reads_it() -> None:
    text = "[pgbouncer]\nauth_file = users.txt\nauth_type = md5\n"
    found = reading(text, others={"users.txt": '"alice" "pw"\n# x\n'})
    assert found.userlist is not None
    assert values(found)["users"] == ["alice", "pgbouncer"]
    assert told(found) == []  # its own reading has its own problems
    assert reading(text.replace("md5", "any"), others={"users.txt": ""}).userlist is None


def test_templates_are_not_objected_to() -> None:
    text = (
        "{% if tls %}\n[pgbouncer]\nmax_client_conn = {{ n }}\npool_mode = session\n{% else %}\npool_mode = statement\n"
    )
    found = reading(text + "{% endif %}\n%include {{ x }}\n[{{ y }}]\n")
    assert told(found) == []
    assert isinstance(found.setting("max_client_conn").origin, Unknown)
    assert len(found.reading.unread) == 2


def test_ldap_options_hold_a_password() -> None:
    found = reading('[pgbouncer]\nauth_ldap_options = ldapserver=x ldapbindpasswd="hush"\n')
    assert "hush" not in str(values(found)) + repr(found.setting("auth_ldap_options").origin)
