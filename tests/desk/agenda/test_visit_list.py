"""The list: the same visits as rows, sorted, found, chosen and read aloud."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.model import AgendaColumn, AgendaModel
from clinicdesk.desk.agenda.visit_list import VisitList
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.saved_views import Sieve
from tests.builders import ZONE, appointment, local

ANA = appointment(patient_name="Ana Paula Sá", starts_at=local(9), ends_at=local(10), status=Status.PENDING)
BIA = appointment(patient_name="Bia Conceição", starts_at=local(8), ends_at=local(9), room_name="Sala 1")
CAU = appointment(patient_name="Cauê Dias", starts_at=local(9), ends_at=local(9, 30), professional_name="Dra. Lívia")
OFF = appointment(patient_name="Davi Off", starts_at=local(7), ends_at=local(8), status=Status.CANCELLED)


@pytest.fixture
def visits(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[VisitList]:
    dress(reduced_motion=True)
    model = AgendaModel(ZONE)
    found = VisitList(model)
    model.setParent(found)
    qtbot.addWidget(found)
    model.replace_all([ANA, BIA, CAU, OFF])
    found.resize(900, 500)
    found.show()
    yield found
    privacy.hide(False)


def names(visits: VisitList) -> list[str]:
    rows = visits.rows
    return [rows.index(row, AgendaColumn.PATIENT).data().split()[0] for row in range(rows.rowCount())]


def test_rows_stand_by_time_and_what_is_cancelled_is_asked_for(visits: VisitList) -> None:
    assert names(visits) == ["Bia", "Cauê", "Ana"]
    visits.rows.set_sieve(Sieve(cancelled=True))
    assert names(visits) == ["Davi", "Bia", "Cauê", "Ana"]


def test_a_column_sorts_both_ways_and_time_decides_among_equals(visits: VisitList) -> None:
    visits.sortByColumn(AgendaColumn.PATIENT, Qt.SortOrder.DescendingOrder)
    assert names(visits) == ["Cauê", "Bia", "Ana"]
    visits.sortByColumn(AgendaColumn.SERVICE, Qt.SortOrder.DescendingOrder)
    assert names(visits) == ["Bia", "Cauê", "Ana"]
    visits.sortByColumn(AgendaColumn.TIME, Qt.SortOrder.DescendingOrder)
    assert names(visits) == ["Ana", "Cauê", "Bia"]


def test_words_are_found_anywhere_in_a_row_without_their_accents(visits: VisitList) -> None:
    visits.rows.set_words("conceicao sala")
    assert names(visits) == ["Bia"]
    visits.rows.set_words("livia")
    assert names(visits) == ["Cauê"]
    visits.rows.set_words("nobody")
    assert names(visits) == []


def test_choosing_a_row_says_so_and_being_told_does_not(qtbot: QtBot, visits: VisitList) -> None:
    with qtbot.waitSignal(visits.selected) as chosen:
        qtbot.keyClick(visits, Qt.Key.Key_Down)
    assert chosen.args == [BIA.id]
    with qtbot.assertNotEmitted(visits.selected):
        visits.choose(ANA.id)
    assert visits.chosen == ANA
    with qtbot.waitSignal(visits.activated_visit) as worked_on:
        qtbot.keyClick(visits, Qt.Key.Key_Return)
    assert worked_on.args == [ANA]
    with qtbot.waitSignal(visits.selected) as none:
        qtbot.keyClick(visits, Qt.Key.Key_Escape)
    assert none.args == [None]


def test_a_reader_hears_the_whole_visit_in_the_first_cell(visits: VisitList) -> None:
    table = QAccessible.queryAccessibleInterface(visits)
    assert table.text(QAccessible.Text.Name) == "List of visits"
    index = visits.rows.index(0, AgendaColumn.TIME)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("08:00 to 09:00, Bia Conceição, ")
    assert visits.rows.headerData(AgendaColumn.STATUS, Qt.Orientation.Horizontal) == "Status"


def test_hidden_names_are_initials_for_eye_and_ear_and_search(visits: VisitList) -> None:
    privacy.hide(True)
    index = visits.rows.index(0, AgendaColumn.PATIENT)
    assert index.data() == "B. C."
    first = visits.rows.index(0, AgendaColumn.TIME)
    for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
        assert "Bia" not in first.data(role) and "B. C." in first.data(role)


def test_a_changed_value_goes_to_its_place(visits: VisitList) -> None:
    from dataclasses import replace

    model = visits.rows.sourceModel()
    assert isinstance(model, AgendaModel)
    late = replace(BIA, version=2, starts_at=local(15), ends_at=local(16))
    model.upsert(late)
    assert names(visits) == ["Cauê", "Ana", "Bia"]
    model.upsert(_cancelled(late))
    assert names(visits) == ["Cauê", "Ana"]


@pytest.mark.parametrize("width", [420, 900, 1500])
def test_every_column_stays_inside(visits: VisitList, width: int) -> None:
    visits.resize(width, 400)
    visits.grab()
    header = visits.horizontalHeader()
    shown = [column for column in AgendaColumn if not header.isSectionHidden(column)]
    assert sum(header.sectionSize(column) for column in shown) <= max(visits.viewport().width(), 512)
    assert header.isSectionHidden(AgendaColumn.ROOM) is (width < 620)


def _cancelled(value: Appointment) -> Appointment:
    from dataclasses import replace

    return replace(value, version=value.version + 1, status=Status.CANCELLED)
