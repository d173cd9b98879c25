"""PostgreSQL in a container: the images built on the official one, and Bitnami's.

https://github.com/docker-library/postgres (docker-entrypoint.sh, Dockerfile-debian.template): the sample that initdb
takes has ``listen_addresses = '*'``, and the entrypoint adds ``host all all all METHOD`` to pg_hba.conf, with METHOD
from POSTGRES_HOST_AUTH_METHOD. https://github.com/bitnami/containers/tree/main/bitnami/postgresql.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgfpmlint.catalog.version import POSTGRESQL
from pgfpmlint.manifests.containers.container import Container, Mount
from pgfpmlint.manifests.containers.image_name import BITNAMI, ImageName, parsed, version
from pgfpmlint.manifests.containers.objections import of_data, of_postgres
from pgfpmlint.manifests.containers.postgres_options import Option, line, options
from pgfpmlint.manifests.machine import OPTIONS, Machine, Part
from pgfpmlint.manifests.strand import Strand, given, glue, sheet
from pgfpmlint.source import paths

OFFICIAL = frozenset({
    "postgres", "postgis/postgis", "pgvector/pgvector", "ankane/pgvector", "imresamu/postgis",
})  # fmt: skip
"""Those that take the official image's entrypoint and leave initdb's files as they are."""

TUNED = ("timescale/timescaledb", "timescale/timescaledb-ha")
"""Whose first start lets timescaledb-tune set what memory and processors suggest
(https://github.com/timescale/timescaledb-docker)."""

SET_BY_TUNING = ("max_connections", "shared_buffers", "work_mem", "maintenance_work_mem", "effective_cache_size",
    "max_worker_processes", "max_parallel_workers", "max_parallel_workers_per_gather", "wal_buffers", "min_wal_size",
    "max_wal_size", "default_statistics_target", "random_page_cost", "checkpoint_completion_target",
    "max_locks_per_transaction", "autovacuum_max_workers", "autovacuum_naptime", "effective_io_concurrency",
    "shared_preload_libraries", "bgwriter_flush_after", "default_toast_compression", "jit")  # fmt: skip

OLD_DATA, NEW_DATA = "/var/lib/postgresql/data", "/var/lib/postgresql/{}/docker"
"""PGDATA of the image; the other one from 18 on (https://hub.docker.com/_/postgres, "PGDATA")."""

BITNAMI_CONF = ("/opt/bitnami/postgresql/conf", "/bitnami/postgresql/conf")
INITDB = "/docker-entrypoint-initdb.d"
PLACE_OF_OPTIONS = "/proc/1/cmdline"


def machine(container: Container) -> Machine | None:
    """What the container runs, if it is a PostgreSQL of which enough is known."""
    if container.image is None:
        return None
    name = parsed(container.image.text)
    owner, _, what = name.repository.rpartition("/")
    if owner in BITNAMI and what == "postgresql":
        return _made(container, _of_bitnami(container), [])
    set_ = _started_with(container)
    if set_ is None:
        return None
    values = {one.name.text: one.value for one in set_}
    named = values.get("config_file")
    data = _data_folder(container, values.get("data_directory"))
    main = named.text if named is not None else f"{data}/postgresql.conf"
    if data is None and named is None:
        return None
    mount = container.files.get(paths.normal(main))
    if mount is None and (named is not None or container.is_covered_file(main)):
        return None
    parts: dict[str, Part] = {}
    if mount is not None:
        parts[main] = Part("postgresql.conf", mount.source, mount.words)
    elif _is_known(name) and not any("postgresql.conf" in text for text in container.altered):
        parts[main] = _by_initdb(container, tuned=name.repository in TUNED)
    else:
        return None
    made = _made(container, _beside(container, main, data, values, parts), set_)
    if made is None or name.repository not in OFFICIAL:
        return made
    major = next((one.major for one in made.told.versions.values()), None)
    problems = [*(of_postgres(container, main) if mount is None else ()), *of_data(container, major)]
    return made._replace(told=made.told._replace(problems=tuple(problems)))


def _is_known(name: ImageName) -> bool:
    return name.repository in OFFICIAL or name.repository in TUNED


def _made(container: Container, parts: dict[str, Part], set_: Sequence[Option]) -> Machine | None:
    if not parts:
        return None
    lines = [strand for one in set_ if one.name.text not in ("config_file", "data_directory") for strand in line(one)]
    if lines:
        words = f"what {container.label} is started with"
        parts[PLACE_OF_OPTIONS] = Part(OPTIONS, sheet(f"{container.label}/options", lines), words)
    told = container.told._replace(versions=version(POSTGRESQL, container.image))
    return Machine(container.name, container.label, container.at, parts, told)


def _started_with(container: Container) -> list[Option] | None:
    """The settings of the command line; None where it starts no PostgreSQL, or in a way that can't be read."""
    words = list(container.command or ())
    if container.entrypoint:
        first = [word.text.rpartition("/")[2] for word in container.entrypoint]
        if first not in (["docker-entrypoint.sh"], ["postgres"], ["docker-entrypoint.sh", "postgres"]):
            return None
    if words and words[0].text.rpartition("/")[2] == "docker-entrypoint.sh":
        words = words[1:]
    if words and not words[0].text.startswith("-"):
        if words[0].text.rpartition("/")[2] != "postgres":
            return None
        words = words[1:]
    return options(words)


def _data_folder(container: Container, option: Strand | None) -> str | None:
    """PGDATA; None where nobody can tell."""
    if option is not None:
        return None if option.is_open else option.text
    own = container.variable("PGDATA")
    if own is not None or container.unsure("PGDATA"):
        return None if own is None or own.is_open else paths.normal(own.text)
    known = version(POSTGRESQL, container.image).get(POSTGRESQL)
    return NEW_DATA.format(known.major) if known is not None and known.major >= 18 else OLD_DATA


def _by_initdb(container: Container, *, tuned: bool) -> Part:
    place = container.image_place
    text = "listen_addresses = '*'\n"
    if tuned and container.environment.get("NO_TS_TUNE") is None:
        text += "".join(f"{name} = '${{TS_TUNE}}'\n" for name in SET_BY_TUNING)
    source = sheet(f"{container.label}/postgresql.conf", [given(text, place)])
    image = container.image.text if container.image is not None else ""
    return Part("postgresql.conf", source, f"what the image {image} makes where nothing is mounted")


def _beside(
    container: Container, main: str, data: str | None, values: dict[str, Strand], parts: dict[str, Part]
) -> dict[str, Part]:
    """The other files of the server: its access files, what it includes, and the scripts of its first start."""
    for kind, setting in (("pg_hba.conf", "hba_file"), ("pg_ident.conf", "ident_file")):
        named = values.get(setting)
        path = named.text if named is not None else f"{data}/{kind}"
        mount = container.files.get(paths.normal(path))
        if mount is not None:
            parts[path] = Part(kind, mount.source, mount.words)
    hba = f"{data}/pg_hba.conf"
    if "hba_file" not in values and data is not None and hba not in parts and not container.is_covered_file(hba):
        made = _hba(container)
        if made is not None:
            parts[hba] = made
    mounted = main in container.files
    for path, mount in container.files.items():
        if path in parts or _is_main(path):
            continue
        if paths.folder(path) == INITDB and path.endswith(".sql"):
            parts[path] = Part("sql", mount.source, mount.words)
        elif mounted and path.endswith(".conf"):
            parts[path] = Part("", mount.source, mount.words)
    return parts


def _is_main(path: str) -> bool:
    """Whether it is called like a server's main file; one that the server is not started with is none of its own."""
    name = paths.name(path)
    return name.startswith("postgres") and name.endswith(".conf")


def _hba(container: Container) -> Part | None:
    """pg_hba.conf with the record that the entrypoint adds, where the environment says of which method."""
    method = container.variable("POSTGRES_HOST_AUTH_METHOD")
    if method is None or method.is_open:
        return None
    place = method.place
    local = "local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n"
    record = [glue("host all all all ", place), method, glue("\n", place)]
    if container.published is None or method.text != "trust":
        # The entrypoint's own record, as with any password; trust harms nobody but where others get there.
        record = [given(f"host all all all {method.text}\n", place)]
    strands = [given(local, place), *record]
    return Part("pg_hba.conf", sheet(f"{container.label}/pg_hba.conf", strands), "what the image's entrypoint makes")


def _of_bitnami(container: Container) -> dict[str, Part]:
    """The mounted files, or what libpostgresql.sh makes of the environment as far as connections go."""
    own, mounted = BITNAMI_CONF
    parts: dict[str, Part] = {}
    for path, mount in _bitnami_mounts(container):
        parts[path] = Part("", mount.source, mount.words)
    main = f"{own}/postgresql.conf"
    if main in parts:
        parts[main] = parts[main]._replace(kind="postgresql.conf")
        return parts
    if container.is_covered(f"{mounted}/postgresql.conf") or container.is_covered(main):
        return {}
    place = container.image_place
    strands = [given("listen_addresses = '*'\n", place)]
    for name, variable in (
        ("port", "POSTGRESQL_PORT_NUMBER"),
        ("max_connections", "POSTGRESQL_MAX_CONNECTIONS"),
        ("shared_preload_libraries", "POSTGRESQL_SHARED_PRELOAD_LIBRARIES"),
    ):
        value = container.variable(variable)
        if value is not None:
            strands += [glue(f"{name} = '", value.place), value, glue("'\n", value.place)]
        elif container.unsure(variable):
            strands.append(given(f"{name} = '${{{variable}}}'\n", place))
    if container.unsure("POSTGRESQL_EXTRA_FLAGS") or container.variable("POSTGRESQL_EXTRA_FLAGS") is not None:
        return {}
    strands.append(given("include_dir = 'conf.d'\n", place))
    made = "what the image's scripts make of its environment"
    parts[main] = Part("postgresql.conf", sheet(f"{container.label}/postgresql.conf", strands), made)
    return parts


def _bitnami_mounts(container: Container) -> Iterator[tuple[str, Mount]]:
    """Mounts under the folder where the server reads them: what lies in the volume's conf is copied there."""
    own, mounted = BITNAMI_CONF
    for path, mount in container.files.items():
        if path.startswith(f"{mounted}/"):
            yield own + path[len(mounted) :], mount
        elif path.startswith(f"{own}/"):
            yield path, mount
