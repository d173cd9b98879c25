"""What a client asks about one place in one document."""

from __future__ import annotations

from lsprotocol import types

from pgfpmlint.formats import FORMATS
from pgfpmlint.lsp import accounts, completion, configuration
from pgfpmlint.lsp.actions import actions
from pgfpmlint.lsp.definition import definitions, named, node_names
from pgfpmlint.lsp.diagnostics import Diagnostics
from pgfpmlint.lsp.document import Document
from pgfpmlint.lsp.hover import hover, of_rule, plain, rule_at
from pgfpmlint.lsp.measures import path_of
from pgfpmlint.lsp.picture import Picture
from pgfpmlint.lsp.references import references, words_in
from pgfpmlint.lsp.ruler import MARK, Ruler
from pgfpmlint.lsp.session import Session
from pgfpmlint.lsp.spot import CONFIG, kind_of, read, spot, version_of, word_at
from pgfpmlint.lsp.symbols import symbols
from pgfpmlint.source.text import Place, Source

KINDS = {
    completion.SETTING: types.CompletionItemKind.Property,
    completion.VALUE: types.CompletionItemKind.Value,
    completion.KEYWORD: types.CompletionItemKind.Keyword,
    completion.SECTION: types.CompletionItemKind.Module,
    completion.RULE: types.CompletionItemKind.Reference,
}

TRIGGERS = ["[", "=", ".", "/", ",", " "]


Asked = types.HoverParams | types.CompletionParams | types.DefinitionParams | types.ReferenceParams


class Features:
    """Each asks the session for a picture and answers in the client's terms; None where there is nothing to say."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.markdown = True
        self.versioned_edits = False

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        asked = await self._asked(params)
        if asked is None:
            return None
        document, picture, offset = asked
        kind = kind_of(document.path, picture)
        word = word_at(document.text, offset)
        rule = rule_at(document.text, offset, kind, word, self._session.book)
        if rule is not None:
            words = of_rule(rule)
        else:
            at = spot(document, offset, picture)
            words = hover(at, picture) if at is not None else ""
        if not words:
            return None
        if self.markdown:
            return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, words))
        return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, plain(words)))

    async def complete(self, params: types.CompletionParams) -> list[types.CompletionItem]:
        asked = await self._asked(params)
        if asked is None:
            return []
        document, picture, offset = asked
        kind = kind_of(document.path, picture)
        if kind == CONFIG:
            found = configuration.proposals(document.text, offset, self._session.book, node_names(picture))
        elif kind in FORMATS:
            version = version_of(document.path, kind, picture)
            names = _names(kind, picture.project.shown(document.path), picture)
            found = completion.proposals(kind, version, document.text, offset, self._session.book, names)
        else:
            found = []
        ruler = self._ruler(document)
        return [
            types.CompletionItem(
                label=one.text,
                kind=KINDS[one.sort],
                detail=one.brief or None,
                documentation=one.tells or None,
                filter_text=one.text,
                text_edit=types.TextEdit(ruler.range(one.start, offset), one.text),
            )
            for one in found
        ]

    async def define(self, params: types.DefinitionParams) -> list[types.Location]:
        asked = await self._asked(params, fresh=True)
        if asked is None:
            return []
        document, picture, offset = asked
        measures = self._session.measures(picture)
        places: list[Place] = []
        if kind_of(document.path, picture) == CONFIG:
            places = named(word_at(document.text, offset), picture)
        elif (at := spot(document, offset, picture)) is not None:
            places = definitions(at, picture)
        return [measures.location(place) for place in places]

    async def refer(self, params: types.ReferenceParams) -> list[types.Location]:
        asked = await self._asked(params, fresh=True)
        if asked is None:
            return []
        document, picture, offset = asked
        measures = self._session.measures(picture)
        if kind_of(document.path, picture) == CONFIG:
            word = word_at(document.text, offset)
            if not named(word, picture):
                return []
            own = Source(picture.project.shown(document.path), document.text)
            places = [*named(word, picture), *(own.place(at, at + len(word)) for at in words_in(document.text, word))]
        else:
            at = spot(document, offset, picture)
            places = references(at, picture) if at is not None else []
        return [measures.location(place) for place in places]

    async def act(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        path = path_of(params.text_document.uri)
        picture = await self._session.fresh(path) if path is not None else None
        document = self._session.documents.get(path) if path is not None else None
        if picture is None or document is None or picture.documents.get(document.path) != document:
            return []
        measures = self._session.measures(picture)
        shown = picture.project.shown(document.path)
        made = Diagnostics(measures, related=self._session.shows_related)
        found = [
            (finding, made.of(finding))
            for finding in picture.outcome.findings
            if finding.at.path == shown and _touch(measures.range(finding.at), params.range)
        ]
        return actions(found, picture, measures, versioned=self.versioned_edits)

    async def outline(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = self._document(params.text_document.uri)
        picture = await self._picture(document) if document is not None else None
        if document is None or picture is None:
            return []
        kind = kind_of(document.path, picture)
        return symbols(read(document, kind, picture), self._ruler(document)) if kind in FORMATS else []

    async def _asked(self, params: Asked, *, fresh: bool = False) -> tuple[Document, Picture, int] | None:
        document = self._document(params.text_document.uri)
        if document is None:
            return None
        picture = await (self._session.fresh(document.path) if fresh else self._picture(document))
        if picture is None:
            return None
        return document, picture, self._ruler(document).offset(params.position)

    async def _picture(self, document: Document) -> Picture | None:
        """The latest one; only where there is none yet the first is waited for."""
        return self._session.picture(document.path) or await self._session.fresh(document.path)

    def _document(self, uri: str) -> Document | None:
        path = path_of(uri)
        return self._session.documents.get(path) if path is not None else None

    def _ruler(self, document: Document) -> Ruler:
        return Ruler(document.text, self._session.encoding, marked=document.text.startswith(MARK))


def _names(kind: str, shown: str, picture: Picture) -> completion.Known:
    """What other files speak of, as far as that kind of file has a place for it."""
    if kind in completion.IDENTS:
        uses = accounts.names(accounts.uses_of_maps(shown, picture))
        return completion.Known(maps=tuple(uses), roles=tuple(accounts.roles(shown, picture)))
    if kind in ("pgbouncer.ini", "userlist.txt"):
        return completion.Known(users=tuple(accounts.names(accounts.users(shown, picture))))
    return completion.Known()


def _touch(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges have a line in common: editors ask for the cursor's line, or its place alone."""
    return one.start.line <= other.end.line and other.start.line <= one.end.line
