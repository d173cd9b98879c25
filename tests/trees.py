"""Small trees for tests: texts in, what the tool makes of them out."""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint import pipeline
from pgfpmlint.config import Config
from pgfpmlint.config.lookup import FILE_NAME
from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.world import World
from pgfpmlint.options import Options
from pgfpmlint.source.memory import MemoryTree
from pgfpmlint.source.text import Source


def config_of(files: Mapping[str, str]) -> Config:
    """The configuration that the tree itself holds, or the defaults."""
    from pgfpmlint.config.reading import read

    return read(Source(FILE_NAME, files[FILE_NAME])) if FILE_NAME in files else Config()


def tree_of(files: Mapping[str, str]) -> MemoryTree:
    return MemoryTree({path: text.encode("utf-8", "surrogateescape") for path, text in files.items()})


def world_of(files: Mapping[str, str]) -> World:
    config = config_of(files)
    return pipeline.understand(pipeline.find(tree_of(files), config, Options()), config)


def deployment_of(files: Mapping[str, str]) -> Deployment:
    return world_of(files).deployment


def outcome_of(files: Mapping[str, str], options: Options | None = None) -> Outcome:
    return pipeline.lint(tree_of(files), config_of(files), options or Options())
