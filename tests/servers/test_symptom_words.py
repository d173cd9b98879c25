"""The words of symptoms are the servers' own: they stand in the programs, up to what differs from case to case."""

from __future__ import annotations

import errno
import glob
import os
import re
import signal
from functools import cache
from pathlib import Path

import pytest

from pgfpmlint.registry.symptoms import Symptom, pieces, symptoms
from servers import found

pytestmark = pytest.mark.server

JOINTS = re.compile(
    r" while | \(\d+: [^)]*\)|: (?=[A-Z])| with |, (?=[A-Z])| at or near |server process(?= \(PID)"
    r"|(?<=signal) \d+| pg_(?:shadow|authid)|pg_hba\.conf(?= was)"
)
"""Where a server joins its own words with those of the system, with a name, or two texts of its own."""

SYSTEM = {*map(os.strerror, errno.errorcode), *map(signal.strsignal, signal.valid_signals())}
SPEAKING = [symptom for symptom in symptoms() if symptom.says]
PLACES = {
    "libpq": ["/usr/lib/*/libpq.so.5"],
    "openssl": ["/usr/lib/*/libcrypto.so.3", "/usr/lib/*/libssl.so.3"],
    "php": ["/usr/lib/php/*/pdo.so", "/usr/lib/php/*/pgsql.so"],
}
PRODUCTS = {"postgres": "postgresql", "pgbouncer": "pgbouncer", "fpm": "php-fpm"}


@cache
def _programs(by: str) -> list[str]:
    if by == "nginx":
        return [place for place in [found.nginx()] if place]
    if by in PRODUCTS:
        return [_binary(server.program) for server in found.every(PRODUCTS[by])]
    return [place for pattern in PLACES[by] for place in glob.glob(pattern)]


def _binary(program: str) -> str:
    """The program behind a script that starts it with the libraries of its own release."""
    return f"{program}.real" if os.path.exists(f"{program}.real") else program


@cache
def _text(program: str) -> bytes:
    return Path(program).read_bytes()


def _stands(says: str, by: str) -> bool:
    own = re.sub(r"^(FATAL|ERROR|WARNING|LOG): ", "", says)
    parts = [part.strip() for piece in pieces(own) for part in JOINTS.split(piece)]
    wanted = [part.encode() for part in parts if part and part not in SYSTEM]
    return any(all(part in _text(program) for part in wanted) for program in _programs(by))


@pytest.mark.parametrize("symptom", SPEAKING, ids=lambda symptom: symptom.slug)
def test_the_server_says_so(symptom: Symptom) -> None:
    """All of the words where every version is at hand, and one message of each symptom where only some are."""
    if not _programs(symptom.by):
        pytest.skip(f"no {symptom.by} on this machine; .ci/servers installs one")
    lacking = [says for says in symptom.says if not _stands(says, symptom.by)]
    if os.path.isdir(found.MORE):
        assert lacking == []
    else:
        assert len(lacking) < len(symptom.says)
