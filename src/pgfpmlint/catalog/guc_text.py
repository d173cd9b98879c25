"""Strings whose grammar PostgreSQL checks when it reads its configuration.

Where a check needs the machine (locales, time zones, libraries, the catalog of a database) every text is accepted.
"""

from __future__ import annotations

from collections.abc import Callable

from pgfpmlint.catalog.guc_list import LONGEST_NAME, BadText, clipped, identifiers, split_list
from pgfpmlint.catalog.refusal import BAD_TEXT, Refusal
from pgfpmlint.catalog.version import ServerVersion


def checked(name: str, text: str, version: ServerVersion) -> str | Refusal:
    """The text as the server keeps it, or its refusal. ``name`` as pg_settings spells it, and as messages do."""
    if name in _NAMES:
        text = clipped(text)
    check = CHECKS.get(name)
    if check is None:
        return text
    try:
        return check(text, version)
    except BadText as bad:
        says = bad.instead or f'invalid value for parameter "{name}": "{text}"'
        return Refusal(BAD_TEXT, says, bad.detail, bad.suggestion)


def _list(text: str, version: ServerVersion) -> str:
    split_list(text)
    return text


def _words(*known: str) -> Callable[[str, ServerVersion], str]:
    """A list of key words, in any case."""

    def check(text: str, version: ServerVersion) -> str:
        for word in identifiers(text):
            if word.lower() not in known:
                raise BadText(f'Unrecognized key word: "{word}".')
        return text

    return check


def _log_destination(text: str, version: ServerVersion) -> str:
    known = ("stderr", "csvlog", "syslog") + (("jsonlog",) if version.at_least(15) else ())
    # Windows alone knows eventlog.
    return _words(*known, *(() if version.is_unix_build else ("eventlog",)))(text, version)


def _log_connections(text: str, version: ServerVersion) -> str:
    words = ("on", "true", "yes", "1", "off", "false", "no", "0")
    try:
        elements = split_list(text)
    except BadText:
        raise BadText('Invalid list syntax in parameter "log_connections".') from None
    for element in elements:
        alone = element.lower() in words
        if alone and len(elements) > 1 and element is elements[0]:
            raise BadText(f'Cannot specify log_connections option "{element}" in a list with other options.')
        if not (alone and len(elements) == 1) and element.lower() not in (
            "receipt", "authentication", "authorization", "setup_durations", "all",
        ):  # fmt: skip
            raise BadText(f'Invalid option "{element}".')
    return text


_STYLES = {"iso": "ISO", "sql": "SQL", "postgres": "Postgres", "german": "German"}
_ORDERS = {"ymd": "YMD", "dmy": "DMY", "mdy": "MDY", "us": "MDY"}


def _datestyle(text: str, version: ServerVersion) -> str:
    """``ISO, MDY`` from any mixture of style and order; German brings its own order unless one is given."""
    style, order, chosen, ordered = "ISO", "MDY", "", ""
    for word in identifiers(text):
        lower = word.lower()
        key = lower[:8] if lower.startswith("postgres") else lower
        if key in _STYLES:
            wanted, kind = _STYLES[key], "style"
        elif lower in _ORDERS or lower.startswith(("euro", "noneuro")):
            wanted, kind = _ORDERS.get(lower, "DMY" if lower.startswith("euro") else "MDY"), "order"
        elif lower == "default":
            continue
        else:
            raise BadText(f'Unrecognized key word: "{word}".')
        if kind == "style":
            if chosen not in ("", wanted):
                raise _conflicting(version)
            chosen = style = wanted
            order = "DMY" if wanted == "German" and not ordered else order
        else:
            if ordered not in ("", wanted):
                raise _conflicting(version)
            ordered = order = wanted
    return f"{style}, {order}"


def _conflicting(version: ServerVersion) -> BadText:
    return BadText(f'Conflicting "{"DateStyle" if version.at_least(18) else "datestyle"}" specifications.')


def _printable(text: str, version: ServerVersion) -> str:
    """cluster_name and application_name keep printable ASCII; the rest becomes ``?``, from 16 on ``\\xNN``."""
    if text.isascii() and text.isprintable():
        return text
    form = "\\x%02x" if version.at_least(16) else "?"
    data = text.encode("utf-8", "surrogateescape")
    return "".join(chr(b) if 32 <= b < 127 else form % b if "%" in form else form for b in data)


