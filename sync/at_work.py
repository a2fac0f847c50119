"""The process that sends, put together of its parts."""

import contextlib
import threading
from collections.abc import Callable, Iterator

from clinicdesk.usecases import outbox, replies
from clinicdesk.usecases.sync_account import SyncAccount
from sync.carriers import carrier_for
from sync.gateway.standing import Gateway
from sync.inbound.fetching import Fetcher
from sync.inbound.polling import Poller
from sync.inbound.reading import Reader
from sync.outbox.breaker import Breaker
from sync.outbox.queue import MEDIA, MESSAGES, READING_THREADS, RECEIPTS, SENDING_THREADS, Line
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
    gateway_port: int | None = None,
) -> Iterator[Process]:
    """Everything one process does for the clinics of an account, while the block lasts.

    At `gateway_port` of this computer it listens for providers, unless another process does; None: it does not.
    """
    roads = Roads(account, make)
    breaker = Breaker(roads)
    sender = Sender(account, roads, breaker, stopping)
    reader = Reader(account.line, replies.receive, outbox.note_status, replies.keep)
    fetcher = Fetcher(account.line, roads.carrier)
    lines = (
        Line(MESSAGES, "send_message", SENDING_THREADS, sender.send),
        Line(RECEIPTS, "read_receipt", READING_THREADS, reader.read_receipt),
        Line(MEDIA, "fetch_media", READING_THREADS, fetcher.fetch_media),
    )
    gateway = Gateway(account.line, account.open, gateway_port) if gateway_port is not None else None
    try:
        yield Process(
            account, lines, usual_tasks(breaker, Poller(account.line, roads.carrier), gateway), stopping, beaten
        )
    finally:
        if gateway is not None:
            gateway.close()
        roads.close()
