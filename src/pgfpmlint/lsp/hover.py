"""What an editor shows beside the cursor: what a name means, what it may hold, and what the server runs with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgfpmlint.engine import MARK
from pgfpmlint.lsp import access
from pgfpmlint.lsp.accounts import uses_of_maps
from pgfpmlint.lsp.effective import Held, held
from pgfpmlint.lsp.facts import Fact, fact, product
from pgfpmlint.lsp.meanings import meaning
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.spot import CONFIG, Spot
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.report.secrets import MASK, is_secret_name
from pgfpmlint.report.snippet import Screen, harmless
from pgfpmlint.resolve.settings import Unknown, Written
from pgfpmlint.source.text import Place
from pgfpmlint.syntax.document import Assignment, Malformed, Record

IDENTS = ("pg_ident.conf", "pgbouncer-ident")

_LINK = re.compile(r"\[([^]]*)\]\(([^)]*)\)")


def hover(spot: Spot, picture: Picture) -> str:
    """Markdown; empty where there is nothing to say."""
    if isinstance(spot.node, Assignment):
        return _of_setting(spot, picture)
    if isinstance(spot.node, Record) and spot.kind in (access.HBA, access.POOLER_HBA):
        return _of_record(spot)
    if isinstance(spot.node, Record) and spot.kind in IDENTS:
        return _of_mapping(spot, picture)
    if isinstance(spot.node, Malformed):
        return _of_malformed(spot, spot.node)
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
        return _of_entry(spot, picture)
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
        return fact(spot.kind, spot.section, spot.pair, spot.version) if spot.pair else None
    if spot.subscript and spot.kind == "php-fpm" and not spot.key.lower().startswith("env"):
        return fact("php.ini", "", spot.subscript, spot.version) or fact(spot.kind, "", spot.key, spot.version)
    return fact(spot.kind, spot.section, spot.key, spot.version)


def _of_entry(spot: Spot, picture: Picture) -> str:
    """The name of an entry in [databases] or [users]: what counts for it, written there or for all."""
    if spot.pair or spot.kind != "pgbouncer.ini" or spot.section == "pgbouncer":
        return ""
    lines = []
    for server, setting in held(spot, picture):
        if setting.value is None:
            lines.append(f"* {server}: {setting.name} is unknown")
            continue
        at = f"from {_address(setting.origin.place)}" if isinstance(setting.origin, Written) else "the default"
        lines.append(f"* {server}: {setting.name} `{Screen().words(setting.value)}`, {at}")
    return "\n\n".join((f"**{spot.key}**, an entry of [{spot.section}]", "\n".join(lines))) if lines else ""


def _of_malformed(spot: Spot, node: Malformed) -> str:
    """A line that the server can't read: what it says, and what the word that the line begins with would be."""
    screen = Screen()
    secrets = screen.secrets([spot.document.source])
    said = f"{product(spot.version)} can't read this line: {screen.words(node.says, secrets)}"
    words = spot.document.source.text[node.start : node.end].split("=")[0].split()
    found = fact(spot.kind, spot.section, words[0], spot.version) if words else None
    if found is None:
        return said
    parts = (f"**{found.name}**, {product(spot.version)}", said, _sentence(found.meaning), _values(found))
    return "\n\n".join(filter(None, parts))


def _of_mapping(spot: Spot, picture: Picture) -> str:
    """A line of a map: what it allows, and which records ask for the map."""
    assert isinstance(spot.node, Record)
    texts = [field.values[0].text if field.values else "" for field in spot.node.fields]
    if len(texts) < 3:
        return ""
    screen = Screen()
    secrets = screen.secrets([spot.document.source])
    name, system, user = (screen.words(text, secrets) for text in texts[:3])
    who = "every role" if texts[2] == "all" and not spot.node.fields[2].quoted[0] else f"role {user}"
    uses = [one.place for one in uses_of_maps(spot.document.source.path, picture) if one.name == texts[0]]
    lines = [f"* asked for by {_address(place)}" for place in uses]
    none = f"No record asks for {name}, as far as the files show"
    return "\n\n".join((f"**{name}**: {system} outside may be {who} here", "\n".join(lines) or none))


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
            name, equals, _ = text.partition("=")
            words = meaning(access.HBA, name) if equals else access.METHODS.get(text)
            text = name
        return f"**{text}**: {words}" if words else ""
    return ""


def _address(place: Place) -> str:
    return f"{harmless(place.path)}:{place.line}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sentence(words: str) -> str:
    return f"{_capital(words)}."
