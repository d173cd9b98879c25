"""The check of access.format: fpm_log_write() in https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_log.c."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion

_PLAIN = frozenset("%flmnpPqQrRsu")
_MODIFIERS = {
    "C": (("total", "user", "system"), "'total', 'user' or 'system'"),
    "d": (
        ("seconds", "milli", "milliseconds", "mili", "miliseconds", "micro", "microseconds"),
        "'seconds', 'milli', 'milliseconds', 'micro' or 'microseconds'",
    ),
    "M": (("bytes", "kilo", "kilobytes", "mega", "megabytes"), "'bytes', 'kilo', 'kilobytes', 'mega' or 'megabytes'"),
}
_OLD_DURATIONS = (
    ("seconds", "mili", "miliseconds", "micro", "microseconds"),
    "'seconds', 'mili', 'miliseconds', 'micro' or 'microseconds'",
)
_NAMED = {"e": "environment variable", "o": "header"}


def complaint(text: str, version: ServerVersion) -> str:
    """FPM's warning about ``text``, or nothing where it takes it."""
    at, token, braces = 0, False, ""
    while at < len(text):
        sign = text[at]
        if not token:
            token = sign == "%"
            braces = "" if token else braces
        elif sign == "{":
            end = text.find("}", at)
            if end < 0 or end + 1 == len(text):
                return "missing closing embrace in the access.format"
            braces, at = text[at + 1 : end], end
        else:
            token = False
            said = _objection(sign, braces, version)
            if said:
                return said
            braces = ""
        at += 1
    return ""


def _objection(sign: str, braces: str, version: ServerVersion) -> str:
    if sign in _PLAIN:
        return f"embrace is not allowed for modifier %{sign}" if braces else ""
    if sign in _MODIFIERS:
        # The right spelling of the milliseconds came with 8.0.
        words, names = _MODIFIERS[sign] if sign != "d" or version.at_least(8) else _OLD_DURATIONS
        allowed = not braces or braces.lower() in words
        return "" if allowed else f"only {names} are allowed as a modifier for %{sign} ('{braces}')"
    if sign in _NAMED:
        return "" if braces else f"the name of the {_NAMED[sign]} must be set between embraces for %{sign}"
    return "" if sign in "tT" else f"Invalid token in the access.format (%{sign})"
