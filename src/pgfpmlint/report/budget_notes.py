"""What follows from the sums, and what bounds them from other sides: deployments, cores, memory, poolers' clients."""

from __future__ import annotations

from pgfpmlint.model.accounts import Account, Accounts
from pgfpmlint.model.capacity import pool_demand
from pgfpmlint.model.client_limits import ClientLimit, client_limits
from pgfpmlint.model.consumers import consumer_terms
from pgfpmlint.model.link import Links
from pgfpmlint.model.memory import OPERATIONS, WorkerMemory, sort_memory, worker_memory
from pgfpmlint.model.nodes import FpmMaster, Instance, Pooler, Proxy
from pgfpmlint.model.pooler_bound import is_shared_port, poolers_bound
from pgfpmlint.model.pooler_pool import pool_bound
from pgfpmlint.model.takers import clients as clients_of
from pgfpmlint.report.ledger import clients, marked
from pgfpmlint.report.page import Sheet

CONNECTIONS_PER_CORE = 4
"""Past this many active connections per core throughput falls
(https://wiki.postgresql.org/wiki/Number_Of_Database_Connections gives 2 × cores, and some for disks)."""


def instance_notes(page: Sheet, account: Account) -> None:
    """Below the ledger of an instance."""
    found, instance = account.found, account.found.instance
    _peak(page, account)
    if found.direct_pools:
        pools = f"{found.direct_pools} pools" if found.direct_pools > 1 else "1 pool"
        words = f"{found.budget} budget / {pools} over all hosts = {found.per_pool_limit} connections each"
        fitting = found.fitting_children
        if fitting is not None and fitting != found.per_pool_limit:
            beside = f" beside the {found.beside} {found.beside_words}" if found.beside else ""
            words += f"; pm.max_children = {fitting} in each{beside} would fit"
        page.note("per pool", words)
    _cores(page, account)
    _sort_memory(page, instance)
    _replication(page, instance)
    missing = [what for what, value in (("memory", instance.host.memory), ("cpus", instance.host.cpus)) if not value]
    if missing:
        page.note("not told", f"{' and '.join(missing)} of host {instance.host.name} (hosts: in .pgfpmlint.yaml)")
    for gap in account.unaccounted:
        name, _, entry = gap.name.partition(" database ")
        shown = name if entry and gap.why.startswith(f"database {entry} ") else gap.name
        page.note("uncounted", f"{shown}: {gap.why}", style="warning")


def _peak(page: Sheet, account: Account) -> None:
    found = account.found
    peak = found.peak
    over = peak.total - found.budget
    state = f"{over} more than the budget" if over > 0 else f"{-over} of the budget left"
    words = f"{peak.total} {peak.words}: {found.demand} + {peak.extra}; {state}"
    if not found.demand:
        return
    if not peak.extra:
        why = peak.words if peak.declared else "deploying the application adds nothing to what poolers open"
        page.note("peak", f"{peak.total}: {why}")
    elif peak.declared:
        page.note("peak", words, style="error" if over > 0 else "")
    else:
        page.note("peak", f"{words}; not judged, for no overlap is declared")


def _cores(page: Sheet, account: Account) -> None:
    found, cpus = account.found, account.found.instance.host.cpus
    if not cpus:
        return
    bound = CONNECTIONS_PER_CORE * cpus
    words = f"{CONNECTIONS_PER_CORE} × {cpus} cpus = {bound}"
    if found.direct.total > bound and not found.pooled.terms:
        page.note("cores", f"{words}, and {found.direct.total} come without a pooler: past that, more of them at work "
                  "at once make each slower", [found.instance.host.place], style="warning")  # fmt: skip
    else:
        page.note("cores", f"{words}; {found.demand} connections at most", [found.instance.host.place])


def _sort_memory(page: Sheet, instance: Instance) -> None:
    found = sort_memory(instance)
    if found is None:
        return
    settings = [instance.postgres.setting(name) for name in ("work_mem", "hash_mem_multiplier", "shared_buffers")]
    places = [setting.place for setting in settings if setting.is_written]
    multiplier = f" × {found.multiplier:g} hash_mem_multiplier" if settings[1].value is not None else ""
    words = (
        f"{found.connections} max_connections × {OPERATIONS} operations × {_size(found.work_mem)} work_mem"
        f"{multiplier} = {found.need} MB at worst"
    )
    if found.memory is None or found.allowed is None or found.fitting is None:
        page.note("memory", words, places)
        return
    room = f"({found.memory} MB - {found.shared_buffers} MB shared_buffers) / 4 = {found.allowed} MB"
    if found.allowed <= 0:
        words = f"{words}, and {found.shared_buffers} MB shared_buffers leave nothing of {found.memory} MB for it"
        page.note("memory", words, [*places, instance.host.place], style="warning")
    elif found.need > found.allowed:
        words = f"{words}, more than {room}; work_mem = {_size(found.fitting)} would fit"
        page.note("memory", words, [*places, instance.host.place], style="warning")
    else:
        page.note("memory", f"{words}, within {room}", [*places, instance.host.place])


def _size(kilobytes: int) -> str:
    return f"{kilobytes // 1024}MB" if kilobytes % 1024 == 0 or kilobytes >= 10240 else f"{kilobytes}kB"


def _replication(page: Sheet, instance: Instance) -> None:
    senders = instance.postgres.setting("max_wal_senders")
    older = instance.postgres.reading.version.instead_of
    if not senders.number or (older and older < (12,)):
        return
    places = [senders.place] if senders.is_written else []
    page.note("standbys", f"{senders.number} WAL senders at most; they have slots of their own since 12", places)


