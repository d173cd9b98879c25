"""The words of pg_hba.conf: types of records, methods, options, and names that mean more than themselves."""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion

HBA, POOLER_HBA = "pg_hba.conf", "pgbouncer-hba"

TYPES = {
    "local": "connections over a Unix socket",
    "host": "TCP connections, with TLS or without",
    "hostssl": "TCP connections with TLS",
    "hostnossl": "TCP connections without TLS",
    "hostgssenc": "TCP connections encrypted with GSSAPI",
    "hostnogssenc": "TCP connections not encrypted with GSSAPI",
}

METHODS = {
    "bsd": "the password, checked by BSD Authentication; it crosses the wire as it is",
    "cert": "the client's certificate: its name is the role",
    "gss": "Kerberos",
    "ident": "what the client's machine says of its user; trust that machine or don't use it",
    "ldap": "the password, checked by an LDAP server; it crosses the wire as it is",
    "md5": "the password as an MD5 hash, or by SCRAM where the role's secret is one; deprecated",
    "oauth": "a token of an identity provider",
    "pam": "the password, checked by PAM; it crosses the wire as it is",
    "password": "the password as it is: anybody on the way can read it, unless there is TLS",
    "peer": "the account of the system at the other end of the socket",
    "radius": "the password, checked by a RADIUS server; it crosses the wire as it is",
    "reject": "no",
    "scram-sha-256": "the password, proved without being sent",
    "sspi": "Windows' own sign-on",
    "trust": "nothing: whoever gets here is whoever they say",
}

KEYWORDS = {
    1: {
        "all": "every database (for replication not)",
        "sameuser": "the database that is called like the role",
        "samerole": "databases called like a role that this one belongs to",
        "replication": "physical replication, which is no database",
    },
    2: {"all": "every role"},
    3: {
        "all": "every address",
        "samehost": "the server's own addresses",
        "samenet": "addresses in the server's own networks",
    },
}
"""By column."""

INCLUDES = ("include", "include_if_exists", "include_dir")

CLIENT_CERTIFICATES = {"clientcert": ("verify-ca", "verify-full"), "clientname": ("CN", "DN")}
"""Options of hostssl records of any method."""


def types(kind: str, version: ServerVersion) -> dict[str, str]:
    if kind == POOLER_HBA:
        return {name: words for name, words in TYPES.items() if "gss" not in name}
    found = dict(TYPES)
    if version.major >= 16:
        found |= dict.fromkeys(INCLUDES, "reads the records of other files here")
    return found


def methods(kind: str, type_: str, version: ServerVersion) -> dict[str, str]:
    """Those that may stand on a record of that type."""
    if kind == POOLER_HBA:
        from pgfpmlint.resolve.pgbouncer.hba import METHODS as POOLER_METHODS

        known: tuple[str, ...] = POOLER_METHODS
    else:
        from pgfpmlint.resolve.hba.methods import known as known_methods

        known = known_methods(version)
    barred = {"gss"} if type_ == "local" else {"peer"}
    if type_ != "hostssl":
        barred.add("cert")
    return {name: METHODS[name] for name in sorted(known) if name not in barred}


def options(kind: str, type_: str, method: str, version: ServerVersion) -> dict[str, tuple[str, ...]]:
    """Those that the method takes, each with the words that are all it takes, where that is so."""
    if kind == POOLER_HBA:
        return {"map": ()} if method in ("peer", "cert") else {}
    from pgfpmlint.resolve.hba.options import known

    found: dict[str, tuple[str, ...]] = {
        name: () for name, (methods_, _) in known(version).items() if method in methods_
    }
    if type_ == "hostssl":
        found |= CLIENT_CERTIFICATES
        if version.major <= 13:
            found.pop("clientname")
    return found
