"""What two ends make of TLS: the attempts that a client makes one after the other, and what the server demands.

libpq falls back after a refusal and PgBouncer doesn't; tests/servers/test_matrices.py shows both.
https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION,
https://www.pgbouncer.org/config.html#server_tls_sslmode
"""

from __future__ import annotations

from pgfpmlint.model.link import Link
from pgfpmlint.model.nodes import Instance, Pooler, Proxy, Server
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Effective, Unknown
from pgfpmlint.source.text import Place

DEMANDING = ("require", "verify-ca", "verify-full")
SPEAKING = {"ssl": "on", "client_tls_sslmode": "prefer"}
"""The settings of `switch`, and what lets a server speak TLS without turning clients without it away."""

MODES = ("disable", "allow", "prefer", *DEMANDING)


class Mode(NamedTuple):
    """A client's sslmode. ``value`` is None where it can't be known; ``place`` is where it is written; ``shown`` names
    it with what it is set by; ``falls_back``: the client tries again the other way when it is refused (libpq)."""

    value: str | None
    place: Place | None
    shown: str
    falls_back: bool


class Offer(NamedTuple):
    """Attempts in order, each with TLS or without. ``refusal`` says why there is none."""

    tries: tuple[bool, ...]
    refusal: str = ""


def mode_of(link: Link) -> Mode:
    """How the link's client wants TLS. Of an application that says nothing, libpq's default is known: prefer, which
    tries both ways; any other mode would be let in at most where prefer is."""
    if isinstance(link.client, Pooler):
        setting = link.client.bouncer.setting("server_tls_sslmode")
        shown = f"server_tls_sslmode = {setting.value}{'' if setting.is_written else ' (default)'}"
        return Mode(setting.value, setting.place if setting.is_written else None, shown, falls_back=False)
    if isinstance(link.client, Proxy):  # as of an application that says nothing
        return Mode("prefer", None, f"what {link.client.proxy.product} asks for", falls_back=True)
    said = link.dsn.sslmode if link.dsn is not None else None
    if said is None:
        return Mode("prefer", None, "sslmode=prefer (libpq's default)", falls_back=True)
    return Mode(said.value if said.value in MODES else None, said.label.place, f"sslmode={said.value}", falls_back=True)


def speaks(server: Server) -> bool | None:
    """Whether the server answers a request for TLS with yes; None where that can't be known."""
    setting = switch(server)
    if setting.value is None:
        return None
    return setting.value != ("off" if isinstance(server, Instance) else "disable")


def demands(server: Server) -> bool | None:
    """Whether the server itself turns network clients without TLS away; PostgreSQL leaves that to its records."""
    if isinstance(server, Instance):
        return False
    setting = switch(server)
    return None if setting.value is None else setting.value in DEMANDING


def switch(server: Server) -> Effective:
    """The setting that says whether the server speaks TLS with its clients."""
    if isinstance(server, Instance):
        return server.postgres.setting("ssl")
    if isinstance(server, Proxy):
        return Effective("tls", None, Unknown("it is not read", server.proxy.anchor))
    return server.bouncer.setting("client_tls_sslmode")


def offer(mode: Mode, speaks: bool) -> Offer:
    """What a client with that mode tries at a server that speaks TLS, or doesn't, over the network."""
    if mode.value in DEMANDING:
        return Offer((True,)) if speaks else Offer((), f"{mode.shown} demands TLS, which the server does not speak")
    if mode.value == "disable" or not speaks:
        return Offer((False,))
    if mode.value == "allow" and mode.falls_back:
        return Offer((False, True))
    return Offer((True, False) if mode.falls_back else (True,))
