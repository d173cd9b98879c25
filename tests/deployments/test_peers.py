"""What other tools object to in sane files, and we don't; and the table that holds their checks against our rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pgfpmlint.options import Options
from pgfpmlint.registry.load import rule_book
from trees import outcome_of

PAGE = (Path(__file__).parents[2] / "docs/peers.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("|") and not line.startswith("|---") and "| rule, or why none |" not in line
]
REASONS = ("live", "false alarm", "opinion", "modes")

MAIN = "etc/postgresql/{}/main/"
NETWORK = "listen_addresses = '*'\nssl = on\nssl_ca_file = '/etc/ssl/clients.pem'\n"
RECORDS = "local all all peer\nhostssl shop app 10.0.1.0/24 scram-sha-256\n"


def server(version: int, settings: str = "", records: str = "", maps: str = "") -> Mapping[str, str]:
    """One that others reach over TLS, its own users over the socket."""
    here = MAIN.format(version)
    files = {f"{here}postgresql.conf": NETWORK + settings, f"{here}pg_hba.conf": RECORDS + records}
    return {**files, f"{here}pg_ident.conf": maps} if maps else files


FALSE_ALARMS = {
    "unset, with a safe default": server(16),
    "unset, where another setting is made safe": server(12, "password_encryption = 'scram-sha-256'\n"),
    "host on loopback": server(
        16, records="host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n"
    ),
    "reject for the world": server(16, records="host all all 0.0.0.0/0 reject\nhost all all ::/0 reject\n"),
    "reject for the world, with a mask": server(16, records="host all all 0.0.0.0 0.0.0.0 reject\n"),
    "cert without clientcert": server(16, records="hostssl shop admin 10.0.2.0/24 cert\n"),
    "log_connections as a list": server(18, "log_connections = 'receipt,authentication,authorization'\n"),
    "log_connections as a word": server(18, "log_connections = on\nlog_disconnections = on\n"),
    "log_line_prefix in an order of one's own": server(
        16, "logging_collector = on\nlog_line_prefix = 'db=%d user=%u %c %m app=%a '\n"
    ),
    "what PostgreSQL 17 has not, and does not need": server(17),
    "method md5, and hashes of the default, before PostgreSQL 14": {
        f"{MAIN.format(13)}postgresql.conf": NETWORK,
        f"{MAIN.format(13)}pg_hba.conf": "local all all peer\nhostssl shop app 10.0.1.0/24 md5\n",
    },
    "method md5, which takes SCRAM": server(16, records="hostssl shop reporting 10.0.3.0/24 md5\n"),
    "a map that keeps the name": server(
        16,
        records="hostgssenc shop all 10.0.4.0/24 gss map=krb\n",
        maps="krb /^(.*)@example\\.com$ \\1\nadmins root postgres\n",
    ),
    "syslog instead of the collector": server(16, "log_destination = syslog\n"),
    "log files for a group": server(
        16, "logging_collector = on\nlog_directory = '/var/log/postgresql'\nlog_file_mode = 0640\n"
    ),
    "costs for flash": server(16, "random_page_cost = 1.1\neffective_io_concurrency = 200\n"),
    "the socket of everybody, with records that ask who it is": server(16, "unix_socket_permissions = 0777\n"),
}


@pytest.mark.parametrize("files", FALSE_ALARMS.values(), ids=list(FALSE_ALARMS))
def test_silent_where_others_raise_a_false_alarm(files: Mapping[str, str]) -> None:
    outcome = outcome_of(files, Options(select=("all",)))
    assert [f"{found.rule}: {found.message}" for found in outcome.findings] == []


def test_there_are_tables() -> None:
    assert len(ROWS) > 100


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_each_check_of_a_peer_has_a_rule_or_a_reason(row: list[str]) -> None:
    _, check, shown, answer = row
    named = re.findall(r"`([a-z]+/[a-z0-9-]+)`", answer)
    assert check
    assert [rule for rule in named if rule not in rule_book().rules] == []
    assert re.fullmatch("yes|no|partly", shown)
    assert named or answer.startswith(REASONS)
