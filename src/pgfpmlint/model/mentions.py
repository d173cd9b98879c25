"""What the files of a deployment mention at all: a rule about nothing that stands in them need not be loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.catalog.php_fpm import load as load_fpm
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import FpmMaster, HbaFile, Instance, Pooler, Proxy
from pgfpmlint.record import NamedTuple

SQL, PHP_INI, CONSUMERS, OVERLAP = "sql", "php.ini", "consumers", "overlap"
PERSISTENT, PREPARES, OPTIONS, SEARCH_PATH, SPLIT = "persistent", "native prepares", "options", "search path", "split"
SESSION_SQL, FORGETFUL = "session SQL", "forgetful"
LIBRARY, TCP, CERTIFICATES = "setting of a library", "pool on TCP", "client certificates"
FOR_PHP, USER = "php.ini setting", "user of a connection"
OTHER_POOLER = "pooler other than PgBouncer"
METHODS = {method: f"method {method}" for method in ("gss", "ident", "ldap", "md5", "sspi", "trust")}
FACTS = (
    *(SQL, PHP_INI, CONSUMERS, OVERLAP, PERSISTENT, PREPARES, OPTIONS, SEARCH_PATH, SPLIT, SESSION_SQL, FORGETFUL),
    *(LIBRARY, TCP, CERTIFICATES, FOR_PHP, USER, OTHER_POOLER, *METHODS.values()),
)
"""Words for what is no setting: scripts of SQL, a php.ini; what the configuration declares; what links say; names with
a dot in postgresql.conf; where a pool listens; what records of pg_hba.conf ask for; settings of PHP that are none of
the few that all pools set; as whom pools log in; poolers of which PgBouncer is
none."""

OF_PHP = ("php_admin_value", "php_value")
"""Arrays of a pool whose indexes are settings of PHP."""


class Mentions(NamedTuple):
    """Names of settings, and words of FACTS. ``complete``: no file that can't be read here may hold others."""

    words: frozenset[str]
    complete: bool

    def may_hold(self, words: Sequence[str]) -> bool:
        """Whether any of ``words`` is among them, as far as anybody can tell."""
        return not self.complete or not self.words.isdisjoint(words)


def mentions(deployment: Deployment) -> Mentions:
    """What is written of PostgreSQL, of PgBouncer and its entries, of PHP-FPM with what its arrays hold, of PHP, and of
    connections. Scripts of SQL set values for roles, so with any of them nothing is complete."""
    words: set[str] = set()
    for instance in deployment.instances:
        words.update(_of_instance(instance))
    for pooler in deployment.poolers:
        words.update(_of_pooler(pooler))
    for master in deployment.masters:
        words.update(_of_master(master))
    for file in deployment.hba_files:
        words.update(_of_records(file))
    for link in deployment.links.known:
        words.update(_of_link(link))
    if deployment.proxies:
        words.add(OTHER_POOLER)
    if deployment.consumers:
        words.add(CONSUMERS)
    if deployment.policy.overlap is not None:
        words.add(OVERLAP)
    servers: list[Instance | Pooler | FpmMaster] = [*deployment.instances, *deployment.poolers, *deployment.masters]
    return Mentions(frozenset(words), not deployment.scripts and not any(map(_is_open, servers)))


def _of_instance(instance: Instance) -> Iterator[str]:
    yield from instance.postgres.settings
    if any("." in name for name in instance.postgres.settings):
        yield LIBRARY


def _of_pooler(pooler: Pooler) -> Iterator[str]:
    yield from pooler.bouncer.settings
    for entry in (*pooler.bouncer.databases, *pooler.bouncer.users):
        yield from entry.parameters


def _of_master(master: FpmMaster) -> Iterator[str]:
    from pgfpmlint.catalog.php_ini import DEFAULTS

    yield from master.fpm.globals
    if master.fragment:  # pools without their php-fpm.conf, which holds [global]
        yield from load_fpm().globals
    for pool in master.fpm.pools:
        yield from pool.settings
        if not (pool.setting("listen").value or "/").startswith("/"):
            yield TCP
        for name, array in pool.arrays.items():
            yield name
            yield from array
            if name in OF_PHP and not DEFAULTS.keys() >= array.keys():
                yield FOR_PHP
    if master.php is not None:
        yield PHP_INI
        yield FOR_PHP
        yield from master.php.settings
        yield from master.php.sometimes


def _of_records(file: HbaFile) -> Iterator[str]:
    for record in file.reading.records:
        if record.method in METHODS:
            yield METHODS[record.method]
        if record.method == "cert" or any(name == "clientcert" for name, _ in record.options):
            yield CERTIFICATES


def _of_link(link: Link) -> Iterator[str]:
    if link.persistent is not None:
        yield PERSISTENT
    if link.user is not None and not isinstance(link.client, (Pooler, Proxy)):
        yield USER
    if link.dsn is not None:
        said = {
            PREPARES: link.dsn.native_prepares,
            OPTIONS: link.dsn.options,
            SEARCH_PATH: link.dsn.search_path,
            SPLIT: link.dsn.role,
            SESSION_SQL: link.dsn.session_sql,
            FORGETFUL: link.dsn.forgetful,
        }
        yield from (word for word, value in said.items() if value)


def _is_open(server: Instance | Pooler | FpmMaster) -> bool:
    """Whether a file that the server reads is not all known."""
    if isinstance(server, Instance):
        return bool(server.fragment or server.postgres.reading.unread)
    if isinstance(server, Pooler):
        return bool(server.fragment or server.bouncer.uncertain or server.bouncer.reading.unread)
    return bool(server.fpm.reading.unread or (server.php is not None and server.php.reading.unread))
