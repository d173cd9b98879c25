"""What a command line runs, as far as it concerns databases: a worker of a PHP framework, a script, another program."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple
from pgfpmlint.source import paths

LARAVEL, SYMFONY = "laravel", "symfony"

SHELLS = ("sh", "bash", "dash", "ash")
SERVERS = (
    "apache2", "apache2-foreground", "apache2ctl", "apachectl", "caddy", "cron", "crond", "dockerd", "httpd",
    "memcached", "mysqld", "nginx", "pgbouncer", "postgres", "rabbitmq-server", "redis-server", "rsyslogd",
    "sshd", "supercronic", "supervisord", "tail", "varnishd",
)  # fmt: skip
"""What supervisor and systemd often run and what opens no connections of its own, or is read from its own files."""

LASTING = ("horizon", "octane:", "queue:listen", "queue:work", "reverb:start", "schedule:work", "pulse:", "websockets:")
"""Artisan's commands that keep running: https://laravel.com/docs/queues#running-the-queue-worker and its neighbours."""


class Command(NamedTuple):
    """``framework`` is Laravel's or Symfony's where the command tells; ``task`` is what it is asked to do
    (``queue:work``). ``script`` is the file that PHP runs, ``php`` whether PHP runs it. ``workers`` is what the command
    itself says of how many processes it starts; None where it starts none, empty where it leaves that open."""

    program: str
    php: bool = False
    framework: str = ""
    script: str = ""
    task: str = ""
    workers: str | None = None

    @property
    def is_server(self) -> bool:
        """Whether it surely opens no connections that an environment would tell of."""
        return self.program in SERVERS or "fpm" in self.program


def command(text: str) -> Command:
    """The command in ``text``, which a shell may wrap: ``bash -c "cd /srv && exec php artisan queue:work"``."""
    words = _words(text)
    at = 0
    while at < len(words):
        name = paths.name(words[at])
        if name in SHELLS and at + 2 < len(words) and words[at + 1].startswith("-") and "c" in words[at + 1]:
            words = _words(words[at + 2])
            at = 0
        elif name in ("exec", "nice", "nohup", "sudo", "env", "gosu", "su-exec", "timeout", "stdbuf") or "=" in name:
            at += 1
        elif name in ("cd", "sleep") and "&&" in words[at:]:
            at = words.index("&&", at) + 1
        elif words[at].startswith("-") or name in ("www-data", "root") or name.isdigit():
            at += 1
        else:
            break
    return _command(words[at:])


def _command(words: list[str]) -> Command:
    if not words:
        return Command("")
    program = paths.name(words[0])
    php = program.startswith("php") and "fpm" not in program
    rest = words[1:] if php else words
    while php and rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in ("-d", "-c") else rest[1:]
    script = rest[0] if rest else ""
    name = paths.name(script)
    task = next((word for word in rest[1:] if not word.startswith("-")), "")
    if name == "artisan":
        return Command(
            program, True, LARAVEL, script, task, _option(rest, "--workers") if task == "octane:start" else None
        )
    if name == "console" and script.endswith(("bin/console", "app/console")):
        return Command(program, True, SYMFONY, script, task)
    return Command(program, php or name.endswith(".php"), "", script if php or name.endswith(".php") else "")


def _option(words: list[str], name: str) -> str:
    for at, word in enumerate(words):
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
        if word == name and at + 1 < len(words):
            return words[at + 1]
    return ""


def _words(text: str) -> list[str]:
    """As a shell cuts them; blanks alone where its quotes don't close."""
    from shlex import split

    try:
        return split(text)
    except ValueError:
        return text.split()
