"""A starter ``.pgfpmlint.yaml``: what the tree shows, and as questions what it leaves open."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pgfpmlint.catalog.version import NAMES, PGBOUNCER, PHP, POSTGRESQL, ServerVersion
from pgfpmlint.discover.found import Discovery
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link, Links, few
from pgfpmlint.model.nodes import Server
from pgfpmlint.model.world import World
from pgfpmlint.record import NamedTuple
from pgfpmlint.report.snippet import Screen, Secrets

KEYS = {POSTGRESQL: "postgres", PHP: "php", PGBOUNCER: "pgbouncer"}
"""What the configuration calls the products."""

MACHINE = ("/etc/", "/opt/", "/usr/", "/var/")
"""Where a machine keeps these files; a host that only a folder's name tells has none of them there."""

OF_FOLDER = "told by the folder of its files, which is no machine's root"

MOST = 12
"""Most entries of a kind that are listed; a fleet's links would bury the questions."""

HEAD = """\
# What pgfpmlint can't read in the files themselves. Nothing in here is required: what is left out is told from the
# files. Questions that they leave open begin with "?": to answer, take away the "#" right before the setting.
# `pgfpmlint check` says where an answer does not fit; `pgfpmlint schema` prints a JSON Schema for editors.
"""


class Starter(NamedTuple):
    """What a starter is written from. ``folder`` is the shown path of the folder that it is for."""

    found: Discovery
    world: World
    folder: str = ""

    @property
    def deployment(self) -> Deployment:
        """The hosts, servers, pools and links of the tree."""
        return self.world.deployment

    def text(self) -> str:
        """The whole file, in YAML that `check` accepts as it stands; secrets of the files are masked."""
        screen = Screen()
        secrets = screen.secrets(document.source for reading in self.world.readings for document in reading.documents)
        parts = (
            _versions(self),
            _hosts(self),
            _links(self),
            _consumers(self),
            _poolers(self),
            _policy(self),
            _rules(),
            _files(self),
        )
        lines = (line for part in parts for line in ("", *(_safe(line, screen, secrets) for line in part)))
        return HEAD + "".join(f"{line}\n" for line in lines)


def _safe(line: str, screen: Screen, secrets: Secrets) -> str:
    """One line fit to print; what configures something is no text of a file but a name, and stays as it is."""
    return screen.words(line, secrets) if "#" in line else line


def _versions(starter: Starter) -> Iterator[str]:
    yield "# Which server versions read the files."
    told: dict[str, dict[str, ServerVersion]] = {product: {} for product in KEYS}
    for reading in starter.world.readings:
        if reading.version.product in told:
            told[reading.version.product].setdefault(f"{reading.version}: {reading.version.why}", reading.version)
    if not any(told.values()):
        yield '#versions: {postgres: 16, php: "8.3", pgbouncer: "1.24"}'
    open_ = []
    for product, versions in told.items():
        known = [words for words, version in versions.items() if not version.assumed]
        yield from _first(f"# - {NAMES[product]} {words}" for words in sorted(known))
        assumed = [version for version in versions.values() if version.assumed]
        if known and assumed:
            yield f"# - {NAMES[product]} {assumed[0]} where nothing tells"
        elif assumed:
            open_.append(f"{KEYS[product]}: {_quoted(str(assumed[0]))}")
    if open_:
        yield "# ? Which version is it? Nothing tells; the newest known is taken:"
        yield f"#versions: {{{', '.join(open_)}}}"


def _hosts(starter: Starter) -> Iterator[str]:
    deployment = starter.deployment
    clients = {link.client.host.name for one in deployment.workers for link in deployment.links.of(one)}
    clients |= {pool.host.name for pool in deployment.pools}
    servers = {server.host.name for server in _servers(deployment)}
    known = sorted((host for host in starter.found.hosts if host.name in clients | servers), key=lambda host: host.name)
    yield "# The machines, and the folder that stands for the / of each. Messages call them by these names."
    with_root = _prefixes_of_machines(starter.found)
    roots = [host for host in known if host.prefix in with_root and host.prefix.isprintable()]
    yield "hosts:" if roots else "#hosts: {web: {root: hosts/web, count: 3, memory: 8GB, addresses: [10.0.1.10]}}"
    for host in roots:
        yield f"  {_scalar(host.name)}:"
        yield f"    root: {_scalar(_relative(host.prefix, starter.folder))}"
        if host.name in clients:
            yield "    #count: 3                   # ? how many machines are like this one"
        if host.name in servers:
            yield "    #addresses: [10.0.1.10]     # ? by which names and addresses do clients reach it"
        yield "    #memory: 8GB                # ? what capacity is judged by; cpus: 4 likewise"
    for host in known:
        if host not in roots:
            made = f"made by {host.prefix.partition('#')[0]}" if host.told is not None else ""
            yield f"# {host.name}: {made or OF_FOLDER}"
    yield from _addresses(deployment.links)


