"""The process that sends, put together of its parts."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from clinicdesk.usecases.sync_account import SyncAccount
from sync.carriers import carrier_for
from sync.outbox.breaker import Breaker
from sync.outbox.queue import MESSAGES, SENDING_THREADS, Line
from sync.outbox.roads import Making, Roads
from sync.outbox.sending import Sender
from sync.process import Process
from sync.tasks import usual_tasks


@contextlib.contextmanager
def put_together(
    account: SyncAccount,
    stopping: threading.Event,
    beaten: Callable[[], None] = lambda: None,
    make: Making = carrier_for,
) -> Iterator[Process]:
    """Everything one process does for the clinics of an account, while the block lasts."""
    roads = Roads(account, make)
    breaker = Breaker(roads)
    sender = Sender(account, roads, breaker, stopping)
    lines = (Line(MESSAGES, "send_message", SENDING_THREADS, sender.send),)
    try:
        yield Process(account, lines, usual_tasks(breaker), stopping, beaten)
    finally:
        roads.close()
