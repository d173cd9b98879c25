"""Texts of files with every secret replaced by a placeholder of the same kind."""

from __future__ import annotations

from pgfpmlint.report.secrets import secret_spans

PLAIN = "hidden"
MD5 = f"md5{'0' * 32}"
QUOTES = "'\""
APART = frozenset(" \t,'\"")
SIGNS = frozenset("0123456789abcdefABCDEF")


def without_hashes(accounts: str) -> str:
    """/etc/passwd or /etc/group with nothing but names, numbers and members: old ones hold hashes."""
    lines = (line.split(":") for line in accounts.splitlines())
    return "".join(":".join([*fields[:1], *("x" for _ in fields[1:2]), *fields[2:4]]) + "\n" for fields in lines)


def veiled(text: str) -> str:
    """``text`` with the same lines, quotes and kinds of secrets, and none of the secrets: whatever is masked in an
    output. A SCRAM secret becomes one that is equal wherever it was equal; of others not even that can be told."""
    parts: list[str] = []
    done = 0
    for start, end in secret_spans(text, whole_file=True):
        parts += text[done:start], _veil(text[start:end])
        done = end
    return "".join([*parts, text[done:]])


def _veil(span: str) -> str:
    """What stands for a span: it may hold quotes around the secret, and several lines."""
    if span.startswith("$") and span.endswith("$") and len(span) > 1:
        tag = span[: span.index("$", 1) + 1]
        return f"{tag}{PLAIN}{tag}" if span.endswith(tag) else PLAIN
    if "\n" in span:
        return "\n".join(_veil(line) if line.strip() else line for line in span.split("\n"))
    inner = span.strip()
    lead, trail = span[: len(span) - len(span.lstrip())], span[len(span.rstrip()) :]
    opening = inner[: len(inner) - len(inner.lstrip(QUOTES))]
    secret = inner[len(opening) :]
    closing = secret[len(secret.rstrip(QUOTES)) :]
    secret = secret[: len(secret) - len(closing)] if closing else secret
    return f"{lead}{opening}{_placeholder(secret)}{closing}{trail}"


def _placeholder(secret: str) -> str:
    if not secret:
        return ""
    if secret.startswith("SCRAM-SHA-256$"):
        return _scram(secret)
    if len(secret) == len(MD5) and secret.startswith("md5") and SIGNS.issuperset(secret[3:]):
        return MD5
    return _words(secret)


def _words(secret: str) -> str:
    """Each word hidden for itself: what tears a line apart stays, so that what is refused is refused still."""
    parts: list[str] = []
    for sign in secret:
        if sign in APART:
            parts.append(sign)
        elif not parts or parts[-1] != PLAIN:
            parts.append(PLAIN)
    return "".join(parts)


def _scram(secret: str) -> str:
    """Well formed as far as the secret is: its iterations, and made-up salt and keys in the place of its own. They are
    a digest of the whole: whoever would guess the password from that lacks the salt, 128 random bits."""
    from base64 import b64encode
    from hashlib import sha256

    method, _, rest = secret.partition("$")
    iterations, colon, _ = rest.partition(":")
    if not colon or not iterations.isdigit() or rest.count("$") != 1 or rest.count(":") != 2:
        return PLAIN
    salt, stored, server = (
        b64encode(sha256(f"{name}\0{secret}".encode("utf-8", "surrogateescape")).digest()) for name in "ack"
    )
    return f"{method}${iterations}:{b64encode(salt[:16]).decode()}${stored.decode()}:{server.decode()}"
