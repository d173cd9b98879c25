"""A machine's configuration as packages leave it: long files, nearly all comments, with a few settings changed.

For benchmarks: sizes and proportions are those of Debian's files, the text is ours.
"""

from __future__ import annotations

import os
from pathlib import Path

# Active lines; the rest of each file is commentary, as in the files that packages bring.
POSTGRES = """\
data_directory = '/var/lib/postgresql/16/main'
hba_file = '/etc/postgresql/16/main/pg_hba.conf'
ident_file = '/etc/postgresql/16/main/pg_ident.conf'
external_pid_file = '/var/run/postgresql/16-main.pid'
listen_addresses = '*'
port = 5432
max_connections = 200
unix_socket_directories = '/var/run/postgresql'
ssl = on
ssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'
ssl_key_file = '/etc/ssl/private/ssl-cert-snakeoil.key'
shared_buffers = 4GB
work_mem = 16MB
maintenance_work_mem = 512MB
dynamic_shared_memory_type = posix
max_wal_size = 4GB
min_wal_size = 1GB
random_page_cost = 1.1
effective_cache_size = 12GB
log_line_prefix = '%m [%p] %q%u@%d '
log_timezone = 'Etc/UTC'
log_min_duration_statement = 500ms
cluster_name = '16/main'
datestyle = 'iso, mdy'
timezone = 'Etc/UTC'
lc_messages = 'C.UTF-8'
lc_monetary = 'C.UTF-8'
lc_numeric = 'C.UTF-8'
lc_time = 'C.UTF-8'
default_text_search_config = 'pg_catalog.english'
"""

HBA = """\
local   all             postgres                                peer
local   all             all                                     peer
host    all             all             127.0.0.1/32            scram-sha-256
host    all             all             ::1/128                 scram-sha-256
hostssl shop            app             10.0.1.0/24             scram-sha-256
local   replication     all                                     peer
host    replication     all             127.0.0.1/32            scram-sha-256
host    replication     all             ::1/128                 scram-sha-256
"""

IDENT = "deploy   /^(.*)@example\\.com$   \\1\n"

FPM = """\
[www]
user = www-data
group = www-data
listen = /run/php/php8.2-fpm.sock
listen.owner = www-data
listen.group = www-data
pm = dynamic
pm.max_children = 40
pm.start_servers = 8
pm.min_spare_servers = 4
pm.max_spare_servers = 12
pm.max_requests = 500
env[DB_HOST] = 127.0.0.1
env[DB_PORT] = 6432
php_admin_value[memory_limit] = 256M
"""

BOUNCER = """\
[databases]
shop = host=127.0.0.1 port=5432 dbname=shop pool_size=30
[pgbouncer]
logfile = /var/log/postgresql/pgbouncer.log
pidfile = /var/run/postgresql/pgbouncer.pid
listen_addr = 127.0.0.1
listen_port = 6432
unix_socket_dir = /var/run/postgresql
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/userlist.txt
admin_users = postgres
pool_mode = transaction
max_client_conn = 500
default_pool_size = 30
"""

USERLIST = '"app" "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"\n"postgres" ""\n'


def _padded(active: str, lines: int, comment: str) -> str:
    """``active`` spread over a file of ``lines`` lines of commentary."""
    settings = active.splitlines()
    each = max(0, lines - len(settings)) // len(settings)
    pattern = ("", f"{comment} - A group of settings -")
    assigned = "{}some_setting_{} = 64MB\t\t# min 800kB; what it is for, in a few words"
    commentary = [pattern[n % 4] if n % 4 < 2 else assigned.format(comment, n % 97) for n in range(each)]
    return "".join("\n".join([*commentary, setting]) + "\n" for setting in settings)


FILES = {
    "etc/postgresql/16/main/postgresql.conf": _padded(POSTGRES, 820, "#"),
    "etc/postgresql/16/main/pg_hba.conf": _padded(HBA, 130, "#"),
    "etc/postgresql/16/main/pg_ident.conf": _padded(IDENT, 70, "#"),
    "etc/php/8.2/fpm/pool.d/www.conf": _padded(FPM, 480, ";"),
    "etc/pgbouncer/pgbouncer.ini": _padded(BOUNCER, 380, ";"),
    "etc/pgbouncer/userlist.txt": USERLIST,
}


def environment() -> dict[str, str]:
    """For a run of this checkout as users have it: no PYTHON… variable of ours, which could keep byte code from being
    written, so that each run would compile everything again."""
    source = str(Path(__file__).parents[1] / "src")
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | {"PYTHONPATH": source}


def write(folder: Path) -> None:
    """One machine's six files below ``folder``."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
