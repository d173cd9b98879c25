"""Compiles the rule book into the package: a run never parses rules/."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


# hatchling's newer releases are typed, its older ones are not: mypy objects to one of them either way.
class CompileRuleBook(BuildHookInterface):  # type: ignore[misc, type-arg, unused-ignore]
    """Runs before every wheel and every editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write src/pgfpmlint/registry/data/ from rules/."""
        here = Path(self.root)
        sys.path.insert(0, str(here / "src"))
        try:
            from pgfpmlint.registry.compile import compile_rule_book

            compile_rule_book(here / "rules", here / "src/pgfpmlint/registry/data")
        finally:
            sys.path.pop(0)
