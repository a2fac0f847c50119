"""Names that try to be more than names, and a program that is wrong: the desk stays readable and usable."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from clinicdesk.desk.agenda import deeds
from clinicdesk.desk.widgets.side_panel import PADDING
from clinicdesk.domain.agenda import Status
from tests.journeys.hands import CTRL, Hands
from tests.office import Office

MARKUP = "<b>Zoé</b> <img src=x> & Cia"
LONG = "Wolfeschlegelsteinhausenbergerdorff " * 5 + "Maximiliana Silvestre"[:20]


@pytest.mark.parametrize("name", [MARKUP, LONG])
def test_a_name_is_text_everywhere_and_breaks_nothing(desk: Hands, office: Office, name: str) -> None:
    ana = office.sample.patients["ana"]
    office.admin().execute("UPDATE clinicdesk.patient SET full_name = %s WHERE id = %s", [name, ana])
    visit = office.book_row(office.admin())
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    width = desk.window.width()
    agenda = desk.workspace.agenda
    agenda.select(visit)
    agenda.command("check_in")
    desk.status(visit, Status.CHECKED_IN)
    desk.said(name.split()[0])
    toast = desk.workspace.toasts.toast
    assert toast is not None and toast.width() <= desk.workspace.pages.width()
    desk.idle()
    assert agenda.panel.width() < 400
    assert desk.panel.width() <= agenda.panel.width() - 2 * PADDING
    assert desk.window.width() == width
    shows_text_alone(desk.window)
    desk.window.grab()
    desk.key(Qt.Key.Key_2, CTRL)
    desk.workspace.patients.show_patient(ana)
    desk.until(lambda: desk.workspace.patients.profile.profile is not None)
    desk.window.grab()
    shows_text_alone(desk.window)
    assert desk.window.width() == width


def shows_text_alone(window: QWidget) -> None:
    """No label reads its text as markup, and no tool tip would."""
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
    for widget in window.findChildren(QWidget):
        assert "<b>" not in widget.toolTip() and "<img" not in widget.toolTip(), widget
    QToolTip.hideText()


def test_what_nobody_foresaw_is_said_with_a_reference_and_the_form_goes_on(
    desk: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_anything: object) -> None:
        raise ZeroDivisionError

    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("bento")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    with monkeypatch.context() as patch:
        patch.setattr(deeds.agenda, "book", broken)
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.said("Tell support the reference")
        desk.until(lambda: editor.trouble.isVisible())
    assert editor.submit.isEnabled()
    assert editor.booking.patient is not None
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.visit_of("Bento d'Ávila")
    desk.idle()
