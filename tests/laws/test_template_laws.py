"""Templates: nothing is lost, every place is where the text is written, and what is said of one is true of whatever it
becomes, as Jinja itself makes it."""

from __future__ import annotations

from collections.abc import Sequence

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgfpmlint.engine.outcome import Outcome
from pgfpmlint.model.world import World
from pgfpmlint.resolve.settings import Effective, Unknown
from pgfpmlint.source.template import Template
from pgfpmlint.source.text import HOLE, Source
from pgfpmlint.templates.filling import filled
from pgfpmlint.templates.languages import NAMES, load
from trees import outcome_of, world_of

SCRAPS = (
    *(
        "a = 1\n",
        "b",
        " ",
        "\n",
        "\t",
        "\r\n",
        "# c",
        ";",
        "'",
        '"',
        "{{ d }}",
        "{{- e -}}",
        "{% if f %}",
        "{%- else -%}",
    ),
    *(
        "{% endif %}",
        "{% for g in h %}",
        "{% endfor %}",
        "{# i #}",
        "{% raw %}",
        "{% endraw %}",
        "<%= j %>",
        "<% if k -%>",
    ),
    *(
        "<% end -%>",
        "<%- l.each do |m| -%>",
        "<% } %>",
        "<% if $n { %>",
        "{{ if .o }}",
        "{{- end }}",
        "{{#p}}",
        "{{/p}}",
    ),
    *(
        "${q}",
        "%{ if r ~}",
        "%{ endif }",
        "$STU",
        "@v@",
        "%www%",
        "{{",
        "}}",
        "<%",
        "%>",
        "{%",
        "%}",
        "[x]\n",
        HOLE,
        "é",
    ),
)
TEXTS = st.lists(st.sampled_from(SCRAPS), max_size=14).map("".join)


@given(st.sampled_from(sorted(NAMES)), TEXTS)
def test_pieces_are_the_text(language: str, text: str) -> None:
    pieces = load(language).scan(text).pieces
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text


@given(st.sampled_from(sorted(NAMES)), TEXTS)
def test_what_is_read_is_written_there(language: str, text: str) -> None:
    made = filled(Source("a", text), language)
    for at, letter in enumerate(made.text):
        written = made.surface(at, at + 1).text
        if letter == "\n":  # one may be put between alternatives on one line, or stand for those within a statement
            assert "\n" in written or not written
        elif letter != HOLE:
            assert written == letter
    assert all(made.text[offset] == HOLE for offset in made.wild)
    assert list(made.wild) == sorted(made.wild)


class Line:
    """A line of a made-up template: literal text, or a setting whose value is filled in."""

    def __init__(self, name: str, value: str | None) -> None:
        self.name, self.value = name, value

    def text(self) -> str:
        return f"{self.name} = {self.value if self.value is not None else '{{ v }}'}\n"


class Block:
    """``if`` with its alternatives, or ``for``; ``sign`` is the mark of white space control on its left side."""

    def __init__(self, word: str, sign: str, arms: Sequence[Sequence[Line | Block]], whole: bool, number: int) -> None:
        self.word, self.sign, self.arms, self.whole, self.number = word, sign, arms, whole, number

    def text(self) -> str:
        sign, parts = self.sign, []
        for at, arm in enumerate(self.arms):
            if self.word == "for":
                parts.append(f"{{%{sign} for x in range(c{self.number}) %}}\n")
            elif at == 0:
                parts.append(f"{{%{sign} if c{self.number} == 0 %}}\n")
            elif self.whole and at == len(self.arms) - 1:
                parts.append(f"{{%{sign} else %}}\n")
            else:
                parts.append(f"{{%{sign} elif c{self.number} == {at} %}}\n")
            parts += [one.text() for one in arm]
        return "".join((*parts, f"{{%{sign} end{self.word} %}}\n"))


POSTGRES = {"max_connections": ("50", "100"), "work_mem": ("4MB", "8MB"), "fsync": ("on", "off"), "wrk_mem": ("1MB",)}
BOUNCER = {"max_client_conn": ("100", "500"), "pool_mode": ("session", "transaction"), "pol_mode": ("session",)}
FPM = {
    "pm.max_children": ("5", "50"),
    "pm": ("static", "ondemand"),
    "listen": ("/run/a.sock",),
    "pm.max_childen": ("5",),
}
KINDS = {
    "postgresql.conf": ("", POSTGRES),
    "pgbouncer.ini": ("[pgbouncer]\n", BOUNCER),
    "php-fpm.conf": ("[www]\nuser = www\n", FPM),
}


@st.composite
def templates(draw: st.DrawFn, kind: str) -> str:
    settings = KINDS[kind][1]
    numbers = iter(range(100))

    def part(depth: int) -> Line | Block:
        if depth < 2 and draw(st.integers(0, 2)) == 0:
            word = draw(st.sampled_from(["if", "if", "for"]))
            arms = [
                [part(depth + 1) for _ in range(draw(st.integers(0, 2)))]
                for _ in range(1 if word == "for" else draw(st.integers(1, 3)))
            ]
            whole = len(arms) > 1 and draw(st.booleans())
            return Block(word, draw(st.sampled_from(["", "", "+"])), arms, whole, next(numbers))
        name = draw(st.sampled_from(sorted(settings)))
        return Line(name, draw(st.sampled_from([*settings[name], None])))

    parts = [part(0) for _ in range(draw(st.integers(1, 5)))]
    return KINDS[kind][0] + "".join(one.text() for one in parts)


