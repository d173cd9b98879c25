"""Whether edits do good: the changed tree is read and judged again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pgfpmlint.config import Config, ConfigError
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.finding.finding import Finding
from pgfpmlint.finding.fix import Edit, applied
from pgfpmlint.fix.draft import Draft
from pgfpmlint.options import Options
from pgfpmlint.pipeline import find, lint
from pgfpmlint.reading import read_tree
from pgfpmlint.record import NamedTuple
from pgfpmlint.registry.load import RuleBook
from pgfpmlint.source.text import Source
from pgfpmlint.source.tree import Tree

CAPACITY = "capacity/"
"""The family whose numbers are somebody's decision, and weighed against each other."""

BEHIND = {CAPACITY: (CAPACITY,), "hba/": ("hba/",), "reach/": ("tls/", "hba/"), "tls/": ("tls/",)}
"""Families whose warnings may come to light once errors of another are mended: numbers that just fit leave little room,
a door that asks for a password at last may still do so without TLS, and so may a way that is open at last."""

Where = tuple[str, str]
"""A rule, and a file of which it speaks."""


class View(NamedTuple):
    """A tree as judged. ``outcome`` is what was asked for; ``errors`` and ``warnings`` count those of all rules, asked
    for or not; ``accepted`` are the files, by kind and path, that their server starts with. ``excerpts`` are the texts
    that other files hold."""

    outcome: Outcome
    errors: Counter[Where]
    warnings: Counter[Where]
    accepted: frozenset[tuple[str, str]]
    excerpts: Mapping[str, Source]


class Judge:
    """Looks at one tree with one text or another for some of its files."""

    def __init__(self, tree: Tree, config: Config, options: Options, book: RuleBook | None = None) -> None:
        self._tree = tree
        self._config = config
        self._options = options
        self._book = book

    def look(self, texts: Mapping[str, str]) -> View:
        """The tree with other texts, by shown path."""
        tree = Draft(self._tree, texts)
        outcome = lint(tree, self._config, self._options, self._book)
        every = outcome
        if self._options.select or self._options.ignore:
            unlimited = self._options._replace(select=(), ignore=())
            every = lint(tree, self._config, unlimited, self._book)
        errors, warnings = (
            Counter(_where(found) for found in every.findings if found.severity == severity)
            for severity in ("error", "warning")
        )
        readings = read_tree(find(tree, self._config, self._options)).readings
        accepted = frozenset((one.kind, one.main.source.identity) for one in readings if one.documents and one.accepted)
        sources = [document.source for one in readings for document in one.documents]
        excerpts = {source.identity: source for source in sources if source.identity != source.path}
        return View(outcome, errors, warnings, accepted, excerpts)

    def objection(self, before: View, texts: Mapping[str, str], mended: Sequence[Finding]) -> str:
        """Why edits that mend those findings, and make the tree that of ``texts``, are better left undone; empty where
        all is well."""
        try:
            after = self.look(texts)
        except ConfigError as error:
            return f"the configuration would no longer fit: {error}"
        if len(after.outcome.crashed) > len(before.outcome.crashed):
            return f"{after.outcome.crashed[0].rule} breaks then"
        refused = sorted(before.accepted - after.accepted)
        if refused:
            return f"{refused[0][1]} would no longer be accepted"
        strayed = _strayed(before.excerpts, after.excerpts, mended)
        if strayed:
            return f"{strayed} would hold something else then"
        new = _more(before.errors, after.errors)
        # Of a file that no server took, nobody knew what else is in it.
        if after.accepted <= before.accepted:
            errors = [found.rule for found in mended if found.severity == "error"]
            behind = tuple(
                other
                for rule in errors
                for family, others in BEHIND.items()
                if rule.startswith(family)
                for other in others
            )
            new += [where for where in _more(before.warnings, after.warnings) if not where[0].startswith(behind)]
        if new:
            return f"{new[0][0]} would then be found in {new[0][1]}"
        had, has = _counted(before), _counted(after)
        stays = [where for where, number in Counter(map(_where, mended)).items() if has[where] > had[where] - number]
        return f"{stays[0][0]} would still be found in {stays[0][1]}" if stays else ""


def _strayed(before: Mapping[str, Source], after: Mapping[str, Source], mended: Iterable[Finding]) -> str:
    """The first file within another that would not become what is meant: with the edits in it, if there are any."""
    edits: dict[str, dict[tuple[int, int, str], Edit]] = {}
    for found in mended:
        for edit in found.fix.within if found.fix else ():
            edits.setdefault(edit.place.source.identity, {})[edit.place.start, edit.place.end, edit.text] = edit
    meant = {
        identity: applied(before[identity], every.values()) for identity, every in edits.items() if identity in before
    }
    # One text may be given to several machines; what mends it for one does so for all.
    alike = {(before[identity].text, _bare(text)) for identity, text in meant.items()}
    for identity, source in before.items():
        text = after[identity].text if identity in after else None
        wanted = meant.get(identity, source.text)
        if text == wanted:
            continue
        if text is None or (_bare(text) != _bare(wanted) and (source.text, _bare(text)) not in alike):
            return identity
    return ""


def _bare(text: str) -> str:
    """Without quotes around words: a product may write ``fsync = 'on'`` where a fix says ``fsync = on``."""
    return "\n".join(_unquoted(line) for line in text.split("\n"))


def _unquoted(line: str) -> str:
    name, sign, value = line.partition(" = ")
    word = value[1:-1]
    is_quoted = value[:1] == value[-1:] == "'" and word.replace(".", "").isalnum()
    return f"{name}{sign}{word}" if is_quoted else line


def _more(before: Counter[Where], after: Counter[Where]) -> list[Where]:
    return sorted(where for where, number in after.items() if number > before[where])


def _counted(view: View) -> Counter[Where]:
    return Counter(map(_where, view.outcome.findings))


def _where(found: Finding) -> Where:
    return found.rule, found.at.path