def _addresses(links: Links) -> Iterator[str]:
    """What clients name and nobody is known by: the question whose answer links most."""
    naming: dict[str, list[str]] = {}
    for unlinked in links.unknown:
        if unlinked.address:
            naming.setdefault(unlinked.address, []).append(unlinked.client.name)
    if naming:
        yield "# ? Whose addresses are these? Add each to the addresses of its host:"
        yield from _first(
            f"# - {address}, named by {few(sorted(set(clients)))}" for address, clients in sorted(naming.items())
        )


def _servers(deployment: Deployment) -> Sequence[Server]:
    return [*deployment.instances, *deployment.poolers, *deployment.proxies]


def _prefixes_of_machines(found: Discovery) -> set[str]:
    """The folders that stand for the ``/`` of one machine, and of one only. What a manifest makes has none."""
    shared = Counter(host.prefix for host in found.hosts)
    holding = {file.host.prefix for file in found.files if file.host.told is None and file.path.startswith(MACHINE)}
    return {prefix for prefix in holding if shared[prefix] == 1}


def _links(starter: Starter) -> Iterator[str]:
    links = starter.deployment.links
    yield "# Who connects where. Told by the files:"
    certain = [link for link in links.known if link.is_certain]
    yield from _first(f"# - {link.client.name} -> {link.server.name}: {_evidence(link)}" for link in certain)
    if not certain:
        yield "# - nothing"
    assumed = [link for link in links.known if not link.is_certain]
    unknown = [unlinked for unlinked in links.unknown if not unlinked.address]
    if assumed or unknown:
        yield "#links:"
    if assumed:
        yield "# ? Taken for granted, because there is no other server that they could reach"
        yield from _first(_declaration(link.client.name, link.server.name) for link in assumed)
    servers = [server.name for server in _servers(starter.deployment)]
    for unlinked in unknown[:MOST]:
        client, entry = unlinked.client.name, unlinked.entry
        yield f"# ? {client}: {unlinked.why}"
        yield from _first(_declaration(client, name, entry and entry.name) for name in servers if name != client)
    if len(unknown) > MOST:
        yield f"# … and {len(unknown) - MOST} more of which nothing tells; `pgfpmlint check -v` names them"


def _declaration(client: str, server: str, database: str | None = None) -> str:
    of_database = f", database: {_scalar(database)}" if database else ""
    return f"#  - {{from: {_scalar(client)}, to: {_scalar(server)}{of_database}}}"


def _evidence(link: Link) -> str:
    if not link.evidence:
        return link.certainty
    label = link.evidence[0]
    return f"{label.words} ({label.place.path}:{label.place.line})"


def _consumers(starter: Starter) -> Iterator[str]:
    yield "# ? What else holds connections, and no file here tells of it: monitoring, backups, cron jobs, migrations?"
    yield "#consumers:"
    names = [instance.name for instance in starter.deployment.instances] or ["db/16-main"]
    yield from _first(f"#  - {{name: monitoring, to: {_scalar(name)}, connections: 2}}" for name in names)


def _poolers(starter: Starter) -> Iterator[str]:
    yield "# ? Does a pooler stand between of which no file here tells: RDS Proxy, Supavisor, Gold Lapel?"
    yield "#poolers:"
    names = [instance.name for instance in starter.deployment.instances] or ["db/16-main"]
    what = "addresses: [proxy.internal], mode: transaction, clients: 500, server_connections: 40"
    yield f"#  - {{name: proxy, to: {_scalar(names[0])}, {what}}}"


def _policy(starter: Starter) -> Iterator[str]:
    yield "# ? How much of max_connections is to stay free, and do old and new workers overlap when you deploy?"
    yield "# (rolling, so many machines at a time; blue-green; none)"
    yield "#policy: {headroom: 20%, overlap: {kind: rolling, batch: 1}}"


def _rules() -> Iterator[str]:
    yield "# Rules: `pgfpmlint rules` lists them. Of an old tree, `pgfpmlint check --write-baseline FILE` holds what is"
    yield "# known today; `strict: true` asks a reason of every comment that suppresses a finding."
    yield "#rules:"
    yield "#  ignore: []"
    yield "#  severity: {hba/host-without-tls: error}"
    yield "#  strict: true"


def _files(starter: Starter) -> Iterator[str]:
    yield "# Files: patterns as in .gitignore, from this folder on."
    odd = [file for file in starter.found.skipped if not file.kind]
    if odd:
        yield "# ? Are these of a kind that the linter knows?"
        for file in odd[:MOST]:
            yield f"# - {_relative(file.shown, starter.folder)}: {file.skipped}"
    yield "#files:"
    yield '#  exclude: ["**/old/**"]'
    yield '#  kinds: {"deploy/db/*.conf": postgresql.conf}'


def _first(lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    yield from listed[:MOST]
    if len(listed) > MOST:
        yield f"# … and {len(listed) - MOST} more"


def _relative(shown: str, folder: str) -> str:
    return os.path.relpath(shown or ".", folder or ".")


def _scalar(text: str) -> str:
    """``text`` as YAML reads it back."""
    plain = all(sign.isascii() and (sign.isalnum() or sign in "_./-") for sign in text)
    return text if (plain and text[:1].isalnum() and text.lower() != "null") or text in (".", "..") else _quoted(text)


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
