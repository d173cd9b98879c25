"""Who may have a pool run scripts: whoever reaches its address, or may open its socket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import is_loopback
from pgfpmlint.model.gateway import listens_to
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.world import World

OTHERS = 0o002


def listens_to_everybody(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Any machine may send requests, and say which file is to be run.

    In a container, where PHP-FPM stays in the foreground, the network is the container's own: of that no file tells."""
    listen, allowed = pool.pool.setting("listen"), pool.pool.setting("listen.allowed_clients")
    if pool.master.fragment or pool.master.fpm.setting("daemonize").value != "yes" or listen.value is None:
        return
    if not listen.value.startswith("/") and not is_loopback(listens_to(pool)) and not allowed.value and listen.place:
        yield Hit(listen.place, {"pool": pool.name, "listen": listen.value})


def socket_open_to_all(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Every account of the machine may have scripts run as the pool's user."""
    listen, mode = pool.pool.setting("listen"), pool.pool.setting("listen.mode")
    digits = mode.value or ""
    if not mode.is_written or mode.place is None or not digits or digits.strip("01234567"):
        return
    if (listen.value or "").startswith("/") and int(digits, 8) & OTHERS:
        user = pool.pool.setting("user").value
        related = (Label(listen.place, "the socket"),) if listen.place is not None else ()
        yield Hit(
            mode.place,
            {"mode": digits, "user": user or "its user", "pool": pool.name},
            related,
            fix=mode.rewritten("0660"),
        )


def owner_ignored(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Access lists take the place of owner and group; fpm_unix_resolve_socket_permissions() in
    https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_unix.c."""
    lists = [pool.pool.setting(f"listen.acl_{who}") for who in ("users", "groups")]
    given = [one for one in lists if one.is_written and one.value and one.place is not None]
    for name in ("owner", "group"):
        setting = pool.pool.setting(f"listen.{name}")
        if given and setting.is_written and setting.value and setting.place is not None:
            related = tuple(Label(one.place, "takes its place") for one in given if one.place is not None)
            values = {"name": setting.name, "list": given[0].name}
            yield Hit(setting.place, values, related, fix=removed(setting.place))


def allowed_clients_ignored(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Addresses that may connect, of a pool that listens on a socket of the file system."""
    listen, allowed = pool.pool.setting("listen"), pool.pool.setting("listen.allowed_clients")
    if (listen.value or "").startswith("/") and allowed.is_written and allowed.value and allowed.place is not None:
        related = (Label(listen.place, "no address of a client is known here"),) if listen.place is not None else ()
        yield Hit(allowed.place, {"pool": pool.name}, related, fix=removed(allowed.place))
