"""How long nginx waits for PHP-FPM, against how long a request may take there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Fix, Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.gateway import Gateway, Proxied
from pgfpmlint.model.time_limits import (
    SECOND,
    Limit,
    below,
    difference,
    of_file,
    of_fpm,
    of_gateway,
    of_hop,
    of_php,
    on_path,
    pointing,
    whole_on_path,
)
from pgfpmlint.model.world import World

Hits = Iterator[Hit]

WAIT, REQUEST = "fastcgi_read_timeout", "request_terminate_timeout"


def _waits(gateway: Gateway) -> tuple[Limit, Limit] | None:
    """How long nginx waits and how long a request may take (0: for ever); None where nginx does not give up first."""
    wait, request = of_gateway(gateway, WAIT), of_fpm(gateway.pool, REQUEST)
    if wait is None or request is None or not wait.micros or 0 < request.micros <= wait.micros:
        return None
    return wait, request


def _hit(gateway: Gateway, wait: Limit, longer: Limit, fix: Fix | None = None, **values: object) -> Hits:
    at, labels = pointing(wait, longer)
    if at is None:
        return
    passing = gateway.passing.place
    words = Label(passing, f"passes requests to {gateway.pool.name}")
    listen = (Label(gateway.listen, "listens there"),) if gateway.listen is not None else ()
    yield Hit(
        at,
        {
            "server": gateway.server.name,
            "pool": gateway.pool.name,
            "wait": wait.seconds + ("" if wait.is_written else " (the default)"),
            "longer": longer.seconds,
            "fitting": f"{-(-longer.micros // SECOND)}{'s' if gateway.server.software == 'nginx' else ''}",
            "name": wait.name,
            "software": gateway.server.software,
            "assumption": gateway.assumption,
            **values,
        },
        (*labels, *((words,) if passing != at else ()), *listen),
        (difference(longer, wait),) if longer.micros else (f"{wait.words}, and no {longer.name}",),
        fix=fix,
        certain=gateway.is_certain,
    )


def gateway_gives_up_on_request(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """nginx answers 504 while the worker may go on, to the limit that FPM has for it."""
    found = _waits(gateway)
    if found is not None and found[1].micros:
        yield from _hit(gateway, *found, _patient(*found))


def gateway_gives_up_on_script(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """nginx answers 504 while PHP still lets the script compute, and nothing else ends it. PHP's own 30 s, which every
    php.ini repeats, nobody chose."""
    found, execution = _waits(gateway), of_php(gateway.pool, "max_execution_time")
    if found is None or found[1].micros or execution is None or not execution.is_written:
        return
    if execution.micros > max(found[0].micros, 30 * SECOND):
        yield from _hit(gateway, found[0], execution, _patient(found[0], execution))


def _patient(wait: Limit, longer: Limit) -> Fix | None:
    """nginx waits as long as the other may take."""
    return _directive(wait, f"{-(-longer.micros // SECOND)}s")


def _directive(limit: Limit, value: str) -> Fix | None:
    """Another value in nginx's words, of which a setting's value is the whole directive."""
    written = limit.place is not None and limit.place.text.startswith(f"{limit.name} ")
    return limit.setting.rewritten(f"{limit.name} {value}") if written else None


def proxy_gives_up_before_gateway(proxied: Proxied, world: World, params: Mapping[str, object]) -> Hits:
    """The outer nginx answers 504 while the inner one still waits for PHP-FPM, whichever way the request takes."""
    outer = of_gateway(proxied, "proxy_read_timeout")
    inner = [_longest(gateway) for gateway in proxied.gateways]
    known = [limit for limit in inner if limit is not None]
    if outer is None or not outer.micros or len(known) < len(inner):
        return
    shortest = min(known, key=lambda limit: limit.micros)
    at, labels = pointing(outer, shortest)
    if at is not None and outer.micros < shortest.micros:
        place = proxied.passing.place
        values = {
            "outer": proxied.server.name,
            "server": proxied.gateways[0].server.name,
            "wait": outer.seconds + ("" if outer.is_written else " (the default)"),
            "longer": shortest.words,
            "fitting": -(-shortest.micros // SECOND) + 5,
        }
        passes = (Label(place, f"passes requests to {values['server']}"),) if place != at else ()
        fix = _directive(outer, f"{values['fitting']}s")
        yield Hit(at, values, (*labels, *passes), (difference(shortest, outer),), fix)


def _longest(gateway: Gateway) -> Limit | None:
    """What ends an answer of an nginx at the latest: its own patience, or the end of the request."""
    wait, request = of_gateway(gateway, WAIT), of_fpm(gateway.pool, REQUEST)
    if wait is None or request is None or not wait.micros:
        return None
    return request if 0 < request.micros < wait.micros else wait


def nothing_ends_abandoned_request(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """nginx answers 504, and nothing ends the worker's waiting."""
    found = _waits(gateway)
    if found is not None and not found[1].micros:
        wait, request = found
        hits = list(_hit(gateway, wait, request))
        if not hits:
            place = gateway.passing.place
            hits = [
                Hit(
                    place,
                    {
                        "pool": gateway.pool.name,
                        "server": gateway.server.name,
                        "wait": wait.seconds,
                        "assumption": gateway.assumption,
                    },
                    certain=gateway.is_certain,
                )
            ]
        yield hits[0]


