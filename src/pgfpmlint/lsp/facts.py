"""What the catalogs know of a name: type, unit, range, default, who may change it when, and since when it exists.

What they lack is left out, not made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.catalog import pgbouncer, php_fpm, php_ini, postgresql
from pgfpmlint.catalog.version import NAMES, ServerVersion
from pgfpmlint.lsp.meanings import meaning
from pgfpmlint.record import NamedTuple

BOOLEANS = ("on", "off")

CONTEXTS = {
    "internal": "no file may set it",
    "postmaster": "a change needs a restart",
    "sighup": "a reload is enough",
    "backend": "a reload is enough, for new sessions",
    "superuser-backend": "a reload is enough, for new sessions",
    "superuser": "a reload is enough; superusers may set it for themselves",
    "user": "a reload is enough; every session may set it for itself",
}
"""pg_settings.context: https://www.postgresql.org/docs/current/view-pg-settings.html"""

UNITS = {"ms": ("us", "ms", "s", "min", "h", "d"), "kB": ("B", "kB", "MB", "GB", "TB")}
"""What a number with a unit of time or of memory may end with:
https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES"""

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "pgbouncer.ini": ("databases", "pgbouncer", "users", "peers"),
    "php-fpm": ("global",),
}


SIZES = frozenset({"memory_limit", "post_max_size", "upload_max_filesize"})
FLAGS = frozenset({"pgsql.allow_persistent", "pgsql.auto_reset_persistent", "pgsql.ignore_notice", "pgsql.log_notice"})
"""Of php.ini, what takes sizes (https://www.php.net/manual/en/faq.using.php#faq.using.shorthandbytes) and what is on
or off."""


class Fact(NamedTuple):
    """One name as one version knows it. ``notes`` are further sentences; ``words`` what it takes, where these are
    all; ``units`` what may follow a number."""

    name: str
    type: str
    default: str = ""
    low: str = ""
    high: str = ""
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    meaning: str = ""
    url: str = ""


def facts(kind: str, section: str, version: ServerVersion) -> Iterator[Fact]:
    """All that may stand in that section of such a file."""
    if kind == "postgresql.conf":
        known = postgresql.catalog(version)
        for name in dict.fromkeys(known.names()):
            setting = known.setting(name)
            if setting is not None and setting.settable:
                yield _postgres(name, setting, version)
    elif kind == "pgbouncer.ini":
        catalog = pgbouncer.load()
        if section == "pgbouncer":
            yield from (_pgbouncer(one, version) for one in catalog.parameters.values() if one.known_to(version))
        else:
            keys = {"databases": catalog.databases, "users": catalog.users, "peers": catalog.peers}.get(section, {})
            yield from (_key(name, since, section) for name, since in keys.items() if version.at_least(*since))
    elif kind == "php-fpm":
        listed = php_fpm.load()
        directives = listed.globals if section == "global" else {**listed.pool, **listed.arrays}
        yield from (_fpm(one, version) for one in directives.values() if one.known_to(version))
    elif kind == "php.ini":
        yield from (_php(name, default) for name, default in php_ini.DEFAULTS.items())


def fact(kind: str, section: str, name: str, version: ServerVersion) -> Fact | None:
    """What is known of one name, written in any case where the server doesn't mind."""
    if kind == "postgresql.conf":
        setting = postgresql.catalog(version).setting(name)
        return _postgres(setting.name, setting, version) if setting is not None else _other_version(name)
    wanted = name if kind == "php.ini" else name.lower()
    return next((one for one in facts(kind, section, version) if one.name == wanted), None)


def _postgres(name: str, setting: postgresql.Setting, version: ServerVersion) -> Fact:
    notes = [CONTEXTS[setting.context]] if setting.context in CONTEXTS else []
    life = postgresql.life(setting.name)
    if life is not None:
        notes += [f"came with PostgreSQL {life.since}"] if life.since else []
        notes += [f"gone in PostgreSQL {life.gone}"] if life.gone else []
    if setting.name in postgresql.WORKED_OUT:
        notes.append("the server works out what is not set")
    if setting.unit and setting.type in ("integer", "real"):
        several = "" if setting.unit[0].isalpha() else " each"
        notes.insert(0, f"a number without a unit counts {setting.unit}{several}")
    units = next((words for unit, words in UNITS.items() if setting.unit and _is_like(setting.unit, unit)), ())
    return Fact(
        name,
        {"bool": "on or off", "enum": "one word of", "real": "number"}.get(setting.type, setting.type),
        _sized(setting.default or "", setting.unit),
        _sized(setting.low, setting.unit),
        _sized(setting.high, setting.unit),
        BOOLEANS if setting.type == "bool" else setting.choices,
        units,
        tuple(notes),
        meaning("postgresql.conf", setting.name),
        f"https://www.postgresql.org/docs/{postgresql.catalog(version).major}/runtime-config.html",
    )


