"""What PgBouncer asks of its machine when it starts: an account to become, files to open, a folder for its socket.

See main() in src/main.c, sbuf_tls_setup() in src/sbuf.c and create_unix_socket() in src/pooler.c of
https://github.com/pgbouncer/pgbouncer. Nothing is said where the tree does not tell.
"""

from __future__ import annotations

from pgfpmlint.resolve.pgbouncer.objections import Objections
from pgfpmlint.resolve.pgbouncer.settings import Settings
from pgfpmlint.resolve.settings import Effective, Written
from pgfpmlint.source import paths
from pgfpmlint.source.machine import Machine

ACCOUNT = "pooler/account-unknown"


class BouncerMachine:
    """Answers for one PgBouncer that is ``started_in`` a folder, from which relative names count; empty where no file
    tells."""

    def __init__(self, machine: Machine, started_in: str, settings: Settings, objections: Objections) -> None:
        self._machine = machine
        self._started_in = started_in
        self._settings = settings
        self._objections = objections

    def check(self) -> None:
        self._opens("logfile", "Cannot open logfile: '{}': {}")
        self._account("user", "could not find user '{}' to switch to")
        mode = self._settings.current("client_tls_sslmode").value
        if mode not in (None, "disable"):
            self._certificates("client_tls_ca_file", "failed to load CA", "CERTIFICATE-----", "CRL-----")
            self._certificates("client_tls_cert_file", 'failed to load certificate file "{}"', "CERTIFICATE-----")
            self._certificates("client_tls_key_file", 'failed to load private key file "{}"', "PRIVATE KEY-----")
        self._socket()
        # 1.12 named its source file first and the error's number last. An old pidfile is read before it is written.
        words = "could not open pidfile '{}': {}" if self._objections.version.at_least(1, 13) else "{}: {} [2]"
        self._opens("pidfile", words, words.replace("open", "read"))

    def _opens(self, name: str, says: str, of_folder: str = "") -> None:
        setting, path = self._path(name)
        why = self._machine.cannot_create(path) if path else ""
        if setting.value and why:
            says = of_folder if of_folder and why.startswith("Is") else says
            self._refuse(
                setting, says.format(setting.value, why.rpartition(" ")[0]), "a file in a folder that is there"
            )

    def _certificates(self, name: str, says: str, *marks: str) -> None:
        """A PEM file that is loaded before anything is served; one of ``marks`` stands in every one of its kind."""
        setting, path = self._path(name)
        if not setting.value or not path:
            return
        says = f"TLS setup failed: {says.format(setting.value)}"
        if self._machine.has_file(path) is False:
            self._refuse(setting, says, "a file that is there")
        elif self._machine.lacks(path, marks):
            self._refuse(setting, says, "a PEM file")

    def _socket(self) -> None:
        folder, path = self._path("unix_socket_dir")
        addresses = self._settings.current("listen_addr").value
        if addresses is None or not folder.value or not path:
            return
        group = self._settings.current("unix_socket_group")
        if self._machine.has_folder(path) is False:
            gives_up = self._objections.since(1, 19)
            if gives_up or not addresses:
                says = "failed to create unix socket" if gives_up else "nowhere to listen on"
                self._refuse(folder, says, "a folder that is there")
        elif group.value and self._machine.has_group(group.value) is False:
            self._unknown(group, "group", f"could not find group '{group.value}'")

    def _account(self, name: str, says: str) -> None:
        setting = self._settings.current(name)
        if setting.value and self._machine.has_user(setting.value) is False:
            self._unknown(setting, "user", says.format(setting.value))

    def _path(self, name: str) -> tuple[Effective, str | None]:
        """The setting and the absolute path that it stands for; ``@`` names no file but an abstract socket."""
        setting = self._settings.current(name)
        text = setting.value or ""
        known = text.startswith("/") or (self._started_in and not text.startswith("@"))
        return setting, paths.join(self._started_in, text) if text and known else None

    def _unknown(self, setting: Effective, kind: str, says: str) -> None:
        if isinstance(setting.origin, Written):
            values = {"name": setting.name, "account": setting.value, "kind": kind}
            self._objections.add(ACCOUNT, setting.origin.value_place, says, values, of_machine=True)

    def _refuse(self, setting: Effective, says: str, expected: str) -> None:
        if isinstance(setting.origin, Written):
            values = {"name": setting.name, "value": setting.value, "expected": expected}
            values["suggestion"] = f"create {setting.value}, or write what is there for {setting.name}"
            place = setting.origin.value_place
            self._objections.add("pooler/invalid-value", place, says, values, of_machine=True)
