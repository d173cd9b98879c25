"""When a project is linted: a moment after the last change, one run at a time, and never in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

QUIET = 0.2
"""Seconds without a change after which somebody is taken to have stopped typing."""


class Schedule:
    """Calls ``run`` after changes were told with `ask`. A project that takes long is linted after as long a rest, so
    that never more than half of the time goes into it."""

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        self._run = run
        self._asked = 0
        self._done = 0
        self._took = 0.0
        self._urgent = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ask(self, *, urgent: bool = False) -> None:
        """Something has changed. ``urgent``: somebody waits for what comes of it, so there is no moment to lose."""
        self._asked += 1
        if urgent:
            self._urgent.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def settled(self) -> None:
        """Wait until all that was asked for is done."""
        if self._task is not None and not self._task.done():
            self._urgent.set()
            await asyncio.shield(self._task)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        while self._done < self._asked:
            await self._calm()
            number = self._asked
            started = asyncio.get_running_loop().time()
            await self._run()
            self._took = asyncio.get_running_loop().time() - started
            self._done = number

    async def _calm(self) -> None:
        """Wait until nothing has changed for a moment, or somebody can't wait."""
        seen = -1
        while seen != self._asked and not self._urgent.is_set():
            seen = self._asked
            try:
                await asyncio.wait_for(self._urgent.wait(), max(QUIET, self._took))
            except asyncio.TimeoutError:
                continue
        self._urgent.clear()
