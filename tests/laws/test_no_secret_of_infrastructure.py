"""Secrets in manifests, variables, code and agents' files stay in, also where a finding quotes the line that they share
with what is wrong."""

from __future__ import annotations

import pytest

from pgfpmlint.report import REPORTERS, Look, render
from trees import outcome_of

SECRET = "geheim-4711-planted"
DATABASE = "hosts/db/etc/postgresql/16/main/postgresql.conf"
POSTGRES = "max_connections = 10\nlisten_addresses = '*'\n"

TREES = {
    "Patroni in one line": {
        "patroni.yml": "scope: x\nname: db1\nrestapi: {listen: '*:8008'}\netcd3: {hosts: a}\n"
        f"postgresql: {{listen: '*:5432', data_dir: /d, authentication: {{superuser: {{username: p, password:"
        f" {SECRET}}}, replication: {{username: r, password: {SECRET}}}}}, parameters: {{ssl_passphrase_command:"
        f" 'echo {SECRET}', work_memm: 8MB}}}}\n"
    },
    "CloudNativePG in one line": {
        "db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: orders}\n"
        f'spec: {{instances: 1, postgresql: {{parameters: {{primary_conninfo: "host=x password={SECRET}",'
        ' max_connectionz: "60"}}}\n'
    },
    "compose": {
        "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n"
        f"    environment: {{POSTGRES_PASSWORD: {SECRET}, PGPASSWORD: '{SECRET}'}}\n"
        f'    command: ["postgres", "-c", "ssl_passphrase_command=echo {SECRET}", "-c", "max_connectionz=10"]\n'
        f"  pooler:\n    image: edoburu/pgbouncer:v1.23.1-p2\n    environment: {{DATABASE_URL: 'postgres://a:{SECRET}@db/x',"
        " POOL_MODE: transactional}\n"
    },
    "a Secret": {
        "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: p}\nstringData:\n"
        f'  userlist.txt: "\\"app\\" \\"{SECRET}\\"\\napp\\n"\n'
        f'  pgbouncer.ini: "[databases]\\nx = host=h password={SECRET}\\n[pgbouncer]\\npool_mode = some\\n"\n'
    },
    "a Secret in other quotes": {
        "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: p}\n"
        f"stringData: {{userlist.txt: '\"app\" \"{SECRET}\"', pgbouncer.ini: \"[pgbouncer]\\npool_mode = some\\n\"}}\n",
        "json.yaml": '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "q"}, "stringData": '
        f'{{"userlist.txt": "\\"app\\" \\"{SECRET}\\"\\napp\\n"}}}}\n',
    },
    "Node": {
        DATABASE: POSTGRES,
        "srv/api/package.json": '{"dependencies": {"pg": "8"}}',
        "srv/api/db.js": "const { Pool } = require('pg');\n"
        f"app.get('/', (req, res) => {{ new Pool({{ host: 'db', password: '{SECRET}', max: 90 }}) }});\n"
        f"new Pool({{ connectionString: 'postgres://app:{SECRET}@db/shop', max: 90 }});\n",
    },
    "supervisor": {
        DATABASE: POSTGRES,
        "hosts/app/etc/supervisor/conf.d/q.conf": "[program:q]\ncommand=php /srv/artisan queue:work\nnumprocs=90\n"
        f'environment=DB_CONNECTION="pgsql",DB_HOST="db",DB_PASSWORD="{SECRET}"\n',
    },
    "Apache": {
        DATABASE: POSTGRES,
        "hosts/web/etc/apache2/apache2.conf": "LoadModule mpm_event_module m.so\nLoadModule dbd_module d.so\n"
        f'DBDriver pgsql\nDBDParams "host=db user=a password={SECRET}"\nDBDMax 90\n',
    },
    "agents": {
        DATABASE: POSTGRES,
        "hosts/db/etc/datadog-agent/conf.d/postgres.d/conf.yaml": "instances:\n"
        + f"  - {{host: localhost, password: {SECRET}}}\n" * 9,
        "hosts/db/etc/telegraf/telegraf.conf": f'[[inputs.postgresql]]\naddress = "host=localhost password={SECRET}"\n',
    },
    "pgcat": {
        "pgcat.toml": f'[general]\nadmin_username = "a"\nadmin_password = "{SECRET}"\nport = "x"\n'
        f'[pools.a.users.0]\nusername = "u"\npassword = "{SECRET}"\npool_size = "many"\n'
    },
    "Ansible": {
        "site.yml": "- hosts: db\n  tasks:\n"
        "    - template: {src: pgbouncer.ini.j2, dest: /etc/pgbouncer/pgbouncer.ini}\n",
        "hosts.ini": "[db]\ndb1\n",
        "group_vars/db.yml": f"mode: some\ndb_password: {SECRET}\n",
        "templates/pgbouncer.ini.j2": "[databases]\nx = host=h password={{ db_password }}\n[pgbouncer]\n"
        "pool_mode = {{ mode }}\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_planted_secrets_stay_in(name: str) -> None:
    outcome = outcome_of(TREES[name])
    assert outcome.findings, "there is nothing to quote, so that nothing is shown"
    assert outcome.crashed == ()
    for format_ in REPORTERS:
        assert SECRET not in render(format_, outcome, Look()), format_
