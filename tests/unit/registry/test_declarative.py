from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.finding import Hit, Silent
from pgfpmlint.registry import declarative
from pgfpmlint.resolve.settings import Default, Effective, Unknown, Written
from pgfpmlint.source.text import Place, Source

FILE = Source("postgresql.conf", "fsync = 0\n")
TOP = FILE.place(0, 0)
VERSION = ServerVersion("postgresql", (16,), "declared")


class Origin(NamedTuple):
    version: ServerVersion = VERSION


class Settings(NamedTuple):
    effective: Effective
    reading: Origin = Origin()

    def setting(self, name: str) -> Effective:
        assert name == self.effective.name
        return self.effective

    def entry(self, array: str, index: str) -> Effective | None:
        return self.effective if f"{array}[{index}]" == self.effective.name else None


class Instance(NamedTuple):
    postgres: Settings
    fragment: bool = False
    name: str = "db/16-main"


def written(value: str | None, name: str = "fsync") -> Effective:
    place = FILE.place(0, 9)
    return Effective(name, value, Written(place, FILE.place(8, 9), "0"))


def default(value: str | None, name: str = "fsync", anchor: Place | None = TOP) -> Effective:
    return Effective(name, value, Default(VERSION, anchor))


def hits(kind: str, effective: Effective, *, fragment: bool = False, **arguments: Any) -> list[Hit | Silent]:
    check = declarative.check(kind, "postgres", {"setting": effective.name, **arguments}, {})
    no_params: Mapping[str, object] = {}
    return list(check(Instance(Settings(effective), fragment), None, no_params))


UNKNOWN = Effective("fsync", None, Unknown("a template's placeholder", FILE.place(0, 9)))


@pytest.mark.parametrize(
    ("kind", "effective", "arguments", "found"),
    [
        ("forbids", written("off"), {"value": "off"}, True),
        ("forbids", written("off"), {"values": ["never", "off"]}, True),
        ("forbids", written("on"), {"value": "off"}, False),
        ("forbids", default("off"), {"value": "off"}, False),
        ("forbids", UNKNOWN, {"value": "off"}, False),
        ("one_of", written("warm"), {"values": ["on", "off"]}, True),
        ("one_of", written("on"), {"values": ["on", "off"]}, False),
        ("one_of", written(None), {"values": ["on", "off"]}, False),
        ("one_of", default("warm"), {"values": ["on", "off"]}, False),
        ("bounds", written("9"), {"min": 10}, True),
        ("bounds", written("10"), {"min": 10, "max": 10}, False),
        ("bounds", written("11"), {"max": 10}, True),
        ("bounds", written("-1"), {"max": 10}, False),
        ("bounds", written("ten"), {"max": 1}, False),
        ("bounds", default("11"), {"max": 10}, False),
        ("bounds", written("0.4"), {"min": 0.5}, True),
        ("bounds", written("0"), {"min": 10, "off": 0}, False),
        ("bounds", written("1"), {"min": 10, "off": 0}, True),
        ("present", written("anything"), {}, True),
        ("present", default("anything"), {}, False),
        ("holds", written("stderr,csvlog"), {"value": "csvlog"}, True),
        ("holds", written("stderr"), {"values": ["csvlog", "jsonlog"]}, False),
        ("holds", written(None), {"value": "csvlog"}, False),
        ("holds", default("csvlog"), {"value": "csvlog"}, False),
        ("lacks", written("%u "), {"values": ["%m", "%t"]}, True),
        ("lacks", written("%t %u "), {"values": ["%m", "%t"]}, False),
        ("lacks", written(None), {"value": "%m"}, False),
        ("lacks", UNKNOWN, {"value": "%m"}, False),
        ("lacks", default(""), {"value": "%m"}, False),
        ("requires", default("on"), {}, True),
        ("requires", written("on"), {}, False),
        ("requires", UNKNOWN, {}, False),
        ("requires", default("off"), {"value": "on"}, True),
        ("requires", written("off"), {"value": "on"}, True),
        ("requires", default("on"), {"value": "on"}, False),
        ("requires", UNKNOWN, {"value": "on"}, False),
        ("requires", default("off", anchor=None), {"value": "on"}, False),
    ],
)
def test_kind(kind: str, effective: Effective, arguments: dict[str, Any], found: bool) -> None:
    assert bool(hits(kind, effective, **arguments)) is found


