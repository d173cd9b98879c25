"""Limits of time, each in its server's own unit, made comparable.

PostgreSQL counts most of them in milliseconds, authentication_timeout in seconds; PgBouncer in seconds with fractions;
PHP-FPM, php.ini and nginx in seconds. All are kept in whole microseconds, of which each is a whole number. 0 switches a
limit off, save where its manual says otherwise.
"""

from __future__ import annotations

from pgfpmlint.finding.fix import Fix
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.connection_path import ConnectionPath, Hop
from pgfpmlint.model.nodes import ClientPool, FpmMaster, Instance, Pool, Pooler, Workers
from pgfpmlint.model.php import php_setting
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import Effective, Unknown
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.model.gateway import Gateway, Proxied

SECOND = 1_000_000

IN_SECONDS = frozenset(["authentication_timeout", "tcp_keepalives_idle", "tcp_keepalives_interval"])
"""PostgreSQL's limits with the base unit s; the rest is in ms
(https://www.postgresql.org/docs/current/view-pg-settings.html)."""

OF_USER = {
    "client_idle_timeout": (1, 24),
    "idle_transaction_timeout": (1, 24),
    "query_timeout": (1, 24),
    "transaction_timeout": (1, 25),
    "query_wait_timeout": (1, 26),
}
"""What a line of PgBouncer's [users] may set for that user, and since when
(https://www.pgbouncer.org/config.html#section-users)."""


class Limit(NamedTuple):
    """One limit in force. ``micros`` 0: it is switched off."""

    name: str
    micros: int
    setting: Effective

    @property
    def is_written(self) -> bool:
        return self.setting.is_written

    @property
    def place(self) -> Place | None:
        """The line that sets it; None for a default."""
        return self.setting.place if self.setting.is_written else None

    @property
    def seconds(self) -> str:
        """``60 s``, ``1.5 s``."""
        return seconds(self.micros)

    @property
    def words(self) -> str:
        """``60 s request_terminate_timeout``, with a word where nobody wrote it."""
        return f"{self.seconds} {self.name}{'' if self.is_written else ' by default'}"

    @property
    def labels(self) -> tuple[Label, ...]:
        """The line that sets it, for the related places of a finding."""
        return (Label(self.place, self.words),) if self.place is not None else ()


def seconds(micros: int) -> str:
    whole, rest = divmod(micros, SECOND)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".") + " s"


def difference(longer: Limit, shorter: Limit) -> str:
    """``120 s statement_timeout - 60 s request_terminate_timeout = 60 s``."""
    return f"{longer.words} - {shorter.words} = {seconds(longer.micros - shorter.micros)}"


def of_instance(instance: Instance, name: str) -> Limit | None:
    """A limit of postgresql.conf; None where it is not known, and before the version that brought it."""
    return _of_postgres(instance.postgres.setting(name), name)


def _of_postgres(setting: Effective, name: str) -> Limit | None:
    if setting.number is None or setting.number < 0:
        return None
    return Limit(name, setting.number * (SECOND if name in IN_SECONDS else 1000), setting)


def on_path(path: ConnectionPath, name: str) -> Limit | None:
    """A limit of the instance as the workers' sessions have it; None where that can't be told.

    What a client asks for with libpq's options counts where it connects to the server itself: a pooler passes such
    options on, drops them or refuses the client. PgBouncer's ``connect_query`` sets it for each connection, ALTER ROLE
    and ALTER DATABASE for those of a user or database.
    """
    said = [query for hop in path.hops if hop.entry and (query := hop.entry.parameter("connect_query"))]
    if path.instance is None or any(name in (one.value or name) for one in said):
        return None
    from pgfpmlint.model.startup_options import asked_for

    asked = asked_for(path.links[0], path.instance, name)
    if asked is not None:
        return None if path.hops else _of_postgres(asked, name)
    if not path.instance.scripts:
        return of_instance(path.instance, name)
    from pgfpmlint.model.roles import setting_for

    last = path.links[-1]
    return _of_postgres(setting_for(path.instance, name, last.database, last.user), name)


