"""What other desks did, as it happens: the LISTEN loop.

A notification is a hint, the table is the truth: after a lost connection nobody knows what was missed, so the
listener is told that it is back and reloads.
"""

import contextlib
import datetime as dt
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from clinicdesk.errors import DeskNotEnrolled
from clinicdesk.storage.engine import CONNECTION_PROFILE
from clinicdesk.storage.server_link import link_refusal

# Asked every two seconds and given four to acknowledge it: a pulled cable is told in 6.5 s at the most, and a network
# that stumbles for three seconds is not.
HEARTBEAT_SECONDS = 2.0
_PROFILE = {**CONNECTION_PROFILE, "tcp_user_timeout": "4000"}
_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changed. `id` is None for rows that have no id of their own, `at` is when a visit begins."""

    kind: str
    id: UUID | None
    version: int | None
    at: dt.datetime | None = None


class Link(StrEnum):
    """How the listener stands with the server."""

    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    UNREACHABLE = "unreachable"
    SHUT_OUT = "shut_out"  # the server answers, and takes this computer's certificate no more


class Watch:
    """A thread of its own with a connection of its own; `close` ends both.

    `changed` and `link_changed` are called on that thread. After Link.CONNECTED is told a second time, everything that
    is shown has to be read again.
    """

    def __init__(
        self,
        conninfo: Mapping[str, str],
        changed: Callable[[Change], None],
        link_changed: Callable[[Link], None],
        desk: str = "desk",
    ) -> None:
        self._conninfo: dict[str, Any] = {**_PROFILE, **conninfo, "application_name": f"{desk} listens"[:63]}
        self._changed = changed
        self._link_changed = link_changed
        self._closing = threading.Event()
        self._wanted = threading.Event()  # somebody does not want to wait for the next turn
        self._link: Link | None = None
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def use_password(self, password: str) -> None:
        """Connect with another password from the next time on."""
        self._conninfo = {**self._conninfo, "password": password}

    def close(self) -> None:
        """Stop listening; returns when the thread has ended."""
        self._closing.set()
        self._wanted.set()
        self._thread.join()

    def try_now(self) -> None:
        """While the server is away: look for it at once."""
        self._wanted.set()

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            try:
                with psycopg.connect(**self._conninfo, autocommit=True) as connection:
                    connection.execute("LISTEN clinicdesk")
                    failures = 0
                    self._tell(Link.CONNECTED)
                    self._listen(connection)
            except psycopg.Error as error:
                failures += 1
                self._tell(self._why_not(error, failures))
                self._wanted.wait(_RETRY_SECONDS[min(failures, len(_RETRY_SECONDS)) - 1])
                if not self._closing.is_set():
                    self._wanted.clear()

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        silent = 0.0
        while not self._closing.is_set():
            heard = False
            # Short waits, so that closing the window does not wait for the next notification.
            for notification in connection.notifies(timeout=0.25, stop_after=1):
                heard = True
                # Every login may notify: what is no note of ours, however deep it is nested, is passed over.
                with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                    self._changed(_change(notification.payload))
            silent = 0.0 if heard else silent + 0.25
            if silent >= HEARTBEAT_SECONDS:
                connection.execute("SELECT 1")
                silent = 0.0

    def _why_not(self, error: psycopg.Error, failures: int) -> Link:
        if isinstance(link_refusal(error, self._conninfo), DeskNotEnrolled):
            return Link.SHUT_OUT
        return Link.RECONNECTING if failures < 3 else Link.UNREACHABLE

    def _tell(self, link: Link) -> None:
        if link is not self._link:
            self._link = link
            self._link_changed(link)


def _change(payload: str) -> Change:
    told = json.loads(payload)
    kind, version = told["kind"], told["version"]
    if not isinstance(kind, str) or not isinstance(version, int | None):
        raise TypeError
    at = dt.datetime.fromisoformat(told["at"]) if told.get("at") else None
    return Change(kind, UUID(str(told["id"])) if told["id"] else None, version, at)
