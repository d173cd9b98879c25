"""Values of settings in SQL, as the server's catalogs keep them, and what the server says to them.

https://www.postgresql.org/docs/current/sql-alterrole.html and sql-altersystem.html; which parameters a role, a
database or ALTER SYSTEM may set is the server's guc.c.
"""

from __future__ import annotations

from pgfpmlint.catalog.refusal import Refusal
from pgfpmlint.finding.fix import Fix, written
from pgfpmlint.finding.problem import Problem
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import Effective, Unknown, Written
from pgfpmlint.resolve.sql.script import Step
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.grammar import Fields

SYSTEM, ROLE, DATABASE = "ALTER SYSTEM", "ALTER ROLE", "ALTER DATABASE"

SYSTEM_REFUSED, SETTING_REFUSED = "sql/alter-system-refused", "sql/setting-refused"

LISTS_OF_NAMES = frozenset({
    "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
    "temp_tablespaces", "unix_socket_directories", "oauth_validator_libraries",
})  # fmt: skip
"""Parameters whose words are quoted as names when a statement sets them (GUC_LIST_QUOTE)."""

NOT_IN_AUTO_CONF = frozenset({"allow_alter_system", "config_file", "data_directory"})
"""Parameters that files or the command line may set and ALTER SYSTEM may not."""

NOT_IN_FILES = frozenset({
    "is_superuser", "role", "seed", "session_authorization", "transaction_deferrable", "transaction_isolation",
    "transaction_read_only",
})  # fmt: skip
"""Parameters of sessions alone."""

LISTS = LISTS_OF_NAMES | {
    "createrole_self_grant", "datestyle", "debug_io_direct", "listen_addresses", "log_connections", "log_destination",
    "restrict_nonsystem_relation_kind", "synchronous_standby_names", "synchronized_standby_slots",
    "wal_consistency_checking",
}  # fmt: skip
"""Parameters that take several words (GUC_LIST_INPUT)."""

OF_SESSIONS = ("user", "superuser")
"""Contexts that a session may set; others have words of their own for the refusal."""

REFUSALS = {
    "internal": 'parameter "{}" cannot be changed',
    "postmaster": 'parameter "{}" cannot be changed without restarting the server',
    "sighup": 'parameter "{}" cannot be changed now',
    "backend": 'parameter "{}" cannot be set after connection start',
    "superuser-backend": 'parameter "{}" cannot be set after connection start',
}


class Assigned(NamedTuple):
    """``SET name = value`` of a statement; ``value`` is None for RESET and DEFAULT, ``name`` is empty for RESET ALL."""

    name: str
    value: str | None
    place: Place
    value_place: Place
    known: bool
    several: bool = False


def assigned(step: Step, fields: Fields) -> Assigned:
    """The assignment in a VariableSetStmt, which ends its statement."""
    words = step.words()
    at = next((i for i, word in enumerate(words) if word.text.upper() in ("SET", "RESET")), 0)
    source, last = step.document.source, words[-1].end
    place = source.place(words[min(at + 1, len(words) - 1)].start, last)
    kind, name = fields.get("kind", "VAR_SET_VALUE"), fields.get("name", "")
    args = fields.get("args", [])
    texts = [_constant(arg, name in LISTS_OF_NAMES) for arg in args]
    known = kind in ("VAR_SET_VALUE", "VAR_RESET", "VAR_RESET_ALL", "VAR_SET_DEFAULT") and None not in texts
    starts = [step.at(arg["A_Const"].get("location", 0)) for arg in args if "A_Const" in arg]
    value_place = source.place(starts[0], last) if starts else place
    known = known and not step.is_filled(value_place)
    value = ", ".join(text for text in texts if text is not None) if kind == "VAR_SET_VALUE" and known else None
    return Assigned(name, value, place, value_place, known, len(args) > 1)


def _constant(arg: Fields, as_name: bool) -> str | None:
    """The text of one argument as the server keeps it; None for what is no constant."""
    constant = arg.get("A_Const")
    if constant is None:
        return None
    if "sval" in constant:
        text = str(constant["sval"].get("sval", ""))
        return _quoted_name(text) if as_name else text
    if "ival" in constant:
        return str(constant["ival"].get("ival", 0))
    if "fval" in constant:
        return str(constant["fval"].get("fval", ""))
    return None


def _quoted_name(text: str) -> str:
    """As quote_ident does, keywords aside, which no list needs."""
    plain = text and not text[0].isdigit() and all(c in "abcdefghijklmnopqrstuvwxyz0123456789_" for c in text)
    return text if plain else '"' + text.replace('"', '""') + '"'


class Answer(NamedTuple):
    """What the server makes of an assignment: the setting it keeps, or its refusal."""

    setting: Effective | None
    problem: Problem | None


def answered(step: Step, scope: str, said: Assigned, judge: Judge) -> Answer:
    """The answer to ``said`` of the server that ``judge`` stands for; nothing is kept where a placeholder stands."""
    setting = judge.parameter(said.name)
    words = _refusal(scope, said, judge)
    if words:
        rule = SYSTEM_REFUSED if scope == SYSTEM else SETTING_REFUSED
        values = {"statement": scope, "name": said.name, "says": words}
        return Answer(None, Problem(rule, said.place, words, True, values, fix=_mended(said, judge)))
    before_17 = not judge.version.assumed and judge.version.major < 17
    if said.value is None or (scope == SYSTEM and setting is None and before_17):
        return Answer(None, None)  # 16 knows of custom names only those of libraries that are loaded
    name = setting.name if setting is not None else said.name
    kept = judge.value(setting, said.value, said.name) if setting is not None else said.value
    origin = Written(said.place, said.value_place, said.value)
    return Answer(Effective(name, kept if isinstance(kept, str) else None, origin), None)


def _refusal(scope: str, said: Assigned, judge: Judge) -> str:
    """The server's words, or nothing. Where the version is open only what all versions refuse is held against it."""
    setting = judge.parameter(said.name)
    if setting is None:
        if "." in said.name or not judge.refuses_name(said.name):
            return ""
        return f'unrecognized configuration parameter "{said.name}"'
    shown = setting.name if judge.version.at_least(18) else said.name
    context = setting.context
    if scope == SYSTEM:
        if context == "internal" or setting.name.lower() in NOT_IN_AUTO_CONF | NOT_IN_FILES:
            return REFUSALS["internal"].format(shown)
    elif context not in OF_SESSIONS and said.value is not None:
        return REFUSALS[context].format(shown)
    if said.value is None:
        return ""
    if said.several and setting.name.lower() not in LISTS:
        return f"SET {said.name} takes only one argument"
    kept = judge.value(setting, said.value, said.name)
    return kept.says if isinstance(kept, Refusal) else ""


def _mended(said: Assigned, judge: Judge) -> Fix | None:
    """The value with the unit that was meant."""
    setting = judge.parameter(said.name)
    kept = judge.value(setting, said.value, said.name) if setting is not None and said.value is not None else ""
    if not isinstance(kept, Refusal) or not kept.suggestion or said.several:
        return None
    return written(said.value_place, "'" + kept.suggestion.replace("'", "''") + "'")


def unknown(name: str, why: str, place: Place) -> Effective:
    return Effective(name, None, Unknown(why, place))
