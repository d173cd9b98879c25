"""A rule's message and help as a reader of the rule meets them: without the values of any one file."""

from __future__ import annotations

from string import Formatter

from pgfpmlint.registry.definition import Definition


def spelt(words: str) -> str:
    """A message with its holes in capitals, as manuals have it. What may be left out of it, and so stands right behind
    or before a word, is left out."""
    pieces = [(text, hole) for text, hole, _, _ in Formatter().parse(words)]
    out = ""
    for at, (text, hole) in enumerate(pieces):
        out += text
        following = pieces[at + 1][0][:1] if at + 1 < len(pieces) else ""
        if hole and (not out or out[-1] in " (\"'[=/") and not following.isalpha():
            out += "MESSAGE" if hole == "says" else hole.upper()
    return out


def asked(rule: Definition) -> str:
    """What the rule asks to be done; empty where that differs from case to case."""
    asks = spelt(rule.help)
    return asks if any(map(str.islower, asks)) else ""
