"""What clients ask for as they connect, and whether a pooler takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Pooler
from pgfpmlint.model.world import World

IGNORED, EXTRA = "ignore_startup_parameters", "track_extra_parameters"
TRACKED = ("application_name", "client_encoding", "datestyle", "standard_conforming_strings", "timezone")
"""https://www.pgbouncer.org/config.html#track_extra_parameters"""


def startup_options_refused(link: Link, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """PgBouncer ends a connection that asks for what it neither tracks nor is told to ignore.

    Before 1.20 it knows no options at all; since then it looks at the settings in them, one by one
    (https://www.pgbouncer.org/changelog.html).
    """
    pooler, options = link.server, link.dsn.options if link.dsn is not None else None
    if options is None or not isinstance(pooler, Pooler):
        return
    ignored, extra = (pooler.bouncer.setting(name) for name in (IGNORED, EXTRA))
    passed = {word.strip().lower() for word in (ignored.value or "").split(",")}
    names = _settings_in(options.value)
    if "options" in passed or not names:
        return
    if pooler.bouncer.reading.version.at_least(1, 20):
        passed |= {*TRACKED, *(word.strip().lower() for word in (extra.value or "").split(","))}
        names = [name for name in names if name.lower() not in passed]
        wanted = ", ".join(names)
    else:
        wanted = "options"
    if names:
        labels = (Label(ignored.place, "does not name it"),) if ignored.is_written and ignored.place is not None else ()
        values = {"pool": link.client.name, "pooler": pooler.name, "names": wanted, "assumption": link.assumption}
        evidence = tuple(label for label in link.evidence if label.place != options.label.place)
        yield Hit(options.label.place, values, (*labels, *evidence), certain=link.is_certain)


def _settings_in(options: str) -> list[str]:
    """Names of the settings in libpq's options, ``-c statement_timeout=5s``; empty where any other option is there."""
    words = options.replace("\\ ", " ").split()
    names: list[str] = []
    while words:
        word = words.pop(0)
        if word == "-c" and words:
            word = f"-c{words.pop(0)}"
        name, sign, _ = word[2:].partition("=")
        if not word.startswith(("-c", "--")) or not sign or not name.replace("_", "").replace(".", "").isalnum():
            return []
        names.append(name.replace("-", "_"))
    return names
