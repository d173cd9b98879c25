"""auth_file: who is known, in what form the secret is, and where PgBouncer stops reading."""

from __future__ import annotations

import pytest

from pgfpmlint.catalog import version
from pgfpmlint.resolve import userlist
from pgfpmlint.source.memory import MemoryRoot

MD5 = "md5" + "0123456789abcdef" * 2
SCRAM = "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"


def reading(text: str, running: str = "1.24") -> userlist.UserlistReading:
    root = MemoryRoot("edge", "", {"userlist.txt": text.encode()})
    return userlist.read(root, "/userlist.txt", version.parse(version.PGBOUNCER, running, "a test"))


@pytest.mark.parametrize(
    ("secret", "form"),
    [
        ("", "empty"),
        ("hush", "plain"),
        (MD5, "md5"),
        (MD5.upper(), "plain"),
        ("md5", "plain"),
        (SCRAM, "scram-sha-256"),
    ],
)
def test_forms_of_secrets(secret: str, form: str) -> None:
    (user,) = reading(f'"alice" "{secret}"\n').users
    assert (user.name, user.secret, user.place.text) == ("alice", form, '"alice"')


def test_the_last_record_of_a_name_wins() -> None:
    (user,) = reading(f'"a" "x"\n"a" "{MD5}"\n').users
    assert (user.secret, user.place.line) == ("md5", 2)


def test_reading_stops_at_what_is_no_record() -> None:
    found = reading('"a" "x"\n# hush\n"b" "x"\n"c" "x"\n')
    assert userlist.values(found) == {"users": ["a"]}
    (problem,) = found.reading.problems
    assert (problem.rule, problem.place.text, problem.says) == ("pooler/userlist-broken", "# hush", "broken auth file")
    assert problem.values["lost"] == "PgBouncer stops there, 2 more records follow"
    assert found.reading.accepted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("alice hush\n", "a record starts with a name in double quotes"),
        ('"alice"\n', "a name and a password in double quotes are needed"),
        ('"alice" "hush\n', "a quote is not closed"),
        ('\ufeff"alice" "hush"\n', "a byte order mark stands before it"),
    ],
)
def test_reasons_repeat_no_secret(text: str, reason: str) -> None:
    (problem,) = reading(text).reading.problems
    assert problem.values["reason"] == reason
    assert "hush" not in problem.says + str(problem.values)


@pytest.mark.parametrize(
    ("running", "name", "secret"), [("1.15", 63, 159), ("1.16", 127, 995), ("1.17", 127, 2047), ("1.26", 127, 65530)]
)
def test_names_and_secrets_have_a_longest(running: str, name: int, secret: int) -> None:
    assert reading(f'"{"n" * name}" "{"s" * secret}"\n', running).reading.problems == ()
    (problem,) = reading(f'"{"n" * (name + 1)}" "x"\n', running).reading.problems
    assert problem.says == "username too long in auth file"
    (problem,) = reading(f'"n" "{"s" * (secret + 1)}"\n', running).reading.problems
    assert problem.says == "password too long in auth file"


def test_a_template_is_no_list_of_users() -> None:
    found = reading('{% for u in users %}\n"{{ u.name }}" "{{ u.secret }}"\n{% endfor %}\n"a" "x"\n')
    assert userlist.values(found) == {"users": ["a"]}
    assert found.reading.problems == ()
    assert [unread.why for unread in found.reading.unread] == ["is a template: it holds placeholders"]
