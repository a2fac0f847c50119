"""A provider on loopback: a real HTTP server that keeps what was posted and fails as it is told to."""

import contextlib
import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TURN = 10.0  # seconds within which something expected has to happen


@dataclass(frozen=True)
class Posted:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8", "strict"))

    @property
    def form(self) -> dict[str, str]:
        fields = parse_qs(self.body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(self.body))
        return {name: values[-1] for name, values in fields.items()}


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200, **headers: str) -> Self:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


# What goes wrong with one request. `status(503)`, LOST_REPLY …; each is told once, for the next request that comes.
@dataclass(frozen=True)
class Fault:
    reply: Reply | None = None  # answered instead
    takes: bool = False  # whether the request has its effect all the same
    silent: bool = False  # no answer, and the connection is left open
    drips: float = 0.0  # seconds between two bytes of the answer
    waits: float = 0.0  # seconds before the answer


LOST_REPLY = Fault(takes=True)  # done, and nobody hears of it
LOST_REQUEST = Fault()  # never done, and nobody hears of it
SILENCE = Fault(takes=True, silent=True)


def status(code: int, body: object = None, **headers: str) -> Fault:
    """An answer of that HTTP status, and no effect."""
    return Fault(Reply.of(body if body is not None else {}, code, **headers))


def dripping(seconds: float) -> Fault:
    """The right answer, one byte at a time."""
    return Fault(takes=True, drips=seconds)


def late(seconds: float) -> Fault:
    """The right answer, late."""
    return Fault(takes=True, waits=seconds)


class FakeProvider:
    """What the fakes have in common. `answer` is what a provider does with a request."""

    def __init__(self) -> None:
        self.requests: list[Posted] = []
        self._faults: queue.SimpleQueue[Fault] = queue.SimpleQueue()
        self._always: Callable[[Posted], Fault | None] = lambda _request: None
        self._came = threading.Condition()
        self._closing = threading.Event()
        self._server = _Server(self)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    @classmethod
    @contextmanager
    def open(cls, *args: Any, **kwargs: Any) -> Iterator[Self]:
        """The provider, listening until the end of the block."""
        fake = cls(*args, **kwargs)
        thread = threading.Thread(
            target=fake._server.serve_forever, kwargs={"poll_interval": 0.02}, name=cls.__name__, daemon=True
        )
        thread.start()
        try:
            yield fake
        finally:
            fake._closing.set()
            fake.closed()
            fake._server.shutdown()
            fake._server.server_close()
            fake._server.hang_up()
            thread.join(TURN)

    def answer(self, request: Posted) -> Reply:
        """What the provider does and says."""
        raise NotImplementedError

    def closed(self) -> None:
        """What is to be ended besides."""

    def fail_next(self, *faults: Fault) -> None:
        """The next requests go wrong, in this order, one fault for each."""
        for fault in faults:
            self._faults.put(fault)

    def fail_always(self, choose: Callable[[Posted], Fault | None]) -> None:
        """Every request is asked what goes wrong with it; None for nothing."""
        self._always = choose

    def wait_until(self, true: Callable[[], bool], seconds: float = TURN) -> None:
        """Wait for something that a request brings about."""
        with self._came:
            assert self._came.wait_for(true, seconds), f"not within {seconds} s; {len(self.requests)} requests came"

    def something_happened(self) -> None:
        """Whoever waits looks again."""
        with self._came:
            self._came.notify_all()

    def take(self, request: Posted) -> tuple[Reply | None, Fault]:
        """What to answer to a request, and how; nothing at all where the answer is lost."""
        fault = self._next_fault(request)
        with self._came:
            reply = self.answer(request) if fault is None or fault.takes else fault.reply
            self.requests.append(request)
            self._came.notify_all()
        if fault is None:
            return reply, Fault(takes=True)
        lost = fault.takes and not (fault.drips or fault.waits)
        return (None if lost else reply), fault

    def _next_fault(self, request: Posted) -> Fault | None:
        try:
            return self._faults.get_nowait()
        except queue.Empty:
            return self._always(request)

    @property
    def ended(self) -> bool:
        """Whether the fake is being closed."""
        return self._closing.is_set()

    def wait_for_end(self, seconds: float | None = None) -> None:
        """Hold a connection until the fake is closed, or for a while."""
        self._closing.wait(seconds)


def knock(url: str, body: bytes, headers: Mapping[str, str], method: str = "POST") -> tuple[int, str]:
    """Post to a gateway on loopback: status and text of its answer."""
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1", "connect(…) the fake to a gateway on loopback first"
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TURN)
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    finally:
        connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, fake: FakeProvider) -> None:
        self.fake = fake
        self._connections: set[socket.socket] = set()
        self._changing = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Requests)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changing:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._changing:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        with self._changing:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    server: _Server

    def _take(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply, fault = self.server.fake.take(Posted(self.command, parts.path, query, headers, body, time.monotonic()))
        if fault.silent:
            self.server.fake.wait_for_end()
        elif fault.waits:
            self.server.fake.wait_for_end(fault.waits)
        if reply is None:
            self.close_connection = True
            return
        self._answer(reply, fault.drips)

    def _answer(self, reply: Reply, drips: float) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not drips:
            self.wfile.write(reply.body)
            self.wfile.flush()
            return
        for byte in reply.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            self.server.fake.wait_for_end(drips)

    do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to be said."""
