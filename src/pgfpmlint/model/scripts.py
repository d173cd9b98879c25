"""Scripts of SQL and the server that they are for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgfpmlint.model.nodes import Instance, Scripts
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve.settings import Effective, Unknown, Written

if TYPE_CHECKING:
    from pgfpmlint.resolve.sql.facts import SqlReading

AUTO_CONF = "postgresql.auto.conf"


def placed(found: Iterable[tuple[str, SqlReading]], instances: Sequence[Instance]) -> tuple[Scripts, ...]:
    """Scripts, by host, with the server of their host or folder, or else the only one there is."""
    whole = [instance for instance in instances if not instance.fragment]
    scripts = []
    for host, reading in found:
        near = [instance for instance in whole if instance.host.name == host] or _beside(reading, whole)
        if len(near) == 1:
            scripts.append(Scripts(reading, near[0], certain=True))
        else:
            only = whole[0] if not near and len(whole) == 1 else None
            scripts.append(Scripts(reading, only, certain=False))
    return tuple(scripts)


def with_scripts(instances: Sequence[Instance], scripts: Sequence[Scripts]) -> tuple[Instance, ...]:
    """Instances with their scripts, and with what ALTER SYSTEM leaves in postgresql.auto.conf, which is read after all
    other files.

    What an init script of its own sets is set; of other scripts nobody knows whether they ran. Where the tree holds
    postgresql.auto.conf itself, that is what is in force."""
    found = []
    for instance in instances:
        own = tuple(one for one in scripts if one.instance is not None and one.instance.name == instance.name)
        settings = _with(instance, [one for one in own if one.reading.system])
        found.append(settings._replace(scripts=own) if own else instance)
    return tuple(found)


def _with(instance: Instance, scripts: Sequence[Scripts]) -> Instance:
    postgres = instance.postgres
    if not scripts or any(document.path.endswith(AUTO_CONF) for document in postgres.reading.documents):
        return instance
    settings = dict(postgres.settings)
    for one in scripts:
        for key, setting in one.reading.system.items():
            before = settings.get(key)
            sure = one.certain and one.reading.init and len(scripts) == 1
            if sure and isinstance(setting.origin, Written):
                lost = (before.origin,) if before is not None and isinstance(before.origin, Written) else ()
                settings[key] = setting._replace(shadowed=(*(before.shadowed if before else ()), *lost))
            elif before is None or before.value != setting.value:
                settings[key] = _open(setting, one)
    return instance._replace(postgres=postgres._replace(settings=settings))


def _open(setting: Effective, scripts: Scripts) -> Effective:
    why = f"{scripts.path} sets it with ALTER SYSTEM, if it was run"
    return setting._replace(value=None, origin=Unknown(why, setting.place))


def _beside(reading: SqlReading, instances: Sequence[Instance]) -> list[Instance]:
    """The servers whose main file lies in the folder of the scripts, or in one above it."""
    folder = reading.reading.main.source.path.rpartition("/")[0] + "/"
    return [
        instance
        for instance in instances
        if folder.startswith(instance.postgres.reading.main.source.path.rpartition("/")[0] + "/")
    ]
