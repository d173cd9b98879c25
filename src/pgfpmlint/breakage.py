"""What to say of a fault of our own: enough to find it, and nothing of what was being linted."""

from __future__ import annotations

import os

TRACEBACKS = "PGFPMLINT_DEBUG"
"""Set in the environment: errors are raised, with their texts and tracebacks."""

ADVICE = (
    "this is a fault of pgfpmlint, not of your files: please report these lines where you got it; "
    f"{TRACEBACKS}=1 prints the whole traceback, which may quote your files, secrets in them included"
)

OURS = os.path.dirname(os.path.abspath(__file__))


def breakage(error: BaseException) -> str:
    """The error's type and the innermost lines of ours that it came through, the outermost first:
    ``KeyError at checks/hba/network.py:41``.

    Its text is left out: a KeyError's is the key, a UnicodeError's the whole input, and either may be a password, in no
    shape by which `report.secrets` would know it."""
    lines = _lines(error)
    return f"{type(error).__name__}{' at ' if lines else ''}{' > '.join(lines[-NEAREST:])}"


NEAREST = 3
"""Lines that tell a fault from others of its type."""


def wants_traceback() -> bool:
    return bool(os.environ.get(TRACEBACKS))


def _lines(error: BaseException) -> list[str]:
    found = []
    frame = error.__traceback__
    while frame is not None:
        path = os.path.abspath(frame.tb_frame.f_code.co_filename)
        if path.startswith(f"{OURS}{os.sep}"):
            found.append(f"{path[len(OURS) + 1 :].replace(os.sep, '/')}:{frame.tb_lineno}")
        frame = frame.tb_next
    return found
