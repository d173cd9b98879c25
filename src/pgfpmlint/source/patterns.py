"""Path patterns as in .gitignore (https://git-scm.com/docs/gitignore#_pattern_format), without negation.

- ``*`` and ``?`` stand for characters other than ``/``, ``[a-z]`` and ``[!a-z]`` for one of a set;
- ``**/`` stands for any number of folders, ``/**`` at the end for everything inside;
- a pattern with a ``/`` that is not its last character starts at the folder that it is relative to, any other fits
  a name at any depth;
- what fits a folder fits everything below it; with a ``/`` at its end a pattern fits folders only.
"""

from __future__ import annotations

import re


class Pattern:
    """One pattern; ValueError for one that can't be meant."""

    __slots__ = ("_fits",)

    def __init__(self, text: str) -> None:
        if text.startswith("!"):
            raise ValueError(f"{text!r} negates; leave the files out of the other patterns instead")
        body = text.rstrip("/")
        if not body:
            raise ValueError(f"{text!r} fits nothing; name a file or a folder")
        lead = "" if "/" in body else "(?:.*/)?"
        rest = "/.*" if text.endswith("/") else "(?:/.*)?"
        try:
            self._fits = re.compile(lead + _regular(body.removeprefix("/")) + rest, re.DOTALL).fullmatch
        except re.error as error:
            raise ValueError(f"{text!r} is no pattern: {error}") from None

    def fits(self, path: str) -> bool:
        """Whether it fits ``path``, relative to the folder that patterns start from."""
        return self._fits(path) is not None


def _regular(body: str) -> str:
    """The regular expression for a pattern without slashes at its ends."""
    out = ""
    at = 0
    while at < len(body):
        sign = body[at]
        if body.startswith("**/", at) and (at == 0 or body[at - 1] == "/"):
            out, at = out + "(?:.*/)?", at + 3
        elif body[at:] == "**" and (at == 0 or body[at - 1] == "/"):
            out, at = out + ".+", at + 2
        elif sign == "*":
            out, at = out + "[^/]*", at + 1
        elif sign == "?":
            out, at = out + "[^/]", at + 1
        elif sign == "[" and (end := body.find("]", at + 2)) > 0:
            inner = body[at + 1 : end]
            negated = "^" if inner[0] in "!^" else ""
            out, at = f"{out}(?!/)[{negated}{_set(inner[len(negated) :])}]", end + 1
        else:
            at += sign == "\\" and at + 1 < len(body)
            out, at = out + re.escape(body[at]), at + 1
    return out


def _set(inner: str) -> str:
    """The characters of a set, with nothing in it that Python may come to take for an operation on sets."""
    for sign in "\\[&|~":
        inner = inner.replace(sign, f"\\{sign}")
    start = "\\-" if inner.startswith("-") else inner[:1]
    return start + inner[1:].replace("--", r"-\-")
