"""What a proof is given: the rule book's own examples, at work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from servers import found
from servers.proofs.site import Site

RULES = Path(__file__).parents[3] / "rules"


class Stage:
    """Runs files, or the files of a rule's example, on real servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    def bad(self, rule: str, name: str) -> contextlib.AbstractContextManager[Site]:
        """The bad example of that name."""
        return self.play(example(rule, "bad", name))

    def good(self, rule: str, name: str) -> contextlib.AbstractContextManager[Site]:
        """The good example of that name."""
        return self.play(example(rule, "good", name))

    @contextlib.contextmanager
    def play(self, files: dict[str, str], secret: str = "secret") -> Iterator[Site]:
        """``files`` at work; ``secret`` is everybody's password."""
        self._number += 1
        folder = self._folder / f"{self._number}"
        folder.mkdir()
        with contextlib.ExitStack() as stack:
            yield Site(files, folder, stack, secret)


def example(rule: str, kind: str, name: str, which: str = "files") -> dict[str, str]:
    """The files of a rule's ``bad`` or ``good`` example, or those that are ``fixed``."""
    definition = YAML(typ="safe", pure=True).load((RULES / f"{rule}.yaml").read_text(encoding="utf-8"))
    files: dict[str, str] = definition["examples"][kind][name][which]
    return files


@pytest.fixture(autouse=True)
def _needs_servers() -> None:
    if not (found.postgres() and found.php_fpm() and found.pgbouncer()):
        pytest.skip("needs PostgreSQL, PHP-FPM and PgBouncer together; .ci/servers installs them")


@pytest.fixture
def stage(folder: Path) -> Stage:
    return Stage(folder)
