"""What somebody most likely meant by a name that PHP-FPM does not know. Loaded only when there is one."""

from __future__ import annotations

from pgfpmlint.catalog.nearest import nearest
from pgfpmlint.catalog.php_fpm import Catalog
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, UNSAFE, Fix, written
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.fpm.sections import SectionDraft
from pgfpmlint.source.text import Place

# php.ini's directives, not FPM's, that are most often written into a pool as they are.
PHP_INI = frozenset(
    [
        "date.timezone",
        "disable_functions",
        "display_errors",
        "display_startup_errors",
        "error_reporting",
        "expose_php",
        "log_errors",
        "max_execution_time",
        "max_input_time",
        "max_input_vars",
        "memory_limit",
        "open_basedir",
        "post_max_size",
        "sendmail_path",
        "session.save_handler",
        "session.save_path",
        "short_open_tag",
        "upload_max_filesize",
        "upload_tmp_dir",
    ]
)


class Advice(NamedTuple):
    """``meant`` is the directive that was meant, where that is known; ``hint`` ends the message."""

    hint: str
    advice: str
    meant: str = ""
    fix: Fix | None = None


def advice(place: Place, section: SectionDraft, catalog: Catalog, version: ServerVersion, *, in_pool: bool) -> Advice:
    """Why the name at ``place`` is unknown in ``section``, and what to do."""
    name = place.text
    plain = name.lower()
    elsewhere = catalog.globals if in_pool else catalog.pool
    if name.startswith(("#", "//")):
        sign = Place(place.source, place.start, place.start + len(name) - len(name.lstrip("#/")))
        return Advice("; a comment starts with ;", "start the comment with ;", fix=written(sign, ";"))
    if plain == "include":
        return Advice("; it must be in lower case", "write include", fix=written(place, plain))
    if plain in catalog.arrays:
        return _array(name, plain, in_pool=in_pool)
    if plain in section.directives:
        since = ".".join(map(str, section.directives[plain].since))
        return Advice(f"; it came with PHP {since}", f"remove it, or run PHP {since} or newer")
    if plain in elsewhere:
        other = "[global]" if in_pool else "a pool"
        return Advice(f"; it belongs in {other}", f"move it to {other}")
    if plain in PHP_INI:
        words = f"php_admin_value[{plain}]"
        fix = written(place, words, UNSAFE) if in_pool else None
        return Advice("; it is a setting of PHP itself", f"write {words} in a pool, or set it in php.ini", fix=fix)
    known = [known for known, directive in section.directives.items() if directive.known_to(version)]
    found = nearest(plain, [*known, *catalog.arrays, "include"])
    if not found:
        return Advice("", "remove the line, or write a directive of PHP-FPM")
    safety = UNSAFE if found in catalog.arrays or found == "include" or section.last(found) else SAFE
    return Advice(f"; {found} is", f"write {found}", found, written(place, found, safety))


def _array(name: str, plain: str, *, in_pool: bool) -> Advice:
    if not in_pool:
        return Advice("; arrays belong in a pool", "move it below the [name] of a pool")
    if name != plain:
        return Advice("; it must be in lower case", f"write {plain}")
    return Advice("; it needs a name in brackets", f"write {plain}[NAME] = …")
