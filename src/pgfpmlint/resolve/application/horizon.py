"""Laravel Horizon: which supervisors config/horizon.php starts, and how many workers each runs at most.

``maxProcesses`` of a supervisor counts over all of its queues, whatever ``balance`` does with them, and each queue that
is balanced has one at least. What an environment says goes before ``defaults``, whose supervisors run in all of them.
https://laravel.com/docs/horizon#configuration and ProvisioningPlan, SupervisorOptions and Supervisor::scale() in
https://github.com/laravel/horizon/tree/5.x/src
"""

from __future__ import annotations

from pgfpmlint.formats.php_code import Code
from pgfpmlint.resolve.application.php_literal import Evaluator, Scalar, Table
from pgfpmlint.resolve.environment import Environment
from pgfpmlint.resolve.workers import Factor, WorkersReading
from pgfpmlint.source.tree import Root, Unreadable

CONFIG, KIND, TASK = "config/horizon.php", "horizon", "horizon"
NUMBERS = ("maxProcesses", "processes")
"""The second is what it was called up to Horizon 3."""


def supervisors(
    one: WorkersReading, root: Root, folder: str, environment: Environment, stage: str
) -> list[WorkersReading]:
    """Each supervisor of ``stage`` as a group of its own; ``one`` is what runs ``artisan horizon``."""
    unknown = one._replace(kind=KIND, processes=(Factor(None, f"maxProcesses in {CONFIG}", one.place),))
    try:
        source = root.read(f"{folder.rstrip('/')}/{CONFIG}")
    except Unreadable:
        return [unknown]
    config = Evaluator(Code(source), environment).returned()
    listed = config.get("environments") if config is not None else None
    if config is None or not isinstance(listed, Table) or not listed.whole:
        return [unknown]
    defaults = config.get("defaults")
    general = defaults if isinstance(defaults, Table) else None
    own = _of_stage(listed, stage)
    names = dict.fromkeys([*(general.items if general else ()), *(own.items if own else ())])
    return [
        one._replace(kind=KIND, service=f"{one.service}/{name}", processes=(_number(str(name), own, general),))
        for name in (names if own is not None else ())
    ]


def _of_stage(listed: Table, stage: str) -> Table | None:
    """The environment of that name, else one whose pattern fits: ``*``."""
    from fnmatch import fnmatchcase

    exact = [value for name, value in listed.items.items() if name == stage]
    fitting = exact or [value for name, value in listed.items.items() if fnmatchcase(stage, str(name))]
    return next((value for value in fitting if isinstance(value, Table)), None)


def _number(name: str, own: Table | None, general: Table | None) -> Factor:
    tables = [table for table in (own, general) if table is not None]
    found = next((said for table in tables for key in NUMBERS if (said := table.get(name, key)) is not None), None)
    words = f"maxProcesses of {name}"
    if found is None:
        place = next((said.place for table in tables if (said := table.get(name)) is not None), None)
        return Factor(1, words, place, "maxProcesses")
    digits = found.text if isinstance(found, Scalar) else None
    number = int(digits) if digits is not None and digits.isascii() and digits.isdigit() else None
    return Factor(number, words, found.place, "maxProcesses")
