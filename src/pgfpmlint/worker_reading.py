"""From the files of clients that are no PHP-FPM to what they run, with the applications that say where they connect."""

from __future__ import annotations

from importlib import import_module

from pgfpmlint.catalog.version import PHP, ServerVersion, newest
from pgfpmlint.discover.found import Application, Main
from pgfpmlint.discover.serving import run_by
from pgfpmlint.model.build import WorkerFiles
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.resolve import application as applications
from pgfpmlint.resolve.application import ApplicationReading, Served
from pgfpmlint.resolve.environment import PLAIN

if TYPE_CHECKING:
    from pgfpmlint.resolve.workers import ClientReading, WorkersReading
    from pgfpmlint.source.tree import Root

    Applications = dict[tuple[str, str], ApplicationReading]
    """Those that are read, by the prefix of their root and their folder."""

    Clients = list[tuple[Main, ClientReading]]
    """Readings, each with what was read."""


def clients_of(mains: list[Main]) -> list[tuple[Main, ClientReading]]:
    """What the readers of ``mains`` make of their files."""
    found: list[tuple[Main, ClientReading]] = []
    for main in mains:
        reading: ClientReading | None = import_module(main.reader).read(main.root, main.paths)
        if reading is not None and (reading.workers or reading.fronts or reading.reading.problems):
            found.append((main, reading))
    return found


def application(found: Application, version: ServerVersion, read: Applications) -> ApplicationReading:
    """The reading of an application, which is ``read`` once."""
    key = (found.prefix, found.files.folder)
    if key not in read:
        read[key] = applications.read(found.root, found.files, version)
    return read[key]


def with_served(
    clients: list[tuple[Main, ClientReading]], found: tuple[Application, ...], read: Applications
) -> list[WorkerFiles]:
    """Workers with the applications that they run."""
    workers: list[WorkerFiles] = []
    for main, client in clients:
        for one in client.workers:
            served = run_by(one, main.host.prefix, found)
            if served is not None and served.application is not None:
                reading = application(served.application, newest(PHP), read)
                one = one._replace(served=Served(reading, served.evidence))
            workers += [WorkerFiles(main.host.name, each) for each in _started(one, main.root)]
    return workers


def _started(one: WorkersReading, root: Root) -> list[WorkersReading]:
    """The group itself, or those that Laravel Horizon starts for it."""
    if one.task != "horizon":
        return [one]
    from pgfpmlint.resolve.application.horizon import supervisors

    reading = one.served.application if one.served is not None else None
    if reading is None:
        return []
    environment = reading.environment(one.environment, complete=one.complete, shown=PLAIN)
    return supervisors(one, reading.root or root, reading.files.folder, environment, reading.stage(one.environment))
