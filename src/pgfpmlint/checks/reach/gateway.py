"""Whether nginx gets through to PHP-FPM: somebody listens there, and lets it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import SAFE, Fix, line_below, written
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.address import is_loopback
from pgfpmlint.model.gateway import Front, Gateway, is_alias, listens_to, port_of
from pgfpmlint.model.link import few
from pgfpmlint.model.nodes import FpmMaster
from pgfpmlint.model.world import World
from pgfpmlint.resolve.nginx import Address, Passing
from pgfpmlint.source.paths import plain

Hits = Iterator[Hit]


def fastcgi_pass_without_listener(front: Front, world: World, params: Mapping[str, object]) -> Hits:
    """No pool of the machine listens where nginx passes requests for PHP."""
    server, listeners = front.server, front.listeners
    masters = listeners.masters(server.host)
    if not masters or not all(_is_whole(master) for master in masters):
        return
    pools = listeners.pools(server.host)
    listens = {pool.name: pool.pool.setting("listen") for pool in pools}
    if not all(listen.value for listen in listens.values()):
        return
    told: set[str] = set()
    for passing, address in front.unmatched:
        if not _is_for_php(passing, address) or not _is_local(address) or is_alias(address, pools):
            continue
        if address.text not in told and not any(_meets(listen.value or "", address) for listen in listens.values()):
            told.add(address.text)
            near = [(name, listen) for name, listen in listens.items() if listen.place is not None]
            values = {"server": server.name, "host": server.host.name, "address": address.text}
            there = [f"{name} on {listen.value}" for name, listen in near]
            values["there"] = few(there, 4)
            values["suggestion"] = _written(near[0][1].value or "") if len(near) == 1 else ""
            way = "write one of those" if len(near) != 1 else _typed(server.software, str(values["suggestion"]))
            labels = tuple(
                Label(listen.place, f"{name} listens here") for name, listen in near[:4] if listen.place is not None
            )
            fix = _rewritten(address, f"{values['suggestion']}")
            yield Hit(address.place, {**values, "way": way}, labels, fix=fix, certain=server.complete)


def _rewritten(address: Address, text: str) -> Fix | None:
    """``text`` in the place of the address, which stands somewhere in its directive."""
    place = address.place
    if not text or place.text.count(address.text) != 1:
        return None
    start = place.start + place.text.index(address.text)
    return written(place._replace(start=start, end=start + len(address.text)), text)


def _typed(software: str, address: str) -> str:
    """What passes requests to ``address``."""
    if software == "nginx":
        return f"write fastcgi_pass {address};"
    target = f"{address}|fcgi://localhost" if address.startswith("unix:") else f"fcgi://{address}"
    return f'write SetHandler "proxy:{target}"'


def _is_whole(master: FpmMaster) -> bool:
    return not master.fragment and not master.fpm.reading.unread


def _is_for_php(passing: Passing, address: Address) -> bool:
    """Other programs speak FastCGI, too; a location or a socket that is named after PHP is for PHP-FPM."""
    return "php" in address.text or "fpm" in address.text or ".php" in passing.location.replace("\\", "")


def _is_local(address: Address) -> bool:
    return address.socket is not None or (address.host_port is not None and is_loopback(address.host_port[0]))


def _meets(listen: str, address: Address) -> bool:
    if address.socket is not None:
        return plain(listen) == plain(address.socket)
    return address.host_port is not None and port_of(listen) == address.host_port[1]


def _written(listen: str) -> str:
    """A pool's address as fastcgi_pass takes it."""
    if listen.startswith("/"):
        return f"unix:{listen}"
    return listen if ":" in listen else f"127.0.0.1:{listen}"


