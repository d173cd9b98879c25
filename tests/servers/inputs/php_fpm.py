"""php-fpm.conf: pools with any directive, all the ways to write a value, sections that come again, and includes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pgfpmlint.catalog.php_fpm import Directive, load
from servers.inputs.words import Files, leading, lines, pool

# The name of a directive's pool of values: its own, else that of its type.
_VALUES: dict[str, list[str]] = {
    "int": pool(r"""
        5  10  0  1  "12"  '3'  010  100  ${NUM}  1|6  yes  -1  64  20  -19  511  512  +7  7k  0x10  7.5  99999999999
        ''
        4294967301  1 2  --1  1-  21  -20  (2|4)  ~5  null  !0  5 ; c  5;c  5 # c  x  ${EMPTYENV}
    """),
    "core": pool("0  5  unlimited  UNLIMITED  -1  x  ''  infinity"),
    "time": pool(r"""
        30  30s  5m  1h  2d  0  "1s"  10  30ms  1.5m  ${NUM}s  30 s  5min  m  -5s  10h30m  5M  ''  1w  s  99999999d  yes
        2147483648  1sm  d1  ;  90 ; sec
    """),
    "bool": pool(r"""
        yes  no  on  off  true  false  1  ''  "no"  none  null  0  "yes"  Yes  OFF  "on"  'off'  "0"  2  y  enabled
        "YES"
        ${YES}  ${NUM}  ' 1'  "False"  -1  yes yes
    """),
    "string": pool(r"""
        a  a b  "a;b"  'x y'  "$pool"  $pool  ${MYENV}  "x${MYENV}y"  /a/$pool  128M  0660  a;b  E_ALL  ${NOPE}
        ${NOPE:-d}
        a=b  a|b  1|2  a(b)  '$pool'  a'b  it's  "it's"  ~0  !1  "a\"b"  a\b  "abc  'abc  PHP_OS  $HOME  /a~1  wow!  ''
        'a' 'b'  "a"b c  x # y  a\;b  E_ALL & ~E_NOTICE  (3|4)  a{b}  off-peak  yes please  "$pool$pool"  "\${X}"
        ${EMPTYENV}  x${MYENV}  -5  '\n'  a\tb  é  "é\\"  "a\"  E_ALL|E_STRICT  true  none  x^2  1 & 3  "a" "b"  a?b=1
        /a:/b,c@d%e+f*g  [x]  a[b]  ${A${B}}  "${NOPE:-a b}"  ${MYENV:-x}  {x}  "x
    """),
    "user": pool("www-data  root  nobody  33  $pool  'www-data'  ''"),
    "listen.owner": pool("www-data  root  33  ''"),
    "group": pool("www-data  root  nogroup  33  ''"),
    "listen": pool("""
        9000  127.0.0.1:9000  127.0.0.1:9001  [::1]:9000  /run/x.sock  run/x.sock  /run/$pool.sock  x  "9000"  ::  0  ''
        127.0.0.1  localhost:9000  /run/${MYENV}.sock
    """),
    "pm": pool("static  dynamic  ondemand  STATIC  'static'  adaptive  yes  ''"),
    "pm.status_listen": pool("127.0.0.1:9003  /run/s.sock  9000  ''"),
    "pm.status_path": pool("/status  /s  '/x~y'  status  /  /a?b  ''  /é  /a b  /$pool"),
    "ping.path": pool("/ping  /p  ping  /  /p?x  ''"),
    "ping.response": pool("pong  'a b'  ''  ${EMPTYENV}"),
    "access.log": pool("/var/log/$pool.log  /tmp/x.log  /dev/null  ''  /nonexistent/x.log  /tmp  x.log"),
    "slowlog": pool("/var/log/slow.log  /tmp/$pool.slow  ''  /nonexistent/x  /tmp"),
    "error_log": pool("/var/log/e.log  syslog  /tmp/e.log  ''  /nonexistent/e.log  SYSLOG"),
    "access.format": pool(r"""
        "%R"  "%R - %u %t \"%m %r\" %s"  %m  "%{mili}d"  "%{milli}d"  "%{kilo}M"  "%%"  "%Z"  "%{user}C"  "%{x}C"
        "%{foo}d"
        "%e"  "%{X}e"  "%{X}R"  "%"  "%{"  "%{a}"  "%{a}{b}e"  "%{}t"  ''  "%{seconds}d x"  %s;%s  "%{X-Y}o"
        "%f %l %n %p %P %q %Q"
    """),
    "access.suppress_path": pool("/ping  /a/b  ping  /  ''  /a?b"),
    "events.mechanism": pool("epoll  poll  SELECT  'epoll'  kqueue  magic  ''  /dev/poll  port  devpoll"),
    "syslog.facility": pool("daemon  LOCAL7  auth  'user'  x  ''  yes  kern"),
    "log_level": pool("notice  NOTICE  'warning'  warn  debug  error  alert  info  ''  yes"),
    "chroot": pool("/tmp  $prefix  ''  /nonexistent  tmp  a$prefix"),
    "chdir": pool("/tmp  /  ''  /nonexistent  tmp"),
    "prefix": pool("/tmp  /  ''  /nonexistent  share"),
    "security.limit_extensions": pool("'.php .phar'  .php  ''  .html"),
}
_VALUES |= {"listen.group": _VALUES["group"], "listen.acl_users": _VALUES["listen.owner"]}
_ARRAYS = pool(r"""
    env[X]  env[Y Z]  php_value[memory_limit]  php_admin_value[error_log]  php_flag[x]  php_admin_flag[y]  env["q"]
    php_value[a]  env[${NUM}]  access.suppress_path[]  php_value[]  Env[X]  env[]  PHP_VALUE[x]  access.suppress_path[x]
