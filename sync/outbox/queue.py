"""The durable queue: which tasks there are, what is done when one fails, and the workers.

Jobs are made by the database's triggers in the transaction of what they speak of, and carry the id of a row. A task
that returns leaves nothing to do: what has to happen later is another job, made by the row. Only what nobody foresaw is
raised, and tried again here.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from clinicdesk.errors import ClinicUnreachable
from clinicdesk.logs import log

MESSAGES, RECEIPTS, MEDIA = "messages", "receipts", "media"
SENDING_THREADS, READING_THREADS = 8, 2
POLL_SECONDS = 1.0  # what is due later is found by looking; what is due now is told
_PATIENCE = (2, 5, 15)  # seconds; a job that waits keeps its conversation waiting
_AWAY_SECONDS = 5
_RESTART_SECONDS = (0.5, 1.0, 2.0, 3.0)

Work = Callable[[UUID], None]


@dataclass(frozen=True)
class Line:
    """One queue with a worker of its own, so that slow work in one keeps nobody waiting in another."""

    queue: str
    task: str
    threads: int
    work: Work


class Patience(BaseRetryStrategy):
    """A database that is away is waited for; anything else is given a few more tries, and then left to who looks."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, ClinicUnreachable):
            return RetryDecision(retry_in={"seconds": _AWAY_SECONDS})
        log(__name__).error("job_failed", exc_info=exception, job=job.id, attempts=job.attempts)
        if job.attempts >= len(_PATIENCE):
            return None
        return RetryDecision(retry_in={"seconds": _PATIENCE[job.attempts]})


def make_app(conninfo: Mapping[str, str], lines: tuple[Line, ...]) -> App:
    """The queue's program over the clinic's database, whose queue has a schema of its own."""
    arguments: dict[str, Any] = {
        "connect_timeout": "3",
        **conninfo,
        # What the queue notes of its jobs is repeated after a power cut, and the message itself says that it went.
        "options": "-c search_path=queue,pg_catalog -c synchronous_commit=off",
        "application_name": "clinicdesk-sync queue",
    }
    app = App(connector=PsycopgConnector(kwargs=arguments, min_size=1, max_size=4, timeout=5.0, reconnect_timeout=3.0))
    for line in lines:
        app.task(name=line.task, queue=line.queue, retry=Patience())(_task(line.work))
    return app


def _task(work: Work) -> Callable[[str], None]:
    def run(row_id: str) -> None:
        work(UUID(row_id))

    return run


async def work_on(app: App, line: Line, stopping: asyncio.Event) -> None:
    """Be the worker of one queue until `stopping`, whatever becomes of the database meanwhile."""
    failures = 0
    while not stopping.is_set():
        try:
            await _until_stopped(_worker(app, line, wait=True), stopping)
            failures = 0
        except (ConnectorException, OSError) as error:
            log(__name__).warning("queue_lost", kind=line.queue, error=type(error).__name__)
        if not stopping.is_set():
            await _pause(stopping, _RESTART_SECONDS[min(failures, len(_RESTART_SECONDS) - 1)])
            failures += 1


async def work_once(app: App, line: Line) -> None:
    """Do what is due in a queue now, and no more."""
    await _worker(app, line, wait=False).run()


def _worker(app: App, line: Line, *, wait: bool) -> Worker:
    return Worker(
        app,
        queues=[line.queue],
        name=line.queue,
        concurrency=line.threads,
        wait=wait,
        listen_notify=wait,
        fetch_job_polling_interval=POLL_SECONDS,
        delete_jobs="successful",
        install_signal_handlers=False,
    )


async def _until_stopped(worker: Worker, stopping: asyncio.Event) -> None:
    running = asyncio.ensure_future(worker.run())
    stopped = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
        worker.stop()
        await running
    finally:
        stopped.cancel()


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def open_app(make: Callable[[], App], stopping: asyncio.Event) -> App | None:
    """The program with its connections, as soon as there is a database to connect to; None when stopped before."""
    while not stopping.is_set():
        app = make()
        try:
            await app.open_async()
            return app
        except (ConnectorException, OSError) as error:
            log(__name__).warning("queue_not_opened", error=type(error).__name__)
            with contextlib.suppress(Exception):
                await app.close_async()
            await _pause(stopping, _RESTART_SECONDS[-1])
    return None
