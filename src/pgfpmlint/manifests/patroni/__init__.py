"""Patroni's configuration: one member of a cluster, with what ``bootstrap.dcs`` writes into the DCS for all of them.

Patroni makes postgresql.conf of both, the member's own winning, and gives some parameters on the command line, where
postgresql.auto.conf does not reach them: https://patroni.readthedocs.io/en/latest/patroni_configuration.html.
``bootstrap`` counts when a cluster is made; what the DCS holds later is taken to be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion, newest
from pgfpmlint.finding.problem import Problem
from pgfpmlint.manifests.documents import MAPPING, SCALAR, documents, entries, entry, inside, text
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import OPTIONS, Machine, Manifest, Part, Told
from pgfpmlint.manifests.patroni.access import Access
from pgfpmlint.manifests.patroni.misplaced import misplaced
from pgfpmlint.manifests.patroni.parameters import Parameters, options, wal_kept
from pgfpmlint.manifests.scalar import excerpt
from pgfpmlint.manifests.versions import of_path
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.resolve.settings import is_open
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Unreadable

MEMBER = ("restapi", "etcd", "etcd3", "consul", "zookeeper", "exhibitor", "raft", "kubernetes", "scope", "bootstrap")
"""Sections of which a member's configuration has one or the other, beside ``postgresql``."""

UNKNOWN = "the configuration in the DCS"


def expand(manifests: Sequence[Manifest]) -> Iterator[Machine]:
    for manifest in manifests:
        for root in documents(manifest.source):
            if _is_member(root):
                yield Member(manifest, root).machine()
            elif text(inside(root, "kind")) == "ConfigMap":
                yield from expand(_held(manifest, root))


def _held(manifest: Manifest, root: Any) -> list[Manifest]:
    """The configurations that a ConfigMap holds."""
    name = text(inside(root, "metadata", "name"))
    return [
        manifest._replace(source=excerpt(manifest.source, value, f"{name}/{key.value}"))
        for key, value in entries(inside(root, "data"))
        if value.id == SCALAR and "postgresql" in value.value
    ]


def _is_member(root: Any) -> bool:
    settings = inside(root, "postgresql")
    dynamic = inside(root, "bootstrap", "dcs")
    if inside(root, "apiVersion") is not None or (settings or dynamic) is None:
        return False
    return (settings or dynamic).id == MAPPING and any(inside(root, name) is not None for name in MEMBER)


