"""What a Dockerfile puts into an image, as far as that is plain: https://docs.docker.com/reference/dockerfile/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pgfpmlint.manifests.containers.words import split
from pgfpmlint.manifests.strand import Strand, joined
from pgfpmlint.record import NamedTuple
from pgfpmlint.source.excerpt import Stretch
from pgfpmlint.source.text import Source


class Copy(NamedTuple):
    """``COPY sources target``, from the build's context."""

    sources: tuple[Strand, ...]
    target: Strand


class Stage(NamedTuple):
    """One image. ``base`` is what it is built on: another stage's name or an image; ``runs`` are the commands that
    change it. What it doesn't say, its base does."""

    name: str
    base: Strand
    copies: tuple[Copy, ...] = ()
    environment: Mapping[str, Strand] = {}
    command: tuple[Strand, ...] | None = None
    entrypoint: tuple[Strand, ...] | None = None
    runs: tuple[str, ...] = ()


def image(source: Source, target: str, args: Mapping[str, Strand]) -> Stage | None:
    """The image that a build comes to, on what is not built here; None where nobody can tell. ``target`` names the
    stage, the last one if empty."""
    stages = list(_stages(source, args))
    if not stages:
        return None
    wanted = next((one for one in stages if one.name == target), None) if target else stages[-1]
    return _whole(wanted, stages) if wanted is not None else None


def _whole(stage: Stage, stages: list[Stage]) -> Stage:
    """The stage with all that the stages below it put in."""
    at = stages.index(stage)
    below = next((one for one in stages[:at] if one.name and one.name == stage.base.text.lower()), None)
    if below is None:
        return stage
    base = _whole(below, stages)
    own_start = stage.command is not None or stage.entrypoint is not None
    return Stage(
        stage.name,
        base.base,
        base.copies + stage.copies,
        {**base.environment, **stage.environment},
        stage.command if own_start else base.command,
        stage.entrypoint if stage.entrypoint is not None else base.entrypoint,
        base.runs + stage.runs,
    )


def _stages(source: Source, args: Mapping[str, Strand]) -> Iterator[Stage]:
    from pgfpmlint.manifests.compose.variables import filled

    values: dict[str, Strand] = {}
    stage: Stage | None = None
    for line in _instructions(source):
        word, _, rest = line.text.partition(" ")
        rest_at = len(word) + 1 + len(rest) - len(rest.lstrip())
        value = line.cut(min(rest_at, len(line.text)))
        name = word.upper()
        if name == "ARG" and "=" in value.text:
            key = value.text.partition("=")[0]
            values.setdefault(key, args.get(key) or _unquoted(value.cut(len(key) + 1)))
        elif name == "FROM":
            if stage is not None:
                yield stage
            words = [one for one in split(filled(value, values)) or () if not one.text.startswith("--")]
            if not words:
                return
            alias = words[2].text.lower() if len(words) > 2 and words[1].text.upper() == "AS" else ""
            stage = Stage(alias, words[0])
        elif stage is not None:
            stage = _with(stage, name, value, values)
    if stage is not None:
        yield stage


def _with(stage: Stage, name: str, value: Strand, values: Mapping[str, Strand]) -> Stage:
    from pgfpmlint.manifests.compose.variables import filled

    if name in ("COPY", "ADD"):
        words = [] if value.text.startswith(("[", "<<")) else list(split(filled(value, values)) or ())
        if any(word.text.startswith(("--from", "<<")) for word in words):
            return stage._replace(runs=(*stage.runs, value.text))
        words = [word for word in words if not word.text.startswith("--")]
        copy = Copy(tuple(words[:-1]), words[-1]) if len(words) > 1 else None
        return stage._replace(copies=(*stage.copies, copy)) if copy is not None else stage
    if name == "ENV":
        words = list(split(filled(value, values)) or ())
        pairs = [word for word in words if "=" in word.text]
        found = {word.text.partition("=")[0]: word.cut(word.text.index("=") + 1) for word in pairs}
        return stage._replace(environment={**stage.environment, **found})
    if name == "CMD":
        return stage._replace(command=_command(value))
    if name == "ENTRYPOINT":
        return stage._replace(entrypoint=_command(value), command=None)
    return stage._replace(runs=(*stage.runs, value.text)) if name == "RUN" else stage


def _command(value: Strand) -> tuple[Strand, ...]:
    """The words of ``["postgres", "-c", "…"]``; of a line without brackets those that a shell is given."""
    try:
        listed = json.loads(value.text) if value.text.startswith("[") else None
    except ValueError:
        listed = None
    if not isinstance(listed, list):
        return (value._replace(text="sh -c"),)
    found: list[Strand] = []
    at = 0
    for word in listed:
        at = value.text.find(json.dumps(word, ensure_ascii=False), at)
        if not isinstance(word, str) or at < 0:
            return (value._replace(text="sh -c"),)
        found.append(value.cut(at + 1, at + 1 + len(word)))
        at += len(word) + 2
    return tuple(found)


def _unquoted(value: Strand) -> Strand:
    quoted = len(value.text) > 1 and value.text[0] == value.text[-1] and value.text[0] in "'\""
    return value.cut(1, len(value.text) - 1) if quoted else value


def _instructions(source: Source) -> Iterator[Strand]:
    """Line by line, continued ones as one, without comments and the texts of heredocs."""
    whole = Strand(source.text, source, (Stretch(0, 0),))
    parts: list[Strand] = []
    closing = ""
    at = 0
    for raw in source.text.splitlines(keepends=True):
        start, end = at, at + len(raw.rstrip())
        at += len(raw)
        text = source.text[start:end]
        if closing:
            closing = "" if text.strip() == closing else closing
            continue
        if text.lstrip().startswith("#") or not text.strip():
            continue
        lead = len(text) - len(text.lstrip())
        goes_on = text.endswith("\\")
        parts.append(whole.cut(start + lead, end - 1 if goes_on else end))
        if not goes_on:
            line = joined(parts)
            closing = line.text.rpartition("<<")[2].strip("-'\" ").split(" ")[0].strip("'\"") if "<<" in text else ""
            parts = []
            yield line
    if parts:
        yield joined(parts)
