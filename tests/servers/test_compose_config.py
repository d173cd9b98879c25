"""Services as Compose itself makes them of the same files: merged, extended, filled in, split into words.

The judge is docker-compose's own ``config``, which needs no engine.
"""

from __future__ import annotations

import random
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pgfpmlint.manifests.compose.project import Project, projects
from pgfpmlint.manifests.compose.services import Service
from pgfpmlint.manifests.containers.container import Container
from pgfpmlint.manifests.machine import Manifest
from pgfpmlint.source.memory import MemoryTree
from servers import found

COMPOSE = found.docker_compose()

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(COMPOSE is None, reason="no docker-compose on this machine; .ci/servers installs one"),
]

ENV = "SET=from the file\nEMPTY=\nNUMBER='42'\n# none\nexport QUOTED=\"a ${SET} b\"\n"
VALUES = (
    "plain",
    "two words",
    "$${SET}",
    "${SET}",
    "$SET",
    "a${SET:-x}b",
    "${UNSET:-some default}",
    "${UNSET-}",
    "${EMPTY:-filled}",
    "${EMPTY-kept}",
    "100%",
    "${NUMBER}",
    "it's",
    'say "hi"',
    "back\\slash",
)
WORDS = (
    "-c max_connections=200",
    "--shared-buffers=256MB",
    "-c 'log_line_prefix=%m [%p] '",
    '-c "search_path=a, b"',
    "-c work_mem=${UNSET:-4MB}",
    "-p 5433",
    "-c application_name=it\\'s",
    '-c "a=b\\"c"',
    "-c x=$SET",
    "''",
)


def _scalar(text: str, style: int) -> str:
    """The text in one of YAML's styles."""
    if style == 0 and re.fullmatch(r"[A-Za-z$/][^:#'\"\\%]*[^:# '\"\\%]", text) and ": " not in text:
        return text
    if style == 1:
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _service(name: str, chance: random.Random, *, image: bool) -> str:
    """One service as people write them."""
    lines = [f"  {name}:"]

    def pick(values: tuple[str, ...]) -> str:
        return _scalar(chance.choice(values), chance.randrange(3))

    if image:
        lines.append(f"    image: {_scalar('postgres:${UNSET:-16}', chance.randrange(3))}")
    command = [*chance.sample(WORDS, chance.randrange(1, 5))]
    form = chance.randrange(4)
    if form == 0:
        lines.append(f"    command: {_scalar('postgres ' + ' '.join(command), chance.randrange(1, 3))}")
    elif form == 1:
        lines += ["    command:", "      - postgres"]
        lines += [f"      - {_scalar(word, chance.randrange(1, 3))}" for one in command for word in shlex.split(one)]
    elif form == 2:
        lines += ["    command: >", "      postgres", *(f"      {one}" for one in command)]
    names = chance.sample(("ALPHA", "BETA", "GAMMA", "DELTA"), 3)
    if chance.random() < 0.5:
        lines += ["    environment:", *(f"      {one}: {pick(VALUES)}" for one in names)]
    else:
        wanted = [(one, chance.choice(VALUES)) for one in names]
        lines += ["    environment:", *(f"      - {_scalar(f'{one}={value}', 2)}" for one, value in wanted)]
    if chance.random() < 0.7:
        targets = chance.sample(("/etc/a.conf", "/etc/b.conf", "/data"), 2)
        lines += ["    volumes:", *(f"      - ./{one.strip('/').replace('/', '-')}-{name}:{one}" for one in targets)]
    if chance.random() < 0.6:
        lines += ["    deploy:", f"      replicas: {chance.randrange(1, 9)}"]
    return "\n".join(lines) + "\n"


def _tree(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"service{number}" for number in range(12)]
    base = "".join(_service(name, chance, image=True) for name in names)
    over = "".join(_service(name, chance, image=False) for name in names[:6])
    derived = "".join(f"  derived{at}:\n    extends:\n      service: {name}\n" for at, name in enumerate(names[6:9]))
    anchors = (
        "x-shared: &shared\n  image: postgres:15\n  environment: &env {ALPHA: one, BETA: '${SET}'}\n"
        "services:\n  anchored:\n    <<: *shared\n    command: [postgres, -c, jit=off]\n"
        "  again:\n    <<: *shared\n    environment:\n      <<: *env\n      BETA: two\n"
    )
    (folder / ".env").write_text(ENV)
    (folder / "docker-compose.yml").write_text(f"version: '3.8'\n{anchors}{base}{derived}")
    (folder / "docker-compose.override.yml").write_text(f"version: '3.8'\nservices:\n{over}")


def _ours(folder: Path) -> Project:
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    root = MemoryTree(files).root("it", "", complete=False)
    manifests = [Manifest(root.read(f"/{name}"), root, f"/{name}") for name in sorted(files) if name.endswith("yml")]
    return next(projects(manifests))


def _known(text: str) -> str:
    """What Compose makes of variables that nothing sets: nothing."""
    return text.replace("${UNSET}", "")


def _shown(container: Container) -> dict[str, Any]:
    return {
        "image": _known(container.image.text) if container.image is not None else None,
        "command": [_known(word.text) for word in container.command] if container.command is not None else None,
        "environment": {name: _known(one.text) for name, one in container.environment.items()},
        "replicas": container.told.machines,
    }


def _theirs(service: dict[str, Any]) -> dict[str, Any]:
    command = service.get("command")
    words = shlex.split(command) if isinstance(command, str) else command
    environment = service.get("environment") or {}
    return {
        "image": service.get("image"),
        "command": [_unescaped(one) for one in words] if words is not None else None,
        "environment": {name: _unescaped(str(one)) for name, one in environment.items()},
        "replicas": (service.get("deploy") or {}).get("replicas", 1),
    }


def _unescaped(text: str) -> str:
    return text.replace("$$", "$")


def _config(command: list[str], folder: Path) -> dict[str, Any]:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = YAML(typ="safe", pure=True).load(ran.stdout)
    return told


@pytest.mark.parametrize("seed", range(6))
def test_services_are_composes_own(tmp_path: Path, seed: int) -> None:
    _tree(tmp_path, seed)
    theirs = _config([str(COMPOSE), "config"], tmp_path)["services"]
    project = _ours(tmp_path)
    assert set(project.services) == set(theirs)
    for name, item in project.services.items():
        container = Service(project, name, item).container()
        assert _shown(container) == _theirs(theirs[name]), name
        mounts = {one.split(":")[1] for one in theirs[name].get("volumes", ())}
        assert mounts == {*container.covered, *container.folders, *container.files}, name
