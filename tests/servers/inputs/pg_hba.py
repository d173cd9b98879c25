"""pg_hba.conf: records of all types with all methods and options, files in files, quotes and continuation lines."""

from __future__ import annotations

from random import Random

from servers.inputs.auth_words import address, name, regex
from servers.inputs.words import Files, leading, lines, maybe, pool

_TYPES = pool('local  host  hostssl  hostnossl  hostgssenc  hostnogssenc  "host"  HOST  local,host  hst  @types')
_DATABASES = pool(r"""
    all  sameuser  samerole  replication  app  "all"  "my db"  app,shop  app, x  /^ap  "a""b"  @names  a ,b  +grp
    @quoted  @crlf  @joined  @chain  @"names"  @<dir>/names  a@names  @nul  @missing  @regexes
    @deep  @  @@names  +  ++g  "replication"  replication,all  ALL  "sameuser"  "a  "a" b"c"  a"#"b  a,"b c",d  ,,
    @names,x
    samegroup  @nope  /^(ap  "/^a,b$"  /^a,b$  ""  x#y  @empty  'a'  a\  é  ,a  @deep/list  "@names"  a"b c"d
""")
_USERS = pool(r"""
    all  alice  +grp  "+grp"  alice,bob  "my user"  /^al  postgres  @names  "all"  alice ,bob  /^(  +  @empty  ""
    a, b, c  "a,b"  /a{2,1}  "@x"  @  alice,,bob
""")
_ADDRESSES = pool(r"""
    127.0.0.1/32  10.0.0.0/8  10.1.2.3/8  0.0.0.0/0  ::1/128  fe80::/10  ::/0  all  samehost  samenet  db.example.com
    10.0.0.0 255.0.0.0  .example.com  10.0.0.0 255.0.255.0  2001:db8::/32  ::ffff:10.0.0.1/128  localhost  "all"
    10.0.0.1  10.0.0.0/33  10.0.0.0/  010.0.0.1/8  127.1/8  300.1.1.1/32  [::1]/128  10.0.0.0 ffff::  1.2.3.4/08
    ::1/129  10.0.0.0/+8  ::1 ffff::  0x7f.0.0.1/8  1.2.3.4/32x  a,b  *  localhost/32  10.0.0.0/-1  0/0
    10.0.0.0 255.0.0  1.2.3/24  ::1 255.0.0.0  4294967295/32  ""  @names  10.0.0.0/8/8  @empty
""")
_METHODS = pool(r"""
    trust  reject  md5  password  scram-sha-256  ident  peer  cert  ldap  pam  gss  radius  oauth  bsd  sspi  "trust"
    TRUST
    md5,trust  scram  krb5  crypt  foo  ""
""")
_ANY_OPTIONS = pool(r"""
    map=@names  @options  map=/x  "map=a,b"  "map"=m  map="a""b"  MAP=m  clientname=  clientname=dn
    "clientcert"=verify-ca
    clientcert=VERIFY-CA  clientcert=verify-full clientname=DN  map==m  map=m,  ,map=m  map=#x  pamservice=x
    ldapserver=h  radiusservers=10.0.0.1  issuer=x  compat_realm=1  validator=x  pam_use_hostname=1  scope="a
    map=m  "map=my map"  map="my map"  map  map = m  map=  map=a,b  clientcert=verify-ca  clientcert=verify-full
    clientcert=1  clientcert=0  clientcert=no-verify  clientcert=  clientname=DN  clientname=CN  clientname=x  nope=1
    Map=m
    map=a map=b  =x  include_realm=0  krb_realm=X  # note  #note \
""")
_METHOD_OPTIONS = {
    "ldap": pool(r"""
        ldapserver=h ldapprefix=cn=  ldapserver=h ldapbasedn="dc=x"  ldapurl=ldap://h/dc=x?uid?sub
        ldapurl="ldaps://h:636/dc=x??one?(f=1)"  ldapserver=h  ldapprefix=a ldapbasedn=b ldapserver=h
        ldapserver=h ldapbasedn=b ldapsearchattribute=uid ldapsearchfilter=(a=$username)
        ldapserver=h ldaptls=1 ldapsuffix=x
        ldapurl=http://h/  ldapurl=ldap://  ldapserver=h ldapport=0 ldapprefix=x  ldapport=x ldapprefix=x ldapserver=h
        ldapserver=h ldapscheme=ldaps ldapprefix=x  ldapscheme=foo ldapserver=h ldapprefix=x
        ldapserver="a b" ldapport=389 ldapbinddn=cn=x ldapbindpasswd=s ldapbasedn=d  ldapurl=ldap://h/dc=x?uid,cn?sub
        ldapurl=ldap://h:x/  ldapurl=ldap://[::1]:389/dc=x?cn?base  ldapurl=LDAP://h/  ldapurl=ldap:///dc=x??sub
        ldapurl=ldap://h/dc=x?cn?bad  ldapurl=ldap://h/dc=x?cn?one?(a=b)?ext  "ldapurl=ldap://h/dc=a b"  ldapurl=x
        ldapurl=ldapi://%2ftmp/dc=x  ldapurl=ldap://h/dc%3Dx ldapserver=g  ldapserver=g ldapurl=ldap://h/dc=x
        ldapurl=ldap://h/dc=x ldapsearchattribute=a ldapsearchfilter=b  ldapbasedn=  ldapprefix=  ldapsuffix=
        ldapbasedn=x ldaptls=0  ldapbasedn=x ldapport=70000  ldapbasedn=x ldapport=-1  ldapbasedn=x ldapscheme=LDAPS
        ldapurl=ldap://h/dc=x ldapprefix=a  ldapprefix=a ldapurl=ldap://h/dc=x  ldapprefix=a ldapurl=ldap://h
        ldapurl=ldap://h1 ldapbasedn=x  "ldapserver=a b" ldapbasedn=x ldapbindpasswd="p q"  ldapscope=1 ldapbasedn=x
    """),
    "radius": pool(r"""
        radiusservers=10.0.0.1 radiussecrets=s  radiusservers=10.0.0.1  radiussecrets=s
        radiusservers="10.0.0.1,10.0.0.2" radiussecrets="a,b"  radiusservers="10.0.0.1,10.0.0.2" radiussecrets=a
        radiusservers="10.0.0.1,10.0.0.2" radiussecrets="a,b,c"  radiusservers=10.0.0.1 radiussecrets=s radiusports=1812
        radiusservers=10.0.0.1 radiussecrets=s radiusports=x  radiusservers=10.0.0.1 radiussecrets=s radiusidentifiers=i
        radiusservers="" radiussecrets=""
        radiusservers=10.0.0.1 radiussecrets=s radiusports="1,2"
        radiusservers="10.0.0.1, 10.0.0.2" radiussecrets="a, b" radiusports="1, 2" radiusidentifiers="x, y"
        radiusservers=10.0.0.1,10.0.0.2 radiussecrets=a  radiusservers="10.0.0.1,,10.0.0.2" radiussecrets=a
        radiusservers=10.0.0.1 radiussecrets=""a,b""  radiusservers=10.0.0.1 radiussecrets=s radiusports=0
        radiusservers=10.0.0.1 radiussecrets=s radiusports=""  radiusservers=10.0.0.1 radiussecrets=""
        radiusservers="10.0.0.1 10.0.0.2" radiussecrets=s
        radiusservers=10.0.0.1 radiussecrets=s radiusidentifiers="a,b"
        radiusservers=10.0.0.1 radiussecrets=s radiusports=-1  radiusservers=10.0.0.1 radiussecrets=s radiusports=1x
    """),
    "pam": pool("pamservice=x  pam_use_hostname=1  pamservice=  pamservice=x pam_use_hostname=yes"),
    "gss": pool("include_realm=0  include_realm=1 krb_realm=X  map=m  include_realm=x  compat_realm=1  upn_username=1"),
    "cert": pool(
        "map=m  clientcert=verify-full  clientcert=verify-ca  clientcert=1  clientname=DN  clientname=CN map=m"
    ),
    "oauth": pool("""
        issuer=https://x scope=y  issuer=x  scope=y  issuer=https://x scope="a b" validator=v
        issuer=https://x scope=y delegate_ident_mapping=1  issuer=https://x scope=y delegate_ident_mapping=1 map=m
        issuer=https://x scope=y map=m  issuer=https://x scope=y validator.x=1  validator.=1 issuer=a scope=b
    issuer=https://x scope=  issuer= scope=  issuer=https://x scope=y delegate_ident_mapping=0 map=m
    """),
    "sspi": pool("include_realm=0  compat_realm=1 upn_username=1  krb_realm=X"),
    "ident": pool("map=m  map=  map=m include_realm=0"),
    "peer": pool("map=m  map=all"),
}
_BESIDE = {
    "names": 'x y\n"all", z # c\n',
    "empty": "# nothing\n\n",
    "types": "local\n",
    "options": "map=m # c\n",
    "quoted": '"a b", "@x" \n"/r" +g "+h" # x\n,y,\n',
    "crlf": "u\r\nv w\r\n",
    "joined": "u\\\nv w\\\n",
    "nul": "a\0b\nc\n",
    "chain": "@names @deep/list\n",
    "missing": "x @nope\n",
    "regexes": "/^a /^(b\n",
    "deep/list": "@more q\n",
    "deep/more": "kk\n",
    "chain.d/1.conf": "include ../more.conf\n",
    "chain.d/2.conf": "include_dir ../more.d\n# c\n",
    "chain.d/3.conf/x": "",
    "deeper.conf": "include n1.conf\n",
    **{f"n{at}.conf": f"include n{at + 1}.conf\nlocal n{at} all trust\n" for at in range(1, 9)},
    "n9.conf": "include n10.conf\n",
    "n10.conf": "local n10 all trust\n",
    "wide.conf": "host all all 10.0.0.0/8 md5\n  include_if_exists  n8.conf  # c\n",
    "more.conf": "host a a all md5\nlocal q q trust\n",
    "bad.conf": "local a a nope\n",
    "more.d/b.conf": "local b b trust\n",
    "more.d/a.conf": "local a a trust\n@empty\n",
    "more.d/c.txt": "local c c nope\n",
    "loop.conf": "include loop.conf\n",
}
_INCLUDES = pool(r"""
    include more.conf  include_dir more.d  include_if_exists more.conf  include_if_exists nope.conf  include "more.conf"
    include nope.conf  include_dir nope.d  include bad.conf  include more.conf x  include  include loop.conf
    INCLUDE more.conf
    include n1.conf  include deeper.conf  include n2.conf  include_dir chain.d  include wide.conf  include ./more.conf
    include <dir>/more.conf  "include" more.conf  include more.d/../more.conf  include_dir more.d/  include_dir .
    include @more.conf  include ""  include_dir ""  include_if_exists ""  include_if_exists bad.conf  include " "
    include_dir "nope d"  include_if_exists nope.d/x  include #x  include\tmore.conf  include more.conf \
    include pg_hba.conf  include_if_exists pg_hba.conf  include_if_exists more.d  "include_dir" "more.d"
    include, more.conf
    include more.d  include_dir more.conf  include @names  include more.conf,bad.conf
""")


