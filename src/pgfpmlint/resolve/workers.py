"""Processes that connect to PostgreSQL and are no PHP-FPM: how many of them there are, and what each holds.

Every kind (Apache with mod_dbd, programs of supervisor, pools of Node …) reads its own files and says here what it
found; what follows from that is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.settings import Effective
from pgfpmlint.source import paths
from pgfpmlint.source.text import Place

if TYPE_CHECKING:
    from pgfpmlint.resolve.application import Served
    from pgfpmlint.resolve.connection import Connections
    from pgfpmlint.resolve.nginx import NginxReading
    from pgfpmlint.resolve.settings import Reading


class Factor(NamedTuple):
    """One number of a product, and what it counts in the words of its setting: ``numprocs``, ``DBDMax``. ``number`` is
    None where nobody can tell; ``place`` is where it stands, if anywhere. ``setting`` is what changes it, where the
    words say more than that."""

    number: int | None
    words: str
    place: Place | None = None
    setting: str = ""

    @property
    def said(self) -> str:
        """``5 numprocs``."""
        return f"{'?' if self.number is None else self.number} {self.words}"


def product(factors: Iterable[Factor]) -> int | None:
    """1 for none; None where one of them can't be known."""
    total = 1
    for factor in factors:
        if factor.number is None:
            return None
        total *= max(0, factor.number)
    return total


class WorkersReading(NamedTuple):
    """One group of processes of one machine. ``service`` names it on its host, ``kind`` is what runs it.

    ``processes`` are the factors of how many there are, ``each`` those of how many connections one of them may hold to
    each database that it uses. ``place`` stands for the group. Where it connects is said by ``connections``, or by the
    application that it runs (``folder`` is a machine path inside it, ``framework`` is ``laravel`` or
    ``symfony`` where the command tells, ``served`` that application once it is found),
    or by its ``environment``; ``complete``: nothing else reaches that. ``user`` is whom the processes run as.
    ``deployed``: a deployment of the application replaces them. ``php``: they are PHP, and take the memory that the
    configuration declares for a PHP worker. ``task`` is what a framework is asked to do: ``queue:work``.
    Groups with the same ``shared`` are the same processes: a request of one takes the process from the others.
    """

    kind: str
    service: str
    place: Place
    processes: tuple[Factor, ...]
    each: tuple[Factor, ...] = ()
    connections: Connections | None = None
    environment: Mapping[str, Effective] = {}
    complete: bool = False
    folder: str = ""
    framework: str = ""
    served: Served | None = None
    user: Effective | None = None
    deployed: bool = True
    php: bool = False
    task: str = ""
    shared: str = ""


class ClientReading(NamedTuple):
    """What one reader of a further kind of client found: the groups, and the reading of the files that say so.
    ``fronts`` are web servers among them that pass requests to PHP-FPM."""

    reading: Reading
    workers: tuple[WorkersReading, ...]
    fronts: tuple[NginxReading, ...] = ()


def of_command(
    kind: str,
    service: str,
    text: str,
    place: Place,
    processes: tuple[str, int | None, Place | None],
    *,
    folder: str = "",
    environment: Mapping[str, Effective],
) -> WorkersReading | None:
    """What runs the command line ``text`` as many times as ``processes`` say (the setting's word, the number and its
    place). None for servers that are read from their own files.

    A worker of PHP holds one connection for each address that its application names: a framework opens it at first use
    and keeps it until the process ends. Of other programs nobody can tell how many they open.
    """
    from pgfpmlint.resolve.command import command

    found = command(text)
    if found.is_server or not found.program:
        return None
    words, number, where = processes
    factors: tuple[Factor, ...] = (Factor(number, words, where or place),)
    if found.workers is not None:
        digits = found.workers
        factors += (Factor(int(digits) if digits.isdigit() else None, "--workers", place),)
    inside = paths.folder(found.script) if found.script.startswith("/") else folder
    if found.script and not found.script.startswith("/") and folder:
        inside = paths.folder(paths.join(folder, found.script))
    return WorkersReading(
        kind,
        service,
        place,
        factors,
        () if found.php else (Factor(None, "connections of a process", place),),
        environment=environment,
        complete=True,  # whoever keeps a .env sets the rest nowhere else
        folder=inside if found.php else "",
        framework=found.framework,
        php=found.php,
        task=found.task,
    )
