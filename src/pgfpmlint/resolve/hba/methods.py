"""Authentication methods: which there are in which version and build, and on which lines they may stand.

https://www.postgresql.org/docs/current/auth-methods.html
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion
from pgfpmlint.finding.fix import SAFE, UNSAFE, written
from pgfpmlint.resolve.hba.lines import Word
from pgfpmlint.resolve.hba.objection import Objection

METHODS = ("trust", "reject", "md5", "password", "scram-sha-256", "peer", "ident", "cert", "gss", "ldap", "pam")
"""What every version has, given that a build has it at all (gss, ldap, pam)."""

GONE = {"radius": ("19", "ldap or oauth"), "krb5": ("9.4", "gss"), "crypt": ("8.4", "scram-sha-256")}
"""Methods that are no more: since which version, and what to write instead."""

DEMANDING = frozenset(("ldap", "radius", "oauth"))
"""Methods that are nothing without options."""

OTHER_SYSTEMS = {"sspi": "Windows", "bsd": "OpenBSD"}
"""Methods that only exist where PostgreSQL runs on that system."""


def known(version: ServerVersion) -> tuple[str, ...]:
    """The methods that some build of ``version`` has. Where nothing told the version, one that still has radius may be
    meant: 18 is supported until 2030."""
    methods = METHODS + tuple(OTHER_SYSTEMS)
    if version.major <= 18 or version.assumed:
        methods += ("radius",)
    return (*methods, "oauth") if version.major >= 18 else methods


def check_method(word: Word, version: ServerVersion) -> Word:
    """The method if that server has it."""
    if word.text not in known(version):
        raise _unknown(word, version)
    system = OTHER_SYSTEMS.get(word.text)
    if system and version.is_unix_build:
        says = f'invalid authentication method "{word.text}": not supported by this build'
        raise Objection(
            "hba/unknown-method", word.place, says, fix=f"write another method: {word.text} exists on {system} only"
        )
    return word


def _unknown(word: Word, version: ServerVersion) -> Objection:
    from pgfpmlint.catalog.nearest import nearest

    says = f'invalid authentication method "{word.text}"'
    if word.text in GONE:
        since, instead = GONE[word.text]
        return Objection("hba/removed-method", word.place, says, fix=f"write {instead}", method=word.text, since=since)
    if word.text == "oauth":
        return Objection(
            "hba/unknown-method", word.place, says, fix="write another method, or run PostgreSQL 18: oauth came with it"
        )
    guess = "scram-sha-256" if word.text.startswith("scram") else nearest(word.text, known(version))
    fix = f"write {guess}" if guess else "write a method that PostgreSQL has, such as scram-sha-256"
    # Who gets in how is no matter for a guess; but there is none about scram_sha_256.
    same = guess is not None and _letters(guess) == _letters(word.text)
    mends = written(word.place, guess, SAFE if same else UNSAFE) if guess else None
    if "/" in word.text or word.text.count(".") == 3:
        fix = "write the method here: a local record has no address, a host record has one"
        mends = None
    return Objection("hba/unknown-method", word.place, says, fix=fix, mends=mends)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def check_combination(type_: Word, method: Word) -> None:
    """Object to a method on a line whose connections can't provide what it needs."""
    local = type_.text == "local"
    if method.text == "gss" and local:
        says, fix = "gssapi authentication is not supported on local sockets", "write peer on local lines"
        mends = written(method.place, "peer")
    elif method.text == "peer" and not local:
        says = "peer authentication is only supported on local sockets"
        fix = "write scram-sha-256: only a Unix socket tells who is at its other end"
        mends = written(method.place, "scram-sha-256")
    elif method.text == "cert" and type_.text != "hostssl":
        says = "cert authentication is only supported on hostssl connections"
        fix = "write peer" if local else "write hostssl instead of " + type_.text
        mends = written(method.place, "peer") if local else written(type_.place, "hostssl")
    else:
        return
    raise Objection(
        "hba/method-not-valid-here", method.place, says, fix=fix, mends=mends, method=method.text, type=type_.text
    )