def generate(random: Random) -> Files:
    text = lines(random, lambda: _line(random), 3, least=1)
    if random.random() < 0.01:
        text += _long(random)
    needs = "@" in text or "include" in text
    return {"pg_hba.conf": text, **(_BESIDE if needs else {})}


def _long(random: Random) -> str:
    """Tokens and lines around what older servers bear."""
    size = random.choice([10238, 10239, 10240, 20460, 20479, 20480, 70000])
    if random.random() < 0.5:
        return f"local {'d' * size} all trust\n"
    names = ",".join(["n" * 60] * (size // 61))
    return f"local {names} all trust{random.choice(['', ' # c', chr(92)])}\n"


def _line(random: Random) -> str:
    if random.random() < 0.06:
        return random.choice(_INCLUDES)
    if random.random() < 0.04:
        return random.choice(
            [
                "",
                "  ",
                "# comment",
                "\t# x \\",
                "junk",
                "local",
                "local all",
                "host all all",
                "\x0b",
                ",",
                "\\",
                '"',
                "#",
            ]
        )
    kind = leading(random, _TYPES, 4)
    fields = [kind, _names(random, _DATABASES, 11), _names(random, _USERS, 9)]
    if kind != "local" or random.random() < 0.03:
        fields.append(address(random) if random.random() < 0.25 else leading(random, _ADDRESSES, 17))
    method = leading(random, _METHODS, 6 if kind != "local" else 7)
    if kind == "hostssl" and random.random() < 0.2:
        method = "cert"
    fields.append(method)
    if method in _METHOD_OPTIONS and random.random() < 0.8:
        fields.append(random.choice(_METHOD_OPTIONS[method]))
    fields += [leading(random, _ANY_OPTIONS, 12) for _ in range(random.choice([0] * 12 + [1, 1, 2]))]
    blank = random.choice([" ", " ", "\t", "   "])
    line = blank.join(fields)
    if random.random() < 0.05:
        at = random.randint(0, len(line))
        line = f"{line[:at]}\\{random.choice(['', '', '', ' ', chr(13)])}\n{line[at:]}"
    return line + maybe(random, 0.06, random.choice([" # why", "#tight", " ", "\t", " \\", "\\"]))


def _names(random: Random, words: list[str], usual: int) -> str:
    chance = random.random()
    if chance < 0.08:
        return regex(random)
    return name(random) if chance < 0.16 else leading(random, words, usual)
