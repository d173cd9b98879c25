"""PgBouncer in a container: edoburu's image and Bitnami's, whose entrypoints write pgbouncer.ini from the environment,
and any other that is given the file.

https://github.com/edoburu/docker-pgbouncer/blob/master/entrypoint.sh,
https://github.com/bitnami/containers/tree/main/bitnami/pgbouncer (libpgbouncer.sh, pgbouncer-env.sh).
"""

from __future__ import annotations

from pgfpmlint.catalog.version import PGBOUNCER
from pgfpmlint.manifests.containers.container import Container
from pgfpmlint.manifests.containers.image_name import BITNAMI, parsed, version
from pgfpmlint.manifests.containers.objections import of_pooler
from pgfpmlint.manifests.containers.url import Url, parsed_url
from pgfpmlint.manifests.machine import Machine, Part
from pgfpmlint.manifests.strand import Strand, given, glue, sheet
from pgfpmlint.source import paths

FOLDER, BITNAMI_FOLDER = "/etc/pgbouncer", "/opt/bitnami/pgbouncer/conf"
BITNAMI_GIVEN = "/bitnami/pgbouncer/conf"

EDOBURU = (
    "auth_dbname", "auth_hba_file", "auth_query", "auth_user", "pool_mode", "max_client_conn", "pool_size",
    "default_pool_size", "min_pool_size", "reserve_pool_size", "reserve_pool_timeout", "max_db_connections",
    "max_user_connections", "server_round_robin", "disable_pqexec", "application_name_add_host", "timezone",
    "max_prepared_statements", "log_connections", "log_disconnections", "log_pooler_errors", "log_stats",
    "stats_period", "verbose", "stats_users", "logfile", "server_reset_query", "server_reset_query_always",
    "server_check_delay", "server_check_query", "server_lifetime", "server_idle_timeout", "server_connect_timeout",
    "server_login_retry", "client_login_timeout", "autodb_idle_timeout", "dns_max_ttl", "dns_nxdomain_ttl",
    "client_tls_sslmode", "client_tls_key_file", "client_tls_cert_file", "client_tls_ca_file", "client_tls_protocols",
    "client_tls_ciphers", "client_tls_ecdhcurve", "client_tls_dheparams", "server_tls_sslmode", "server_tls_ca_file",
    "server_tls_key_file", "server_tls_cert_file", "server_tls_protocols", "server_tls_ciphers", "query_timeout",
    "query_wait_timeout", "client_idle_timeout", "idle_transaction_timeout", "pkt_buf", "max_packet_size",
    "listen_backlog", "sbuf_loopcnt", "suspend_timeout", "tcp_defer_accept", "tcp_keepalive", "tcp_keepcnt",
    "tcp_keepidle", "tcp_keepintvl", "tcp_user_timeout",
)  # fmt: skip
"""Written where the variable of the same name in capitals is not empty."""

EDOBURU_ALWAYS = (
    ("listen_addr", "LISTEN_ADDR", "0.0.0.0"),
    ("listen_port", "LISTEN_PORT", "5432"),
    ("unix_socket_dir", "UNIX_SOCKET_DIR", ""),
    ("user", "", "postgres"),
    ("auth_file", "AUTH_FILE", f"{FOLDER}/userlist.txt"),
    ("auth_type", "AUTH_TYPE", "md5"),
    ("ignore_startup_parameters", "IGNORE_STARTUP_PARAMETERS", "extra_float_digits"),
    ("admin_users", "ADMIN_USERS", "postgres"),
)

