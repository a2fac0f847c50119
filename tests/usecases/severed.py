"""A road to the server that loses the answer to a COMMIT: the server has done it, and the desk is never told."""

import contextlib
import socket
import threading
from pathlib import Path
from typing import Self

_COMMIT = b"COMMIT"


class Severed:
    """A TCP door on this computer to the server's socket; `lose_next_commit` eats one answer and hangs up."""

    def __init__(self, address: dict[str, str]) -> None:
        self._host, self._server_port = address["host"], int(address["port"])
        self._armed = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._open, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> str:
        """Where a client knocks."""
        return str(self._door.getsockname()[1])

    def lose_next_commit(self) -> None:
        """From now on the first COMMIT reaches the server and its answer reaches nobody."""
        self._armed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for line in (self._door, *self._lines):
            _hang_up(line)
        for thread in self._threads:
            thread.join()

    def _open(self) -> None:
        while True:
            try:
                client, _from = self._door.accept()
            except OSError:
                return
            server = self._reach_server()
            self._lines += [client, server]
            lost = threading.Event()
            for work in ((client, server, lost, True), (server, client, lost, False)):
                self._threads.append(threading.Thread(target=self._carry, args=work, daemon=True))
                self._threads[-1].start()

    def _reach_server(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._server_port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(Path(self._host) / f".s.PGSQL.{self._server_port}"))
        return server

    def _carry(self, source: socket.socket, target: socket.socket, lost: threading.Event, asking: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if asking and _COMMIT in data and self._armed.is_set():
                    self._armed.clear()
                    lost.set()
                elif not asking and lost.is_set():
                    break  # the server has answered, so it is done
                target.sendall(data)
        _hang_up(source)
        _hang_up(target)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
