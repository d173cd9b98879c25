"""Words that files are known by. No catalog: enough of the unmistakable ones to tell what a file is."""

from __future__ import annotations

# Lower-case beginnings of directives that nothing but PHP-FPM has, and the rest of what pool files usually hold.
FPM = (
    "catch_workers_output", "clear_env", "decorate_workers_output", "emergency_restart_", "listen.", "php_admin_",
    "php_flag", "php_value", "ping.path", "pm", "process.max", "process_control_timeout", "request_slowlog_timeout",
    "request_terminate_timeout", "security.limit_extensions", "slowlog",
)  # fmt: skip
FPM_USUAL = (
    *FPM, "access.", "chdir", "chroot", "daemonize", "env", "error_log", "group", "include", "listen", "log_", "pid",
    "ping.", "prefix", "process", "request_", "rlimit_", "syslog.", "systemd_interval", "user",
)  # fmt: skip

BOUNCER = frozenset({
    "admin_users", "auth_file", "auth_hba_file", "auth_query", "auth_type", "auth_user", "client_idle_timeout",
    "client_tls_ca_file", "client_tls_cert_file", "client_tls_key_file", "client_tls_sslmode", "default_pool_size",
    "ignore_startup_parameters", "listen_addr", "listen_port", "max_client_conn", "max_db_connections",
    "max_prepared_statements", "max_user_connections", "min_pool_size", "pool_mode", "query_wait_timeout",
    "reserve_pool_size", "reserve_pool_timeout", "server_check_query", "server_idle_timeout", "server_lifetime",
    "server_reset_query", "server_tls_sslmode", "so_reuseport", "stats_users", "unix_socket_dir",
})  # fmt: skip

# Beginnings of parameters that nothing but PostgreSQL has, and of the rest of what its files usually hold.
POSTGRES = (
    "archive_command", "archive_mode", "auto_explain.", "autovacuum", "checkpoint_completion", "checkpoint_timeout",
    "default_statistics_target", "dynamic_shared_memory_type", "effective_cache_size", "effective_io_concurrency",
    "full_page_writes", "hba_file", "hot_standby", "ident_file", "idle_in_transaction_", "lc_messages", "lc_monetary",
    "log_autovacuum", "log_checkpoints", "log_destination", "log_line_prefix", "log_lock_waits", "log_min_",
    "log_statement", "log_temp_files", "log_timezone", "logging_collector", "maintenance_work_mem", "max_locks_per_",
    "max_parallel_", "max_prepared_transactions", "max_replication_slots", "max_wal_", "max_worker_processes",
    "min_wal_size", "pg_stat_statements.", "random_page_cost", "shared_buffers", "shared_preload_libraries",
    "superuser_reserved_connections", "synchronous_commit", "synchronous_standby_names", "track_activit",
    "track_commit_timestamp", "track_io_timing", "unix_socket_directories", "wal_", "work_mem",
)  # fmt: skip
POSTGRES_USUAL = (
    *POSTGRES, "client_min_messages", "cluster_name", "data_directory", "datestyle", "deadlock_timeout", "default_",
    "enable_", "external_pid_file", "fsync", "huge_pages", "include", "io_method", "jit", "lc_", "listen_addresses",
    "log_", "max_connections", "max_files_per_process", "max_stack_depth", "password_encryption", "port",
    "primary_conninfo", "reserved_connections", "search_path", "seq_page_cost", "ssl", "statement_timeout", "tcp_",
    "temp_", "timezone", "update_process_title", "vacuum_",
)  # fmt: skip

# pgpool.conf shares many names with postgresql.conf (https://www.pgpool.net/docs/latest/en/html/runtime-config.html).
PGPOOL = ("backend_hostname", "load_balance_mode", "num_init_children", "pcp_", "pool_passwd", "sr_check_")

HBA = frozenset({"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"})

# What only the whole configuration of a server sets, hardly a file that another one includes.
WHOLE_POSTGRES = (
    "data_directory", "external_pid_file", "hba_file", "listen_addresses", "max_connections", "port", "shared_buffers",
)  # fmt: skip

FOREIGN_SECTIONS = frozenset({"definition", "includes", "install", "service", "unit"})

# Folders of programs that name their files after ours: sysctl.d/postgresql.conf, nginx/conf.d/php-fpm.conf.
STRANGERS = frozenset({
    "apache", "apache2", "caddy", "collectd", "fail2ban", "haproxy", "httpd", "lighttpd", "monit", "nginx", "pgpool",
    "pgpool2", "rsyslog", "security", "supervisor", "supervisord", "systemd", "telegraf", "zabbix",
})  # fmt: skip

TEMPLATE = frozenset({
    "ctmpl", "epp", "erb", "gotmpl", "hbs", "in", "j2", "jinja", "jinja2", "mustache", "template", "tftpl", "tmpl",
    "tpl",
})  # fmt: skip

SPARE = frozenset({
    "bak", "backup", "default", "disabled", "dist", "example", "off", "old", "orig", "rpmnew", "rpmorig", "rpmsave",
    "sample", "save", "swp",
})  # fmt: skip
