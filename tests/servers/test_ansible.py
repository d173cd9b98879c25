"""What templates come to, against ansible-core itself: inventories, precedence and Jinja on generated repositories."""

from __future__ import annotations

import glob
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pgfpmlint.ansible.machines import placements
from pgfpmlint.ansible.repository import Repository
from pgfpmlint.source.text import Source
from servers.conftest import REQUIRED
from servers.found import CACHES

SEEDS = range(2)
REPOSITORIES = 2
"""Made from each seed: ansible takes seconds for each."""

WORDS: tuple[str, ...] = (
    "5", "'5'", "yes", "on", '"x y"', "[1, 2]", "0x10", "010", "1.5", "null", "~", "{a: 1}", "1_000", "12:30:45", "-3",
    ".5", "TRUE", "n", "1e3", "'{{ v1 }}'", "\"{{ v2 | default('d') }}-{{ v1 }}\"", "!unsafe '{{ x }}'",
)  # fmt: skip
PLAIN = ("5", "'5'", '"5"', "yes", "True", "[1,2]", "{'a':1}", "x", "1.0", "None", "010", "0x10", "'a b'")
PATTERNS = ("all", "web", "web:db", "all:!web", "web:&db", "w*", "h0,web", "web[0]")
ROLES = ("r", "{role: r, v1: param}", "{role: r, vars: {v2: rv}}")

TEMPLATE = """\
[{{ v1 }}] {{ v2 }} {{ v3 | default('q') }} {{ v4 }} {{ inventory_hostname }} {{ ansible_host }}
{{ group_names | join(',') }} {{ groups['all'] | length }} {{ groups.web | default([]) | sort | join(' ') }}
{% for e in lst %}{{ loop.index }}{{ e.a }}{{ e.b | default('-') }}{% if not loop.last %},{% endif %}
{% endfor %}
{% if v1 is string %}S{% elif v1 is number %}N{% else %}O{% endif %}
   {% if v3 %}
t
{% else %}
f
  {%- endif %} x
{% set a = 3 %}{{ a * 2 + 1 }} {{ 7 // 2 }} {{ 7 / 2 }} {{ 2 ** 5 }} {{ 7 % 3 }} {{ 'a' ~ 1 }} {{ [1,2] + [3] }}
{{ v1 | string | upper }} {{ {'k': v1} | to_json }} {{ lst | map(attribute='a') | list }} {{ lst[5] | default('oob') }}
{{ '%s-%02d' | format('a', 3) }} {{ 'a.b' | replace('.', '_') }} {{ 'abc' | regex_replace('b', 'X') }}
{{ 'yes' | bool }} {{ [3,1,2] | sort | join('<') }} {{ 5 | ternary('y','n') }}
{{ 'a,b'.split(',') }} {{ {'a':1} | dict2items }}
{{ '/a/b.c' | basename }} {{ '14.2' is version('13', '>=') }} {{ hostvars[inventory_hostname].z }} {{ lst[-1]['a'] }}
{% macro m(x, y=2) %}<{{ x }}{{ y }}>{% endmacro %}{{ m(1) }}{{ m(3, y=4) }} {%- raw %}{{ raw }}{% endraw %}
{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}{# comment #}
{{ ansible_managed | comment }}
{{ none_thing | default(none) }}|{{ true }} {{ 1 == 1.0 }} {{ 'a' in 'abc' }}"""


def ansible() -> str | None:
    """The folder of ansible-core's programs: in the cache that ``.ci/servers`` fills, or named by the environment."""
    named = os.environ.get("PGFPMLINT_ANSIBLE_BIN", "")
    places = [named, *(place for cache in CACHES for place in sorted(glob.glob(f"{cache}/ansible*/bin")))]
    return next((place for place in places if place and os.access(f"{place}/ansible-playbook", os.X_OK)), None)


