"""pgbouncer.ini: any parameter of any version, databases, users and peers with connection strings, includes."""

from __future__ import annotations

from functools import cache, partial
from random import Random

from pgfpmlint.catalog.pgbouncer import load
from servers.inputs import pgbouncer_hba, userlist
from servers.inputs.words import Files, leading, lines, pools

_WORDS = pools("pgbouncer_ini")
for _side in ("client", "server"):
    _WORDS |= {f"{_side}_tls_{kind}_file": _WORDS["tls_files"] for kind in ("ca", "key", "cert")}
    _WORDS |= {f"{_side}_tls_{kind}": _WORDS[f"tls_{kind}"] for kind in ("protocols", "ciphers")}

# What a server can't be asked about any more, or what takes it away from us.
_LEFT_OUT = frozenset(("conffile", "max_client_conn", "so_reuseport"))
_SECTIONS = ["databases", "users", "peers", "pgbouncer"]
_NUMERIC = ("size", "connections", "timeout", "lifetime", "reserve_pool")

# Parameters that are looked at together when PgBouncer starts.
_TOGETHER = [
    ["auth_type", "auth_file", "auth_hba_file", "auth_ident_file", "auth_user", "auth_query", "auth_dbname"],
    ["listen_addr", "listen_port", "unix_socket_dir", "unix_socket_mode", "unix_socket_group"],
    ["client_tls_sslmode", "client_tls_key_file", "client_tls_cert_file", "client_tls_ca_file", "auth_type"],
    ["client_tls_sslmode", "client_tls_key_file", "client_tls_cert_file", "client_tls_protocols", "client_tls_ciphers"],
    ["server_tls_sslmode", "server_tls_protocols", "server_tls_ciphers", "server_tls_ca_file", "server_tls13_ciphers"],
    ["logfile", "pidfile", "syslog", "syslog_ident", "syslog_facility"],
    ["default_pool_size", "min_pool_size", "reserve_pool_size", "max_db_connections", "max_user_connections"],
]
_INCLUDED = [
    "default_pool_size = 9\n", "[databases]\nincluded = host=x\n", "; nothing\n", "[pgbouncer]\n", "bad\n",
    "[users]\nbob = \n", "", "max_db_connections = x\n", "%include <dir>/x.ini\n", "[users]\n", "shop = host=z\n",
    "[pgbouncer]\ndefault_pool_size = 8\n[databases]\n", "default_pool_size = 9", "[databases] shop = host=q",
]  # fmt: skip


def generate(random: Random) -> Files:
    sections = _SECTIONS if random.random() < 0.12 else [name for name in _SECTIONS if name != "peers"]
    before = [*random.sample(sections, random.choice([0, 0, 1, 1, 2])), "pgbouncer"]
    after = random.sample(sections, random.choice([0] * 5 + [1]))
    parts: list[str] = []
    for section in before + after:
        parts.append(_header(random, section))
        parts.append(lines(random, partial(_line, random, section), 3))
        if section == "pgbouncer" and random.random() < 0.3:
            parts.append(_group(random))
    for _ in range(random.choice([0] * 8 + [1, 1, 2])):
        lead = random.choice(["", "", " ", "\t"])
        target = f"{random.choice([' ', ' ', '  ', chr(9)])}{leading(random, _WORDS['includes'], 3)}"
        at = random.randint(0 if random.random() < 0.1 else 1, len(parts))
        parts.insert(at, f"{lead}%include{target}{random.choice(['', '', ' '])}\n")
    text = "".join(parts)
    files = {"pgbouncer.ini": text if random.random() < 0.95 else text.rstrip("\n")}
    return files | _beside(random, text)


def _beside(random: Random, text: str) -> Files:
    found: Files = {}
    if "userlist.txt" in text:
        found |= userlist.generate(random)
    if "hba.conf" in text:
        found |= {"hba.conf": pgbouncer_hba.rules(random)}
    if "ident.conf" in text:
        found |= {"ident.conf": pgbouncer_hba.maps(random)}
    if "x.ini" in text:
        found["x.ini"] = random.choice(_INCLUDED)
    if "deep" in text:
        found |= {f"deep{at}.ini": f"%include <dir>/deep{at + 1}.ini\nreserve_pool_size = {at}\n" for at in range(12)}
        found["deep12.ini"] = "min_pool_size = 3\n"
    if ".pem" in text:
        key, certificate = _certificate()
        found |= {"cert.pem": certificate, "key.pem": key, "empty.pem": ""}
    return found


def _header(random: Random, section: str) -> str:
    usual = f"[{section}]\n"
    odd = [f"[{section}] ; x\n", f" [{section}]\n", f"[ {section} ]\n", f"[{section.title()}]\n", f"[{section}] "]
    return random.choice([usual] * 80 + odd)


