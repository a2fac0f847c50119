"""A clinic's network out of namespaces: a switch, and computers plugged into it, with no way to any other network."""

import ctypes
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

_NEW_NETWORK = 0x40000000
_NAMESPACES = Path("/var/run/netns")


class Lan:
    """A switch named `cd-NAME-lan` and the computers joined to it; all of it is gone at the end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._alone = FileLock(f"/run/clinicdesk-{name}.lock")

    def __enter__(self) -> "Lan":
        try:
            self._alone.acquire(timeout=0)
        except Timeout:
            raise SystemExit(f"Another run of {self._name} is at work.") from None
        self._remove_left_over()
        _ip("netns", "add", self._switch)
        self._in_switch("link", "add", "switch", "type", "bridge", "forward_delay", "0")
        self._in_switch("link", "set", "switch", "up")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._remove_left_over()
        self._alone.release()

    def namespace(self, computer: str) -> str:
        """The name of a computer's namespace."""
        return f"cd-{self._name}-{computer}"

    def join(self, computer: str, *addresses: str) -> str:
        """A computer with these addresses (of 10.77.0.0/24), plugged in; its namespace."""
        space, port = self.namespace(computer), self._port(computer)
        _ip("netns", "add", space)
        _ip("-n", space, "link", "set", "lo", "up")
        self._in_switch("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space)
        self._in_switch("link", "set", port, "master", "switch")
        for address in addresses:
            _ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", space, "link", "set", "eth0", "up")
        self.plug(computer)
        return space

    def unplug(self, computer: str) -> None:
        """Pull the cable."""
        self._in_switch("link", "set", self._port(computer), "down")

    def plug(self, computer: str) -> None:
        """Put the cable back."""
        self._in_switch("link", "set", self._port(computer), "up")

    def lose(self, computer: str, percent: float) -> None:
        """Lose that share of what goes to a computer; 0 is a whole cable again."""
        with suppress(subprocess.CalledProcessError):
            self._traffic("del", "dev", self._port(computer), "root")
        if percent:
            self._traffic("add", "dev", self._port(computer), "root", "netem", "loss", f"{percent}%")

    @property
    def _switch(self) -> str:
        return self.namespace("lan")

    def _port(self, computer: str) -> str:
        return f"p-{computer}"[:15]

    def _in_switch(self, *arguments: str) -> None:
        _ip("-n", self._switch, *arguments)

    def _traffic(self, *arguments: str) -> None:
        command = ["ip", "netns", "exec", self._switch, "tc", "qdisc", *arguments]
        subprocess.run(command, check=True, capture_output=True)

    def _remove_left_over(self) -> None:
        """Also what a run that was killed has left."""
        for path in _NAMESPACES.glob(f"cd-{self._name}-*"):
            _ip("netns", "delete", path.name)


def run_in(namespace: str, arguments: Sequence[str | Path], **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program in a namespace, with subprocess's options."""
    command = ["ip", "netns", "exec", namespace, *(str(one) for one in arguments)]
    return subprocess.run(command, **{"text": True, "check": True, **options})


@contextmanager
def entered(namespace: str) -> Iterator[None]:
    """This thread, and whatever threads it starts, in a namespace; connections made inside stay there."""
    # The thread's own, not the process's: a second thread may be elsewhere.
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    wanted = os.open(_NAMESPACES / namespace, os.O_RDONLY)
    try:
        _enter(wanted)
        yield
    finally:
        _enter(before)
        os.close(before)
        os.close(wanted)


def _enter(descriptor: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _NEW_NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
