from __future__ import annotations

import asyncio

from pgfpmlint.lsp.schedule import Schedule


class Runs:
    """Each run waits until the test lets it go on."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.at_once = 0
        self.started = asyncio.Event()
        self.free = asyncio.Event()

    async def __call__(self) -> None:
        assert self.begun == self.ended, "two runs at once"
        self.begun += 1
        self.started.set()
        await self.free.wait()
        self.ended += 1


def test_however_much_is_asked_for_while_one_runs_one_more_follows() -> None:
    async def asked() -> int:
        runs = Runs()
        schedule = Schedule(runs)
        schedule.ask(urgent=True)
        await runs.started.wait()
        for _ in range(5):
            schedule.ask(urgent=True)
        runs.free.set()
        await schedule.settled()
        return runs.ended

    assert asyncio.run(asked()) == 2


def test_who_waits_waits_for_no_quiet_moment_and_nothing_runs_in_vain() -> None:
    async def asked() -> int:
        runs = Runs()
        runs.free.set()
        schedule = Schedule(runs)
        schedule.ask()
        schedule.ask()
        await schedule.settled()
        await schedule.settled()
        return runs.ended

    assert asyncio.run(asked()) == 1
