"""``python -m pgfpmlint``, and the console script: one run, as a process of its own."""

from __future__ import annotations

import gc
import os
import sys


def run() -> None:
    """Do what the process's arguments say, and end the process.

    A run is short and its memory is small, so nothing is collected on the way, and at the end the system takes it all
    back at once: looking for cycles and taking the interpreter down piece by piece would cost 10 ms, most of what
    starting Python does. Use `pgfpmlint.cli.main` from Python.
    """
    gc.disable()
    try:
        from pgfpmlint.cli import main

        code = main()
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130  # 128 + SIGINT, as shells have it
    except BrokenPipeError:
        code = 141  # 128 + SIGPIPE: the reader (head, less) went away
    if sys.stderr is not None:
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
