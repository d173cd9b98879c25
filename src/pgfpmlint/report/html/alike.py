"""What many machines have in common is shown once: a fleet of a thousand hosts makes no page of a thousand parts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
OTHER = "\0"
"""Stands for the host's own name; no text that is shown holds it."""


def without_host(text: str, host: str) -> str:
    """``text`` as it reads for any host: ``h1/16-main``, ``hosts/h1/etc/…`` and ``host h1`` lose the name.

    A name without a letter may be any number in the text, and stays."""
    if not host or host not in text or not any(sign.isalpha() for sign in host):
        return text
    return text.replace(f"{host}/", f"{OTHER}/").replace(f"host {host}", f"host {OTHER}")


def grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[list[Item]]:
    """The items with equal keys together, in the order of the first of each."""
    found: dict[Hashable, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.values())
