"""What PostgreSQL has against a regular expression.

Rule by rule as the server's own parser goes through an advanced regular expression (regcomp.c and regc_lex.c in
https://github.com/postgres/postgres/tree/master/src/backend/regex), so that the first objection is the server's.
https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS
"""

from __future__ import annotations

from pgfpmlint.resolve.posix_regex.tokens import (
    ANCHOR,
    BACK,
    COMPLEMENT,
    COUNTS,
    DIGIT,
    END,
    LOOK,
    NAME,
    PLAIN,
    QUANTIFIER,
    SHORTHAND,
    SPAN,
    Bad,
    Lexer,
    Unsure,
)

COLLATION = "invalid collating element"
CLASS = "invalid character class"
BACKREFERENCE = "invalid backreference number"
PARENTHESES = "parentheses () not balanced"
RANGE = "invalid character range"

MOST_REPEATS = 255  # DUPMAX

CLASSES = frozenset((
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
    "xdigit",
))  # fmt: skip


class Checker:
    """Reads one expression. ``major`` is the server's version: 14 added the class ``word``."""

    def __init__(self, pattern: str, major: int) -> None:
        self._lexer = Lexer(pattern, major)
        self._major = major
        self._closed: set[int] = set()

    def objection(self) -> str | None:
        try:
            if not self._lexer.options():
                self._lexer.next()
                self._alternatives("", in_lookaround=False)
        except Bad as bad:
            return str(bad)
        except (Unsure, RecursionError):
            return None
        return None

    def _alternatives(self, stopper: str, *, in_lookaround: bool) -> None:
        while True:
            while self._lexer.token.kind not in ("|", stopper, END):
                self._quantified(in_lookaround)
            if self._lexer.token.kind != "|":
                break
            self._lexer.next()
        if stopper and self._lexer.token.kind != stopper:
            raise Bad(PARENTHESES)

    def _quantified(self, in_lookaround: bool) -> None:
        kind, value, _ = self._lexer.token
        if kind in ("^", "$", ANCHOR):
            self._lexer.next()
            return
        if kind == LOOK:
            self._lexer.next()
            self._alternatives(")", in_lookaround=True)
            self._lexer.next()
            return
        if kind in ("*", "+", "?", "{"):
            raise Bad(QUANTIFIER)
        if kind == ")":
            raise Bad(PARENTHESES)
        if kind == "[":
            self._lexer.next()
            while self._lexer.token.kind not in ("]", END):
                self._bracket_part()
            self._lexer.next()
        elif kind == "(":
            self._group(value, in_lookaround)
        elif kind == BACK:
            if in_lookaround or value not in self._closed:
                raise Bad(BACKREFERENCE)
            self._lexer.next()
        else:
            self._lexer.next()
        self._quantifier()

    def _group(self, captures: int, in_lookaround: bool) -> None:
        number = 0
        if captures and not in_lookaround:
            self._lexer.groups += 1
            number = self._lexer.groups
        self._lexer.next()
        self._alternatives(")", in_lookaround=in_lookaround)
        self._lexer.next()
        self._closed.add(number or -1)

    def _quantifier(self) -> None:
        if self._lexer.token.kind in ("*", "+", "?"):
            self._lexer.next()
        elif self._lexer.token.kind == "{":
            self._lexer.next()
            least = most = self._count()
            if self._lexer.token.kind == ",":
                self._lexer.next()
                most = self._count() if self._lexer.token.kind == DIGIT else MOST_REPEATS + 1
            if least > most or self._lexer.token.kind != "}":
                raise Bad(COUNTS)
            self._lexer.next()

    def _count(self) -> int:
        number = 0
        while self._lexer.token.kind == DIGIT and number < MOST_REPEATS:
            number = number * 10 + self._lexer.token.value
            self._lexer.next()
        if self._lexer.token.kind == DIGIT or number > MOST_REPEATS:
            raise Bad(COUNTS)
        return number

    def _bracket_part(self) -> None:
        kind, first, text = self._lexer.token
        if kind == SPAN:
            raise Bad(RANGE)
        self._lexer.next()
        if kind in (SHORTHAND, COMPLEMENT):
            return
        if kind == NAME:
            first = self._named(first, text)
            if first < 0:
                return
        if self._lexer.token.kind != SPAN:
            return
        self._lexer.next()
        kind, last, text = self._lexer.token
        if kind == NAME and last == ord("."):
            last = self._named(last, text)
        elif kind not in (PLAIN, SPAN):
            raise Bad(RANGE)
        self._lexer.next()
        if first > last:
            raise Bad(RANGE)

    def _named(self, sign: int, text: str) -> int:
        """The character that ``[.x.]`` stands for; -1 for a class or ``[=x=]``, which begins no range."""
        if sign == ord(":"):
            if text not in CLASSES and not (text == "word" and self._major >= 14):
                raise Bad(CLASS)
            return -1
        if not text:
            raise Bad(COLLATION)
        if len(text) > 1:
            from pgfpmlint.resolve.posix_regex.names import NAMES

            if text not in NAMES:
                raise Bad(COLLATION)
            text = NAMES[text]
        return ord(text) if sign == ord(".") else -1
