"""The addresses that a client names: in its own environment, and in the files of the application it serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Dsn, Said
from pgfpmlint.model.nodes import ClientPool, Pool
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.environment import FPM, PLAIN, Environment, EnvironmentVariable, is_port

if TYPE_CHECKING:
    from pgfpmlint.resolve.application import Served
    from pgfpmlint.resolve.connection import Connection, Connections, Word
    from pgfpmlint.resolve.settings import Effective

POSTGRES_PORT = 5432
"""libpq's compiled-in default: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-PORT"""

# Host, port, database and user as the field spells them: Laravel's .env, libpq's own variables
# (https://www.postgresql.org/docs/current/libpq-envars.html), the official Docker image's names.
OF_ANY_DATABASE = (
    ("DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USERNAME"),
    ("DB_READ_HOST", "DB_READ_PORT", "DB_DATABASE", "DB_USERNAME"),
    ("DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER"),
)
OF_POSTGRES = (
    ("PGHOST", "PGPORT", "PGDATABASE", "PGUSER"),
    ("POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER"),
)
FAMILIES = OF_ANY_DATABASE + OF_POSTGRES
OF_OTHERS = ("MARIADB_", "MONGO", "MYSQL_", "WORDPRESS_DB_")
"""Beginnings of names that applications without PostgreSQL are given their database by."""
URLS = ("DATABASE_URL", "DB_URL", "POSTGRES_URL")
PERSISTENT = ("DB_PERSISTENT", "DATABASE_PERSISTENT", "PDO_PERSISTENT")
PDO = "pgsql:"
FOR_READING = frozenset(("READ", "READER", "READONLY", "REPLICA", "RO", "SECONDARY", "SLAVE", "STANDBY"))
"""Words in names of variables: ``DATABASE_REPLICA_URL``."""
TRUE_WORDS = ("1", "true", "yes", "on")
UNCHANGED = "!ChangeMe!"
"""The password in the DATABASE_URL that Symfony's recipe writes: whoever left it there set the real one elsewhere."""


class Addresses(NamedTuple):
    """What a pool says of where it connects: addresses, else why they can't be told (words for people), else whether
    it plainly uses another kind of database."""

    dsns: tuple[Dsn, ...] = ()
    unknown: tuple[str, ...] = ()
    is_other: bool = False


def said_by(client: Pool) -> Addresses:
    """The addresses that the client itself, its application and its environment name."""
    if isinstance(client, ClientPool):
        complete = client.pool.setting("clear_env").value != "no"
        return _said(_Own(_environment(client), "FPM", FPM, complete), client.served)
    workers = client.workers
    own = _Own(workers.environment, workers.kind, PLAIN, workers.complete)
    if workers.connections is not None:
        return _of_application(workers.connections, Environment(own.variables, shown=own.shown), ())
    return _said(own, workers.served)


def _environment(pool: ClientPool) -> Mapping[str, Effective]:
    """Its own ``env[...]``, and, where it clears nothing, what its master was started with."""
    own = pool.pool.arrays.get("env", {})
    outside = pool.master.environment
    return {**outside, **own} if outside and pool.pool.setting("clear_env").value == "no" else own


class _Own(NamedTuple):
    """A client's own variables, what people call the program that hands them on, how they are written, and whether no
    others reach the workers."""

    variables: Mapping[str, Effective]
    program: str
    shown: str
    complete: bool


def _said(own: _Own, of: Served | None) -> Addresses:
    served = of.application if of is not None else None
    if served is None or of is None:
        return _of_environment(own, Environment(own.variables, shown=own.shown), ())
    environment = served.environment(own.variables, complete=own.complete, shown=own.shown)
    connections = served.connections(own.variables, complete=own.complete, shown=own.shown)
    if connections is None or (not connections.known and served.is_only_code):
        # Code that would have to be run says nothing against what the environment says.
        found = _of_environment(own, environment, of.evidence)
        if connections is None or found.dsns or found.is_other:
            return found
    return _of_application(connections, environment, of.evidence)


