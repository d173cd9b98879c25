"""Lines of pg_ident.conf that fit more users than they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import written as fixed
from pgfpmlint.model.world import World
from pgfpmlint.resolve.ident import IdentMapping, IdentReading

EVERYTHING = (".*", ".+")


def map_for_everybody(file: IdentReading, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Whoever is known outside may be one and the same user inside."""
    for mapping in file.mappings:
        if _fits_everything(mapping) and "\\1" not in mapping.database_user.text:
            values = {"map": mapping.map.text, "user": mapping.database_user.text}
            yield Hit(mapping.system_user.place, values)


def map_of_parts(file: IdentReading, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """An expression that a part of a name fits: what comes before or behind is anything."""
    for mapping in file.mappings:
        pattern = _pattern(mapping)
        if pattern is None or "|" in pattern or _fits_everything(mapping):
            continue
        ends = pattern.endswith("$") and not pattern.endswith("\\$")
        missing = []
        if not pattern.startswith(("^", *EVERYTHING, *(f"({one}" for one in EVERYTHING))):
            missing.append("^ in front")
        if not ends and not pattern.endswith((*EVERYTHING, *(f"{one})" for one in EVERYTHING))):
            missing.append("$ behind")
        if missing:
            place, text = mapping.system_user.place, mapping.system_user.text
            whole = f"/{'^' * ('^ in front' in missing)}{pattern}{'$' * ('$ behind' in missing)}"
            fix = fixed(place, whole) if place.text == text == f"/{pattern}" else None
            yield Hit(place, {"pattern": text, "missing": " and ".join(missing)}, fix=fix)


def _fits_everything(mapping: IdentMapping) -> bool:
    return (_pattern(mapping) or "").removeprefix("^").removesuffix("$").strip("()") in EVERYTHING


def _pattern(mapping: IdentMapping) -> str | None:
    """The regular expression without options like (?i); None for a plain name."""
    text = mapping.system_user.text
    if not text.startswith("/"):
        return None
    return text[1:].partition(")")[2] if text.startswith("/(?") else text[1:]
