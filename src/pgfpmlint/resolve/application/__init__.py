"""What a PHP application's files say of its databases: .env, Laravel's and Doctrine's configuration, code.

The files are read once; what they come to depends on the environment that a pool gives its workers.
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.problem import Label
from pgfpmlint.formats import parse
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.resolve.application.files import ApplicationFiles
from pgfpmlint.resolve.connection import Connection, Connections, Loose
from pgfpmlint.resolve.environment import FPM, Environment
from pgfpmlint.resolve.settings import Effective, Reading, Unread
from pgfpmlint.source import paths
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Root, Unreadable
from pgfpmlint.syntax.document import Document

if TYPE_CHECKING:
    from pgfpmlint.formats.php_code import Code


class ApplicationReading(NamedTuple):
    """One application. ``envs`` are its parsed .env files by name; ``codes`` its parsed PHP by machine path. ``uses``
    are connections of Laravel's that its code asks for by name, ``root`` is where its files lie."""

    reading: Reading
    files: ApplicationFiles
    envs: Mapping[str, Document]
    codes: Mapping[str, Code]
    documents: Mapping[str, Document]
    uses: Mapping[str, Label] = {}
    root: Root | None = None

    @property
    def is_symfony(self) -> bool:
        return bool(self.files.doctrine) or ".env.local" in self.envs

    @property
    def is_only_code(self) -> bool:
        """Whether no framework's configuration is there, which its code would follow."""
        return not self.files.laravel and not self.files.cached and not self.files.doctrine

    @property
    def settings(self) -> Mapping[str, Effective]:
        """What its files say of databases, the environment of no pool given: what ``pgfpmlint effective`` shows."""
        from pgfpmlint.resolve.application.settings import settings

        return settings(self)

    def environment(self, own: Mapping[str, Effective], *, complete: bool = True, shown: str = FPM) -> Environment:
        """What a worker sees whose pool sets ``own``, in variables that are written as ``shown``. ``complete``: nothing
        else reaches it (``clear_env``)."""
        stage = self.stage(own)
        names = [".env", ".env.local", f".env.{stage}", f".env.{stage}.local"] if self.is_symfony else [".env"]
        if not self.is_symfony and "APP_ENV" in own and f".env.{stage}" in self.envs:
            names = [f".env.{stage}"]
        names += [name for name in self.envs if not name.startswith(".env")]  # what the user names
        files = tuple(self.envs[name] for name in names if name in self.envs)
        return Environment(own, files, like_shell=self.is_symfony, complete=complete and bool(files), shown=shown)

    def stage(self, own: Mapping[str, Effective]) -> str:
        """APP_ENV: prod, dev."""
        files = tuple(self.envs[name] for name in (".env", ".env.local") if name in self.envs)
        return Environment(own, files).text("APP_ENV") or ("dev" if self.files.doctrine else "production")

    def connections(
        self, own: Mapping[str, Effective], *, complete: bool = True, shown: str = FPM
    ) -> Connections | None:
        """What its configuration and its code say; None where only the environment can."""
        environment = self.environment(own, complete=complete, shown=shown)
        found: list[Connections] = []
        if self.files.laravel is not None or self.files.cached is not None:
            found.append(self._of_laravel(environment))
        if self.files.doctrine:
            from pgfpmlint.resolve.application import doctrine

            stage = self.stage(own)
            sources = tuple(self.documents[path].source for path in self.files.doctrine if path in self.documents)
            found.append(doctrine.connections(sources, environment, stage, self._parameters(stage)))
        if self.files.code:
            from pgfpmlint.resolve.application import php_calls
            from pgfpmlint.resolve.application.php_literal import Evaluator

            codes = [self.codes[path] for path in self.files.code if path in self.codes]
            found += [php_calls.connections(Evaluator(code, environment)) for code in codes]
        return _together(found) if any(one.known or one.other or one.unclear for one in found) else None

    def _parameters(self, stage: str) -> tuple[Source, ...]:
        """The files of parameters that Symfony reads in that environment, the strongest last."""
        documents = [self.documents[path] for path in self.files.parameters if path in self.documents]
        of_stage = [one for one in documents if paths.name(one.path) in ("services.yaml", f"services_{stage}.yaml")]
        named = " ".join(one.source.text for one in of_stage)
        imported = [one for one in documents if one not in of_stage and paths.name(one.path) in named]
        return tuple(one.source for one in (*imported, *of_stage))

    def _of_laravel(self, environment: Environment) -> Connections:
        from pgfpmlint.resolve.application import laravel
        from pgfpmlint.resolve.application.php_literal import Evaluator, Table

        # With a cached configuration Laravel reads neither .env nor config/: what it holds has been filled in.
        cached = self.codes.get(self.files.cached or "")
        if cached is not None:
            whole = Evaluator(cached, Environment()).returned()
            database = whole.get("database") if whole is not None else None
            return laravel.connections(database, self.uses) if isinstance(database, Table) else Connections()
        code = self.codes.get(self.files.laravel or "")
        config = Evaluator(code, environment).returned() if code is not None else None
        return laravel.connections(config, self.uses) if config is not None else Connections()


