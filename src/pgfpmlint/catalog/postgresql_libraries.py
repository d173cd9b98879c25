"""Libraries that servers load at start: PostgreSQL's own and the ones that packages bring.

https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SHARED-PRELOAD-LIBRARIES
"""

from __future__ import annotations

KNOWN = frozenset({
    # https://www.postgresql.org/docs/current/contrib.html
    "auth_delay", "auto_explain", "basebackup_to_shell", "basic_archive", "dblink", "passwordcheck", "pg_overexplain",
    "pg_plan_advice", "pg_prewarm", "pg_stash_advice", "pg_stat_statements", "pg_trgm", "pgcrypto", "pgoutput",
    "plperl", "plpgsql", "plpython3", "pltcl", "postgres_fdw", "sepgsql", "test_decoding", "unaccent",
    # https://wiki.postgresql.org/wiki/Apt, https://yum.postgresql.org, and what hosters add
    "age", "anon", "bdr", "citus", "citus_columnar", "columnar", "credcheck", "decoderbufs", "hypopg", "hydra",
    "login_hook", "logerrors", "orioledb", "passwordcheck_extra", "passwordpolicy", "passwordtracker", "pg_anon",
    "pg_auth_mon", "pg_background", "pg_bulkload", "pg_cron", "pg_documentdb", "pg_documentdb_core", "pg_duckdb",
    "pg_failover_slots", "pg_hint_plan", "pg_ivm", "pg_log_userqueries", "pg_mooncake", "pg_net", "pg_pathman",
    "pg_partman_bgw", "pg_permissions", "pg_profile", "pg_qualstats", "pg_query_settings", "pg_readonly", "pg_repack",
    "pg_rewrite", "pg_search", "pg_show_plans", "pg_similarity", "pg_squeeze", "pg_stat_kcache", "pg_stat_monitor",
    "pg_store_plans", "pg_strom", "pg_tde", "pg_textsearch", "pg_tle", "pg_tracing", "pg_track_settings",
    "pg_wait_sampling", "pgaudit", "pgauditlogtofile", "pgexporter_ext", "pgextwlist", "pglogical", "pgmemcache",
    "pgmq", "pgnodemx", "pgpool_adm", "pgpool_recovery", "pgsodium", "pgsentinel", "pgvector", "plan_filter",
    "plpgsql_check", "plprofiler", "plugin_debugger", "plv8", "postgis-3", "powa", "repmgr", "safeupdate", "set_user",
    "spock", "sr_plan", "supautils", "system_stats", "tds_fdw", "temporal_tables", "timescaledb", "toastinfo",
    "vault", "vchord", "vector", "vectors", "wal2json",
})  # fmt: skip

FOLDERS = (
    "/usr/lib/postgresql/{major}/lib",  # Debian, Ubuntu
    "/usr/pgsql-{major}/lib",  # https://yum.postgresql.org
    "/usr/lib64/pgsql",
    "/usr/lib/pgsql",
    "/usr/lib/postgresql{major}",  # Alpine, openSUSE
    "/usr/lib/postgresql",
    "/usr/libexec/postgresql{major}",
    "/usr/local/lib/postgresql",  # Docker images, FreeBSD, a build from source
    "/usr/local/pgsql/lib",
    "/opt/homebrew/lib/postgresql@{major}",
)
"""Where the builds of a major version keep their libraries, their $libdir."""
