"""``${NAME}`` in a compose file, filled as Compose does it.

https://docs.docker.com/reference/compose-file/interpolation/; a variable that neither the .env file beside the compose
file nor the text itself gives a value comes from the shell of whoever starts it: it stays in the text as ``${NAME}``,
which the readings take for unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.manifests.strand import Strand, glue, joined
from pgfpmlint.source.text import Source

NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
OPERATORS = (":-", ":?", ":+", "-", "?", "+")
DEEPEST = 8


def filled(strand: Strand, values: Mapping[str, Strand], depth: int = 0) -> Strand:
    """``strand`` with the variables that are known. What a variable stands for is shown where it is named."""
    if "$" not in strand.text:
        return strand
    parts = list(_parts(strand, values, depth))
    return joined(parts) if parts else glue("", strand.place)


def _parts(strand: Strand, values: Mapping[str, Strand], depth: int) -> Iterator[Strand]:
    text, at = strand.text, 0
    while at < len(text):
        sign = text.find("$", at)
        if sign < 0 or sign + 1 == len(text):
            break
        if sign > at:
            yield strand.cut(at, sign)
        following = text[sign + 1]
        if following == "$":
            yield glue("$", strand.part(sign, sign + 2))
            at = sign + 2
        elif following == "{":
            end = _closing(text, sign + 2)
            yield _braced(strand, sign, end, values, depth)
            at = end
        elif following in NAME and not following.isdigit():
            end = sign + 1
            while end < len(text) and text[end] in NAME:
                end += 1
            yield _named(strand, sign, end, text[sign + 1 : end], values)
            at = end
        else:
            yield strand.cut(sign, sign + 1)
            at = sign + 1
    if at < len(text):
        yield strand.cut(at)


def _braced(strand: Strand, start: int, end: int, values: Mapping[str, Strand], depth: int) -> Strand:
    """What ``${…}`` comes to."""
    inner = strand.text[start + 2 : end - 1]
    stop = 0
    while stop < len(inner) and inner[stop] in NAME:
        stop += 1
    name, rest = inner[:stop], inner[stop:]
    operator = next((one for one in OPERATORS if rest.startswith(one)), "")
    known = values.get(name)
    is_set = known is not None and (bool(known.text) or not operator.startswith(":"))
    other = strand.cut(start + 2 + stop + len(operator), end - 1)
    if operator.endswith("+"):
        return _deeper(other, values, depth) if is_set else glue("" if known else _open(name), strand.part(start, end))
    if is_set or not operator.endswith("-"):
        return _named(strand, start, end, name, values)
    return _deeper(other, values, depth)


def _deeper(strand: Strand, values: Mapping[str, Strand], depth: int) -> Strand:
    return filled(strand, values, depth + 1) if depth < DEEPEST else strand


def _named(strand: Strand, start: int, end: int, name: str, values: Mapping[str, Strand]) -> Strand:
    known = values.get(name)
    return glue(_open(name) if known is None else known.text, strand.part(start, end))


def _open(name: str) -> str:
    return f"${{{name}}}"


def _closing(text: str, at: int) -> int:
    """Behind the brace that closes what ``${`` before ``at`` opens."""
    depth = 1
    while at < len(text):
        if text.startswith("${", at):
            depth += 1
            at += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return len(text)


def env_file(source: Source, outside: Mapping[str, Strand] | None = None) -> dict[str, Strand]:
    """The variables of a .env file: ``NAME=value``, in quotes or not, each of them filled from those before it."""
    found: dict[str, Strand] = {}
    whole, at = source.text, 0
    while at < len(whole):
        end = whole.find("\n", at)
        end = len(whole) if end < 0 else end
        start, stop = _trimmed(whole, at, end)
        if whole.startswith("export ", start):
            start, stop = _trimmed(whole, start + 7, stop)
        sign = whole.find("=", start, stop)
        name = whole[start:sign].strip() if sign > start else ""
        if name and whole[start] != "#" and NAME.issuperset(name):
            value, end = _value(source, sign + 1, stop)
            found[name] = _known(value, whole[sign + 1 : stop], {**(outside or {}), **found})
        at = max(end, at) + 1
    return found


def _known(value: Strand, written: str, values: Mapping[str, Strand]) -> Strand:
    return value if written.lstrip()[:1] == "'" else filled(value, values)


def _value(source: Source, start: int, stop: int) -> tuple[Strand, int]:
    """The value that begins after the sign, and where its line ends."""
    text = source.text
    start, stop = _trimmed(text, start, stop)
    quote = text[start : start + 1]
    if quote and quote in "'\"":
        closing = text.find(quote, start + 1)
        while closing > 0 and quote == '"' and text[closing - 1] == "\\":
            closing = text.find(quote, closing + 1)
        if closing >= 0:
            line = text.find("\n", closing)
            return _written(source, start + 1, closing), len(text) if line < 0 else line
    for sign in (" #", "\t#"):
        comment = text.find(sign, max(0, start - 1), stop)
        stop = comment if comment >= 0 else stop
    start, stop = _trimmed(text, start, max(start, stop))
    line = text.find("\n", stop)
    return _written(source, start, stop), len(text) if line < 0 else line


def _written(source: Source, start: int, end: int) -> Strand:
    from pgfpmlint.source.excerpt import Stretch

    return Strand(source.text[start:end], source, (Stretch(0, start, None if end > start else start),))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\r":
        start += 1
    while end > start and text[end - 1] in " \t\r":
        end -= 1
    return start, end
