"""What one line of a PHP INI file says: sections, entries and syntax errors, with values worked out.

The grammar is Zend's (https://github.com/php/php-src/blob/master/Zend/zend_ini_parser.y), errors included: a
statement that is complete counts even when the rest of its line is an error.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.zend_scanner import Scanner
from pgfpmlint.formats.zend_tokens import END, END_OF_LINE, TEXT_KINDS, Token
from pgfpmlint.record import NamedTuple
from pgfpmlint.syntax.document import Value, Variable

SECTION, ENTRY, ARRAY, NOTHING, ERROR = "section", "entry", "array", "nothing", "error"

# https://www.php.net/manual/en/errorfunc.constants.php; only E_ALL ever changed: 8.4 took E_STRICT out of it.
_CONSTANTS = {
    "E_ALL": "32767",
    "E_ERROR": "1",
    "E_WARNING": "2",
    "E_PARSE": "4",
    "E_NOTICE": "8",
    "E_CORE_ERROR": "16",
    "E_CORE_WARNING": "32",
    "E_COMPILE_ERROR": "64",
    "E_COMPILE_WARNING": "128",
    "E_USER_ERROR": "256",
    "E_USER_WARNING": "512",
    "E_USER_NOTICE": "1024",
    "E_STRICT": "2048",
    "E_RECOVERABLE_ERROR": "4096",
    "E_DEPRECATED": "8192",
    "E_USER_DEPRECATED": "16384",
    "PHP_OS": "Linux",
    "PHP_OS_FAMILY": "Linux",
}
_CONSTANTS_8_4 = _CONSTANTS | {"E_ALL": "30719"}

# Where these words are no booleans, between brackets, they still are constants.
_ANY_CASE = {"true": "1", "false": "", "null": ""}


class Statement(NamedTuple):
    """One statement of a line; all offsets are the line's, and ``text`` is the whole line.

    NOTHING is a blank or a comment on the same line as other things. ``key`` is a section's name or an entry's key;
    ``value`` is None for a key with nothing behind it; ``says`` is the parser's message where ``kind`` is ERROR, and
    it objects to what stands from ``at`` to ``until``.
    """

    kind: str
    text: str
    start: int
    end: int
    key: Value | None = None
    subscript: Value | None = None
    value: Value | None = None
    comment: int | None = None
    says: str = ""
    at: int = 0
    until: int = 0

    @property
    def written(self) -> str:
        """The statement's characters, without a line end."""
        return self.text[self.start : self.end].rstrip("\r\n")


class _Unexpected(Exception):
    def __init__(self, token: Token, *expected: str) -> None:
        super().__init__(token.kind)
        hope = f", expecting {' or '.join(expected)}" if expected else ""
        self.says = f"syntax error, unexpected {token.kind}{hope}"
        self.token = token


def statements(line: str, version: ServerVersion) -> list[Statement]:
    """What ``line`` (with its line end, if it has one) says, in order. The statements cover it without gap."""
    return _Parser(line, version).statements()


def expanded(value: Value, environment: Mapping[str, str] | None) -> str | None:
    """The text of ``value`` in that environment; None where no environment is known and the text needs one.

    To PHP before 8.3 ``${NAME:-text}`` names a variable that no shell can set.
    """
    if not value.variables:
        return value.text
    text, done = "", 0
    for variable in value.variables:
        if variable.operands:
            return _result(variable, environment)
        if not variable.name or (environment is None and ":-" not in variable.name):
            return None
        filling = (environment or {}).get(variable.name)
        if filling is None:
            filling = expanded(variable.fallback, environment) if variable.fallback else ""
        text += value.text[done : variable.at] + (filling or "")
        done = variable.at
    return text + value.text[done:]


def moved(value: Value, by: int) -> Value:
    """A line's value as a source's: ``by`` characters further on."""
    offsets = None if value.offsets is None else tuple(offset + by for offset in value.offsets)
    return value._replace(start=value.start + by, end=value.end + by, offsets=offsets)


