"""What CloudNativePG writes of its own into a server's files, and what it lets nobody set."""

from __future__ import annotations

DEFAULTS = {
    "archive_timeout": "5min",
    "dynamic_shared_memory_type": "posix",
    "full_page_writes": "on",
    "logging_collector": "on",
    "log_destination": "csvlog",
    "log_directory": "/controller/log",
    "log_filename": "postgres",
    "log_rotation_age": "0",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "false",
    "max_parallel_workers": "32",
    "max_worker_processes": "32",
    "max_replication_slots": "32",
    "shared_memory_type": "mmap",
    "shared_preload_libraries": "",
    "ssl_max_protocol_version": "TLSv1.3",
    "ssl_min_protocol_version": "TLSv1.3",
    "wal_keep_size": "512MB",
    "wal_level": "logical",
    "wal_log_hints": "on",
    "wal_receiver_timeout": "5s",
    "wal_sender_timeout": "5s",
}
"""Where the manifest says nothing."""

MANDATORY = {
    "archive_command": "/controller/manager wal-archive --log-destination /controller/log/postgres.json %p",
    "hot_standby": "true",
    "listen_addresses": "*",
    "port": "5432",
    "restart_after_crash": "false",
    "ssl": "on",
    "ssl_ca_file": "/controller/certificates/client-ca.crt",
    "ssl_cert_file": "/controller/certificates/server.crt",
    "ssl_key_file": "/controller/certificates/server.key",
    "unix_socket_directories": "/controller/run",
}

FIXED = frozenset({
    "allow_system_table_mods", "archive_mode", "bonjour", "bonjour_name", "cluster_name", "config_file",
    "data_directory", "data_sync_retry", "event_source", "external_pid_file", "hba_file", "hot_standby", "ident_file",
    "jit_provider", "listen_addresses", "logging_collector", "port", "primary_conninfo", "primary_slot_name",
    "recovery_target", "recovery_target_action", "recovery_target_inclusive", "recovery_target_lsn",
    "recovery_target_name", "recovery_target_time", "recovery_target_timeline", "recovery_target_xid",
    "restore_command", "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories", "unix_socket_group",
    "unix_socket_permissions", "archive_cleanup_command", "archive_command", "log_destination", "log_directory",
    "log_file_mode", "log_filename", "log_rotation_age", "log_rotation_size", "log_truncate_on_rotation",
    "promote_trigger_file", "recovery_end_command", "recovery_min_apply_delay", "restart_after_crash", "ssl",
    "ssl_ca_file", "ssl_cert_file", "ssl_crl_file", "ssl_dh_params_file", "ssl_key_file", "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload", "ssl_prefer_server_ciphers", "stats_temp_directory",
    "synchronous_standby_names", "syslog_facility", "syslog_ident", "syslog_sequence_numbers",
    "syslog_split_messages", "synchronized_standby_slots", "pg_failover_slots.primary_dsn",
    "pg_failover_slots.standby_slot_names",
})  # fmt: skip
"""What the operator's webhook refuses in ``parameters``, unless it is the value that the operator writes."""

MANAGED = ("pgaudit", "pg_stat_statements", "auto_explain", "pg_failover_slots")
"""Libraries that are loaded where a parameter of theirs is set."""

HBA_HEAD = """\
local all cnpg_metrics_exporter peer map=cnpg_metrics_exporter
local all all peer map=local
hostssl postgres streaming_replica all cert map=cnpg_streaming_replica
hostssl replication streaming_replica all cert map=cnpg_streaming_replica
hostssl all cnpg_pooler_pgbouncer all cert map=cnpg_pooler_pgbouncer
"""

IDENT_HEAD = """\
local postgres postgres
cnpg_streaming_replica streaming_replica streaming_replica
cnpg_pooler_pgbouncer cnpg_pooler_pgbouncer cnpg_pooler_pgbouncer
cnpg_metrics_exporter postgres cnpg_metrics_exporter
"""

POOLER_DEFAULTS = {
    "log_stats": "0",
    "auth_type": "hba",
    "client_tls_sslmode": "prefer",
    "server_tls_sslmode": "verify-ca",
}

IGNORED_AT_START = "extra_float_digits,options"
"""What stands first in ignore_startup_parameters."""

POOLER_MANDATORY = {
    "unix_socket_dir": "/controller/run",
    "listen_port": "5432",
    "listen_addr": "*",
    "admin_users": "pgbouncer",
    "auth_hba_file": "/controller/configs/pg_hba.conf",
    "server_tls_ca_file": "/controller/configs/server-tls/ca.crt",
    "client_tls_cert_file": "/controller/configs/client-tls/tls.crt",
    "client_tls_key_file": "/controller/configs/client-tls/tls.key",
    "client_tls_ca_file": "/controller/configs/client-ca/ca.crt",
}

POOLER_FIXED = frozenset({
    *POOLER_MANDATORY, "auth_dbname", "auth_file", "auth_ident_file", "auth_query", "conffile", "job_name", "logfile",
    "peer_id", "pidfile", "pool_mode", "resolv_conf", "server_tls_cert_file", "server_tls_key_file", "so_reuseport",
    "stats_users", "syslog", "syslog_facility", "syslog_ident", "unix_socket_group", "unix_socket_mode", "user",
})  # fmt: skip
"""What the webhook refuses in a Pooler's ``parameters``."""
