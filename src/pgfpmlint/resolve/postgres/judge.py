"""Which names and values a server accepts, of the version that is known or of every version that it may be.

Where nothing tells the version, or the catalogs do not reach it, only what every known version refuses is held
against a file.
"""

from __future__ import annotations

from pgfpmlint.catalog.guc import canonical
from pgfpmlint.catalog.postgresql import Catalog, Setting, catalog, life, majors
from pgfpmlint.catalog.refusal import Refusal
from pgfpmlint.catalog.version import POSTGRESQL, ServerVersion


class Judge:
    """``strict`` tells whether one known version is asked."""

    def __init__(self, version: ServerVersion) -> None:
        self.version = version
        self.strict = not version.assumed and version.major in majors()
        self.catalog = catalog(version)

    def key(self, name: str) -> str:
        """The name under which a parameter's settings are collected: lower-case, an old name's new one."""
        return self.catalog.canonical(name)

    def parameter(self, name: str) -> Setting | None:
        """The parameter as the version knows it, or else as the newest one does that may be meant."""
        found = self.catalog.setting(name)
        if found is None and not self.strict:
            found = next((known for other in self._others() if (known := other.setting(name))), None)
        return found

    def refuses_name(self, name: str) -> bool:
        """Whether no server that may be meant starts with that name in its file."""
        if self.catalog.setting(name) is not None:
            return False
        if self.strict:
            return True
        # A server that is newer than every catalog may know names that none of them holds.
        if self.version.major > majors()[-1]:
            return False
        return life(name) is None and not any(name in other for other in self._others())

    def value(self, setting: Setting, text: str, written: str) -> str | Refusal:
        """The value that the server keeps, or its refusal. Where the version is open, any that accepts decides."""
        answer = canonical(setting, text, self.version, written)
        if self.strict or isinstance(answer, str):
            return answer
        for other in self._others():
            known = other.setting(written)
            if known is not None:
                kept = canonical(known, text, other.version, written)
                if isinstance(kept, str):
                    return kept
        return answer

    def _others(self) -> list[Catalog]:
        return [catalog(ServerVersion(POSTGRESQL, (major,), self.version.why)) for major in reversed(majors())]
