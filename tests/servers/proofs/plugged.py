"""The machines of an example: where each host lies in the network, and the example's files on it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pgfpmlint.model.address import is_loopback, is_socket
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.model.dsn import said_by
from pgfpmlint.resolve.settings import Reading
from servers import cage
from servers.proofs.machine import Machine, Wire

NETWORK = "10.77.0."
"""Where machines live whose address no file names."""

ELSEWHERE = "elsewhere"
"""The machine that has every name and address that files name and that no files are of."""


def plug_in(
    deployment: Deployment, files: Mapping[str, str], folder: Path, stack: contextlib.ExitStack
) -> dict[str, list[Machine]]:
    """Running machines by host, as many as the configuration counts."""
    wire = Wire(folder / "wire", stack)
    hosts = {host.name: host for host in deployment.hosts}
    spare = iter(f"{NETWORK}{number}" for number in range(2, 250))
    addresses: dict[str, list[list[str]]] = {}
    names: dict[str, list[str]] = {}
    for host in hosts.values():
        own = [address for address in host.addresses if is_number(address)]
        shared = [own] if host.machines == 1 else [[one] for one in own[: host.machines]]
        addresses[host.name] = [list(found) or [next(spare)] for found in shared]
        addresses[host.name] += [[next(spare)] for _ in range(host.machines - len(shared))]
        short = host.name.rpartition("/")[2]
        names[addresses[host.name][0][0]] = [short, *(one for one in host.addresses if not is_number(one))]
    strangers = sorted(_strangers(deployment, {name for all_ in names.values() for name in all_}, addresses))
    if strangers:
        home = [address for address in strangers if is_number(address)] or [next(spare)]
        addresses[ELSEWHERE] = [home]
        names[home[0]] = [ELSEWHERE, *(one for one in strangers if not is_number(one))]
    machines = {host: [wire.machine(host, one, names) for one in of_host] for host, of_host in addresses.items()}
    for name, of_name in machines.items():
        for machine in of_name:
            _copy_files(deployment, files, name, machine)
    return machines


def _strangers(
    deployment: Deployment, names: set[str], addresses: Mapping[str, Sequence[Sequence[str]]]
) -> Iterator[str]:
    """Hosts that files name and that no files are of."""
    known = names | {one for of_host in addresses.values() for all_ in of_host for one in all_}
    entries = [entry.parameter("host") for one in deployment.poolers for entry in one.bouncer.databases]
    wanted = {name for told in entries if told is not None for name in (told.value or "").split(",")}
    wanted |= {dsn.host for pool in deployment.pools for dsn in said_by(pool).dsns}
    for name in wanted - known:
        if not is_socket(name) and not is_loopback(name) and name.partition(".")[0] not in known:
            yield name


def _copy_files(deployment: Deployment, files: Mapping[str, str], host: str, machine: Machine) -> None:
    for above in {prefix(reading) for reading in _readings(deployment, host)}:
        for path, text in files.items():
            if path.startswith(above) and not path.endswith("/"):
                target = machine.folder / path[len(above) :].lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text.encode())
    cage.give(machine.folder / "etc")


def _readings(deployment: Deployment, host: str) -> Iterator[Reading]:
    yield from (one.postgres.reading for one in deployment.instances if one.host.name == host)
    yield from (one.bouncer.reading for one in deployment.poolers if one.host.name == host)
    yield from (one.fpm.reading for one in deployment.masters if one.host.name == host)
    yield from (one.nginx.reading for one in deployment.web_servers if one.host.name == host)


def prefix(reading: Reading) -> str:
    """The part of a shown path that stands for the machine's root."""
    document = reading.main
    assert document.source.path.endswith(document.path.lstrip("/"))
    return document.source.path[: len(document.source.path) - len(document.path.lstrip("/"))]


def is_number(address: str) -> bool:
    return re.fullmatch(r"[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*", address) is not None
