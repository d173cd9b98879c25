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
