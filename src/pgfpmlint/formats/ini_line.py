"""What all pieces of the INI dialects have in common."""

from __future__ import annotations


class IniLine:
    """One line as its server cuts it up. Each dialect has classes of its own for sections, options, comments.

    They could stand on iniparse's line types, and once did. But nothing of those fits (they continue indented lines,
    take ``:`` for ``=`` and end values at `` ;``), and importing iniparse took an eighth of a whole run. The tests hold
    the dialects against it where both say the same.
    """

    line: str

    def __str__(self) -> str:
        """The line as it was written, without its end."""
        return self.line
