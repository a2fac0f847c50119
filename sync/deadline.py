"""One end for everything a call does: names looked up, connections made, bytes written and read, over several requests.

A time limit for each read does not end a call whose answer drips; this one does.
"""

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any

import httpcore

CALL_SECONDS = 15.0
CONNECT_SECONDS = 5.0
_PIECE = 16_384
_END: ContextVar[float | None] = ContextVar("end", default=None)


@contextlib.contextmanager
def within(seconds: float = CALL_SECONDS) -> Iterator[None]:
    """What happens inside ends after `seconds`, or earlier where it is part of something that does."""
    end = time.monotonic() + seconds
    earlier = _END.get()
    token = _END.set(end if earlier is None else min(end, earlier))
    try:
        yield
    finally:
        _END.reset(token)


def seconds_left(at_most: float | None = None) -> float:
    """How long something may still take; 0 when time is up."""
    end = _END.get()
    left = CALL_SECONDS if end is None else max(0.0, end - time.monotonic())
    return left if at_most is None else min(left, at_most)


def addresses_of(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. The system's look-up knows no limit, so it is left behind when time is up.

    Raises TimeoutError, or OSError where there is no such name.
    """
    with contextlib.suppress(ValueError):
        return [str(ip_address(host.strip("[]")))]
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError("not a name"))

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


class TimedBackend(httpcore.NetworkBackend):
    """Connections that know the deadline of whoever uses them. `only_public`: none into this or a private network."""

    def __init__(self, *, only_public: bool = False) -> None:
        self._network = httpcore.SyncBackend()
        self._only_public = only_public

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = addresses_of(host, port, seconds_left(timeout))
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        fault: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            if self._only_public and not ip_address(address).is_global:
                continue
            try:
                left = _more_than_nothing(seconds_left(timeout), httpcore.ConnectTimeout)
                return _TimedStream(self._network.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _more_than_nothing(seconds_left(timeout), httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            left = _more_than_nothing(seconds_left(timeout), httpcore.WriteTimeout)
            self._stream.write(buffer[start : start + _PIECE], left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _more_than_nothing(seconds_left(timeout), httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _more_than_nothing(seconds: float, fault: type[Exception]) -> float:
    if seconds <= 0:
        raise fault
    return seconds