def query_wait_outlives_gateway(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """nginx answers 504 while the worker still waits for a server connection."""
    found = _waits(gateway)
    for path in gateway.paths if found is not None else ():
        wait = of_hop(path.hops[0], "query_wait_timeout") if path.hops else None
        if found is not None and wait is not None and wait.micros >= found[0].micros:
            fitting = max(1, found[0].micros // 4 // SECOND)
            fix = wait.setting.rewritten(f"{fitting}")
            yield from _hit(gateway, found[0], wait, fix, pooler=path.hops[0].pooler.name, fitting=fitting)


def statement_outlives_gateway(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """nginx answers 504 while PostgreSQL still lets the statement run."""
    found = _waits(gateway)
    for path in gateway.paths if found is not None else ():
        statement = on_path(path, "statement_timeout")
        pooled = [of_hop(hop, "query_timeout") for hop in path.hops]
        if found is None or statement is None or any(limit is None or limit.micros for limit in pooled):
            continue
        reached = statement.micros >= found[0].micros and statement.is_written and whole_on_path(path, found[0])
        if reached and path.instance is not None:
            fix = of_file(path, statement, below(found[0]))
            yield from _hit(gateway, found[0], statement, fix, instance=path.instance.name, fitting=below(found[0]))


def slow_log_after_gateway(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """A request gets slow for FPM only after nginx has given it up."""
    wait, slow = of_gateway(gateway, WAIT), of_fpm(gateway.pool, "request_slowlog_timeout")
    if wait is not None and slow is not None and 0 < wait.micros <= slow.micros:
        yield from _hit(gateway, wait, slow, slow.setting.rewritten("5s"))


def abandoned_requests_run_again(gateway: Gateway, world: World, params: Mapping[str, object]) -> Hits:
    """nginx gives up on one server of a group and passes the same request to the next, while the first goes on."""
    found, addresses = _waits(gateway), gateway.passing.addresses or ()
    retries = (gateway.passing.settings["fastcgi_next_upstream"].value or "off").split()
    if found is None or len(addresses) < 2 or gateway.address != addresses[0] or "timeout" not in retries:
        return
    if gateway.passing.settings["fastcgi_next_upstream_tries"].value != "0":
        return
    wait = found[0]
    at = wait.place or gateway.passing.place
    values = {"server": gateway.server.name, "wait": wait.seconds, "servers": len(addresses)}
    labels = tuple(Label(address.place, "may get the same request") for address in addresses)
    yield Hit(at, {**values, "assumption": gateway.assumption}, labels, certain=gateway.is_certain)
