"""LDAP URLs; expectations are rows and messages of PostgreSQL 15 (Debian), which is built with OpenLDAP."""

from __future__ import annotations

import pytest

from pgfpmlint.resolve.hba import ldap_url


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("ldaps://h:99/dc=x", "ldapscheme=ldaps ldapport=99 ldapserver=h ldapbasedn=dc=x ldapscope=0"),
        ("ldap:///dc=x??one", "ldapscheme=ldap ldapport=389 ldapbasedn=dc=x ldapscope=1"),
        ("LDAP://[::1]:5/", "ldapscheme=ldap ldapport=5 ldapserver=::1 ldapbasedn= ldapscope=0"),
        ("<URL:ldap://h>", "ldapscheme=ldap ldapport=389 ldapserver=h ldapscope=0"),
        (
            "ldap://h1%2Eh2/dc=x?uid,cn?sub?(a=b)",
            "ldapscheme=ldap ldapport=389 ldapserver=h1.h2 ldapbasedn=dc=x "
            "ldapsearchattribute=uid ldapsearchfilter=(a=b) ldapscope=2",
        ),
    ],
)
def test_taken_apart(url: str, options: str) -> None:
    found = ldap_url.parse(url)
    assert isinstance(found, dict)
    assert " ".join(f"{name}={value}" for name, value in found.items()) == options


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://x", 'could not parse LDAP URL "http://x": Time limit exceeded'),
        ("", 'could not parse LDAP URL "": Time limit exceeded'),
        ("ldapi://x/dc=x", "unsupported LDAP URL scheme: ldapi"),
        ("ldap://h:/dc=x", 'could not parse LDAP URL "ldap://h:/dc=x": Compare False'),
        ("ldap://h:x/dc=x", 'could not parse LDAP URL "ldap://h:x/dc=x": Compare False'),
        ("ldap://h/dc=x?a?foo", 'could not parse LDAP URL "ldap://h/dc=x?a?foo": Strong(er) authentication required'),
    ],
)
def test_refused(url: str, says: str) -> None:
    assert ldap_url.parse(url) == says


def test_the_scope_of_a_url_lasts_only_when_it_comes_last() -> None:
    assert ldap_url.applied({"ldapurl": "ldap://h/dc=x??one"})["ldapscope"] == "1"
    assert ldap_url.applied({"ldapurl": "ldap://h/dc=x??one", "ldapserver": "y"})["ldapscope"] == "2"
