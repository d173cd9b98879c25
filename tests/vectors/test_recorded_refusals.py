"""``proof: vectors``: some recorded server refused a file for just what the rule objects to."""

from __future__ import annotations

from pathlib import Path

from recorded import refusing_rules
from ruamel.yaml import YAML

RULES = Path(__file__).parents[2] / "rules"


def test_each_rule_proved_by_vectors_has_one() -> None:
    parser = YAML(typ="safe", pure=True)
    claimed = {
        f"{path.parent.name}/{path.stem}"
        for path in RULES.glob("*/*.yaml")
        if "\nproof: vectors\n" in (text := path.read_text(encoding="utf-8")) and parser.load(text)["proof"]
    }
    assert claimed
    assert not claimed - refusing_rules()
