"""A cable on this computer between a desk and the server's socket: it can be pulled, plugged in, and lose answers."""

import contextlib
import random
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

_COMMIT = b"COMMIT"


class Cable:
    """A TCP door to the server. `pull` ends every connection and lets nobody in; `lost` counts the answers eaten."""

    def __init__(self, address: Mapping[str, str], lose: float = 0.0, seed: int = 1) -> None:
        self._host, self._server_port = address["host"], int(address["port"])
        self._lose, self._chance = lose, random.Random(seed)
        self.lost = 0
        self.commits = 0
        self._lock = threading.Lock()
        self._lines: set[socket.socket] = set()
        self._door: socket.socket | None = None
        self._port = 0
        self.plug()

    @property
    def port(self) -> str:
        """Where a client knocks, also while it is pulled."""
        return str(self._port)

    def address(self, address: Mapping[str, str]) -> dict[str, str]:
        """The server's address, through this cable."""
        return {**address, "host": "127.0.0.1", "port": self.port}

    def plug(self) -> None:
        """Let clients through, on the same port as before."""
        self._door = socket.create_server(("127.0.0.1", self._port))
        self._port = int(self._door.getsockname()[1])
        threading.Thread(target=self._open, args=(self._door,), daemon=True).start()

    def pull(self) -> None:
        """Nobody gets through any more, and whoever was on the line is cut off."""
        door, self._door = self._door, None
        if door is not None:
            _hang_up(door)
        with self._lock:
            lines, self._lines = self._lines, set()
        for line in lines:
            _hang_up(line)

    @contextlib.contextmanager
    def losing(self, share: float) -> Iterator[None]:
        """Lose this share of the answers to COMMIT for a while."""
        before, self._lose = self._lose, share
        yield
        self._lose = before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.pull()

    def _open(self, door: socket.socket) -> None:
        while True:
            try:
                client, _from = door.accept()
                server = self._reach_server()
            except OSError:
                return
            with self._lock:
                self._lines |= {client, server}
            eaten = threading.Event()
            for work in ((client, server, eaten, True), (server, client, eaten, False)):
                threading.Thread(target=self._carry, args=work, daemon=True).start()

    def _reach_server(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._server_port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(Path(self._host) / f".s.PGSQL.{self._server_port}"))
        return server

    def _carry(self, source: socket.socket, target: socket.socket, eaten: threading.Event, asking: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if asking and _COMMIT in data:
                    self._decide(eaten)
                elif not asking and eaten.is_set():
                    break  # the server has answered, so it is done; the desk is never told
                target.sendall(data)
        _hang_up(source)
        _hang_up(target)

    def _decide(self, eaten: threading.Event) -> None:
        with self._lock:
            self.commits += 1
            if self._chance.random() < self._lose:
                self.lost += 1
                eaten.set()


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
