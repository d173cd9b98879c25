"""What PHP runs with in the workers of one FPM pool."""

from __future__ import annotations

from pgfpmlint.catalog import php_ini
from pgfpmlint.formats.zend_ini import integer
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.resolve.settings import Effective, Unknown, Written

NO_PHP_INI = "the tree holds no php.ini of this PHP-FPM"


def php_setting(pool: ClientPool, name: str) -> Effective:
    """A php.ini setting as ``ini_get()`` shows it at the start of a request, with the line that wins.

    The pool's php_admin_value and php_admin_flag win over its php_value and php_flag, and these over php.ini with
    conf.d (https://www.php.net/manual/en/install.fpm.configuration.php). What an application sets with ini_set(), or
    for a folder with .user.ini, can't be told; of the settings that matter here only few can be set so.
    """
    own = [entry for array in ("php_admin_value", "php_value") if (entry := pool.pool.entry(array, name)) is not None]
    php = pool.master.php
    if php is not None and name in php.sometimes:
        return php.setting(name)
    if own:
        lost = [entry.origin for entry in own[1:]]
        if php is not None and name in php.settings:
            lost.append(php.settings[name].origin)
        shadowed = tuple(origin for origin in reversed(lost) if isinstance(origin, Written))
        return own[0]._replace(shadowed=(*shadowed, *own[0].shadowed))
    if php is None:
        return Effective(name, None, Unknown(NO_PHP_INI, None))
    return php.setting(name)


def php_flag(pool: ClientPool, name: str) -> bool | None:
    """Whether a flag is on; None where that is unknown."""
    value = php_setting(pool, name).value
    return None if value is None else php_ini.truth(value)


def php_bytes(setting: Effective) -> int | None:
    """A size as PHP counts it, K, M and G taken into account; None where it is unknown."""
    return None if setting.value is None else integer(setting.value)
