"""What is read of a template: the literal text with its places, holes, and what it takes for a line to be there.

``_`` stands for a hole in what is expected; behind ``?`` is the line's condition: the line of each block that decides,
and which of its alternatives it is; ``*`` where the block may come any number of times.
"""

from __future__ import annotations

import pytest

from pgfpmlint.source.template import Template
from pgfpmlint.source.text import HOLE, Source
from pgfpmlint.templates.filling import filled


def read(text: str, language: str) -> Template:
    return filled(Source("a.j2", text), language)


def lines(made: Template) -> list[str]:
    shown = []
    at = 0
    for line in made.text.split("\n"):
        body = line.strip()
        if body:
            place = made.place(at + line.index(body), at + line.index(body) + len(body))
            blocks = [
                f"{made.outer.position(int(arm.block))[0]}.{arm.number}{'*' if arm.loop else ''}"
                for arm in place.condition
            ]
            shown.append(body.replace(HOLE, "_") + (f" ?{' '.join(blocks)}" if blocks else ""))
        at += len(line) + 1
    return shown


JINJA = {
    "a hole": ("port = {{ port }}\nwal_level = replica\n", ["port = _", "wal_level = replica"]),
    "part of a value": ("listen = /run/{{ a }}/{{ b }}.sock\n", ["listen = /run/_/_.sock"]),
    "braces and quotes within": ("a = {{ {'b': {}}['}}'] | d('%}') }}x\n", ["a = _x"]),
    "a choice of lines": (
        "{% if a %}\nx = 1\n{% elif b %}\nx = 2\n{% else %}\nx = 3\n{% endif %}\ny = 1\n",
        ["x = 1 ?1.0", "x = 2 ?1.1", "x = 3 ?1.2", "y = 1"],
    ),
    "a choice within a line": ("a = {% if x %}1{% else %}2{% endif %}\nb = 1\n", ["a = _", "b = 1"]),
    "a choice on one line": ("{% if x %}a = 1{% else %}a = 2{% endif %}\n", ["a = 1 ?1.0", "a = 2 ?1.1"]),
    "a line that goes on behind the choice": ("{% if x %}a{% endif %} = 1\n", ["_ = 1"]),
    "a loop": ("{% for h in hosts %}\nhost all all {{ h }} md5\n{% endfor %}\n", ["host all all _ md5 ?1.0*"]),
    "a loop within a line": ("a = '{% for h in hosts %}{{ h }},{% endfor %}'\n", ["a = '_'"]),
    "a loop that makes one line of many": ("{% for h in hosts %}{{ h }} {% endfor %}\nb = 1\n", ["_", "b = 1"]),
    "blocks in blocks": (
        "{% for p in pools %}\n[{{ p }}]\n{%   if p.user %}\nuser = {{ p.user }}\n{%   endif %}\n{% endfor %}\n",
        ["[_] ?1.0*", "user = _ ?1.0* 3.0"],
    ),
    "comments": ("{# a\nb #}\nx = 1 {# c #}\n", ["x = 1"]),
    "Ansible's comment": ("{{ ansible_managed | comment(';') }}\nx = 1\n", ["x = 1"]),
    "Ansible's own line": ("#jinja2: trim_blocks: True\nx = 1\n", ["x = 1"]),
    "an assignment": ("{% set x = 1 %}\n{%- set y = {'a': '%}'} -%}\nx = 1\n", ["x = 1"]),
    "a block that is kept": ("{% set x %}\na = 1\n{% endset %}\nb = 1\n", ["b = 1"]),
    "a macro": ("{% macro m(a) %}\na = 1\n{% endmacro %}\n{{ m(1) }}\n", ["a = 1 ?1.0", "_"]),
    "what is made something else of": ("{% filter upper %}\na = 1\n{% endfilter %}\nb = 1\n", ["_", "b = 1"]),
    "raw text": ("{% raw %}\na = '{{ b }}'\n{% endraw %}\n", ["a = '{{ b }}'"]),
    "another file": ("{% include 'more.j2' %}\na = 1\n", ["_", "a = 1"]),
    "a scope": ("{% with a = 1 %}\nb = 1\n{% endwith %}\n", ["b = 1"]),
    "a choice in a comment": ("# {% if x %}\na = 1\n# {% endif %}\n", ["#", "a = 1 ?1.0", "# ?1.0"]),
    "lines that are joined": ("a = 1\n{%- if x -%}\nb = 2\n{%- endif -%}\nc = 3\n", ["a = 1_c = 3"]),
    "lines that are not": ("a = 1\n{%- if x %}\nb = 2\n{%- endif %}\nc = 3\n", ["a = 1", "b = 2 ?2.0", "c = 3"]),
    "a hole that is drawn near": ("a =\n{{- x }}\n", ["a =_"]),
    "a loop whose lines are joined": ("{% for x in y -%}\na\n{%- endfor %}\nb = 1\n", ["_", "b = 1"]),
    "line ends of DOS": ("{% if a %}\r\nx = 1\r\n{% endif %}\r\n", ["x = 1 ?1.0"]),
    "another language altogether": ("{% if a %}\n<?xml version='1.0'?>\n{% endif %}\nx = 1\n", ["_", "x = 1"]),
}
OTHERS = {
    "ERB": (
        "erb",
        "<%# of Chef -%>\n<% if @a -%>\nport = <%= @port %>\n<% else -%>\nport = 1\n<% end -%>\n"
        "<% @b.each do |k, v| %>\n<%= k %> = <%= v %>\n<% end %>\nlog_line_prefix = '<%%t'\n",
        ["port = _ ?2.0", "port = 1 ?2.1", "_ = _ ?7.0*", "log_line_prefix = '<%%t'"],
    ),
    "ERB with case": (
        "erb",
        "<% case @v when 1 %>\n<% end %>\n<% unless @x %>\na = 1\n<% end %>\n<% y = 1 if z %>\n",
        ["a = 1 ?3.0"],
    ),
    "ERB, a tag that nothing closes": ("erb", "a = '<%t'\nb = 1\n", ["a = '_t'", "b = 1"]),
    "ERB that only Ruby understands": ("erb", "a = 1\n<% if a; b.each { %>\nc = <%= 1 %>\n<% } end %>\n", None),
    "EPP": (
        "epp",
        "<%- | Integer $port | -%>\n<% if $a { -%>\nport = <%= $port %>\n<% } else { -%>\nport = 1\n<% } -%>\n"
        "<% $b.each |$k, $v| { %>\n<%= $k %> = 1\n<% } %>\n",
        ["port = _ ?2.0", "port = 1 ?2.1", "_ = 1 ?7.0*"],
    ),
    "Go": (
        "go",
        '{{- /* of Helm */ -}}\n{{- $x := .Values.x }}\n{{ range $k, $v := .c }}\n{{ $k }} = "{{ $v }}"\n{{ end }}\n'
        '{{- if eq .a "}}" }}\na = 1\n{{- else }}\na = 2\n{{- end }}\n{{with .b}}b = {{.}}{{end}}\n',
        ['_ = "_" ?3.0*', "a = 1 ?6.0", "a = 2 ?6.1", "b = _ ?11.0"],
    ),
    "Mustache": (
        "mustache",
        "{{! note }}\n{{#pools}}\n[{{name}}]\n{{/pools}}\n{{^none}}\na = {{{b}}}\n{{/none}}\n",
        ["[_] ?2.0*", "a = _ ?5.0"],
    ),
    "Handlebars": ("mustache", "{{#if a}}\nb = 1\n{{else}}\nb = 2\n{{/if}}\n", ["b = 1 ?1.0", "b = 2 ?1.1"]),
    "Terraform": (
        "terraform",
        'a = ${a["}"]}\n%{ if b ~}\nb = 1\n%{ else ~}\nb = 2\n%{ endif ~}\nc = $${c}\n',
        ["a = _", "b = 1 ?2.0", "b = 2 ?2.1", "c = $${c}"],
    ),
    "names": (
        "names",
        "a = ${A}\nb = $B_C\nc = @c@\nd = %domain%\ne = DB_PORT\nf = '%m [%p] %q%u@%d '\n"
        'g = "SCRAM-SHA-256$4096:A_B=$Ab_C/="\n',
        ["a = _", "b = _", "c = _", "d = _", "e = _", "f = '%m [%p] %q%u@%d '", 'g = "SCRAM-SHA-256$4096:A_B=$Ab_C/="'],
    ),
}