def _of_environment(own: _Own, environment: Environment, evidence: tuple[Label, ...]) -> Addresses:
    """What variables alone say, told by their names."""
    other = _other_database(environment)
    found = _merged(environment, OF_POSTGRES if other else FAMILIES)
    further, open_ = _further(environment, own.variables, found)
    found += further
    if found or open_:
        return Addresses(tuple(dsn._replace(evidence=dsn.evidence + evidence) for dsn in found), open_)
    if other or any(name.startswith(OF_OTHERS) for name in own.variables):
        return Addresses(is_other=True)
    for key in (*URLS, *(family[0] for family in FAMILIES)):
        asked = environment.get(key)
        if asked is not None and asked.text is None:
            return Addresses(unknown=(f"{key} takes its value from the environment of the running {own.program}",))
        if asked is not None and key in URLS and UNCHANGED not in (asked.text or ""):
            return Addresses(unknown=(f"{asked.shown} can't be read as a URL",))
    for key, number, *_ in FAMILIES:
        port = environment.get(number)
        if environment.get(key) is not None and port is not None:
            running = f"takes its value from the environment of the running {own.program}"
            what = "is no port" if port.text is not None else running
            return Addresses(unknown=(f"{number} {what}",))
    if environment.get("PGSERVICE") is not None:
        return Addresses(unknown=("PGSERVICE names a service, whose address stands in a pg_service.conf",))
    return Addresses()


def _further(environment: Environment, names: Iterable[str], known: Sequence[Dsn]) -> tuple[list[Dsn], tuple[str, ...]]:
    """Addresses of PostgreSQL in variables of other names than the usual ones: those that are for reading, or the only
    one of a pool that says no other, and words about the rest, of which nobody can tell who uses them."""
    found: list[Dsn] = []
    rest: list[tuple[str, list[Dsn]]] = []
    for name in names:
        dsns = [] if name in URLS else list(_from_string(environment, name))
        if not dsns or any(_may_be_one(one, dsn) for dsn in dsns for one in (*known, *found)):
            continue
        if set(name.upper().split("_")) & FOR_READING:
            found += dsns
        else:
            rest.append((name, dsns))
    if not known and len(rest) == 1:
        found = [*rest.pop()[1], *found]
    numbered = [dsn._replace(connection=len(known) + at) for at, dsn in enumerate(found)]
    return numbered, tuple(
        f"{environment.shown(name)} names {' and '.join(dsn.host or 'a Unix socket' for dsn in dsns)}, too, and nothing"
        " says whether workers connect there"
        for name, dsns in rest
    )


def _from_string(environment: Environment, name: str) -> Iterator[Dsn]:
    """``pgsql:host=db;dbname=shop`` of PDO, or a URL."""
    written = environment.get(name)
    if written is None or written.text is None or written.place is None:
        return
    if not written.text.startswith(PDO) and "://" not in written.text:
        return
    from pgfpmlint.resolve.connection import Word, of_string

    found = of_string(Word(written.text.removeprefix(PDO), written.place, written.shown))
    if found is not None:
        yield from _dsns(found, environment, 0)


def _merged(environment: Environment, families: tuple[tuple[str, str, str, str], ...]) -> list[Dsn]:
    """One Dsn per distinct host, port and database: families that name the same one mean one connection."""
    kept = next((label for key in PERSISTENT if (label := _true(environment, key))), None)
    found: list[Dsn] = []
    for dsn in [*_from_urls(environment), *_from_families(environment, families)]:
        same = next((at for at, known in enumerate(found) if _may_be_one(known, dsn)), None)
        if same is None:
            found.append(dsn._replace(persistent=dsn.persistent or kept, connection=len(found)))
        else:
            known = found[same]
            found[same] = known._replace(
                database=known.database or dsn.database,
                user=known.user or dsn.user,
                evidence=known.evidence + dsn.evidence,
            )
    return found


def _may_be_one(known: Dsn, other: Dsn) -> bool:
    """Whether two addresses can mean one connection: a server and a database, where both name one."""
    if (known.host, known.port) != (other.host, other.port):
        return False
    return known.database is None or other.database is None or known.database == other.database


def _other_database(environment: Environment) -> bool:
    """Whether a variable says that another kind of database is used: ``DB_CONNECTION = mysql``,
    ``DATABASE_URL = "mysql://db/shop"``."""
    for key in ("DB_CONNECTION", "DB_DRIVER", *URLS):
        driver, scheme, _ = (environment.text(key) or "").partition("://")
        if driver and bool(scheme) == (key in URLS) and not driver.startswith(("pg", "postgres", "pdo-pgsql")):
            return True
    return False


def _true(environment: Environment, key: str) -> Label | None:
    found = environment.get(key)
    if found is None or found.place is None or (found.text or "").lower() not in TRUE_WORDS:
        return None
    return Label(found.place, f"{found.shown} keeps connections between requests")


def _from_families(environment: Environment, families: tuple[tuple[str, str, str, str], ...]) -> Iterator[Dsn]:
    for host_key, port_key, database_key, user_key in families:
        # libpq asks no name server where it is given the address, too.
        direct = environment.get("PGHOSTADDR") if host_key == "PGHOST" else None
        host, port = direct or environment.get(host_key), environment.get(port_key)
        if host is None or host.text is None or (port is not None and not is_port(port.text or "")):
            continue
        evidence = host.label(f"{host.shown} names {host.text}")
        if port is not None:
            evidence += port.label(f"{port.shown} names port {port.text}")
        number = int(port.text) if port is not None and port.text else POSTGRES_PORT
        database, user = environment.text(database_key), environment.text(user_key)
        sslmode, name, options = _general(environment)
        yield Dsn(host.text, number, database, user, evidence, sslmode=sslmode, application_name=name, options=options)


