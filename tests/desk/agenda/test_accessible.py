"""The painted cards as a screen reader finds them."""

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.words import use_language
from tests.builders import uuid_for
from tests.desk.agenda.lifelike import day_view

DULCE = uuid_for("Dr. Caio Menezes 10:45 Dulce Fontoura")
DULCE_ALOUD = "10:45 às 11:30, Dulce Fontoura, Consulta ortopédica, confirmado, alerta: alergia grave a dipirona"


@pytest.fixture
def view(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[AgendaView]:
    dress(reduced_motion=True)
    use_language("pt_BR")
    made = day_view()
    qtbot.addWidget(made)
    made.resize(1200, 1000)
    with qtbot.waitExposed(made):
        made.show()
    made.setFocus()
    yield made
    use_language("en")


def agenda(view: AgendaView) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(view)


def names(interface: QAccessibleInterface) -> list[str]:
    kinds = QAccessible.Text.Name
    return [interface.child(number).text(kinds) for number in range(interface.childCount())]


def test_the_agenda_is_a_list_of_its_visits(view: AgendaView) -> None:
    interface = agenda(view)
    assert interface.role() == QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Agenda"
    found = names(interface)
    assert len(found) == len(view.scene.shown)  # those behind “+2” are among them
    assert DULCE_ALOUD in found
    assert found[0].startswith("08:00 às 08:30, Beatriz Nóbrega")


def test_a_card_knows_place_parent_and_state(view: AgendaView) -> None:
    interface = agenda(view)
    view.select(DULCE)
    child = interface.focusChild()
    assert child is not None and child.text(QAccessible.Text.Name) == DULCE_ALOUD
    assert "dipirona" in child.text(QAccessible.Text.Description)
    assert child.role() == QAccessible.Role.ListItem
    assert child.parent().indexOfChild(child) == names(interface).index(DULCE_ALOUD)
    state = child.state()
    assert state.selected and state.focusable and not state.offscreen
    area = view.card_rect(DULCE)
    assert area is not None
    assert child.rect().size() == area.size()
    center = child.rect().center()
    assert interface.childAt(center.x(), center.y()) is child
    assert interface.childAt(-50, -50) is None
    assert interface.child(10_000) is None


def test_a_visit_that_left_is_no_longer_valid(view: AgendaView) -> None:
    interface = agenda(view)
    child = interface.child(names(interface).index(DULCE_ALOUD))
    view.model.remove(DULCE)
    assert not child.isValid()
    assert child.text(QAccessible.Text.Name) == ""
    assert child.state().invalid
    assert interface.indexOfChild(child) == -1


def test_walking_and_moving_are_told_to_a_listening_reader(view: AgendaView, qtbot: QtBot) -> None:
    QAccessible.setActive(True)
    view.select(DULCE)
    qtbot.keyClick(view, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    view.model.remove(DULCE)
    QAccessible.setActive(False)


def test_a_closed_agenda_leaves_nothing_behind(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    for _round in range(10):
        made = day_view()
        remembered = weakref.ref(made)
        child = agenda(made).child(0)
        with qtbot.waitSignal(made.destroyed):
            made.deleteLater()
        assert not child.isValid()
        del made, child
        gc.collect()
        assert remembered() is None
