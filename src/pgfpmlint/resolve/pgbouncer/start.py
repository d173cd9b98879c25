"""What PgBouncer checks once all files are read, before it serves: TLS, and where to listen.

Only what the files alone decide. Whether a certificate, a log folder or an account exists is not asked here.
See sbuf_tls_setup() in src/sbuf.c and pooler_setup() in src/pooler.c of https://github.com/pgbouncer/pgbouncer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgfpmlint.finding.fix import SAFE, UNSAFE
from pgfpmlint.finding.problem import Label
from pgfpmlint.resolve import ip
from pgfpmlint.resolve.pgbouncer.faults import comment_above, comment_sign, is_quoted, usual, without_comment
from pgfpmlint.resolve.pgbouncer.objections import Objections
from pgfpmlint.resolve.pgbouncer.settings import Settings
from pgfpmlint.resolve.pgbouncer.value import SPACE
from pgfpmlint.resolve.settings import Effective, Unknown, Written
from pgfpmlint.source.text import Place

_PROTOCOLS = frozenset(("all", "default", "secure", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3"))


def check(settings: Settings, objections: Objections) -> None:
    _client_tls(settings, objections)
    for side in ("server", "client"):
        _protocols(settings, objections, side)
        _ciphers(settings, objections, side)
    _key_exchange(settings, objections)
    _unused_access(settings, objections)
    _listening(settings, objections)


def _client_tls(settings: Settings, objections: Objections) -> None:
    mode = settings.current("client_tls_sslmode")
    key, certificate = settings.current("client_tls_key_file"), settings.current("client_tls_cert_file")
    authority = settings.current("client_tls_ca_file")
    auth = settings.current("auth_type")
    if mode.value not in (None, "disable"):
        missing = [file for file in (key, certificate) if file.value == ""]
        if missing and mode.place is not None:
            names = " and ".join(file.name for file in missing)
            says = "To allow TLS connections from clients, client_tls_key_file and client_tls_cert_file must be set."
            objections.add("pooler/tls-without-certificate", mode.place, says, {"mode": mode.value, "missing": names})
            return
    if auth.value == "cert" and auth.place is not None:
        related: tuple[Label, ...] = ()
        if isinstance(mode.origin, Written):
            related = (Label(mode.origin.place, f"client_tls_sslmode is {mode.value}"),)
        if mode.value not in (None, "verify-full"):
            says = "auth_type=cert requires client_tls_sslmode=SSLMODE_VERIFY_FULL"
            values = {"needs": "client_tls_sslmode = verify-full", "has": f"client_tls_sslmode is {mode.value}"}
            objections.add("pooler/auth-cert-without-tls", auth.place, says, values, related=related)
        elif mode.value is not None and authority.value == "":
            values = {"needs": "client_tls_ca_file", "has": "client_tls_ca_file is empty"}
            says = "auth_type=cert requires client_tls_ca_file"
            objections.add("pooler/auth-cert-without-tls", auth.place, says, values, related=related)
    elif mode.value == "verify-full" and auth.value is not None and authority.value == "" and mode.place is not None:
        says = "client_tls_sslmode requires client_tls_ca_file"
        values = {"mode": mode.value, "missing": "client_tls_ca_file"}
        objections.add("pooler/tls-without-certificate", mode.place, says, values)


def _protocols(settings: Settings, objections: Objections, side: str) -> None:
    """Words that PgBouncer looks up itself. Before 1.16 it only logs that it does not know them."""
    mode = settings.current(f"{side}_tls_sslmode")
    legacy = objections.version.assumed or not objections.version.at_least(1, 21)
    protocols = _PROTOCOLS | {"legacy"} if legacy else _PROTOCOLS
    setting = settings.current(f"{side}_tls_protocols")
    words = (setting.value or "").replace(":", ",").split(",")
    if {word.lstrip(" \t").removeprefix("!").lower() for word in words} <= protocols or not setting.value:
        return
    fatal = mode.value not in (None, "disable") and objections.since(1, 16)
    if isinstance(setting.origin, Written) and (fatal or comment_sign(setting.value, sure=True) is not None):
        says = f"invalid {side}_tls_protocols: {setting.value}"
        expected = "a list of tlsv1.2, tlsv1.3, all or secure"
        _invalid(objections, setting, setting.origin.value_place, says, expected, fatal)


def _ciphers(settings: Settings, objections: Objections, side: str) -> None:
    """OpenSSL has to find a cipher. Before 1.16 PgBouncer only logged that it does not."""
    mode, setting = settings.current(f"{side}_tls_sslmode"), settings.current(f"{side}_tls_ciphers")
    if mode.value in (None, "disable") or not isinstance(setting.origin, Written) or not setting.value:
        return
    from pgfpmlint.resolve.pgbouncer.ciphers import may_select

    if not may_select(setting.value, objections.version):
        says = f"invalid {side}_tls_ciphers: {setting.value}"
        expected = "default, or a list of OpenSSL's ciphers such as HIGH:!aNULL"
        _invalid(objections, setting, setting.origin.value_place, says, expected, objections.since(1, 16))


# What OpenSSL calls its elliptic curves (openssl ecparam -list_curves), and what it knows that is none.
_CURVES = ("prime", "secp", "sect", "brainpool", "c2", "wap-", "oakley-", "sm2")
_NO_CURVES = frozenset(("x25519", "x448", "ed25519", "ed448"))


def _key_exchange(settings: Settings, objections: Objections) -> None:
    """Words for the clients' key exchange. Before 1.16 PgBouncer only logged that it does not know one."""
    if settings.current("client_tls_sslmode").value in (None, "disable"):
        return
    fatal = objections.since(1, 16)
    parameters, curve = settings.current("client_tls_dheparams"), settings.current("client_tls_ecdhcurve")
    known = ("", "auto", "none") if objections.version.at_least(1, 21) else ("", "auto", "none", "legacy")
    if isinstance(parameters.origin, Written) and (parameters.value or "").lower() not in known:
        says = f"invalid client_tls_dheparams: {parameters.value}"
        _invalid(objections, parameters, parameters.origin.value_place, says, "auto or none", fatal)
    name = (curve.value or "").lower()
    if isinstance(curve.origin, Written) and name not in ("", "auto", "none") and not name.startswith(_CURVES):
        expected = "auto, none or a curve of OpenSSL's such as prime256v1"
        if name in _NO_CURVES:
            says, fatal = "TLS setup failed: failed to set ECDHE curve", True
        else:
            says = f"invalid client_tls_ecdhecurve: {curve.value}"
        _invalid(objections, curve, curve.origin.value_place, says, expected, fatal)


