"""Templates, inventories and variables that try to do something: they are read, and that is all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ansible_shop import FILES
from pgfpmlint import pipeline
from pgfpmlint.ansible.dialect import environment
from pgfpmlint.ansible.expressions import Evaluator
from pgfpmlint.ansible.rendering import render
from pgfpmlint.ansible.scope import Scope
from pgfpmlint.config import Config
from pgfpmlint.options import Options
from pgfpmlint.source.disk import DiskTree
from pgfpmlint.source.text import Source
from trees import deployment_of, tree_of

ATTEMPTS = (
    "{{ lookup('pipe', 'touch PROOF') }}",
    "{{ query('pipe', 'touch PROOF') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ x.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('touch PROOF') }}",
    "{{ range.__class__ }}",
    "{{ '%s' | attr('__class__') }}",
    "{{ ['a'] | map(attribute='__class__') | list }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ namespace.__init__ }}",
    "{{ self.__dict__ }}",
    "{% import 'os' as o %}{{ o }}",
    "{{ [].append.__self__ }}",
    "{{ 'touch PROOF' | shell }}",
)

BOMBS = (
    "{{ 'a' * 10**9 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 'a' | center(10**9) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ 'a' | indent(10**9) }}",
    "{{ range(10**9) | list | length }}",
    "{% for a in range(10000) %}{% for b in range(10000) %}{{ a }}{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
    "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
    "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}",
    "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex_search('(a+)+$') }}",
    "{{ range(10000) | list | join('x' * 100000) }}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ [1] | batch(10**9, 0) | list }}",
    "{{ 1.5 | round(10**9) }}",
)


def rendered(text: str) -> str | None:
    found = render(Source("t.j2", text), Scope(None, [], {}, {}), {}, {})
    return None if found is None else "".join(piece.text for piece in found.pieces)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_reaches_out_stays_as_it_is_written(attempt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert rendered(attempt) in (None, attempt)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_grows_is_given_up(bomb: str) -> None:
    before = time.process_time()
    text = rendered(bomb)
    assert text is None or len(text) < 2_000_000
    assert time.process_time() - before < 20  # some run for hours


def test_conditions_are_bounded_too() -> None:
    evaluator = Evaluator(environment(), Scope(None, [], {}, {}), 100)
    assert evaluator.left == 100


def test_aliases_that_unfold_to_millions_are_given_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 10)]
    lines.append('max_connections: "{{ a9 | flatten | length }}"')
    files = {**FILES, "inventory/group_vars/db.yml": "\n".join(lines) + "\n"}
    assert deployment_of(files).pools


def test_scripts_and_plugins_are_read_only(tmp_path: Path) -> None:
    for path, text in FILES.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    script = tmp_path / "inventory/dynamic.py"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/PROOF\necho '{{}}'\n")
    script.chmod(0o755)
    (tmp_path / "inventory/aws_ec2.yml").write_text("plugin: amazon.aws.aws_ec2\nregions: [eu-west-1]\n")
    (tmp_path / "ansible.cfg").write_text("[defaults]\ninventory = inventory\n")
    found = pipeline.find(DiskTree(["."], where=str(tmp_path)), Config(), Options())
    assert {host.name for host in found.hosts} >= {"pg1.internal"}
    assert not (tmp_path / "PROOF").exists()


def test_ranges_of_hosts_are_bounded() -> None:
    files = {**FILES, "inventory/hosts": FILES["inventory/hosts"].replace("[01:03]", "[1:999999999]")}
    assert pipeline.find(tree_of(files), Config(), Options())
