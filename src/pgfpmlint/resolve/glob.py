"""The files that an include pattern of PHP-FPM or nginx matches: glob(3), without braces.

See https://man7.org/linux/man-pages/man7/glob.7.html; a backslash takes the meaning from the sign behind it.
"""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.source import paths
from pgfpmlint.source.tree import Root, Unreadable

_MAGIC = frozenset("*?[")


class NoSuchFolder(Exception):
    """A folder that a pattern wants listed is not there. PHP-FPM does not start then; nginx finds nothing."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


def has_wildcards(pattern: str) -> bool:
    return not _MAGIC.isdisjoint(pattern) and not _MAGIC.isdisjoint(_without_escapes(pattern))


def fixed_folder(pattern: str) -> str:
    """The folder up to which no part of the pattern has a wildcard."""
    parts = pattern.split("/")
    fixed = next((at for at, part in enumerate(parts) if has_wildcards(part)), len(parts) - 1)
    return paths.normal(plain("/".join(parts[:fixed])))


def plain(part: str) -> str:
    """A part without wildcards as the name that it stands for."""
    if "\\" not in part:
        return part
    signs = iter(part)
    return "".join(next(signs, sign) if sign == "\\" else sign for sign in signs)


def _without_escapes(pattern: str) -> str:
    """The pattern without the signs that a backslash stands before."""
    kept = ""
    signs = iter(pattern)
    for sign in signs:
        if sign == "\\":
            next(signs, "")
        else:
            kept += sign
    return kept


def matches(root: Root, pattern: str) -> list[str]:
    """The files, not folders, that glob(3) finds for an absolute pattern, in byte order. May raise NoSuchFolder."""
    found = ["/"]
    parts = [part for part in pattern.split("/") if part]
    wild = False
    if pattern.endswith("/") and parts and has_wildcards(parts[-1]):
        return []  # folders are asked for
    for at, part in enumerate(parts):
        if part == "..":  # nothing leads back from a folder that is not there
            there = [above for above in found if root.is_folder(above)]
            if not there and found and not wild and any(map(has_wildcards, parts[at:])):
                raise NoSuchFolder(found[0])
            found = [paths.folder(above) for above in there]
            continue
        if not has_wildcards(part):
            found = [paths.join(above, plain(part)) for above in found]
            if wild:
                found = [path for path in found if root.is_folder(path) or root.is_file(path)]
            continue
        listed: list[str] = []
        for above in found:
            try:
                names = root.names(above)
            except Unreadable as error:
                # Only a folder that is missing stops glob(3); a file in its place just has no names in it.
                if error.missing and not wild and not any(root.is_file(folder) for folder in _above(above)):
                    raise NoSuchFolder(above) from None
                continue
            listed += [paths.join(above, name) for name in names if fits(name, part)]
        found, wild = listed, True
        if not found:
            break
        if at < len(parts) - 1:
            found = [path for path in found if root.is_folder(path)]
    return sorted(
        (path for path in found if root.is_file(path)), key=lambda path: path.encode("utf-8", "surrogateescape")
    )


def _above(path: str) -> list[str]:
    """``path`` and the folders it lies in."""
    found = [path]
    while path != "/":
        path = paths.folder(path)
        found.append(path)
    return found


def fits(name: str, pattern: str) -> bool:
    """Whether a file's name fits one part of a pattern; a wildcard does not stand for a leading dot."""
    if name.startswith(".") and not pattern.startswith("."):
        return False
    lead, star, rest = pattern.partition("*")
    if star and "\\" not in pattern and not has_wildcards(lead + rest):
        return len(name) >= len(lead) + len(rest) and name.startswith(lead) and name.endswith(rest)
    return _fits(_bytes(name), _signs(_bytes(pattern)))


def _bytes(text: str) -> str:
    """``text`` with a letter for each of its bytes, which is what FPM's locale takes for one."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


Sign = Callable[[str], bool]
"""Whether one letter fits."""

_CLASSES: dict[str, Sign] = {
    "alpha": str.isalpha,
    "digit": str.isdigit,
    "alnum": str.isalnum,
    "upper": str.isupper,
    "lower": str.islower,
    "xdigit": lambda letter: letter in "0123456789abcdefABCDEF",
    "blank": lambda letter: letter in " \t",
    "space": str.isspace,
    "punct": lambda letter: "!" <= letter <= "~" and not letter.isalnum(),
    "print": lambda letter: " " <= letter <= "~",
    "graph": lambda letter: "!" <= letter <= "~",
    "cntrl": lambda letter: letter < " " or letter == "\x7f",
}


def _fits(name: str, signs: list[Sign | None]) -> bool:
    """None stands for a star. Each star takes as little as it can; only the last one met ever takes more."""
    at = step = 0
    star, after = -1, 0
    while at < len(name):
        sign = signs[step] if step < len(signs) else _nothing
        if sign is None:
            star, after = step, at
            step += 1
        elif sign(name[at]):
            at, step = at + 1, step + 1
        elif star >= 0:
            after += 1
            at, step = after, star + 1
        else:
            return False
    return all(sign is None for sign in signs[step:])


def _signs(pattern: str) -> list[Sign | None]:
    found: list[Sign | None] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == "*":
            found.append(None)
        elif sign == "?":
            found.append(lambda letter: True)
        elif sign == "[":
            one, at = _set(pattern, at)
            found.append(one)
        elif sign == "\\":  # as the very last sign it fits nothing
            found.append(pattern[at].__eq__ if at < len(pattern) else _nothing)
            at += 1
        else:
            found.append(sign.__eq__)
    return found


def _nothing(letter: str) -> bool:
    return False


def _set(pattern: str, start: int) -> tuple[Sign, int]:
    """The set whose bracket stands before ``start``, and where the pattern goes on. Without an end it is no set, and
    its bracket a letter like any other."""
    excludes = pattern[start : start + 1] in ("!", "^")
    at = first = start + excludes
    members: list[Sign] = []
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        end = pattern.find(":]", at + 2) if pattern.startswith("[:", at) else -1
        if end > 0:
            members.append(_CLASSES.get(pattern[at + 2 : end], _nothing))
            at = end + 2
            continue
        low, at = _letter(pattern, at)
        high = low
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("]", ""):
            high, at = _letter(pattern, at + 1)
        members.append(_range(low, high))
    if at >= len(pattern):
        return "[".__eq__, start
    return lambda letter: excludes != any(member(letter) for member in members), at + 1


def _range(low: str, high: str) -> Sign:
    return lambda letter: low <= letter <= high


def _letter(pattern: str, at: int) -> tuple[str, int]:
    """One letter of a set, and where the set goes on."""
    if pattern[at] == "\\" and at + 1 < len(pattern):
        return pattern[at + 1], at + 2
    return pattern[at], at + 1