def _path(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_path import canonical

    return canonical(text, version)


def _slot(text: str, version: ServerVersion) -> str:
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
        raise BadText(f'replication slot name "{text}" is too long')
    if any(sign not in "abcdefghijklmnopqrstuvwxyz0123456789_" for sign in text):
        raise BadText(f'replication slot name "{text}" contains invalid character')
    if text == "pg_conflict_detection" and version.at_least(19):
        raise BadText(f'replication slot name "{text}" is reserved')
    return text


def _not_empty(text: str, version: ServerVersion) -> str:
    if not text:
        raise BadText()
    return text


def _immediate(text: str, version: ServerVersion) -> str:
    if text not in ("", "immediate"):
        raise BadText('The only allowed value is "immediate".', suggestion="immediate")
    return text


def _slots(text: str, version: ServerVersion) -> str:
    for name in identifiers(text):
        if not name:
            raise BadText('replication slot name "" is too short')
        _slot(name, version)
    return text


def _direct_io(text: str, version: ServerVersion) -> str:
    invalid = "Invalid" if version.at_least(17) else "invalid"
    stop = "." if version.at_least(18) else ""
    try:
        elements = split_list(text)
    except BadText:
        raise BadText(f'{invalid} list syntax in parameter "debug_io_direct"{stop}') from None
    for element in elements:
        if element.lower() not in ("data", "wal", "wal_init"):
            raise BadText(f'{invalid} option "{element}"{stop}')
    return text


def _function_names(text: str, version: ServerVersion) -> str:
    if not all((sign.isascii() and sign.isalnum()) or sign in "_, \n\t" for sign in text):
        raise BadText("Invalid character")
    return text


def _wal_location(text: str, version: ServerVersion) -> str:
    high, slash, low = text.partition("/")
    if text and not (slash and _is_hex(high) and _is_hex(low)):
        raise BadText()
    return text


def _is_hex(text: str) -> bool:
    return 1 <= len(text) <= 8 and all(sign in "0123456789abcdefABCDEF" for sign in text)


def _past(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_time import is_past

    if text and not is_past(text):
        raise BadText()
    return text


def _zone(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_zone import is_session_zone

    return _of_the_earth(text, is_session_zone)


def _log_zone(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_zone import is_zone

    return _of_the_earth(text, is_zone)


def _of_the_earth(text: str, is_known: Callable[[str], bool]) -> str:
    from pgfpmlint.catalog.guc_zone import LeapSeconds

    try:
        known = is_known(text)
    except LeapSeconds:
        raise BadText(instead=f'time zone "{text}" appears to use leap seconds') from None
    if not known:
        raise BadText()
    return text


def _timeline(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_time import timeline

    return _unless(timeline(text, version), text)


def _transaction(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_time import transaction

    return _unless(transaction(text, version), text)


def _unless(objection: str | None, text: str) -> str:
    if objection is not None:
        raise BadText(objection)
    return text


def _abbreviations(text: str, version: ServerVersion) -> str:
    """The name of a file in the server's timezonesets, letters only; administrators may add some."""
    if not (text.isascii() and text.isalpha()):
        raise BadText(instead="" if text else 'could not read time zone file "": Is a directory')
    return text


def _target_name(text: str, version: ServerVersion) -> str:
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
        name = '"recovery_target_name"' if version.at_least(17) else "recovery_target_name"
        raise BadText(f"{name} is too long (maximum 63 characters).")
    return text


def _no_role(text: str, version: ServerVersion) -> str:
    """No role can be looked up while a server starts."""
    if text != "none":
        raise BadText()
    return text


def _never(text: str, version: ServerVersion) -> str:
    raise BadText()


_RESOURCE_MANAGERS = ["heap2", "heap", "btree", "hash", "gin", "gist", "sequence", "spgist", "brin", "generic", "all"]


def _consistency(text: str, version: ServerVersion) -> str:
    """From 15 on extensions may bring resource managers of their own, so that every word passes at first."""
    return _list(text, version) if version.at_least(15) else _words(*_RESOURCE_MANAGERS)(text, version)


def _standbys(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_standbys import objection

    detail, instead = objection(text)
    if detail or instead:
        raise BadText(detail, instead=instead)
    return text


def _levels(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_levels import levels

    return levels(text)


def _encoding(text: str, version: ServerVersion) -> str:
    from pgfpmlint.catalog.guc_encoding import encoding

    found = encoding(text)
    if found is None:
        raise BadText()
    return found


def _plugins(text: str, version: ServerVersion) -> str:
    """PostgreSQL 15 looks at the list when it starts; 18 and 19 don't, and the others could not be asked."""
    return _list(text, version) if version.major == 15 else text


# What holds a name is cut to a name's length (GUC_IS_NAME in the server's guc_tables.c).
_NAMES = frozenset((
    "application_name", "client_encoding", "cluster_name", "default_table_access_method", "default_tablespace", "role",
    "session_authorization",
))  # fmt: skip

CHECKS: dict[str, Callable[[str, ServerVersion], str]] = {
    "DateStyle": _datestyle,
    "TimeZone": _zone,
    "application_name": _printable,
    "client_encoding": _encoding,
    "backtrace_functions": _function_names,
    "cluster_name": _printable,
    "createrole_self_grant": _words("set", "inherit"),
    "debug_io_direct": _direct_io,
    "default_table_access_method": _not_empty,
    "external_pid_file": _path,
    "hba_file": _path,
    "ident_file": _path,
    "lc_messages": _not_empty,
    "log_connections": _log_connections,
    "log_destination": _log_destination,
    "log_directory": _path,
    "log_min_messages": _levels,
    "log_timezone": _log_zone,
    "output_plugin_libraries": _plugins,
    "primary_slot_name": _slot,
    "recovery_target": _immediate,
    "recovery_target_lsn": _wal_location,
    "recovery_target_name": _target_name,
    "recovery_target_time": _past,
    "recovery_target_timeline": _timeline,
    "recovery_target_xid": _transaction,
    "restrict_nonsystem_relation_kind": _words("view", "foreign-table"),
    "role": _no_role,
    "search_path": _list,
    "session_authorization": _never,
    "stats_temp_directory": _path,
    "synchronized_standby_slots": _slots,
    "synchronous_standby_names": _standbys,
    "temp_tablespaces": _list,
    "timezone_abbreviations": _abbreviations,
    "wal_consistency_checking": _consistency,
}
