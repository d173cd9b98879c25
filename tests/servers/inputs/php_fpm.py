"""php-fpm.conf: pools with any directive, all the ways to write a value, sections that come again, and includes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pgfpmlint.catalog.php_fpm import Directive, load
from servers.inputs import ini_soup
from servers.inputs.words import Files, leading, lines, pool, pools

# The name of a directive's pool of values: its own, else that of its type.
_VALUES = pools("php_fpm")
_VALUES |= {"listen.group": _VALUES["group"], "listen.acl_users": _VALUES["listen.owner"]}
_BESIDE: dict[str, str] = {
    "inc/a.conf": "[inca]\nuser = root\nlisten = 8001\npm = static\npm.max_children = 2\n",
    "inc/b.conf": "pm.max_requests = 4\n",
    "inc/c.ini": "junk\n",
    "inc/.d.conf": "; hidden\n",
    "inc/10.conf": "; nothing\n",
    "inc/9.conf": "pm.max_requests = 9\n",
    "inc/sub.conf/x": "; in a folder\n",
    "empty/.keep": "",
    "loop.conf": "include = <dir>/loop.conf\n",
    "leak.conf": "pm.max_requests = 9\n[leak]\nuser = root\n",
    "deep1.conf": "include = <dir>/deep2.conf\n; one\n",
    "deep2.conf": "include = <dir>/deep3.conf\npm.max_requests = 2\n",
    "deep3.conf": "include = <dir>/deep4.conf\n",
    "deep4.conf": "include = <dir>/deep5.conf\npm.max_requests = 4\n",
    "deep5.conf": "pm.max_requests = 5\n",
}
_POOL = ["user = www-data", "listen = 127.0.0.1:9000", "pm = static", "pm.max_children = 5"]
_SPARE = ["pm.min_spare_servers = 1", "pm.max_spare_servers = 3"]

# Directives that are looked at together, once everything is read.
_TOGETHER = [
    pool("pm.max_children  pm.min_spare_servers  pm.max_spare_servers  pm.start_servers  pm.max_spawn_rate"),
    pool("slowlog  request_slowlog_timeout  request_terminate_timeout  request_slowlog_trace_depth"),
    pool("prefix  chroot  chdir  listen  slowlog  access.log"),
    pool("pm.status_path  pm.status_listen  ping.path  ping.response"),
    pool("access.log  access.format"),
    pool("user  group  listen  listen.owner  listen.group  listen.mode  listen.acl_users  listen.acl_groups"),
    pool("pm  pm.process_idle_timeout  listen.backlog  pm.max_children"),
]


def generate(random: Random) -> Files:
    known = load()
    globals_ = [*known.globals.values()]
    pools = [one for one in known.pool.values() if one.build not in ("freebsd", "apparmor")]

    def line(directives: Sequence[Directive], arrays: bool) -> str:
        draw = random.random()
        if draw < 0.03:
            return random.choice(_VALUES["lines"])
        if draw < 0.04:
            return ini_soup.line(random)
        if draw < 0.3 and arrays:
            return _assignment(
                random, leading(random, _VALUES["arrays"], 8), "bool" if random.random() < 0.2 else "string"
            )
        one = random.choice(directives)
        name = random.choice([one.name] * 8 + [one.name.upper(), one.name.title()])
        return _assignment(random, name, one.name if one.name in _VALUES else one.type)

    parts, headers = [], [_header(random) for _ in range(random.choice([1, 1, 1, 2]))]
    if random.random() < 0.4:
        parts.append(random.choice(["[global]\n", "[global]\n", "[GLOBAL]\n", ""]))
        parts.append(lines(random, lambda: line(globals_, False), 2))
    first = len(parts)
    for number, header in enumerate(headers):
        parts += [f"{header}\n{_pool(random, number)}", lines(random, lambda: line(pools, True), 3)]
        if random.random() < 0.3:
            parts.append(_group(random))
    if random.random() < 0.2:
        header = random.choice([random.choice(headers)] * 5 + ["[www]", "[]", _header(random)])
        parts += [f"{header}\n", lines(random, lambda: line(pools, True), 2)]
    if random.random() < 0.1:
        parts += ["[global]\n", lines(random, lambda: line(globals_, False), 1)]
    files = {"php-fpm.conf": ""}
    for _ in range(random.choice([0] * 6 + [1, 1, 2])):
        at = random.randint(0 if random.random() < 0.1 else first + 1, len(parts))
        parts.insert(at, f"include = {leading(random, _VALUES['includes'], 24)}\n")
        files |= _BESIDE | {"made.conf": lines(random, lambda: line(pools, True), 2) + headers[0] + "\n"}
    text = "".join(parts)
    files["php-fpm.conf"] = text if random.random() < 0.95 else text.rstrip("\n")
    return files


def _header(random: Random) -> str:
    name = leading(random, _VALUES["pools"], 6)
    if random.random() < 0.05:
        name = ini_soup.soup(random, 2, 0.05).replace("$pool", "$pol")  # FPM would expand its name for ever
        return f"[{name}]{ini_soup.tail(random)}"
    return random.choice([f"[{name}]"] * 8 + [f"[ {name} ]", f"[{name.upper()}] ; x", f'["{name}"]', f"[{name}]\t"])


def _pool(random: Random, number: int) -> str:
    needed = [line.replace("9000", str(9000 + number)) for line in _POOL]
    if random.random() < 0.3:
        needed[2] = random.choice(["pm = dynamic", "pm = ondemand"])
        needed += _SPARE if random.random() < 0.9 else _SPARE[:1]
    if random.random() < 0.04:
        del needed[random.randrange(len(needed))]
    if random.random() < 0.1:
        random.shuffle(needed)
    return "\n".join(needed) + "\n"


def _group(random: Random) -> str:
    """Directives that depend on each other, each with a value that is fine by itself."""
    names = random.choice(_TOGETHER)
    known = load().pool
    chosen = random.sample(names, random.randint(1, len(names)))
    found = []
    for name in chosen:
        words = _VALUES.get(name)
        if words is None:
            words = {"int": pool("1  2  3  4  5  6  8  0"), "time": pool("5  10s  1m  0  30")}.get(
                known[name].type, _VALUES["string"]
            )
        found.append(f"{name} = {leading(random, words, 6)}\n")
    return "".join(found)


def _assignment(random: Random, name: str, values: str) -> str:
    words = _VALUES.get(values) or _VALUES["string"]
    draw = random.random()
    if draw < (0.25 if values == "string" else 0.03):
        value = ini_soup.soup(random)
    elif values == "access.format" and draw < 0.6:
        value = f'"{_token(random)} {_token(random)}"'
    else:
        value = leading(random, words, max(3, len(words) // 3))
    lead = random.choice(["", "", "", "", " ", "\t"])
    end = ini_soup.tail(random) if random.random() < 0.2 else ""
    return f"{lead}{name}{random.choice([' = ', ' = ', '=', ' =  '])}{value}{end}"


def _token(random: Random) -> str:
    return f"%{random.choice(_VALUES['access modifiers'])}{random.choice('CdMeofmtTpqQrRsunlPZ%')}"
