"""Every name that a release of pgcat, pgpool-II or Odyssey had for a setting.

All releases together: nobody can tell from a file which one reads it, and a name that none of them had is a slip. Taken
from their sources: src/config.rs of https://github.com/postgresml/pgcat, pool_config.l and pool_config_variables.c of
https://github.com/pgpool/pgpool2 (3.0 to 4.7), sources/config_reader.c and sources/cfg/keywords.c of
https://github.com/yandex/odyssey.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PGPOOL = _names(
    """
    allow_clear_text_frontend_auth allow_inet_domain_socket allow_multiple_failover_requests_from_node
    allow_sql_comments app_name_redirect_preference_list arping_cmd arping_path authentication_timeout auto_failback
    auto_failback_interval backend backend_clustering_mode backend_socket_dir black_function_list
    black_memqcache_table_list black_query_pattern_list cache_safe_memqcache_table_list
    cache_unsafe_memqcache_table_list check_temp_table check_unlogged_table child_life_time child_max_connections
    clear_memqcache_on_escalation client_idle_limit client_idle_limit_in_recovery client_min_messages connect_timeout
    connection_cache connection_life_time database_redirect_preference_list debug_level delay_threshold
    delay_threshold_by_time delegate_IP delegate_ip detach_false_primary disable_load_balance_on_write
    dml_adaptive_object_relationship_list enable_consensus_with_half_votes enable_pool_hba enable_query_cache
    enable_shared_relcache fail_over_on_backend_error failback_command failover_command
    failover_if_affected_tuples_mismatch failover_on_backend_error failover_on_backend_shutdown
    failover_require_consensus failover_when_quorum_exists follow_master_command follow_primary_command health_check
    health_check_test heartbeat if_cmd_path if_down_cmd if_up_cmd ifconfig_path ignore_leading_white_space include
    insert_lock listen_addresses listen_backlog_multiplier load_balance_mode lobj_lock_table log_backend_messages
    log_client_messages log_connections log_destination log_directory log_disconnections log_error_verbosity
    log_file_mode log_filename log_hostname log_line_prefix log_min_messages log_pcp_processes log_per_node_statement
    log_rotation_age log_rotation_size log_standby_delay log_statement log_truncate_on_rotation logdir
    logging_collector master_slave_mode master_slave_sub_mode max_pool max_spare_children memory_cache_enabled
    memqcache_auto_cache_invalidation memqcache_cache_block_size memqcache_expire memqcache_max_num_cache
    memqcache_maxcache memqcache_memcached_host memqcache_memcached_port memqcache_method memqcache_oiddir
    memqcache_total_size min_spare_children notice_per_node_statement num_init_children other_pgpool parallel_mode
    pcp_listen_addresses pcp_port pcp_socket_dir pcp_timeout pgpool2_hostname pid_file_name ping_path pool_passwd port
    prefer_lower_delay_standby primary_routing_query_pattern_list print_timestamp print_user process_management_mode
    process_management_strategy read_only_function_list recovery_1st_stage_command recovery_2nd_stage_command
    recovery_database recovery_password recovery_timeout recovery_user relcache_expire relcache_query_target
    relcache_size replicate_select replication_delay_source_cmd replication_delay_source_timeout replication_mode
    replication_stop_on_mismatch reserved_connections reset_query_list search_primary_node_timeout serialize_accept
    socket_dir sr_check_database sr_check_password sr_check_period sr_check_user ssl ssl_ca_cert ssl_ca_cert_dir
    ssl_cert ssl_ciphers ssl_crl_file ssl_dh_params_file ssl_ecdh_curve ssl_key ssl_passphrase_command
    ssl_prefer_server_ciphers statement_level_load_balance syslog_facility syslog_ident system_db_dbname
    system_db_hostname system_db_password system_db_port system_db_schema system_db_user
    track_table_mutation_cold_start_duration track_table_mutation_max_staleness track_table_mutation_table_buckets
    track_table_mutation_table_size track_table_mutation_ttl_factor trusted_server_command trusted_servers
    unix_socket_directories unix_socket_group unix_socket_permissions use_watchdog user_redirect_preference_list
    watchdog wd_authkey wd_de_escalation_command wd_escalation_command wd_heartbeat_deadtime wd_heartbeat_keepalive
    wd_heartbeat_listen_addresses wd_heartbeat_listen_port wd_heartbeat_port wd_hostname wd_initial_node_showup_time
    wd_interval wd_ipc_socket_dir wd_life_point wd_lifecheck_dbname wd_lifecheck_method wd_lifecheck_password
    wd_lifecheck_query wd_lifecheck_user wd_listen_address wd_listen_port wd_lost_node_removal_timeout
    wd_monitoring_interfaces_list wd_no_show_node_removal_timeout wd_priority wd_remove_shutdown_nodes
    white_function_list white_memqcache_table_list work_dir write_function_list
    """
)
"""Names that stand by themselves."""

PGPOOL_NUMBERED = _names(
    """
    backend_application_name backend_data_directory backend_flag backend_hostname backend_port backend_weight
    health_check_database health_check_max_retries health_check_password health_check_period health_check_retry_delay
    health_check_timeout health_check_user heartbeat_destination heartbeat_destination_port heartbeat_device
    heartbeat_hostname heartbeat_port hostname other_pgpool_hostname other_pgpool_port other_wd_port pgpool_port
    wd_port
    """
)
"""Beginnings of names that a number follows: ``backend_hostname0``."""

ODYSSEY = _names(
    """
    admin application_name_add_host auth_common_name auth_module auth_pam_service auth_query auth_query_db
    auth_query_user authentication availability_zone az_aware backend_connect_timeout_ms backend_startup_options
    backlog balancing balancing_method bindwith_reuseport cache cache_chunk cache_coroutine cache_msg_gc_size
    cancel_max_inflight cancel_queue_timeout_ms cancel_timeout_ms catchup_checks catchup_timeout check_interval_ms
    client_fwd_error client_login_timeout client_max client_max_routing client_show_id compression conn_drop_options
    conn_weight coroutine_stack_size cpu_affinity daemonize database default disable_nolinger disabled dns_cache_ttl
    drop drop_enabled enable_host_watcher enable_mdb_iamproxy_auth enable_online_restart
    endpoints_status_poll_interval external_auth_socket_path full graceful_die_on_errors graceful_shutdown_timeout_ms
    group group_checker_interval group_query group_query_db group_query_user hba_file host hostnossl hostssl include
    interval_ms keepalive keepalive_keep_interval keepalive_probes keepalive_usr_timeout ldap_endpoint
    ldap_endpoint_name ldap_pool_size ldap_pool_timeout ldap_pool_ttl ldap_storage_credentials
    ldap_storage_credentials_attr ldap_storage_password ldap_storage_username ldapbasedn ldapbinddn ldapbindpasswd
    ldapfilter ldapport ldapprefix ldapscheme ldapscope ldapsearchattribute ldapsearchfilter ldapserver ldapsuffix
    ldapurl limit listen load_module local locks_dir log_async log_config log_debug log_file log_format
    log_general_stats_prom log_query log_queue_depth log_route_stats_prom log_session log_stats log_stats_prom
    log_syslog log_syslog_facility log_syslog_ident log_to_stdout maintain_params max_rate max_sigterms_to_die
    mdb_iamproxy_socket_path mem_limit method min_pool_size minimal mode no nodelay notallow
    online_restart_drop_options options packet_read_size packet_write_queue password password_passthrough pid_file
    pipeline pool pool_acquire_fail_fast pool_attach_check pool_cancel pool_client_idle_timeout pool_discard
    pool_discard_query pool_idle_in_transaction_timeout pool_notice_after_waiting_ms pool_pin_on_listen
    pool_preserve_prep_stmt pool_reserve_prepared_statement pool_reset_timeout_ms pool_rollback pool_routing pool_size
    pool_smart_discard pool_timeout pool_ttl port priority process promhttp_server_port quantiles query_parsing rate
    readahead reserve_session_server_connection resolvers role sequential_routing server_drop_on_cached_plan_error
    server_lifetime server_login_retry server_max_routing shared_pool show_notice_messages signal
    smart_search_path_enquoting soft_oom stat stats_interval storage storage_db storage_password storage_user
    system_coroutine_stack_size target_session_attrs time_weight tls tls_ca_file tls_cert_file tls_key_file
    tls_protocols type unix_socket_dir unix_socket_mode user virtual_processing virtual_transaction watchdog
    watchdog_lag_interval watchdog_lag_query weights workers yes
    """
)
"""Every word of the language: directives, blocks, and the few bare values."""

PGCAT_GENERAL = _names(
    """
    admin_auth_type admin_password admin_username auth_query auth_query_password auth_query_user autoreload ban_time
    connect_timeout dns_cache_enabled dns_max_ttl enable_prometheus_exporter healthcheck_delay healthcheck_timeout
    host idle_client_in_transaction_timeout idle_timeout log_client_connections log_client_disconnections pool_mode
    pool_size port prepared_statements prepared_statements_cache_size prometheus_exporter_port query_router_plugins
    server_lifetime server_round_robin server_tls shutdown_timeout statsd_address tcp_keepalives_count
    tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout tls_certificate tls_private_key
    unban_replicas_when_all_banned validate_config verify_server_certificate worker_threads
    """
)
"""Keys of [general]."""

PGCAT_POOL = _names(
    """
    auth_query auth_query_password auth_query_user automatic_sharding_key checkout_failure_limit
    cleanup_server_connections connect_timeout db_activity_based_routing db_activity_init_delay db_activity_ttl
    default_role default_shard idle_timeout load_balancing_mode log_client_parameter_status_changes plugins pool_mode
    prepared_statements_cache_size primary_reads_enabled query_parser_enabled query_parser_max_length
    query_parser_read_write_splitting regex_search_limit server_lifetime shard_id_regex sharding_function
    sharding_key_regex shards table_mutation_cache_ms_ttl users
    """
)
"""Keys of [pools.NAME]."""

PGCAT_USER = _names(
    """
    auth_type connect_timeout idle_timeout min_pool_size name password pool_mode pool_size server_lifetime
    server_password server_username statement_timeout username
    """
)
"""Keys of [pools.NAME.users.N]."""

PGCAT_SHARD = _names(
    """
    database mirrors servers
    """
)
"""Keys of [pools.NAME.shards.N]."""
