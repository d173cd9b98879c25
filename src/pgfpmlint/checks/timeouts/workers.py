"""How long PHP-FPM lets requests run, against PHP's own limit and against its reloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.nodes import ClientPool, FpmMaster
from pgfpmlint.model.time_limits import SECOND, difference, of_fpm, of_php, pointing
from pgfpmlint.model.world import World

REQUEST, CONTROL = "request_terminate_timeout", "process_control_timeout"


def execution_limit_never_reached(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """The worker is killed before PHP's limit is up: PHP counts processor time, of which no request uses more than
    passes on the clock."""
    request, execution = of_fpm(pool, REQUEST), of_php(pool, "max_execution_time")
    if not request or not execution or not 0 < request.micros < execution.micros:
        return
    if execution.micros == 30 * SECOND and execution.place is not None and execution.place.path.endswith(".ini"):
        return  # what every php.ini repeats, nobody chose
    at, labels = pointing(execution, request)
    if at is not None:
        values = {"pool": pool.name, "execution": execution.seconds, "request": request.seconds}
        yield Hit(at, values, labels, (difference(execution, request),))


def reload_cuts_requests(master: FpmMaster, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A reload waits less long than a request may take."""
    control = of_fpm(master, CONTROL)
    if control is None or not control.micros or control.place is None:
        return
    longer = []
    for pool in world.deployment.pools_by_master[master.name]:
        request = of_fpm(pool, REQUEST)
        if request is not None and request.micros > control.micros and request.place is not None:
            longer.append((request, pool))
    if longer:
        most = max((request for request, _ in longer), key=lambda request: request.micros)
        values = {"control": control.seconds, "request": most.seconds, "fitting": most.micros // SECOND}
        labels = tuple(
            Label(request.setting.place, f"{pool.name}: {request.words}")
            for request, pool in longer
            if request.setting.place is not None
        )
        fix = control.setting.rewritten(f"{values['fitting']}s")
        yield Hit(control.place, values, labels, (difference(most, control),), fix)


def reload_kills_requests_at_once(master: FpmMaster, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Nobody gives requests any time to end at a reload."""
    control = of_fpm(master, CONTROL)
    if control is None or control.micros:
        return
    pools = world.deployment.pools_by_master[master.name]
    at = control.setting.place or (pools[0].pool.sections[0] if pools and pools[0].pool.sections else None)
    if at is not None:
        yield Hit(at, {"master": master.name})
