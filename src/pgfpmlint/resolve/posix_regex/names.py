"""POSIX's names of single characters, as in ``[[.hyphen.]]``.

https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap06.html
"""

from __future__ import annotations

_CONTROL = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 "
    "IS2 IS1"
)
_SIGNS = (
    "space exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe left-parenthesis "
    "right-parenthesis asterisk plus-sign comma hyphen period slash zero one two three four five six seven eight nine "
    "colon semicolon less-than-sign equals-sign greater-than-sign question-mark commercial-at"
)
_OTHERS = {
    "alert": "\a", "backspace": "\b", "tab": "\t", "newline": "\n", "vertical-tab": "\v", "form-feed": "\f",
    "carriage-return": "\r", "FS": "\x1c", "GS": "\x1d", "RS": "\x1e", "US": "\x1f", "hyphen-minus": "-",
    "full-stop": ".", "solidus": "/", "left-square-bracket": "[", "backslash": "\\", "reverse-solidus": "\\",
    "right-square-bracket": "]", "circumflex": "^", "circumflex-accent": "^", "underscore": "_", "low-line": "_",
    "grave-accent": "`", "left-brace": "{", "left-curly-bracket": "{", "vertical-line": "|", "right-brace": "}",
    "right-curly-bracket": "}", "tilde": "~", "DEL": "\x7f",
}  # fmt: skip

NAMES = {name: chr(code) for code, name in enumerate(_CONTROL.split())}
NAMES |= {name: chr(code) for code, name in enumerate(_SIGNS.split(), 32)} | _OTHERS
