"""What a command may be told, as a table; and the quick way to read words that need no explanation.

Importing argparse and building its parsers costs half of what starting Python costs. So the words that scripts and
hooks use are read here, by the table; whatever this reader is not sure of (abbreviations, mistakes, a wish for help) is
left to argparse, which is built from the same table (usage.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

VALUE, LIST, FLAG = "value", "list", "flag"


class Option(NamedTuple):
    """One option. ``kind`` is VALUE (the last one counts), LIST (all of them) or FLAG; a flag's default is False.

    ``name`` is the attribute of Arguments that holds it; by default the first long spelling, with ``_``."""

    spellings: tuple[str, ...]
    help: str = ""
    kind: str = VALUE
    metavar: str | None = None
    choices: Sequence[str] = ()
    default: str | None = None
    attribute: str = ""

    @property
    def name(self) -> str:
        return self.attribute or self.spellings[-1].lstrip("-").replace("-", "_")

    @property
    def initial(self) -> object:
        return False if self.kind == FLAG else self.default


class Positional(NamedTuple):
    """What stands without an option: exactly one word, or with ``many`` any number of them."""

    name: str
    metavar: str
    help: str = ""
    many: bool = False
    default: tuple[str, ...] = ()


class Table(NamedTuple):
    """All that a command may be told."""

    options: tuple[Option, ...]
    positional: Positional | None = None


class Arguments:
    """What a command was told: an attribute for every entry of its table."""

    def __init__(self, values: dict[str, object]) -> None:
        self.__dict__.update(values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def read(words: Sequence[str], table: Table) -> Arguments | None:
    """The words as the table has them; None where argparse must be asked."""
    by_spelling = {spelling: option for option in table.options for spelling in option.spellings}
    values: dict[str, Any] = {option.name: option.initial for option in table.options}
    loose: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            loose.append(word)
            continue
        spelling, joined, text = word.partition("=") if word.startswith("--") else (word, "", "")
        option = by_spelling.get(spelling)
        if option is None or (option.kind == FLAG and joined):
            return None
        if option.kind == FLAG:
            values[option.name] = True
            continue
        value = text if joined else next(rest, None)
        if value is None or (not joined and value != "-" and value.startswith("-")):
            return None
        if option.choices and value not in option.choices:
            return None
        values[option.name] = value if option.kind == VALUE else [*(values[option.name] or ()), value]
    return _placed(values, loose, table.positional)


def _placed(values: dict[str, Any], loose: list[str], positional: Positional | None) -> Arguments | None:
    if positional is None:
        return None if loose else Arguments(values)
    if positional.many:
        return Arguments({**values, positional.name: loose or list(positional.default)})
    return Arguments({**values, positional.name: loose[0]}) if len(loose) == 1 else None
