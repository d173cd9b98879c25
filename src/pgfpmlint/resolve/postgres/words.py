"""The words in which refused values are explained: the values of the rules' messages."""

from __future__ import annotations

from pgfpmlint.catalog.postgresql import Setting
from pgfpmlint.catalog.refusal import BAD_UNIT, CANNOT_CHANGE, NO_BOOLEAN, NO_CHOICE, NO_NUMBER, OUT_OF_RANGE, Refusal

_SETS_IT = {
    "data_checksums": "initdb and pg_checksums set it",
    "wal_segment_size": "initdb --wal-segsize sets it",
    "server_encoding": "CREATE DATABASE sets it",
}


def explained(setting: Setting, text: str, refusal: Refusal) -> dict[str, object]:
    """``name``, ``value``; ``wants``, what the parameter takes; ``advice``, what to type; the server's ``hint``."""
    wants = _wants(setting, refusal)
    advice = f"write {setting.name} = {quoted(refusal.suggestion)}" if refusal.suggestion else _advice(setting, refusal)
    return {"name": setting.name, "value": text, "wants": wants, "advice": advice, "hint": refusal.hint}


def _wants(setting: Setting, refusal: Refusal) -> str:
    if refusal.kind == CANNOT_CHANGE:
        return _SETS_IT.get(setting.name, "it only shows how the server was built or runs")
    if refusal.kind == NO_BOOLEAN:
        return "it takes on or off"
    if refusal.kind == NO_CHOICE:
        *most, last = [choice or "''" for choice in setting.choices]
        return f"it takes {', '.join(most)} or {last}" if most else f"it takes {last}"
    if refusal.kind == OUT_OF_RANGE:
        unit = f" {setting.unit}" if setting.unit else ""
        if refusal.hint and not refusal.hint.startswith("Value exceeds"):
            return _clause(refusal.hint)
        return f"it takes {setting.low}{unit} to {setting.high}{unit}"
    if refusal.kind == BAD_UNIT:
        units = "B, kB, MB, GB and TB" if setting.unit.endswith("B") else "us, ms, s, min, h and d"
        return f"its units are {units}, spelt just so" if setting.unit else "it has no unit"
    if refusal.kind == NO_NUMBER:
        whole = "whole number" if setting.type == "integer" else "number"
        return f"it takes a {whole}" + (f", in {setting.unit} or with a unit" if setting.unit else "")
    return _clause(refusal.hint) or "the server refuses it"


def _clause(hint: str) -> str:
    return (hint[:1].lower() + hint[1:]).rstrip(".")


def _advice(setting: Setting, refusal: Refusal) -> str:
    if refusal.kind == CANNOT_CHANGE:
        return "remove the line"
    if refusal.kind == NO_BOOLEAN:
        return f"write {setting.name} = on, or off"
    if not setting.default:
        return "remove the line"
    # A bare number is in the base unit; one that is no size may be a word, such as -1 for none.
    unit = setting.unit if setting.default.isdecimal() and setting.unit != "8kB" else ""
    return f"write {setting.name} = {quoted(setting.default + unit)}, the default, or what is meant"


def quoted(value: str) -> str:
    """The value as it may be written: bare where the grammar allows that, else in quotes."""
    if value.isalnum() and value.isascii():
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
