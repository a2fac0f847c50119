"""The card of kept views: a row for each key, a name before anything is kept, and room for eight."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.views_card import ViewsCard, _ViewRow
from clinicdesk.domain.saved_views import Mode, SavedView, ViewSettings
from clinicdesk.errors import InvalidField

MORNING = SavedView(UUID(int=1), 1, "Manhã", ViewSettings())
WEEKLY = SavedView(UUID(int=2), 3, "Semana da Helena", ViewSettings(mode=Mode.WEEK))


@pytest.fixture
def card(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[ViewsCard]:
    dress(reduced_motion=True)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    made = ViewsCard(window, [MORNING, WEEKLY], ViewSettings())
    made.open_at(window)
    yield made


def rows(card: ViewsCard) -> dict[str, _ViewRow]:
    items = (card._rows.itemAt(number).widget() for number in range(card._rows.count()))
    return {row.open.text(): row for row in items if isinstance(row, _ViewRow)}


def test_a_press_looks_by_a_view_and_the_one_on_screen_is_marked(qtbot: QtBot, card: ViewsCard) -> None:
    assert [str(row.open.property("kind")) for row in rows(card).values()] == ["soft", "flat"]
    with qtbot.waitSignal(card.chosen) as chosen:
        qtbot.mouseClick(rows(card)["Semana da Helena"].open, Qt.MouseButton.LeftButton)
    assert chosen.args == [WEEKLY.settings]
    assert card.isHidden()


def test_what_is_on_screen_is_kept_under_the_next_free_key(qtbot: QtBot, card: ViewsCard) -> None:
    with qtbot.assertNotEmitted(card.kept):
        qtbot.mouseClick(card.save, Qt.MouseButton.LeftButton)
    assert card.field.error == "Fill this in"
    card.name.setText("Salas")
    with qtbot.waitSignal(card.kept) as kept:
        qtbot.keyClick(card.name, Qt.Key.Key_Return)
    assert kept.args == ["Salas", 2]
    card.show_trouble(InvalidField("name", "control_characters"))
    assert card.field.error and card.name.text() == "Salas"


def test_a_row_is_renamed_replaced_and_deleted(qtbot: QtBot, card: ViewsCard) -> None:
    row = rows(card)["Semana da Helena"]
    qtbot.mouseClick(row.rename, Qt.MouseButton.LeftButton)
    row.edit.setText("Helena")
    with qtbot.waitSignal(card.renamed) as renamed:
        qtbot.keyClick(row.edit, Qt.Key.Key_Return)
    assert renamed.args == [WEEKLY, "Helena"]
    with qtbot.waitSignal(card.replaced) as replaced:
        qtbot.mouseClick(row.take, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.dropped) as dropped:
        qtbot.mouseClick(row.drop, Qt.MouseButton.LeftButton)
    assert replaced.args == dropped.args == [WEEKLY]
    assert not rows(card)["Manhã"].take.isVisible()


def test_eight_are_enough_and_none_is_said(card: ViewsCard) -> None:
    card.show_views([SavedView(UUID(int=one), one, f"Visão {one}", ViewSettings()) for one in range(1, 9)])
    assert not card.save.isVisible() and len(rows(card)) == 8
    card.show_views([])
    assert card.save.isVisible() and not rows(card)
