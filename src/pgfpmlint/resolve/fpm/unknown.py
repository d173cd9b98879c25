"""What somebody most likely meant by a name that PHP-FPM does not know. Loaded only when there is one."""

from __future__ import annotations

from pgfpmlint.catalog.nearest import nearest
from pgfpmlint.catalog.php_fpm import Catalog
from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.fpm.sections import SectionDraft

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


def advice(name: str, section: SectionDraft, catalog: Catalog, version: ServerVersion, *, in_pool: bool) -> Advice:
    """Why ``name`` is unknown in ``section``, and what to do."""
    plain = name.lower()
    elsewhere = catalog.globals if in_pool else catalog.pool
    if name.startswith(("#", "//")):
        return Advice("; a comment starts with ;", "start the comment with ;")
    if plain == "include":
        return Advice("; it must be in lower case", "write include")
    if plain in catalog.arrays:
        return _array(name, plain, in_pool=in_pool)
    if plain in section.directives:
        since = ".".join(map(str, section.directives[plain].since))
        return Advice(f"; it came with PHP {since}", f"remove it, or run PHP {since} or newer")
    if plain in elsewhere:
        place = "[global]" if in_pool else "a pool"
        return Advice(f"; it belongs in {place}", f"move it to {place}")
    if plain in PHP_INI:
        words = f"php_admin_value[{plain}]"
        return Advice("; it is a setting of PHP itself", f"write {words} in a pool, or set it in php.ini")
    known = [known for known, directive in section.directives.items() if directive.known_to(version)]
    found = nearest(plain, [*known, *catalog.arrays, "include"])
    return (
        Advice(f"; {found} is", f"write {found}", found)
        if found
        else Advice("", "remove the line, or write a directive of PHP-FPM")
    )


def _array(name: str, plain: str, *, in_pool: bool) -> Advice:
    if not in_pool:
        return Advice("; arrays belong in a pool", "move it below the [name] of a pool")
    if name != plain:
        return Advice("; it must be in lower case", f"write {plain}")
    return Advice("; it needs a name in brackets", f"write {plain}[NAME] = …")
