"""What the generators have in common: pools of words, choices that lean to what servers take, and damage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

# What slips in by hand: quotes, comment signs, blanks of all kinds, brackets, other people's syntax. Not "${": what a
# template will put there is unknown to us, while the server sees the template itself.
SLIPS = [
    *"\"'#;=,:.*+-_/\\|&!~()[]{}$%@<>?`^ \t\r\n09x",
    *("  ", "\\\n", "''", "é", "\ufeff", "\x0b", "\xa0", "kB", "\udcff", "\0"),
]

Files = dict[str, str]
"""Names to contents; the first is the main file."""


def pool(text: str) -> list[str]:
    """Words that may hold single blanks, kept apart by two or by line ends."""
    return [word for line in text.splitlines() for word in line.strip().split("  ") if word]


def pools(name: str) -> dict[str, list[str]]:
    """The pools of a ``.words`` file: ``== NAME``, then lines of words as `pool` has them."""
    found: dict[str, list[str]] = {}
    text = (Path(__file__).parent / f"{name}.words").read_text("utf-8")
    for part in text.split("\n== ")[1:]:
        title, _, words = part.partition("\n")
        found[title] = pool(words)
    return found


def leading(random: Random, words: Sequence[str], usual: int) -> str:
    """Mostly one of the first ``usual`` words, which are the ones that servers take."""
    return random.choice(words[:usual] if random.random() < 0.92 else words)


def lines(random: Random, line: Callable[[], str], most: int, least: int = 0) -> str:
    end = random.choice(["\n"] * 9 + ["\r\n"])
    return "".join(line() + end for _ in range(random.randint(least, most)))


def maybe(random: Random, chance: float, text: str, otherwise: str = "") -> str:
    return text if random.random() < chance else otherwise


def damaged(random: Random, text: str) -> str:
    """``text`` with one or two signs more, fewer or other, or a line twice."""
    for _ in range(random.randint(1, 2)):
        at = random.randint(0, len(text))
        deed = random.randint(0, 6)
        if deed < 2:
            text = text[:at] + random.choice(SLIPS) + text[at:]
        elif deed == 2:
            text = text[:at] + text[at + 1 :]
        elif deed == 3:
            text = text[:at] + random.choice(SLIPS) + text[at + 1 :]
        elif deed == 4:
            parts = text.splitlines(keepends=True) or [""]
            parts.insert(random.randrange(len(parts)), random.choice(parts))
            text = "".join(parts)
        elif deed == 5:
            parts = text.splitlines(keepends=True) or [""]
            parts.append(parts.pop(random.randrange(len(parts))))
            text = "".join(parts)
        else:
            digits = [place for place, sign in enumerate(text) if sign.isdigit()] or [at]
            at = random.choice(digits) + random.randint(0, 1)
            text = (
                text[:at] + random.choice([*"0159-+.x", "s", "m", "k", "kB", " "]) + text[at + random.randint(0, 1) :]
            )
    return text
