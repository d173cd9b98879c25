"""Settings that a client asks for as it connects: libpq's ``options``, ``-c statement_timeout=5s``.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
"""

from __future__ import annotations

from pgfpmlint.model.link import Link, Said
from pgfpmlint.model.nodes import ClientPool, Instance
from pgfpmlint.resolve.settings import Effective, Unknown, Written

OPTIONS = "PGOPTIONS"


def settings_in(options: str) -> dict[str, str] | None:
    """The settings in options, by name as it is written; None where any other option is there."""
    words = options.replace("\\ ", "\0").split()
    found: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "-c" and words:
            word = f"-c{words.pop(0)}"
        name, sign, value = word[2:].partition("=")
        if not word.startswith(("-c", "--")) or not sign or not name.replace("_", "").replace(".", "").isalnum():
            return None
        found[name.replace("-", "_")] = value.replace("\0", " ")
    return found


def asked_for(link: Link, instance: Instance, name: str) -> Effective | None:
    """What the clients of ``link`` ask the server itself to set ``name`` to; None where they ask nothing of the kind.
    Unknown where that can't be told."""
    options = _options(link)
    if options is None or name not in options.value.lower():
        named = next((label.place for label in link.evidence if name in label.place.text), None)
        if named is None:
            return None  # else a URL's options=, of which each framework makes something else
        return Effective(name, None, Unknown("the client's address leaves it open", named))
    place = options.label.place
    text = {key.lower(): value for key, value in (settings_in(options.value) or {}).items()}.get(name)
    if text is not None:
        from pgfpmlint.catalog import guc
        from pgfpmlint.catalog.postgresql import catalog

        version = instance.postgres.reading.version
        setting = catalog(version).setting(name)
        value = guc.canonical(setting, text, version) if setting is not None else None
        if isinstance(value, str):
            return Effective(name, value, Written(place, place, text))
    return Effective(name, None, Unknown("the client's options leave it open", place))


def _options(link: Link) -> Said | None:
    if link.dsn is not None:
        return link.dsn.options
    if not isinstance(link.client, ClientPool):
        return None
    from pgfpmlint.finding.problem import Label

    entry = link.client.pool.entry("env", OPTIONS)
    if entry is None or entry.place is None:
        return None
    return Said(entry.value or "", Label(entry.place, OPTIONS))
