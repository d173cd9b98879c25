"""Values that PHP-FPM takes without a word, but not as whoever wrote them will have meant them."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Problem
from pgfpmlint.syntax.document import Assignment, Document, Value

_OPERATORS = frozenset("|&^~!")
_NO_FALLBACK = "PHP knows no ${NAME:-text} before 8.3 and puts nothing in its place"
_BETWEEN = str.maketrans(dict.fromkeys("|&^~!()", " "))


def surprises(document: Document, version: ServerVersion) -> Iterator[Problem]:
    """One finding a value, without a word of it: it may be a password."""
    text = document.source.text
    for node in document.statements:
        if not isinstance(node, Assignment) or node.value is None:
            continue
        value = node.value
        behind = text[value.end : node.end if node.comment is None else node.comment]
        written = text[value.start : value.end]
        reason = "the rest of its line is lost" if behind.strip() else _reason(written, value, version)
        if reason:
            name = node.key.text if node.subscript is None else f"{node.key.text}[{node.subscript.text}]"
            # Quotes keep a ${ from nothing.
            fallback = "write the text that is meant, or run PHP 8.3 or newer"
            advice = fallback if reason == _NO_FALLBACK else f'write {name} = "…", with the value in double quotes'
            values = {"name": name, "reason": reason, "advice": advice}
            yield Problem("fpm/value-changed", document.place(value), "", False, values)


def _reason(written: str, value: Value, version: ServerVersion) -> str:
    if any(":-" in variable.name for variable in value.variables) and not version.assumed:
        return _NO_FALLBACK
    if _OPERATORS.isdisjoint(written) or '"' in written or "'" in written or value.text == written:
        return ""
    numbers = all(word.isdecimal() or word.startswith("E_") for word in written.translate(_BETWEEN).split())
    return "" if numbers else "| & ^ ~ and ! calculate with numbers here"
