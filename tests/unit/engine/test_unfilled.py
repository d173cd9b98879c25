"""What is a placeholder, as the scripts of public repositories have them, and what only looks like one."""

from __future__ import annotations

import pytest

from pgfpmlint.engine.unfilled import is_unfilled
from pgfpmlint.source.text import Source


def unfilled(line: str, minded: str) -> bool:
    text = f"a = b\n{line}\nc = d\n"
    start = text.index(minded, text.index(line))
    return is_unfilled(Source("some.conf", text).place(start, start + len(minded)))


@pytest.mark.parametrize(
    ("line", "minded"),
    [
        ("pm = __PM__", "__PM__"),  # YunoHost's packages
        ("listen_port = @PORT@", "@PORT@"),  # autoconf
        ("auth_type = %AUTH_TYPE%", "%AUTH_TYPE%"),
        ("host all all <YOUR_IP>/32 md5", "<YOUR_IP>/32"),
        ("shared_buffers = $SHARED_BUFFERS", "$"),  # envsubst; PostgreSQL minds the first character
        ("app = host=h port=@DB_PORT@", "DB_PORT"),
        ("pool_mode = POOL_MODE", "POOL_MODE"),
        ("* = host=PG_SERVICE port=PG_PORT auth_user=x", "PG_PORT"),
        ("pool_mode='POOL_MODE'", "'POOL_MODE'"),
    ],
)
def test_placeholders(line: str, minded: str) -> None:
    assert unfilled(line, minded)


@pytest.mark.parametrize(
    ("line", "minded"),
    [
        ("work_mem = 8 MB", "MB"),
        ("wal_level = LOGICAL_DECODING", "LOGICAL_DECODING"),  # a wrong word, not the setting's name
        ("log_line_prefix = '%m [%p] %q%u@%d '", "'%m"),
        ("auth_query = SELECT $1", "$1"),
        ('search_path = "$user"', '"'),
        ("pm.max_children = 5 __PM__", "5"),  # the placeholder is another word's
        ("user = a__b__c", "a__b__c"),
        ("", "\n"),
    ],
)
def test_no_placeholders(line: str, minded: str) -> None:
    assert not unfilled(line, minded)
