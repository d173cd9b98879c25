"""What PHP-FPM checks once it has read everything, in its order: fpm_conf_post_process() and
fpm_conf_process_all_pools() in https://github.com/php/php-src/blob/master/sapi/fpm/fpm/fpm_conf.c.

What depends on the machine (users, groups, folders that must exist, logs that must open) is fpm_machine's. A value that
is not known is not held against anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.fix import written
from pgfpmlint.finding.problem import Label, Problem
from pgfpmlint.resolve.fpm.effective import address
from pgfpmlint.resolve.fpm.machine import FpmMachine
from pgfpmlint.resolve.fpm.sections import SectionDraft
from pgfpmlint.source.text import Place

_MECHANISMS = ("epoll", "kqueue", "port", "poll", "select", "/dev/poll")
_WITHOUT_EDGES = ("poll", "select", "port", "/dev/poll")
_STATUS = "pm.status_listen"
_ACCOUNTS = ("user", "group", "listen.owner", "listen.group", "chroot")
_PATH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_.~")


def check(
    settings: SectionDraft, pools: list[SectionDraft], prefix: str, nowhere: Place, machine: FpmMachine
) -> Iterator[Problem]:
    """Every objection, in the order in which the server would come to them. ``nowhere`` is where to point at when
    there is no pool at all."""
    yield from _globals(settings, machine)
    if not pools and not settings.partial:
        says = "No pool defined. at least one pool section must be specified in config file"
        yield Problem("fpm/no-pool", nowhere, says, True)
    account = "" if _starts_as_root(settings, pools) else "nothing tells whether root starts PHP-FPM"
    for pool in pools:
        made = "nothing tells who starts what a template makes" if pool.headers[0].source.is_made else ""
        yield from _pool(pool, settings, machine, account or made)
    for pool in pools:
        yield from _status_pool(pool, settings)
    listeners = [(pool.name, address(pool, prefix), pool.place("listen")) for pool in pools]
    listeners += [(f"{pool.name}_status", pool.text(_STATUS), pool.place(_STATUS)) for pool in pools]
    yield from _listeners([(name, listen, place) for name, listen, place in listeners if listen])
    for pool in pools:
        yield from machine.access_log(pool)
        yield from _logs(pool)
    for pool in pools:
        yield from machine.accounts(pool)


def _invalid(section: SectionDraft, name: str, says: str, reason: str) -> Problem:
    from pgfpmlint.resolve.fpm.refused import refused

    return Problem("fpm/invalid-value", section.place(name), says, True, refused(name, reason))


def _globals(settings: SectionDraft, machine: FpmMachine) -> Iterator[Problem]:
    limit, processes = settings.number("log_limit"), settings.number("process.max")
    if limit is not None and limit < 512:
        yield _invalid(settings, "log_limit", "log_limit must be greater than 512", "it must be at least 512")
    if processes is not None and processes < 0:
        yield _invalid(settings, "process.max", "process_max can't be negative", "it can't be negative")
    yield from _priority(settings, "")
    yield from machine.error_log(settings)
    mechanism = settings.text("events.mechanism")
    if mechanism is not None and mechanism.lower() not in _MECHANISMS:
        says = f"event mechanism '{mechanism}' is not available on this system"
        yield _invalid(settings, "events.mechanism", says, "no system has such an event mechanism")
    elif mechanism is not None:
        yield from machine.mechanism(settings, mechanism)


def _priority(section: SectionDraft, lead: str) -> Iterator[Problem]:
    priority = section.number("process.priority")
    if priority is not None and not -19 <= priority <= 20:
        says = f"{lead}process.priority must be included into [-19,20]"
        yield _invalid(section, "process.priority", says, "it must be from -19 to 20")


def _starts_as_root(settings: SectionDraft, pools: list[SectionDraft]) -> bool:
    """Whether root starts the master, which needs accounts for its pools then (unless --allow-to-run-as-root).

    Service managers start it as root. In a container, where it logs to the standard streams or stays in the foreground,
    any account may: images without root are common, and their pools name no account at all.
    """
    if any(pool.last(name) for pool in pools for name in _ACCOUNTS):
        return True
    foreground = settings.last("daemonize")
    streams = (settings.text("error_log") or "").startswith(("/dev/", "/proc/self/fd/"))
    return not streams and (foreground is None or foreground.value != "no")


def _pool(pool: SectionDraft, settings: SectionDraft, machine: FpmMachine, account: str) -> Iterator[Problem]:
    lead = f"[pool {pool.name}] "
    yield from machine.prefix(pool)
    header = pool.headers[0]
    values = {"pool": pool.name}
    if pool.is_unset("user"):
        says = f"{lead}user has not been defined"
        if pool.version.at_least(8, 5):
            root = "when running as a root without --allow-to-run-as-root"
            says = f"{lead}'user' directive has not been specified {root}"
        yield Problem("fpm/user-missing", header, says, True, values, doubt=account)
    if pool.is_unset("listen") or pool.text("listen") == "":
        says = f"{lead}no listen address have been defined!"
        yield Problem("fpm/listen-missing", pool.place("listen"), says, True, values)
    yield from _priority(pool, lead)
    if pool.is_unset("pm"):
        says = f"{lead}the process manager is missing (static, dynamic or ondemand)"
        yield Problem("fpm/pm-missing", header, says, True, values)
    children = pool.number("pm.max_children")
    if children is not None and children < 1:
        says = f"{lead}pm.max_children must be a positive value"
        written = {**values, "written": "set" if pool.is_unset("pm.max_children") else "a positive number"}
        yield Problem("fpm/max-children-missing", pool.place("pm.max_children"), says, True, written)
    entry = pool.last("pm") if pool.is_known("pm") else None
    if entry and entry.value == "dynamic":
        yield from _dynamic(pool, lead, children)
    elif entry and entry.value == "ondemand":
        yield from _ondemand(pool, lead, settings)
    yield from _operator_paths(pool, lead)
    yield from _slowlog(pool, lead, machine)
    chroot = pool.text("chroot") or ""
    if not chroot.startswith("/") and chroot.find("$prefix") > 0:
        says = f"{lead}the chroot path '{chroot}' must start with a '/'"
        yield _invalid(pool, "chroot", says, "$prefix may only stand at its beginning")
    yield from machine.folders(pool)


def _dynamic(pool: SectionDraft, lead: str, children: int | None) -> Iterator[Problem]:
    """The first objection to the numbers of spare servers: the later ones rest on the earlier."""
    low, high = pool.number("pm.min_spare_servers"), pool.number("pm.max_spare_servers")
    start, rate = pool.number("pm.start_servers"), pool.number("pm.max_spawn_rate")
    if low is not None and low <= 0:
        yield _spare(pool, "pm.min_spare_servers", f"{lead}pm.min_spare_servers({low}) must be a positive value")
    elif high is not None and high <= 0:
        yield _spare(pool, "pm.max_spare_servers", f"{lead}pm.max_spare_servers({high}) must be a positive value")
    elif children is not None and children > 0 and max(low or 0, high or 0) > children:
        worst = "pm.max_spare_servers" if (high or 0) > children else "pm.min_spare_servers"
        says = (
            f"{lead}pm.min_spare_servers({low or 0}) and pm.max_spare_servers({high or 0}) "
            f"cannot be greater than pm.max_children({children})"
        )
        yield _spare(pool, worst, says, "pm.max_children")
    elif low is not None and high is not None and high < low:
        says = f"{lead}pm.max_spare_servers({high}) must not be less than pm.min_spare_servers({low})"
        yield _spare(pool, "pm.max_spare_servers", says, "pm.min_spare_servers")
    elif start is not None and start > 0 and ((low is not None and start < low) or (high is not None and start > high)):
        says = (
            f"{lead}pm.start_servers({start}) must not be less than pm.min_spare_servers({low or 0}) "
            f"and not greater than pm.max_spare_servers({high or 0})"
        )
        yield _spare(pool, "pm.start_servers", says, "pm.min_spare_servers", "pm.max_spare_servers")
    if rate is not None and rate < 1:
        says = f"{lead}pm.max_spawn_rate must be a positive value"
        yield _invalid(pool, "pm.max_spawn_rate", says, "it must be at least 1")


def _spare(pool: SectionDraft, name: str, says: str, *others: str) -> Problem:
    from pgfpmlint.resolve.fpm.spares import in_order

    related = tuple(
        Label(entry.written.place, f"{other} = {entry.value}")
        for other in others
        for entry in [pool.last(other)]
        if entry
    )
    _, _, reason = says.partition("] ")
    values = {"pool": pool.name, "name": name, "reason": reason}
    return Problem("fpm/spare-servers", pool.place(name), says, True, values, related, fix=in_order(pool))


def _ondemand(pool: SectionDraft, lead: str, settings: SectionDraft) -> Iterator[Problem]:
    yield from _mechanism(pool, "pm", lead, settings)
    idle = pool.number("pm.process_idle_timeout")
    if idle is not None and idle < 1:
        says = f"{lead}pm.process_idle_timeout({idle}s) must be greater than 0s"
        yield _invalid(pool, "pm.process_idle_timeout", says, "it must be at least 1s")


def _mechanism(pool: SectionDraft, name: str, lead: str, settings: SectionDraft) -> Iterator[Problem]:
    mechanism = settings.text("events.mechanism")
    if mechanism is not None and mechanism.lower() in _WITHOUT_EDGES:
        word = "events.mechanism" if pool.version.at_least(8) else "events.mechanisme"
        says = f"{lead}ondemand process manager can ONLY be used when {word} is either epoll (Linux) or kqueue (*BSD)."
        yield _invalid(pool, name, says, f"it needs ondemand, which events.mechanism = {mechanism} rules out")


def _status_pool(pool: SectionDraft, settings: SectionDraft) -> Iterator[Problem]:
    """A status page with an address of its own is an ondemand pool of two children, which FPM makes itself."""
    lead = f"[pool {pool.name}_status] "
    if pool.text(_STATUS) == "":
        says = f"{lead}no listen address have been defined!"
        yield _invalid(pool, _STATUS, says, "an empty address can't be listened on")
    if pool.last(_STATUS) is not None:
        yield from _mechanism(pool, _STATUS, lead, settings)


def _operator_paths(pool: SectionDraft, lead: str) -> Iterator[Problem]:
    shares = pool.last(_STATUS) is not None or not pool.is_known(_STATUS)
    for name, words in (("pm.status_path", "status path"), ("ping.path", "ping path")):
        path = pool.text(name)
        if not path:
            continue
        reason = ""
        if not path.startswith("/"):
            reason = "must start with a '/'"
        elif len(path) < 2 and not (shares and name == "pm.status_path"):
            reason = "is not long enough"
        elif not _PATH.issuperset(path):
            contain = "contain" if pool.version.at_least(8) or name != "ping.path" else "containt"
            reason = f"must {contain} only the following characters '[alphanum]/_-.~'"
        if reason:
            values = {"pool": pool.name, "name": name, "value": path, "reason": reason}
            place = pool.place(name)
            rooted = not path.startswith("/") and place.text == path
            fix = written(place, f"/{path}") if rooted else None
            yield Problem("fpm/invalid-path", place, f"{lead}the {words} '{path}' {reason}", True, values, fix=fix)
    if pool.text("ping.path") and pool.text("ping.response") == "":
        says = f"{lead}the ping response page '' is not long enough"
        yield _invalid(pool, "ping.response", says, "it must not be empty")


def _slowlog(pool: SectionDraft, lead: str, machine: FpmMachine) -> Iterator[Problem]:
    slow, end = pool.number("request_slowlog_timeout"), pool.number("request_terminate_timeout")
    depth = pool.number("request_slowlog_trace_depth") if "request_slowlog_trace_depth" in pool.entries else 0
    lacks = pool.is_unset("slowlog") or pool.text("slowlog") == ""
    for name, number in (("request_slowlog_timeout", slow), ("request_slowlog_trace_depth", depth)):
        if number and lacks:
            says = f"{lead}'slowlog' must be specified for use with '{name}'"
            yield Problem("fpm/slowlog-missing", pool.place(name), says, True, {"pool": pool.name, "name": name})
    yield from machine.slowlog(pool)
    if slow and end and slow > end:
        says = f"{lead}'request_slowlog_timeout' ({slow}) can't be greater than 'request_terminate_timeout' ({end})"
        related = (Label(pool.place("request_terminate_timeout"), f"requests end after {end} s"),)
        values = {"pool": pool.name, "slow": slow, "end": end}
        yield Problem(
            "fpm/slowlog-timeout-too-long", pool.place("request_slowlog_timeout"), says, True, values, related
        )
    if depth is not None and depth < 0 and not lacks:
        says = f"{lead}'request_slowlog_trace_depth' ({depth}) must be a positive value"
        yield _invalid(pool, "request_slowlog_trace_depth", says, "it must be positive")


def _listeners(listeners: list[tuple[str, str, Place]]) -> Iterator[Problem]:
    """Only the same text counts as the same address; ``127.0.0.1:9000`` and ``localhost:9000`` pass."""
    first: dict[str, tuple[str, Place]] = {}
    for name, listen, place in listeners:
        if listen in first:
            other, its_place = first[listen]
            says = f"[pool {name}] unable to set listen address as it's already used in another pool '{other}'"
            values = {"pool": name, "other": other, "listen": listen}
            yield Problem("fpm/duplicate-listen", place, says, True, values, (Label(its_place, f"pool {other}"),))
        else:
            first[listen] = name, place


def _logs(pool: SectionDraft) -> Iterator[Problem]:
    log, wanted = pool.text("access.log"), pool.text("access.format")
    if log == "":
        says = "failed to open access log (): No such file or directory (2)"
        yield _invalid(pool, "access.log", says, "an empty name opens no file")
    elif log and wanted:
        from pgfpmlint.resolve.fpm.access_format import complaint

        said = complaint(wanted, pool.version)
        if said:
            says = f"[pool {pool.name}] wrong format for access.format '{wanted}'"
            yield _invalid(pool, "access.format", says, said)
