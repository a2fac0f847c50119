"""What a unit says to systemd, where it was systemd that started it."""

import os
import socket

READY, BEAT = "READY=1", "WATCHDOG=1"


def tell_systemd(*states: str) -> None:
    """Say to who started us that we are at work; nobody asks where that is not systemd."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
            speaking.sendto("\n".join(states).encode(), address.replace("@", "\0", 1))