def settings_of(world: World) -> dict[str, Effective]:
    deployment = world.deployment
    if deployment.instances:
        found = deployment.instances[0].postgres
        return {name: found.setting(name) for name in POSTGRES if name != "wrk_mem"}
    if deployment.poolers:
        bouncer = deployment.poolers[0].bouncer
        return {name: bouncer.setting(name) for name in BOUNCER if name != "pol_mode"}
    if deployment.masters:
        pool = deployment.masters[0].fpm.pools[0]
        return {name: pool.setting(name) for name in FPM if name != "pm.max_childen"}
    raise AssertionError("no server")


@pytest.mark.parametrize("kind", ["postgresql.conf", "pgbouncer.ini", "php-fpm.conf"])
@given(data=st.data())
def test_what_is_known_of_a_template_holds_for_what_it_becomes(kind: str, data: st.DataObject) -> None:
    text = data.draw(templates(kind))
    values = {f"c{number}": data.draw(st.integers(0, 3), f"c{number}") for number in range(text.count("{%"))}
    value = data.draw(st.sampled_from([v for all_ in KINDS[kind][1].values() for v in all_]), "v")
    trim = data.draw(st.booleans(), "trim_blocks")
    rendered = (
        jinja2.Environment(trim_blocks=trim, keep_trailing_newline=True).from_string(text).render(**values, v=value)
    )
    before = settings_of(world_of({f"x/{kind}.j2": text}))
    after = settings_of(world_of({f"x/{kind}": rendered}))
    for name, setting in before.items():
        if not isinstance(setting.origin, Unknown):
            assert setting.value == after[name].value, (name, rendered)


STRUCTURAL = ("postgres/unknown-parameter", "pooler/unknown-parameter", "fpm/unknown-directive")


def said(outcome: Outcome) -> set[tuple[str, str]]:
    return {(one.rule, one.at.text.partition(" =")[0]) for one in outcome.findings}


@pytest.mark.parametrize("kind", ["postgresql.conf", "pgbouncer.ini", "php-fpm.conf"])
@given(data=st.data())
def test_errors_of_a_template_are_errors_of_whatever_it_becomes(kind: str, data: st.DataObject) -> None:
    """As errors only what every rendering has is reported."""
    text = data.draw(templates(kind))
    found = outcome_of({f"x/{kind}.j2": text})
    assert not found.crashed
    values = {f"c{number}": data.draw(st.integers(0, 3), f"c{number}") for number in range(text.count("{%"))}
    rendered = jinja2.Environment(keep_trailing_newline=True).from_string(text).render(**values, v="1")
    after = said(outcome_of({f"x/{kind}": rendered}))
    for one in found.findings:
        if one.severity == "error" and one.rule in STRUCTURAL:
            assert (one.rule, one.at.text.partition(" =")[0]) in after, rendered


RECORDS = (
    "local all all peer",
    "host all all 10.0.0.0/8 scram-sha-256",
    "host all all 10.1.0.0/16 reject",
    "host all all {{ net }} md5",
    "host shop app 10.1.2.0/24 md5",
    "host all all 10.0.0.0/8 trust",
    "{{ record }}",
)


@given(
    st.lists(st.tuples(st.sampled_from(RECORDS), st.sampled_from(["", "if", "for"])), max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_records_that_are_dead_in_a_template_are_dead(lines: Sequence[tuple[str, str]], there: Sequence[bool]) -> None:
    opened = {"": "", "if": "{{% if c{0} %}}\n", "for": "{{% for x in range(c{0}) %}}\n"}
    closed = {"": "", "if": "{% endif %}\n", "for": "{% endfor %}\n"}
    text = "".join(f"{opened[word].format(at)}{line}\n{closed[word]}" for at, (line, word) in enumerate(lines))
    values: dict[str, object] = {f"c{at}": int(one) for at, one in enumerate(there)}
    values |= {"net": "10.9.0.0/16", "record": "host all all 10.3.0.0/16 cert"}
    rendered = jinja2.Environment(keep_trailing_newline=True).from_string(text).render(values)
    before, after = world_of({"x/pg_hba.conf.j2": text}), world_of({"x/pg_hba.conf": rendered})
    gone = {
        record.place.text
        for file in after.deployment.hba_files
        for record in (dead.record for dead in after.dead_records(file))
    }
    for file in before.deployment.hba_files:
        for dead in before.dead_records(file):
            if not dead.record.place.condition:
                assert dead.record.place.text in gone, rendered


def test_templates_are_what_is_read() -> None:
    made = world_of({"x/postgresql.conf.j2": "port = {{ a }}\n"}).readings[0].documents[0].source
    assert isinstance(made, Template)