def pool_listens_on_loopback_only(front: Front, world: World, params: Mapping[str, object]) -> Hits:
    """nginx names another machine, whose pool answers on that port to the machine itself alone."""
    told: set[str] = set()
    server, listeners = front.server, front.listeners
    for _, address in front.unmatched:
        if address.text in told or address.host_port is None or is_loopback(address.host_port[0]):
            continue
        told.add(address.text)
        name, port = address.host_port
        for host in listeners.hosts(name):
            if host.name == server.host.name or name not in host.addresses:
                continue
            pools = listeners.on_port(host, port)
            listen = pools[0].pool.setting("listen") if len(pools) == 1 else None
            # A file of an image may well set another one, as zz-docker.conf does.
            whole = bool(pools) and not pools[0].master.fragment
            if whole and listen is not None and listen.place is not None and is_loopback(listens_to(pools[0])):
                declared = (Label(host.place, f"{name} is an address of {host.name}"),) if host.place else ()
                values = {
                    "server": server.name,
                    "pool": pools[0].name,
                    "address": address.text,
                    "port": port,
                    "listen": listen.value,
                }
                yield Hit(listen.place, values, (Label(address.place, "passes requests there"), *declared))


def pool_refuses_web_server(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """listen.allowed_clients leaves out the address that nginx comes from."""
    allowed, host_port = gateway.pool.pool.setting("listen.allowed_clients"), gateway.address.host_port
    if host_port is None or not allowed.is_written or not allowed.value or allowed.place is None:
        return
    listed = [part.strip() for part in allowed.value.split(",")]
    local = is_loopback(host_port[0])
    comes_from = ("127.0.0.1", "::1") if local else gateway.server.host.addresses
    known = [one for one in comes_from if one.replace(".", "").isdecimal() or ":" in one]
    if not known or any(one in listed for one in known) or (local and any("127.0.0.1" in one for one in listed)):
        return
    values = {"pool": gateway.pool.name, "server": gateway.server.name, "allowed": allowed.value, "from": known[0]}
    labels = (Label(gateway.passing.place, f"passes requests to {gateway.pool.name}"),)
    certain = gateway.is_certain and local and not gateway.pool.master.fragment
    fix = allowed.rewritten(f"{allowed.value},{known[0]}")
    yield Hit(allowed.place, values, labels, fix=fix, certain=certain)


def socket_refuses_web_server(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """The socket's owner, group and mode leave out the user of nginx's workers."""
    pool, user = gateway.pool.pool, gateway.server.nginx.user
    if gateway.address.socket is None or not user.is_written or user.place is None or not user.value:
        return
    if not pool.setting("user").is_written or any(
        pool.setting(f"listen.acl_{who}s").value for who in ("user", "group")
    ):
        return
    name = user.value.split()[0]
    owner, group, mode = (pool.setting(f"listen.{key}") for key in ("owner", "group", "mode"))
    digits = mode.value or "0660"
    if name == "root" or digits.strip("01234567") or not digits:
        return
    bits = int(digits, 8)
    of_owner, of_group = owner.value or "root", group.value or ("root" if owner.value is None else None)
    groups = gateway.server.nginx.groups
    if bits & 0o002 or (bits & 0o200 and name == of_owner):
        return
    if bits & 0o020 and of_group != "root" and (groups is None or of_group is None or of_group in groups):
        return
    at = next((one.place for one in (owner, group, mode) if one.is_written and one.place), gateway.listen)
    if at is None:
        return
    software = gateway.server.software
    values = {"pool": gateway.pool.name, "user": name, "owner": of_owner, "group": of_group or "?", "mode": digits}
    labels = (
        Label(user.place, f"{software}'s workers run as {name}"),
        Label(gateway.passing.place, "passes requests there"),
    )
    listen = pool.setting("listen").place
    added = Fix(SAFE, (line_below(listen, f"listen.owner = {name}"),)) if listen is not None else None
    yield Hit(
        at,
        {**values, "software": software, "assumption": gateway.assumption},
        labels,
        fix=owner.rewritten(name) if owner.is_written else added,
        certain=gateway.is_certain and not gateway.pool.master.fragment,
    )
