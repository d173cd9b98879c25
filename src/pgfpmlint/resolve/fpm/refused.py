"""What is said of a value that PHP-FPM refuses, and what to type instead. Loaded only when there is one."""

from __future__ import annotations

from pgfpmlint.catalog.php_fpm import load


def refused(name: str, reason: str, advice: str = "") -> dict[str, object]:
    """The values of fpm/invalid-value. Without other advice: what the directive has by default, or takes."""
    return {"name": name, "reason": reason, "advice": advice or _advice(name)}


def _advice(name: str) -> str:
    if name.endswith("]"):
        return f"write a value that {name.partition('[')[0]} takes, or remove the line"
    catalog = load()
    directive = catalog.pool.get(name) or catalog.globals.get(name)
    default = directive.defaults[-1][1] if directive is not None and directive.defaults else ""
    if default and default != "undefined":
        shown = default if default.replace(".", "").isalnum() else f'"{default}"'
        return f"write {name} = {shown}, the default, or remove the line"
    if directive is not None and directive.words:
        return f"write {name} = {directive.words[0]}"
    return f"remove {name}, or write what it takes"
