"""Trees as people have them, and what has to be found in them: every expectation is written by hand."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from pgfpmlint.discover.discovery import discover
from pgfpmlint.source.memory import MemoryTree

POOL = "[www]\nuser = www-data\nlisten = /run/php.sock\npm = static\npm.max_children = 5\n"
POSTGRES = "max_connections = 100\nshared_buffers = 128MB\nport = 5432\n"
HBA = "local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n"
BOUNCER = "[databases]\napp = host=db\n[pgbouncer]\nlisten_port = 6432\n"


class Layout(NamedTuple):
    """``files``: path to text. ``found``: path to host, kind and why. ``mains``: host/service, paths and, after a
    bar, version and access files."""

    files: dict[str, str]
    found: dict[str, str]
    mains: list[str]


LAYOUTS = {
    "Debian": Layout(
        {
            "etc/postgresql/16/main/postgresql.conf": "data_directory = '/var/lib/postgresql/16/main'\n"
            "hba_file = '/etc/postgresql/16/main/pg_hba.conf'\n"
            "ident_file = '/etc/postgresql/16/main/pg_ident.conf'\ninclude_dir = 'conf.d'\n",
            "etc/postgresql/16/main/conf.d/10-memory.conf": "work_mem = 8MB\n",
            "etc/postgresql/16/main/conf.d/readme.txt": "nothing\n",
            "etc/postgresql/16/main/pg_hba.conf": HBA,
            "etc/postgresql/16/main/pg_ident.conf": "",
            "etc/postgresql/16/main/pg_ctl.conf": "pg_ctl_options = ''\n",
            "etc/postgresql/16/main/start.conf": "auto\n",
            "etc/postgresql-common/createcluster.conf": "create_main_cluster = true\nlog_line_prefix = '%%m [%%p] '\n",
            "etc/php/8.3/fpm/php-fpm.conf": "[global]\npid = /run/php.pid\ninclude=/etc/php/8.3/fpm/pool.d/*.conf\n",
            "etc/php/8.3/fpm/pool.d/www.conf": POOL,
            "etc/php/8.3/fpm/pool.d/api.conf": POOL.replace("www", "api"),
            "etc/php/8.3/fpm/pool.d/old.conf.dpkg-old": POOL,
            "etc/php/8.3/fpm/php.ini": "[PHP]\nmemory_limit = 128M\n",
            "etc/php/8.3/fpm/conf.d/20-pgsql.ini": "extension=pgsql\n",
            "etc/pgbouncer/pgbouncer.ini": BOUNCER + "auth_file = /etc/pgbouncer/userlist.txt\n",
            "etc/pgbouncer/userlist.txt": "",
            "etc/nginx/conf.d/php-fpm.conf": "upstream php-fpm {\n    server unix:/run/php.sock;\n}\n",
            "etc/apache2/conf-available/php8.3-fpm.conf": "<IfModule !mod_php8.c>\n</IfModule>\n",
            "etc/sysctl.d/postgresql.conf": "vm.overcommit_memory = 2\n",
            "etc/ld.so.conf.d/postgresql-pgdg-libs.conf": "/usr/pgsql-16/lib/\n",
            "etc/supervisor/conf.d/pgbouncer.conf": "[program:pgbouncer]\ncommand=pgbouncer\n",
        },
        {
            "etc/pgbouncer/pgbouncer.ini": "localhost pgbouncer.ini, named pgbouncer.ini",
            "etc/pgbouncer/userlist.txt": "localhost userlist.txt, auth_file at etc/pgbouncer/pgbouncer.ini:5",
            "etc/php/8.3/fpm/conf.d/20-pgsql.ini": "localhost php.ini, read by php8.3-fpm",
            "etc/php/8.3/fpm/php-fpm.conf": "localhost php-fpm, named php-fpm.conf",
            "etc/php/8.3/fpm/php.ini": "localhost php.ini, read by php8.3-fpm",
            "etc/php/8.3/fpm/pool.d/api.conf": "localhost php-fpm, included by etc/php/8.3/fpm/php-fpm.conf:3",
            "etc/php/8.3/fpm/pool.d/old.conf.dpkg-old": "localhost php-fpm, in pool.d/; a spare copy (.dpkg-old)",
            "etc/php/8.3/fpm/pool.d/www.conf": "localhost php-fpm, included by etc/php/8.3/fpm/php-fpm.conf:3",
            "etc/postgresql/16/main/conf.d/10-memory.conf": "localhost postgresql.conf, "
            "included by etc/postgresql/16/main/postgresql.conf:4",
            "etc/postgresql/16/main/pg_hba.conf": "localhost pg_hba.conf, "
            "hba_file at etc/postgresql/16/main/postgresql.conf:2",
            "etc/postgresql/16/main/pg_ident.conf": "localhost pg_ident.conf, "
            "ident_file at etc/postgresql/16/main/postgresql.conf:3",
            "etc/postgresql/16/main/postgresql.conf": "localhost postgresql.conf, named postgresql.conf",
            "etc/supervisor/conf.d/pgbouncer.conf": "localhost supervisor, holds [program:",
        },
        [
            "localhost/pgbouncer: /etc/pgbouncer/pgbouncer.ini | 1.26? /etc/pgbouncer/userlist.txt",
            "localhost/php8.3-fpm: /etc/php/8.3/fpm/php-fpm.conf | 8.3",
            "localhost/16-main: /etc/postgresql/16/main/postgresql.conf | 16 "
            "/etc/postgresql/16/main/pg_hba.conf /etc/postgresql/16/main/pg_ident.conf",
            "localhost/supervisor: /etc/supervisor/conf.d/pgbouncer.conf | ",
        ],
    ),
    "Red Hat": Layout(
        {
            "web1/etc/php-fpm.conf": "include=/etc/php-fpm.d/*.conf\n[global]\n",
            "web1/etc/php-fpm.d/www.conf": POOL,
            "db1/var/lib/pgsql/15/data/postgresql.conf": POSTGRES,
            "db1/var/lib/pgsql/15/data/postgresql.auto.conf": "work_mem = '8MB'\n",
            "db1/var/lib/pgsql/15/data/pg_hba.conf": HBA,
            "db1/var/lib/pgsql/15/data/pg_ident.conf": "",
            "db1/var/lib/pgsql/15/data/PG_VERSION": "15\n",
            "db2/var/lib/pgsql/data/postgresql.conf": POSTGRES,
            "db2/var/lib/pgsql/data/PG_VERSION": "13\n",
            "web1/usr/lib/tmpfiles.d/postgresql-15.conf": "d /run/postgresql 0755 postgres postgres -\n",
        },
        {
            "db1/var/lib/pgsql/15/data/pg_hba.conf": "db1 pg_hba.conf, "
            "beside db1/var/lib/pgsql/15/data/postgresql.conf",
            "db1/var/lib/pgsql/15/data/pg_ident.conf": "db1 pg_ident.conf, "
            "beside db1/var/lib/pgsql/15/data/postgresql.conf",
            "db1/var/lib/pgsql/15/data/postgresql.auto.conf": "db1 postgresql.conf, "
            "read after db1/var/lib/pgsql/15/data/postgresql.conf",
            "db1/var/lib/pgsql/15/data/postgresql.conf": "db1 postgresql.conf, named postgresql.conf",
            "db2/var/lib/pgsql/data/postgresql.conf": "db2 postgresql.conf, named postgresql.conf",
            "web1/etc/php-fpm.conf": "web1 php-fpm, named php-fpm.conf",
            "web1/etc/php-fpm.d/www.conf": "web1 php-fpm, included by web1/etc/php-fpm.conf:1",
        },
        [
            "db1/15-data: /var/lib/pgsql/15/data/postgresql.conf | 15 "
            "/var/lib/pgsql/15/data/pg_hba.conf /var/lib/pgsql/15/data/pg_ident.conf",
            "db2/postgresql: /var/lib/pgsql/data/postgresql.conf | 13",
            "web1/php-fpm: /etc/php-fpm.conf | 8.5?",
        ],
    ),
    "remi": Layout(
        {"etc/opt/remi/php83/php-fpm.d/www.conf": POOL, "etc/opt/remi/php83/php-fpm.d/b.conf": POOL},
        {
            "etc/opt/remi/php83/php-fpm.d/b.conf": "localhost php-fpm, in php-fpm.d/",
            "etc/opt/remi/php83/php-fpm.d/www.conf": "localhost php-fpm, in php-fpm.d/",
        },
        [
            "localhost/php8.3-fpm: /etc/opt/remi/php83/php-fpm.d/b.conf /etc/opt/remi/php83/php-fpm.d/www.conf "
            "(a fragment) | 8.3"
        ],
    ),
    "Alpine": Layout(
        {
            "etc/php8/php-fpm.conf": "include=/etc/php8/php-fpm.d/*.conf\n",
            "etc/php8/php-fpm.d/www.conf": POOL,
            "etc/postgresql/postgresql.conf": POSTGRES,
            "etc/postgresql/pg_hba.conf": HBA,
        },
        {
            "etc/php8/php-fpm.conf": "localhost php-fpm, named php-fpm.conf",
            "etc/php8/php-fpm.d/www.conf": "localhost php-fpm, included by etc/php8/php-fpm.conf:1",
            "etc/postgresql/pg_hba.conf": "localhost pg_hba.conf, beside etc/postgresql/postgresql.conf",
            "etc/postgresql/postgresql.conf": "localhost postgresql.conf, named postgresql.conf",
        },
        [
            "localhost/php8-fpm: /etc/php8/php-fpm.conf | 8",
            "localhost/postgresql: /etc/postgresql/postgresql.conf | 19? /etc/postgresql/pg_hba.conf",
        ],
    ),
    "FreeBSD": Layout(
        {
            "usr/local/etc/php-fpm.conf": "include=/usr/local/etc/php-fpm.d/*.conf\n",
            "usr/local/etc/php-fpm.d/www.conf": POOL,
            "usr/local/etc/pgbouncer.ini": BOUNCER,
            "var/db/postgres/data16/postgresql.conf": POSTGRES,
        },
        {
            "usr/local/etc/pgbouncer.ini": "localhost pgbouncer.ini, named pgbouncer.ini",
            "usr/local/etc/php-fpm.conf": "localhost php-fpm, named php-fpm.conf",
            "usr/local/etc/php-fpm.d/www.conf": "localhost php-fpm, included by usr/local/etc/php-fpm.conf:1",
            "var/db/postgres/data16/postgresql.conf": "localhost postgresql.conf, named postgresql.conf",
        },
        [
            "localhost/pgbouncer: /usr/local/etc/pgbouncer.ini | 1.26?",
            "localhost/php-fpm: /usr/local/etc/php-fpm.conf | 8.5?",
            "localhost/postgresql: /var/db/postgres/data16/postgresql.conf | 16",
        ],
    ),
    "a folder per container": Layout(
        {
            "docker/postgres/postgresql.conf": POSTGRES + "hba_file = '/etc/postgresql/pg_hba.conf'\n",
            "docker/postgres/pg_hba.conf": HBA,
            "docker/php/www.conf": POOL,
            "docker/php/zz-docker.conf": "[global]\ndaemonize = no\n\n[www]\nlisten = 9000\n",
            "docker/php/php.ini": "memory_limit = 128M\n",
            "docker/pgbouncer/pgbouncer.ini": BOUNCER + "auth_file = /etc/pgbouncer/userlist.txt\n"
            "auth_hba_file = /etc/pgbouncer/pg_hba.conf\n",
            "docker/pgbouncer/userlist.txt": '"app" "secret"\n',
            "docker/pgbouncer/pg_hba.conf": HBA,
            "docker/nginx/www.conf": "server {\n  listen 80;\n}\n",
            "docker/supervisor/conf.d/postgresql.conf": "[program:postgresql]\ncommand=postgres\n",
            "docker/mosquitto.conf": "port 1883\nmax_connections -1\nlog_type all\nlog_dest stdout\n",
            "docker/pgpool.conf": "listen_addresses = '*'\nbackend_hostname0 = 'a'\nlog_destination = 'stderr'\n"
            "log_statement = on\nwork_mem = 8MB\n",
            "docker/notes.txt": "nothing\n",
        },
        {
            "docker/pgbouncer/pg_hba.conf": "docker/pgbouncer pgbouncer-hba, beside docker/pgbouncer/pgbouncer.ini, "
            "as auth_hba_file at docker/pgbouncer/pgbouncer.ini:6 names it",
            "docker/pgbouncer/pgbouncer.ini": "docker/pgbouncer pgbouncer.ini, named pgbouncer.ini",
            "docker/pgbouncer/userlist.txt": "docker/pgbouncer userlist.txt, beside docker/pgbouncer/pgbouncer.ini, "
            "as auth_file at docker/pgbouncer/pgbouncer.ini:5 names it",
            "docker/pgpool.conf": "docker pgpool.conf, named like pgpool.conf: line 'backend_hostname'",
            "docker/php/php.ini": "docker/php php.ini, read by php-fpm",
            "docker/php/www.conf": "docker/php php-fpm, named like a file of PHP-FPM: 4 FPM directives",
            "docker/php/zz-docker.conf": "docker/php php-fpm, in php/: 2 FPM directives",
            "docker/postgres/pg_hba.conf": "docker/postgres pg_hba.conf, beside docker/postgres/postgresql.conf, "
            "as hba_file at docker/postgres/postgresql.conf:4 names it",
            "docker/postgres/postgresql.conf": "docker/postgres postgresql.conf, named postgresql.conf",
            "docker/supervisor/conf.d/postgresql.conf": "docker/supervisor supervisor, holds [program:",
        },
        [
            "docker/pgpool: /docker/pgpool.conf | 4.7?",
            "docker/pgbouncer/pgbouncer: /docker/pgbouncer/pgbouncer.ini | 1.26? /docker/pgbouncer/pg_hba.conf "
            "/docker/pgbouncer/userlist.txt",
            "docker/php/php-fpm: /docker/php/www.conf /docker/php/zz-docker.conf (a fragment) | 8.5?",
            "docker/postgres/postgresql: /docker/postgres/postgresql.conf | 19? /docker/postgres/pg_hba.conf",
            "docker/supervisor/supervisor: /docker/supervisor/conf.d/postgresql.conf | ",
        ],
    ),
    "what only looks like ours": Layout(
        {
            "etc/sysctl.d/30-postgresql-shm.conf": "# Shared memory for PostgreSQL\n# kernel.shmmax = 33554432\n",
            "etc/fail2ban/jail.d/pgbouncer.conf": "[pgbouncer]\nenabled = true\nport = 6432\nmaxretry = 3\n",
            "etc/fail2ban/jail.d/mail.conf": "[pgbouncer]\nauth_type = md5\n",
            "pgpool/pool_hba.conf": HBA,
            "users/userlist.names.txt": "app\nreport\n",
            "users/userlist.prod.txt": '"app" "secret"\n# broken\n',
            "etc/postgresql/16/main/pg_hba.conf": "\0GITCRYPT\0\x01\nlocal all all trust\n",
            "group_vars/postgresql.conf": "$ANSIBLE_VAULT;1.1;AES256\n62313365396662343061393464336163\n",
            "lfs/pgbouncer.ini": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n",
        },
        {
            "etc/postgresql/16/main/pg_hba.conf": "localhost pg_hba.conf, named pg_hba.conf; encrypted with git-crypt",
            "group_vars/postgresql.conf": "group_vars postgresql.conf, named postgresql.conf; "
            "encrypted with ansible-vault",
            "lfs/pgbouncer.ini": "lfs pgbouncer.ini, named pgbouncer.ini; "
            "a pointer to Git LFS, without the file's text",
            "users/userlist.prod.txt": "users userlist.txt, named like userlist.txt: 1 user",
        },
        ["users/userlist: /users/userlist.prod.txt | 1.26?"],
    ),
    "roles of a playbook": Layout(
        {
            "roles/web/files/pool.d/www.conf": POOL,
            "roles/db/templates/postgresql.conf.j2": "max_connections = {{ connections }}\n",
            "roles/db/templates/pg_hba.conf": "host all all {{ network }} md5\n",
            "roles/db/files/conf.d/10-memory.conf": "work_mem = 8MB\n",
            "roles/db/files/postgresql/conf.d/00.conf": "max_connections = 10\n",
            "roles/db/files/postgresql/20-wal.conf": "wal_level = logical\n",
            "roles/edge/files/etc/pgbouncer/pgbouncer.ini": BOUNCER,
            "roles/edge/files/etc/pgbouncer/userlist.txt.example": '"app" "secret"\n',
        },
        {
            "roles/db/files/postgresql/20-wal.conf": "roles/db/files/postgresql postgresql.conf, "
            "in postgresql/: 1 PostgreSQL setting",
            "roles/db/files/postgresql/conf.d/00.conf": "roles/db/files/postgresql postgresql.conf, "
            "in conf.d/ of PostgreSQL: 1 PostgreSQL setting",
            "roles/db/templates/pg_hba.conf": "roles/db pg_hba.conf, beside roles/db/templates/postgresql.conf.j2",
            "roles/db/templates/postgresql.conf.j2": "roles/db postgresql.conf, named postgresql.conf",
            "roles/edge/files/etc/pgbouncer/pgbouncer.ini": "edge pgbouncer.ini, named pgbouncer.ini",
            "roles/edge/files/etc/pgbouncer/userlist.txt.example": "edge userlist.txt, named userlist.txt; "
            "a spare copy (.example)",
            "roles/web/files/pool.d/www.conf": "roles/web php-fpm, in pool.d/: 4 FPM directives",
        },
        [
            "edge/pgbouncer: /etc/pgbouncer/pgbouncer.ini | 1.26?",
            "roles/db/postgresql: /roles/db/templates/postgresql.conf | 19? /roles/db/templates/pg_hba.conf",
            "roles/db/files/postgresql/20-wal: /roles/db/files/postgresql/20-wal.conf (a fragment) | 19?",
            "roles/db/files/postgresql/00: /roles/db/files/postgresql/conf.d/00.conf (a fragment) | 19?",
            "roles/web/php-fpm: /roles/web/files/pool.d/www.conf (a fragment) | 8.5?",
        ],
    ),
    "any folder": Layout(
        {
            "db/postgresql.conf": POSTGRES + "include 'more/tuning'\n",
            "db/more/tuning": "work_mem = 8MB\n",
            "edge/pgbouncer.ini": BOUNCER + "%include extra.ini\n",
            "edge/extra.ini": "default_pool_size = 5\n",
            "api.conf": POOL,
            "rules/access.conf": HBA,
            "custom.conf": "shared_buffers = 1GB\nwork_mem = 8MB\nlisten_addresses = '*'\n",
            "logging.conf": "logging_collector = on\nlog_destination = 'csvlog'\nlog_directory = 'log'\n",
            "pgbouncer-users.txt": '"app" "secret"\n',
        },
        {
            "api.conf": "localhost php-fpm, content: 4 FPM directives",
            "custom.conf": "localhost postgresql.conf, content: 3 PostgreSQL settings",
            "db/more/tuning": "db postgresql.conf, included by db/postgresql.conf:4",
            "db/postgresql.conf": "db postgresql.conf, named postgresql.conf",
            "edge/extra.ini": "edge pgbouncer.ini, included by edge/pgbouncer.ini:5",
            "edge/pgbouncer.ini": "edge pgbouncer.ini, named pgbouncer.ini",
            "logging.conf": "localhost postgresql.conf, content: 3 PostgreSQL settings",
            "rules/access.conf": "rules pg_hba.conf, content: 2 pg_hba records",
        },
        [
            "db/postgresql: /db/postgresql.conf | 19?",
            "edge/pgbouncer: /edge/pgbouncer.ini | 1.26?",
            "localhost/php-fpm: /api.conf (a fragment) | 8.5?",
            "localhost/custom: /custom.conf | 19?",
            "localhost/logging: /logging.conf (a fragment) | 19?",
            "rules/access: /rules/access.conf | 19?",
        ],
    ),
    "several servers in one folder": Layout(
        {
            "pg/postgresql1.conf": POSTGRES,
            "pg/postgresql2.conf": POSTGRES,
            "pg/pg_hba1.conf": HBA,
            "pg/pg_hba2.conf": HBA,
            "dev/local_postgresql.conf": POSTGRES + "hba_file = '/etc/pg/hba.conf'\n",
            "dev/local_pg_hba.conf": HBA,
        },
        {
            "dev/local_pg_hba.conf": "dev pg_hba.conf, beside dev/local_postgresql.conf, "
            "as hba_file at dev/local_postgresql.conf:4 names it",
            "dev/local_postgresql.conf": "dev postgresql.conf, named like postgresql.conf: 4 PostgreSQL settings",
            "pg/pg_hba1.conf": "pg pg_hba.conf, beside pg/postgresql1.conf",
            "pg/pg_hba2.conf": "pg pg_hba.conf, beside pg/postgresql2.conf",
            "pg/postgresql1.conf": "pg postgresql.conf, named like postgresql.conf: 3 PostgreSQL settings",
            "pg/postgresql2.conf": "pg postgresql.conf, named like postgresql.conf: 3 PostgreSQL settings",
        },
        [
            "dev/local_postgresql: /dev/local_postgresql.conf | 19? /dev/local_pg_hba.conf",
            "pg/postgresql1: /pg/postgresql1.conf | 19? /pg/pg_hba1.conf",
            "pg/postgresql2: /pg/postgresql2.conf | 19? /pg/pg_hba2.conf",
        ],
    ),
    "hosts with the same name": Layout(
        {
            "site-a/web/etc/php-fpm.d/www.conf": POOL,
            "site-b/web/etc/php-fpm.d/www.conf": POOL,
            "site-b/db/etc/postgresql/16/main/postgresql.conf": POSTGRES,
            "db/postgresql.conf": POSTGRES,
        },
        {
            "db/postgresql.conf": "./db postgresql.conf, named postgresql.conf",
            "site-a/web/etc/php-fpm.d/www.conf": "site-a/web php-fpm, in php-fpm.d/",
            "site-b/db/etc/postgresql/16/main/postgresql.conf": "db postgresql.conf, named postgresql.conf",
            "site-b/web/etc/php-fpm.d/www.conf": "site-b/web php-fpm, in php-fpm.d/",
        },
        [
            "./db/postgresql: /db/postgresql.conf | 19?",
            "db/16-main: /etc/postgresql/16/main/postgresql.conf | 16",
            "site-a/web/php-fpm: /etc/php-fpm.d/www.conf (a fragment) | 8.5?",
            "site-b/web/php-fpm: /etc/php-fpm.d/www.conf (a fragment) | 8.5?",
        ],
    ),
    "an etc/ in a repository is not the whole repository": Layout(
        {
            "etc/pgbouncer.ini": BOUNCER,
            "docker/db/postgresql.conf": POSTGRES,
            "var/lib/postgresql/data/postgresql.conf": POSTGRES,
        },
        {
            "docker/db/postgresql.conf": "docker/db postgresql.conf, named postgresql.conf",
            "etc/pgbouncer.ini": "localhost pgbouncer.ini, named pgbouncer.ini",
            "var/lib/postgresql/data/postgresql.conf": "localhost postgresql.conf, named postgresql.conf",
        },
        [
            "docker/db/postgresql: /docker/db/postgresql.conf | 19?",
            "localhost/pgbouncer: /etc/pgbouncer.ini | 1.26?",
            "localhost/postgresql: /var/lib/postgresql/data/postgresql.conf | 19?",
        ],
    ),
    "files that include each other": Layout(
        {
            "a/postgresql.conf": POSTGRES + "include 'b.conf'\n",
            "a/b.conf": "include 'postgresql.conf'\nwork_mem = 8MB\n",
            "c/pg_hba.conf": "include pg_hba.conf\n" + HBA,
        },
        {
            "a/b.conf": "a postgresql.conf, included by a/postgresql.conf:4",
            "a/postgresql.conf": "a postgresql.conf, named postgresql.conf",
            "c/pg_hba.conf": "c pg_hba.conf, named pg_hba.conf",
        },
        ["a/postgresql: /a/postgresql.conf | 19?", "c/postgresql: /c/pg_hba.conf | 19?"],
    ),
    "what is switched off": Layout(
        {
            "etc/php/8.3/fpm/php-fpm.conf": "include=/etc/php/8.3/fpm/pool.d/*.conf\n",
            "etc/php/8.3/fpm/pools-available/www.conf": POOL,
            "etc/php/8.3/fpm/pool.d/www.conf.disabled": POOL,
        },
        {
            "etc/php/8.3/fpm/php-fpm.conf": "localhost php-fpm, named php-fpm.conf",
            "etc/php/8.3/fpm/pool.d/www.conf.disabled": "localhost php-fpm, in pool.d/; a spare copy (.disabled)",
            "etc/php/8.3/fpm/pools-available/www.conf": "localhost php-fpm, named like a file of PHP-FPM: "
            "4 FPM directives; lies in a folder of what is switched off",
        },
        ["localhost/php8.3-fpm: /etc/php/8.3/fpm/php-fpm.conf | 8.3"],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layout(layout: Layout) -> None:
    found = discover(MemoryTree({path: text.encode() for path, text in layout.files.items()}))
    assert {
        file.shown: f"{file.host.name} {file.kind}, {file.why}{'; ' if file.skipped else ''}{file.skipped}"
        for file in found.files
    } == layout.found
    mains = []
    for main in found.mains:
        words = [f"{main.host.name}/{main.service}: {' '.join(main.paths)}"]
        words += ["(a fragment)"] if main.fragment else []
        words += ["|", f"{main.version}{'?' if main.version.assumed else ''}"]
        words += [path for path in (main.hba, main.ident, main.userlist) if path]
        mains.append(" ".join(words))
    assert mains == layout.mains
