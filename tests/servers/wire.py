"""PostgreSQL's protocol, as little of it as the judges need: how a server greets a connection, and simple queries.

psql can't choose the address that it comes from, and which record of pg_hba.conf decides depends on just that; nor
can it become the user that PgBouncer's console lets in. So no client program is needed at all.
https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

_PROTOCOL_3 = 196608
_SSL_REQUEST = 80877103
_CLEARTEXT = 3
_MD5 = 5

Row = dict[str, str | None]


class Refused(Exception):
    """The server's error message."""


class Session:
    """One connection. ``place`` is the folder of a Unix socket, or an IP address to connect from and to."""

    def __init__(self, place: Path | str, port: str | int, *, tls: bool = False) -> None:
        if isinstance(place, Path):
            self._stream = socket.socket(socket.AF_UNIX)
            self._stream.settimeout(60)
            self._stream.connect(f"{place}/.s.PGSQL.{port}")
        else:
            self._stream = socket.create_connection((place, int(port)), timeout=60, source_address=(place, 0))
        if tls:
            self._stream.sendall(struct.pack("!ii", 8, _SSL_REQUEST))
            assert self._stream.recv(1) == b"S", "the server has no TLS"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self._stream = context.wrap_socket(self._stream)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()

    def start(self, startup: Mapping[str, str], password: str = "wrong") -> bool:
        """Log in. Whether it went without a question for a password; `Refused` when authentication fails."""
        words = b"".join(f"{key}\0{value}\0".encode() for key, value in startup.items()) + b"\0"
        self._stream.sendall(struct.pack("!ii", 8 + len(words), _PROTOCOL_3) + words)
        asked = False
        while True:
            kind, body = self._message()
            if kind == b"E":
                raise Refused(_error(body))
            if kind == b"R":
                (code,) = struct.unpack("!i", body[:4])
                if code == 0:
                    return not asked
                assert code in (_CLEARTEXT, _MD5), f"authentication request {code}"
                asked = True
                self._send(b"p", password)  # to a question for an MD5 hash this is a wrong one, as a wrong password is

    def rows(self, sql: str) -> list[Row]:
        """The rows of one query, values as text."""
        self._send(b"Q", sql)
        names: list[str] = []
        found: list[Row] = []
        failed: str | None = None
        while True:
            kind, body = self._message()
            if kind == b"T":
                names = _names(body)
            elif kind == b"D":
                found.append(dict(zip(names, _values(body))))
            elif kind == b"E":
                failed = _error(body)
            elif kind == b"Z":
                if failed is not None:
                    raise Refused(failed)
                return found

    def ready(self) -> None:
        """Wait until the server takes queries; `Refused` when it can't, for want of the database for example."""
        while True:
            kind, body = self._message()
            if kind == b"E":
                raise Refused(_error(body))
            if kind == b"Z":
                return

    def _send(self, kind: bytes, text: str) -> None:
        data = text.encode("utf-8", "surrogateescape") + b"\0"
        self._stream.sendall(kind + struct.pack("!i", 4 + len(data)) + data)

    def _message(self) -> tuple[bytes, bytes]:
        head = self._exactly(5)
        return head[:1], self._exactly(struct.unpack("!i", head[1:])[0] - 4)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._stream.recv(count - len(data))
            if not part:
                raise Refused("the server closed the connection")
            data += part
        return data


@contextlib.contextmanager
def open_session(place: Path | str, port: str | int, user: str, database: str) -> Iterator[Session]:
    """A session that is ready for queries."""
    with Session(place, port) as session:
        session.start({"user": user, "database": database})
        session.ready()
        yield session


@contextlib.contextmanager
def connecting_as(user: str) -> Iterator[None]:
    """Be ``user`` for a moment: whoever listens on a Unix socket is told the user that connects."""
    if os.geteuid() != 0:
        yield
        return
    import pwd

    os.seteuid(pwd.getpwnam(user).pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def _names(body: bytes) -> list[str]:
    (count,) = struct.unpack("!h", body[:2])
    names: list[str] = []
    at = 2
    for _ in range(count):
        end = body.index(b"\0", at)
        names.append(body[at:end].decode("utf-8", "surrogateescape"))
        at = end + 1 + 18
    return names


def _values(body: bytes) -> list[str | None]:
    (count,) = struct.unpack("!h", body[:2])
    values: list[str | None] = []
    at = 2
    for _ in range(count):
        (length,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        values.append(None if length < 0 else body[at : at + length].decode("utf-8", "surrogateescape"))
        at += max(length, 0)
    return values


def _error(body: bytes) -> str:
    fields = {part[:1]: part[1:] for part in body.split(b"\0") if part}
    return fields.get(b"M", b"").decode("utf-8", "replace")
