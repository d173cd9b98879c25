"""What of an application is started, and how often: pm2's apps, or package.json's scripts."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.node.literal import Evaluator
from pgfpmlint.resolve.node.modules import ENDINGS, Module, Modules
from pgfpmlint.resolve.node.processes import PM2_FILES, apps, forks, of_script, one
from pgfpmlint.resolve.settings import Default, Effective
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source

STARTS = ("start:prod", "start:production", "start", "serve")
"""Scripts of package.json that a service is started with, the first of them."""


class Program(NamedTuple):
    """``instances`` processes that begin with a module. ``modules`` are the paths of all that these load; None where
    nobody can tell, so that it may be any."""

    name: str
    instances: Effective
    modules: frozenset[str] | None

    def may_load(self, module: Module) -> bool:
        return self.modules is None or module.code.path in self.modules


def programs(modules: Modules, evaluator: Evaluator, folder: str, package: Source) -> list[Program]:
    """At least one."""
    listed = list(_of_pm2(modules, evaluator, folder)) or list(_of_package(folder, package))
    found = []
    for script, instances in listed:
        loaded = _loaded(modules, script)
        if loaded and isinstance(instances.origin, Default):
            instances = forks(loaded, evaluator) or instances
        name = paths.name(script).partition(".")[0]
        found.append(Program(name, instances, frozenset(one.code.path for one in loaded) or None))
    return found


def _of_pm2(modules: Modules, evaluator: Evaluator, folder: str) -> Iterator[tuple[str, Effective]]:
    for name in PM2_FILES:
        module = modules.at(paths.join(folder, name))
        for app in apps(module, evaluator) if module is not None else ():
            yield paths.join(folder, app.script), app.instances


def _of_package(folder: str, package: Source) -> Iterator[tuple[str, Effective]]:
    import json

    try:
        scripts = json.loads(package.text).get("scripts", {})
        name, text = next((name, str(scripts[name])) for name in STARTS if name in scripts)
    except (ValueError, AttributeError, TypeError, StopIteration):
        yield "", one(package.line_place(1))
        return
    at = package.text.find(json.dumps(text), package.text.find(json.dumps(name)))
    place = package.place(at, at + len(json.dumps(text))) if at >= 0 else package.line_place(1)
    words = text.split()
    behind = words[words.index("node") + 1 :] if "node" in words else []
    script = next((word for word in words if word.endswith(ENDINGS)), "") or next(
        (word for word in behind if not word.startswith("-")), ""
    )
    yield paths.join(folder, script) if script else "", of_script(text, place) or one(place)


def _loaded(modules: Modules, script: str) -> list[Module]:
    """The module at ``script`` and all of the application's that it loads; none where there is no such module."""
    first = modules.meant(script) if script else None
    waiting, found = [first] if first is not None else [], list[Module]()
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.append(module)
        asked = [modules.named(module, name) for name in module.asked]
        waiting += [other for other in asked if other is not None]
    return found