BITNAMI_ALWAYS = (
    ("listen_port", "PGBOUNCER_PORT", "6432"),
    ("listen_addr", "PGBOUNCER_LISTEN_ADDRESS", "0.0.0.0"),
    ("unix_socket_dir", "PGBOUNCER_SOCKET_DIR", "/tmp/"),
    ("auth_file", "", f"{BITNAMI_FOLDER}/userlist.txt"),
    ("auth_type", "PGBOUNCER_AUTH_TYPE", "scram-sha-256"),
    ("admin_users", "POSTGRESQL_USERNAME", "postgres"),
    ("client_tls_sslmode", "PGBOUNCER_CLIENT_TLS_SSLMODE", "disable"),
    ("server_tls_sslmode", "PGBOUNCER_SERVER_TLS_SSLMODE", "disable"),
    ("ignore_startup_parameters", "PGBOUNCER_IGNORE_STARTUP_PARAMETERS", "extra_float_digits"),
    ("stats_period", "PGBOUNCER_STATS_PERIOD", "60"),
    ("server_round_robin", "PGBOUNCER_SERVER_ROUND_ROBIN", "0"),
    ("server_fast_close", "PGBOUNCER_SERVER_FAST_CLOSE", "0"),
)

BITNAMI_SET = (
    "auth_hba_file", "auth_ident_file", "auth_query", "stats_users", "server_tls_ca_file", "server_tls_cert_file",
    "server_tls_key_file", "query_wait_timeout", "pool_mode", "max_client_conn", "max_db_connections",
    "idle_transaction_timeout", "server_idle_timeout", "server_reset_query", "default_pool_size", "min_pool_size",
    "reserve_pool_size", "reserve_pool_timeout", "log_connections", "log_disconnections", "log_pooler_errors",
    "log_stats", "server_lifetime", "server_connect_timeout", "server_login_retry", "client_login_timeout",
    "autodb_idle_timeout", "query_timeout", "client_idle_timeout", "max_prepared_statements",
    "application_name_add_host",
)  # fmt: skip
"""Written where PGBOUNCER_ and the name in capitals is not empty."""

TRUE = ("1", "yes", "true")


def machine(container: Container) -> Machine | None:
    """What the container runs, if it is a PgBouncer of which enough is known."""
    if container.image is None:
        return None
    name = parsed(container.image.text)
    owner = name.repository.rpartition("/")[0]
    if "pgbouncer" not in name.name or "exporter" in name.name:
        return None
    bitnami = owner in BITNAMI and name.name == "pgbouncer"
    path = _main(container, bitnami=bitnami)
    if path is None:
        return None
    parts: dict[str, Part] = {}
    mount = container.files.get(path)
    if mount is not None and path.startswith(BITNAMI_FOLDER):
        return None  # its scripts remove the file there and write another
    if mount is not None:
        parts[path] = Part("pgbouncer.ini", mount.source, mount.words)
    elif not container.is_covered(path) and (bitnami or name.repository == "edoburu/pgbouncer"):
        strands = _bitnami(container) if bitnami else _edoburu(container)
        if strands is None:
            return None
        source = sheet(f"{container.label}/pgbouncer.ini", strands)
        parts[path] = Part("pgbouncer.ini", source, f"what the entrypoint of {container.image.text} writes")
    else:
        return None
    for other, mounted in container.files.items():
        if other not in parts and other.endswith((".txt", ".conf", ".ini")):
            kind = "userlist.txt" if other.endswith("userlist.txt") else ""
            parts[other] = Part(kind, mounted.source, mounted.words)
    known = [one.upper() for one in ((*BITNAMI_SET, "auth_type") if bitnami else (*EDOBURU, "auth_type"))]
    ours = bitnami or name.repository == "edoburu/pgbouncer"
    problems = tuple(of_pooler(container, known, prefixed=bitnami, mount=mount)) if ours else ()
    told = container.told._replace(versions=version(PGBOUNCER, container.image), problems=problems)
    return Machine(container.name, container.label, container.at, parts, told)


