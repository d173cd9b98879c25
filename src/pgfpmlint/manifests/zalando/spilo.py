"""What the Spilo image gives to Patroni of its own (postgres-appliance/scripts/configure_spilo.py)."""

from __future__ import annotations

LOCAL = frozenset({
    "archive_command", "shared_buffers", "logging_collector", "log_destination", "log_directory", "log_filename",
    "log_file_mode", "log_rotation_age", "log_truncate_on_rotation", "ssl", "ssl_ca_file", "ssl_crl_file",
    "ssl_cert_file", "ssl_key_file", "shared_preload_libraries", "bg_mon.listen_address", "bg_mon.history_buckets",
    "pg_stat_statements.track_utility", "extwlist.extensions", "extwlist.custom_path",
})  # fmt: skip
"""Parameters that the operator gives to each member; all others go to the DCS."""

DEFAULTS = {
    "archive_mode": "on",
    "archive_timeout": "1800s",
    "wal_compression": "on",
    "tcp_keepalives_idle": "900",
    "tcp_keepalives_interval": "100",
    "log_line_prefix": "%t [%p]: [%l-1] %c %x %d %u %a %h ",
    "log_checkpoints": "on",
    "log_lock_waits": "on",
    "log_min_duration_statement": "500",
    "log_autovacuum_min_duration": "0",
    "log_connections": "on",
    "log_disconnections": "on",
    "log_statement": "ddl",
    "log_temp_files": "0",
    "track_functions": "all",
    "checkpoint_completion_target": "0.9",
    "autovacuum_max_workers": "5",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.02",
    "archive_command": "{{ what Spilo archives with }}",
    "logging_collector": "on",
    "log_destination": "csvlog",
    "log_directory": "../pg_log",
    "log_filename": "postgresql-%u.log",
    "log_file_mode": "0644",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "ssl": "on",
    "ssl_cert_file": "/run/certs/server.crt",
    "ssl_key_file": "/run/certs/server.key",
    "shared_preload_libraries": "bg_mon,pg_stat_statements,pgextwlist,pg_auth_mon,set_user",
}
"""Besides what Patroni's own defaults are."""

HBA = """\
local all all trust
host all all 127.0.0.1/32 md5
host all all ::1/128 md5
local replication standby trust
hostssl replication standby all md5
hostnossl all all all reject
hostssl all all all md5
"""
"""Where the manifest has no list."""
