"""Comments of YAML, and what looks like some in the texts that it holds."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.formats.manifest import parse
from pgfpmlint.source.text import Source
from pgfpmlint.syntax.document import Comment

TEXT = """\
# first
spec:
  parameters:   # of the server
    work_mem: 8MB # much
    # below
  rules:
  - |
    # of the text
    local all all peer  # too
  -   name: |-
        # of the text

        # still
      other: 1  # and this
  # last
"""


def test_comments_of_the_manifest() -> None:
    document = parse(Source("some.yaml", TEXT), "some.yaml", ServerVersion("manifest", (), ""))
    assert "".join(TEXT[node.start : node.end] for node in document.nodes) == TEXT
    signs = [node.sign if isinstance(node, Comment) else getattr(node, "comment", None) for node in document.nodes]
    found = [TEXT[sign:].partition("\n")[0] for sign in signs if sign is not None]
    assert found == ["# first", "# of the server", "# much", "# below", "# and this", "# last"]