class Served(NamedTuple):
    """The application that a pool serves, and what says so; where that can't be told, ``application`` is None and
    ``why`` is words for people."""

    application: ApplicationReading | None
    evidence: tuple[Label, ...] = ()
    why: str = ""


def read(root: Root, files: ApplicationFiles, version: ServerVersion) -> ApplicationReading:
    """Read and parse what there is; nothing here is an error to a server."""
    documents: dict[str, Document] = {}
    unread: list[Unread] = []
    for path in files.all:
        kind = "doctrine" if path in files.doctrine + files.parameters else "env" if path in files.envs else "php"
        try:
            documents[path] = parse(kind, root.read(path), path, version)
        except Unreadable as error:
            unread.append(Unread(root.shown(path), error.why, None, not error.missing))
    envs = {paths.name(path): documents[path] for path in files.envs if path in documents}
    codes: dict[str, Code] = {}
    for path, document in documents.items():
        if document.kind == "php":
            from pgfpmlint.formats.php_code import Code

            codes[path] = Code(document.source)
    kind = "env" if files.envs else "php" if codes else "doctrine"
    reading = Reading(kind, version, tuple(documents.values()), (), tuple(unread))
    uses: Mapping[str, Label] = {}
    config = codes.get(files.laravel or "")
    if config is not None:
        from pgfpmlint.resolve.application import laravel_uses

        uses = laravel_uses.uses(root, files.folder, config, [codes[path] for path in files.code if path in codes])
    return ApplicationReading(reading, files, envs, codes, documents, uses, root)


def _together(found: list[Connections]) -> Connections:
    known = [one for each in found for one in each.known]
    unclear = tuple(one for each in found for one in each.unclear)
    other = next((each.other for each in found if each.other is not None), None)
    for loose in (one for each in found for one in each.loose):
        at = _sender(loose, known, alone=not unclear and other is None)
        if at is not None:
            known[at] = known[at].sending(loose.session_sql)
    return Connections(tuple(known), None if known else other, unclear)


def _sender(loose: Loose, known: list[Connection], *, alone: bool) -> int | None:
    """Which of the application's connections the statements go over; None where that can't be told. ``alone``: there
    are no others than ``known``."""
    from pgfpmlint.resolve.application.php_calls import is_facade

    if not is_facade(loose.receiver):
        return 0 if alone and len(known) == 1 else None
    # Laravel's facade speaks of the default connection unless told a name, and of its other half where it only reads.
    _, named, quoted = loose.receiver.partition("connection(")
    name = quoted[1:-2] if named else ""
    fitting = [at for at, one in enumerate(known) if (one.name == name if named else one.name and one.used is None)]
    wanted = "reading" if loose.verb in ("scalar", "select", "selectone") else "writing"
    roles = [at for at in fitting if known[at].role == wanted]
    chosen = roles or fitting
    return chosen[0] if len(chosen) == 1 else None


def values(found: ApplicationReading) -> dict[str, object]:
    """Variables that are about databases, and connections, by name."""
    return {name: one.value for name, one in found.settings.items() if one.value is not None}
