"""One line of a PHP INI file, split into words as Zend's scanner does in its mode NORMAL.

The scanner is a table of patterns per state; the longest match wins and, among equals, the first
(https://github.com/php/php-src/blob/master/Zend/zend_ini_scanner.l). What looks odd below is what that rule gives:
``yes`` is no key but `` yes`` is, and a quote that never closes swallows the line. Bytes that are no ASCII are
letters, so working on characters gives the same.
"""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.zend_tokens import END, END_OF_LINE, Token, kind_of, reserved

_BLANK = " \t"
_NOT_LABEL = frozenset('=\n\r\t;&|^$~(){}!"[')
_NOT_LABEL_8_3 = _NOT_LABEL | {"]", "\0"}
_NOT_VALUE = frozenset("$= \t\n\r;&|^~()!\"'\0")
_NOT_BRACKETED = frozenset("$\n\r;\"']\\")
_NOT_FALLBACK = frozenset("$\n\r;\"'}\\")
_OPERATORS = frozenset("&|^~()!")

_State = Callable[[int], Token | None]


class _Beyond(Exception):
    """A pattern ran past the end of the line; the scanner then reports the end of the file."""


class Scanner:
    """One line's scanner. PHP knows ``${NAME:-text}`` since 8.3, and since 8 two backslashes before a quote let it
    close."""

    def __init__(self, line: str, version: ServerVersion) -> None:
        nul = line.find("\0")
        # FPM hands over the line with one LF behind it, as a C string: a NUL byte ends it earlier.
        self._text = line[:nul] if nul >= 0 else line.rstrip("\n") + "\n"
        self._limit = len(self._text)
        self._text += "\0"
        self._at = 0
        self._cut = False
        self._state: _State = self._initial
        self._states: list[_State] = []
        self._fallbacks = version.at_least(8, 3)
        self._pairs = version.at_least(8)
        self._not_label = _NOT_LABEL_8_3 if self._fallbacks else _NOT_LABEL

    def tokens(self) -> list[Token]:
        """Everything up to and with the first END."""
        found: list[Token] = []
        if self._text[0] == "\ufeff":
            self._at = 1
        while True:
            token = self._next()
            if token is not None:
                found.append(token)
                if token.kind == END:
                    return found

    def leaves_open(self) -> bool:
        """Whether the line ends within a quoted string, a variable or brackets."""
        self.tokens()
        return self._cut or self._state != self._initial

    def _next(self) -> Token | None:
        if self._at >= self._limit:
            if self._state == self._value:
                self._state = self._initial
                return Token(END_OF_LINE, "", self._at, self._at)
            return Token(END, "", self._at, self._at)
        try:
            return self._state(self._at)
        except _Beyond:
            self._cut = True
            return Token(END, "", self._at, self._at)

    # What the states share: the length of a pattern, and a token made of it.

    def _blanks(self, at: int) -> int:
        text = self._text
        while text[at] in _BLANK:
            at += 1
        return at

    def _run(self, at: int, stop: frozenset[str]) -> int:
        text = self._text
        while text[at] not in stop:
            at += 1
            if at > self._limit:
                raise _Beyond
        return at

    def _characters(self, at: int, stop: frozenset[str], *, escapes: bool) -> int:
        """End of the longest run of letters of a value; ``$x`` is a letter too, as is, with ``escapes``, ``\\x``."""
        text = self._text
        while True:
            letter = text[at]
            if letter not in stop:
                at += 1
            elif letter == "$" and text[at + 1] == "\\":
                return self._every_way(at, stop, escapes=escapes)
            elif (letter == "$" and text[at + 1] not in "{\0") or (letter == "\\" and escapes):
                at += 2
            else:
                return at
            if at > self._limit:
                raise _Beyond

    def _every_way(self, at: int, stop: frozenset[str], *, escapes: bool) -> int:
        """As `_characters` from a ``$\\`` on, which is one letter, or one with what follows it."""
        text, reached, best = self._text, {at}, at
        while reached:
            best = at = min(reached)
            reached.discard(at)
            if at > self._limit:
                raise _Beyond
            letter, following = text[at], text[at + 1 : at + 2]
            if letter not in stop:
                reached.add(at + 1)
            elif letter == "$" and following not in ("{", "\0"):
                reached.update((at + 2, at + 3) if following == "\\" else (at + 2,))
            elif letter == "\\" and escapes:
                reached.add(at + 2)
        return best

    def _take(self, kind: str, start: int, end: int, text: str | None = None, until: int | None = None) -> Token:
        self._at = end
        return Token(kind, self._text[start:end] if text is None else text, start, end if until is None else until)

    def _end_of_line(self, start: int, end: int, comment: int | None = None) -> Token:
        self._state = self._initial
        if self._text[end] == "\r" and self._text[end + 1] == "\n":
            end += 1
        self._at = min(end + 1, self._limit)
        return Token(END_OF_LINE, "", start, self._at, None, comment)

    def _comment(self, start: int, sign: int) -> Token:
        return self._end_of_line(start, self._run(sign, frozenset("\r\n")), sign)

    def _push(self, kind: str, state: _State, start: int, end: int) -> Token:
        self._states.append(self._state)
        self._state = state
        return self._take(kind, start, end)

    def _pop(self, kind: str, at: int, end: int) -> Token:
        self._state = self._states.pop()
        return self._take(kind, at, end, until=at + 1)

    # The states, each under the name it has in the scanner.

    def _initial(self, at: int) -> Token | None:
        text = self._text
        after = self._blanks(at)
        sign = text[after]
        label = self._run(at, self._not_label)
        if label > at and text[label] == "[":
            token = self._take("TC_OFFSET", at, self._blanks(label + 1), until=label)
            self._states.append(self._state)
            self._state = self._offset
            return self._trimmed(token)
        if sign == "=":
            self._state = self._value
            return self._take("'='", after, self._blanks(after + 1), until=after + 1)
        if sign in "\r\n":
            return self._end_of_line(at, after)
        if sign == ";":
            return self._comment(at, after)
        word = reserved(text, at)
        if word is not None and self._blanks(word[2]) >= label:
            return self._take(word[0], at, self._blanks(word[2]), word[1], word[2])
        if label > at and label >= after:
            return self._trimmed(self._take("TC_LABEL", at, label))
        if after > at:
            self._at = after
            return None
        if sign == "[":
            return self._push("TC_SECTION", self._section_value, at, at + 1)
        return self._take(f"'{sign}'", at, at + 1)

    def _trimmed(self, token: Token) -> Token:
        text = self._text[token.start : token.end]
        start = token.start + len(text) - len(text.lstrip(_BLANK))
        text = text.strip(_BLANK)
        return token._replace(text=text, start=start, end=start + len(text))

    def _value(self, at: int) -> Token | None:
        text = self._text
        letter = text[at]
        after = self._blanks(at)
        if text[after] in "\r\n":
            return self._end_of_line(at, after)
        if text[after] == ";":
            return self._comment(at, after)
        opening = self._opening(at)
        if opening is not None:
            return opening
        if after > at:
            return self._take("TC_WHITESPACE", at, after)
        if letter == "'":
            return self._raw(at) or self._end_of_value(at + 1)
        if letter in _OPERATORS:
            return self._take(f"'{letter}'", at, self._blanks(at + 1), until=at + 1)
        if letter == "=":
            return self._end_of_value(at)
        end = self._characters(at, _NOT_VALUE, escapes=False)
        if end == at:
            return self._end_of_value(at + 1)
        word = reserved(text, at)
        if word is not None and self._blanks(word[2]) >= end:
            return self._take(word[0], at, self._blanks(word[2]), word[1], word[2])
        return self._take(kind_of(text[at:end]), at, end)

    def _end_of_value(self, at: int) -> Token:
        self._state = self._initial
        return self._take(END_OF_LINE, at, at)

    def _raw(self, at: int) -> Token | None:
        closing = self._text.find("'", at + 1, self._limit)
        if closing < 0:
            raise _Beyond
        if closing == at + 1:
            return None
        content = self._text[at + 1 : closing]
        self._at = closing + 1
        return Token("TC_RAW", content, at, closing + 1, tuple(range(at + 1, closing)))

    def _section_value(self, at: int) -> Token | None:
        if self._text[at] == "]":
            end = self._blanks(at + 1)
            if self._text[end] == "\r":
                end += 1
            if self._text[end] == "\n":
                end += 1
            self._state = self._initial
            return self._take("']'", at, end, until=at + 1)
        return self._bracketed(at)

    def _offset(self, at: int) -> Token | None:
        after = self._blanks(at)
        if self._text[after] == "]":
            self._state = self._initial
            return self._take("']'", after, after + 1)
        return self._bracketed(at)

    def _bracketed(self, at: int) -> Token:
        if self._text[at] == "'":
            return self._raw(at) or Token(END, "", at, at)
        return self._opening(at) or self._letters(at, _NOT_BRACKETED)

    def _opening(self, at: int) -> Token | None:
        """A double quote, blanks before it swallowed, or ``${``."""
        after = self._blanks(at)
        if self._text[after] == '"':
            return self._push("'\"'", self._double_quotes, after, after + 1)
        if self._text.startswith("${", at):
            return self._push("TC_DOLLAR_CURLY", self._varname, at, at + 2)
        return None

    def _letters(self, at: int, stop: frozenset[str]) -> Token:
        end = self._characters(at, stop, escapes=True)
        return self._take(kind_of(self._text[at:end]), at, end) if end > at else Token(END, "", at, at)

    def _double_quotes(self, at: int) -> Token | None:
        text = self._text
        if text[at] == '"':
            return self._pop("'\"'", at, self._blanks(at + 1))
        if text.startswith("${", at):
            return self._push("TC_DOLLAR_CURLY", self._varname, at, at + 2)
        end = self._end_of_string(at)
        content: list[str] = []
        offsets: list[int] = []
        while at < end:
            escaped = text[at + 1] if text[at] == "\\" and at + 1 < end else ""
            for sign in range(at + (escaped != "" and escaped in '"\\$'), at + 1 + (escaped != "")):
                content.append(text[sign])
                offsets.append(sign)
            at += 1 + (escaped != "")
        start, self._at = self._at, end
        return Token("TC_QUOTED_STRING", "".join(content), start, end, tuple(offsets))

    def _end_of_string(self, at: int) -> int:
        """Where the letters of a string that start at ``at`` end: at its quote, or at ``${``."""
        text = self._text
        # PHP 7 took the first letter without a look: behind a backslash there even ${ is a variable.
        end = at if self._pairs else at + 1
        while end < self._limit and not self._closes(end) and text[end : end + 2] != "${":
            if text[end] == "\\" and end + 1 < self._limit:
                if self._pairs and text[end + 1] == '"' and text[end + 2] in "\r\n\0":
                    return end + 1  # "C:\dir\" at the end of a line: the backslash stays and the quote closes
                end += text[end + 1] != '"' or self._pairs
            end += 1
        return min(end, self._limit)

    def _closes(self, at: int) -> bool:
        """Whether a double quote stands at ``at`` that is none of the string's letters."""
        text = self._text
        return text[at] == '"' and (self._pairs or text[at - 1] != "\\" or text[at + 1] in "\r\n\0")

    def _varname(self, at: int) -> Token | None:
        text = self._text
        if text[at] == "}":
            return self._pop("'}'", at, at + 1)
        if self._fallbacks and text.startswith(":-", at):
            self._state = self._fallback
            return self._take("TC_FALLBACK", at, at + 2)
        end = self._run(at, self._not_label)
        if self._fallbacks and ":-" in text[at:end]:
            end = text.index(":-", at)
        return self._trimmed(self._take("TC_VARNAME", at, end)) if end > at else Token(END, "", at, at)

    def _fallback(self, at: int) -> Token | None:
        if self._text[at] == "}":
            return self._pop("'}'", at, at + 1)
        return self._opening(at) or self._letters(at, _NOT_FALLBACK)
