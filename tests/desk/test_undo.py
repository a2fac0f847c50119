"""The two piles: what was done, what was taken back, and nothing lost while there is no connection."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.widgets.toast import ToastArea


class Diary:
    """Writes down which deed was taken back or done again, and answers at once."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def deed(self, words: str, undone: bool = False) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            self.lines.append(f"{'again' if undone else 'back'} {words}")
            done(self.deed(words, not undone))

        return Deed(words, take_back)


@pytest.fixture
def toasts(qtbot: QtBot, dress: Callable[..., None]) -> ToastArea:
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(900, 400)
    area.show()
    dress()
    return ToastArea(area)


def words_of(toasts: ToastArea) -> str:
    return toasts.toast.accessibleName() if toasts.toast else ""


def test_the_last_deed_goes_first_and_comes_back_last(toasts: ToastArea) -> None:
    undo, diary = Undo(toasts), Diary()
    undo.did(diary.deed("one"))
    undo.did(diary.deed("two"))
    for act in (undo.undo, undo.undo, undo.undo, undo.redo, undo.redo, undo.redo):
        act()
    assert diary.lines == ["back two", "back one", "again one", "again two"]
    assert words_of(toasts) == "two"


def test_a_new_deed_ends_what_could_be_done_again(toasts: ToastArea) -> None:
    undo, diary = Undo(toasts), Diary()
    undo.did(diary.deed("one"))
    undo.undo()
    undo.did(diary.deed("two"))
    undo.redo()
    assert diary.lines == ["back one"]


def test_only_the_last_fifty_are_kept(toasts: ToastArea) -> None:
    undo, diary = Undo(toasts), Diary()
    for number in range(60):
        undo.did(diary.deed(str(number)))
    for _press in range(60):
        undo.undo()
    assert diary.lines[-1] == "back 10"
    assert len(diary.lines) == 50


def test_without_a_connection_the_deeds_wait(toasts: ToastArea) -> None:
    undo, diary = Undo(toasts), Diary()
    undo.did(diary.deed("one"))
    undo.set_offline("No connection")
    undo.undo()
    assert diary.lines == []
    assert words_of(toasts) == "No connection"
    undo.set_offline("")
    undo.undo()
    assert diary.lines == ["back one"]


def test_a_toast_leaves_free_where_one_types(toasts: ToastArea) -> None:
    area = toasts.parent()
    assert isinstance(area, QWidget)
    typing = QWidget(area)
    typing.setGeometry(0, area.height() - 120, area.width(), 100)
    typing.show()
    toasts.keep_clear(typing)
    above = toasts.show_toast("Done").y()
    typing.hide()
    assert toasts.show_toast("Done").y() > above + 80