class Member:
    """One member of a cluster, whose configuration is the YAML document ``root``."""

    def __init__(self, manifest: Manifest, root: Any) -> None:
        self._manifest = manifest
        self._source: Source = manifest.source
        self._root = root
        found = entry(root, "postgresql") or entry(root, "bootstrap")
        self._section = found[0] if found else root
        self._version = self._told_version()
        self._judge = Judge(self._version or newest(POSTGRESQL))
        dynamic = inside(root, "bootstrap", "dcs")
        self._certain = dynamic is not None
        self._found = Parameters(
            self._source,
            self._judge,
            entries(inside(dynamic, "postgresql", "parameters")),
            entries(inside(root, "postgresql", "parameters")),
        )

    def machine(self) -> Machine:
        name = text(inside(self._root, "name")) or text(inside(self._root, "scope"))
        stem = self._source.path.rpartition("/")[2].partition(".")[0]
        name = stem if not name or is_open(name) else name
        access = Access(self._source, self._root)
        files = {
            "/patroni/postgresql.conf": Part("postgresql.conf", self._main(), f"parameters of Patroni's {name}"),
            "/patroni/postgresql.options": Part(OPTIONS, self._options(), f"what Patroni starts {name} with"),
        }
        if self._certain:
            files["/patroni/dynamic.conf"] = Part(
                "postgresql.conf", self._dynamic(), f"parameters of {name} in the DCS"
            )
        hba, ident = access.records(self._named("hba_file")), access.mappings(self._named("ident_file"))
        if hba is not None:
            files["/patroni/pg_hba.conf"] = Part("pg_hba.conf", hba, f"pg_hba of Patroni's {name}")
        if ident is not None:
            files["/patroni/pg_ident.conf"] = Part("pg_ident.conf", ident, f"pg_ident of Patroni's {name}")
        for path in (self._custom, text((self._named("hba_file") or (None, None))[1])):
            files.update(self._of_tree(path))
        problems = [*self._found.problems, *access.problems, *self._misplaced()]
        start, end = self._section.start_mark.index, self._section.end_mark.index
        told = Told(
            {POSTGRESQL: self._version} if self._version is not None else {},
            addresses=self._addresses(),
            place=self._source.place(start, end),
            problems=tuple(problems),
        )
        return Machine(name, f"patroni/{name}", self._source.path, files, told)

    def _main(self) -> Source:
        """postgresql.conf. What initdb wrote, which it includes, sets nothing that the defaults don't."""
        draft = Draft(self._source, "postgresql.conf", self._section).glue("# by Patroni\n")
        if self._custom:
            draft.given(f"include '{self._custom}'\n", inside(self._root, "postgresql", "custom_conf"))
        if self._certain:
            draft.given("include 'dynamic.conf'\n")
        else:
            draft.given(f"include '/{UNKNOWN}'\n")
        for one in self._found.own:
            draft.setting(one.key, one.value, one.text)
        return draft.excerpt()

    def _dynamic(self) -> Source:
        found = entry(self._root, "bootstrap", "dcs", "postgresql", "parameters") or entry(self._root, "bootstrap")
        draft = Draft(self._source, "dynamic.conf", found[0] if found else self._section).glue("# of the DCS\n")
        kept = wal_kept(self._found, self._judge.version)
        if isinstance(kept, str):
            draft.given(kept)
        elif kept.name == kept.key.value.lower():
            draft.setting(kept.key, kept.value, kept.text)
        else:
            draft.rendered(kept.key, f"{kept.name} = '{kept.text}'\n")
        for one in self._found.of_dcs:
            draft.setting(one.key, one.value, one.text)
        return draft.excerpt()

    def _options(self) -> Source:
        draft = Draft(self._source, "postgresql.options", self._section).glue("# by Patroni\n")
        listen = inside(self._root, "postgresql", "listen")
        if listen is not None and listen.id == SCALAR and not is_open(text(listen)):
            _listening(draft, listen)
        elif listen is not None or not self._certain:
            draft.given("listen_addresses = '{{ listen }}'\nport = '{{ listen }}'\n")
        scope = inside(self._root, "scope")
        if text(scope):
            draft.glue("cluster_name = ", scope).quoted(scope).glue("\n", scope)
        return options(draft, self._found, certain=self._certain).excerpt()

    @property
    def _custom(self) -> str:
        return text(inside(self._root, "postgresql", "custom_conf"))

    def _of_tree(self, path: str) -> dict[str, Part]:
        """A file that the configuration names, where the tree holds it."""
        manifest = self._manifest
        if not path.startswith("/"):
            return {}
        try:
            source = manifest.root.read(path)
        except Unreadable:
            return {}
        return {path: Part("postgresql.conf" if path == self._custom else "pg_hba.conf", source, "named by Patroni")}

    def _named(self, parameter: str) -> tuple[Any, Any] | None:
        """The parameter that names another file than Patroni's own."""
        found = entry(self._root, "postgresql", "parameters", parameter)
        found = found or entry(self._root, "bootstrap", "dcs", "postgresql", "parameters", parameter)
        return found if found is not None and text(found[1]) else None

    def _misplaced(self) -> list[Problem]:
        return list(misplaced(self._source, self._root, self._judge))

    def _told_version(self) -> ServerVersion | None:
        for key in ("bin_dir", "data_dir", "config_dir"):
            node = inside(self._root, "postgresql", key)
            number = of_path(text(node))
            if number is not None:
                line = self._source.position(node.start_mark.index)[0]
                return ServerVersion(POSTGRESQL, number, f"{self._source.path}:{line} says {text(node)}")
        return None

    def _addresses(self) -> tuple[str, ...]:
        """The host of ``connect_address``, which Patroni tells others."""
        address = text(inside(self._root, "postgresql", "connect_address"))
        host = address.rpartition(":")[0] or address
        return (host.strip("[]"),) if host and not is_open(host) else ()


def _listening(draft: Draft, listen: Any) -> None:
    """``host,host:port``; without a port it is 5432. Brackets of IPv6 addresses go."""
    hosts, colon, port = listen.value.rpartition(":")
    if not colon:
        hosts, port = listen.value, ""
    draft.glue("listen_addresses = '", listen)
    if ":" in hosts:
        draft.rendered(listen, ",".join(host.strip().strip("[]") for host in hosts.split(",")))
    else:
        draft.part(listen, 0, len(hosts))
    draft.glue("'\nport = '", listen)
    if port:
        draft.part(listen, len(hosts) + 1, len(listen.value))
    else:
        draft.glue("5432", listen)
    draft.glue("'\n", listen)
