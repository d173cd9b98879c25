"""ERB and Go's text/template, asked themselves: what they refuse, and what becomes of literal settings around holes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pgfpmlint.resolve.settings import Unknown
from pgfpmlint.source.text import Source
from pgfpmlint.templates.filling import filled
from servers.conftest import REQUIRED
from trees import world_of

HERE = Path(__file__).parent

Asked = Sequence[tuple[str, dict[str, int]]]
Engine = Callable[[Asked], list[str | None]]

SCRAPS = {
    "erb": [
        *(
            "a = 1\n",
            "<%= 1 %>",
            "<% if true -%>\n",
            "<%- unless false %>\n",
            "<% else -%>\n",
            "<% end -%>\n",
            "<%# b %>",
        ),
        *("<% [1].each do |x| -%>\n", "<% x = 1 if true %>", "<%% c", "<% 2.times { |y| %>", "<% } %>", "%>", "<%"),
    ],
    "go": [
        *("a = 1\n", "{{ 1 }}", "{{ if true }}\n", "{{- else }}\n", "{{ end }}\n", "{{/* b */}}", '{{ "}}" }}'),
        *("{{ range list 2 }}\n", "{{ $x := 1 }}", "{{ with true -}}\n", "{{ else if true }}", "}}", "{{ `c` }}", "{{"),
    ],
}
TAGS = {
    "erb": ("<% if c{} == 0 -%>", "<% else -%>", "<% c{}.times do -%>", "<% end -%>", "<%= v %>", "<%# note -%>"),
    "go": (
        "{{{{- if eq $.c{} 0.0 }}}}",
        "{{- else }}",
        "{{{{- range list $.c{} }}}}",
        "{{- end }}",
        "{{ $.v }}",
        "{{- /* n */}}",
    ),
}
SETTINGS = {"max_connections": ("50", "100"), "work_mem": ("4MB", "8MB"), "fsync": ("on", "off")}


def _needs(*names: str) -> None:
    lacking = [name for name in names if shutil.which(name) is None]
    if lacking and not REQUIRED:
        pytest.skip(f"no {lacking[0]} on this machine; .ci/servers installs it")
    assert not lacking


@pytest.fixture(scope="session")
def ruby() -> Engine:
    _needs("ruby")
    return lambda asked: _answers(["ruby", str(HERE / "template_engines.rb")], json.dumps(asked))


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Where Go is there: its compiler is larger than all other judges together, so CI goes without."""
    if shutil.which("go") is None:
        pytest.skip("no go on this machine")
    folder = tmp_path_factory.mktemp("go")
    program = folder / "engine"
    environment = {**os.environ, "GOCACHE": str(folder / "cache"), "GO111MODULE": "off", "GOFLAGS": ""}
    subprocess.run(
        ["go", "build", "-o", str(program), str(HERE / "template_engines.go")], env=environment, check=True, timeout=300
    )
    return lambda asked: _answers([str(program)], json.dumps([{"Text": text, "Values": all_} for text, all_ in asked]))


def _answers(command: list[str], asked: str) -> list[str | None]:
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=120)
    answers: list[str | None] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("language", ["erb", "go"])
def test_what_they_refuse(language: str, request: pytest.FixtureRequest) -> None:
    """What we object to, they refuse; and Go refuses nothing else, unless a scrap is half a tag or an odd ``else``."""
    chance = random.Random(20)
    whole = [
        scrap
        for scrap in SCRAPS[language]
        if scrap.strip() not in ("<%", "%>", "{{", "}}", "<%% c", "{{ else if true }}")
    ]
    texts = ["".join(chance.choices(SCRAPS[language], k=chance.randint(1, 8))) for _ in range(400)]
    texts += ["".join(chance.choices(whole, k=chance.randint(1, 8))) for _ in range(400)]
    answers = request.getfixturevalue("ruby" if language == "erb" else "go")([(text, {}) for text in texts])
    refused = 0
    for number, (text, answer) in enumerate(zip(texts, answers)):
        fault = filled(Source("a", text), language).fault
        assert fault is None or answer is None, (text, fault)
        if number >= 400 and language == "go":
            assert (fault is None) == (answer is not None), (text, fault)
        refused += fault is not None
    assert refused > 100


def _template(chance: random.Random, language: str) -> str:
    choice, other, loop, end, hole, note = TAGS[language]
    numbers = iter(range(100))

    def part(depth: int) -> str:
        if depth < 2 and chance.random() < 0.4:
            number = next(numbers)
            inner = "".join(part(depth + 1) for _ in range(chance.randint(0, 2)))
            if chance.random() < 0.3:
                return f"{loop.format(number)}\n{inner}{end}\n"
            turned = f"{other}\n{part(depth + 1)}" if chance.random() < 0.6 else ""
            return f"{choice.format(number)}\n{inner}{turned}{end}\n"
        name = chance.choice(list(SETTINGS))
        return f"{name} = {chance.choice([*SETTINGS[name], hole])}\n" + chance.choice(["", "", f"{note}\n"])

    return "# made up\n" + "".join(part(0) for _ in range(chance.randint(1, 5)))


@pytest.mark.parametrize("language", ["erb", "go"])
def test_what_is_known_is_so(language: str, request: pytest.FixtureRequest) -> None:
    chance = random.Random(21)
    asked = [
        (
            _template(chance, language),
            {**{f"c{at}": chance.randint(0, 2) for at in range(20)}, "v": chance.randint(20, 90)},
        )
        for _ in range(300)
    ]
    known = 0
    for (text, values), made in zip(asked, request.getfixturevalue("ruby" if language == "erb" else "go")(asked)):
        assert made, (text, values)
        before = world_of({f"x/postgresql.conf.{'erb' if language == 'erb' else 'gotmpl'}": text})
        after = world_of({"x/postgresql.conf": made})
        for name in SETTINGS:
            setting = before.deployment.instances[0].postgres.setting(name)
            if not isinstance(setting.origin, Unknown):
                known += setting.is_written
                assert setting.value == after.deployment.instances[0].postgres.setting(name).value, (text, made)
    assert known > 100
