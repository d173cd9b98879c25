"""Which rules speak where a real server, as recorded, refused."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import test_pg_hba
import test_pgbouncer
import test_php_fpm
import test_postgresql_conf_cases as test_postgresql_conf

from pgfpmlint.catalog.version import PHP, parse
from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve import fpm
from pgfpmlint.source.memory import MemoryTree


@cache
def refusing_rules() -> frozenset[str]:
    """Rules whose objection is the first that our reading has to a file that some real server refused."""
    return frozenset(problems[0].rule for problems in _refusals() if problems)


def _refusals() -> list[list[Problem]]:
    found: list[tuple[Problem, ...]] = []
    for case in test_postgresql_conf.CASES:
        if not case["accepted"] and case["id"] not in test_postgresql_conf.OUT_OF_REACH:
            found.append(test_postgresql_conf.reading(case, case["versions"][-1]).reading.problems)
    for case in test_pgbouncer.CASES:
        if not case["accepted"]:
            found.append(test_pgbouncer.reading(case, case["versions"][-1]).reading.problems)
    for parameters in test_php_fpm.CASES:
        case, version = cast("tuple[dict[str, Any], str]", parameters.values)
        if not case["accepted"]:
            root = MemoryTree(test_php_fpm.contents(case)).root("test", "", complete=True)
            main = f"{test_php_fpm.FOLDER}/{next(iter(case['files']))}"
            told = parse(PHP, version, "test")
            found.append(fpm.read(root, (main,), told, environment=test_php_fpm.ENVIRONMENT).reading.problems)
    for case, told in test_pg_hba.CASES:
        if not case["accepted"]:
            found.append(test_pg_hba.read(case, told).reading.problems)
    return [[problem for problem in problems if problem.refuses] for problems in found]