def test_the_hit_covers_the_line_and_tells_both_forms_of_the_value() -> None:
    (hit,) = hits("forbids", written("off"), value="off")
    assert isinstance(hit, Hit)
    assert hit.at.text == "fsync = 0"
    assert (hit.values["setting"], hit.values["value"], hit.values["written"]) == ("fsync", "off", "0")


def test_what_a_fragment_does_not_set_may_be_set_elsewhere() -> None:
    assert not hits("requires", default("off"), value="on", fragment=True)
    assert hits("requires", written("off"), value="on", fragment=True)


def test_an_entry_of_an_array() -> None:
    name = "php_admin_value[display_errors]"
    assert hits("forbids", written("1", name), value="1")
    check = declarative.check("forbids", "postgres", {"setting": "env[X]", "value": "1"}, {})
    assert not list(check(Instance(Settings(written("1", name))), None, {}))


class Several(NamedTuple):
    """Settings by name, of a server whose main file is in the tree or not."""

    settings: Mapping[str, Effective]
    fragment: bool = False
    reading: Origin = Origin()
    name: str = "db/16-main"

    @property
    def postgres(self) -> Several:
        return self

    def setting(self, name: str) -> Effective:
        return self.settings[name]


def test_several_settings_are_looked_at_one_by_one() -> None:
    check = declarative.check("forbids", "postgres", {"setting": ["a", "b", "c"], "value": "on"}, {})
    server = Several({"a": written("on", "a"), "b": written("off", "b"), "c": written("on", "c")})
    assert [hit.values["setting"] for hit in check(server, None, {}) if isinstance(hit, Hit)] == ["a", "c"]


@pytest.mark.parametrize(
    ("other", "fragment", "found"),
    [
        (written("off", "collector"), False, ["collector is off"]),
        (default("off", "collector"), False, []),
        (written("on", "collector"), False, None),
        (written(None, "collector"), False, None),
        (Effective("collector", None, Unknown("a template's placeholder", TOP)), False, None),
        (written("off", "collector"), True, ["collector is off"]),
        (default("off", "collector"), True, None),
    ],
    ids=["written", "the default", "another value", "no value", "unknown", "in a fragment", "perhaps elsewhere"],
)
def test_where_another_setting_has_a_value(other: Effective, fragment: bool, found: list[str] | None) -> None:
    only = {"where": {"collector": ["off", "never"]}}
    check = declarative.check("forbids", "postgres", {"setting": "fsync", "value": "csv"}, only)
    hits = list(check(Several({"fsync": written("csv"), "collector": other}, fragment), None, {}))
    assert [[label.words for label in hit.related] for hit in hits if isinstance(hit, Hit)] == (
        [] if found is None else [found]
    )


@pytest.mark.parametrize(
    ("kind", "subject", "setting", "words"),
    [
        ("forbids", "postgres", "fsync", ["fsync"]),
        ("holds", "postgres", ["a", "b"], ["a", "b"]),
        ("forbids", "pool", "php[expose_php]", ["expose_php"]),
        ("forbids", "pool", "php_admin_value[opcache.preload]", ["opcache.preload"]),
        ("requires", "postgres", "fsync", []),
        ("forbids", "hba", "method", []),
    ],
)
def test_without_these_words_in_the_files_it_has_nothing_to_say(
    kind: str, subject: str, setting: object, words: list[str]
) -> None:
    assert declarative.mentioned(kind, subject, {"setting": setting}) == words


@pytest.mark.parametrize(
    ("only", "version", "found"),
    [
        ({"name": "db/*"}, VERSION, True),
        ({"name": "web/*"}, VERSION, False),
        ({"since": 16}, VERSION, True),
        ({"since": "16.1"}, VERSION._replace(number=(16, 0)), False),
        ({"since": 17}, VERSION, False),
        ({"before": 17}, VERSION, True),
        ({"before": 16}, VERSION, False),
        ({"since": 15, "before": 17, "name": "*/16-main"}, VERSION, True),
    ],
)
def test_only_some_servers(only: dict[str, object], version: ServerVersion, found: bool) -> None:
    check = declarative.check("forbids", "postgres", {"setting": "fsync", "value": "off"}, only)
    instance = Instance(Settings(written("off"), Origin(version)))
    assert bool(list(check(instance, None, {}))) is found


def test_a_version_that_is_not_known_is_within_no_bounds() -> None:
    check = declarative.check("forbids", "postgres", {"setting": "fsync", "value": "off"}, {"since": 12})
    (silent,) = check(Instance(Settings(written("off"), Origin(VERSION._replace(assumed=True)))), None, {})
    assert isinstance(silent, Silent)
    assert silent.why == "which version of db/16-main it is about is not known"