@pytest.mark.parametrize(("text", "expected"), JINJA.values(), ids=JINJA)
def test_jinja(text: str, expected: list[str]) -> None:
    made = read(text, "jinja")
    assert lines(made) == expected
    assert made.fault is None


@pytest.mark.parametrize(("language", "text", "expected"), OTHERS.values(), ids=OTHERS)
def test_other_languages(language: str, text: str, expected: list[str] | None) -> None:
    made = read(text, language)
    if expected is None:  # nothing is certain then
        offset = made.text.index("a = 1")
        assert made.condition(offset)
    else:
        assert lines(made) == expected
    assert made.fault is None


def test_places_are_those_of_the_template() -> None:
    text = "{% if a %}\nx = {{ b }}1\n{% endif %}\ny = 2\n"
    made = read(text, "jinja")
    whole = made.place(made.text.index("x ="), made.text.index("1") + 1)
    assert (whole.surface.text, whole.line, whole.column) == ("x = {{ b }}1", 2, 1)
    hole = made.text.index(HOLE)
    assert made.place(hole, hole + 1).surface.text == "{{ b }}"
    later = made.text.index("y = 2")
    assert (made.place(later, later + 5).line, made.place(later, later + 5).surface.text) == (4, "y = 2")


def test_lines_keep_their_numbers() -> None:
    text = "{# a\n b #}\n{% set x = [\n1,\n2] %}\nx = 1\n"
    assert read(text, "jinja").text == "\n\n\n\n\nx = 1\n"


def test_where_more_may_come() -> None:
    text = "a = 1\n{{ more }}\n# {% for x in y %}\n{{ x }}\n{% endfor %}\nb = {{ c }}\n"
    made = read(text, "jinja")
    assert [made.position(offset)[0] for offset in made.wild] == [2, 4]


def test_literal_text_can_be_mended_where_it_is() -> None:
    made = read("{% if a %}\nmax_conections = {{ b }}\n{% endif %}\n", "jinja")
    start = made.text.index("max_conections")
    change = made.rewritten(start, start + 14, "max_connections")
    assert change is not None
    assert (change[0].text, change[0].line, change[1]) == ("max_conections", 2, "max_connections")
    assert made.rewritten(start, start + 18, "x") is None


def test_deep_blocks_are_holes() -> None:
    depth = 500
    made = read("{% if a %}\n" * depth + "x = 1\n" + "{% endif %}\n" * depth + "y = 1\n", "jinja")
    assert lines(made)[-1] == "y = 1"
