"""The files of one PHP application that say where it connects."""

from __future__ import annotations

from pgfpmlint.record import NamedTuple


class ApplicationFiles(NamedTuple):
    """Machine paths. ``envs`` are .env files; ``laravel`` is config/database.php, ``cached`` what Laravel made of all
    its configuration, ``doctrine`` the YAML files, the strongest last; ``code`` is PHP to look for connections in,
    ``parameters`` are the YAML files that Doctrine's take parameters from.
    """

    folder: str
    envs: tuple[str, ...] = ()
    laravel: str | None = None
    cached: str | None = None
    doctrine: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        single = tuple(path for path in (self.laravel, self.cached) if path is not None)
        return self.envs + single + self.doctrine + self.parameters + self.code
