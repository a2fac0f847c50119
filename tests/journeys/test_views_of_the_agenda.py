"""The same visits looked at in other ways, in the real window: month, list, filters, kept views, hidden names."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.cancelling import CancelPopover
from clinicdesk.desk.agenda.model import AgendaColumn
from clinicdesk.desk.agenda.views_card import ViewsCard
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.saved_views import Mode
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, Office, at

ALT = Qt.KeyboardModifier.AltModifier


def seen(desk: Hands, office: Office, **changes: object) -> UUID:
    """A visit that another desk put into the agenda, once it is here."""
    visit = office.book_row(office.admin(), **changes)
    desk.until(lambda: desk.workspace.agenda.model.appointment(visit))
    return visit


def test_a_visit_is_worked_on_in_the_list_by_keys_alone(desk: Hands, office: Office) -> None:
    visit = seen(desk, office, starts_at=at(8), ends_at=at(8, 30))
    agenda = desk.workspace.agenda
    desk.key(Qt.Key.Key_4)
    desk.until(lambda: agenda.mode is Mode.LIST and agenda.pictures.list.hasFocus())
    desk.key(Qt.Key.Key_Down)
    desk.until(lambda: agenda.chosen is not None and agenda.chosen.id == visit)
    for key, status in (
        (Qt.Key.Key_C, Status.CHECKED_IN),
        (Qt.Key.Key_I, Status.IN_PROGRESS),
        (Qt.Key.Key_F, Status.COMPLETED),
    ):
        desk.key(key)
        desk.status(visit, status)
        desk.idle()
    row = agenda.pictures.list.rows.index(0, AgendaColumn.STATUS)
    assert row.data() == "Completed"
    for status in (Status.IN_PROGRESS, Status.CHECKED_IN, Status.PENDING):
        desk.key(Qt.Key.Key_Z, CTRL)
        desk.status(visit, status)
    desk.idle()
    desk.key(Qt.Key.Key_Delete)
    desk.until(lambda: agenda.window().findChildren(CancelPopover))
    desk.key(Qt.Key.Key_Escape)
    desk.idle()


def test_a_day_is_opened_from_the_month_and_a_view_comes_back_by_its_key(desk: Hands, office: Office) -> None:
    visit = seen(desk, office, starts_at=at(9), ends_at=at(9, 30))
    agenda = desk.workspace.agenda
    desk.key(Qt.Key.Key_3)
    desk.until(lambda: agenda.pictures.month.lines_of(DAY) == ((visit,), 0))
    assert agenda.pictures.month.hasFocus()
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Left)
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: agenda.mode is Mode.DAY and agenda.day == DAY and agenda.view.hasFocus())
    agenda.bar.grouping_chosen.emit("room")
    desk.idle()
    desk.click(agenda.bar.views)
    (card,) = agenda.window().findChildren(ViewsCard)
    card.name.setText("Salas")
    desk.key(Qt.Key.Key_Return)
    desk.until(lambda: agenda.views.kept)
    desk.key(Qt.Key.Key_Escape)
    desk.key(Qt.Key.Key_2)
    desk.until(lambda: agenda.mode is Mode.WEEK)
    desk.idle()
    desk.key(Qt.Key.Key_1, ALT)
    desk.until(lambda: [spec.title for spec in agenda.view.scene.specs] == ["room 1", "room 2"])


def test_names_are_hidden_by_one_key_from_every_part_of_the_page(desk: Hands, office: Office) -> None:
    visit = seen(desk, office, starts_at=at(9), ends_at=at(9, 30), status="checked_in")
    agenda = desk.workspace.agenda
    name = desk.held(visit).patient_name
    agenda.select(visit)
    desk.idle()
    try:
        desk.key(Qt.Key.Key_O)
        assert privacy.hides()
        desk.idle()
        words = desk.words(agenda)
        for part in filter(QWidget.isVisible, agenda.findChildren(QWidget)):
            words += [part.accessibleName(), part.toolTip()]
        assert words and [said for said in words if name.split()[0] in said] == []
        card = QAccessible.queryAccessibleInterface(agenda.view).child(0)
        assert card is not None and card.text(QAccessible.Text.Name).startswith("09:00 to 09:30, A. C. Á., ")
    finally:
        privacy.hide(False)
