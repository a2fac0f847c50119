"""Somebody between a desk and its server, who ends the desk's TLS with a certificate of their own and passes all on."""

import socket
import ssl
import threading
from pathlib import Path
from types import TracebackType

from tests.server.lan import entered

_ASK_FOR_TLS = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"  # PostgreSQL's SSLRequest


class Relay:
    """Listens in a namespace on the server's port until the end; `passed` counts the bytes that went through."""

    def __init__(self, space: str, certificate: Path, key: Path, server: tuple[str, int]) -> None:
        self.passed = 0
        self._server = server
        self._space = space
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        with entered(space):
            self._listening = socket.create_server(("0.0.0.0", server[1]))
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Relay":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with entered(self._space):
            while True:
                try:
                    desk, _address = self._listening.accept()
                except OSError:
                    return
                threading.Thread(target=self._between, args=(desk,), daemon=True).start()

    def _between(self, desk: socket.socket) -> None:
        try:
            if desk.recv(8) != _ASK_FOR_TLS:
                return
            desk.sendall(b"S")
            at_desk = self._context.wrap_socket(desk, server_side=True)
            plain = socket.create_connection(self._server, 5)
            plain.sendall(_ASK_FOR_TLS)
            plain.recv(1)
            believing = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            believing.check_hostname, believing.verify_mode = False, ssl.CERT_NONE
            at_server = believing.wrap_socket(plain)
            threading.Thread(target=self._pass_on, args=(at_desk, at_server), daemon=True).start()
            self._pass_on(at_server, at_desk)
        except OSError:
            desk.close()

    def _pass_on(self, giver: ssl.SSLSocket, taker: ssl.SSLSocket) -> None:
        try:
            while block := giver.recv(65536):
                self.passed += len(block)
                taker.sendall(block)
        except OSError:
            pass
        finally:
            for each in (giver, taker):
                each.close()
