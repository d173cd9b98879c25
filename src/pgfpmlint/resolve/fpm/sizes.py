"""Sizes that a pool hands to PHP with a unit that PHP does not know."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.problem import Problem
from pgfpmlint.resolve.fpm.sections import SectionDraft
from pgfpmlint.resolve.php_sizes import mended, misread


def sizes(section: SectionDraft) -> Iterator[Problem]:
    """PHP looks at the last letter only, and takes a number with none of K, M and G there for bytes.

    Since 8.2 it says so in its log (https://www.php.net/manual/en/function.ini-parse-quantity.php), and goes on.
    """
    for array in ("php_value", "php_admin_value"):
        for index, entries in section.arrays.get(array, {}).items():
            values = misread(index, entries[0].text)
            if values is not None:
                place = entries[0].written.value_place
                yield Problem("fpm/size-suffix", place, "", False, values, fix=mended(place))
