"""Why PostgreSQL refuses a parameter's value."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple

CANNOT_CHANGE = "cannot be changed"
NO_BOOLEAN = "no boolean"
NO_CHOICE = "no choice"
NO_NUMBER = "no number"
BAD_UNIT = "bad unit"
OUT_OF_RANGE = "out of range"
BAD_TEXT = "bad text"


class Refusal(NamedTuple):
    """Why the server refuses a value. ``kind`` is one of the constants above; ``says`` the message, ``hint`` its HINT
    or DETAIL; ``suggestion`` what was most likely meant, ready to be written, or ``""``."""

    kind: str
    says: str
    hint: str = ""
    suggestion: str = ""
