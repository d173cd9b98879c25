"""What the messages of Zend's INI parser mean. Loaded only when there is one."""

from __future__ import annotations

_WORDS = ("BOOL_TRUE", "BOOL_FALSE", "NULL_NULL")


def meaning(says: str, text: str) -> tuple[str, str]:
    """What is wrong, and what to do, for the parser's message about ``text``, of which no word goes into the answer
    that may belong to a value: it may be a password."""
    if says.startswith("value is NULL"):
        if text.startswith(("#", "//")):
            return "a comment starts with a semicolon", "write ; in place of #"
        word = text.replace(":", " ").partition(" ")[0]
        return f"no = follows {word}", f"write {word} = …"
    unexpected, _, expected = says.removeprefix("syntax error, unexpected ").partition(", expecting ")
    if "TC_QUOTED_STRING" in expected or (unexpected == "end of file" and not expected):
        return "a quote is not closed on its line", 'write " where the value ends'
    if expected == "']'":
        return "a bracket is not closed on its line", "write ] where the name ends"
    if expected == "'='":
        return "no = follows the bracket", "write a section at the very beginning of its line, or add ="
    if "'}'" in expected or expected == "TC_VARNAME":
        return "${ is not closed on its line", "write } where the name ends, or put the value in single quotes"
    if unexpected in ("BOOL_TRUE", "BOOL_FALSE", "NULL_NULL"):
        return "words such as on, no and null can't stand next to others", 'write "…", with the value in double quotes'
    if unexpected.startswith("TC_"):
        return "nothing can follow such a word or number", 'write "…", with the value in double quotes'
    sign = unexpected.strip("'") if unexpected.startswith("'") else "the end of the line"
    return f"{sign} can't stand here without quotes", 'write "…", with the value in double quotes'
