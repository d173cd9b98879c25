"""Where the reports of one run go: ``--format F``, each with the ``-o FILE`` that follows it, and what CI services set.

All of them tell of the same outcome, so the exit code is one and the same.
"""

from __future__ import annotations

import os
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Sequence

from pgfpmlint.commands import CommandError
from pgfpmlint.console import say, wants_color
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.record import TYPE_CHECKING, NamedTuple
from pgfpmlint.report import REPORTERS, Look, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FOR_LOGS = ("text", "github")
"""Formats that people read in a log; of the others standard output holds one, and nothing else."""


class Output(NamedTuple):
    """One report. No ``format`` yet: a ``-o`` came first. No ``file``: standard output."""

    format: str | None = None
    file: str | None = None


class _Format(Action):
    def __call__(self, parser: ArgumentParser, args: Namespace, value: Any, option: str | None = None) -> None:
        outputs: list[Output] = args.outputs or []
        if outputs and outputs[-1].format is None:  # "-o FILE --format F", as older versions had it
            args.outputs = [*outputs[:-1], outputs[-1]._replace(format=value)]
        else:
            args.outputs = [*outputs, Output(value)]


class _File(Action):
    def __call__(self, parser: ArgumentParser, args: Namespace, value: Any, option: str | None = None) -> None:
        outputs: list[Output] = args.outputs or []
        if outputs and outputs[-1].file is None:
            args.outputs = [*outputs[:-1], outputs[-1]._replace(file=value)]
        else:
            args.outputs = [*outputs, Output(None, value)]


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    known = ", ".join(REPORTERS)
    add(
        "--format",
        dest="outputs",
        action=_Format,
        choices=tuple(REPORTERS),
        metavar="F",
        help=f"how to report: {known}",
    )
    add("-o", "--output", dest="outputs", action=_File, metavar="FILE", help="write the report of the --format before")
    add("--color", choices=("auto", "always", "never"), default="auto", help="whether to colour the report")


def wanted(args: Namespace) -> list[Output]:
    """The reports that were asked for. CommandError where two would go to the same place.

    Where no format is named, the log of a job of GitHub Actions gets annotations below the text."""
    given: list[Output] = args.outputs or [Output()]
    outputs = [output if output.format else output._replace(format="text") for output in given]
    if not args.outputs and os.environ.get("GITHUB_ACTIONS") == "true":
        outputs.append(Output("github"))
    to_screen = [output.format for output in outputs if output.file is None]
    if len(to_screen) > 1 and (len({*to_screen}) < len(to_screen) or not {*to_screen} <= {*FOR_LOGS}):
        formats = " and ".join(f"--format {name}" for name in to_screen)
        raise CommandError(f"{formats} would both go to standard output: let -o FILE follow all of them but one")
    files = [output.file for output in outputs if output.file is not None]
    for file in files:
        if files.count(file) > 1:
            raise CommandError(f"-o {file}: two reports can't go to one file")
    return outputs


def is_for_people(outputs: Sequence[Output]) -> bool:
    """Whether remarks and a summary are of use on standard error."""
    return all(output.file is not None or output.format in FOR_LOGS for output in outputs)


def deliver(
    outcome: Outcome,
    outputs: Sequence[Output],
    args: Namespace,
    failing: Sequence[str],
    tell: Callable[[str], None] = say,
) -> None:
    """Write every report, those that name no file by means of ``tell``. CommandError where a file can't be written;
    nothing is printed then."""
    within, hushed = _within(), os.environ.get("GITHUB_ACTIONS") != "true"
    printed: list[str] = []
    for output in outputs:
        # GitHub opens an alert for each result of SARIF, suppressed or not:
        # https://github.com/github/codeql-action/issues/1230
        color = wants_color(args.color) if output.file is None else args.color == "always"
        text = render(output.format or "text", outcome, Look(color, within, failing, hushed))
        if output.file is None:
            printed.append(text)
        else:
            write(output.file, text)
    if printed:
        tell("".join(printed))


def _within() -> str:
    """Where the working directory lies in the repository of the CI service that runs us, with a slash at its end."""
    for service, root in (("GITHUB_ACTIONS", "GITHUB_WORKSPACE"), ("GITLAB_CI", "CI_PROJECT_DIR")):
        if os.environ.get(service) == "true" and os.environ.get(root):
            path = os.path.relpath(os.getcwd(), os.path.realpath(os.environ[root])).replace(os.sep, "/")
            return "" if path == "." or path.startswith("../") or path == ".." else f"{path}/"
    return ""


def write(name: str, text: str) -> None:
    """The whole file or nothing: it is written beside its place and then put there. A device or pipe is written to."""
    path = os.path.realpath(name)
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            return
        draft = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}")
        try:
            with open(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w", encoding="utf-8", newline="\n"
            ) as file:
                file.write(text)
            if os.path.exists(path):
                os.chmod(draft, os.stat(path).st_mode & 0o7777)
            os.replace(draft, path)
        except OSError:
            if os.path.lexists(draft):
                os.unlink(draft)
            raise
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from None
