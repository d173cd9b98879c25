"""postgresql.conf whose values are fine one by one: what they do to each other shows when a server starts."""

from __future__ import annotations

from random import Random

from servers.inputs import postgresql_conf
from servers.inputs.words import Files, pool

# Settings that look at each other, in groups; a file takes from one or two of them.
_GROUPS = [
    pool("""
        wal_level = minimal  wal_level = replica  wal_level = logical  wal_level = archive  max_wal_senders = 0
        max_wal_senders = 0  max_wal_senders = 1  archive_mode = on  archive_mode = always  archive_mode = off
        summarize_wal = on  sync_replication_slots = on  hot_standby = on  archive_command = ''  archive_library = ''
        max_replication_slots = 0  idle_replication_slot_timeout = 1h  track_commit_timestamp = on
    """),
    pool("""
        max_connections = 1  max_connections = 3  max_connections = 4  max_connections = 10  max_connections = 100
        superuser_reserved_connections = 0  superuser_reserved_connections = 3  superuser_reserved_connections = 9
        superuser_reserved_connections = 10  superuser_reserved_connections = 99  reserved_connections = 0
        reserved_connections = 1  reserved_connections = 6  reserved_connections = 7  reserved_connections = 100
    """),
    pool("""
        max_connections = 262100  max_connections = 262121  max_connections = 262122  max_connections = 262143
        max_worker_processes = 0  max_worker_processes = 8  max_worker_processes = 262000  max_wal_senders = 0
        max_wal_senders = 10  max_wal_senders = 262143  autovacuum_max_workers = 1  autovacuum_max_workers = 262000
        autovacuum_worker_slots = 1  autovacuum_worker_slots = 16  autovacuum_worker_slots = 262143
    """),
    pool("""
        min_wal_size = 2  min_wal_size = 31MB  min_wal_size = 32MB  min_wal_size = 1GB  max_wal_size = 2
        max_wal_size = 31MB  max_wal_size = 32MB  max_wal_size = 64MB  max_wal_size = 32767kB  min_wal_size = '31.9MB'
    """),
    pool("""
        log_statement_stats = on  log_statement_stats = off  log_parser_stats = on  log_parser_stats = off
        log_planner_stats = on  log_executor_stats = on  LOG_STATEMENT_STATS = on  log_executor_stats = false
    """),
    pool("""
        recovery_target = immediate  recovery_target = ''  recovery_target_xid = 5  recovery_target_xid = ''
        recovery_target_name = x  recovery_target_name = ''  recovery_target_lsn = '1/A'  recovery_target_lsn = ''
        recovery_target_time = '2026-01-01'  recovery_target_time = ''  recovery_target_action = shutdown
        recovery_target_inclusive = off  recovery_target_timeline = current
    """),
    pool("""
        listen_addresses = ''  listen_addresses = ' '  listen_addresses = 'localhost'
        listen_addresses = '127.0.0.1, ::1'
        listen_addresses = '*'  listen_addresses = 'a,,b'  listen_addresses = 'localhost,'
        listen_addresses = '"localhost"'
        unix_socket_directories = ''  unix_socket_directories = ' '  unix_socket_directories = '/tmp'
        unix_socket_directories = '/tmp,,'  unix_socket_directories = '/tmp, /tmp'  unix_socket_directories = '"/tmp"'
        listen_addresses = '127.0.0.1 ::1'  unix_socket_directories = '/tmp /tmp'  port = 5433  port = 1
    """),
    pool("""
        shared_buffers = 16  shared_buffers = 128kB  wal_buffers = 0  wal_buffers = 32kB  transaction_buffers = 16
        transaction_buffers = 17  io_method = sync  io_combine_limit = 1MB  io_max_combine_limit = 8kB  io_workers = 1
        max_prepared_transactions = 10  max_locks_per_transaction = 10  huge_pages = off  max_files_per_process = 64
        io_max_concurrency = 1  temp_buffers = 100  max_parallel_workers = 1024  autovacuum_max_workers = 20
    """),
]


def generate(random: Random) -> Files:
    if random.random() < 0.25:
        return postgresql_conf.generate(random)
    lines = []
    for group in random.sample(_GROUPS, random.choice([1, 1, 2])):
        lines += random.sample(group, random.randint(1, 3))
    random.shuffle(lines)
    files = {"postgresql.conf": "".join(f"{line}\n" for line in lines)}
    if random.random() < 0.15:
        files["postgresql.auto.conf"] = f"{random.choice(random.choice(_GROUPS))}\n"
    return files
