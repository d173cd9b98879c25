"""What single options must look like, and which of them an authentication method demands or does not bear together.

https://www.postgresql.org/docs/current/auth-ldap.html · auth-radius.html · auth-oauth.html
"""

from __future__ import annotations

from collections.abc import Mapping

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.resolve.hba import ldap_url
from pgfpmlint.resolve.hba.lines import Word
from pgfpmlint.resolve.hba.objection import Objection
from pgfpmlint.source.text import Place

RULE = "hba/invalid-option"

_LISTS = {
    "radiusservers": "RADIUS server list",
    "radiussecrets": "RADIUS secret list",
    "radiusports": "RADIUS port list",
    "radiusidentifiers": "RADIUS identifiers list",
}


def check_value(name: str, value: str, word: Word) -> None:
    """Object to a value that the server can't read. Switches are none of these: all but ``1`` is off."""
    says = fix = ""
    if name == "ldapport" and not leading_number(value):
        says, fix = f'invalid LDAP port number: "{value}"', "write a port number, as in ldapport=389"
    elif name == "ldapurl":
        found = ldap_url.parse(value)
        if isinstance(found, str):
            says, fix = found, "write ldap://HOST:PORT/BASEDN"
    elif name in _LISTS:
        entries = split(value)
        if entries is None:
            shown = value if name != "radiussecrets" else "********"
            says, fix = f'could not parse {_LISTS[name]} "{shown}"', "write single commas between the entries"
        elif name == "radiusports" and not all(leading_number(entry) for entry in entries):
            says, fix = f'invalid RADIUS port number: "{value}"', "write port numbers, separated by commas"
    if says:
        hidden = name == "radiussecrets" or "@" in value
        place = word.place._replace(end=word.place.start + len(name)) if hidden else word.place
        raise Objection(RULE, place, says, fix=fix, option=name)


def check_together(
    method: str, options: Mapping[str, str], place: Place, version: ServerVersion, validators: tuple[str, ...] | None
) -> None:
    """Object to options that are missing or don't go together; ``place`` is the method's."""
    says = ""
    if method == "ldap":
        says = _ldap(ldap_url.applied(options), version)
    elif method == "radius":
        says = _radius(options)
    elif method == "oauth":
        says = _oauth(options, validators, version)
    if says:
        missing = says.partition("requires argument ")[2].partition(" to be set")[0].replace('"', "")
        fix = f"add {missing.replace(', ', '=…, ')}=…" if missing else "write options that go together"
        raise Objection(RULE, place, says, fix=fix, option=missing)


def _ldap(options: Mapping[str, str], version: ServerVersion) -> str:
    searching = ("ldapbasedn", "ldapbinddn", "ldapbindpasswd", "ldapsearchattribute", "ldapsearchfilter")
    if "ldapprefix" in options or "ldapsuffix" in options:
        if any(name in options for name in searching):
            if version.major >= 18:
                return "cannot mix options for simple bind and search+bind modes"
            return f"cannot use {', '.join(searching)}, or ldapurl together with ldapprefix"
    elif "ldapbasedn" not in options:
        return 'authentication method "ldap" requires argument "ldapbasedn", "ldapprefix", or "ldapsuffix" to be set'
    if "ldapsearchattribute" in options and "ldapsearchfilter" in options:
        return "cannot use ldapsearchattribute together with ldapsearchfilter"
    return ""


def _radius(options: Mapping[str, str]) -> str:
    entries = {name: split(options.get(name, "")) or [] for name in _LISTS}
    for name in ("radiusservers", "radiussecrets"):
        if not entries[name]:
            return f'authentication method "radius" requires argument "{name}" to be set'
    servers = len(entries["radiusservers"])
    for name, plural in (("radiussecrets", "secrets"), ("radiusports", "ports"), ("radiusidentifiers", "identifiers")):
        count = len(entries[name])
        if count not in (0, 1, servers):
            return (
                f"the number of RADIUS {plural} ({count}) must be 1 or the same as "
                f"the number of RADIUS servers ({servers})"
            )
    return ""


def _oauth(options: Mapping[str, str], validators: tuple[str, ...] | None, version: ServerVersion) -> str:
    for name in ("scope", "issuer"):
        if name not in options:
            return f'authentication method "oauth" requires argument "{name}" to be set'
    chosen = options.get("validator")
    if validators is not None:
        if not validators:
            if version.at_least(19):
                return 'parameter "oauth_validator_libraries" must be set for authentication method "oauth"'
            return "oauth_validator_libraries must be set for authentication method oauth"
        if chosen is None and len(validators) > 1:
            return (
                'authentication method "oauth" requires argument "validator" to be set '
                "when oauth_validator_libraries contains multiple options"
            )
        if chosen is not None and chosen not in validators:
            return f'validator "{chosen}" is not permitted by oauth_validator_libraries'
    if options.get("delegate_ident_mapping") == "1" and "map" in options:
        return "map cannot be used in combination with delegate_ident_mapping"
    return ""


def split(text: str) -> list[str] | None:
    """The entries of a list of server settings (``SplitGUCList``): ``a, "b c"``; None where it can't be read."""
    entries: list[str] = []
    rest = text.strip(" \t\n\r\f\v")
    if not rest:
        return entries
    while True:
        if rest.startswith('"'):
            entry, rest = _quoted(rest)
            if entry is None:
                return None
        else:
            end = min((at for at in (rest.find(sign) for sign in ", \t\n\r\f\v") if at >= 0), default=len(rest))
            entry, rest = rest[:end], rest[end:].lstrip(" \t\n\r\f\v")
            if not entry:
                return None
        entries.append(entry)
        if not rest:
            return entries
        if rest[0] != ",":
            return None
        rest = rest[1:].lstrip(" \t\n\r\f\v")


def _quoted(text: str) -> tuple[str | None, str]:
    """The entry in quotes that ``text`` begins with, two quotes in it meaning one, and what follows."""
    entry = ""
    rest = text[1:]
    while True:
        part, quote, rest = rest.partition('"')
        if not quote:
            return None, ""
        entry += part
        if not rest.startswith('"'):
            return entry, rest.lstrip(" \t\n\r\f\v")
        entry += '"'
        rest = rest[1:]


def leading_number(text: str) -> int:
    """The number that ``text`` begins with, as C's atoi reads it into 32 bits; 0 where there is none."""
    body = text.lstrip(" \t\n\r\f\v")
    sign = body[:1] in ("+", "-")
    digits = body[sign:]
    end = 0
    while end < len(digits) and digits[end] in "0123456789":
        end += 1
    number = int(digits[:end][:300] or "0")
    number = max(-number, -(1 << 63)) if body[:1] == "-" else min(number, (1 << 63) - 1)
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)