def _result(sum_: Variable, environment: Mapping[str, str] | None) -> str | None:
    """What an operator makes of operands that hang on the environment."""
    texts = [expanded(operand, environment) for operand in sum_.operands]
    numbers = [integer(text) for text in texts if text is not None]
    return str(_calculated(sum_.name, *numbers)) if len(numbers) == len(texts) else None


class _Text:
    """A value in the making: the characters, where each came from, and the holes."""

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.characters = ""
        self.offsets: list[int] = []
        self.variables: list[Variable] = []

    def add(self, token: Token, constants: Mapping[str, str] | None = None) -> None:
        text, offsets = token.text, token.offsets
        if constants and token.kind == "TC_CONSTANT" and (text in constants or text.lower() in _ANY_CASE):
            text = constants.get(text) or _ANY_CASE.get(text.lower(), "")
            offsets = (token.start,) * len(text)
        self.characters += text
        self.offsets += range(token.start, token.start + len(text)) if offsets is None else offsets
        self.end = token.end

    def value(self) -> Value:
        count = len(self.offsets)
        plain = not count or (self.offsets[0] == self.start and self.offsets[-1] - self.start == count - 1)
        offsets = None if plain else tuple(self.offsets)
        return Value(self.characters, self.start, self.end, offsets, tuple(self.variables))


class _Parser:
    def __init__(self, line: str, version: ServerVersion) -> None:
        self._line = line
        self._fallbacks = version.at_least(8, 3)
        self._tokens = Scanner(line, version).tokens()
        self._next = 0
        self._constants = _CONSTANTS_8_4 if version.at_least(8, 4) else _CONSTANTS

    def statements(self) -> list[Statement]:
        found: list[Statement] = []
        start = 0
        while True:
            try:
                statement = self._statement()
            except _Unexpected as error:
                token = error.token
                until = max(token.end, token.start + 1) if token.start < len(self._line.rstrip("\r\n")) else token.end
                until = min(until, len(self._line))  # an END_OF_LINE where the file ends is no character
                found.append(Statement(ERROR, self._line, start, 0, says=error.says, at=token.start, until=until))
                break
            if statement is None:
                break
            last = self._tokens[self._next - 1]
            if last.kind != END_OF_LINE and self._peek().kind == END_OF_LINE:
                last = self._take()
            value = _within(statement.value, len(self._line))
            found.append(statement._replace(start=start, end=last.end, comment=last.comment, value=value))
            start = last.end
        if found:
            found[-1] = found[-1]._replace(end=len(self._line))
        return found

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        if token.kind != END:
            self._next += 1
        return token

    def _expect(self, kind: str, *alternatives: str) -> Token:
        token = self._take()
        if token.kind != kind:
            raise _Unexpected(token, *alternatives, kind)
        return token

    def _statement(self) -> Statement | None:
        token = self._take()
        if token.kind == END:
            return None
        if token.kind == END_OF_LINE:
            return Statement(NOTHING, self._line, 0, 0)
        if token.kind == "TC_SECTION":
            name = self._string(token.end, constants=None)
            self._expect("']'")
            return Statement(SECTION, self._line, 0, 0, name)
        if token.kind == "TC_LABEL":
            key = Value(token.text, token.start, token.end)
            if self._peek().kind != "'='":
                return Statement(ENTRY, self._line, 0, 0, key)
            return self._assignment(ENTRY, key, None)
        if token.kind == "TC_OFFSET":
            key = Value(token.text, token.start, token.end)
            subscript = self._string(self._peek().start, self._constants)
            self._expect("']'")
            return self._assignment(ARRAY, key, subscript)
        raise _Unexpected(token)

    def _assignment(self, kind: str, key: Value, subscript: Value | None) -> Statement:
        sign = self._expect("'='")
        token = self._peek()
        if token.kind in ("BOOL_TRUE", "BOOL_FALSE", "NULL_NULL"):
            self._take()
            value = Value(token.text, token.start, token.end, (token.start,) * len(token.text))
        elif token.kind == END_OF_LINE:
            self._take()
            value = Value("", sign.end, sign.end)
        else:
            value = self._expression()
        return Statement(kind, self._line, 0, 0, key, subscript, value)

    def _expression(self) -> Value:
        left = self._operand()
        while self._peek().kind in ("'|'", "'&'", "'^'"):
            operator = self._take().kind[1]
            right = self._operand()
            left = _computed(operator, left.start, right.end, left, right)
        return left

    def _operand(self) -> Value:
        token = self._peek()
        if token.kind in ("'~'", "'!'"):
            self._take()
            inner = self._operand()
            return _computed(token.kind[1], token.start, inner.end, inner)
        if token.kind == "'('":
            self._take()
            inner = self._expression()
            closing = self._expect("')'", "'^'", "'|'", "'&'")
            offsets = inner.offsets or tuple(range(inner.start, inner.start + len(inner.text)))
            return inner._replace(start=token.start, end=closing.end, offsets=offsets)
        if token.kind not in TEXT_KINDS and token.kind not in ("TC_DOLLAR_CURLY", "'\"'"):
            raise _Unexpected(self._take())
        return self._string(token.start, self._constants)

    def _string(self, start: int, constants: Mapping[str, str] | None) -> Value:
        """Texts, quoted strings and variables, glued together; empty where none stands here."""
        made = _Text(start)
        while True:
            token = self._peek()
            if token.kind in TEXT_KINDS:
                made.add(self._take(), constants)
            elif token.kind == "TC_DOLLAR_CURLY":
                self._variable(made)
            elif token.kind == "'\"'":
                self._quoted(made)
            else:
                return made.value()

    def _quoted(self, made: _Text) -> None:
        self._take()
        while self._peek().kind != "'\"'":
            if self._peek().kind == "TC_DOLLAR_CURLY":
                self._variable(made)
            elif self._peek().kind == "TC_QUOTED_STRING":
                made.add(self._take())
            else:
                raise _Unexpected(self._take(), "TC_DOLLAR_CURLY", "TC_QUOTED_STRING", "'\"'")
        made.end = self._take().end

    def _variable(self, made: _Text) -> None:
        self._take()
        name = self._expect("TC_VARNAME")
        fallback = None
        if self._peek().kind == "TC_FALLBACK":
            fallback = self._string(self._take().end, self._constants)
            made.end = self._expect("'}'").end
        else:
            made.end = self._expect("'}'", *(["TC_FALLBACK"] if self._fallbacks else [])).end
        made.variables.append(Variable(len(made.characters), name.text, fallback))


