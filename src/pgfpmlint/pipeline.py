"""The whole run as one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.config import Config
from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Discovery
from pgfpmlint.discover.found import Options as FileOptions
from pgfpmlint.engine.outcome import Outcome, ReadFile
from pgfpmlint.engine.run import run
from pgfpmlint.model.build import build
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.world import World
from pgfpmlint.options import Options
from pgfpmlint.reading import read_tree
from pgfpmlint.registry.load import rule_book
from pgfpmlint.registry.select import Wish, select
from pgfpmlint.source.tree import Tree


def lint(tree: Tree, config: Config, options: Options) -> Outcome:
    """Find, read, link, judge. ConfigError and SelectionError where what was asked can't be meant."""
    book = rule_book()
    if config.rules.extra:
        from pgfpmlint.registry.extra import with_extra

        book = with_extra(book, config.rules.extra, tree.where)
    rules = select(book, Wish(options.select, options.ignore, options.pedantic, config.rules))
    found = find(tree, config, options)
    world = understand(found, config)
    outcome = run(book, rules, world, [(file.shown, file.unreadable) for file in found.unreadable])
    return outcome._replace(
        files=tuple(ReadFile(file.shown, file.kind, file.why) for file in found.linted),
        hosts=tuple(host.name for host in world.deployment.hosts),
        notes=tuple(_taken_for_granted(found, world.deployment)),
    )


def find(tree: Tree, config: Config, options: Options) -> Discovery:
    """Which files of the tree are what, and which servers read them."""
    return discover(tree, config, FileOptions(options.root, options.as_kind, options.versions))


def understand(found: Discovery, config: Config) -> World:
    """Everything that rules may look at. ConfigError where the configuration names nodes that aren't there."""
    servers, readings = read_tree(found)
    problems = tuple(problem for reading in readings for problem in reading.problems)
    return World(build(servers, config), readings, problems)


def _taken_for_granted(found: Discovery, deployment: Deployment) -> Iterator[str]:
    """What a reader must know to trust the findings: versions and links that were assumed, links that are unknown."""
    assumed = {
        f"{main.version.product} {main.version}: {main.version.why}" for main in found.mains if main.version.assumed
    }
    yield from sorted(assumed)
    for link in deployment.links.known:
        if not link.is_certain:
            yield f"{link.client.name} is taken to connect to {link.server.name}, the only server that it could reach"
    for unlinked in deployment.links.unknown:
        yield f"{unlinked.client.name}: {unlinked.why}"
