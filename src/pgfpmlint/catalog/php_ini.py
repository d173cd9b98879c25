"""What PHP-FPM takes for php.ini settings that nothing sets: those that matter to databases and to a worker's limits.

Values are those of ``ini_get_all()`` on a PHP that was started without any php.ini; tests/servers compares them. Listed
at https://www.php.net/manual/en/ini.list.php; https://www.php.net/manual/en/pgsql.configuration.php has pgsql's own.
"""

from __future__ import annotations

from collections.abc import Mapping

DEFAULTS: Mapping[str, str | None] = {
    "auto_append_file": None,
    "auto_prepend_file": None,
    "default_socket_timeout": "60",
    "doc_root": None,
    "max_execution_time": "30",
    "max_input_time": "-1",
    "memory_limit": "128M",
    "open_basedir": None,
    "pgsql.allow_persistent": "1",
    "pgsql.auto_reset_persistent": "0",
    "pgsql.ignore_notice": "0",
    "pgsql.log_notice": "0",
    "pgsql.max_links": "-1",
    "pgsql.max_persistent": "-1",
    "post_max_size": "8M",
    "session.save_handler": "files",
    "upload_max_filesize": "2M",
    "user_ini.filename": ".user.ini",
    "variables_order": "EGPCS",
}
"""The same from PHP 7.4 to 8.5; None where PHP has no value at all."""

UNEMPTY = frozenset({"date.timezone", "doc_root"})
"""Settings whose default stays where an empty value is set."""

REMOVED: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(
        (
            *("allow_call_time_pass_reference", "asp_tags", "define_syslog_variables", "highlight.bg"),
            *("magic_quotes_gpc", "magic_quotes_runtime", "magic_quotes_sybase"),
            *("register_globals", "register_long_arrays", "zend.ze1_compatibility_mode"),
            *("safe_mode", "safe_mode_gid", "safe_mode_include_dir", "safe_mode_exec_dir"),
            *("safe_mode_allowed_env_vars", "safe_mode_protected_env_vars"),
        ),
        (7,),
    ),
    "track_errors": (8,),
}
"""Directives that keep PHP from starting where they are switched on, and since which version they certainly do:
php_module_startup() in https://github.com/php/php-src/blob/master/main/main.c."""


def truth(text: str) -> bool:
    """A flag, as PHP reads one: zend_ini_parse_bool() in
    https://github.com/php/php-src/blob/master/Zend/zend_ini.c."""
    if text.lower() in ("true", "yes", "on"):
        return True
    digits = text.strip().lstrip("+-")
    whole = digits[: next((at for at, sign in enumerate(digits) if not sign.isdigit()), len(digits))]
    return bool(whole.strip("0"))
