"""pg_hba.conf and pg_ident.conf as Patroni writes them: one list replaces the other, and a file of its own all lists.

https://patroni.readthedocs.io/en/latest/yaml_configuration.html#postgresql: ``postgresql.pg_hba`` replaces the whole
file; without any, ``bootstrap.pg_hba`` is appended once to what initdb made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.manifests.documents import SCALAR, SEQUENCE, entry, inside, items, pairs, text
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.scalar import extent
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.excerpt import Excerpt
from pgfpmlint.source.text import Place, Source

UNREAD = "manifest/records-without-effect"

INITDB = """\
local all all {local}
host all all 127.0.0.1/32 {host}
host all all ::1/128 {host}
local replication all {local}
host replication all 127.0.0.1/32 {host}
host replication all ::1/128 {host}
"""


class Listed(NamedTuple):
    """A list of records: where it stands in the file, its key and its value."""

    path: str
    key: Any
    value: Any


class Access:
    """The access files of one member. ``named`` is the entry of ``hba_file`` or ``ident_file`` among the parameters."""

    def __init__(self, source: Source, root: Any) -> None:
        self._source = source
        self._root = root
        self.problems: list[Problem] = []

    def records(self, named: tuple[Any, Any] | None) -> Excerpt | None:
        """pg_hba.conf; None where another file is read instead."""
        local, dynamic = self._listed("postgresql", "pg_hba"), self._listed("bootstrap", "dcs", "postgresql", "pg_hba")
        first = self._listed("bootstrap", "pg_hba")
        listed = local or dynamic
        if named is not None:
            self._unread((local, dynamic, first), named, f"hba_file = {text(named[1])} is read instead")
            return None
        if listed is not None and items(listed.value):
            self._unread((dynamic if local else None, first), (listed.key, listed.value), f"{listed.path} replaces it")
            return self._written(listed, "pg_hba.conf")
        draft = Draft(self._source, "pg_hba.conf", self._section).glue("# of initdb\n")
        local_, host = self._methods()
        draft.given(INITDB.format(local=local_, host=host))
        for item in items(first.value) if first else ():
            if item.id == SCALAR:
                draft.line(item)
        return draft.excerpt()

    def mappings(self, named: tuple[Any, Any] | None) -> Excerpt | None:
        """pg_ident.conf, where Patroni writes one."""
        local = self._listed("postgresql", "pg_ident")
        dynamic = self._listed("bootstrap", "dcs", "postgresql", "pg_ident")
        listed = local or dynamic
        if named is not None or listed is None or not items(listed.value):
            return None
        return self._written(listed, "pg_ident.conf")

    @property
    def _section(self) -> Any:
        found = entry(self._root, "postgresql") or entry(self._root, "bootstrap")
        return found[0] if found else self._root

    def _written(self, listed: Listed, name: str) -> Excerpt:
        draft = Draft(self._source, name, listed.key).glue(f"# {listed.path}\n")
        for item in items(listed.value):
            if item.id == SCALAR:
                draft.line(item)
        return draft.excerpt()

    def _listed(self, *path: str) -> Listed | None:
        found = entry(self._root, *path)
        if found is None or found[1].id != SEQUENCE:
            return None
        return Listed(".".join(path), *found)

    def _unread(self, lists: tuple[Listed | None, ...], other: tuple[Any, Any], why: str) -> None:
        related = (Label(self._place(other[0]), "counts instead"),)
        for listed in lists:
            if listed is not None and items(listed.value):
                values = {"product": "Patroni", "what": listed.path, "why": why}
                self.problems.append(Problem(UNREAD, self._place(listed.key), "", False, values, related))

    def _place(self, node: Any) -> Place:
        return self._source.place(*extent(self._source.text, node))

    def _methods(self) -> tuple[str, str]:
        """What ``initdb`` is told of --auth, --auth-local and --auth-host."""
        told = dict(self._options())
        both = told.get("auth") or told.get("A", "trust")
        return told.get("auth-local", both), told.get("auth-host", both)

    def _options(self) -> Iterator[tuple[str, str]]:
        given = inside(self._root, "bootstrap", "initdb")
        for one in items(given) or [given]:
            yield from ((name, text(value)) for name, value in pairs(one))