""")
_ODD = pool(r"""
    ; comment  # comment  foo = 1  pm.max_childern = 5  key  a: b  [x]  []  [ a ] ; c  x]=1  include =  php_value = 1
    [a] [b]  [GLOBAL]  daemonize = no  listen = 9  "user" = root  yes = 1  user root  user = root)  null = 1  env = 1
    [www  [${NUM}]  ["a"]  = 5  a{b = 1  !x = 1  [a]b = 1  [www] pm = static  Include = /tmp/x  // x  a b = c
""")
_INCLUDES = pool(r"""
    <dir>/inc/*.conf  <dir>/inc/b.conf  "<dir>/inc/*.conf"  <dir>/inc/[ab].conf  <dir>/nope.conf  <dir>/nope/*.conf
    <dir>/inc/?.conf  <dir>/inc/[!ab].conf  <dir>/*/b.conf  <dir>/inc/.*  <dir>/inc/a.conf/*  nope/*.conf
    <dir>/inc/sub.conf
    <dir>/inc/[^a]*.conf  <dir>/loop.conf  <dir>/inc/  <dir>/i*/s*/x  <dir>/leak.conf  <dir>/inc/b.conf ; c
    <dir>/n?pe/x
""")
_BESIDE = {
    "inc/a.conf": "[inca]\nuser = root\nlisten = 8001\npm = static\npm.max_children = 2\n",
    "inc/b.conf": "pm.max_requests = 4\n",
    "inc/c.ini": "junk\n",
    "inc/.d.conf": "; hidden\n",
    "inc/10.conf": "; nothing\n",
    "inc/sub.conf/x": "; in a folder\n",
    "loop.conf": "include = <dir>/loop.conf\n",
    "leak.conf": "pm.max_requests = 9\n[leak]\nuser = root\n",
}
_POOL = ["user = www-data", "listen = 127.0.0.1:9000", "pm = static", "pm.max_children = 5"]
_SPARE = ["pm.min_spare_servers = 1", "pm.max_spare_servers = 3"]


def generate(random: Random) -> Files:
    known = load()
    globals_ = [*known.globals.values()]
    pools = [one for one in known.pool.values() if one.build not in ("freebsd", "apparmor")]

    def line(directives: Sequence[Directive], arrays: bool) -> str:
        draw = random.random()
        if draw < 0.05:
            return random.choice(_ODD)
        if draw < 0.25 and arrays:
            return _assignment(random, leading(random, _ARRAYS, 8), "bool" if random.random() < 0.2 else "string")
        one = random.choice(directives)
        name = random.choice([one.name] * 8 + [one.name.upper(), one.name.title()])
        return _assignment(random, name, one.name if one.name in _VALUES else one.type)

    parts = []
    if random.random() < 0.4:
        parts.append(random.choice(["[global]\n", "[global]\n", "[GLOBAL]\n", ""]))
        parts.append(lines(random, lambda: line(globals_, False), 2))
    for number, name in enumerate(random.sample(["www", "api", "a.b", "b c"], random.choice([1, 1, 1, 2]))):
        header = random.choice([f"[{name}]"] * 6 + [f"[ {name} ]", f"[{name.upper()}] ; x"])
        parts += [header, "\n", _pool(random, number), lines(random, lambda: line(pools, True), 3)]
    if random.random() < 0.1:
        parts += [
            random.choice(["[www]\n", "[global]\n", "[WWW]\n", "[]\n"]),
            lines(random, lambda: line(pools, True), 1),
        ]
    files = {"php-fpm.conf": "".join(parts)}
    if random.random() < 0.1:
        files["php-fpm.conf"] += f"include = {leading(random, _INCLUDES, 4)}\n"
        files |= _BESIDE
    return files


def _pool(random: Random, number: int) -> str:
    needed = [line.replace("9000", str(9000 + number)) for line in _POOL]
    if random.random() < 0.3:
        needed[2] = random.choice(["pm = dynamic", "pm = ondemand"])
        needed += _SPARE if random.random() < 0.9 else _SPARE[:1]
    if random.random() < 0.04:
        del needed[random.randrange(len(needed))]
    if random.random() < 0.1:
        random.shuffle(needed)
    return "\n".join(needed) + "\n"


def _assignment(random: Random, name: str, values: str) -> str:
    words = _VALUES.get(values) or _VALUES["string"]
    value = leading(random, words, max(3, len(words) // 3))
    lead = random.choice(["", "", "", "", " ", "\t"])
    tail = random.choice([""] * 8 + [" ; why", ";tight", " "])
    return f"{lead}{name}{random.choice([' = ', ' = ', '=', ' =  '])}{value}{tail}"