def pooler_notes(page: Sheet, books: Accounts) -> None:
    """Each pooler's other side: its clients against what it admits."""
    for pooler in books.deployment.poolers:
        _pooler(page, pooler, books)
    for proxy in books.deployment.proxies:
        _proxy(page, proxy, books)


def _pooler(page: Sheet, pooler: Pooler, books: Accounts) -> None:
    reading = pooler.bouncer.reading
    where = reading.main.source.path if reading.documents else "not in the files"
    page.heading(pooler.name, f"PgBouncer {reading.version}, {where}")
    links = books.deployment.links
    arriving = (pool_demand(links.pools_to(pooler)), poolers_bound(links.poolers_to(pooler), links))
    clients(page, clients_of(pooler, links), arriving, "clients", consumer_terms(pooler, books.deployment))
    for limit in client_limits(pooler, books.deployment):
        _admitted(page, pooler, limit)
    _asking(page, pooler, links)
    for unlinked in books.deployment.links.unknown:
        if unlinked.client.name == pooler.name:
            page.note("unknown", unlinked.why, style="warning")
    page.blank()


def _proxy(page: Sheet, proxy: Proxy, books: Accounts) -> None:
    """The same of one that is no PgBouncer."""
    from pgfpmlint.model.lane_bound import client_limit

    reading, links = proxy.proxy.reading, books.deployment.links
    where = reading.main.source.path if reading is not None else "as the configuration declares it"
    page.heading(proxy.name, f"{proxy.proxy.product}, {where}")
    arriving = (pool_demand(links.pools_to(proxy)), poolers_bound(links.poolers_to(proxy), links))
    declared = consumer_terms(proxy, books.deployment)
    clients(page, clients_of(proxy, links), arriving, "clients", declared)
    if proxy.proxy.clients is not None:
        term = client_limit(proxy, proxy.proxy.clients)
        wanted = sum(total.total for total in arriving) + sum(one.amount for one in declared)
        many = wanted - term.amount
        over = f"; {many} {'have to wait' if proxy.proxy.queues else 'too many'}" if many > 0 else ""
        style = "error" if over and not proxy.proxy.queues else ""
        page.entry("", term.amount, f"admitted: {term.words}{over}", term.places, style)
    for unlinked in links.unknown:
        if unlinked.client.name == proxy.name:
            page.note("unknown", unlinked.why, style="warning")
    page.blank()


def _admitted(page: Sheet, pooler: Pooler, found: ClientLimit) -> None:
    limit, machines = found.limit, pooler.host.machines
    default = "" if limit.is_written else ", by default"
    each = f": {limit.number} {limit.name}{f' × {machines} hosts' if machines != 1 else ''}{default}"
    of = f" of {found.whose}, of {found.wanted} that may come" if found.whose else ""
    many = is_shared_port(pooler)
    over = f"; {found.wanted - found.admitted} too many" if found.wanted > found.admitted and not many else ""
    each += " for each process that so_reuseport lets share the port" if many else ""
    style = "error" if over else ""
    page.entry(
        "", marked(found.admitted, many), f"admitted{of}{each}{over}", [limit.place] if limit.is_written else [], style
    )


def _asking(page: Sheet, pooler: Pooler, links: Links) -> None:
    from pgfpmlint.model.asking import askers

    said = "auth_user asks for passwords over connections of a pool of its own"
    for entry in pooler.bouncer.databases:
        for asker in askers(pooler, entry, links):
            pool = pool_bound(pooler, entry, asker.value or "")
            size = f": up to {pool.words} for database {entry.name}" if pool is not None else ""
            page.note("uncounted", said + size, [asker.place] if asker.place is not None else [])


def host_notes(page: Sheet, books: Accounts) -> None:
    """Web hosts: whether their memory holds all workers, or far more than the databases have connections for."""
    masters: dict[str, list[FpmMaster]] = {}
    for master in books.deployment.masters:
        masters.setdefault(master.host.name, []).append(master)
    for host in books.deployment.hosts:
        own = [(master, books.deployment.pools_by_master[master.name]) for master in masters.get(host.name, ())]
        found = worker_memory(host, own) if own else None
        if found is not None:
            _workers(page, found, books)


def _workers(page: Sheet, found: WorkerMemory, books: Accounts) -> None:
    host = found.host
    page.heading(
        host.name, f"FPM workers and memory{f' of each of {host.machines} hosts' if host.machines > 1 else ''}"
    )
    page.entry("", found.workers, f"workers × {found.each} MB = {found.need} MB at worst", [host.place])
    words = f"fit: ({found.memory} MB memory - {found.rest} MB for the rest) / {found.each} MB each"
    page.entry("", found.limit, words, style="error" if found.workers > found.limit else "")
    tight = _held_back(found, books)
    if tight is not None:
        words = f"memory would hold {found.limit} workers; {tight} has no connections for more than a part of them"
        page.remark(f"{words}: a pooler between would free it")
    page.blank()


def _held_back(found: WorkerMemory, books: Accounts) -> str | None:
    """An instance that all the workers that memory holds would overcharge, where not half of them are allowed."""
    if not 0 < found.workers * 2 <= found.limit:
        return None
    for account in books.open:
        own = sum(term.amount for term in account.found.direct.terms if term.host == found.host)
        more = own * found.limit // found.workers - own
        if own and account.found.headroom < more:
            return account.name
    return None