def _other_version(name: str) -> Fact | None:
    """A name that the version in play doesn't know and another one does."""
    life = postgresql.life(name)
    if life is None:
        return None
    notes = [f"came with PostgreSQL {life.since}"] if life.since else []
    notes += [f"gone since PostgreSQL {life.gone}"] if life.gone else []
    notes += [f"use {life.use}"] if life.use else []
    return Fact(name, "", notes=("this version has no such setting", *notes), meaning=meaning("postgresql.conf", name))


def _is_like(unit: str, base: str) -> bool:
    return unit in UNITS[base] or (base == "kB" and unit.endswith(("kB", "MB", "B")))


def _sized(number: str, unit: str) -> str:
    """A number in the base unit, as people write it: 16384 of 8kB are 128MB."""
    if not unit or not number.lstrip("-").isdigit() or int(number) <= 0:
        return number
    digits = unit.rstrip("kMGB")
    if unit[len(digits) :] not in ("B", "kB", "MB"):
        return f"{number}{unit}" if unit in UNITS["ms"] else number
    size = int(number) * int(digits or 1) * {"B": 1, "kB": 1024, "MB": 1024**2}[unit[len(digits) :]]
    for name, factor in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if size % factor == 0:
            return f"{size // factor}{name}"
    return f"{size}B"


def _pgbouncer(one: pgbouncer.Parameter, version: ServerVersion) -> Fact:
    words = tuple(word for word, since in one.words if version.at_least(*since))
    notes = [] if one.since <= pgbouncer_oldest() else [f"came with PgBouncer {_dotted(one.since)}"]
    if one.removed:
        notes.append(f"gone in PgBouncer {_dotted(one.removed)}")
    if one.reloadable is None or not version.at_least(*one.reloadable):
        notes.append("a change needs a restart")
    else:
        notes.append("RELOAD is enough")
    kinds = {"bool01": "0 or 1", "enum": "one word of", "uint": "integer", "int": "integer"}
    return Fact(
        one.name,
        kinds.get(one.type, one.type),
        one.default(version),
        words=("0", "1") if one.type == "bool01" else words,
        notes=(*notes, *([f"in {one.unit}"] if one.unit else [])),
        meaning=meaning("pgbouncer.ini", one.name),
        url=f"https://www.pgbouncer.org/config.html#{one.name}",
    )


def pgbouncer_oldest() -> tuple[int, ...]:
    """What that version has needs no word on since when."""
    from pgfpmlint.catalog.version import OLDEST, PGBOUNCER

    return OLDEST[PGBOUNCER]


def _key(name: str, since: tuple[int, ...], section: str) -> Fact:
    words = {"pool_mode": ("session", "transaction", "statement"), "load_balance_hosts": ("round-robin", "disable")}
    notes = [] if since <= pgbouncer_oldest() else [f"came with PgBouncer {_dotted(since)}"]
    url = f"https://www.pgbouncer.org/config.html#section-{section}"
    return Fact(name, "", words=words.get(name, ()), notes=tuple(notes), meaning=meaning(section, name), url=url)


def _fpm(one: php_fpm.Directive, version: ServerVersion) -> Fact:
    notes = [f"came with PHP {_dotted(one.since)}"] if one.since and one.since >= (7, 3) else []
    if one.build:
        notes.append(f"only in builds with {one.build}" if one.build != "freebsd" else "only on FreeBSD")
    kinds = {"bool": "yes or no", "int": "integer", "time": "time: 30, 30s, 2m, 1h, 1d", "enum": "one word of"}
    return Fact(
        one.name,
        kinds.get(one.type, one.type),
        one.default(version) or "",
        words=("yes", "no") if one.type == "bool" else one.words,
        units=("s", "m", "h", "d") if one.type == "time" else (),
        notes=tuple(notes),
        meaning=meaning("php-fpm", one.name),
        url="https://www.php.net/manual/en/install.fpm.configuration.php#" + one.name.replace("_", "-"),
    )


def _php(name: str, default: str | None) -> Fact:
    words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    kind = ""
    if name in SIZES:
        kind, units = "bytes: 134217728, 128M, 1G", ("K", "M", "G")
    elif name in FLAGS:
        kind, words = "On or Off", ("On", "Off")
    elif (default or "").lstrip("-").isdigit():
        kind = "integer"
    url = "https://www.php.net/manual/en/ini.list.php"
    return Fact(name, kind, default or "", words=words, units=units, meaning=meaning("php.ini", name), url=url)


def product(version: ServerVersion) -> str:
    """``PostgreSQL 16``."""
    return f"{NAMES[version.product]} {version}"


def _dotted(number: tuple[int, ...]) -> str:
    return ".".join(map(str, number))
