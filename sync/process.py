"""One process at work: its queue's workers, the tasks that come round, and a clean end of both."""

import asyncio
import os
import selectors
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk import __version__
from clinicdesk.domain.sync_process import BEAT
from clinicdesk.errors import ClinicError
from clinicdesk.logs import log
from clinicdesk.usecases import upkeep
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.sync_account import SyncAccount
from sync.outbox.queue import Line, make_app, open_app, work_on, work_once
from sync.schedule import Schedule, Task

STOP_SECONDS = 15.0  # what is being sent is finished; a carrier answers or gives up within that time
_LOOK_SECONDS = 0.1
_SPARE_THREADS = 4


@dataclass
class Process:
    """What one process does until it is told to stop."""

    account: SyncAccount
    lines: Sequence[Line]
    tasks: Sequence[Task]
    stopping: threading.Event
    beaten: Callable[[], None] = lambda: None
    id: UUID = field(default_factory=new_id)

    def run(self) -> bool:
        """Work until `stopping` is set; whether everything under way was finished within `STOP_SECONDS`."""
        schedule = Schedule(self.account, (self._beating(lambda: schedule), *self.tasks))
        with suppress(ClinicError):
            upkeep.begin_process(self.account.line, self.id, socket.gethostname(), __version__)
        log(__name__).info("sync_at_work", process_id=self.id, version=__version__)
        schedule.start()
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                finished = runner.run(self._work())
        finally:
            schedule.close()
        with suppress(ClinicError):
            upkeep.end_process(self.account.line, self.id)
        log(__name__).info("sync_stopped", process_id=self.id, finished=finished)
        return finished

    def run_once(self) -> None:
        """Do every task once and whatever the queues hold that is due, and leave."""
        schedule = Schedule(self.account, self.tasks)
        for task in self.tasks:
            schedule.run(task)
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(self._work_once())

    async def _work_once(self) -> None:
        app = make_app(self.account.conninfo, tuple(self.lines))
        async with app.open_async():
            for line in self.lines:
                await work_once(app, line)

    def _beating(self, schedule: Callable[[], Schedule]) -> Task:
        def beat(_clinic: Clinic) -> int:
            if not upkeep.beat(self.account.line, self.id, schedule().status()):
                upkeep.begin_process(self.account.line, self.id, socket.gethostname(), __version__)
            self.beaten()
            return 0

        return Task("beat", beat, every=BEAT, once_for_all=True)

    async def _work(self) -> bool:
        loop = asyncio.get_running_loop()
        threads = sum(line.threads for line in self.lines) + _SPARE_THREADS
        executor = ThreadPoolExecutor(threads, thread_name_prefix="sync")
        loop.set_default_executor(executor)
        loop.set_exception_handler(_log_unhandled)
        told = asyncio.Event()
        working = asyncio.ensure_future(self._work_on_lines(told))
        while not self.stopping.is_set() and not working.done():
            await asyncio.sleep(_LOOK_SECONDS)
        told.set()
        _done, pending = await asyncio.wait([working], timeout=STOP_SECONDS)
        if pending:
            # A thread cannot be ended from outside. What it was sending stands as such, and is settled by what follows.
            log(__name__).warning("stopped_while_sending")
            return False
        working.result()
        return True

    async def _work_on_lines(self, told: asyncio.Event) -> None:
        lines = tuple(self.lines)
        app = await open_app(lambda: make_app(self.account.conninfo, lines), told)
        if app is None:
            return
        try:
            await asyncio.gather(*(work_on(app, line, told) for line in lines))
        finally:
            await app.close_async()


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop that psycopg can use: on Windows the default one cannot wait for a socket to become readable."""
    if os.name == "nt":
        return asyncio.SelectorEventLoop(selectors.SelectSelector())
    return asyncio.new_event_loop()


def _log_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """A job whose end could not be written, most of all: it is put back after three minutes."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log(__name__).warning("unhandled", exc_info=error)
