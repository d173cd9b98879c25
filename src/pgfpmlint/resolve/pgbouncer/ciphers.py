"""Which *_tls_ciphers select any cipher at all: PgBouncer's own words, and OpenSSL's cipher strings.

https://docs.openssl.org/master/man1/openssl-ciphers/#cipher-list-format
"""

from __future__ import annotations

from pgfpmlint.catalog.version import ServerVersion

OWN = frozenset(("default", "secure", "fast", "normal"))
OLD = frozenset(("all", "compat", "legacy", "insecure"))
"""Words that 1.21 gave up, when it left ciphers to OpenSSL."""

KEYWORDS = frozenset((
    "3DES", "ADH", "AECDH", "AES", "AES128", "AES256", "AESCCM", "AESCCM8", "AESGCM", "ALL", "ARIA", "ARIA128",
    "ARIA256", "ARIAGCM", "CAMELLIA", "CAMELLIA128", "CAMELLIA256", "CBC", "CHACHA20", "COMPLEMENTOFALL",
    "COMPLEMENTOFDEFAULT", "DEFAULT", "DES", "DH", "DHE", "DHEPSK", "DSS", "ECDH", "ECDHE", "ECDHEPSK", "ECDSA",
    "EDH", "EECDH", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "FIPS", "GOST", "GOST89MAC", "GOST94", "HIGH", "IDEA",
    "LOW", "MD5", "MEDIUM", "NULL", "PSK", "RC2", "RC4", "RSA", "RSAPSK", "SEED", "SHA", "SHA1", "SHA256", "SHA384",
    "SRP", "SSLv3", "STREEBOG256", "SUITEB128", "SUITEB128C2", "SUITEB128ONLY", "SUITEB192", "TLSv1", "TLSv1.0",
    "TLSv1.2", "aDSS", "aECDSA", "aGOST", "aGOST01", "aNULL", "aPSK", "aRSA", "aSRP", "eNULL", "kDH", "kDHE",
    "kDHEPSK", "kECDH", "kECDHE", "kECDHEPSK", "kEDH", "kEECDH", "kGOST", "kPSK", "kRSA", "kRSAPSK", "kSRP",
))  # fmt: skip


_COMMANDS = frozenset(("STRENGTH", *(f"SECLEVEL={level}" for level in range(6))))
_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.=_+")


def may_select(text: str, version: ServerVersion) -> bool:
    """False for what certainly selects nothing, which PgBouncer calls invalid."""
    word = text.lower()
    if not text or word in OWN or (word in OLD and (version.assumed or not version.at_least(1, 21))):
        return True
    for sign in ",; ":
        text = text.replace(sign, ":")
    chosen: set[str] = set()
    banned: set[str] = set()
    for part in text.split(":"):
        name, at, command = part.lstrip("+-!").partition("@")
        if (at and command not in _COMMANDS) or not all(sign in _SIGNS for sign in name):
            return False
        if part[:1] in ("-", "!"):
            chosen = set() if name == "ALL" else chosen - {name}
            banned |= {name} if part[0] == "!" else set()
        elif part[:1] != "+" and _is_known(name) and banned.isdisjoint((name, "ALL")):
            chosen.add(name)
    return bool(chosen)


def _is_known(part: str) -> bool:
    """Whether a part may add ciphers: a key word, several joined by ``+``, or the name of a cipher."""
    if all(word in KEYWORDS for word in part.split("+")):
        return True
    return "-" in part.strip("-") and part == part.upper() and part[:1].isalnum()
