"""Quantities as people write them: ``8GB``, ``20%``."""

from __future__ import annotations

UNITS = {"": 0, "b": 0, "k": 10, "kb": 10, "m": 20, "mb": 20, "g": 30, "gb": 30, "t": 40, "tb": 40}


def size(text: str) -> int:
    """``"8GB"``, ``"60 MB"``, ``"512MiB"`` or a plain number of bytes, as bytes. A unit is 1024 times the one before,
    as in PostgreSQL, PHP and everything else read here. ValueError for anything else."""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    unit = text[len(digits) :].strip().lower().replace("ib", "b")
    if not (digits.isascii() and digits.isdigit()) or unit not in UNITS:
        raise ValueError(f"{text!r} is no size; write it like 8GB or 512MB")
    return int(digits) << UNITS[unit]


def percent(text: str) -> int:
    """``"20%"`` or ``"20"`` as 20. ValueError for anything that is no whole number from 0 to 100."""
    digits = text.removesuffix("%").rstrip()
    if not (digits.isascii() and digits.isdigit()) or int(digits) > 100:
        raise ValueError(f"{text!r} is no percentage; write a whole number from 0% to 100%, like 20%")
    return int(digits)
