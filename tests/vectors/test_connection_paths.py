"""What `trace` says of each small deployment is what real PHP, PgBouncer and PostgreSQL said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import connection_paths
from pgfpmlint.model.passage import Passages
from trees import deployment_of

ANSWERS = json.loads((Path(__file__).parent.parent / "fixtures/vectors/connection-paths.json").read_text())["answers"]

OPEN = {
    "an sslmode that libpq does not know": "an application may set another",
    "cert without one": "libpq looks for ~/.postgresql/postgresql.crt, which lies in no tree",
    "the pooler asks for a certificate": "the same",
    "a forced user with a password, the client's own": "the salt that the server made for the password",
}
"""What the files of a tree can't tell, and why."""


def test_every_question_has_an_answer() -> None:
    assert set(ANSWERS) == set(connection_paths.CASES)


@pytest.mark.parametrize("name", connection_paths.CASES)
def test_a_connection_path(name: str) -> None:
    (passage,) = [one for one in Passages(deployment_of(connection_paths.CASES[name])).all if "/www" in one.client.name]
    recorded = "admitted" if ANSWERS[name] == "ok" else "rejected"
    assert passage.verdict == ("unknown" if name in OPEN else recorded), passage.why
