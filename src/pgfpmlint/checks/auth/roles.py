"""Roles that scripts of SQL set up, against the pools that log in as them and the records that let them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link, Links
from pgfpmlint.model.nodes import Instance, Pooler
from pgfpmlint.model.pooler_users import users_of
from pgfpmlint.model.roles import Fact, password_form, role_fact
from pgfpmlint.model.world import World
from pgfpmlint.record import TYPE_CHECKING

if TYPE_CHECKING:
    from pgfpmlint.resolve.hba import HbaRecord

SCRAM = "scram-sha-256"


def role_cannot_log_in(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pool logs in as a role that has no LOGIN."""
    for user, links in _users(instance, world.deployment.links).items():
        login = role_fact(instance, user, "login")
        if login is not None and login.value.value == "off":
            yield from _hit(login, user, instance, links)


def pool_user_is_superuser(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A pool logs in as a role that may do everything."""
    for user, links in _users(instance, world.deployment.links).items():
        superuser = role_fact(instance, user, "superuser")
        if superuser is not None and superuser.value.value == "on":
            yield from _hit(superuser, user, instance, links)


def md5_password_against_scram(instance: Instance, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The server keeps an MD5 hash of a role that pg_hba.conf asks for SCRAM: that can't be answered from the hash."""
    if instance.hba is None or not instance.scripts or not instance.hba.reading.accepted or instance.hba.reading.unread:
        return
    users = _users(instance, world.deployment.links)
    names = {name for scripts in instance.scripts for name in scripts.reading.roles}
    for role in sorted(names):
        secret, login = password_form(instance, role), role_fact(instance, role, "login")
        if secret is None or secret.value.value != "md5" or secret.value.place is None:
            continue
        records = _asked_by(instance.hba.records, role)
        if not records or (login is not None and login.value.value == "off"):
            continue
        links = users.get(role, [])
        assumption = secret.assumption or next((link.assumption for link in links if link.assumption), "")
        related = [Label(record.method_place, "asks for SCRAM") for record in records]
        written = role_fact(instance, role, "password")
        if written is not None and written.value.value == "plain":
            setting = instance.postgres.setting("password_encryption")
            if setting.is_written and setting.place is not None:
                related.append(Label(setting.place, "makes an MD5 hash of the password"))
        yield Hit(
            secret.value.place,
            {"role": role, "instance": instance.name, "assumption": assumption},
            (*related, *dict.fromkeys(label for link in links for label in link.evidence)),
            certain=bool(links) and not assumption,
        )


def _asked_by(records: tuple[HbaRecord, ...], role: str) -> list[HbaRecord]:
    """The records that ask the role for SCRAM; none where another may let it in, or nobody knows which one decides."""
    found = []
    for record in records:
        named = any((word.text == "all" and not word.quoted) or word.text == role for word in record.users)
        doubtful = any(not word.quoted and word.text[:1] in ("+", "/", "@") for word in record.users)
        if record.method in ("reject", "peer") or not (named or doubtful):
            continue
        if doubtful or record.method != SCRAM:
            return []
        found.append(record)
    return found


def _users(instance: Instance, links: Links) -> dict[str, list[Link]]:
    """Who logs in to the instance, as far as it is known, by name."""
    found: dict[str, list[Link]] = {}
    for link in links.to(instance) if instance.scripts else ():
        names = [link.user]
        if isinstance(link.client, Pooler) and link.entry is not None:
            names = [*users_of(link.client, link.entry, links).names]
        for name in dict.fromkeys(names):
            if name:
                found.setdefault(name, []).append(link)
    return dict(sorted(found.items()))


def _hit(fact: Fact, user: str, instance: Instance, links: list[Link]) -> Iterator[Hit]:
    assumption = fact.assumption or next((link.assumption for link in links if link.assumption), "")
    if fact.value.place is not None:
        yield Hit(
            fact.value.place,
            {
                "role": user,
                "instance": instance.name,
                "clients": " and ".join(sorted({link.client.name for link in links})),
                "assumption": assumption,
            },
            tuple(dict.fromkeys(label for link in links for label in link.evidence)),
            certain=not assumption,
        )
