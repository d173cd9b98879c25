"""What one file of a tree is, as far as it tells itself: by the configuration's word, its name or its content."""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.config import Config, ConfigError, Word
from pgfpmlint.config.patterns import FromConfig, pattern
from pgfpmlint.discover import content, names
from pgfpmlint.discover.found import FoundFile, Options
from pgfpmlint.discover.hosts import Machines
from pgfpmlint.discover.names import FPM, POSTGRES, SQL, Guess
from pgfpmlint.formats import FORMATS
from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.source import paths
from pgfpmlint.source.tree import Entry, Tree, Unreadable

if TYPE_CHECKING:
    from pgfpmlint.discover.templates import Templates

GIVEN = "given by name"
NOT_TOLD = "nothing tells what it is"


class Recognition:
    """Looks at one file after the other. ConfigError where the configuration or ``--as`` says what can't be meant."""

    def __init__(self, tree: Tree, machines: Machines, config: Config, options: Options) -> None:
        self._machines = machines
        self._kind = options.kind
        if options.kind is not None:
            _known_kind(options.kind, "--as")
        self._from_config = FromConfig(tree.where, config.folder).path
        self._exclude = [(pattern(word), word) for word in config.files.exclude]
        self._kinds = [(pattern(word), kind) for word, kind in reversed(config.files.kinds)]
        self._templates: Templates | None = None
        for _, kind in self._kinds:
            _known_kind(kind.text, f"{kind.place.path}:{kind.place.line}")

    def excluded(self, shown: str) -> Word | None:
        """The pattern under ``exclude:`` that fits."""
        if not self._exclude:
            return None
        path = self._from_config(shown)
        return next((word for pattern, word in self._exclude if path and pattern.fits(path)), None)

    def worth_a_look(self, entries: list[Entry]) -> Iterator[Entry]:
        """The entries that `at` may find anything in: passes quickly over the many other files of a repository."""
        ours = dict.fromkeys(names.EXTENSIONS, True)
        for entry in entries:
            path = entry[0]
            extension = path[path.rfind(".") + 1 :]
            if extension not in ours:
                ours[extension] = bool(self._kinds) or names.marks_spare(extension)
            rare = names.RARE.get(extension)
            wanted = ours[extension] and (rare is None or rare in path or self._kinds)
            if wanted and extension == SQL and not (self._kinds or entry.named):
                from pgfpmlint.discover import scripts

                wanted = scripts.may_set_up_a_server(path)
            if wanted or entry.named or entry.unreadable is not None:
                yield entry

    def at(self, entry: Entry) -> FoundFile | None:
        """None for a file that has nothing to do with us."""
        name = paths.name(entry.path)
        plain, spare = names.told(name)
        said = self._said(entry)
        if name.endswith(f".{SQL}") and not said:
            return self._script(entry)
        if not (said or plain or entry.named or entry.unreadable):
            return None
        folders = entry.path.split("/")[:-1]
        is_short = names.is_template(name) and name.rpartition(".")[0] in names.STEMS
        guess = said or (names.by_name(folders, plain, is_short=is_short) if plain else None)
        if guess is None and plain == name:
            guess = names.by_folder(folders, name)
        known = guess is not None or entry.named or (entry.unreadable is not None and names.is_ours(name))
        if not known and (entry.unreadable or spare or not names.may_tell_itself(folders, name)):
            return None
        word = self.excluded(entry.path)
        if word is not None and not known:
            return None
        host, path = self._machines.of(entry.path)
        kind, why = (guess.kind, guess.why) if guess else ("", GIVEN)
        file = FoundFile(entry.path, host, path, kind, why, named=entry.named)
        if word is not None:
            return file._replace(skipped=f"excluded in {word.place.path}:{word.place.line}")
        if entry.unreadable:
            return file._replace(unreadable=entry.unreadable)
        template = names.is_template(name)
        if spare and not said and not template:
            return file._replace(skipped=spare)
        try:
            text = host.root.read(path).text if known else host.root.head(path)
        except Unreadable as error:
            if not known or (entry.link is not None and host.root.is_folder(path)):
                return None
            return file._replace(unreadable=f"links to {entry.link}: {error.why}" if entry.link else error.why)
        is_final = said is not None and self._kind is not None and entry.named  # --as means the text as it stands
        if template or (guess is not None and not is_final and content.placeholder(text) is not None):
            return self._template(file, guess, plain or name, named=entry.named, said=bool(said))
        return file if said else judged(file, guess, text, named=entry.named)

    def _template(
        self, file: FoundFile, guess: Guess | None, plain: str, *, named: bool, said: bool
    ) -> FoundFile | None:
        """A file that something fills in before a server reads it, by its extension or by what it holds."""
        from pgfpmlint.discover.templates import KINDS, Templates

        self._templates = self._templates or Templates()
        if file.kind and file.kind not in KINDS:
            return file if said else judged(file, guess, file.host.root.read(file.path).text, named=named)
        try:
            source = self._templates.filled(file.host, file.path, plain)
        except Unreadable as error:
            return file._replace(skipped=error.why)
        if source is None:  # a template's name, and nothing to fill in
            return file if said else judged(file, guess, file.host.root.read(file.path).text, named=named)
        found = file if said else judged(file, guess, source.text, named=named, filled=True)
        if found is None or not found.kind or found.skipped:
            return found
        return self._templates.placed(found, plain, source)

    def _script(self, entry: Entry) -> FoundFile | None:
        """A file of SQL: of another database's, of an application's, or one that sets up a server of ours."""
        from pgfpmlint.discover import scripts

        word = self.excluded(entry.path)
        host, path = self._machines.of(entry.path)
        file = FoundFile(entry.path, host, path, SQL, GIVEN, named=entry.named)
        if word is not None:
            skipped = f"excluded in {word.place.path}:{word.place.line}"
            return file._replace(skipped=skipped) if entry.named else None
        try:
            text = host.root.head(path)
            why = scripts.why(entry.path, text, named=entry.named)
            if why:
                host.root.read(path)
        except Unreadable as error:
            return file._replace(unreadable=entry.unreadable or error.why) if entry.named else None
        line = content.placeholder(text) if why else None
        if line is not None:
            return file._replace(skipped=content.TEMPLATE.format(line))
        if not why:
            return file._replace(kind="", skipped=NOT_TOLD) if entry.named else None
        return file._replace(why=why)

    def _said(self, entry: Entry) -> Guess | None:
        """What ``--as`` or ``kinds:`` says."""
        if self._kind is not None and entry.named:
            return Guess(self._kind, f"--as {self._kind}", True)
        if self._kinds:
            path = self._from_config(entry.path)
            for pattern, kind in self._kinds:
                if path and pattern.fits(path):
                    return Guess(kind.text, f"kinds: in {kind.place.path}:{kind.place.line}", True)
        return None