def _unused_access(settings: Settings, objections: Objections) -> None:
    """Records that nobody reads: see load_config() in src/main.c."""
    file, method = settings.current("auth_hba_file"), settings.current("auth_type")
    if isinstance(file.origin, Written) and file.value and method.value not in (None, "hba"):
        related: tuple[Label, ...] = ()
        if isinstance(method.origin, Written):
            related = (Label(method.origin.place, f"auth_type is {method.value}"),)
        values = {"file": file.value, "method": method.value}
        place = file.origin.value_place
        objections.add("pooler/hba-file-unused", place, "", values, refuses=False, related=related)


def _listening(settings: Settings, objections: Objections) -> None:
    addresses, folder = settings.current("listen_addr"), settings.current("unix_socket_dir")
    if isinstance(addresses.origin, Unknown) or isinstance(folder.origin, Unknown):
        return
    places = list(_words(addresses.value or "", addresses))
    port = settings.current("listen_port")
    if places and isinstance(port.origin, Written) and (port.number or 0) < 0:
        says = f"getaddrinfo('{places[0][0]}', '{port.value}') = Servname not supported for ai_socktype [-8]"
        _invalid(objections, port, port.origin.value_place, says, "a port's number")
    for address, at in places:
        if not _may_be_address(address):
            says = f"getaddrinfo('{address}', '{port.value}') = Name or service not known [-2]"
            _invalid(objections, addresses, at, says, "a list of addresses and host names with commas between")
    if not isinstance(folder.origin, Written):
        return
    text, place = folder.origin.raw, folder.origin.value_place
    if not places and not text:
        related: tuple[Label, ...] = ()
        if isinstance(addresses.origin, Written):
            related = (Label(addresses.origin.place, "listen_addr is empty"),)
        objections.add("pooler/no-listener", folder.origin.place, "nowhere to listen on", related=related)
    elif is_quoted(text) or comment_sign(_socket_folder(text), sure=True) is not None:
        _odd_folder(objections, folder, text, place, bool(places))


