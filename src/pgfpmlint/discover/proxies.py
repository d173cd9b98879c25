"""Whether a file is one of the poolers other than PgBouncer: their names are short, and other programs use them too."""

from __future__ import annotations

from pgfpmlint.discover.names import ODYSSEY, PGCAT, PGPOOL

WORDS = {
    PGCAT: (("[general", "[pools."), ("servers", "pool_size", "admin_username")),
    PGPOOL: (("backend_hostname", "num_init_children"), ("pool", "listen_addresses", "pcp_", "backend_")),
    ODYSSEY: (("storage ", "database "), ("user ", "pool ", "listen ")),
}
"""One of the former begins a line, and one of the latter stands somewhere."""


def shown_by(kind: str, text: str) -> str:
    """The word that shows it; empty where the text shows nothing of the kind."""
    starts, others = WORDS[kind]
    if not any(word in text for word in others):
        return ""
    for line in text.splitlines():
        found = next((word for word in starts if line.lstrip().startswith(word)), None)
        if found is not None:
            return f"line {found.strip()!r}"
    return ""
