"""What we read of pools in code is what Node's own pg makes of it, over modules that are put together by chance."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from pgfpmlint.resolve import node
from servers import found
from servers.conftest import REQUIRED
from trees import tree_of

HERE = Path(__file__).parent

NUMBERS = [
    *(
        "20",
        "'7'",
        "0",
        "undefined",
        "null",
        "1_000",
        "0x1f",
        "2 * 8",
        "3 + 4",
        "many",
        "limits.most",
        "given.deep.max",
    ),
    *("parseInt(process.env.MAX, 10)", "parseInt(process.env.MAX ?? '5', 10)", "Number(process.env.MAX || '6')"),
    *("+process.env.MAX", "parseInt(process.env.NONE) || 9", "process.env.NONE ? 3 : 4", "Number('0x10')"),
    "given.deep.max",
    *("process.env['MAX'] || 11", "Number.parseInt('12.9')", "many ?? 1", "-many + 40", "`${many}`", "(many)"),
]
TEXTS = ["'db.internal'", '"10.0.0.5"', "process.env.HOST", "process.env.NONE || 'fall.back'", "`db-${many}.x`", "name"]
URLS = [
    "'postgres://app:geheim@db1:6432/shop'",
    '"postgresql://app@db2/shop?sslmode=disable"',
    "process.env.URL",
    "`postgres://${name}:${many}/${process.env.BASE || 'base'}`",
]
ENVIRONMENT = {"MAX": "17", "HOST": "db.env", "URL": "postgres://u:geheim@db3:7000/x", "BASE": ""}
HEADS = {
    "const { Pool } = require('pg');": "Pool",
    "const pg = require('pg');": "pg.Pool",
    "const { Pool: Many } = require('pg');": "Many",
    "const pg = require('pg'); const Own = pg.Pool;": "Own",
}


def module(chance: random.Random) -> str:
    head = chance.choice(list(HEADS))
    options = [
        f"{key}: {chance.choice(NUMBERS)}" for key in ("max", "min", "idleTimeoutMillis") if chance.random() < 0.6
    ]
    if chance.random() < 0.4:
        options.append(f"connectionString: {chance.choice(URLS)}")
    options.append(f"host: {chance.choice(TEXTS)}")
    for key, values in (("port", ["5432", "6432", "'6543'"]), ("database", TEXTS), ("user", TEXTS)):
        if chance.random() < 0.5:
            options.append(f"{key}: {chance.choice(values)}")
    chance.shuffle(options)
    known = "const many = 8, limits = { most: 13 }, name = 'db9';\nconst given = require('./given');\n"
    if chance.random() < 0.3:
        return f"{head}\n{known}const options = {{ {', '.join(options)} }};\nnew {HEADS[head]}(options);\n"
    if chance.random() < 0.3:
        return f"{head}\n{known}new {HEADS[head]}({{ ...given.deep, {', '.join(options)} }});\n"
    return f"{head}\n{known}new {HEADS[head]}({{ {', '.join(options)} }});\n"


def ours(text: str, given: str) -> dict[str, object]:
    env = "".join(f"{name}={value}\n" for name, value in ENVIRONMENT.items())
    files = {"package.json": "{}", "given.js": given, "db.js": text, ".env": env}
    root = tree_of(files).root("host", "", complete=False)
    (one,) = node.read(root, "/", ["/db.js"], ["/.env"]).pools
    read: dict[str, object] = {name: setting.number for name, setting in one.pool.settings.items() if name != "maxUses"}
    connection = one.pool.connection
    if connection is not None:
        read["host"] = connection.hosts[0].text
        if connection.port is not None:
            read["port"] = int(connection.port.text)
        read |= {
            name: word.text
            for name, word in (("database", connection.database), ("user", connection.user))
            if word is not None
        }
    return read


@pytest.mark.skipif(not (found.node_postgres() or REQUIRED), reason="no pg of Node here; .ci/servers installs it")
def test_pools_of_the_real_pg(tmp_path: Path) -> None:
    folder = found.node_postgres()
    assert folder, "CI requires Node's pg; .ci/servers installs it"
    chance = random.Random(20261122)
    given = "module.exports = { deep: { max: 19, min: 1 } };\n"
    (tmp_path / "given.js").write_text(given)
    texts = [module(chance) for _ in range(400)]
    asked = []
    for at, text in enumerate(texts):
        (tmp_path / f"m{at}.js").write_text(text)
        asked.append(json.dumps({"env": ENVIRONMENT, "path": str(tmp_path / f"m{at}.js")}))
    program = shutil.which("node") or ""
    environment = {"PATH": os.environ["PATH"], "NODE_PATH": folder}
    done = subprocess.run(
        [program, str(HERE / "node_pools.js")],
        input="\n".join(asked),
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(texts), done.stderr
    wrong = []
    for text, answer in zip(texts, answers):
        assert isinstance(answer, list), (text, answer)
        read = ours(text, given)
        theirs = {name: answer[0].get(name) for name in read}
        if read != theirs:
            wrong.append((text, read, theirs))
    assert not wrong, f"{len(wrong)}: {wrong[0]}"