def written(base: Path, dice: random.Random) -> str:
    """A repository; the path of its inventory."""
    groups = ["web", "db", "app", "eu", "us"][: dice.randint(2, 5)]
    hosts = [f"h{number}" for number in range(dice.randint(1, 4))] + ["w[01:03]", "n[a:c].x", "h[1:5:2]"][
        : dice.randint(0, 3)
    ]
    names = ["v1", "v2", "v3", "ansible_host"]
    some = [dice.sample(hosts, dice.randint(1, len(hosts))) for _ in groups]
    files = {"pb/group_vars/all.yml": "z: 1\n" + ("v1: fromplaybook\n" if dice.random() < 0.3 else "")}
    lines: list[str] = []
    if dice.random() < 0.5:
        inventory = "hosts"
        for at, group in enumerate(groups):
            lines.append(f"[{group}]{dice.choice(['', ' # c'])}")
            for host in some[at]:
                told = dice.sample(names, dice.randint(0, 2))
                lines.append(
                    " ".join([host, *(f"{name}={dice.choice(PLAIN)}" for name in told), dice.choice(["", "# c"])])
                )
            lines.append(
                f"[{group}:vars]\n"
                + "\n".join(f"{name} = {dice.choice(PLAIN)}" for name in names[: dice.randint(0, 2)])
            )
            lines.append(f"ansible_group_priority={dice.randint(1, 5)}")
            if groups[at + 1 :] and dice.random() < 0.5:
                lines += [f"[{group}:children]", *dice.sample(groups[at + 1 :], 1)]
    else:
        inventory = "hosts.yml"
        lines += ["all:", "  children:"]
        for at, group in enumerate(groups):
            lines += [f"    {group}:", "      hosts:"]
            for host in some[at]:
                lines.append(f"        {host}:")
                lines += [
                    f"          {name}: {dice.choice(WORDS)}" for name in dice.sample(names[:3], dice.randint(0, 2))
                ]
            lines += ["      vars:", f"        v3: {dice.choice(WORDS)}"]
    files[inventory] = "\n".join(lines) + "\n"
    for group in (*groups, "all"):
        where = dice.choice([f"group_vars/{group}.yml", f"group_vars/{group}/a.yml", f"group_vars/{group}"])
        if dice.random() < 0.4:
            files[where] = "".join(f"{name}: {dice.choice(WORDS)}\n" for name in dice.sample(names[:3], 2))
    files["host_vars/h0.yml"] = f"v2: {dice.choice(WORDS)}\n"
    files["pb/roles/r/defaults/main.yml"] = 'v1: dv1\nv2: dv2\nv3: dv3\nv4: "{{ v1 }}"\nlst: [{a: 1, b: x}, {a: 2}]\n'
    if dice.random() < 0.3:
        files["pb/roles/r/vars/main.yml"] = "v2: rolevar\n"
    dest = f"{base}/out/{{{{ inventory_hostname }}}}"
    files["pb/roles/r/tasks/main.yml"] = (
        f"- template: {{src: php-fpm.conf.j2, dest: '{dest}'}}\n  when: v1 is defined\n"
    )
    files["pb/roles/r/templates/php-fpm.conf.j2"] = TEMPLATE + dice.choice(["\n", ""])
    files["pb/vf.yml"] = "v2: vfile\n"
    play = f"- hosts: {dice.choice(PATTERNS)}\n  gather_facts: no\n  connection: local\n"
    play += dice.choice(["", "  vars: {v3: playvar}\n"]) + dice.choice(["", "  vars_files: [vf.yml]\n"])
    files["pb/site.yml"] = f"{play}  roles:\n    - {dice.choice(ROLES)}\n"
    for path, text in files.items():
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_text(text)
    (base / "out").mkdir()
    return inventory


def _reader(base: Path) -> Callable[[str], Source]:
    return lambda path: Source(path, (base / path).read_text())


@pytest.mark.server
@pytest.mark.parametrize("seed", SEEDS)
def test_templates_come_to_what_ansible_makes_of_them(seed: int, tmp_path: Path) -> None:
    home = ansible()
    if home is None:
        assert not REQUIRED, "ansible-core is missing: .ci/servers installs it"
        pytest.skip("no ansible-core here: .ci/servers installs it")
    dice = random.Random(seed)
    compared = 0
    for number in range(REPOSITORIES):
        base = tmp_path / str(number)
        base.mkdir()
        inventory = written(base, dice)
        environment = {
            **os.environ, "ANSIBLE_PYTHON_INTERPRETER": f"{home}/python", "ANSIBLE_HOME": str(tmp_path / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        command = [f"{home}/ansible-playbook", "-f", "4", "-i", f"{base}/{inventory}", f"{base}/pb/site.yml"]
        subprocess.run(command, cwd=base / "pb", env=environment, capture_output=True, timeout=300, check=False)
        paths = [
            str(path.relative_to(base)) for path in base.rglob("*") if path.is_file() and path.parent != base / "out"
        ]
        repository = Repository(paths, _reader(base))
        ours = placements(repository, inventory, "pb/site.yml")
        for made in (base / "out").iterdir():
            assert ours[made.name][0].whole
            assert ours[made.name][0].source.text == made.read_text(), f"seed {seed}, repository {number}, {made.name}"
            compared += 1
    assert compared
