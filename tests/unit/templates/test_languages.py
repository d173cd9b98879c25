"""How the language of a template is told."""

from __future__ import annotations

import pytest

from pgfpmlint.templates.languages import language_of


@pytest.mark.parametrize(
    ("extension", "text", "language"),
    [
        ("j2", "a = 1\n", "jinja"),
        ("erb", "a = {{ b }}\n", "erb"),
        ("j2", "#jinja2: variable_start_string:'[%', variable_end_string:'%]'\na = [% b %]\n", "strange"),
        ("tmpl", "a = {{ .Values.b }}\n", "go"),
        ("tpl", "{{- if .a }}\n{{- end }}\n", "go"),
        ("tpl", "a = {{ b }}\n", "jinja"),
        ("tpl", "{{#a}}\n{{/a}}\n", "mustache"),
        ("tpl", "a = ${b}\n%{ if c ~}\n%{ endif ~}\n", "terraform"),
        ("tpl", "listen = /run/%domain%.sock\n", "names"),
        ("template", "port = ${PORT}\n", "names"),
        ("template", "port = 5432\n", ""),
        ("in", "port = @port@\n", "names"),
        ("tmpl", "[% USE Hash -%]\n", "strange"),
        ("", "a = ${B}\n", ""),
        ("", "{% if a %}\n{% endif %}\n", "jinja"),
        ("", "<% if a %>\n<% end %>\n", "erb"),
    ],
)
def test_language(extension: str, text: str, language: str) -> None:
    assert language_of(extension, text) == language
