"""What the server says of files that are being edited, as a client hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor.client import Message, editor

WWW = "hosts/web/etc/php/8.3/fpm/pool.d/www.conf"
DB = "hosts/db/etc/postgresql/16/main/postgresql.conf"
HBA = "hosts/db/etc/postgresql/16/main/pg_hba.conf"
CONFIG = ".pgfpmlint.yaml"
TOO_MANY = "capacity/workers-exceed-max-connections"

ERROR, WARNING, INFORMATION, HINT = 1, 2, 3, 4
UNNECESSARY = 1
INFO = "relatedInformation"


def codes(found: list[Message], severity: int) -> list[str]:
    return [one["code"] for one in found if one["severity"] == severity]


def span(line: int, start: int, end: int) -> Message:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def test_findings_across_files_stand_in_each_of_them(shop: Path) -> None:
    with editor(shop) as one:
        (finding,) = one.open(WWW)
        assert finding["code"] == TOO_MANY
        assert finding["severity"] == ERROR
        assert finding["source"] == "pgfpmlint"
        assert finding["range"] == span(9, 0, len("pm.max_children = 50"))
        assert finding["codeDescription"]["href"].startswith("https://www.postgresql.org/docs/")
        assert finding["message"].splitlines()[0] == (
            "150 PHP workers may connect straight to db/16-main, which has 117 slots for them"
        )
        assert "150 wanted - 117 there = 33 too many" in finding["message"].splitlines()
        lines = {(info["location"]["uri"], info["location"]["range"]["start"]["line"]) for info in finding[INFO]}
        assert lines == {
            (one.uri(CONFIG), 3),
            (one.uri(DB), 7),
            (one.uri(DB), 8),
            (one.uri(WWW), 16),
            (one.uri(WWW), 17),
        }

        slots = next(hint for hint in one.open(DB) if hint["range"] == span(7, 0, len("max_connections = 120")))
        assert (slots["code"], slots["severity"]) == (TOO_MANY, HINT)
        (back,) = slots[INFO]
        assert (back["location"]["uri"], back["location"]["range"]) == (one.uri(WWW), finding["range"])


def test_an_unsaved_change_in_one_file_changes_what_is_said_of_another(shop: Path) -> None:
    with editor(shop) as one:
        assert codes(one.open(WWW), ERROR) == [TOO_MANY]
        one.open(DB)
        text = (shop / DB).read_text()
        one.type(DB, text.replace("max_connections = 120", "max_connections = 400"))
        assert TOO_MANY not in codes(one.told(DB), HINT)
        assert one.of(WWW) == []
        one.close(DB)
        assert codes(one.until_told(WWW), ERROR) == [TOO_MANY]


def test_a_file_that_is_gone_takes_its_findings_along(shop: Path) -> None:
    with editor(shop) as one:
        one.open(DB)
        assert codes(one.of(HBA), WARNING) == ["hba/host-without-tls"]
        (shop / HBA).rename(shop / "elsewhere.txt")
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": one.uri(HBA), "type": 3}]})
        assert one.until_told(HBA) == []


def test_a_configuration_in_the_making(shop: Path) -> None:
    """It is often broken: that is told where it is, and the findings go on by what it said before."""
    with editor(shop) as one:
        one.open(CONFIG)
        text = (shop / CONFIG).read_text()
        one.type(CONFIG, text.replace("consumers:", "consumer:"))
        (fault,) = [found for found in one.told(CONFIG) if found["code"] == "configuration"]
        line = text.splitlines().index("consumers:")
        assert (fault["severity"], fault["range"]) == (ERROR, span(line, 0, len("consumer:")))
        assert "'consumers'" in fault["message"]
        assert codes(one.of(WWW), ERROR) == [TOO_MANY]
        one.type(CONFIG, text.replace("count: 3", "count: 1"))
        assert codes(one.told(CONFIG), ERROR) == []
        assert one.of(WWW) == []


def test_an_editor_without_folders_and_related_information(tmp_path: Path) -> None:
    """The file alone, with what it includes; what other lines contribute stands in the message."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d/more.conf").write_text("wrk_mem = 8MB\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/postgresql.conf").write_text("also_unknown = 1\n")
    text = "include_dir = 'conf.d'\nfsync = off\nfsync = on\n"
    (tmp_path / "postgresql.conf").write_text(text)
    with editor(tmp_path, folders=[], capabilities={}) as one:
        found = one.open("postgresql.conf")
        twice, dead = [finding for finding in found if finding["code"] == "postgres/duplicate-parameter"]
        assert (twice["severity"], twice["range"]) == (WARNING, span(2, 0, len("fsync = on")))
        assert "postgresql.conf:2: has no effect" in twice["message"].splitlines()
        assert (dead["severity"], dead["range"], dead["tags"]) == (HINT, span(1, 0, len("fsync = off")), [UNNECESSARY])
        assert codes(one.of("conf.d/more.conf"), ERROR) == ["postgres/unknown-parameter"]
        assert one.uri("other/postgresql.conf") not in one.published


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 20), ("utf-16", 17)])
def test_positions_in_the_units_that_were_agreed_on(encoding: str, start: int, tmp_path: Path) -> None:
    """Fourteen signs of one unit each, then 4 + 2 or 2 + 1 units."""
    with editor(tmp_path, capabilities={"general": {"positionEncodings": [encoding]}}) as one:
        text = "# 😀\r\nwork_mem = '😀é' bogus # 😀\r\nport = 1\r\n"
        (finding,) = one.open("postgresql.conf", text)
        assert finding["range"] == span(1, start, start + len("bogus"))
        # Nothing was said of Markdown.
        told = one.request("textDocument/hover", one.at("postgresql.conf", "po|rt = 1", text))["contents"]
        assert told["kind"] == "plaintext"
        assert told["value"].startswith("port, PostgreSQL ")


def test_a_body_that_is_no_utf_8_and_one_that_is_no_json_end_nothing(shop: Path) -> None:
    with editor(shop) as one:
        one.raw(b'{"jsonrpc": "2.0", "method": "x", "params": "\xff\xfe"}')
        one.raw(b"{")
        one.raw(b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 3}}')
        assert codes(one.open(WWW), ERROR) == [TOO_MANY]
        assert one.leave() == 0


def test_who_leaves_without_a_word(shop: Path) -> None:
    with editor(shop) as one:
        one.notify("exit")
        assert one.gone() == 1
