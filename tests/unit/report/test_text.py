from __future__ import annotations

from pgfpmlint.engine.outcome import NotEvaluated, Outcome, ReadFile, Skipped, Unread
from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.problem import Label
from pgfpmlint.report import Look, render
from pgfpmlint.report.files import listing
from pgfpmlint.report.summary import remarks, statistics, summary
from pgfpmlint.source.text import Place, Source

POOL = Source("web/www.conf", "[www]\npm = static\npm.max_children = 50 ; peak\n")
SERVER = Source("db/postgresql.conf", "\n" * 64 + "max_connections = 120\n")


def place(source: Source, text: str) -> Place:
    start = source.text.index(text)
    return source.place(start, start + len(text))


TOO_MANY = Finding(
    rule="capacity/workers-exceed-max-connections",
    severity="error",
    message="web/www may open 150 connections, db/16-main has 117",
    at=place(POOL, "pm.max_children = 50"),
    related=(
        Label(place(SERVER, "max_connections = 120"), "120 slots"),
        Label(place(POOL, "pm = static"), "always running"),
    ),
    arithmetic=("3 hosts × 50 workers = 150", "120 − 3 = 117"),
    help="lower pm.max_children to 39",
    url="https://www.postgresql.org/docs/current/runtime-config-connection.html",
    fix=None,
)
PLAIN = Finding("files/unreadable", "warning", "not read", Source("x\x1b.conf", "").place(0, 0), (), (), "", "", None)


def test_a_finding_with_everything() -> None:
    assert render("text", Outcome((TOO_MANY,)), Look()) == (
        """\
error[capacity/workers-exceed-max-connections]: web/www may open 150 connections, db/16-main has 117
  --> web/www.conf:3:1
   |
 3 | pm.max_children = 50 ; peak
   | ^^^^^^^^^^^^^^^^^^^^
  ::: db/postgresql.conf:65:1
   |
65 | max_connections = 120
   | --------------------- 120 slots
  ::: web/www.conf:2:1
   |
 2 | pm = static
   | ----------- always running
   |
   = 3 hosts × 50 workers = 150
   = 120 − 3 = 117
   = help: lower pm.max_children to 39
   = see: https://www.postgresql.org/docs/current/runtime-config-connection.html

"""
    )


def test_a_finding_with_nothing_but_a_path() -> None:
    assert render("text", Outcome((PLAIN,)), Look()) == (
        "warning[files/unreadable]: not read\n --> x\\x1b.conf:1:1\n\n"
    )


def test_no_finding_no_word() -> None:
    assert render("text", Outcome(), Look()) == ""


def test_colour_changes_nothing_but_colours() -> None:
    import re

    outcome = Outcome((TOO_MANY, PLAIN))
    painted = render("text", outcome, Look(color=True))
    assert "\x1b[1;31merror[capacity/" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == render("text", outcome, Look())


FILES = (ReadFile("a", "pg_hba.conf"), ReadFile("b", "php-fpm"), ReadFile("b", "php.ini"))


def test_a_clean_summary_says_what_it_covers() -> None:
    outcome = Outcome(
        files=FILES,
        hosts=("db", "web"),
        not_evaluated=(
            NotEvaluated("capacity/a", "no PgBouncer here"),
            NotEvaluated("hba/b", "no pg_hba.conf here"),
            NotEvaluated("pooler/c", "no PgBouncer here"),
        ),
    )
    first = (
        "2 files, 2 hosts: no findings; "
        "3 rules not evaluated (no PgBouncer here: 2, no pg_hba.conf here: 1)"
    )  # fmt: skip
    assert summary(outcome, verbose=False) == f"{first}; --verbose names them\n"
    assert summary(outcome, verbose=True).splitlines() == [
        first,
        "  not evaluated: capacity/a: no PgBouncer here",
        "  not evaluated: hba/b: no pg_hba.conf here",
        "  not evaluated: pooler/c: no PgBouncer here",
    ]


def test_a_line_that_contributes_twice_is_shown_once() -> None:
    shop, api = (Label(place(POOL, "pm.max_children = 50"), name) for name in ("for shop", "for api"))
    finding = PLAIN._replace(at=place(POOL, "pm = static"), related=(shop, api))
    assert render("text", Outcome((finding,)), Look()) == (
        """\
warning[files/unreadable]: not read
 --> web/www.conf:2:1
  |
2 | pm = static
  | ^^^^^^^^^^^
3 | pm.max_children = 50 ; peak
  | -------------------- for shop
  | -------------------- for api

"""
    )


def test_a_summary_counts_everything() -> None:
    outcome = Outcome(
        findings=(TOO_MANY, PLAIN, PLAIN), suppressed=(PLAIN,), files=FILES[:1], unread=(Unread("x", "is a folder"),)
    )
    assert summary(outcome, verbose=True) == (
        "1 file: 1 error, 2 warnings; 1 suppressed; 1 file unread\n  unread: x: is a folder\n"
    )


def test_a_summary_counts_what_was_not_linted_and_each_unread_file_once() -> None:
    twice = (Unread("x", "is a folder"), Unread("x", "is a folder", PLAIN.at))
    outcome = Outcome(files=FILES[:1], unread=twice, skipped=(Skipped("www.conf.j2", "php-fpm", "a template (.j2)"),))
    assert summary(outcome, verbose=False) == (
        "1 file: no findings; 1 file unread; 1 not linted; --verbose names them\n"
    )
    assert summary(outcome, verbose=True).splitlines()[1:] == [
        "  unread: x: is a folder",
        "  not linted: www.conf.j2: a template (.j2)",
    ]


def test_remarks_name_files_that_were_asked_for_and_stay_few() -> None:
    asked = Skipped("words.conf", "", "nothing tells what it is", named=True)
    met = Skipped("www.conf.j2", "php-fpm", "a template (.j2)")
    outcome = Outcome(skipped=(asked, met), notes=("PHP 8.5 is taken",))
    assert remarks(outcome, verbose=False).splitlines() == [
        "words.conf: not linted: nothing tells what it is; say it with --as KIND",
        "PHP 8.5 is taken",
    ]
    many = outcome._replace(notes=tuple(f"note {number}" for number in range(1, 100)))
    lines = remarks(many, verbose=False).splitlines()
    assert lines[1:] == [
        *(f"note {number}" for number in range(1, 10)),
        "… and 90 more like these; --verbose names them",
    ]
    assert len(remarks(many, verbose=True).splitlines()) == 100


def test_every_file_with_its_reason() -> None:
    outcome = Outcome(
        files=(ReadFile("b.conf", "php-fpm", "named so"), ReadFile("a\x1b[2J.conf", "php-fpm")),
        skipped=(Skipped("b.conf.j2", "php-fpm", "a template (.j2)"), Skipped("c", "", "nothing tells what it is")),
        unread=(Unread("a.conf", "is a FIFO"),),
    )
    assert listing(outcome).splitlines() == [
        "a\\x1b[2J.conf: php-fpm",
        "a.conf: not read: is a FIFO",
        "b.conf: php-fpm (named so)",
        "b.conf.j2: php-fpm, not linted: a template (.j2)",
        "c: not linted: nothing tells what it is",
    ]


def test_statistics() -> None:
    assert statistics(Outcome(findings=(TOO_MANY, PLAIN, PLAIN))) == (
        "     2  warning  files/unreadable\n     1  error    capacity/workers-exceed-max-connections\n"
    )
