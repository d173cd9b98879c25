"""What a template's own engine refuses. Jinja is asked itself; Ruby and Go are asked in tests/servers."""

from __future__ import annotations

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.source.text import Source
from pgfpmlint.templates.filling import filled

FAULTS = {
    "a block that nothing ends": ("a\n{% if x %}\nb\n", "{% if x %}", "opens a block that nothing ends"),
    "an end without its beginning": ("a\n{% endif %}\n", "{% endif %}", "ends a block that nothing opens"),
    "an alternative of nothing": ("{% else %}\n", "{% else %}", "stands outside of any block"),
    "the wrong end": (
        "{% for x in y %}\n{% if x %}\n{% endfor %}\n{% endif %}\n",
        "{% endfor %}",
        "comes where {% if x %} of line 2 is to be ended",
    ),
    "a hole that nothing closes": ("a = {{ x\nb = 1\n", "{{", "opens what nothing closes"),
    "a comment that nothing closes": ("{# a\nb = 1\n", "{#", "opens a comment that nothing closes"),
    "a quote that nothing closes": ("a = {{ 'x }}\n", "{{", "holds a quote that nothing closes"),
    "a bracket that opens nothing": ("a = {{ x) }}\n", "{{", "holds a ) that closes nothing"),
    "raw text that nothing ends": ("{% raw %}\n{{ a }}\n", "{% raw %}", "opens a raw block that nothing closes"),
}

FRAGMENTS = (
    *("a = 1\n", "b = {{ c }}\n", "{{ d }}", "{# e #}", "{% set f = 1 %}", "{%- if g %}\n", "{% for h in i -%}\n"),
    *("{% else %}", "{% elif j %}\n", "{% endif %}", "{% endfor %}\n", "{% raw %}", "{% endraw %}", "{{ '}}' }}"),
    *("{% macro k() %}", "{% endmacro %}", "{% set l %}", "{% endset %}", "{{", "}}", "{#", "{%", "%}", "'"),
)


def fault(text: str, language: str = "jinja") -> tuple[str, str] | None:
    made = filled(Source("a", text), language)
    found = made.fault
    return None if found is None else (made.surface(found.offset, found.offset + 1).text, found.says)


def refused(text: str) -> bool:
    try:
        jinja2.Environment().parse(text)
    except jinja2.TemplateSyntaxError:
        return True
    return False


@pytest.mark.parametrize(("text", "at", "says"), FAULTS.values(), ids=FAULTS)
def test_faults(text: str, at: str, says: str) -> None:
    assert fault(text) == (at, says)
    assert refused(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_jinja_refuses_what_we_object_to(text: str) -> None:
    if fault(text):
        assert refused(text)


WHOLE = [piece for piece in FRAGMENTS if piece not in ("{{", "}}", "{#", "{%", "%}", "'", "{% raw %}", "{% endraw %}")]


@given(st.lists(st.sampled_from(WHOLE), max_size=12).map("".join))
def test_blocks_are_judged_as_jinja_judges_them(text: str) -> None:
    assert (fault(text) is not None) == refused(text)


@pytest.mark.parametrize(
    ("language", "text", "at", "says"),
    [
        ("erb", "<% if a %>\n", "<% if a %>", "opens a block that nothing ends"),
        ("erb", "<% end %>\n", "<% end %>", "ends a block that nothing opens"),
        ("epp", "<% if $a { %>\n", "<% if $a { %>", "opens a block that nothing ends"),
        ("epp", "a <% b\n", "<%", "opens a tag that nothing closes"),
        ("go", "{{ if .a }}\n", "{{ if .a }}", "opens a block that nothing ends"),
        ("go", "{{ end }}\n", "{{ end }}", "ends a block that nothing opens"),
        ("go", "a {{ .b\n", "{{", "opens an action that nothing closes"),
        ("go", '{{ "a }}\n', "{{", "holds a quote that nothing closes"),
        ("mustache", "{{#a}}\n{{/b}}\n", "{{/b}}", "comes where {{#a}} of line 1 is to be ended"),
        ("terraform", "%{ if a }\n", "%{ if a }", "opens a block that nothing ends"),
        ("terraform", "a = ${b\n", "${", "opens what nothing closes"),
    ],
)
def test_faults_of_other_languages(language: str, text: str, at: str, says: str) -> None:
    assert fault(text, language) == (at, says)


def test_what_is_not_understood_is_no_fault() -> None:
    assert fault("<% a.each { |x| if x %>\n<% end } %>\n<% end %>\n", "erb") is None


def test_behind_a_fault_nothing_is_read() -> None:
    made = filled(Source("a", "a = 1\n{% if x %}\nfsnc = on\n"), "jinja")
    assert made.text.startswith("a = 1\n")
    assert "fsnc" not in made.text
    assert made.wild