def _line(random: Random, section: str) -> str:
    draw = random.random()
    if draw < 0.02:
        return random.choice(_WORDS["lines"])
    lead = random.choice([""] * 8 + [" ", "\t", ";", "#"])
    equals = random.choice([" = "] * 24 + ["=", "=", "  =", "\t=\t", " == "])
    if section == "pgbouncer":
        recent = random.random() < 0.08
        found = load().parameters.items()
        names = [name for name, one in found if name not in _LEFT_OUT and (recent or one.since < (1, 13))]
        name = random.choice(names) if random.random() < 0.98 else random.choice(_WORDS["parameters"])
        return f"{lead}{name}{equals}{_value(random, name)}{random.choice([''] * 12 + [' ', ' ; no', chr(9), chr(12)])}"
    if section == "peers":
        name = leading(random, _WORDS["peers"], 3)
        host = "" if random.random() < 0.2 else "host=/tmp "
        return f"{lead}{name}{equals}{host}{_pairs(random, ['host', 'port', 'pool_size'], 2)}"
    name = leading(random, [*_WORDS["names"], "", "a" * 63, "a" * 64], 7)
    keys = _WORDS["database keys"] if section == "databases" else _WORDS["user keys"]
    if random.random() < 0.03:
        return f"{lead}{name}{equals}{_soup(random)}"
    return f"{lead}{name}{equals}{_pairs(random, keys, 3)}"


def _value(random: Random, name: str) -> str:
    parameter = load().parameters.get(name)
    kind = parameter.type if parameter else "string"
    words = _WORDS.get(name) or _WORDS.get({"uint": "max_packet_size"}.get(kind, kind)) or _WORDS["string"]
    draw = random.random()
    if draw < 0.03:
        return ""
    if draw < 0.1 and kind in ("int", "bool01", "uint"):
        return _integer(random)
    if draw < 0.15 and kind == "seconds":
        return _seconds(random)
    if draw < 0.1 and name.endswith(("_ciphers", "_protocols")):
        return random.choice(":,: ;").join(random.choice(words) for _ in range(3))
    return leading(random, words, max(2, len(words) // 3))


def _integer(random: Random) -> str:
    digits = "".join(random.choice("0123456789") for _ in range(random.choice([1, 2, 3, 9, 10, 11, 19, 20, 25])))
    lead = random.choice(["", "", "-", "+", "0", "0x", "-0x", "00", "0X", " "])
    return f"{lead}{digits}{random.choice([''] * 8 + [' ', 'a', '.', 'L', 'u', '_'])}"


def _seconds(random: Random) -> str:
    whole = "".join(random.choice("0123456789") for _ in range(random.choice([0, 1, 2, 5, 7, 12])))
    part = "".join(random.choice("0123456789") for _ in range(random.choice([0, 1, 3, 6, 8])))
    power = random.choice([""] * 6 + ["e3", "e-3", "E+10", "e", "e-12", "p2", "e18"])
    return f"{random.choice(['', '', '', '+', '-', '0x'])}{whole}{random.choice(['', '.', '.'])}{part}{power}"


def _group(random: Random) -> str:
    names = random.choice(_TOGETHER)
    chosen = random.sample(names, random.randint(1, len(names)))
    found = {name: leading(random, _WORDS.get(name, _WORDS["int"][:9]), 4) for name in chosen}
    if random.random() < 0.6 and "client_tls_key_file" in names:
        found |= {"client_tls_key_file": "<dir>/key.pem", "client_tls_cert_file": "<dir>/cert.pem"}
    return "".join(f"{name} = {value}\n" for name, value in found.items())


def _pairs(random: Random, keys: list[str], most: int) -> str:
    def pair() -> str:
        key = leading(random, keys, max(2, len(keys) // 2))
        kind = "modes" if key == "pool_mode" else key if key in _WORDS else "text"
        words = _WORDS["number"] if key.endswith(_NUMERIC) and key not in _WORDS else _WORDS[kind]
        words = _WORDS["number"] if key.endswith(_NUMERIC) else words
        return f"{key}{random.choice(['='] * 12 + [' = ', '= ', ' ='])}{leading(random, words, 3)}"

    blank = random.choice([" "] * 12 + ["  ", "\t", ","])
    return blank.join(pair() for _ in range(random.randint(0, most)))


_PIECES = ["host", "port", "=", "=", " ", " ", "'", "''", "a", "5432", "\t", "\\", ";", "user", "dbname", ",", "é", '"']


def _soup(random: Random) -> str:
    """A connection string that nobody would write."""
    return "".join(random.choice(_PIECES) for _ in range(random.randint(1, 9)))


@cache
def _certificate() -> tuple[str, str]:
    """A key and its certificate: without them no server with TLS starts."""
    import subprocess

    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout - -out -"
    made = subprocess.run(request.split(), capture_output=True, text=True, timeout=60, check=True).stdout
    key, end, rest = made.partition("-----END PRIVATE KEY-----\n")
    return key + end, rest
