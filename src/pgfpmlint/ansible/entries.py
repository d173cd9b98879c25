"""Roles as plays and other roles name them."""

from __future__ import annotations

from typing import Any

from pgfpmlint.ansible.values import Fields

FROM = ("tasks_from", "defaults_from", "vars_from")

KEYWORDS = frozenset({
    "any_errors_fatal", "become", "become_flags", "become_method", "become_user", "check_mode", "collections",
    "connection", "debugger", "delegate_facts", "delegate_to", "diff", "environment", "ignore_errors",
    "ignore_unreachable", "module_defaults", "name", "no_log", "port", "remote_user", "role", "run_once", "scm", "src",
    "tags", "throttle", "timeout", "vars", "version", "when", *FROM,
})  # fmt: skip
"""What is no parameter of a role
(https://docs.ansible.com/ansible/latest/reference_appendices/playbooks_keywords.html#role)."""


def entry_of(one: Any) -> tuple[str, Fields] | None:
    """The name of a role under ``roles:``, and what stands beside it."""
    if isinstance(one, str):
        made = Fields()
        made.keys_at = {}
        return str(one), made
    if isinstance(one, Fields):
        name = one.get("role", one.get("name", one.get("src")))
        return (str(name), one) if isinstance(name, str) else None
    return None
