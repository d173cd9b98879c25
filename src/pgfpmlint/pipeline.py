"""The whole run as one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.catalog.version import NAMES, NEWEST, OTHERS, PGBOUNCER, PHP, POSTGRESQL, ServerVersion
from pgfpmlint.config import Config
from pgfpmlint.discover.discovery import discover
from pgfpmlint.discover.found import Discovery
from pgfpmlint.discover.found import Options as FileOptions
from pgfpmlint.discover.names import CLIENTS
from pgfpmlint.engine.outcome import Outcome, ReadFile, Skipped
from pgfpmlint.engine.run import run
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.survey import Survey
from pgfpmlint.model.world import World
from pgfpmlint.options import Options
from pgfpmlint.reading import read_tree
from pgfpmlint.record import NamedTuple
from pgfpmlint.registry.load import RuleBook, rule_book
from pgfpmlint.registry.select import Rule, Wish, select
from pgfpmlint.resolve.encoding import foreign_bytes
from pgfpmlint.resolve.settings import Reading
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Tree

OPTIONS = {POSTGRESQL: "postgres", PHP: "php", PGBOUNCER: "pgbouncer"}
"""What the option that names a version is called by."""


class Run(NamedTuple):
    """A run with all that it was made from."""

    found: Discovery
    world: World
    outcome: Outcome


def lint(tree: Tree, config: Config, options: Options, book: RuleBook | None = None) -> Outcome:
    """Find, read, link, judge, by the shipped rules unless another ``book`` is given. ConfigError and SelectionError
    where what was asked can't be meant."""
    return examine(tree, config, options, book).outcome


def examine(tree: Tree, config: Config, options: Options, book: RuleBook | None = None) -> Run:
    """As `lint`, for those who go on to look at the files themselves."""
    book = rules_of(tree, config, book)
    found = find(tree, config, options)
    wanted = wish(config, options)
    rules = _selected(book, wanted, tree, config, found)
    world = understand(found, config, whole=_covers(tree, config.folder))
    unreadable = [(file.shown, file.unreadable) for file in found.unreadable]
    outcome = run(book, rules, world, unreadable, found.closed, wanted.forbidden_by)
    outcome = outcome._replace(
        files=tuple(_read_files(found, world)),
        skipped=tuple(Skipped(file.shown, file.kind, file.skipped, file.named) for file in found.skipped),
        hosts=tuple(host.name for host in world.deployment.hosts),
        notes=tuple(_taken_for_granted(world)),
        versions=tuple(sorted({f"{NAMES[read.product]} {read}: {read.why}" for read in _versions(world)})),
        rules=book.rules,
    )
    return Run(found, world, outcome)


def _read_files(found: Discovery, world: World) -> Iterator[ReadFile]:
    """The files that were linted; of files that may be some client's those that are."""
    read = {document.source.path for reading in world.readings for document in reading.documents}
    for file in found.linted:
        if file.kind not in CLIENTS or file.shown in read:
            yield ReadFile(file.shown, file.kind, file.reason, file.host.name)


def rules_of(tree: Tree, config: Config, book: RuleBook | None = None) -> RuleBook:
    """The shipped rules, or those of ``book``, with an organisation's own. SelectionError where one can't be meant."""
    book = book or rule_book()
    if not config.rules.extra:
        return book
    from pgfpmlint.registry.extra import with_extra

    return with_extra(book, config.rules.extra, tree.where)


def wish(config: Config, options: Options) -> Wish:
    """What is asked of the rules, on either side."""
    place = config.rules.forbidden
    by = "--no-suppressions" if options.no_suppressions else f"{place.path}:{place.line}" if place else ""
    return Wish(options.select, options.ignore, options.pedantic, options.preview, config.rules, by)


def _selected(book: RuleBook, wish: Wish, tree: Tree, config: Config, found: Discovery) -> list[Rule]:
    if not config.rules.overrides:
        return select(book, wish)
    from pgfpmlint.registry import overrides
    from pgfpmlint.registry.scope import Layout

    hosts = {file.shown: file.host.name for file in (*found.linted, *found.unreadable)}
    hosts |= {file.host.root.read(file.path).identity: file.host.name for file in found.linted if file.host.told}
    known = frozenset((*hosts.values(), *(host.name for host in config.hosts)))
    whole = _covers(tree, config.folder)
    return overrides.select(book, wish, Layout(tree.where, config.folder, hosts, known if whole else None))


def find(tree: Tree, config: Config, options: Options) -> Discovery:
    """Which files of the tree are what, and which servers read them."""
    return discover(tree, config, FileOptions(options.root, options.as_kind, options.versions))


def understand(found: Discovery, config: Config, *, whole: bool = True) -> World:
    """Everything that rules may look at. ConfigError where the configuration names nodes that aren't there, unless
    the tree is only a part of the ``whole`` that the configuration speaks of."""
    surveyed = _surveyed(found, config, whole)
    problems = [problem for reading in surveyed.readings for problem in reading.problems]
    problems += foreign_bytes(surveyed.readings)
    if any(document.source.is_made for reading in surveyed.readings for document in reading.documents):
        from pgfpmlint.resolve.templates import broken

        problems += broken(surveyed.readings)
    return World(surveyed.deployment(), tuple(surveyed.readings), tuple(problems))


def survey(tree: Tree, config: Config, options: Options) -> Survey:
    """What the tree's deployment is built from, for whom the files' faults don't matter."""
    return _surveyed(find(tree, config, options), config, _covers(tree, config.folder))


def _surveyed(found: Discovery, config: Config, whole: bool) -> Survey:
    servers, readings = read_tree(found)
    hidden = tuple(file.shown for file in found.unreadable if file.kind in ("postgresql.conf", "pgbouncer.ini"))
    return Survey(servers, config, whole, hidden, readings)


def assumed(readings: Sequence[Reading], deployment: Deployment) -> Iterator[str]:
    """The versions that were assumed, and what was left out of the deployment."""
    yield from sorted({note for reading in readings if (note := _of_version(reading.version))})
    yield from deployment.left_out


def _taken_for_granted(world: World) -> Iterator[str]:
    """What a reader must know to trust the findings: versions and links that were assumed, links that are unknown."""
    deployment = world.deployment
    yield from assumed(world.readings, deployment)
    for link in deployment.links.known:
        if not link.is_certain:
            yield f"{link.client.name} is taken to connect to {link.server.name}, the only server that it could reach"
    for unlinked in deployment.links.unknown:
        yield f"{unlinked.client.name}: {unlinked.why}; links: in .pgfpmlint.yaml can tell"


def _versions(world: World) -> Iterator[ServerVersion]:
    """Those that matter; of nginx none does."""
    return (reading.version for reading in world.readings if reading.version.number)


def _of_version(version: ServerVersion) -> str:
    if not version.number:
        return ""  # of nginx none matters
    name = NAMES[version.product]
    if version.is_beyond:
        newest = ".".join(map(str, NEWEST[version.product]))
        return (
            f"{name} {version} ({version.why}) is newer than {newest}, the newest known: what came later is not judged"
        )
    if not version.assumed:
        return ""
    product = version.product
    option = f"versions: {{{product}: …}}" if product in OTHERS else f"--{OPTIONS[product]}-version"
    return f"{name} {version}: {version.why}; {option} tells it"


def _covers(tree: Tree, folder: str) -> bool:
    """Whether the tree holds everything in ``folder`` (a shown path)."""
    where = tree.where or "/"
    full = paths.join(where, folder)
    return any(f"{full}/".startswith(f"{paths.join(where, base).rstrip('/')}/") for base in tree.bases)
