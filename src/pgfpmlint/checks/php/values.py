"""Settings of PHP that do nothing, or other things than they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgfpmlint.finding.finding import Hit
from pgfpmlint.finding.fix import removed
from pgfpmlint.finding.problem import Label
from pgfpmlint.model.dsn import said_by
from pgfpmlint.model.nodes import ClientPool
from pgfpmlint.model.php import php_setting
from pgfpmlint.model.world import World

DEVELOPERS = frozenset({"dev", "develop", "development", "local", "test", "testing", "tests"})
"""Words for what visitors never meet, in the names of files and of their folders."""


def errors_shown(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """display_errors is on, and nothing says that the file is for developers."""
    setting = php_setting(pool, "display_errors")
    if setting.is_written and setting.place is not None and setting.value in ("1", "stdout"):
        names = setting.place.path.replace("usr/local/", "usr/").split("/")[-4:]
        words = {word for name in names for word in name.replace("_", "-").replace(".", "-").split("-")}
        if words.isdisjoint(DEVELOPERS):
            yield Hit(setting.place, {"setting": "display_errors"}, fix=setting.rewritten("Off"))


def value_behind_admin_value(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Both set the same, to different values: php_admin_value wins, wherever it stands."""
    admin = pool.pool.arrays.get("php_admin_value", {})
    for name, entry in pool.pool.arrays.get("php_value", {}).items():
        winner = admin.get(name)
        if winner is None or winner.place is None or entry.place is None or winner.value == entry.value:
            continue
        values = {"pool": pool.name, "name": name}
        yield Hit(entry.place, values, (Label(winner.place, "wins"),), fix=removed(entry.place))


def memory_limit_off(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """Nothing bounds what one request may take."""
    limit = php_setting(pool, "memory_limit")
    if limit.value == "-1" and limit.place is not None and limit.is_written:
        yield Hit(limit.place, {"pool": pool.name}, fix=limit.rewritten("128M"))


def socket_timeout_ignored(pool: ClientPool, world: World, params: Mapping[str, object]) -> Iterator[Hit]:
    """A limit for PHP's own streams, which libpq has no part in."""
    for array in ("php_admin_value", "php_value"):
        entry = pool.pool.entry(array, "default_socket_timeout")
        if entry is not None and entry.place is not None and said_by(pool).dsns:
            yield Hit(entry.place, {"pool": pool.name, "seconds": entry.value})