def _within(value: Value | None, size: int) -> Value | None:
    """A value's extent cut to its line: ``$`` takes the LF that FPM adds where a file's last line has none."""
    if value is None or value.end <= size:
        return value
    offsets = value.offsets or range(value.start, value.start + len(value.text))
    return value._replace(end=size, offsets=tuple(min(offset, size - 1) for offset in offsets))


def _computed(operator: str, start: int, end: int, *operands: Value) -> Value:
    if any(operand.variables for operand in operands):
        return Value("", start, end, None, (Variable(0, operator, None, operands),))
    text = str(_calculated(operator, *(integer(operand.text) for operand in operands)))
    return Value(text, start, end, (start,) * len(text))


def _calculated(operator: str, first: int, second: int = 0) -> int:
    if operator == "|":
        return first | second
    if operator == "&":
        return first & second
    if operator == "^":
        return first ^ second
    return ~first if operator == "~" else int(not first)


def integer(text: str) -> int:
    """C's ``atoi``: the number that ``text`` begins with, or 0, cut to 32 bits as glibc does."""
    body = text.lstrip(" \t\n\v\f\r")
    digits = body[1:] if body[:1] in ("-", "+") else body
    count = 0
    while count < len(digits) and digits[count] in "0123456789":
        count += 1
    # Past 20 digits the number is cut anyway, and int() of very many takes long.
    number = min(int(digits[:count].lstrip("0")[:20] or "0"), 2**63 - 1)
    return ((-number if body[:1] == "-" else number) + 2**31) % 2**32 - 2**31
