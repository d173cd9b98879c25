"""What ``postgres`` is started with, as settings.

https://www.postgresql.org/docs/current/app-postgres.html and .../config-setting.html#CONFIG-SETTING-SHELL: the last of
two that set the same counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.manifests.strand import Strand, glue, joined
from pgfpmlint.record import NamedTuple

SHORT = {
    "B": "shared_buffers",
    "N": "max_connections",
    "S": "work_mem",
    "W": "post_auth_delay",
    "h": "listen_addresses",
    "k": "unix_socket_directories",
    "p": "port",
    "D": "data_directory",
}
"""Options with a value, by their letters."""

FLAGS = {"F": ("fsync", "off"), "i": ("listen_addresses", "*"), "l": ("ssl", "on")}
SKIPPED = "CEOPTbdefjnorstv"
"""Letters that set nothing of ours; some take a value."""

WITH_VALUE = "Cdfortv"
STOPPING = frozenset({"--help", "-?", "--version", "-V", "--describe-config", "--single", "--boot", "--check"})


class Option(NamedTuple):
    """One setting. ``name`` in the form of the files: with ``_`` for ``-``."""

    name: Strand
    value: Strand


def options(words: Sequence[Strand]) -> list[Option] | None:
    """The settings of ``postgres``' own words (without the program's name); None where it starts no server so, or
    where a word can't be understood."""
    found: list[Option] = []
    at = 0
    while at < len(words):
        word = words[at]
        text = word.text
        at += 1
        if text in STOPPING or not text.startswith("-") or text == "-":
            return None
        if text.startswith("--"):
            found.append(_pair(word.cut(2)))
            continue
        letter = text[1]
        if letter in FLAGS and len(text) == 2:
            name, value = FLAGS[letter]
            found.append(Option(glue(name, word.place), glue(value, word.place)))
            continue
        if letter in SKIPPED and letter not in WITH_VALUE:
            continue
        if letter != "c" and letter not in SHORT and letter not in SKIPPED:
            return None
        if len(text) > 2:
            value_of = word.cut(2)
        elif at < len(words):
            value_of = words[at]
            at += 1
        else:
            return None
        if letter == "c":
            found.append(_pair(value_of))
        elif SHORT.get(letter):
            found.append(Option(glue(SHORT[letter], word.part(0, 2)), value_of))
    return found


def _pair(word: Strand) -> Option:
    """``name=value``; a name alone is a switch that is on."""
    sign = word.text.find("=")
    name = word if sign < 0 else word.cut(0, sign)
    value = glue("true", word.place) if sign < 0 else word.cut(sign + 1)
    if "-" in name.text:
        name = name._replace(text=name.text.replace("-", "_"))
    return Option(name, value)


def line(option: Option) -> list[Strand]:
    """``name = 'value'``, the value as postgresql.conf quotes it."""
    value = option.value
    place = value.place
    parts = [option.name, glue(" = '", place)]
    start = 0
    for at, sign in enumerate(value.text):
        if sign in "'\\":
            parts += [value.cut(start, at + 1), glue(sign, value.part(at, at + 1))]
            start = at + 1
    if start < len(value.text):
        parts.append(value.cut(start))
    return [joined(parts), glue("'\n", place)]
