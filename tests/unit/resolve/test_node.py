"""Pools of node-postgres, read from code. What holds where nothing is said is in pg-pool's constructor
(https://github.com/brianc/node-postgres/blob/master/packages/pg-pool/index.js)."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve import node
from pgfpmlint.resolve.node import NodeReading, ProcessPool
from trees import tree_of

PACKAGE = '{"name": "api", "dependencies": {"pg": "^8"}}'
REQUIRE = "const { Pool } = require('pg');\n"


def reading(files: dict[str, str], made_in: tuple[str, ...] = ("/db.js",)) -> NodeReading:
    root = tree_of({"package.json": PACKAGE, **files}).root("host", "", complete=False)
    envs = ("/.env",) if ".env" in files else ()
    return node.read(root, "/", made_in, envs)


def only(code: str, env: str = "", path: str = "db.js") -> ProcessPool:
    files = {path: code, **({".env": env} if env else {})}
    (found,) = reading(files, (f"/{path}",)).pools
    return found


def settings(code: str, env: str = "", path: str = "db.js") -> dict[str, str | None]:
    return {name: one.value for name, one in only(code, env, path).pool.settings.items()}


IMPORTS = [
    "const { Pool } = require('pg'); new Pool({ max: 7 })",
    'const { Pool: P } = require("pg"); new P({ max: 7 })',
    "const pg = require('pg'); const pool = new pg.Pool({ max: 7 })",
    "const pg = require('pg'); const { Pool } = pg; new Pool({ max: 7 })",
    "const pg = require('pg').native; new pg.Pool({ max: 7 })",
    "const Pool = require('pg').Pool; new Pool({ max: 7 })",
    "const Pool = require('pg-pool'); new Pool({ max: 7 })",
    "import pg from 'pg'; export default new pg.Pool({ max: 7 })",
    "import pg from 'pg'; const { Pool } = pg; export const pool = new Pool({ max: 7 })",
    "import * as pg from 'pg'; new pg.Pool({ max: 7 })",
    "import { Pool as Many } from 'pg'; new Many({ max: 7 })",
    "new (require('pg').Pool)({ max: 7 })",
]


@pytest.mark.parametrize("code", IMPORTS)
def test_every_way_to_name_the_class(code: str) -> None:
    assert settings(code)["max"] == "7"


@pytest.mark.parametrize(
    "code",
    [
        "const { Pool } = require('mysql2'); new Pool({ max: 7 })",
        "class Pool {} new Pool({ max: 7 })",
        "const { Client } = require('pg'); new Client({ max: 7 })",
        "// const { Pool } = require('pg'); new Pool({ max: 7 })",
        "const { Pool } = require('pg'); const text = 'new Pool({ max: 7 })'",
        "const { Pool } = require('./pg'); new Pool({ max: 7 })",
    ],
)
def test_other_classes_are_none(code: str) -> None:
    assert reading({"db.js": code}).pools == ()


NUMBERS = {
    "20": "20",
    "'20'": "20",
    "0": "10",
    "undefined": "10",
    "null": "10",
    "1_000": "1000",
    "0x10": "16",
    "4 * 5": "20",
    "parseInt('25', 10)": "25",
    "parseInt('25px')": "25",
    "parseInt(process.env.MAX ?? '5', 10)": "12",
    "parseInt(process.env.NONE || '5', 10)": "5",
    "Number(process.env.MAX)": "12",
    "Number(process.env.NONE) || 6": "6",
    "+process.env.MAX": "12",
    "process.env['MAX']": "12",
    "process.env.MAX ? 3 : 4": "3",
    "!process.env.MAX ? 3 : 4": "4",
    "MANY": "30",
    "limits.most": "31",
    "config.db.max": "9",
    "changing": None,
    "compute()": None,
    "process.env.NODE_ENV === 'production' ? 20 : 5": None,
    "os.cpus().length * 2": None,
}


@pytest.mark.parametrize("written", NUMBERS)
def test_numbers(written: str) -> None:
    code = (
        REQUIRE
        + "const config = require('./config');\nconst MANY = 30, limits = { most: 31 };\n"
        + "let changing = 1; changing = 2;\n"
        + f"new Pool({{ max: {written} }});\n"
    )
    files = {"db.js": code, "config.js": "module.exports = { db: { max: 9 } };\n", ".env": "MAX=12\n"}
    (found,) = reading(files).pools
    assert found.pool.settings["max"].value == NUMBERS[written]


def test_without_any_env_file_nobody_knows_the_environment() -> None:
    found = only(REQUIRE + "new Pool({ max: process.env.MAX || 20 })").pool.settings["max"]
    assert found.value is None


def test_what_holds_where_nothing_is_said() -> None:
    plain = {"max": "10", "min": "0", "idleTimeoutMillis": "10000", "connectionTimeoutMillis": "0", "maxUses": "0"}
    assert settings(REQUIRE + "new Pool()") == plain
    assert settings(REQUIRE + "new Pool({ poolSize: 4, idleTimeoutMillis: 0 })") == {
        **plain,
        "max": "4",
        "idleTimeoutMillis": "0",
    }
    assert settings(REQUIRE + "new Pool(given)")["max"] is None
    assert settings(REQUIRE + "new Pool({ ...given, min: 2 })")["max"] is None
    assert settings(REQUIRE + "new Pool({ ...given, max: 2 })")["max"] == "2"


def test_typescript() -> None:
    code = (
        "import { Pool, type PoolConfig } from 'pg';\nconst most: number = 8 as const;\n"
        "export const pool: Pool = new Pool(<PoolConfig>{ max: most!, host: (process.env.HOST as string) });\n"
    )
    found = only(code, "HOST=db1\n", "db.ts")
    assert found.pool.settings["max"].value == "8"
    assert found.pool.connection is not None
    assert [host.text for host in found.pool.connection.hosts] == ["db1"]
    assert found.pool.connection.hosts[0].place.source.path == ".env"


ADDRESSES = {
    "connectionString: 'postgres://app:geheim@db.internal:6432/shop?sslmode=require', host: 'other'": [
        *("db.internal", "6432", "shop", "app", "require")
    ],
    "host: '/run/postgresql', ssl: true": ["/run/postgresql", "5432", "", "", "verify-full"],
    "host: 'db', port: 5433, user: 'app', ssl: { rejectUnauthorized: false }": ["db", "5433", "", "app", "require"],
    "host: 'db', database: 'shop', ssl: false": ["db", "5432", "shop", "", "disable"],
}


def address(code: str, env: str = "") -> list[str]:
    """Host, port, database, user and sslmode."""
    found = only(code, env).pool.connection
    assert found is not None
    words = (*found.hosts, found.port, found.database, found.user, found.sslmode)
    return [word.text if word is not None else "" for word in words]


@pytest.mark.parametrize("options", ADDRESSES)
def test_where_it_connects(options: str) -> None:
    assert address(REQUIRE + f"new Pool({{ {options} }})") == ADDRESSES[options]


def test_what_libpqs_variables_say() -> None:
    assert address(REQUIRE + "new Pool({ max: 3 })", "PGHOST=db2\nPGPORT=5433\n") == ["db2", "5433", "", "", ""]


@pytest.mark.parametrize(
    "options",
    [
        "{}",
        "{ connectionString: process.env.DATABASE_URL }",
        "{ connectionString: url() }",
        "{ host: pick() }",
        "given",
    ],
)
def test_what_nobody_can_tell(options: str) -> None:
    found = only(REQUIRE + f"new Pool({options})").pool
    assert found.connection is None
    assert found.unclear is not None


MADE = {
    "app.get('/', async (req, res) => { const p = new Pool(); })": True,
    "router.post('/x', check, function (a, b) { new Pool().query('select 1'); })": True,
    "export default async function handler(req, res) { const p = new Pool(); }": True,
    "fastify.get('/', async (a, b) => { const p = new Pool(); await p.query('select 1'); await p.end(); })": False,
    "function connect(url) { return new Pool({ connectionString: url }); }": False,
    "async function handler(req, res) { if (!pool) pool = new Pool(); }": False,
    "async function handler(req, res) { globalThis.pool ??= new Pool(); }": False,
    "map.get('/', 3); const pool = new Pool();": False,
    "cache.get('key', () => { return new Pool(); })": False,
    "get('/', () => { const p = new Pool(); })": False,
}


@pytest.mark.parametrize("code", MADE)
def test_a_pool_for_each_request(code: str) -> None:
    assert (only(REQUIRE + code).pool.handler is not None) is MADE[code]


PROCESSES = {
    "one": ({}, "1"),
    "pm2": ({"ecosystem.config.js": "module.exports = { apps: [{ script: './db.js', instances: 3 }] };"}, "3"),
    "pm2, as many as processors": (
        {"ecosystem.config.cjs": "module.exports = { apps: [{ script: 'db.js', instances: 'max' }] };"},
        None,
    ),
    "pm2 by a script": ({"package.json": '{"scripts": {"start": "pm2-runtime start db.js -i 6"}}'}, "6"),
    "cluster": (
        {
            "package.json": '{"scripts": {"start": "node main.js"}}',
            "main.js": "const cluster = require('node:cluster'); const n = 4; require('./db');\n"
            "if (cluster.isPrimary) for (let i = 0; i < n; i++) cluster.fork();",
        },
        "4",
    ),
    "cluster of processors": (
        {
            "package.json": '{"scripts": {"start": "node --enable-source-maps main"}}',
            "main.js": "import './db.js';",
            "db.js": "import cluster from 'cluster'; import { Pool } from 'pg'; new Pool();\n"
            "for (let i = 0; i < os.cpus().length; i++) cluster.fork();",
        },
        None,
    ),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_processes(name: str) -> None:
    files, expected = PROCESSES[name]
    (found,) = reading({"db.js": REQUIRE + "new Pool();", **files}).pools
    assert found.processes.value == expected


def test_a_module_that_no_program_loads_makes_no_pool() -> None:
    files = {
        "package.json": '{"scripts": {"start": "node main.js", "seed": "node seed.js"}}',
        "main.js": "require('./db');",
        "db.js": REQUIRE + "new Pool({ max: 4 });",
        "seed.js": REQUIRE + "new Pool({ max: 99 });",
    }
    found = reading(files, ("/db.js", "/seed.js")).pools
    assert [one.pool.settings["max"].value for one in found] == ["4"]


def test_two_programs_have_pools_of_their_own() -> None:
    apps = "{ script: 'web.js', instances: 2 }, { script: 'worker.js', instances: 5 }"
    files = {
        "ecosystem.config.js": f"module.exports = {{ apps: [{apps}] }};",
        "web.js": "require('./db');",
        "worker.js": "require('./db');",
        "db.js": REQUIRE + "new Pool({ max: 4 });",
    }
    found = [(one.name, one.processes.value) for one in reading(files).pools]
    assert found == [("db-web", "2"), ("db-worker", "5")]


def test_several_pools_of_a_module_go_by_their_names() -> None:
    code = REQUIRE + "exports.orders = new Pool(); const reports = new Pool(); use({ 'a': new Pool() }); new Pool();"
    assert [one.name for one in reading({"db.js": code}).pools] == ["db.orders", "db.reports", "db.a", "db"]


@pytest.mark.parametrize(
    "text", ["{", "const {", "new Pool(", "import from", "\x00\udc80", "const a = a; new Pool({ max: a })", "`${`"]
)
def test_broken_code_breaks_nothing(text: str) -> None:
    reading({"db.js": REQUIRE + text, "package.json": text})
