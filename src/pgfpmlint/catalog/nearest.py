"""The known name that a misspelt one most likely stands for.

Loaded only once something is already wrong, so that a clean run never pays for it. Conservative on purpose: a wrong
suggestion costs more trust than none.
"""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one name in ``known`` that ``word`` is a slip of the keyboard away from, or None.

    Case and the difference between ``-``, ``_`` and ``.`` count as nothing; otherwise one slip is forgiven in a short
    word (4 letters), two from 8, three from 14. None also where two names are equally near: then nobody knows.
    """
    plain = _plain(word)
    limit = _forgiven(len(plain))
    letters = set(plain)
    best: str | None = None
    tied = False
    for name in known:
        other = _plain(name)
        # One slip mends the length by one, and at most one letter that the other word lacks.
        if abs(len(other) - len(plain)) > limit or len(letters.difference(other)) > limit:
            continue
        slips = distance(plain, other, limit)
        if slips is None:
            continue
        if best is None or slips < limit:
            best, limit, tied = name, slips, False
        elif slips == limit and name != best:
            tied = True
    return None if tied else best


def distance(left: str, right: str, limit: int) -> int | None:
    """Insertions, deletions, substitutions and swaps of neighbours between the two; None beyond ``limit``.

    This is the optimal string alignment distance (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
    """
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for row, sign in enumerate(left, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (sign != other))
            swapped = row > 1 and column > 1 and sign == right[column - 2] and left[row - 2] == other
            if swapped:
                cost = min(cost, before_last[column - 2] + 1)
            line.append(cost)
        if min(line) > limit:
            return None
        before_last, last = last, line
    return last[-1] if last[-1] <= limit else None


def _plain(word: str) -> str:
    return word.lower().replace("-", "_").replace(".", "_")


def _forgiven(length: int) -> int:
    """Slips forgiven in a word of that many letters: none where almost any other short word would be near."""
    if length < 4:
        return 0
    return 1 if length < 8 else 2 if length < 14 else 3
