"""Values are what PyYAML makes of them: expectations from its own loader and https://yaml.org/type/."""

from __future__ import annotations

import pytest

from pgfpmlint.manifests.documents import documents
from pgfpmlint.manifests.plain import Loaded, is_text, loaded
from pgfpmlint.source.text import Source


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", True),
        ("Off", False),
        ("oN", "oN"),
        ("YES", True),
        ("y", "y"),
        ("'on'", "on"),
        ("!!str on", "on"),
        ("&a on", True),
        ("100", 100),
        ('"100"', "100"),
        ("0640", 416),
        ("0o640", "0o640"),
        ("0x10", 16),
        ("1_000", 1000),
        ("1:30", 90),
        ("09", "09"),
        ("0.9", 0.9),
        ("1e3", "1e3"),
        ("1.5e+3", 1500.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("~", None),
        ("", None),
        ("8MB", "8MB"),
        ("|\n  on", "on\n"),
    ],
)
def test_a_scalar(written: str, value: Loaded) -> None:
    text = f"key: {written}\n"
    (root,) = documents(Source("some.yaml", text))
    found = loaded(text, root.value[0][1])
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("on", False), ("y", False), ("1e3", False), ("100", False), ("'100'", True), ("8MB", True), ("~", False)],
)
def test_what_kubernetes_takes_for_a_text(written: str, expected: bool) -> None:
    """A manifest's ``parameters`` map names to texts; the API server refuses anything else."""
    text = f"key: {written}\n"
    (root,) = documents(Source("some.yaml", text))
    assert is_text(text, root.value[0][1]) is expected
