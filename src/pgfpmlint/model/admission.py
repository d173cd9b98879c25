"""What a server with these access records answers to one connection, as far as the records are known."""

from __future__ import annotations

from pgfpmlint.model.hba_match import Connection, Decision, decide
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Reading, Unread

if TYPE_CHECKING:
    from pgfpmlint.resolve.hba import HbaReading

UNKNOWN = "unknown"


def admission(hba: HbaReading, connection: Connection) -> Decision:
    """Who decides about ``connection``, and how; unknown where the server would not load the file, or where records
    may come before the one that decides, of a file that can't be read here."""
    reading = hba.reading
    if not reading.accepted:
        fault = next(problem for problem in reading.problems if problem.refuses)
        where = f"{fault.place.path} line {fault.place.line}"
        return Decision(None, UNKNOWN, f"the server does not load the file: {where}: {fault.says}")
    decision = decide(hba.records, connection, reading.version)
    lost = next((missing for missing in reading.unread if not _comes_after(missing, decision, reading)), None)
    if lost is None:
        return decision
    return decision._replace(record=None, verdict=UNKNOWN, why=f"{lost.path} {_verb(lost.why)}, and may hold records")


def _comes_after(missing: Unread, decision: Decision, reading: Reading) -> bool:
    """Whether what is not known can't change the decision: words of a ``@file`` are unknown to the match itself, and a
    record of the main file that stands before the line that names a file is tried first."""
    place, record = missing.place, decision.record
    if place is None:
        return False
    if place.text.startswith("@"):
        return True
    main = reading.main.source
    return (
        record is not None and place.source is main and record.place.source is main and record.place.start < place.start
    )


def _verb(why: str) -> str:
    return why if why.startswith(("is ", "can't ")) else f"can't be read ({why})"
