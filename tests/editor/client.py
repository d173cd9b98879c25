"""An editor: a client of the language server over its standard input and output, as the protocol has it.

It reads until the message that a test waits for is there. Nothing waits for a time to pass; a server that falls silent
is ended after a minute, and the test with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0

Message = dict[str, Any]

CAPABILITIES: Message = {
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True, "codeDescriptionSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}},
}


class Editor:
    """``said`` is every message that the server has sent."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.said: list[Message] = []
        self.published: dict[str, Message] = {}
        self.folder = folder
        self._process = process
        self._versions: dict[str, int] = {}
        self._open: set[str] = set()
        self._ids = 0

    def request(self, method: str, params: object = None) -> Any:
        """What the server answers; an assertion fails where it answers with an error."""
        answer = self.ask(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def ask(self, method: str, params: object = None) -> Message:
        self._ids += 1
        number = self._ids
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                return message

    def notify(self, method: str, params: object = None) -> None:
        self._send({"method": method, "params": params})

    def uri(self, path: str) -> str:
        return (self.folder / path).as_uri()

    def open(self, path: str, text: str | None = None) -> list[Message]:
        """Open a file, with a text of its own if it was never saved; what the server says of it."""
        content = (self.folder / path).read_bytes().decode() if text is None else text
        version = self._versions[path] = self._versions.get(path, 0) + 1
        item = {"uri": self.uri(path), "languageId": "conf", "version": version, "text": content}
        self._open.add(path)
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.told(path)

    def close(self, path: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(path)}})
        self._open.discard(path)

    def close_all(self) -> None:
        for path in sorted(self._open):
            self.close(path)

    def type(self, path: str, text: str) -> None:
        self._versions[path] += 1  # from one opening of the file to the next as well
        document = {"uri": self.uri(path), "version": self._versions[path]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def told(self, path: str) -> list[Message]:
        """What the server says of an open file as it is now."""
        while self.published.get(self.uri(path), {}).get("version") != self._versions[path]:
            self._receive()
        self.keep_up()
        return self.of(path)

    def keep_up(self) -> None:
        """Hear all that the server has said until now: it answers in turn."""
        self.ask("pgfpmlint/nothing")

    def of(self, path: str) -> list[Message]:
        """What the server has said last of a file."""
        found: list[Message] = self.published[self.uri(path)]["diagnostics"]
        return found

    def until_told(self, path: str) -> list[Message]:
        """Wait for the next word about a file, open or not."""
        self.published.pop(self.uri(path), None)
        while self.uri(path) not in self.published:
            self._receive()
        return self.of(path)

    def at(self, path: str, mark: str, text: str | None = None, **more: object) -> Message:
        """Parameters of a question about the place in an open file where ``mark`` has its ``|``."""
        content = (self.folder / path).read_text() if text is None else text
        before, after = mark.split("|")
        found = content.index(before + after) + len(before)
        line = content.count("\n", 0, found)
        character = found - (content.rfind("\n", 0, found) + 1)
        position = {"line": line, "character": character}
        return {"textDocument": {"uri": self.uri(path)}, "position": position, **more}

    def hover(self, path: str, mark: str) -> str:
        found = self.request("textDocument/hover", self.at(path, mark))
        return found["contents"]["value"] if found else ""

    def proposed(self, path: str, mark: str, text: str) -> dict[str, Message]:
        """What is proposed at the mark in ``text``, which is typed first."""
        self.type(path, text.replace("|", ""))
        found = self.request("textDocument/completion", self.at(path, mark, text.replace("|", "")))
        return {item["label"]: item for item in found}

    def leads_to(self, path: str, mark: str) -> list[tuple[str, int]]:
        """Paths from the folder and line numbers from 1."""
        found = self.request("textDocument/definition", self.at(path, mark))
        lead = self.folder.as_uri() + "/"
        return [(one["uri"].removeprefix(lead), one["range"]["start"]["line"] + 1) for one in found]

    def offers(self, path: str, finding: Message) -> dict[str, Message]:
        """Actions for a diagnostic, by title."""
        params = {"textDocument": {"uri": self.uri(path)}, "range": finding["range"]}
        found = self.request("textDocument/codeAction", {**params, "context": {"diagnostics": [finding]}})
        return {action["title"]: action for action in found}

    def leave(self) -> int:
        """Say goodbye; the server's exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.gone()

    def gone(self) -> int:
        """Wait for the server's end; its exit code."""
        return self._process.wait()

    def raw(self, body: bytes) -> None:
        """Send a body as it is."""
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _send(self, message: Message) -> None:
        self.raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def _receive(self) -> Message:
        assert self._process.stdout
        length = 0
        while (line := self._process.stdout.readline()) != b"\r\n":
            assert line.startswith((b"Content-Length: ", b"Content-Type: ")), line
            if line.startswith(b"Content-Length: "):
                length = int(line.split()[1])
        message: Message = json.loads(self._process.stdout.read(length))
        self.said.append(message)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message


@contextmanager
def editor(
    folder: Path, *words: str, folders: Sequence[Path] | None = None, capabilities: Message = CAPABILITIES
) -> Iterator[Editor]:
    """One that has ``folders`` open (``folder``, if not told), with its server at its side."""
    command = [sys.executable, "-m", "pgfpmlint", "lsp", *words]
    process = subprocess.Popen(
        command,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    end = Timer(PATIENCE, process.kill)
    end.start()
    try:
        one = Editor(process, folder)
        opened = [{"uri": path.as_uri(), "name": path.name} for path in ([folder] if folders is None else folders)]
        one.request(
            "initialize", {"processId": os.getpid(), "capabilities": capabilities, "workspaceFolders": opened or None}
        )
        one.notify("initialized", {})
        yield one
    finally:
        end.cancel()
        process.kill()
        _, errors = process.communicate()
        assert b"Traceback" not in errors, errors.decode()
