"""What clients ask for as they connect, and whether a pooler takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.pool_mode import entry_for
from pgfpmlint.model.startup_options import settings_in
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective

IGNORED, EXTRA = "ignore_startup_parameters", "track_extra_parameters"
TRACKED = ("application_name", "client_encoding", "datestyle", "standard_conforming_strings", "timezone")
"""https://www.pgbouncer.org/config.html#track_extra_parameters"""

HARMLESS = "extra_float_digits"
"""What drivers ask for by habit: since PostgreSQL 12 floats are written exactly anyway."""


def startup_options_refused(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PgBouncer ends a connection that asks for what it neither tracks nor is told to ignore.

    Before 1.20 it knows no options at all; since then it looks at the settings in them, one by one
    (https://www.pgbouncer.org/changelog.html).
    """
    pooler, options = link.server, link.dsn.options if link.dsn is not None else None
    if options is None or not isinstance(pooler, Pooler):
        return
    ignored, extra = (pooler.bouncer.setting(name) for name in (IGNORED, EXTRA))
    passed = _words(ignored)
    names = list(settings_in(options.value) or ())
    if "options" in passed or not names:
        return
    if pooler.bouncer.reading.version.at_least(1, 20):
        passed |= {*TRACKED, *_words(extra)}
        names = [name for name in names if name.lower() not in passed]
        wanted = ", ".join(names)
    else:
        wanted = "options"
    if names:
        labels = (Label(ignored.place, "does not name it"),) if ignored.is_written and ignored.place is not None else ()
        values = {"pool": link.client.name, "pooler": pooler.name, "names": wanted, "assumption": link.assumption}
        evidence = tuple(label for label in link.evidence if label.place != options.label.place)
        yield Hit(options.label.place, values, (*labels, *evidence), certain=link.is_certain)


def startup_options_dropped(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PgBouncer lets clients in whose options it is told to ignore, and what they ask for is not done.

    Seen on real ones: 1.18 then drops all of them, 1.24 and 1.26 still set what they track.
    """
    pooler, options = link.server, link.dsn.options if link.dsn is not None else None
    if options is None or not isinstance(pooler, Pooler):
        return
    ignored, extra = (pooler.bouncer.setting(name) for name in (IGNORED, EXTRA))
    passed = _words(ignored)
    entry = entry_for(pooler, link.database)
    if "options" not in passed or ignored.place is None or entry is None or "connect_query" in entry.parameters:
        return
    kept = {*passed, HARMLESS}
    if pooler.bouncer.reading.version.at_least(1, 20):
        kept |= {*TRACKED, *_words(extra)}
    names = [name for name in settings_in(options.value) or () if name.lower() not in kept]
    if names:
        values = {"pool": link.client.name, "pooler": pooler.name, "names": ", ".join(names), "first": names[0]}
        values["assumption"] = link.assumption
        evidence = tuple(label for label in link.evidence if label.place != options.label.place)
        labels = (Label(ignored.place, "ignores options"), *evidence)
        yield Hit(options.label.place, values, labels, certain=link.is_certain)


def _words(setting: Effective) -> set[str]:
    return {word.strip().lower() for word in (setting.value or "").split(",")}
