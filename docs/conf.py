"""Sphinx's settings for the documentation: ``make docs``. The pages about rules are written before each build."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tools"), str(HERE.parent / "src")]

# Only now that the path leads to them.
from pgfpmlint import __version__  # noqa: E402
from rule_pages import write  # noqa: E402

project = "pgfpmlint"
release = version = __version__
html_title = f"pgfpmlint {release}"

extensions = ["myst_parser"]
myst_heading_anchors = 3
root_doc = "index"
exclude_patterns: list[str] = []
smartquotes = False

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["pgfpmlint.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "family.html",
        "sidebar/scroll-end.html",
    ]
}

write(HERE)


def beside(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give the page of a rule, or of a family, the rules of that family for its sidebar."""
    folder, _, name = page.rpartition("/")
    if folder.startswith("rules/"):
        context["family"] = folder.partition("/")[2]
        here = sorted(one.rpartition("/")[2] for one in app.env.found_docs if one.startswith(f"{folder}/"))
        context["slugs"] = [slug for slug in here if slug != "index"]
        context["slug"] = name


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", beside)
