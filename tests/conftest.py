"""What every test run starts with: the rule book of this checkout, compiled; no deadlines, for machines are busy.

In CI the laws are tried on the same inputs each time, so that a change is judged by what it changes; new inputs are
for those who can look at them.
"""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

from pgfpmlint.registry.compile import compile_rule_book

HERE = Path(__file__).parent.parent


CI_SERVICES = ("GITHUB_ACTIONS", "GITLAB_CI")
"""What reports are fitted to: tests that are about it say so themselves."""


def pytest_configure() -> None:
    for service in CI_SERVICES:
        os.environ.pop(service, None)
    settings.register_profile("unhurried", deadline=None, derandomize="CI" in os.environ)
    settings.load_profile("unhurried")
    rules = HERE / "rules"
    data = HERE / "src/pgfpmlint/registry/data"
    made_from = [*rules.rglob("*"), *(HERE / "src/pgfpmlint/registry").glob("*.py")]
    compiled = data / "pages.json"
    if not compiled.exists() or compiled.stat().st_mtime < max(path.stat().st_mtime for path in made_from):
        compile_rule_book(rules, data)