def of_file(path: ConnectionPath, limit: Limit, text: str) -> Fix | None:
    """``text`` for the limit where postgresql.conf sets it, and nothing where a role's own or a client's counts."""
    if path.instance is None or limit.setting != path.instance.postgres.setting(limit.name):
        return None
    return limit.setting.rewritten(text)


def whole_on_path(path: ConnectionPath, limit: Limit) -> bool | None:
    """Whether transaction_timeout (17+), which ends a single statement as well, lets a session's statements run beyond
    ``limit``; None where that can't be told."""
    if path.instance is None or not path.instance.postgres.reading.version.at_least(17):
        return True
    whole = on_path(path, "transaction_timeout")
    return None if whole is None else not 0 < whole.micros < limit.micros


def of_pooler(pooler: Pooler, name: str) -> Limit | None:
    """A limit of [pgbouncer]."""
    return _of_bouncer(pooler.bouncer.setting(name))


def of_hop(hop: Hop, name: str) -> Limit | None:
    """A limit of PgBouncer as the clients of a path have it: their user's, else their database's, else the global one.
    None where users have their own and nobody knows who logs in."""
    bouncer = hop.pooler.bouncer
    if name in OF_USER:
        lines = {line.name: own for line in bouncer.users if (own := line.parameter(name)) is not None}
        if hop.user is None and lines:
            return None
        if hop.user in lines:
            return _of_bouncer(lines[hop.user])
    own = hop.entry.parameter(name) if hop.entry is not None else None
    return _of_bouncer(own) if own is not None else of_pooler(hop.pooler, name)


def _of_bouncer(setting: Effective) -> Limit | None:
    try:
        micros = round(float(setting.value or "") * SECOND)
    except ValueError:
        return None
    return Limit(setting.name, micros, setting) if micros >= 0 else None


def of_fpm(holder: Pool | FpmMaster, name: str) -> Limit | None:
    """A limit of a pool, or of [global]; None where the tree does not hold the section that would set it, and
    for what is no FPM."""
    if isinstance(holder, Workers):
        return None
    if isinstance(holder, FpmMaster):
        setting = holder.fpm.setting(name)
        whole = not holder.fragment
    else:
        setting, whole = holder.pool.setting(name), True
    if isinstance(setting.origin, Unknown) or (not whole and not setting.is_written):
        return None
    digits = (setting.value or "0").removesuffix("s")
    return Limit(name, int(digits) * SECOND, setting) if digits.isascii() and digits.isdigit() else None


def of_php(pool: ClientPool, name: str) -> Limit | None:
    """A limit of PHP in the pool's workers; None where it is not known."""
    setting = php_setting(pool, name)
    number = setting.number
    return None if number is None or number < 0 else Limit(name, number * SECOND, setting)


def of_gateway(gateway: Gateway | Proxied, name: str) -> Limit | None:
    """A limit of nginx in the location that passes requests on, or Apache's of the same meaning under its own name."""
    setting = gateway.passing.settings[name]
    return None if setting.number is None else Limit(setting.name, setting.number * 1000, setting)


def pointing(*limits: Limit) -> tuple[Place | None, tuple[Label, ...]]:
    """Where a finding about ``limits`` points, and the other lines that it rests on: the first one that somebody
    wrote. None where all are defaults."""
    written = [limit for limit in limits if limit.place is not None]
    if not written:
        return None, ()
    return written[0].place, tuple(label for limit in written[1:] for label in limit.labels)


def below(limit: Limit) -> str:
    """A round time a tenth below the limit, to be typed into postgresql.conf."""
    tenth = limit.micros * 9 // 10
    return f"{tenth // SECOND}s" if tenth >= 10 * SECOND else f"{max(1, tenth // 1000)}ms"
