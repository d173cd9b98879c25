from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.finding import Hit
from pgfpmlint.registry import declarative
from pgfpmlint.resolve.settings import Default, Effective, Unknown, Written
from pgfpmlint.source.text import Place, Source

FILE = Source("postgresql.conf", "fsync = 0\n")
TOP = FILE.place(0, 0)
VERSION = ServerVersion("postgresql", (16,), "declared")


class Settings(NamedTuple):
    effective: Effective

    def setting(self, name: str) -> Effective:
        assert name == self.effective.name
        return self.effective

    def entry(self, array: str, index: str) -> Effective | None:
        return self.effective if f"{array}[{index}]" == self.effective.name else None


class Instance(NamedTuple):
    postgres: Settings
    fragment: bool = False


def written(value: str | None, name: str = "fsync") -> Effective:
    place = FILE.place(0, 9)
    return Effective(name, value, Written(place, FILE.place(8, 9), "0"))


def default(value: str | None, name: str = "fsync", anchor: Place | None = TOP) -> Effective:
    return Effective(name, value, Default(VERSION, anchor))


def hits(kind: str, effective: Effective, *, fragment: bool = False, **arguments: Any) -> list[Hit]:
    check = declarative.check(kind, "postgres", {"setting": effective.name, **arguments})
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
    assert hit.at.text == "fsync = 0"
    assert (hit.values["setting"], hit.values["value"], hit.values["written"]) == ("fsync", "off", "0")


def test_what_a_fragment_does_not_set_may_be_set_elsewhere() -> None:
    assert not hits("requires", default("off"), value="on", fragment=True)
    assert hits("requires", written("off"), value="on", fragment=True)


def test_an_entry_of_an_array() -> None:
    name = "php_admin_value[display_errors]"
    assert hits("forbids", written("1", name), value="1")
    check = declarative.check("forbids", "postgres", {"setting": "env[X]", "value": "1"})
    assert not list(check(Instance(Settings(written("1", name))), None, {}))
