"""From a tree to the servers that its files configure.

A file's kind is told by ``kinds:`` and ``--as`` first, then by reference from another file, then by its name, then by
its content; each file carries the words that say how.
"""

from __future__ import annotations

from pgfpmlint.config import Config
from pgfpmlint.discover.found import Application, Discovery, FoundFile, Host, Options
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.images import Images
from pgfpmlint.discover.names import APPLICATION_MARKS, CLIENTS, DOCTRINE, ENV, FPM, INDEX, PHP, YAML
from pgfpmlint.discover.recognition import Recognition
from pgfpmlint.discover.servers import Servers
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Entry, Tree

LEADING = ("\nchdir", "\nchroot", "auto_prepend_file", "doc_root", "open_basedir")
"""What stands in a pool's file whose own lines may lead to its application."""

ANSIBLE_WORDS = ("postgres", "pg_", "pgsql", "pgbouncer", "php", "fpm", "userlist", "hba", "www", "pool")
"""One of them is in the path of whatever template Ansible makes a file of ours from."""

DEFAULTS, NO_OPTIONS = Config(), Options()


def discover(tree: Tree, config: Config = DEFAULTS, options: Options = NO_OPTIONS) -> Discovery:
    """Everything in ``tree`` that means something here. ConfigError where the configuration names unknown kinds."""
    entries = tree.files()
    machines = Machines(tree, entries, config, options.root)
    recognition = Recognition(tree, machines, config, options)
    found: dict[str, FoundFile] = {}
    targets: dict[tuple[str, str], str] = {}
    closed: list[tuple[str, str]] = []
    for entry in recognition.worth_a_look(entries):
        file = recognition.at(entry)
        if file is None and entry.folder and entry.unreadable and not recognition.excluded(f"{entry.path}/*"):
            closed.append((entry.path, entry.unreadable))
        if file is not None:
            found[entry.path] = file
            if entry.link is not None and not file.unreadable and not file.skipped:
                target = paths.join(paths.folder(file.path), entry.link)
                targets[file.host.prefix, target] = file.shown
    for shown, file in found.items():
        other = targets.get((file.host.prefix, file.path))
        if other is not None and not file.skipped:
            found[shown] = file._replace(skipped=f"read as {other}, which links to it")
    whole = tree.root("repository", "", complete=False)
    if any(entry.path.endswith(YAML) for entry in entries):
        from pgfpmlint.discover.manifests import embedded

        _hand_over(found, list(embedded(entries, machines, recognition.excluded, found, whole)))
    if looks_like_ansible(entries):
        from pgfpmlint.discover.ansible import made

        _hand_over(found, list(made(tree, entries, machines, recognition.excluded, found)))
    servers = Servers(found.values(), (options.versions, config.versions), recognition.excluded, Images(whole))
    applications: tuple[Application, ...] = ()
    scripts = _web_servers(entries, machines, recognition, servers)
    others = _clients(entries, machines, recognition, servers)
    indexed = any(host.root.is_file(f"{folder}/{INDEX}") for host, folder in scripts)
    if indexed or _may_tell_of_applications(servers, entries, others=others):
        from pgfpmlint.discover.applications import applications as found_for

        applications = found_for(servers, machines, entries, scripts)
    _limits(entries, machines, recognition, servers)
    files = tuple(sorted(servers.files.values(), key=lambda file: file.shown))
    mains = tuple(sorted(servers.mains, key=lambda main: (main.host.name, main.paths)))
    hosts = {file.host.prefix + "\0" + file.host.name: file.host for file in files}
    return Discovery(
        tuple(sorted(hosts.values(), key=lambda host: host.name)), files, mains, tuple(closed), applications
    )


def _hand_over(found: dict[str, FoundFile], files: list[FoundFile]) -> None:
    """Files of machines that others make: what such a machine is given is its own, and no more the tree's."""
    for file in files:
        found.pop(file.shown, None)
        found[f"{file.host.prefix}:{file.path}"] = file


def looks_like_ansible(entries: list[Entry]) -> bool:
    """Whether there are variables of groups, or roles and templates of ours among them, by the names of files."""
    paths = [entry.path for entry in entries]
    if any("group_vars/" in path for path in paths):
        return True
    return any("tasks/" in path and path.endswith(YAML) for path in paths) and any(
        "templates/" in path and any(word in path for word in ANSIBLE_WORDS) for path in paths
    )


def _may_tell_of_applications(servers: Servers, entries: list[Entry], *, others: bool) -> bool:
    """Whether the tree may hold an application that a pool serves, or ``others`` run; most trees of servers' files
    hold none."""
    pools = [file for file in servers.files.values() if file.kind == FPM and not file.skipped and not file.unreadable]
    if not pools and not others:
        return False
    if any(entry[0].endswith(APPLICATION_MARKS) for entry in entries):
        return True
    if any(file.kind in (ENV, PHP, DOCTRINE) for file in servers.files.values()):
        return True
    texts = (file.host.root.read(file.path).text for file in pools)
    return any(word in text for text in texts for word in LEADING)


def _web_servers(
    entries: list[Entry], machines: Machines, recognition: Recognition, servers: Servers
) -> list[tuple[Host, str]]:
    """Add the nginx that stands before a PHP-FPM, if any file is likely to be one's. The folders that they ask for."""
    if not any(main.kind == FPM for main in servers.mains) or not any("nginx" in entry.path for entry in entries):
        return []
    from pgfpmlint.discover.nginx import web_servers

    known = {file.shown for file in servers.files.values()}
    found = web_servers(entries, machines, recognition.excluded, known)
    servers.files.update({(file.host.prefix, file.path): file for file in found.files})
    servers.mains += found.mains
    return found.scripts


def _clients(entries: list[Entry], machines: Machines, recognition: Recognition, servers: Servers) -> bool:
    """Add the clients that are no PHP-FPM, where there is a server of ours, and say whether there are any."""
    marks = tuple(mark for kind in CLIENTS.values() for mark in ((kind.home[0],) if kind.home else kind.parts))
    if not servers.mains or not any(mark in entry.path for entry in entries for mark in marks):
        return False
    from pgfpmlint.discover.clients import clients

    found, mains = clients(entries, machines, recognition.excluded, {file.shown for file in servers.files.values()})
    servers.files.update({(file.host.prefix, file.path): file for file in found})
    servers.mains += mains
    return bool(mains)


def _limits(entries: list[Entry], machines: Machines, recognition: Recognition, servers: Servers) -> None:
    """Add what the machines themselves set limits with: units of systemd, and the kernel's own."""
    if any("/systemd/system/" in entry.path or "sysctl" in entry.path for entry in entries):
        from pgfpmlint.discover.limits import kernels, with_units

        found, servers.mains = with_units(entries, machines, recognition.excluded, servers.mains)
        files, mains = kernels(entries, machines, recognition.excluded, servers.mains)
        servers.files.update({(file.host.prefix, file.path): file for file in (*found, *files)})
        servers.mains += mains
