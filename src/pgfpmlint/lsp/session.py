"""What an editor has open, and the latest picture of each project that belongs to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from lsprotocol.types import Diagnostic

from pgfpmlint.breakage import breakage
from pgfpmlint.lsp.diagnostics import Diagnostics
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.measures import Measures, uri_of
from pgfpmlint.lsp.picture import Picture, take
from pgfpmlint.lsp.project import Project, project_of
from pgfpmlint.lsp.ruler import UTF16
from pgfpmlint.lsp.schedule import Schedule
from pgfpmlint.options import Options
from pgfpmlint.registry.load import RuleBook

Publish = Callable[[str, "int | None", "list[Diagnostic]"], None]
"""Called with a document's URI, its version (None unless it is open), and all that is to be said of it."""

Tell = Callable[[str], None]
"""Called with what went wrong inside, for the client's log."""


class Work:
    """One project being looked after."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.picture: Picture | None = None
        self.shown: dict[str, list[Diagnostic]] = {}
        """What was published last, by absolute path."""


class Session:
    """``folders`` are the editor's own (absolute), ``documents`` those that are open, by absolute path."""

    def __init__(self, book: RuleBook, options: Options, publish: Publish, tell: Tell) -> None:
        self.book = book
        self.folders: list[str] = []
        self.documents: dict[str, Document] = {}
        self.encoding = UTF16
        self.shows_related = True
        self._options = options
        self._publish = publish
        self._tell = tell
        self._works: dict[Project, Work] = {}
        # One run at a time, whatever number of projects there are.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="lint")

    def opened(self, document: Document) -> None:
        self.documents[document.path] = document
        self._work(self.project(document.path)).schedule.ask(urgent=True)

    def changed(self, document: Document) -> None:
        self.documents[document.path] = document
        self._work(self.project(document.path)).schedule.ask()

    def closed(self, path: str) -> None:
        if self.documents.pop(path, None) is not None:
            self._work(self.project(path)).schedule.ask()

    def stirred(self) -> None:
        """Files have changed on the disk, or the editor's folders."""
        kept = {self.project(path) for path in self.documents}
        for project in [project for project in self._works if project not in kept]:
            self._drop(project)
        for project in kept:
            self._work(project).schedule.ask()

    def project(self, path: str) -> Project:
        return project_of(path, self.folders)

    def picture(self, path: str) -> Picture | None:
        """The latest one, which may be older than the text."""
        work = self._works.get(self.project(path))
        return work.picture if work is not None else None

    async def fresh(self, path: str) -> Picture | None:
        """One that holds all that has been typed."""
        work = self._works.get(self.project(path))
        if work is None:
            return None
        await work.schedule.settled()
        return work.picture

    def measures(self, picture: Picture) -> Measures:
        return Measures(picture.project, picture.documents, self.encoding)

    def end(self) -> None:
        for work in self._works.values():
            work.schedule.cancel()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _work(self, project: Project) -> Work:
        if project not in self._works:

            async def run() -> None:
                await self._lint(project)

            self._works[project] = Work(Schedule(run))
        return self._works[project]

    def _drop(self, project: Project) -> None:
        work = self._works.pop(project)
        work.schedule.cancel()
        for path in work.shown:
            self._publish(self._uri(path), None, [])

    async def _lint(self, project: Project) -> None:
        work = self._works[project]
        earlier = work.picture.config if work.picture is not None else None
        documents = dict(self.documents)
        loop = asyncio.get_running_loop()
        try:
            picture = await loop.run_in_executor(
                self._worker, take, project, documents, self._options, self.book, earlier
            )
            work.picture = picture
            self._show(work, picture)
        except Exception as error:  # whatever breaks, the editor keeps its server
            self._tell(f"internal error: {breakage(error)}")
            return
        for crash in picture.outcome.crashed:
            self._tell(f"internal error: {crash.rule}: {crash.error}")

    def _show(self, work: Work, picture: Picture) -> None:
        """Publish what is new. Of a document that has changed since, the next run will tell."""
        found = Diagnostics(self.measures(picture), related=self.shows_related)
        by_path = {
            path: told
            for shown, told in found.by_path(picture.outcome, picture.fault).items()
            if self._is_of(path := picture.project.path(shown), picture.project)
        }
        for path in {**work.shown, **by_path, **dict.fromkeys(self._own(picture.project))}:
            taken, now = picture.documents.get(path), self.documents.get(path)
            told = by_path.get(path, [])
            if taken != now or (now is None and told == work.shown.get(path, [])):
                continue
            self._publish(self._uri(path), now.version if now is not None else None, told)
            if told:
                work.shown[path] = told
            else:
                work.shown.pop(path, None)

    def _is_of(self, path: str, project: Project) -> bool:
        """Whether the project is the one that tells of the file: each is told of once. What a file on its own includes
        is told of with that file, unless it is open itself."""
        own = self.project(path)
        return own == project or bool(project.file and own.file and path not in self.documents)

    def _own(self, project: Project) -> Iterator[str]:
        """Documents that are open and belong to the project; of each of them the client wants to know that it is
        clean."""
        return (path for path in self.documents if self.project(path) == project)

    def _uri(self, path: str) -> str:
        document = self.documents.get(path)
        return document.uri if document is not None else uri_of(path)
