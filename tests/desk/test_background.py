"""Work leaves the UI thread by one door and its answers come back by the same one."""

import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background, IoOnUiThread, assert_not_ui_thread
from clinicdesk.errors import ClinicUnreachable


@pytest.fixture
def bugs():
    return []


@pytest.fixture
def background(qapp, bugs):
    made = Background(bugs.append)
    yield made
    made.close()


class Answers(QObject):
    """Remembers what came back and on which thread."""

    def __init__(self):
        super().__init__()
        self.results = []
        self.errors = []
        self.threads = set()

    def done(self, result):
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def failed(self, error):
        self.errors.append(error)
        self.threads.add(threading.get_ident())


def test_results_arrive_on_the_ui_thread_and_work_does_not_run_there(qtbot, background):
    answers = Answers()
    background.run(answers, threading.get_ident, answers.done, answers.failed)
    qtbot.waitUntil(lambda: bool(answers.results))
    assert answers.threads == {threading.get_ident()}
    assert answers.results != [threading.get_ident()]


def test_a_refusal_goes_to_failed_and_a_bug_to_the_hook(qtbot, background, bugs):
    answers = Answers()

    def refuse():
        raise ClinicUnreachable

    def break_down():
        raise ZeroDivisionError

    background.run(answers, refuse, answers.done, answers.failed)
    background.run(answers, break_down, answers.done, answers.failed)
    qtbot.waitUntil(lambda: bool(answers.errors and bugs))
    assert isinstance(answers.errors[0], ClinicUnreachable)
    assert isinstance(bugs[0], ZeroDivisionError)
    assert answers.results == []


def test_writes_land_in_the_order_of_the_clicks(qtbot, background):
    answers = Answers()
    for number in range(50):
        background.run(answers, lambda number=number: number, answers.done, answers.failed, lane="writes")
    qtbot.waitUntil(lambda: len(answers.results) == 50)
    assert answers.results == list(range(50))


def test_three_reads_run_at_once_and_writes_one_by_one(qtbot, background):
    answers = Answers()
    together = threading.Barrier(3)
    for _ in range(3):
        background.run(answers, lambda: together.wait(timeout=20), answers.done, answers.failed)
    names = []
    for _ in range(3):
        work = lambda: names.append(threading.current_thread().name)  # noqa: E731
        background.run(answers, work, answers.done, answers.failed, lane="writes")
    qtbot.waitUntil(lambda: len(answers.results) == 6)
    assert len(set(names)) == 1


def test_a_newer_read_replaces_an_older_one(qtbot, background):
    answers = Answers()
    gate = threading.Event()

    def slow():
        gate.wait(20)
        return "old"

    background.run(answers, slow, answers.done, answers.failed, replaces="search")
    background.run(answers, lambda: "new", answers.done, answers.failed, replaces="search")
    background.run(answers, lambda: "other", answers.done, answers.failed, replaces="month")
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert sorted(answers.results) == ["new", "other"]


def test_a_write_is_never_replaced(background):
    answers = Answers()
    with pytest.raises(ValueError, match="never replaced"):
        background.run(answers, int, answers.done, answers.failed, lane="writes", replaces="save")


def test_the_answer_for_a_dead_owner_is_dropped(qtbot, background):
    parent = QObject()
    owner = QObject(parent)
    gate = threading.Event()
    came_back = []
    background.run(owner, lambda: gate.wait(20), came_back.append, came_back.append)
    shiboken6.delete(parent)
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert came_back == []


def test_a_cancelled_task_is_silent(qtbot, background):
    answers = Answers()
    gate = threading.Event()
    task = background.run(answers, lambda: gate.wait(20), answers.done, answers.failed)
    task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert answers.results == []


def test_busy_is_told_at_both_ends(qtbot, background):
    answers = Answers()
    gate = threading.Event()
    with qtbot.waitSignal(background.busy_changed, check_params_cb=lambda busy: busy):
        background.run(answers, lambda: gate.wait(20), answers.done, answers.failed)
    with qtbot.waitSignal(background.busy_changed, check_params_cb=lambda busy: not busy):
        gate.set()


def test_closing_finishes_the_writes_that_were_accepted(qapp, bugs):
    background = Background(bugs.append)
    answers = Answers()
    written = []
    for number in range(20):
        background.run(
            answers, lambda number=number: written.append(number), answers.done, answers.failed, lane="writes"
        )
    background.close()
    assert written == list(range(20))
    assert answers.results == []


def test_waiting_work_is_refused_on_the_ui_thread_only(qtbot, background):
    answers = Answers()
    with pytest.raises(IoOnUiThread):
        assert_not_ui_thread()
    background.run(answers, assert_not_ui_thread, answers.done, answers.failed)
    qtbot.waitUntil(lambda: bool(answers.results))


def test_what_is_left_is_given_back_after_what_is_under_way(background: Background, qtbot: QtBot) -> None:
    """A read that has begun ends first, and so does a write that was accepted."""
    began, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def read() -> None:
        began.set()
        go_on.wait(5)
        order.append("read")

    owner = QObject()
    background.run(owner, read, lambda _nothing: None, lambda _error: None)
    background.run(owner, lambda: order.append("write"), lambda _nothing: None, lambda _error: None, lane="writes")
    began.wait(5)
    background.leave(lambda: order.append("left"))
    go_on.set()
    qtbot.waitUntil(lambda: "left" in order)
    assert sorted(order[:2]) == ["read", "write"]
    assert order[2] == "left"
