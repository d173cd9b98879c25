"""The languages that templates of configuration files are written in, and how one is told."""

from __future__ import annotations

from importlib import import_module

from pgfpmlint.record import TYPE_CHECKING
from pgfpmlint.templates.piece import HOLE

if TYPE_CHECKING:
    from pgfpmlint.templates.piece import Language

JINJA, ERB, EPP, GO, MUSTACHE, TERRAFORM = "jinja", "erb", "epp", "go", "mustache", "terraform"
VARIABLES, STRANGE = "names", "strange"

NAMES = {
    JINJA: "Jinja",
    ERB: "ERB",
    EPP: "EPP",
    GO: "Go template",
    MUSTACHE: "Mustache",
    TERRAFORM: "Terraform template",
    VARIABLES: "names to fill in",
}
"""Language, which is also its module, to what people call it. STRANGE is any other."""

BY_EXTENSION = {
    "j2": JINJA, "jinja": JINJA, "jinja2": JINJA, "erb": ERB, "epp": EPP, "gotmpl": GO, "ctmpl": GO,
    "mustache": MUSTACHE, "hbs": MUSTACHE, "tftpl": TERRAFORM,
}  # fmt: skip

# What begins an action of Go rather than an expression of Jinja: a field, a variable, a keyword, or a function whose
# arguments no bracket holds.
_GOES = (".", "$", "if ", "range ", "with ", "end", "else", 'define "', 'template "', "block ", "include ", "/*")


def language_of(extension: str, text: str) -> str:
    """The language of a file with that extension, none for a plain one; empty where nothing in it is a template's."""
    named = BY_EXTENSION.get(extension, "")
    if named:
        signs = text.startswith("#jinja2:") and "_string" in text.partition("\n")[0]
        return STRANGE if signs else named  # Ansible's own line may choose other signs
    if "[%" in text and "%]" in text:
        return STRANGE  # Template Toolkit
    if "<%" in text and "%>" in text:
        return ERB
    if "{%" in text and "%}" in text:
        return JINJA
    if "{{" in text and "}}" in text:
        return _of_braces(text)
    return _of_names(extension, text)


def _of_braces(text: str) -> str:
    inside = [part.lstrip("- \t") for part in text.split("{{")[1:]]
    if any(part.startswith(("#", "/", "^")) and not part.startswith("/*") for part in inside):
        return MUSTACHE
    return GO if any(part.startswith(_GOES) for part in inside) else JINJA


def _of_names(extension: str, text: str) -> str:
    """Names to fill in are told by an extension only: in a plain file they may be what they look like."""
    if "%{" in text and any(word in text for word in ("%{ if", "%{ for", "%{~", "%{if", "%{for")):
        return TERRAFORM
    if extension and any(piece.kind == HOLE for piece in load(VARIABLES).scan(text).pieces):
        return VARIABLES
    return ""


def load(language: str) -> Language:
    module: Language = import_module(f"pgfpmlint.templates.{language}")
    return module
