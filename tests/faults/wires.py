"""A server and desks in network namespaces of their own, joined by wires that can be cut in either direction.

What is sent over a cut wire is dropped in the middle, in silence, as by a pulled cable behind a switch: neither end is
told. Needs root and `ip`; everything lies in namespaces whose names begin with `cd-faults-`, and is gone at the end.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

SERVER_ADDRESS = "10.211.0.1"
TO_SERVER, TO_DESK = "to server", "to desk"
BOTH = (TO_SERVER, TO_DESK)


@dataclass(frozen=True)
class Wires:
    """The namespaces of one run. `name` keeps two runs on one computer apart."""

    name: str

    @property
    def server(self) -> str:
        """The namespace the server runs in."""
        return f"cd-faults-{self.name}-server"

    @property
    def middle(self) -> str:
        """The namespace that stands for the switch."""
        return f"cd-faults-{self.name}-wire"

    def desk(self, number: int) -> str:
        """The namespace of a desk, from 1 on."""
        return f"cd-faults-{self.name}-desk{number}"

    def address(self, number: int) -> str:
        """The address of a desk."""
        return f"10.211.{number}.2"

    def within(self, namespace: str, *command: str) -> list[str]:
        """A command line that runs there."""
        return ["ip", "netns", "exec", namespace, *command]

    def cut_commands(self, number: int, directions: tuple[str, ...] = BOTH) -> list[str]:
        """Shell commands that cut a desk's wire. What is sent from then on is lost."""
        return [self._rule("add", number, one) for one in directions]

    def mend_commands(self, number: int) -> list[str]:
        """Shell commands that put a desk's wire back, whichever way it was cut."""
        return [f"{self._rule('del', number, one)} 2>/dev/null" for one in BOTH]

    def cut(self, number: int, directions: tuple[str, ...] = BOTH) -> None:
        """Cut a desk's wire."""
        for command in self.cut_commands(number, directions):
            subprocess.run(command, shell=True, check=True)

    def mend(self, number: int) -> None:
        """Put a desk's wire back."""
        for command in self.mend_commands(number):
            subprocess.run(command, shell=True, check=False)

    def _rule(self, deed: str, number: int, direction: str) -> str:
        desk = self.address(number)
        ends = (desk, SERVER_ADDRESS) if direction == TO_SERVER else (SERVER_ADDRESS, desk)
        return f"ip -n {self.middle} rule {deed} pref 10 from {ends[0]} to {ends[1]} blackhole"


@contextlib.contextmanager
def laid(desks: int) -> Iterator[Wires]:
    """Lay the wires of so many desks, and take everything away again."""
    if os.geteuid() != 0:
        sys.exit("Network namespaces need root.")
    wires = Wires(str(os.getpid()))
    namespaces = [wires.middle, wires.server, *(wires.desk(number) for number in range(1, desks + 1))]
    for namespace in namespaces:
        _ip("netns", "add", namespace)
    try:
        _lay(wires, wires.server, 0)
        for number in range(1, desks + 1):
            _lay(wires, wires.desk(number), number)
        forward = "echo 1 > /proc/sys/net/ipv4/ip_forward"
        subprocess.run(wires.within(wires.middle, "sh", "-c", forward), check=True)
        yield wires
    finally:
        for namespace in namespaces:
            subprocess.run(["ip", "netns", "del", namespace], check=False)


def _lay(wires: Wires, namespace: str, number: int) -> None:
    """One wire from the middle: .1 is the server's end of the first one, and the middle's of all others."""
    here, there = ("2", "1") if number == 0 else ("1", "2")
    _ip("-n", namespace, "link", "set", "lo", "up")
    _ip("-n", wires.middle, "link", "add", f"w{number}", "type", "veth", "peer", "name", "eth0", "netns", namespace)
    for inside, device, end in ((wires.middle, f"w{number}", here), (namespace, "eth0", there)):
        _ip("-n", inside, "addr", "add", f"10.211.{number}.{end}/30", "dev", device)
        _ip("-n", inside, "link", "set", device, "up")
    _ip("-n", namespace, "route", "add", "default", "via", f"10.211.{number}.{here}")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
