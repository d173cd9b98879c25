"""The facts of one host: what was read of it, fit to be stored and carried about."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pgfpmlint import __version__
from pgfpmlint.config import Config
from pgfpmlint.discover.names import APPLICATION_MARKS
from pgfpmlint.facts.recording import Recording
from pgfpmlint.facts.veil import veiled, without_hashes
from pgfpmlint.options import Options
from pgfpmlint.pipeline import examine
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Tree

SCHEMA = 1


ACCOUNTS = frozenset({"/etc/group", "/etc/passwd"})


class FactsError(Exception):
    """What is no host's facts; the message begins with the file's name."""


class HostFacts(NamedTuple):
    """``files`` are texts without secrets by the machine's own paths, ``closed`` the files that could not be read and
    why, ``there`` others that are known to exist. ``machines`` is how many such hosts there are, None where nobody
    said."""

    name: str
    files: Mapping[str, str]
    closed: Mapping[str, str] = {}
    there: tuple[str, ...] = ()
    machines: int | None = None
    addresses: tuple[str, ...] = ()


def collect(tree: Tree, config: Config, options: Options) -> list[HostFacts]:
    """Of every machine that the tree shows, by name. All that a check reads is read, and nothing else is kept."""
    recording = Recording(tree)
    run = examine(recording, config, options._replace(select=("all",), ignore=()))
    found: dict[str, HostFacts] = {}
    for host in run.found.hosts:
        root = recording.roots.get(host.prefix)
        if root is None:
            continue
        lead = f"{host.prefix}/" if host.prefix else ""
        marks = [
            f"/{entry.path[len(lead) :].lstrip('/')}"
            for entry in recording.entries
            if entry.path.startswith(lead) and entry.path.endswith(APPLICATION_MARKS) and not entry.unreadable
        ]
        closed = {file.path: file.unreadable for file in run.found.unreadable if file.host.prefix == host.prefix}
        found[host.name] = HostFacts(
            host.name,
            {
                path: without_hashes(text) if path in ACCOUNTS else veiled(text)
                for path, text in sorted(root.texts.items())
            },
            dict(sorted({**root.closed, **closed}.items())),
            tuple(sorted({*root.there, *marks} - root.texts.keys())),
        )
    return [found[name] for name in sorted(found)]


def written(facts: HostFacts) -> str:
    """As JSON: the same for the same host."""
    fields: dict[str, object] = {
        "schema": SCHEMA,
        "tool": {"name": "pgfpmlint", "version": __version__},
        "host": facts.name,
    }
    if facts.machines is not None:
        fields["count"] = facts.machines
    if facts.addresses:
        fields["addresses"] = list(facts.addresses)
    fields |= {"files": dict(facts.files), "unreadable": dict(facts.closed), "there": list(facts.there)}
    return json.dumps(fields, indent=1) + "\n"


def read(source: Source) -> HostFacts:
    """The facts that a file holds. FactsError where it holds none."""
    name = source.path
    try:
        fields = json.loads(source.text)
    except (ValueError, RecursionError):
        raise FactsError(f"{name} is no JSON; pgfpmlint facts writes such files") from None
    if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
        raise FactsError(f"{name} holds no facts of a host that this version reads; write it with pgfpmlint facts")
    host, count = fields.get("host"), fields.get("count")
    files, closed = fields.get("files", {}), fields.get("unreadable", {})
    there, addresses = fields.get("there", []), fields.get("addresses", [])
    good = (
        isinstance(host, str)
        and bool(host)
        and not set(host) & set("/:\0\n")
        and (count is None or (isinstance(count, int) and count > 0))
        and all(isinstance(one, dict) and all(map(_is_file, one.items())) for one in (files, closed))
        and all(isinstance(one, list) and all(isinstance(word, str) for word in one) for one in (there, addresses))
    )
    if not good:
        raise FactsError(f"{name}: not as pgfpmlint facts writes it")
    return HostFacts(str(host), files, closed, tuple(there), count, tuple(addresses))


def _is_file(entry: tuple[object, object]) -> bool:
    path, text = entry
    return isinstance(path, str) and path.startswith("/") and isinstance(text, str)
