"""What ``check --explain-config`` prints: which configuration counts, what it declares, what becomes of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pgfpmlint.catalog.version import NAMES
from pgfpmlint.config import Config, HostConfig, LinkConfig, Override, PoolerConfig, RulesConfig, Word
from pgfpmlint.registry.definition import Definition
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.registry.select import Rule, Wish, is_group, levels_of, settled
from pgfpmlint.report.secrets import masked
from pgfpmlint.report.snippet import harmless
from pgfpmlint.source.text import Place

UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))


def explained(config: Config, wish: Wish, book: RuleBook) -> str:
    """Every line ends with the place that says so, where one does. SelectionError where a word means no rule."""
    lines = [_file(config), *_declared(config), *_rules(config, wish, book)]
    return "".join(f"{harmless(masked(line))}\n" for line in lines)


def _file(config: Config) -> str:
    if config.path is None:
        return "configuration: none; everything is told from the files (pgfpmlint init writes a first one)"
    return f"configuration: {config.path}; paths in it start from {config.folder or 'the working directory'}"


def _declared(config: Config) -> Iterator[str]:
    for product, version in config.versions.items():
        yield f"  {NAMES[product]} {version}: {version.why}"
    for host in config.hosts:
        yield _at(f"  host {host.name}: {', '.join(_host(host)) or 'nothing more'}", host.place)
    for link in config.links:
        yield _at(f"  link {link.from_} -> {link.to}{_link(link)}", link.place)
    for consumer in config.consumers:
        yield _at(f"  consumer {consumer.name}: {consumer.connections} connections to {consumer.to}", consumer.place)
    for pooler in config.poolers:
        yield _at(f"  pooler {pooler.name}: {', '.join(_pooler(pooler))}", pooler.place)
    policy = config.policy
    yield _at(f"  headroom: {policy.headroom}%", policy.places.get("headroom"))
    if policy.overlap is not None:
        batch = f", {policy.overlap.batch} at a time" if policy.overlap.kind == "rolling" else ""
        yield _at(f"  overlap: {policy.overlap.kind}{batch}", policy.overlap.place)
    for pattern in config.files.exclude:
        yield _at(f"  passed over: {pattern.text}", pattern.place)
    for pattern, kind in config.files.kinds:
        yield _at(f"  {pattern.text} is {kind.text}", pattern.place)


def _host(host: HostConfig) -> Iterator[str]:
    if host.root is not None:
        yield f"root {host.root or '.'}"
    if host.machines > 1:
        yield f"{host.machines} machines"
    if host.memory is not None:
        yield f"{_size(host.memory)} memory"
    if host.cpus is not None:
        yield f"{host.cpus} cpus"
    if host.worker_memory is not None:
        yield f"{_size(host.worker_memory)} a worker"
    yield from host.addresses


def _pooler(pooler: PoolerConfig) -> Iterator[str]:
    yield f"on {pooler.on.text}" if pooler.on is not None else "a machine by itself"
    yield from pooler.addresses
    yield f"port {pooler.port}"
    yield f"to {' and '.join(end.text for end in pooler.to)}"
    if pooler.mode is not None:
        yield f"{pooler.mode} mode"
    if pooler.clients is not None:
        yield f"{pooler.clients} clients"
    if pooler.server_connections is not None:
        per = {"all": "in all", "pool": "per database and user"}.get(pooler.per, f"per {pooler.per}")
        yield f"{pooler.server_connections} server connections {per}"
    if pooler.databases:
        yield f"databases {' '.join(pooler.databases)}"
    if pooler.prepared_statements is not None:
        yield f"prepared statements {'kept' if pooler.prepared_statements else 'lost'}"


def _link(link: LinkConfig) -> str:
    said = [f"database {link.database}" * bool(link.database), f"user {link.user}" * bool(link.user)]
    if link.connections_per_worker is not None:
        said.append(f"{link.connections_per_worker} a worker")
    if link.persistent is not None:
        said.append("persistent" if link.persistent else "not persistent")
    return "".join(f", {words}" for words in said if words)


def _size(number: int) -> str:
    return next((f"{number // unit}{name}" for unit, name in UNITS if number % unit == 0), f"{number}B")


def _rules(config: Config, wish: Wish, book: RuleBook) -> Iterator[str]:
    chosen = settled(book, wish)
    yield f"rules: {len(chosen)} of {len(book.rules)} run"
    levels = levels_of(wish)
    left_out = Counter(rule.level for rule in book.rules.values() if rule.id not in chosen and rule.level not in levels)
    for level, number in sorted(left_out.items()):
        yield f"  off: {number} of level {level} (--{level} selects them)"
    for option, words in (("--select", wish.select), ("--ignore", wish.ignore)):
        yield from (f"  {option} {word}" for word in words)
    for key, said in (("select", wish.configured.select), ("ignore", wish.configured.ignore)):
        for word in said:
            if is_group(word.text):
                yield _at(f"  {'on' if key == 'select' else 'off'}: {word.text} (rules.{key})", word.place)
    for rule, definition in book.rules.items():
        yield from _different(definition, chosen.get(rule), wish.configured, book)
    for override in config.rules.overrides:
        yield _at(f"  otherwise in {_part(override)}: {'; '.join(_said(override.rules))}", override.place)
    for folder in config.rules.extra:
        yield _at(f"  rules of your own: {folder.text}", folder.place)


def _different(definition: Definition, rule: Rule | None, configured: RulesConfig, book: RuleBook) -> Iterator[str]:
    """What the configuration makes of one rule; nothing for most."""
    for key, words in (("select", configured.select), ("ignore", configured.ignore)):
        for word in words:
            if not is_group(word.text) and definition.id in book.named(word.text):
                yield _at(f"  {'on' if rule else 'off'}: {definition.id} (rules.{key})", word.place)
    if rule is None:
        return
    if rule.severity != definition.severity:
        name = definition.id if definition.id in configured.severity else f"{definition.family}/"
        said = configured.severity.get(name) or configured.severity.get("all")
        yield _at(f"  {rule.severity} instead of {definition.severity}: {definition.id}", said and said.place)
    for name, word in configured.params.get(definition.id, {}).items():
        usual = definition.params[name]["default"]
        yield _at(f"  {definition.id}: {name} is {word.text} instead of {usual}", word.place)


def _part(override: Override) -> str:
    return ", ".join([*(path.text for path in override.paths), *(f"host {host.text}" for host in override.hosts)])


def _said(rules: RulesConfig) -> Iterator[str]:
    for key, words in (("select", rules.select), ("ignore", rules.ignore)):
        if words:
            yield f"{key} {_texts(words)}"
    yield from (f"{name} {severity.text}" for name, severity in rules.severity.items())
    for name, values in rules.params.items():
        yield f"{name} " + ", ".join(f"{key}={value.text}" for key, value in values.items())


def _texts(words: Iterable[Word]) -> str:
    return ", ".join(word.text for word in words)


def _at(words: str, place: Place | None) -> str:
    return f"{words}  {place.path}:{place.line}" if place else words
