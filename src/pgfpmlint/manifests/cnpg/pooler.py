"""A ``Pooler``: so many instances of PgBouncer, each with one entry for all databases of a Cluster's service."""

from __future__ import annotations

from pgfpmlint.catalog.pgbouncer import load
from pgfpmlint.catalog.version import PGBOUNCER
from pgfpmlint.manifests.cnpg.fixed import IGNORED_AT_START, POOLER_DEFAULTS, POOLER_FIXED, POOLER_MANDATORY
from pgfpmlint.manifests.documents import SCALAR, items
from pgfpmlint.manifests.draft import Draft
from pgfpmlint.manifests.machine import Machine, Part, Told
from pgfpmlint.manifests.pool_settings import setting
from pgfpmlint.manifests.resources import FIXED, Resource
from pgfpmlint.source.excerpt import Excerpt

FOLDER = "/controller/configs"

AUTH_QUERY = "SELECT usename, passwd FROM public.user_search($1)"

HBA_TAIL = "host all all 0.0.0.0/0 md5\nhost all all ::/0 md5\n"


def machine(found: Resource) -> Machine:
    found.choice(("session", "transaction"), "pgbouncer", "poolMode")
    found.choice(("rw", "ro", "r"), "type")
    known = load().parameters
    found.misplaced("spec", ("poolMode", "parameters", "pg_hba").__contains__, "spec.pgbouncer")
    found.misplaced("spec.pgbouncer", lambda name: name in known, "spec.pgbouncer.parameters")
    files = {
        f"{FOLDER}/pgbouncer.ini": Part("pgbouncer.ini", _settings(found), f"of Pooler {found.name}"),
        f"{FOLDER}/pg_hba.conf": Part("pgbouncer-hba", _records(found), f"pg_hba of Pooler {found.name}"),
    }
    told = Told(
        found.version(PGBOUNCER, "pgbouncer", "image"),
        machines=found.number("instances") or 1,
        machines_place=found.place_of("instances"),
        addresses=found.services(found.name),
        place=found.place(found.section),
        problems=tuple(found.problems),
    )
    return Machine(found.name, f"Pooler/{found.name}", found.source.path, files, told)


def _settings(found: Resource) -> Excerpt:
    draft = Draft(found.source, f"{found.name}/pgbouncer.ini", found.section).glue("; by CloudNativePG\n[databases]\n")
    cluster, kind = found.at("cluster", "name"), found.at("type")
    if cluster is not None and cluster.id == SCALAR:
        draft.glue("* = host=", cluster).scalar(cluster).glue("-", cluster)
        if kind is not None and kind.id == SCALAR:
            draft.scalar(kind)
        else:
            draft.glue("rw", cluster)
        draft.glue("\n", cluster)
    draft.glue("[pgbouncer]\n")
    mode = found.at("pgbouncer", "poolMode")
    if mode is not None and mode.id == SCALAR:
        draft.glue("pool_mode = ", mode).scalar(mode).glue("\n", mode)
    else:
        draft.given("pool_mode = session\n")
    given = {key.value: (key, value) for key, value in found.texts("pgbouncer", "parameters")}
    if "auth_user" not in given:
        draft.given("auth_user = cnpg_pooler_pgbouncer\n")
    draft.given(f"auth_query = {found.value('pgbouncer', 'authQuery') or AUTH_QUERY}\nauth_dbname = postgres\n")
    for name, text in POOLER_DEFAULTS.items():
        if name not in given:
            draft.given(f"{name} = {text}\n")
    if "ignore_startup_parameters" not in given:
        draft.given(f"ignore_startup_parameters = {IGNORED_AT_START}\n")
    for name, (key, value) in given.items():
        if name in POOLER_FIXED:
            found.object(FIXED, (key, value), {"name": name})
        else:
            setting(draft, key, value, f"{IGNORED_AT_START}," if name == "ignore_startup_parameters" else "")
    for name, text in POOLER_MANDATORY.items():
        draft.given(f"{name} = {text}\n")
    return draft.excerpt()


def _records(found: Resource) -> Excerpt:
    draft = Draft(found.source, f"{found.name}/pg_hba.conf", found.section).glue("# by CloudNativePG\n")
    draft.given("local pgbouncer pgbouncer peer\n")
    for item in items(found.at("pgbouncer", "pg_hba")):
        if item.id == SCALAR:
            draft.line(item)
    return draft.given(HBA_TAIL).excerpt()
