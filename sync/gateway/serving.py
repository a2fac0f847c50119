"""The gateway as a thread of the process that sends: begun, and stopped without cutting an answer short."""

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from clinicdesk.logs import log

DEFAULT_PORT = 8470
MOST_AT_ONCE = 200
_SECONDS_TO_END = 5


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the gateway is reached."""

    host: str
    port: int


class PortTaken(Exception):
    """Another program listens there already."""


class NotOnLoopback(Exception):
    """The gateway is reached through what stands before it on this computer, and by nobody else."""


@contextlib.contextmanager
def serve(app: Starlette, host: str = "127.0.0.1", port: int = DEFAULT_PORT) -> Iterator[Listening]:
    """The gateway while the block lasts; port 0 is any that is free. Raises PortTaken, NotOnLoopback.

    On the way out, answers under way are given."""
    listener = _bound(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # addresses are secrets
        server_header=False,
        lifespan="on",
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_SECONDS_TO_END,
        h11_max_incomplete_event_size=32_768,
        http="h11",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="gateway", daemon=True)
    thread.start()
    where = Listening(host, listener.getsockname()[1])
    log(__name__).info("gateway_listens", port=where.port)
    try:
        yield where
    finally:
        server.should_exit = True
        thread.join(_SECONDS_TO_END + 5)
        listener.close()


def _bound(host: str, port: int) -> socket.socket:
    if not ipaddress.ip_address(host).is_loopback:
        raise NotOnLoopback
    try:
        listener = socket.create_server((host, port), backlog=256)
    except OSError as error:
        raise PortTaken from error
    listener.set_inheritable(False)
    return listener
