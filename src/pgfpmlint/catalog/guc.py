"""What PostgreSQL makes of a parameter's text: the value that it runs with, or its refusal.

Follows the server's guc.c, which goes further than the manual tells
(https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES).
"""

from __future__ import annotations

from pgfpmlint.catalog.postgresql import Setting
from pgfpmlint.catalog.refusal import BAD_TEXT, CANNOT_CHANGE, NO_BOOLEAN, NO_CHOICE, Refusal
from pgfpmlint.catalog.version import ServerVersion

# What a parameter is kept for alone.
_NO_LONGER = {
    ("default_with_oids", "on"): ((12,), "tables declared WITH OIDS are not supported"),
    ("standard_conforming_strings", "off"): ((19,), "non-standard string literals are not supported"),
}


def canonical(setting: Setting, text: str, version: ServerVersion, written: str = "") -> str | Refusal:
    """The value of ``text`` as the server keeps it: a bare number in the base unit, ``on``/``off``, the listed word.

    ``written`` is the parameter's name as the file spells it, which servers before 18 repeat in their messages.
    """
    shown = setting.name if version.at_least(18) or not written else written
    if not setting.settable:
        return Refusal(CANNOT_CHANGE, f'parameter "{shown}" cannot be changed')
    if setting.type == "bool":
        word = boolean(text)
        if (setting.name, word) in _NO_LONGER and version.at_least(*_NO_LONGER[setting.name, word][0]):
            return Refusal(BAD_TEXT, _NO_LONGER[setting.name, word][1], "", "off" if word == "on" else "on")
        return word or Refusal(NO_BOOLEAN, f'parameter "{shown}" requires a Boolean value')
    if setting.type == "enum":
        return _choice(setting, text, shown, version)
    if setting.type == "string":
        from pgfpmlint.catalog.guc_text import checked

        return checked(setting.name, text, version)
    from pgfpmlint.catalog.guc_number import number

    return number(setting, text, version, shown)


def boolean(text: str) -> str:
    """``on`` or ``off`` for what the server takes as such: any unambiguous beginning of a word; else ``""``."""
    word = text.lower()
    if not word:
        return ""
    if word in ("on", "1") or "true".startswith(word) or "yes".startswith(word):
        return "on"
    if word in ("of", "off", "0") or "false".startswith(word) or "no".startswith(word):
        return "off"
    return ""


# Words that only builds for Windows or macOS know.
_ELSEWHERE = frozenset(("windows", "fsync_writethrough"))


def _choice(setting: Setting, text: str, shown: str, version: ServerVersion) -> str | Refusal:
    word = text.lower()
    if word in setting.synonyms:
        return setting.synonyms[word]
    if not (word in _ELSEWHERE and version.is_unix_build):
        for choice in setting.choices:
            if choice.lower() == word:
                return choice
    from pgfpmlint.catalog.nearest import nearest

    known = [choice for choice in setting.choices if not (choice in _ELSEWHERE and version.is_unix_build)]
    hint = f"Available values: {', '.join(known)}."
    says = f'invalid value for parameter "{shown}": "{text}"'
    return Refusal(NO_CHOICE, says, hint, nearest(text, known) or "")
