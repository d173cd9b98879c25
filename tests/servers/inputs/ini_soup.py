"""Texts for PHP's INI scanner: pieces of its grammar in any order, which nobody would write and it must cope with."""

from __future__ import annotations

from random import Random

from servers.inputs.words import pool

_WORDS = pool(r"""
    a  b7  x_y  7  07  -3  1.5  .5  -.5  1e3  0x1F  128M  on  off  yes  no  none  null  true  false  On  NULL  onx
    E_ALL  E_NOTICE  E_STRICT  PHP_OS  PHP_VERSION_X  e_all  /a/b.sock  a:b  x@y  %m  *  ?  a-b  $pool  $pools  $HOME
    $x  $  \  \n  \\  a\  \$  $$  é  #  //  +  <  >  ,  `  _
""")
_QUOTED = pool(r"""
    "a b"  'a b'  ""  "a;b"  'a;b'  "a'b"  'a"b'  "a\"b"  'a\'  "a\\"  "\a"  "$pool"  '$pool'  "\$pool"  "$"  "$$"
    "on"  "${MYENV}"  '${MYENV}'  "a${MYENV}b"  "\${MYENV}"  "$${MYENV}"  "[x]"  "a=b"  "#"  "|"  "a" "b"  "a"'b'
    "\"  "a\"  "{a}"  "é"  " "  "E_ALL"  "${NOPE}"  "${EMPTYENV}"  "\n"  "$ {x}"  "a\\\"b"  "a$\b"  "1"|"2"
""")
_VARIABLES = pool(r"""
    ${MYENV}  ${EMPTYENV}  ${NOPE}  ${NUM}  ${HOME}  ${ MYENV }  ${MYENV }  ${my env}  ${myenv}  ${NOPE:-d}
    ${NOPE:-"a b"}  ${NOPE:-'x'}  ${NOPE:-}  ${EMPTYENV:-d}  ${NOPE:-${MYENV}}  ${NOPE:-a${NUM}b}  ${MYENV:-z}
    ${NOPE:-7}  ${NOPE:-E_ALL}  ${NOPE-d}  ${NOPE:d}  ${NOPE:-a;b}  ${NOPE:-on}  ${NOPE:-a b}  ${NOPE:-"${NUM}"}  ${}
    ${A.B}  ${1}  ${a-b}  ${a/b}  ${a:b}  ${NOPE:-a:-b}  ${NOPE:-\}}  ${[a]}
""")
_OPERATORS = pool("|  &  ^  ~  !  (  )  |~  !!  ~~  (1  2)  (1)  ((1|2)&3)  &~  |!  ^-1  1|2  3&1  5^1  ~0  !1  =")
_BLANKS = [" ", " ", " ", "  ", "\t", ""]
_ENDS = ["", "", "", " ; c", ";c", ";", ' ; "', " ; '", " # c", " "]
_RARE = [
    *pool(r"""
    "  '  ''  ${  }  {  [  ]  "a  'a  ${A  "${A  "${A}  =  ;  "a\  '"  "'
"""),
    "\r", "\0", "\x0b", "\x0c", "\x01", "\xa0", "\udcff", "\ufeff", "${A\n", "\\\n",
]  # fmt: skip


def soup(random: Random, most: int = 4, rare: float = 0.02) -> str:
    """A value, or what stands between brackets. Without operators most are taken."""
    operators = random.random() < 0.25
    parts: list[str] = []
    for _ in range(random.randint(1, most)):
        draw = random.random()
        if draw < rare:
            parts.append(random.choice(_RARE))
        elif operators and draw < 0.4:
            parts.append(random.choice(_OPERATORS))
        else:
            parts.append(random.choice(random.choice([_WORDS, _WORDS, _QUOTED, _QUOTED, _VARIABLES])))
        parts.append(random.choice(_BLANKS))
    return "".join(parts)


def tail(random: Random) -> str:
    """What may follow a value."""
    return random.choice(_ENDS)


def line(random: Random) -> str:
    """A line of any sort: a section, an entry, an array's entry, or nothing that can be told."""
    name = soup(random, 2, 0.1)
    draw = random.randint(0, 5)
    if draw == 0:
        return f"[{name.replace('$pool', '$pol')}]{tail(random)}"
    if draw == 1:
        return f"env[{name}] = {soup(random)}"
    if draw == 2:
        return f"{name} = {soup(random)}"
    if draw == 3:
        return f"env[X] ={soup(random)}={soup(random)}"
    if draw == 4:
        return f"env[X{random.choice(_BLANKS)}]{random.choice(_BLANKS)}={random.choice(_BLANKS)}{soup(random)}"
    return soup(random, 5, 0.2)