def _from_urls(environment: Environment) -> Iterator[Dsn]:
    for key in URLS:
        written = environment.get(key)
        if written is None or written.text is None or written.place is None or UNCHANGED in written.text:
            continue
        from pgfpmlint.resolve.connection import Word, of_url

        found = of_url(Word(written.text, written.place, written.shown))
        if found is not None:
            yield from _dsns(found, environment, 0)


def _general(environment: Environment) -> tuple[Said | None, Said | None, Said | None]:
    """sslmode, application_name and options as libpq takes them from its own variables where a connection says
    nothing of them: https://www.postgresql.org/docs/current/libpq-envars.html."""
    sslmode, name, options = (_word_of(environment.get(key)) for key in ("PGSSLMODE", "PGAPPNAME", "PGOPTIONS"))
    return sslmode, name, options


def _word_of(found: EnvironmentVariable | None) -> Said | None:
    if found is None or not found.text or found.place is None:
        return None
    return Said(found.text, Label(found.place, f"{found.shown} is {found.text}"))


def _of_application(connections: Connections, environment: Environment, evidence: tuple[Label, ...]) -> Addresses:
    """What the application's own configuration says, which its code follows."""
    found: list[Dsn] = []
    unknown = [f"{_where(label)}: {label.words}" for label in connections.unclear]
    for number, connection in enumerate(connections.known):
        dsns = list(_dsns(connection, environment, number))
        if any(UNCHANGED in (label.place.text or "") for dsn in dsns for label in dsn.evidence[:1]):
            unknown.append(f"{_where(dsns[0].evidence[0])}: still as it came, with the password to change")
            continue
        found += [dsn._replace(evidence=(*dsn.evidence, *evidence)) for dsn in dsns]
    return Addresses(tuple(found), tuple(unknown), connections.other is not None)


def _where(label: Label) -> str:
    return f"{label.place.path}:{label.place.line}"


def _dsns(connection: Connection, environment: Environment, number: int) -> Iterator[Dsn]:
    """One for each host that the connection may be to; ``number`` tells which of the application's it is."""
    sslmode, name, options = _general(environment)
    port = connection.port
    ports = [int(one) for one in port.text.split(",")] if port is not None else [_default_port(environment)]
    hosts = connection.hosts or _default_host(environment)
    role = f" for {connection.role}" if connection.role else ""
    chance = f", one of {len(hosts)} tried in turn" if len(hosts) > 1 else ""
    for at, host in enumerate(hosts or (None,)):
        number_of_port = ports[at] if at < len(ports) and len(ports) > 1 else ports[0]
        place = host.place if host is not None else connection.place
        shown = host.shown if host is not None else "the configuration"
        words = f"{shown} names {host.text if host and host.text else 'a Unix socket'}{role}{chance}"
        if port is not None and port.place == place:
            words += f", port {number_of_port}"
        labels: tuple[Label, ...] = (Label(place, words),)
        if port is not None and port.place != place:
            labels += (port.label(f"{port.shown} names port {number_of_port}"),)
        if connection.used is not None:
            labels += (connection.used,)
        yield Dsn(
            host.text if host is not None else "",
            number_of_port,
            _text(connection.database),
            _text(connection.user),
            labels,
            connection.persistent,
            _word(connection.sslmode, "sslmode") or sslmode,
            connection.native_prepares,
            _word(connection.application_name, "application_name") or name,
            number,
            len(hosts) > 1,
            connection.driver,
            _word(connection.options, "options") or options,
            _word(connection.search_path, "search_path"),
            connection.role,
            connection.session_sql,
            connection.forgetful,
        )


def _default_host(environment: Environment) -> tuple[Word, ...]:
    found = environment.get("PGHOSTADDR") or environment.get("PGHOST")
    if found is None or not found.text or found.place is None:
        return ()
    from pgfpmlint.resolve.connection import Word

    return (Word(found.text, found.place, found.shown),)


def _default_port(environment: Environment) -> int:
    text = environment.text("PGPORT") or ""
    return int(text) if is_port(text) else POSTGRES_PORT


def _text(word: Word | None) -> str | None:
    return word.text if word is not None and word.text else None


def _word(word: Word | None, name: str) -> Said | None:
    return Said(word.text, word.label(f"{name} is {word.text}")) if word is not None and word.text else None
