"""The tokens of PostgreSQL's advanced regular expressions, cut as the server's lexer cuts them (regc_lex.c)."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple

ESCAPE = "invalid escape \\ sequence"
BRACKETS = "brackets [] not balanced"
BRACES = "braces {} not balanced"
COUNTS = "invalid repetition count(s)"
QUANTIFIER = "quantifier operand invalid"
OPTION = "invalid embedded option"
PATTERN = "invalid regexp (reg version 0.8)"

LARGEST = 0x7FFFFFFE  # CHR_MAX

# Escapes that stand for one character, and those that match between characters.
CHARACTERS = {"a": 7, "b": 8, "B": 92, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
ANCHORS = "AmMyYZ"

# Kinds of tokens besides the signs that stand for themselves.
END, PLAIN, SPAN, SHORTHAND, COMPLEMENT, ANCHOR, LOOK, BACK, NAME, DIGIT = (
    "end", "plain", "range", "class", "not class", "anchor", "lookaround", "backreference", "name", "digit",
)  # fmt: skip

EVERYWHERE, BRACKET, BOUND = "everywhere", "bracket", "bound"


class Bad(Exception):
    pass


class Unsure(Exception):
    """Another dialect, of which nothing is claimed."""


class Token(NamedTuple):
    """``value`` is a character's code, a group's 1 if it captures, a digit, a backreference's number, or the sign of a
    name between ``[:`` and ``:]``, which is ``text``."""

    kind: str
    value: int = 0
    text: str = ""


class Lexer:
    """One token at a time: ``token``. ``groups`` is how many have been opened, which tells backreferences from octal
    numbers. ``major`` is the server's version: 14 added ``\\D`` in brackets."""

    def __init__(self, pattern: str, major: int) -> None:
        # The server reads these files before it knows of any encoding: byte by byte.
        self._text = pattern.encode("utf-8", "surrogateescape").decode("latin-1")
        self._major = major
        self._at = 0
        self._within = EVERYWHERE
        self._expanded = False
        self.groups = 0
        self.token = Token(END)

    def options(self) -> bool:
        """``***=`` and the like, then ``(?xyz)``; whether all the rest is taken literally."""
        if self._text.startswith("***") and len(self._text) > 3:
            sign = self._text[3]
            if sign == "=":
                return True
            if sign != ":":
                raise Bad(PATTERN if sign == "?" else QUANTIFIER)
            self._at = 4
        if not self._text.startswith("(?", self._at) or not _is_letter(self._text[self._at + 2 : self._at + 3]):
            return False
        end = self._at + 2
        while end < len(self._text) and _is_letter(self._text[end]):
            if self._text[end] not in "bceimnpqstwx":
                raise Bad(OPTION)
            end += 1
        options = self._text[self._at + 2 : end]
        if self._text[end : end + 1] != ")":
            raise Bad(OPTION)
        if "b" in options or "e" in options:
            raise Unsure
        self._at = end + 1
        for option in options:
            self._expanded = {"x": True, "t": False}.get(option, self._expanded)
        return "q" in options

    def next(self) -> None:
        if self._expanded and self._within == EVERYWHERE:
            self._skip()
        if self._at >= len(self._text):
            if self._within != EVERYWHERE:
                raise Bad(BRACES if self._within == BOUND else BRACKETS)
            self.token = Token(END)
            return
        sign = self._text[self._at]
        self._at += 1
        if self._within == BOUND:
            self.token = self._in_bound(sign)
        elif self._within == BRACKET:
            self.token = self._in_bracket(sign)
        else:
            self.token = self._anywhere(sign)

    def _skip(self) -> None:
        """White space and comments of the expanded syntax."""
        while self._at < len(self._text):
            if self._text[self._at] in " \t\n\v\f\r":
                self._at += 1
            elif self._text[self._at] == "#":
                self._at = self._text.find("\n", self._at) + 1 or len(self._text)
            else:
                return

    def _eat(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) * found
        return found

    def _anywhere(self, sign: str) -> Token:
        if sign in "|.^$)":
            return Token(sign)
        if sign in "*+?":
            self._eat("?")
            return Token(sign)
        if sign == "{":
            if self._expanded:
                self._skip()
            if not _is_digit(self._text[self._at : self._at + 1]):
                return Token(PLAIN)
            self._within = BOUND
            return Token("{")
        if sign == "(":
            return self._opened()
        if sign == "[":
            if self._eat("[:<:]]") or self._eat("[:>:]]"):
                return Token(ANCHOR)
            self._within = BRACKET
            self._eat("^")
            return Token("[")
        if sign == "\\":
            return self._escape()
        return Token(PLAIN, ord(sign))

    def _opened(self) -> Token:
        if not self._eat("?"):
            return Token("(", 1)
        if self._eat(":"):
            return Token("(", 0)
        if self._eat("#"):
            end = self._text.find(")", self._at)
            self._at = end + 1 if end >= 0 else len(self._text)
            self.next()
            return self.token
        if self._eat("=") or self._eat("!") or self._eat("<=") or self._eat("<!"):
            return Token(LOOK)
        raise Bad(QUANTIFIER)

    def _in_bound(self, sign: str) -> Token:
        if _is_digit(sign):
            return Token(DIGIT, int(sign))
        if sign == "}":
            self._within = EVERYWHERE
            self._eat("?")
        elif sign != ",":
            raise Bad(COUNTS)
        return Token(sign)

    def _in_bracket(self, sign: str) -> Token:
        first = self.token.kind == "["
        if sign == "]" and not first:
            self._within = EVERYWHERE
            return Token("]")
        if sign == "-" and not first and not self._text.startswith("]", self._at):
            return Token(SPAN, ord(sign))
        if sign == "\\":
            token = self._escape()
            if token.kind in (PLAIN, SHORTHAND) or (token.kind == COMPLEMENT and self._major >= 14):
                return token
            raise Bad(ESCAPE)
        if sign == "[":
            if self._at >= len(self._text):
                raise Bad(BRACKETS)
            mark = self._text[self._at]
            if mark in ".=:":
                end = self._text.find(f"{mark}]", self._at + 1)
                if end < 0:
                    raise Bad(BRACKETS)
                name = self._text[self._at + 1 : end]
                self._at = end + 2
                return Token(NAME, ord(mark), name)
        return Token(PLAIN, ord(sign))

    def _escape(self) -> Token:
        sign = self._text[self._at : self._at + 1]
        if not sign:
            raise Bad(ESCAPE)
        self._at += 1
        if not (sign.isascii() and sign.isalnum()):
            return Token(PLAIN, ord(sign))
        if sign in CHARACTERS:
            return Token(PLAIN, CHARACTERS[sign])
        if sign in ANCHORS:
            return Token(ANCHOR)
        if sign in "dsw":
            return Token(SHORTHAND)
        if sign in "DSW":
            return Token(COMPLEMENT)
        if sign == "c":
            if self._at >= len(self._text):
                raise Bad(ESCAPE)
            self._at += 1
            return Token(PLAIN, ord(self._text[self._at - 1]) & 0o37)
        if sign in "uUx":
            least, most = {"u": (4, 4), "U": (8, 8), "x": (1, 255)}[sign]
            number = self._number("0123456789abcdefABCDEF", 16, least, most) & 0xFFFFFFFF
            if number > LARGEST:
                raise Bad(ESCAPE)
            return Token(PLAIN, number)
        if sign.isdigit():
            return self._numbered(sign)
        raise Bad(ESCAPE)

    def _numbered(self, sign: str) -> Token:
        """A backreference, or else an octal number of up to three digits."""
        start = self._at - 1
        if sign != "0":
            self._at = start
            number = self._number("0123456789", 10, 1, 255)
            if self._at == start + 1 or 0 < number <= self.groups:
                return Token(BACK, number)
        self._at = start
        number = self._number("01234567", 8, 1, 3)
        if number > 0xFF:
            self._at -= 1
            number >>= 3
        return Token(PLAIN, number)

    def _number(self, digits: str, base: int, least: int, most: int) -> int:
        start = self._at
        while self._at < min(len(self._text), start + most) and self._text[self._at] in digits:
            self._at += 1
        if self._at - start < least:
            raise Bad(ESCAPE)
        return int(self._text[start : self._at], base)


def _is_digit(sign: str) -> bool:
    return bool(sign) and sign in "0123456789"


def _is_letter(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()
