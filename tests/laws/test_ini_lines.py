"""The INI dialects against iniparse, on lines that every reader of INI files takes alike."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st
from iniparse.ini import OptionLine, SectionLine

from pgfpmlint.formats.pgbouncer_ini import BouncerOption, BouncerSection
from pgfpmlint.formats.php_fpm import FpmOption, FpmSection

# PHP's scanner takes these for values wherever they stand: Zend/zend_ini_scanner.l
NO_NAMES = {"true", "on", "yes", "false", "off", "no", "none", "null"}
NAMES = st.text(string.ascii_lowercase + "_", min_size=1).filter(lambda text: text not in NO_NAMES)
BLANKS = st.text(" \t", max_size=3)
# No quotes, signs or words that PHP's dialect works out, and nothing that iniparse takes for a comment.
VALUES = st.text(string.digits + "/.,", min_size=1).map(lambda text: f"x{text}x")


@given(NAMES, BLANKS, BLANKS, VALUES, BLANKS)
def test_options(name: str, before: str, behind: str, value: str, end: str) -> None:
    line = f"{name}{before}={behind}{value}{end}"
    theirs = OptionLine.parse(line)
    assert theirs is not None
    assert (theirs.name.strip(), theirs.value) == (name, value)
    for option in (BouncerOption.parse(line), FpmOption.parse(line)):
        assert option is not None
        assert (option.name, option.value) == (name, value)


@given(NAMES)
def test_sections(name: str) -> None:
    theirs = SectionLine.parse(f"[{name}]")
    assert theirs is not None
    for section in (BouncerSection.parse(f"[{name}]"), FpmSection.parse(f"[{name}]")):
        assert section is not None
        assert section.name == theirs.name == name
