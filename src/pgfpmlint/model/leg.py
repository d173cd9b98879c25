"""One step of a connection path: whether a client gets in at a server, and which line decides."""

from __future__ import annotations

from collections.abc import Iterable

from pgfpmlint.finding.problem import Label
from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Client, ClientPool, Pooler, Proxy, Server
from pgfpmlint.model.route import Route
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.model.secret import Secret
    from pgfpmlint.resolve.hba.record import HbaRecord
    from pgfpmlint.resolve.settings import Effective

ADMITTED, REJECTED, UNKNOWN = "admitted", "rejected", "unknown"

# Why a client is turned away, for rules.
DEAF = "nothing listens there"
NO_TLS = "the server does not speak the TLS that the client demands"
TLS_DEMANDED = "the client does not speak the TLS that the server demands"
NO_RECORD = "no record of pg_hba.conf matches"
REJECTING = "a record rejects"
ONLY_TLS = "only records for TLS match"
ONLY_CLEAR = "only records without TLS match"
PEER = "the operating system's user is another"
SECRET = "the secret that is held can't answer"
NO_DATABASE = "the pooler has no such database"
NO_USER = "the pooler does not know the user"
FORM = "the form of the listed secret does not go with auth_type"
NO_FORCED_USER = "auth_type any needs a user="
NO_POOLER_RECORD = "no record of the pooler's auth_hba_file matches"
POOLER_REJECTS = "a record of the pooler's auth_hba_file rejects"
METHOD = "the pooler's method can't be satisfied that way"
CERTIFICATE = "the client has no certificate"
ROLE = "the role can't log in that way"
LOOKUP = "the pooler can't ask for its users"


class Leg(NamedTuple):
    """``verdict`` is ``admitted``, ``rejected`` or ``unknown``; ``why`` says it in words, ``reason`` (of a rejection)
    for rules. ``user`` and ``database`` are those of the server's side, None where nothing names them.

    ``address`` is where the server sees the client come from (None: a Unix socket, or not known), ``tls`` is ``yes``,
    ``no`` or ``unknown``. ``record`` is the one of pg_hba.conf that decides, ``secret`` what a pooler holds for it,
    ``line`` the record of a pooler's own auth_hba_file. ``key`` names the user whose key a login by SCRAM leaves with
    the pooler (``""``: none, None: not known); ``came`` is the key that the client's own client left, if that matters.
    """

    link: Link
    route: Route
    user: str | None
    database: str | None
    verdict: str
    why: str
    reason: str = ""
    address: str | None = None
    tls: str = UNKNOWN
    record: HbaRecord | None = None
    secret: Secret | None = None
    at: Place | None = None
    line: Place | None = None
    key: str | None = None
    came: str | None = None

    @property
    def is_certain(self) -> bool:
        """Whether somebody said that the client connects there."""
        return self.link.is_certain and bool(self.link.evidence)

    @property
    def login(self) -> str:
        """Database and user in words."""
        return f"database {self.database or '(not named)'} as {self.user or '(not named)'}"

    @property
    def whence(self) -> str:
        """Where the server sees the client come from, in words."""
        if self.route.type == "local":
            return "through the Unix socket"
        found = (self.address,) if self.address is not None else self.route.addresses or ()
        return f"from {' or '.join(found) if found else 'an address that is not declared'}"

    @property
    def client(self) -> Client:
        return self.link.client

    @property
    def server(self) -> Server:
        return self.link.server


def labels(leg: Leg, but: Place | None = None) -> tuple[Label, ...]:
    """The lines that the step follows from, without the place ``but``, which a finding points at anyway."""
    found = list(leg.link.evidence)
    if leg.record is not None:
        found.append(Label(leg.record.place, f"the first record that matches, {leg.whence}"))
    if leg.secret is not None and leg.secret.place is not None:
        found.append(Label(leg.secret.place, leg.secret.words))
    return tuple(label for label in dict.fromkeys(found) if label.place != but)


def together(legs: Iterable[Leg]) -> Leg:
    """One answer for several ways in which a client may come: theirs where they agree, else unknown."""
    met = list(legs)
    first = met[0]
    if len(met) == 1 or len({(leg.verdict, leg.reason, _line(leg)) for leg in met}) == 1:
        return _merged(met)
    verdicts = {leg.verdict for leg in met}
    reasons = dict.fromkeys(leg.why for leg in met)
    if len(verdicts) == 1:
        why = "; or ".join(list(reasons)[:2])
        return _merged(met)._replace(why=why, record=None, at=None, reason="", line=None)
    why = f"the files leave open which way it comes: {'; or '.join(list(reasons)[:2])}"
    return _merged(met)._replace(
        verdict=UNKNOWN, why=why, reason="", record=None, secret=first.secret, at=None, line=None
    )


def _line(leg: Leg) -> Place | None:
    return leg.record.place if leg.record is not None else leg.line


def gathered(ways: Iterable[Iterable[Leg]], *, apart: bool) -> tuple[Leg, ...]:
    """One answer for all ways, or, where each is that of a machine of its own, one for each that fares differently."""
    found: dict[object, Leg] = {}
    legs = [together(way) for way in ways]
    for leg in legs:
        found.setdefault((leg.verdict, leg.reason, _line(leg)), leg)
    return tuple(found.values()) if apart and len(found) > 1 else (together(legs),)


def _merged(legs: list[Leg]) -> Leg:
    same_tls, same_address, same_key = ({getattr(leg, name) for leg in legs} for name in ("tls", "address", "key"))
    return legs[0]._replace(
        tls=legs[0].tls if len(same_tls) == 1 else UNKNOWN,
        address=legs[0].address if len(same_address) == 1 else None,
        key=legs[0].key if len(same_key) == 1 else None,
    )


def without_certificate(leg: Leg) -> Leg | None:
    """The rejection where a certificate is asked of a pooler that surely has none; None: it has, or may have."""
    if not isinstance(leg.client, Pooler):
        return None
    setting = leg.client.bouncer.setting("server_tls_cert_file")
    if setting.value != "":
        return None
    why = f"{leg.server.name} asks {leg.client.name} for a certificate, and its {setting.name} is empty"
    return leg._replace(verdict=REJECTED, reason=CERTIFICATE, why=why, at=setting.place)


def system_user(client: Client) -> str | None:
    """The operating system's user that the client's processes run as, where its configuration names one."""
    setting = account(client)
    if setting is None or not setting.is_written:
        return None
    return setting.value if setting.value and not setting.value.isdigit() else None


def account(client: Client) -> Effective | None:
    """The setting that names that user; None where the client has none."""
    if isinstance(client, ClientPool):
        return client.pool.setting("user")
    if isinstance(client, Proxy):
        return None
    return client.bouncer.setting("user") if isinstance(client, Pooler) else client.workers.user
