"""What PHP-FPM makes of a directive's text: its type's reading, and how ``php-fpm -tt`` prints it.

The readings are fpm_conf_set_*() in https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_conf.c.
"""

from __future__ import annotations

from pgfpmlint.catalog.php_fpm import Directive
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.zend_ini import integer

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TRUE = frozenset(["1", "yes", "true", "on"])
_FALSE = frozenset(["", "0", "no", "none", "false", "off"])

# The numbers of syslog.h, in which -tt shows a facility; LOCAL0 is 128 and its followers go on by 8.
_FACILITIES = {
    "kern": 0,
    "user": 8,
    "mail": 16,
    "daemon": 24,
    "auth": 32,
    "syslog": 40,
    "lpr": 48,
    "news": 56,
    "uucp": 64,
    "cron": 72,
    "authpriv": 80,
    "ftp": 88,
}


class Refused(Exception):
    """The value is none of its type: FPM's own reason, and what it must be."""

    def __init__(self, says: str, wants: str) -> None:
        super().__init__(says)
        self.says = says
        self.wants = wants


_TIME = "it must be a whole number with s, m, h or d behind it, or none of them for seconds"


def shown(directive: Directive, text: str, version: ServerVersion) -> str:
    """The value of ``text`` as ``php-fpm -tt`` prints it, paths not yet made absolute."""
    kind = directive.type
    if kind == "int":
        return _number(directive.name, text)
    if kind == "time":
        return f"{seconds(text)}{'' if directive.name == 'pm.process_idle_timeout' else 's'}"
    if kind == "bool":
        return "yes" if boolean(text, version) else "no"
    if kind == "enum":
        return _word(directive, text)
    if kind == "core":
        return _core_size(text)
    return text


def seconds(text: str) -> int:
    """A time. Only the last character is looked at for a unit, and the number is read as far as it goes."""
    if not text:
        raise Refused("invalid time value", _TIME)
    unit = text[-1]
    if unit in "0123456789":
        return integer(text)
    if unit not in _SECONDS:
        raise Refused("unknown suffix used in time value", _TIME)
    return integer(str(integer(text[:-1]) * _SECONDS[unit]))


def reads_part_of_a_time(text: str) -> bool:
    """Whether FPM passes over something in a time without a word: ``30ms`` (30 s), ``1.5m`` (1 m), ``m`` (0)."""
    number = text[:-1] if text[-1:] in _SECONDS else text
    digits = number.strip(" \t").removeprefix("-")
    return not digits.isdecimal() or not digits.isascii()


def boolean(text: str, version: ServerVersion) -> bool:
    """Bare words are 1 or empty by now. Words from quotes or the environment count since 8.2.19 and 8.3.7
    (https://github.com/php/php-src/issues/13563)."""
    words = version.at_least(8, 3, 7) if version.at_least(8, 3) else version.at_least(8, 2, 19)
    if text == "1" or (words and text in _TRUE):
        return True
    if text == "" or (words and text in _FALSE):
        return False
    wants = "yes or no" if words else "a bare yes or no, or 1"
    raise Refused("invalid boolean value", f"it must be {wants}")


def _number(name: str, text: str) -> str:
    digits = text.removeprefix("-")
    if digits.strip("0123456789"):
        raise Refused(
            "is not a valid number (greater or equal than zero)", "it must be a whole number in decimal digits"
        )
    number = integer(text)
    return "undefined" if name == "process.priority" and number == 64 else str(number)


def _core_size(text: str) -> str:
    if text.lower() == "unlimited":
        return "-1"
    number = _number("rlimit_core", text)
    if number.startswith("-"):
        raise Refused("must be greater than zero or 'unlimited'", "it must be a number of bytes, or unlimited")
    return number


def _word(directive: Directive, text: str) -> str:
    word = text.lower()
    if word not in directive.words:
        says = {
            "pm": "invalid process manager (static, dynamic or ondemand)",
            "log_level": "invalid value for 'log_level'",
        }
        *words, last = directive.words
        raise Refused(says.get(directive.name, "invalid value"), f"it must be {', '.join(words)} or {last}")
    if directive.name == "syslog.facility":
        return str(_FACILITIES[word] if word in _FACILITIES else 128 + 8 * int(word[-1]))
    if directive.name == "log_level":
        return "WARNING" if word == "warn" else word.upper()
    return word