def _socket_folder(text: str) -> str:
    """The folder that the socket would lie in: of the address as a whole 107 characters are kept, sun_path of
    https://man7.org/linux/man-pages/man7/unix.7.html less a zero."""
    return f"{text}/.s.PGSQL"[:107].rpartition("/")[0]


def _odd_folder(objections: Objections, folder: Effective, text: str, place: Place, listens: bool) -> None:
    """A name that no folder has. Since 1.19 PgBouncer gives up then, before only when it listens nowhere else."""
    gives_up = objections.version.at_least(1, 19) and not objections.version.assumed
    fatal = gives_up or not listens
    if is_quoted(text) and not fatal:
        values = {"name": folder.name, "value": text, "suggestion": f"write {folder.name} = {text[1:-1]}"}
        objections.add("pooler/quoted-value", place, "", values, refuses=False)
    else:
        says = "failed to create unix socket" if gives_up else "nowhere to listen on"
        _invalid(objections, folder, place, says, "a folder's name", fatal)


def _invalid(
    objections: Objections, setting: Effective, place: Place, says: str, expected: str, refuses: bool = True
) -> None:
    text = place.text
    values: dict[str, object] = {"name": setting.name, "value": text, "expected": expected}
    values["suggestion"] = usual(setting.name, objections.version)
    sign = comment_sign(text, sure=True)
    if sign is not None:
        values |= {"value": f'"{text}"', "suggestion": without_comment(setting.name, text, sign, empty=True)}
        fix = comment_above(place, text, sign, SAFE if refuses else UNSAFE) if place.text == text else None
        place = Place(place.source, place.start + sign, place.end)
        objections.add("pooler/comment-in-value", place, says, values, refuses=refuses, fix=fix)
        return
    if is_quoted(text):
        values["suggestion"] = f"write {setting.name} = {text[1:-1]}"
    objections.add("pooler/invalid-value", place, says, values, refuses=refuses)


def _words(text: str, setting: Effective) -> Iterator[tuple[str, Place]]:
    """The words between commas, without the white space around them; none for what is empty."""
    if not isinstance(setting.origin, Written):
        return
    at = setting.origin.value_place.start
    for word in text.split(","):
        body = word.strip(SPACE)
        if body:
            start = at + word.index(body)
            yield body, Place(setting.origin.value_place.source, start, start + len(body))
        at += len(word) + 1


def _may_be_address(text: str) -> bool:
    """Whether some machine may know ``text`` as an address or a host's name. Names are made of letters, digits,
    - _ and dots, and no top-level domain is a number (RFC 3696, section 2)."""
    if text == "*":
        return True
    if ":" in text:
        # A link's name may only follow an address of that link (fe80::/10).
        _, scoped, link = text.partition("%")
        found = ip.parse(text)
        return found is not None and (not scoped or link.isdigit() or found[1] >> 118 == 0xFE80 >> 6)
    if not text.isascii() or not text.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return False
    if text.startswith(("-", ".")) or ".." in text:
        return False
    last = text.rstrip(".").rpartition(".")[2]
    return not last.isdigit() or ip.parse(text) is not None