def judged(file: FoundFile, guess: Guess | None, text: str, *, named: bool, filled: bool = False) -> FoundFile | None:
    """``file``, whose name promises ``guess``, after a look at its text; ``filled``: placeholders are out of it."""
    sealed = content.sealed(text) if guess else ""
    if guess is not None and sealed:
        return file._replace(skipped=sealed)
    line = content.placeholder(text) if guess and not filled else None
    if guess is not None and line is None and guess.sure and guess.kind in (POSTGRES, FPM) and content.is_foreign(text):
        guess = None
    elif guess is not None and guess.kind in names.PROXIES and not guess.sure:
        from pgfpmlint.discover.proxies import shown_by

        said = shown_by(guess.kind, text)
        guess = guess._replace(why=f"{guess.why}: {said}") if said else None
    elif line is None and (guess is None or not guess.sure):
        shown = content.by_content(text, guess.kind if guess else "")
        if shown and shown.why == content.NO_WORDS and names.is_strange(file.shown.split("/")[:-1]):
            shown = None  # sysctl.d/30-postgresql-shm.conf, as Debian ships it
        guess = shown and Guess(shown.kind, f"{guess.why if guess else 'content'}: {shown.why}", True)
        line = content.placeholder(text) if guess and not filled else None
    if guess is None:
        return file._replace(kind="", why=GIVEN, skipped=NOT_TOLD) if named else None
    skipped = content.TEMPLATE.format(line) if line is not None else ""
    return file._replace(kind=guess.kind, why=guess.why, skipped=skipped or names.is_idle(file.path))


def _known_kind(kind: str, where: str) -> None:
    if kind not in FORMATS:
        from pgfpmlint.catalog.nearest import nearest

        meant = nearest(kind, FORMATS)
        hint = f"did you mean {meant!r}?" if meant else f"there are: {', '.join(FORMATS)}"
        raise ConfigError(f"{where}: unknown kind {kind!r}; {hint}")
