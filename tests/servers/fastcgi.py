"""A FastCGI client of one function: what a web server says to a PHP-FPM worker.

https://fastcgi-archives.github.io/FastCGI_Specification.html
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from pathlib import Path

_BEGIN, _END, _PARAMS, _STDIN, _STDOUT, _STDERR = 1, 3, 4, 5, 6, 7
_RESPONDER = 1


Address = Path | tuple[str, int]


def request(listen: Address, script: Path, seconds: float = 30.0, more: Mapping[str, str] | None = None) -> str:
    """The body that ``script`` prints; ``more`` are parameters that it finds in ``$_SERVER``."""
    parameters = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_FILENAME": str(script),
        "SCRIPT_NAME": f"/{script.name}",
        "REQUEST_URI": f"/{script.name}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        **(more or {}),
    }
    with socket.socket(socket.AF_UNIX if isinstance(listen, Path) else socket.AF_INET) as stream:
        stream.settimeout(seconds)
        stream.connect(str(listen) if isinstance(listen, Path) else listen)
        stream.sendall(
            _record(_BEGIN, struct.pack("!HB5x", _RESPONDER, 0))
            + _record(_PARAMS, b"".join(_pair(name, value) for name, value in parameters.items()))
            + _record(_PARAMS, b"")
            + _record(_STDIN, b"")
        )
        output = b""
        with stream.makefile("rb") as answer:
            while head := answer.read(8):
                _, kind, _, length, padding = struct.unpack("!BBHHBx", head)
                content = answer.read(length + padding)[:length]
                if kind in (_STDOUT, _STDERR):
                    output += content
                if kind == _END:
                    break
    return output.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def _pair(name: str, value: str) -> bytes:
    key, data = name.encode(), value.encode()
    return struct.pack("!II", len(key) | 1 << 31, len(data) | 1 << 31) + key + data
