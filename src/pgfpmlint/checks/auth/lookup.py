"""How PgBouncer looks passwords up: functions that read them, and roles that may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import written
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import Instance, Pooler, Scripts
from pgfpmlint.model.queries import calls
from pgfpmlint.model.roles import member_of, role_fact
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.settings import Effective

SECRETS = ("pg_shadow", "pg_authid")


def lookup_function_open_to_all(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Any role may call it and gets everybody's hash."""
    for function in scripts.reading.functions:
        if function.definer is not None and function.reads_secrets and function.open_to_all:
            name = f"{function.schema}.{function.name}" if function.schema else function.name
            values = {"function": name, "relation": function.reads_secrets, "arguments": ", ".join(function.arguments)}
            yield Hit(function.place, values, (Label(function.definer, "runs it with its owner's rights"),))


def lookup_function_without_search_path(scripts: Scripts, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Whoever calls it chooses where its names are looked for."""
    for function in scripts.reading.functions:
        if function.definer is not None and function.reads_secrets and function.search_path is None:
            name = f"{function.schema}.{function.name}" if function.schema else function.name
            yield Hit(function.definer, {"function": name})


def lookup_not_permitted(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """auth_user runs an auth_query that reads what only superusers may read, and nothing permits it."""
    met: set[tuple[str, str]] = set()
    for instance, user, query in _lookups(pooler, world):
        relation = next((name for name in SECRETS if name in (query.value or "").lower()), "")
        role = user.value or ""
        if relation and role and (instance.name, role) not in met and not _may_read(instance, role, relation):
            met.add((instance.name, role))
            yield from _not_permitted(pooler, instance, role, relation, user, query)


def lookup_function_missing(pooler: Pooler, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """auth_query calls a function by a name that the scripts, which make one for it, don't give it."""
    met: set[object] = set()
    for instance, user, query in _lookups(pooler, world):
        if not user.value or query.place is None or not query.is_written or query.place in met:
            continue
        made = [one for scripts in instance.scripts for one in scripts.reading.functions]
        lookups = [one for one in made if one.reads_secrets]
        if not lookups or any(scripts.reading.gaps for scripts in instance.scripts):
            continue
        for schema, name in calls(query):
            # Without a schema it may be one of the server's own: now().
            if schema in ("", "pg_catalog") or any(one.name == name and one.schema in ("", schema) for one in made):
                continue
            met.add(query.place)
            there = lookups[0]
            values = {"pooler": pooler.name, "function": f"{schema}.{name}"}
            values["there"] = f"{there.schema}.{there.name}" if there.schema else there.name
            assumption = next((one.assumption for one in instance.scripts if one.assumption), "")
            labels = (Label(there.place, "the function that the scripts make for it"),)
            at = query.place.start + query.place.text.find(f"{values['function']}(")
            called = query.place._replace(start=at, end=at + len(values["function"]))
            fix = written(called, values["there"]) if query.place.text.count(called.text) == 1 else None
            every = {**values, "instance": instance.name, "assumption": assumption}
            yield Hit(query.place, every, labels, fix=fix)


def _lookups(pooler: Pooler, world: World) -> Iterator[tuple[Instance, Effective, Effective]]:
    """The instances that PgBouncer asks for users: as whom, and with which query."""
    if pooler.bouncer.setting("auth_dbname").value:
        return
    for link in world.deployment.links.of(pooler):
        if isinstance(link.server, Instance):
            found = [
                (link.entry.parameter(name) if link.entry else None) or pooler.bouncer.setting(name)
                for name in ("auth_user", "auth_query")
            ]
            yield link.server, found[0], found[1]


def _not_permitted(
    pooler: Pooler, instance: Instance, role: str, relation: str, user: Effective, query: Effective
) -> Iterator[Hit]:
    superuser = role_fact(instance, role, "superuser")
    if user.place is None or superuser is None or superuser.value.place is None:
        return
    labels = [Label(superuser.value.place, "is no superuser")]
    if query.is_written and query.place is not None:
        labels.insert(0, Label(query.place, f"reads {relation}"))
    values = {
        "pooler": pooler.name,
        "role": role,
        "relation": relation,
        "instance": instance.name,
        "assumption": superuser.assumption,
    }
    yield Hit(user.place, values, tuple(labels), certain=superuser.certain)


def _may_read(instance: Instance, role: str, relation: str) -> bool:
    """Whether something lets the role read the relation, or nobody knows that nothing does."""
    superuser = role_fact(instance, role, "superuser")
    if superuser is None or superuser.value.value != "off" or member_of(instance, role) != frozenset([role]):
        return True
    grants = [grant for scripts in instance.scripts for grant in scripts.reading.grants]
    return any(grant.relation == relation and grant.role in (role, "public") for grant in grants)
