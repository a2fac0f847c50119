"""The process that sends, put together of its parts."""

import threading
from collections.abc import Callable

from clinicdesk.usecases.sync_account import SyncAccount
from sync.outbox.queue import Line
from sync.process import Process
from sync.tasks import usual_tasks


def put_together(account: SyncAccount, stopping: threading.Event, beaten: Callable[[], None] = lambda: None) -> Process:
    """Everything one process does for the clinics of an account."""
    lines: tuple[Line, ...] = ()
    return Process(account, lines, usual_tasks(), stopping, beaten)
