"""The manual page and the shells' completions, made from the commands themselves when the package is built.

A run needs neither argparse-manpage nor shtab; only a build does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pgfpmlint import __version__
from pgfpmlint.commands.completion import SHELLS
from pgfpmlint.commands.usage import whole

PAGE = "pgfpmlint.1"

SECTIONS = {
    "EXIT STATUS": """\
.TP
.B 0
linted, and nothing at or above \\fB\\-\\-fail\\-on\\fR
.TP
.B 1
linted, and at least one finding at or above it; \\fBbudget\\fR: connections will be refused; \\fBtrace\\fR: a path is
certainly rejected; \\fBmatch\\fR: no record surely admits; \\fBeffective\\fR: the server refuses the file
.TP
.B 2
could not lint: bad usage, a bad configuration, nothing to lint, an internal error; standard error says which""",
    "FILES": """\
.TP
.I .pgfpmlint.yaml
what the files can't say, and which rules run how; the one nearest to a \\fIPATH\\fR, looked for up to the repository's
root. \\fBpgfpmlint init\\fR writes a first one, \\fBpgfpmlint schema\\fR prints its JSON Schema.""",
    "ENVIRONMENT": """\
.TP
.B NO_COLOR
no colours, whatever standard output is
.TP
.B PGFPMLINT_DEBUG
with 1, an internal error shows its text and traceback, which may quote the files that were linted""",
    "EXAMPLES": """\
.TP
.B pgfpmlint check /etc
audit the machine that it runs on
.TP
.B pgfpmlint check \\-\\-select capacity/,pooling/ hosts/
one question to a repository
.TP
.B pgfpmlint effective \\-\\-server\\-version 16 postgresql.conf
what PostgreSQL 16 would run with""",
}
"""What the parser doesn't know, as roff (https://man7.org/linux/man-pages/man7/groff_man.7.html)."""


def write(folder: Path, rules: Sequence[str]) -> None:
    """The page and a completion for each shell, in ``folder``. ``rules`` are the ids that options and ``pgfpmlint
    rule`` complete to. The page bears the day's date, or that of SOURCE_DATE_EPOCH
    (https://reproducible-builds.org/specs/source-date-epoch/)."""
    import shtab

    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(page(), encoding="utf-8")
    for shell, name in SHELLS.items():
        parser, commands = whole()
        for action in (action for command in commands.values() for action in command._actions):
            if action.metavar in ("PATH", "FILE"):
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab's way to be told
            elif action.metavar in ("DIR", "FOLDER"):
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
            elif action.metavar in ("ID", "IDS"):
                action.choices = rules
        (folder / name).write_text(shtab.complete(parser, shell=shell), encoding="utf-8")


def page() -> str:
    """pgfpmlint(1), in roff."""
    from argparse_manpage.manpage import Manpage

    about = {
        "project_name": "pgfpmlint",
        "version": __version__,
        "manual_title": "General Commands Manual",
        "description": "lint PostgreSQL, PgBouncer and PHP-FPM configuration, file by file and together",
    }
    manual = Manpage(whole()[0], about, "single-commands-section")
    for heading, content in SECTIONS.items():
        manual.add_section(heading, ">", content)
    return str(manual)
