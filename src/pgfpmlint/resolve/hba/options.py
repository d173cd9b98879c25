"""The options at the end of a pg_hba.conf record: which exist, with which methods, and what they may hold.

https://www.postgresql.org/docs/current/auth-methods.html and, for clientcert and clientname,
https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import written
from pgfpmlint.resolve.hba import demands
from pgfpmlint.resolve.hba.lines import Word
from pgfpmlint.resolve.hba.methods import known as known_methods
from pgfpmlint.resolve.hba.objection import Objection
from pgfpmlint.source.text import Place

SECRETS = frozenset(("radiussecrets", "ldapbindpasswd"))
"""Options whose values are passwords: they go into no message."""

MASK = "********"

LDAP = (
    *("ldapserver", "ldapport", "ldapscheme", "ldaptls", "ldapprefix", "ldapsuffix", "ldapbasedn", "ldapbinddn"),
    *("ldapbindpasswd", "ldapsearchattribute", "ldapsearchfilter", "ldapurl"),
)
RADIUS = ("radiusservers", "radiussecrets", "radiusports", "radiusidentifiers")
OAUTH = ("issuer", "scope", "validator", "delegate_ident_mapping")

# option → (methods that take it, how the server lists them)
_ALWAYS: dict[str, tuple[tuple[str, ...], str]] = {
    "pamservice": (("pam",), "pam"),
    "pam_use_hostname": (("pam",), "pam"),
    "krb_realm": (("gss", "sspi"), "gssapi and sspi"),
    "include_realm": (("gss", "sspi"), "gssapi and sspi"),
    "compat_realm": (("sspi",), "sspi"),
    "upn_username": (("sspi",), "sspi"),
    **dict.fromkeys(LDAP, (("ldap",), "ldap")),
}


def known(version: ServerVersion) -> dict[str, tuple[tuple[str, ...], str]]:
    """The options bound to methods in that version, with the methods; clientcert and clientname are bound to none."""
    mapped = ("ident", "peer", "gss", "sspi", "cert")
    options = dict(_ALWAYS)
    options["map"] = (mapped, "ident, peer, gssapi, sspi, and cert")
    if "radius" in known_methods(version):
        options |= dict.fromkeys(RADIUS, (("radius",), "radius"))
    if version.major >= 18:
        options["map"] = ((*mapped, "oauth"), "ident, peer, gssapi, sspi, cert, and oauth")
        options |= dict.fromkeys(OAUTH, (("oauth",), "oauth"))
    return options


def check(
    type_: str,
    method: str,
    words: Sequence[Word],
    method_place: Place,
    version: ServerVersion,
    validators: tuple[str, ...] | None,
) -> tuple[tuple[str, str], ...]:
    """Name and value of each option as the server takes them; raises an Objection to the first that it refuses.

    ``validators`` are the entries of oauth_validator_libraries, None where they are not known.
    """
    taken: dict[str, str] = {}
    options = known(version)
    for at, word in enumerate(words):
        name, equals, value = word.text.partition("=")
        if not equals:
            raise _not_a_pair(words, at)
        if name in ("clientcert", "clientname") and not (name == "clientname" and version.major <= 13):
            _check_client(type_, method, name, value, word, version)
        elif name in options:
            methods, listed = options[name]
            if method not in methods:
                says = f'authentication option "{name}" is only valid for authentication methods {listed}'
                raise _objection(word, says, f"remove {name}=, or write a method that takes it")
        elif not (name.startswith("validator.") and version.major >= 19 and method == "oauth"):
            raise _unknown(words, at, name, [*options, "clientcert", "clientname"])
        demands.check_value(name, value, word)
        taken.pop(name, None)
        taken[name] = value
    demands.check_together(method, taken, method_place, version, validators)
    return tuple(taken.items())


def shown(options: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The options with secrets masked, fit for any output."""
    return {name: MASK if name in SECRETS else value for name, value in options}


def _objection(word: Word, says: str, fix: str) -> Objection:
    """The caret covers the option's name and, unless it may be a password, its value."""
    name = word.text.partition("=")[0]
    place = word.place
    if place.text.startswith(name) and (name in SECRETS or "pass" in name or "secret" in name):
        place = place._replace(end=place.start + len(name))
    return Objection("hba/invalid-option", place, says, fix=fix, option=name)


def _may_be_secret(words: Sequence[Word], at: int) -> bool:
    """Whether the word at ``at`` may be the rest of a password that an unquoted comma or blank tore apart."""
    return any("pass" in word.text or "secret" in word.text for word in words[:at])


def _not_a_pair(words: Sequence[Word], at: int) -> Objection:
    word = words[at]
    secret = _may_be_secret(words, at)
    says = f"authentication option not in name=value format: {MASK if secret else word.text}"
    if at + 1 < len(words) and words[at + 1].text.startswith("="):
        fix = "write name=value without blanks around the ="
    elif at and "=" in words[at - 1].text:
        name = words[at - 1].text.partition("=")[0]
        fix = f'put the whole value in quotes, as in {name}="…": a comma or a blank ends it otherwise'
    else:
        fix = "write name=value"
    return Objection("hba/invalid-option", word.place, says, fix=fix, option="" if secret else word.text)


def _unknown(words: Sequence[Word], at: int, name: str, options: Sequence[str]) -> Objection:
    from pgfpmlint.catalog.nearest import nearest

    if _may_be_secret(words, at):
        name = MASK
    near = nearest(name, options)
    says = f'unrecognized authentication option name: "{name}"'
    objection = _objection(words[at], says, f"write {near}=" if near else f"remove {name}=")
    objection.values["option"] = name
    if near and words[at].place.text.startswith(name):
        objection.mends = written(words[at].place._replace(end=words[at].place.start + len(name)), near)
    return objection


def _check_client(type_: str, method: str, name: str, value: str, word: Word, version: ServerVersion) -> None:
    """clientcert and clientname: hostssl only. PostgreSQL 14 took away the old values of clientcert."""
    if type_ != "hostssl":
        fix = f"write hostssl instead of {type_}" if type_ == "host" else f"remove {name}="
        raise _objection(word, f'{name} can only be configured for "hostssl" rows', fix)
    if name == "clientname":
        if value not in ("CN", "DN"):
            raise _objection(word, f'invalid value for clientname: "{value}"', "write clientname=CN or clientname=DN")
        return
    old = {"1": "verify-ca", "0": "", "no-verify": ""}
    # Where nothing tells the version, what 13 took is not held against a file.
    if version.assumed and (old.get(value, value) == "verify-ca" or (value in old and method != "cert")):
        return
    if version.major <= 13 and value in old:
        if method == "cert" and not old[value]:
            cannot = "cannot" if version.major >= 13 else "can not"
            says = f'clientcert {cannot} be set to "no-verify" when using "cert" authentication'
            raise _objection(word, says, "remove clientcert")
    elif value not in ("verify-ca", "verify-full"):
        fix = "write clientcert=verify-ca or clientcert=verify-full"
        if value in old:
            fix = (
                f"write clientcert={old[value]}"
                if old[value]
                else "remove clientcert: no certificate is asked for then"
            )
        raise _objection(word, f'invalid value for clientcert: "{value}"', fix)
    elif value == "verify-ca" and method == "cert" and version.major >= 14:
        says = 'clientcert can only be set to "verify-full" when using "cert" authentication'
        raise _objection(word, says, "remove clientcert: cert always verifies in full")
