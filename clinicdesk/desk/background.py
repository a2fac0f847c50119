"""The only door off the UI thread: work goes out on a lane, its result comes back on the UI thread or not at all."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal

from clinicdesk.desk.unanswered import Unanswered
from clinicdesk.errors import ClinicError

Lane = Literal["reads", "writes", "files"]
Result = TypeVar("Result")

_PATIENCE = 10.0  # seconds; longer than a server that has gone is waited for
_THREADS: dict[Lane, int] = {"reads": 3, "writes": 1, "files": 1}


class IoOnUiThread(AssertionError):
    """Something slow was about to happen where the person waits for it."""


def assert_not_ui_thread() -> None:
    """Given to storage as its hook: raises IoOnUiThread when the caller is the thread that paints."""
    application = QCoreApplication.instance()
    if application is not None and QThread.currentThread() is application.thread():
        raise IoOnUiThread


@dataclass(eq=False)
class Task:
    """One piece of work under way. `cancel()` drops its result, and the work too if it has not begun."""

    owner: QObject
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[ClinicError], None]
    key: tuple[int, str] | None
    number: int
    cancelled: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: BaseException | None = None
    future: Future[None] | None = None
    lane: Lane = "reads"
    tries: int = 0  # how often its answer was lost

    def cancel(self) -> None:
        """Nobody wants the answer any more."""
        self.cancelled.set()


class Background(QObject):
    """`writes` run one at a time in the order of the clicks, `reads` three at a time; `files` are those of this desk,
    which no network holds up.

    A result whose owner is gone is dropped. An exception that is not a ClinicError is a bug: `failed_unexpectedly`
    gets it, and the fact it makes of it goes to `failed`, so that nothing waits for an answer that will not come.
    """

    busy_changed = Signal(bool)
    _arrived = Signal(object)

    def __init__(
        self, failed_unexpectedly: Callable[[BaseException], ClinicError | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._failed_unexpectedly = failed_unexpectedly
        self._lanes = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=f"clinicdesk-{lane}")
            for lane, threads in _THREADS.items()
        }
        self._numbers = count(1)
        self._newest: dict[tuple[int, str], Task] = {}
        self._under_way: set[Task] = set()
        self._closed = False
        self._arrived.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self.unanswered = Unanswered(self)
        self.unanswered.again.connect(self._do_again)

    def run(
        self,
        owner: QObject,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[ClinicError], None],
        lane: Lane = "reads",
        replaces: str = "",
    ) -> Task:
        """Do `work` on a lane; then `done(result)` or `failed(error)` on the UI thread.

        Reads of one owner with the same `replaces` key replace each other: only the newest answers. A write is never
        replaced; asking for it is a ValueError.
        """
        if replaces and lane == "writes":
            raise ValueError("a write is never replaced by a later one")
        key = (id(owner), replaces) if replaces else None
        if self._closed:
            # The window is going: what it would still ask for, nobody is there to see.
            return Task(owner, work, done, failed, key, next(self._numbers))
        task = Task(owner, work, done, failed, key, next(self._numbers))
        if key is not None:
            older = self._newest.get(key)
            if older is not None:
                older.cancel()
            self._newest[key] = task
        self._begin(task, lane)
        return task

    def leave(self, work: Callable[[], object]) -> None:
        """Do `work` when all that is under way has ended, such as giving back what it was done with.

        Writes that were accepted are done; reads that replace each other are dropped, as nobody is there to see them.
        """
        asked = [task.future for task in self._under_way if task.future is not None]
        for task in self._under_way:
            if task.key is not None:
                task.cancel()

        def last() -> None:
            wait(asked, timeout=_PATIENCE)
            work()

        if not self._closed:
            self._lanes["writes"].submit(last)

    @property
    def busy(self) -> bool:
        """Whether any work is under way."""
        return bool(self._under_way)

    def close(self) -> None:
        """Finish the writes that were accepted, drop everything else, and let the threads end."""
        self._closed = True
        for task in self._under_way:
            if task.key is not None:
                task.cancel()
        self._lanes["reads"].shutdown(wait=True, cancel_futures=True)
        self._lanes["writes"].shutdown(wait=True)
        self._lanes["files"].shutdown(wait=True)
        self._under_way.clear()
        self._newest.clear()

    def _begin(self, task: Task, lane: Lane) -> None:
        self._under_way.add(task)
        task.lane = lane
        if len(self._under_way) == 1:
            self.busy_changed.emit(True)
        task.future = self._lanes[lane].submit(self._work, task)

    def _do_again(self, task: Task) -> None:
        task.error = None
        if not self._closed and shiboken6.isValid(task.owner):
            self._begin(task, task.lane)

    def _work(self, task: Task) -> None:
        if not task.cancelled.is_set():
            try:
                task.result = task.work()
            except BaseException as error:  # whatever it is, it belongs to the thread that asked
                task.error = error
        if not self._closed:
            self._arrived.emit(task)

    def _settle(self, task: Task) -> None:
        if self._closed:
            return
        self._under_way.discard(task)
        if task.key is not None and self._newest.get(task.key) is task:
            del self._newest[task.key]
        if not self._under_way:
            self.busy_changed.emit(False)
        if task.cancelled.is_set() or not shiboken6.isValid(task.owner):
            return
        if isinstance(task.error, ClinicError):
            if task.lane != "writes" or not self.unanswered.take(task, task.error):
                task.failed(task.error)
        elif task.error is not None:
            fact = self._failed_unexpectedly(task.error)
            if fact is not None:
                task.failed(fact)
        else:
            task.done(task.result)
