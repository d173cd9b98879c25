"""LDAP URLs as OpenLDAP reads them for PostgreSQL: ``ldap[s]://host:port/basedn?attribute?scope?filter`` (RFC 4516).

Every PostgreSQL that takes ``ldapurl`` is built with OpenLDAP, whose messages come out garbled: PostgreSQL shows the
URL's error numbers as if they were LDAP result codes ("Time limit exceeded" for a bad scheme). They are given as is.
"""

from __future__ import annotations

from collections.abc import Mapping

SCOPES = {"": 0, "base": 0, "one": 1, "onelevel": 1, "sub": 2, "subtree": 2, "subordinate": 3, "children": 3}
PORTS = {"ldap": 389, "ldaps": 636}
OTHER_SCHEMES = ("ldapi", "cldap", "pldap", "pldaps")

BAD_SCHEME = "Time limit exceeded"
BAD_ADDRESS = "Compare False"
BAD_SCOPE = "Strong(er) authentication required"


def parse(url: str) -> dict[str, str] | str:
    """The options that ``url`` stands for, ``ldapscope`` among them, or the server's objection to it."""
    body = url[1:].removesuffix(">") if url.startswith("<") else url
    body = body[4:] if body[:4].lower() == "url:" else body
    scheme, found, rest = body.partition("://")
    scheme = scheme.lower()
    if not found or scheme not in (*PORTS, *OTHER_SCHEMES):
        return _unread(url, BAD_SCHEME)
    if scheme not in PORTS:
        return f"unsupported LDAP URL scheme: {scheme}"
    address, slash, rest = rest.partition("/")
    address, _, query = address.partition("?")
    host, port = _host_and_port(address)
    if port is None:
        return _unread(url, BAD_ADDRESS)
    options = {"ldapscheme": scheme, "ldapport": str(port or PORTS[scheme])}
    if host:
        options["ldapserver"] = _decoded(host)
    parts = rest.split("?") if slash else ["", *query.split("?")]
    if slash:
        options["ldapbasedn"] = _decoded(parts[0])
    for name, part in zip(("ldapsearchattribute", "ldapscope", "ldapsearchfilter"), parts[1:]):
        if name == "ldapscope" and part.lower() not in SCOPES:
            return _unread(url, BAD_SCOPE)
        if part and name != "ldapscope":
            options[name] = _decoded(part.split(",")[0] if name == "ldapsearchattribute" else part)
    scope = parts[2] if len(parts) > 2 else ""
    return options | {"ldapscope": str(SCOPES[scope.lower()])}


def applied(options: Mapping[str, str]) -> dict[str, str]:
    """The ldap options of a record with its URL taken apart, later ones winning, ``ldapscope`` as the server has it."""
    taken: dict[str, str] = {}
    for name, value in options.items():
        # each option sets the scope anew, so that a URL's scope only lasts when the URL comes last
        taken["ldapscope"] = "2"
        found = parse(value) if name == "ldapurl" else {name: value}
        taken |= found if isinstance(found, dict) else {}
    return taken


def _host_and_port(address: str) -> tuple[str, int | None]:
    """The host and its port, 0 where none is written, None where it is no number."""
    host, bracket, rest = address[1:].partition("]") if address.startswith("[") else ("", "", address)
    if not bracket:
        host, colon, port = rest.partition(":")
        rest = colon + port
    if not rest:
        return host, 0
    port = rest[1:]
    return host, int(port) if port.isascii() and port.isdigit() and len(port) < 6 else None


def _decoded(text: str) -> str:
    """``%20`` and the like as the bytes they stand for."""
    if "%" not in text:
        return text
    head, *parts = text.encode("utf-8", "surrogateescape").split(b"%")
    data = [head]
    for part in parts:
        try:
            data += [bytes([int(part[:2], 16)]), part[2:]]
        except ValueError:
            return text
    return b"".join(data).decode("utf-8", "surrogateescape")


def _unread(url: str, why: str) -> str:
    # who writes user:password@ into the URL shall not find it in a report
    return f'could not parse LDAP URL "{url if "@" not in url else "********"}": {why}'
