"""The gateway beside a process's workers: it stands where no other process of this computer does, and goes with it."""

import contextlib
import threading
from collections.abc import Callable

from clinicdesk.keychain import FieldPlace
from clinicdesk.logs import log
from clinicdesk.usecases.clinic import Clinic
from sync.gateway.app import hooks_app
from sync.gateway.door import Door, opener
from sync.gateway.figures import Figures
from sync.gateway.serving import DEFAULT_PORT, Listening, PortTaken, serve
from sync.gateway.watch import watch_app

HOST = "127.0.0.1"


class Gateway:
    """Hooks at `port`, the pages for watching at the one after it; port 0 is any two that are free."""

    def __init__(
        self, sync: Clinic, open_sealed: Callable[[FieldPlace, bytes], bytes], port: int = DEFAULT_PORT
    ) -> None:
        self._sync, self._open, self._port = sync, open_sealed, port
        self._standing: contextlib.ExitStack | None = None
        self._lock = threading.Lock()
        self.hooks: Listening | None = None
        self.watch: Listening | None = None

    def stand(self) -> int:
        """Listen, unless this or another process does; 1 when it was this one that began. Asked every half minute."""
        with self._lock:
            if self._standing is not None:
                return 0
            figures = Figures()
            door = Door(self._sync, opener(self._open), figures)
            with contextlib.ExitStack() as opening:
                try:
                    self.hooks = opening.enter_context(serve(hooks_app(door), HOST, self._port))
                    next_port = self._port + 1 if self._port else 0
                    self.watch = opening.enter_context(serve(watch_app(self._sync, figures), HOST, next_port))
                except PortTaken:
                    log(__name__).info("gateway_stands_elsewhere", port=self._port)
                    return 0
                self._standing = opening.pop_all()
            return 1

    def close(self) -> None:
        """Give the answers under way, and listen no more."""
        with self._lock:
            standing, self._standing = self._standing, None
        if standing is not None:
            standing.close()
