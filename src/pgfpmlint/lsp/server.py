"""The protocol: what the client asks, and who answers. https://microsoft.github.io/language-server-protocol/"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Awaitable
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from pgfpmlint import __version__
from pgfpmlint.breakage import breakage
from pgfpmlint.lsp.diagnostics import NAME
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.features import TRIGGERS, Features
from pgfpmlint.lsp.measures import path_of
from pgfpmlint.lsp.session import Session
from pgfpmlint.options import Options
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.report.snippet import Screen

T = TypeVar("T")

WATCHED = "**/{*.conf,*.ini,*.txt,*.sql,*.php,*.yaml,*.yml,*.toml,*.j2,*.service,.env*}"
"""Files whose change on the disk may change a finding."""


class Server(LanguageServer):
    """The session behind the protocol. Whole texts are synchronised: configuration files are small, and nobody has to
    agree with the client on what a line is."""

    def __init__(self, book: RuleBook, options: Options) -> None:
        super().__init__(NAME, __version__, types.TextDocumentSyncKind.Full)
        self.said_goodbye = False
        self.session = Session(book, options, self._publish, self.tell)
        self.features = Features(self.session)

    def tell(self, words: str) -> None:
        """Into the client's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, Screen().words(words)))

    async def safely(self, answer: Awaitable[T], otherwise: T) -> T:
        """The answer; ``otherwise`` where finding it breaks something, which goes into the log."""
        try:
            return await answer
        except Exception as error:
            self.tell(f"internal error: {breakage(error)}")
            return otherwise

    def report_server_error(self, error: Exception, source: object) -> None:
        """What breaks is logged; nobody is disturbed while typing. Who asked for it is answered anyway."""
        if source is not FeatureRequestError:
            self.tell(f"internal error: {breakage(error)}")

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))


def serve(book: RuleBook, options: Options) -> int:
    """Answer until the client says goodbye, which is 0, or goes away, which is 1.

    Standard output is the protocol's from here on: whatever else would print there goes to standard error."""
    # The libraries log what they were sent, texts with secrets among it.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    logging.getLogger("pygls").propagate = False
    server = made(book, options)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:
        sys.stdout = sys.stderr
        server.start_io(sys.stdin.buffer, stdout)
    server.session.end()
    return int(not server.said_goodbye)


def made(book: RuleBook, options: Options) -> Server:
    server = Server(book, options)
    _begin_and_end(server)
    _follow_documents(server)
    _follow_files(server)
    _answer(server)
    return server


def _begin_and_end(server: Server) -> None:
    session = server.session

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.encoding = str(server.workspace.position_encoding)
        session.folders = _folders(server)
        text = params.capabilities.text_document
        published = text.publish_diagnostics if text else None
        session.shows_related = bool(published and published.related_information)
        edits = params.capabilities.workspace.workspace_edit if params.capabilities.workspace else None
        server.features.versioned_edits = bool(edits and edits.document_changes)
        formats = text.hover.content_format if text and text.hover else None
        server.features.markdown = types.MarkupKind.Markdown in (formats or ())

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
            watch = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            server.client_register_capability(types.RegistrationParams([watch]))

    @server.feature(types.SHUTDOWN)
    def ended(params: None) -> None:
        server.said_goodbye = True
        session.end()


def _follow_documents(server: Server) -> None:
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        path = path_of(item.uri)
        if path is not None:
            session.opened(Document(item.uri, path, item.version, item.text))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        item = params.text_document
        path = path_of(item.uri)
        if path is not None and params.content_changes:
            session.changed(Document(item.uri, path, item.version, params.content_changes[-1].text))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            session.closed(path)


def _follow_files(server: Server) -> None:
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        session.stirred()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def stirred(params: types.DidChangeWatchedFilesParams) -> None:
        session.stirred()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def moved(params: types.DidChangeWorkspaceFoldersParams) -> None:
        session.folders = _folders(server)
        session.stirred()


def _answer(server: Server) -> None:
    features = server.features

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await server.safely(features.hover(params), None)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    async def complete(params: types.CompletionParams) -> list[types.CompletionItem]:
        return await server.safely(features.complete(params), [])

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def define(params: types.DefinitionParams) -> list[types.Location]:
        return await server.safely(features.define(params), [])

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def refer(params: types.ReferenceParams) -> list[types.Location]:
        return await server.safely(features.refer(params), [])

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def act(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await server.safely(features.act(params), [])

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outline(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        return await server.safely(features.outline(params), [])


def _folders(server: Server) -> list[str]:
    uris = [folder.uri for folder in server.workspace.folders.values()]
    if not uris and server.workspace.root_uri is not None:
        uris = [server.workspace.root_uri]
    return [path for uri in uris if (path := path_of(uri)) is not None]
