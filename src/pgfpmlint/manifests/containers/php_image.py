"""PHP-FPM in a container: the official image's own files with what is laid over them, and images that take the
process manager's numbers from the environment.

https://github.com/docker-library/php/blob/master/Dockerfile-linux.template writes docker.conf and zz-docker.conf beside
PHP's own www.conf (https://github.com/php/php-src/blob/master/sapi/fpm/www.conf.in): five children, and workers that
see the container's environment. https://github.com/serversideup/docker-php, https://github.com/wodby/php.
"""

from __future__ import annotations

from pgfpmlint.catalog.version import PHP
from pgfpmlint.manifests.containers.container import Container
from pgfpmlint.manifests.containers.image_name import parsed, version
from pgfpmlint.manifests.machine import Machine, Part
from pgfpmlint.manifests.strand import Strand, given, glue, sheet
from pgfpmlint.source import paths

FOLDER = "/usr/local/etc"
POOLS = f"{FOLDER}/php-fpm.d"
MAIN = f"{FOLDER}/php-fpm.conf"

SERVERS_OWN = (".conf", ".ini")
ROOTS = ("/usr/local/etc/", "/etc/php", "/opt/bitnami/php/etc/")
"""Where builds of PHP look for their files."""

POOL_WORDS = ("php-fpm", "/pool.d/", "/fpm/")

STOCK = {
    "pm": "dynamic",
    "pm.max_children": "5",
    "pm.start_servers": "2",
    "pm.min_spare_servers": "1",
    "pm.max_spare_servers": "3",
}
ALTERING = ("php-fpm", "www.conf", "pm.", "max_children")
"""Words of a RUN that may set a pool's numbers."""

ADDRESSES = ("DB_", "DATABASE_", "PGHOST", "PGSERVICE", "POSTGRES_")
"""Beginnings of the variables that tell where an application connects."""

BY_ENVIRONMENT = {
    "serversideup/php": (
        "clear_env = no\nlisten = 9000\n",
        (
            ("pm", "PHP_FPM_PM_CONTROL"),
            ("pm.max_children", "PHP_FPM_PM_MAX_CHILDREN"),
            ("pm.start_servers", "PHP_FPM_PM_START_SERVERS"),
            ("pm.min_spare_servers", "PHP_FPM_PM_MIN_SPARE_SERVERS"),
            ("pm.max_spare_servers", "PHP_FPM_PM_MAX_SPARE_SERVERS"),
            ("pm.max_requests", "PHP_FPM_PM_MAX_REQUESTS"),
        ),
    ),
    "wodby/php": (
        "listen = 9000\n",
        (
            ("clear_env", "PHP_FPM_CLEAR_ENV"),
            ("pm", "PHP_FPM_PM"),
            ("pm.max_children", "PHP_FPM_PM_MAX_CHILDREN"),
            ("pm.start_servers", "PHP_FPM_PM_START_SERVERS"),
            ("pm.min_spare_servers", "PHP_FPM_PM_MIN_SPARE_SERVERS"),
            ("pm.max_spare_servers", "PHP_FPM_PM_MAX_SPARE_SERVERS"),
            ("pm.max_requests", "PHP_FPM_PM_MAX_REQUESTS"),
        ),
    ),
}


def machine(container: Container) -> Machine | None:
    """What the container runs, if it is a PHP-FPM of which something is known."""
    if container.image is None or not _runs_fpm(container):
        return None
    name = parsed(container.image.text)
    parts: dict[str, Part] = {
        path: Part("", mount.source, mount.words)
        for path, mount in container.files.items()
        if path.endswith(SERVERS_OWN) and path.startswith(ROOTS)
    }
    has_pools = any(word in path for path in parts for word in POOL_WORDS)
    official = name.repository == "php" and "fpm" in name.tag
    names_server = any(one.startswith(ADDRESSES) for one in container.environment)
    if official and (has_pools or names_server):
        parts = {**_stock(container, parts), **parts}
    elif name.repository in BY_ENVIRONMENT and names_server and not has_pools:
        parts[f"{POOLS}/www.conf"] = _by_environment(container, name.repository)
    elif not has_pools:
        return None
    told = container.told._replace(versions=version(PHP, container.image), environment=container.environment)
    return Machine(container.name, container.label, container.at, parts, told)


def _runs_fpm(container: Container) -> bool:
    """Whether nothing else is started instead."""
    first = next(iter(container.command or ()), None)
    if container.entrypoint:
        words = [word.text.rpartition("/")[2] for word in container.entrypoint]
        if first is not None and first.text.rpartition("/")[2] == "php-fpm":
            return True  # a script of one's own that goes on to what it is given
        if not (words[0].startswith("php-fpm") or words[-1].startswith(("docker-php-entrypoint", "php-fpm"))):
            return False
    return first is None or first.text.rpartition("/")[2].startswith("php-fpm")


def _stock(container: Container, laid: dict[str, Part]) -> dict[str, Part]:
    """The image's own files, save those that others are laid over."""
    place = container.image_place
    image = container.image.text if container.image is not None else ""
    why = f"as the image {image} has it"

    def made(path: str, strands: list[Strand]) -> Part:
        return Part("php-fpm", sheet(f"{container.label}/{paths.name(path)}", strands), why)

    found: dict[str, Part] = {}
    if not container.is_covered_file(MAIN):
        found[MAIN] = made(MAIN, [given(f"[global]\ninclude = {POOLS}/*.conf\n", place)])
    hidden = any(one.rstrip("/") in (POOLS, FOLDER) for one in (*container.covered, *container.folders))
    if hidden or MAIN in laid:
        return found if MAIN not in laid else {}
    altered = any(word in text for text in container.altered for word in ALTERING)
    numbers = "".join(f"{name} = {'${ALTERED}' if altered else value}\n" for name, value in STOCK.items())
    found[f"{POOLS}/www.conf"] = made("www.conf", [given(f"[www]\nlisten = 127.0.0.1:9000\n{numbers}", place)])
    found[f"{POOLS}/docker.conf"] = made("docker.conf", [given("[www]\nclear_env = no\n", place)])
    found[f"{POOLS}/zz-docker.conf"] = made("zz", [given("[global]\ndaemonize = no\n[www]\nlisten = 9000\n", place)])
    return found


def _by_environment(container: Container, repository: str) -> Part:
    head, settings = BY_ENVIRONMENT[repository]
    place = container.image_place
    strands = [given(f"[www]\n{head}", place)]
    for name, variable in settings:
        value = container.variable(variable)
        if value is not None:
            strands += [glue(f"{name} = ", value.place), value, glue("\n", value.place)]
        else:
            strands.append(given(f"{name} = ${{{variable}}}\n", place))
    return Part("php-fpm", sheet(f"{container.label}/www.conf", strands), "what the image makes of its environment")
