"""``python -m pgfpmlint``, and the console script."""

from __future__ import annotations

import os
import sys

from pgfpmlint.cli import main


def run() -> int:
    """The command with the process's own arguments; for the console script, which exits with what is returned."""
    try:
        return main()
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells have it
    except BrokenPipeError:
        # The reader (head, less) went away. Python would complain again when it flushes at exit:
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # 128 + SIGPIPE


if __name__ == "__main__":
    sys.exit(run())