def _main(container: Container, *, bitnami: bool) -> str | None:
    """The path of the pgbouncer.ini that it is started with."""
    for word in reversed(container.command or container.entrypoint or ()):
        if word.text.endswith(".ini") and word.text.startswith("/"):
            return paths.normal(word.text)
    if container.command and container.command[0].text.rpartition("/")[2] in ("sh", "bash"):
        return None
    if bitnami:
        mounted = f"{BITNAMI_GIVEN}/pgbouncer.ini"
        if mounted in container.files or container.is_covered(mounted):
            return mounted
        return f"{BITNAMI_FOLDER}/pgbouncer.ini"
    return f"{FOLDER}/pgbouncer.ini"


def _edoburu(container: Container) -> list[Strand] | None:
    """The lines of the file; None where the server that it leads to can't be told."""
    place = container.image_place
    strands = [given("[databases]\n", place)]
    listed = container.variable("DATABASE_URLS")
    single = container.variable("DATABASE_URL")
    if container.unsure("DATABASE_URL") and single is None:
        return None
    if listed is not None:
        return None  # several, of which a shell's loop makes entries in a way that differs from version to version
    host, port = container.variable("DB_HOST"), container.variable("DB_PORT")
    user, database = container.variable("DB_USER"), container.variable("DB_NAME")
    if single is not None:
        url = parsed_url(single)
        if url is None:
            return None
        host, port, user, database = _of_url(url, host, port, user)
    if host is None:
        return None
    at = host.place
    strands += [database or glue("*", at), glue(" = host=", at), host, glue(" port=", at), port or glue("5432", at)]
    strands += [glue(" auth_user=", at), user or glue("postgres", at), given("\n[pgbouncer]\n", place)]
    for name, variable, default in EDOBURU_ALWAYS:
        strands += _line(container, name, variable, default)
    for name in EDOBURU:
        strands += _line(container, name, name.upper(), None)
    return strands


def _of_url(
    url: Url, host: Strand | None, port: Strand | None, user: Strand | None
) -> tuple[Strand | None, Strand | None, Strand | None, Strand | None]:
    """What the entrypoint's ``parse_url`` leaves in its variables."""
    return url.host, url.port or port, url.user or user, url.path


def _bitnami(container: Container) -> list[Strand] | None:
    place = container.image_place
    if "PGBOUNCER_DSN_0" in container.environment or not container.told_all:
        return None
    database = container.variable("PGBOUNCER_DATABASE")
    host, port = container.variable("POSTGRESQL_HOST"), container.variable("POSTGRESQL_PORT")
    at = host.place if host is not None else place
    strands = [given("[databases]\n", place), database or glue("postgres", at), glue(" = host=", at)]
    strands += [host or glue("postgresql", at), glue(" port=", at), port or glue("5432", at)]
    user = container.variable("POSTGRESQL_USERNAME")
    forced = container.variable("PGBOUNCER_SET_DATABASE_USER")
    if forced is not None and forced.text.lower() in TRUE:
        strands += [glue(" user=", forced.place), user or glue("postgres", forced.place)]
    if database is None or database.text != "*":
        named = container.variable("POSTGRESQL_DATABASE") or database
        strands += [glue(" dbname=", at), named or glue("postgres", at)]
    strands.append(given("\n[pgbouncer]\n", place))
    for name, variable, default in BITNAMI_ALWAYS:
        strands += _line(container, name, variable, default)
    for name in BITNAMI_SET:
        strands += _line(container, name, f"PGBOUNCER_{name.upper()}", None)
    return strands


def _line(container: Container, name: str, variable: str, default: str | None) -> list[Strand]:
    """``name = value`` of the variable, of the image's default, or of what nobody knows."""
    value = container.variable(variable) if variable else None
    if value is not None and name == "auth_type" and container.published is None:
        return [given(f"{name} = {value.text}\n", value.place)]  # nobody but the containers beside it gets there
    if value is not None:
        return [glue(f"{name} = ", value.place), value, glue("\n", value.place)]
    place = container.image_place
    if variable and container.unsure(variable):
        return [given(f"{name} = ${{{variable}}}\n", place)]
    return [] if default is None else [given(f"{name} = {default}\n", place)]
