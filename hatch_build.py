"""Compiles the rule book into the package, for a run never parses rules/, and makes the manual from the commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


# hatchling's newer releases are typed, its older ones are not: mypy objects to one of them either way.
class Compile(BuildHookInterface):  # type: ignore[misc, type-arg, unused-ignore]
    """Runs before every wheel and every editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write src/pgfpmlint/registry/data/ and src/pgfpmlint/commands/data/."""
        here = Path(self.root)
        sys.path.insert(0, str(here / "src"))
        try:
            from pgfpmlint.registry.compile import compile_rule_book

            compile_rule_book(here / "rules", here / "src/pgfpmlint/registry/data")

            from pgfpmlint.commands import manual
            from pgfpmlint.registry.load import rule_book

            manual.write(here / "src/pgfpmlint/commands/data", [*rule_book().rules])
        finally:
            sys.path.pop(0)
