"""What an editor shows beside the cursor: what a name means, what it may hold, and what the server runs with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.engine import MARK
from pgfpmlint.lsp import access
from pgfpmlint.lsp.effective import Held, held
from pgfpmlint.lsp.facts import Fact, fact, product
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.spot import CONFIG, Spot
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.report.secrets import MASK, is_secret_name
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.resolve.settings import Unknown, Written
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Assignment, Record

_LINK = re.compile(r"\[([^]]*)\]\(([^)]*)\)")


def hover(spot: Spot, picture: Picture) -> str:
    """Markdown; empty where there is nothing to say."""
    if isinstance(spot.node, Assignment):
        return _of_setting(spot, picture)
    if isinstance(spot.node, Record) and spot.kind in (access.HBA, access.POOLER_HBA):
        return _of_record(spot)
    return ""


def of_rule(rule: Definition) -> str:
    """A rule's id in a comment, or in our own configuration."""
    link = f"\n\n[Manual]({rule.url})" if rule.url else ""
    return f"**{rule.id}**: {rule.title}\n\n{rule.severity}, {rule.level}{link}"


def plain(words: str) -> str:
    """The same for a client that shows no Markdown."""
    return _LINK.sub(r"\1: \2", words).replace("**", "").replace("`", "")


def rule_at(text: str, offset: int, kind: str, word: str, book: RuleBook) -> Definition | None:
    """The rule that ``word`` at ``offset`` names where rules are named."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    if kind != CONFIG and MARK not in line:
        return None
    try:
        (name,) = book.named(word)
    except ValueError:  # none, several, or unknown
        return None
    return book.rules[name]


def _of_setting(spot: Spot, picture: Picture) -> str:
    found = _known(spot)
    if found is None:
        return ""
    head = f"**{found.name}**, {product(spot.version)}"
    parts = [head]
    if found.meaning:
        parts.append(_sentence(found.meaning))
    parts += [". ".join(filter(None, (_values(found), *map(_capital, found.notes))))]
    parts += ["\n".join(f"* {line}" for line in _runs_with(held(spot, picture), spot, picture))]
    if found.url:
        parts.append(f"[Manual]({found.url})")
    return "\n\n".join(part for part in parts if part)


def _known(spot: Spot) -> Fact | None:
    if spot.kind == "pgbouncer.ini" and spot.section != "pgbouncer":
        assert isinstance(spot.node, Assignment)
        return None if spot.is_in(spot.node.key) else fact(spot.kind, spot.section, spot.word, spot.version)
    return fact(spot.kind, spot.section, spot.key, spot.version)


def _values(found: Fact) -> str:
    parts = []
    if found.type == "one word of" and found.words:
        parts.append(f"one of {', '.join(found.words)}")
    elif found.type:
        parts.append(found.type)
    if found.low and found.high:
        parts.append(f"{found.low} to {found.high}")
    if found.default:
        parts.append(f"default {found.default}")
    return _capital(", ".join(parts))


def _runs_with(holders: list[Held], spot: Spot, picture: Picture) -> Iterator[str]:
    screen = Screen()
    for server, setting in holders:
        origin = setting.origin
        place = setting.place
        sources = [place.source] if place is not None else []
        secrets = screen.secrets(sources)
        name = spot.subscript or setting.name
        value = MASK if is_secret_name(name) else screen.words(setting.value or "", secrets)
        if isinstance(origin, Unknown):
            yield f"{server}: unknown: {screen.words(origin.why, secrets)}"
        elif isinstance(origin, Written):
            written = MASK if is_secret_name(name) else screen.words(origin.raw, secrets)
            shown = f"`{written}`" + (f" (the server shows {value})" if value not in (written, "", MASK) else "")
            yield f"{server} runs with {shown}, from {_address(origin.place)}{_fate(origin.place, spot)}"
            yield from (f"overridden: {_address(lost.place)}" for lost in setting.shadowed)
        else:
            yield f"{server} runs with the default, `{value}`"


def _fate(winner: Place, spot: Spot) -> str:
    own = spot.document.source
    here = own.position(spot.node.start if spot.node is not None else spot.offset)[0]
    return "" if winner.path == own.path and winner.line == here else ": this line is overridden"


def _of_record(spot: Spot) -> str:
    assert isinstance(spot.node, Record)
    for column, field in enumerate(spot.node.fields):
        if not field.start <= spot.offset <= field.end:
            continue
        type_ = spot.node.fields[0].values[0].text if spot.node.fields[0].values else ""
        text = field.values[0].text if field.values else ""
        words = access.types(spot.kind, spot.version) if column == 0 else access.KEYWORDS.get(column, {}).get(text)
        if isinstance(words, dict):
            words = words.get(text)
        if words is None and column >= (3 if type_ == "local" else 4):
            words = access.METHODS.get(text)
        return f"**{text}**: {words}" if words else ""
    return ""


def _address(place: Place) -> str:
    return f"{harmless(place.path)}:{place.line}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sentence(words: str) -> str:
    return f"{_capital(words)}."
