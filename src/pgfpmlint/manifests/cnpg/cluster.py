"""A ``Cluster``: all instances run with the same files; the primary is reached as NAME-rw, its replicas as NAME-ro."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion, newest
from pgfpmlint.manifests.cnpg.fixed import DEFAULTS, FIXED, HBA_HEAD, IDENT_HEAD, MANAGED, MANDATORY
from pgfpmlint.manifests.documents import SCALAR, inside, items, text
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import Machine, Part, Told
from pgfpmlint.manifests.resources import FIXED as FIXED_PARAMETER
from pgfpmlint.manifests.resources import Resource
from pgfpmlint.resolve.postgres.judge import Judge
from pgfpmlint.source.excerpt import Excerpt

FOLDER = "/controller/data"

LISTS = ("parameters", "pg_hba", "pg_ident", "shared_preload_libraries")


def machines(found: Resource) -> Iterator[Machine]:
    versions = found.version(POSTGRESQL, "imageName") or found.version(POSTGRESQL, "imageCatalogRef", "major")
    version = versions.get(POSTGRESQL, newest(POSTGRESQL))
    _misplaced(found, Judge(version))
    files = {
        f"{FOLDER}/postgresql.conf": Part("postgresql.conf", _settings(found, version), f"of Cluster {found.name}"),
        f"{FOLDER}/pg_hba.conf": Part("pg_hba.conf", _records(found, version), f"pg_hba of Cluster {found.name}"),
        f"{FOLDER}/pg_ident.conf": Part("pg_ident.conf", _mappings(found), f"pg_ident of Cluster {found.name}"),
    }
    instances = found.number("instances")
    told = Told(
        versions,
        addresses=found.services(f"{found.name}-rw", f"{found.name}-r"),
        memory=found.amount("resources", "limits", "memory"),
        cpus=found.amount("resources", "limits", "cpu"),
        place=found.place(found.section),
        problems=tuple(found.problems),
    )
    yield Machine(found.name, f"Cluster/{found.name}", found.source.path, files, told)
    if instances == 2:  # of several replicas each gets a share of the service's clients that nobody knows
        standbys = told._replace(addresses=found.services(f"{found.name}-ro"), problems=())
        yield Machine(f"{found.name}-ro", f"Cluster/{found.name}-ro", found.source.path, files, standbys)


def _settings(found: Resource, version: ServerVersion) -> Excerpt:
    archived = _archive_mode(found)
    mandatory = {**MANDATORY, "archive_mode": archived, "cluster_name": found.name}
    if version.at_least(17):
        allowed = found.value("postgresql", "enableAlterSystem") == "true"
        mandatory["allow_alter_system"] = "on" if allowed else "off"
    draft = Draft(found.source, f"{found.name}/postgresql.conf", found.section).glue("# by CloudNativePG\n")
    written: dict[str, tuple[Any, Any]] = {}
    for key, value in found.texts("postgresql", "parameters"):
        if key.value in FIXED:
            its_own = {**DEFAULTS, "archive_mode": archived}.get(key.value)
            if value.value != its_own:
                found.object(FIXED_PARAMETER, (key, value), {"name": key.value})
        elif key.value not in mandatory:
            written[key.value] = (key, value)
    _refused(found, written, archived)
    preloaded = _libraries(found, written)
    for name, value in DEFAULTS.items():
        if name not in written and name not in mandatory:
            draft.given(f"{name} = '{preloaded if name == 'shared_preload_libraries' else value}'\n")
    for key, value in written.values():
        draft.setting(key, value)
    for name, value in mandatory.items():
        draft.given(f"{name} = '{value}'\n")
    return draft.excerpt()


def _archive_mode(found: Resource) -> str:
    """https://cloudnative-pg.io/documentation/current/labels_annotations/: cnpg.io/skipWalArchiving."""
    if text(inside(found.root, "metadata", "annotations", "cnpg.io/skipWalArchiving")) == "enabled":
        return "off"
    return "always" if found.value("replica", "enabled") == "true" or found.value("replica", "source") else "on"


def _libraries(found: Resource, written: Mapping[str, tuple[Any, Any]]) -> str:
    """What the manifest lists, and what loads by itself."""
    listed = [text(item) for item in items(found.at("postgresql", "shared_preload_libraries"))]
    managed = [library for library in MANAGED if any(name.startswith(f"{library}.") for name in written)]
    return ",".join(dict.fromkeys([*filter(None, listed), *managed])).replace("'", "''")


def _refused(found: Resource, written: Mapping[str, tuple[Any, Any]], archived: str) -> None:
    """Values that the webhook refuses."""
    several = (found.number("instances") or 1) > 1
    level = written.get("wal_level")
    if level is not None and level[1].value not in ("replica", "logical"):
        why = "it takes replica or logical"
        if level[1].value != "minimal" or several or archived != "off":
            found.refuse(level, level[1].value, why, "replica")
    hints = written.get("wal_log_hints")
    if several and hints is not None and hints[1].value.lower() in ("off", "false", "no", "0"):
        why = "it must be on with more than one instance"
        found.refuse(hints, hints[1].value, why, '"on"')


def _records(found: Resource, version: ServerVersion) -> Excerpt:
    draft = Draft(found.source, f"{found.name}/pg_hba.conf", found.section).glue("# by CloudNativePG\n")
    draft.given(HBA_HEAD)
    for item in items(found.at("postgresql", "pg_hba")):
        if item.id == SCALAR:
            draft.line(item)
    server = found.at("postgresql", "ldap", "server")
    if server is not None:
        draft.given(f"host all all 0.0.0.0/0 ldap ldapserver={text(server)}\n", server)
    method = "scram-sha-256" if version.at_least(14) else "md5"
    return draft.given(f"host all all all {method}\n").excerpt()


def _mappings(found: Resource) -> Excerpt:
    draft = Draft(found.source, f"{found.name}/pg_ident.conf", found.section).glue("# by CloudNativePG\n")
    draft.given(IDENT_HEAD)
    for item in items(found.at("postgresql", "pg_ident")):
        if item.id == SCALAR:
            draft.line(item)
    return draft.excerpt()


def _misplaced(found: Resource, judge: Judge) -> None:
    found.misplaced("spec", LISTS.__contains__, "spec.postgresql")
    found.misplaced(
        "spec.postgresql",
        lambda name: name not in LISTS and judge.parameter(name) is not None,
        "spec.postgresql.parameters",
    )
