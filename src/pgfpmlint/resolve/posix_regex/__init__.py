"""PostgreSQL's regular expressions (AREs), as far as a linter needs them: is one certainly bad, and does it match.

https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS
Whether one matches is only told for the plain part of the language, which Python's ``re`` shares.
"""

from __future__ import annotations

MOST_REPEATS = 255  # DUPMAX

_CLASSES = {"d": "[0-9]", "w": "[0-9A-Za-z_]", "s": "[ \\t\\n\\x0b\\f\\r]"}
_CLASSES |= {name.upper(): f"[^{text[1:]}" for name, text in _CLASSES.items()}


def objection(pattern: str, major: int) -> str | None:
    """The words of a server of that version for what is wrong with ``pattern`` (written without its leading slash);
    None: nothing that is certain."""
    from pgfpmlint.resolve.posix_regex.syntax import Checker

    return Checker(pattern, major).objection()


def matches(pattern: str, text: str) -> bool | None:
    """Whether ``pattern`` is found in ``text``; None where only a PostgreSQL could tell."""
    reader = _Reader(pattern)
    if not reader.read() or not (pattern.isascii() and text.isascii()):
        return None
    import re

    return re.search("".join(reader.python), text, re.DOTALL) is not None


def groups(pattern: str, text: str) -> tuple[str | None, ...] | None:
    """The groups of the match, none of them being an empty tuple; None where there is no match or it can't be told.

    PostgreSQL takes the longest match and Python the first; they are the same between ``^`` and ``$`` with no
    alternatives and no reluctant quantifiers.
    """
    whole = pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern and "?" not in pattern
    if not whole or matches(pattern, text) is not True:
        return None
    import re

    reader = _Reader(pattern)
    reader.read()
    found = re.search("".join(reader.python), text, re.DOTALL)
    return found.groups() if found else None


class _Unsure(Exception):
    """Beyond what is read here; nothing is claimed about the expression."""


class _Reader:
    """One pass over an expression; ``python`` is its translation while ``plain`` stays true."""

    def __init__(self, pattern: str) -> None:
        self.python: list[str] = []
        self._pattern = pattern
        self._at = 0
        self._plain = True
        self._groups = 0
        self._closed: set[int] = set()

    def read(self) -> bool:
        """Whether the translation holds."""
        try:
            if self._pattern.startswith("***"):
                raise _Unsure
            self._branches(0)
            return self._plain and self._at == len(self._pattern)
        except (_Unsure, RecursionError):
            return False

    def _branches(self, depth: int) -> bool:
        """Read alternatives up to a closing parenthesis or the end; whether something in them may repeat or choose."""
        busy = False
        operand = False  # whether a quantifier may follow
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            if sign == ")":
                return busy
            if sign in "*+?" or (sign == "{" and self._next_is_digit()):
                if not operand:
                    raise _Unsure
                self._quantifier(sign)
                busy, operand = True, False
                continue
            operand, inner_busy = self._atom(sign, depth)
            busy = busy or inner_busy or sign == "|"
        return busy

    def _atom(self, sign: str, depth: int) -> tuple[bool, bool]:
        """Read one atom; whether a quantifier may follow it, and whether there are choices in it."""
        self._at += 1
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            self._bracket()
            return True, False
        if sign == "\\":
            return self._escape(), False
        if sign in "^$|":
            self.python.append("\\Z" if sign == "$" else sign)
            return False, False
        if sign == ".":
            self.python.append(".")
        else:
            self.python.append(f"\\{sign}" if sign in "]}{-#&~" or sign.isspace() else sign)
        return True, False

    def _group(self, depth: int) -> tuple[bool, bool]:
        if depth > 50:
            raise _Unsure
        capturing = 0
        if self._pattern.startswith("?", self._at):
            if not self._pattern.startswith("?:", self._at):
                raise _Unsure
            self._at += 2
            self.python.append("(?:")
        else:
            self._groups += 1
            capturing = self._groups
            self.python.append("(")
        busy = self._branches(depth + 1)
        if not self._pattern.startswith(")", self._at):
            raise _Unsure
        self._at += 1
        self.python.append(")")
        self._closed.add(capturing)
        # a repeated group with choices inside could make Python's backtracking take for ever
        if busy and self._at < len(self._pattern) and self._pattern[self._at] in "*+{":
            self._plain = False
        return True, busy

    def _quantifier(self, sign: str) -> None:
        start = self._at
        if sign == "{":
            end = self._pattern.find("}", start)
            body = self._pattern[start + 1 : end if end >= 0 else len(self._pattern)]
            if body.strip("0123456789,") or body.count(",") > 1:
                raise _Unsure
            if end < 0:
                raise _Unsure
            least, _, most = body.partition(",")
            if len(body) > 9:
                raise _Unsure
            numbers = [int(number) for number in (least, most) if number]
            if max(numbers) > MOST_REPEATS or numbers[0] > numbers[-1]:
                raise _Unsure
            self._at = end
        self._at += 1
        if self._pattern.startswith("?", self._at):
            self._at += 1
        self.python.append(self._pattern[start : self._at])

    def _next_is_digit(self) -> bool:
        return self._pattern[self._at + 1 : self._at + 2].isdecimal()

    def _escape(self) -> bool:
        if self._at >= len(self._pattern):
            raise _Unsure
        sign = self._pattern[self._at]
        self._at += 1
        if sign in _CLASSES:
            self.python.append(_CLASSES[sign])
        elif not sign.isascii() or not sign.isalnum():
            self.python.append(f"\\{sign}")
        elif sign in "123456789" and not self._pattern[self._at : self._at + 1].isdecimal():
            if int(sign) not in self._closed:
                raise _Unsure
            self._plain = False
        else:
            raise _Unsure
        return True

    def _bracket(self) -> None:
        """A bracket expression; ``self._at`` is behind its ``[``. Only the plainest ones are translated."""
        pattern = self._pattern
        start = self._at
        at = start + pattern.startswith("^", start)
        at += pattern.startswith("]", at)
        while not pattern.startswith("]", at):
            if at >= len(pattern):
                raise _Unsure
            if pattern[at] == "[" and pattern[at + 1 : at + 2] in (":", ".", "="):
                raise _Unsure
            if pattern[at] == "\\":
                sign = pattern[at + 1 : at + 2]
                if not sign or (sign.isalnum() and sign not in _CLASSES):
                    raise _Unsure
                at += 1
            at += 1
        body = pattern[start:at]
        self._at = at + 1
        inner = body.lstrip("^")
        if not all(sign.isalnum() or sign in "_.-@ " for sign in inner) or "--" in inner or not inner:
            self._plain = False
            return
        for spot in range(1, len(inner) - 1):
            if inner[spot] == "-" and inner[spot - 1] > inner[spot + 1]:
                raise _Unsure
        self.python.append(f"[{body}]")
