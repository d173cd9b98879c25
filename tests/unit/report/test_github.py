from __future__ import annotations

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.report import Look, render
from pgfpmlint.source.text import Source
from reports import FILE, found


def lines(*findings: Finding, within: str = "") -> list[str]:
    return render("github", Outcome(findings), Look(within=within)).splitlines()


def test_a_command_for_each_severity() -> None:
    commands = lines(found(), found(severity="warning"), found(severity="info"))
    assert [command.partition(" ")[0] for command in commands] == ["::error", "::warning", "::notice"]
    assert commands[0] == (
        "::error file=etc/a.conf,line=2,endLine=2,col=6,endColumn=8,title=hba/x"
        "::it is off%0Aetc/b c.conf:1: because [it] is%0A1 + 1%0Ahelp: do%0Asee: https://x.org"
    )


def test_escapes() -> None:
    """% first; in properties also what separates them."""
    source = Source("a,b:c%d.conf", "x\n")
    plain = {"related": (), "arithmetic": (), "help": "", "url": ""}
    (command,) = lines(found(at=source.place(0, 1), message="100%: a,b\r\n::error::", **plain))
    assert command == (
        "::error file=a%2Cb%3Ac%25d.conf,line=1,endLine=1,col=1,endColumn=2,title=hba/x::100%25: a,b\\r\\n::error::"
    )


def test_no_columns_over_several_lines() -> None:
    (command,) = lines(found(at=FILE.place(0, 9)))
    assert "line=1,endLine=2,title" in command


def test_paths_start_at_the_root_of_the_repository() -> None:
    assert "file=conf/etc/a.conf," in lines(found(), within="conf/")[0]
    assert "file=/etc/a.conf," in lines(found(at=Source("/etc/a.conf", "x").place(0, 1)), within="conf/")[0]


def test_nothing_found_nothing_said() -> None:
    assert lines() == []
