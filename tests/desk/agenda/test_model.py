"""The model: rows in order of time, changed one by one, never back to something older."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.model import AgendaColumn, AgendaModel, AgendaRole
from clinicdesk.domain.agenda import Appointment
from tests.builders import ZONE, appointment, local, uuid_for


@pytest.fixture
def model() -> AgendaModel:
    return AgendaModel(ZONE)


def later(value: Appointment, minutes: int) -> Appointment:
    step = dt.timedelta(minutes=minutes)
    return replace(value, version=value.version + 1, starts_at=value.starts_at + step, ends_at=value.ends_at + step)


def test_it_is_a_proper_model(qtmodeltester: ModelTester, model: AgendaModel) -> None:
    values = [appointment(starts_at=local(hour), ends_at=local(hour, 30)) for hour in (9, 8, 11, 10)]
    model.replace_all(values[:2])
    qtmodeltester.check(model, force_py=True)
    model.upsert(values[2])
    model.upsert(values[3])
    model.upsert(later(values[1], 200))
    model.upsert(later(values[2], -170))
    model.remove(values[0].id)
    qtmodeltester.check(model, force_py=True)
    starts = [value.starts_at for value in model.appointments()]
    assert starts == sorted(starts) and len(starts) == 3


def test_an_older_version_and_an_echo_change_nothing(qtbot: QtBot, model: AgendaModel) -> None:
    first = appointment()
    newer = later(first, 30)
    assert model.upsert(first)
    assert model.upsert(newer)
    with qtbot.assertNotEmitted(model.dataChanged):
        assert not model.upsert(first)
        assert not model.upsert(newer)
    assert model.appointment(first.id) == newer


def test_the_same_version_with_another_name_is_taken(model: AgendaModel) -> None:
    first = appointment()
    model.upsert(first)
    assert model.upsert(replace(first, patient_name="Dulce Maria Fontoura"))


def test_a_removed_row_only_comes_back_newer(model: AgendaModel) -> None:
    first = appointment()
    model.upsert(first)
    assert model.remove(first.id)
    assert not model.remove(first.id)
    assert not model.upsert(first)
    assert model.rowCount() == 0
    assert model.upsert(later(first, 5))


def test_a_change_is_one_row(qtbot: QtBot, model: AgendaModel) -> None:
    values = [appointment(starts_at=local(hour), ends_at=local(hour, 30)) for hour in (8, 9, 10)]
    model.replace_all(values)
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.assertNotEmitted(model.rowsMoved),
        qtbot.waitSignal(model.dataChanged) as changed,
    ):
        model.upsert(later(values[1], 10))
    assert changed.args[0].row() == changed.args[1].row() == 1
    with qtbot.waitSignal(model.rowsMoved):
        model.upsert(later(values[0], 300))
    assert model.row_of(values[0].id) == 2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.integers(1, 4)), max_size=40))
def test_whatever_comes_in_whatever_order_the_newest_stays(changes: list[tuple[int, int, int]]) -> None:
    model = AgendaModel(ZONE)
    newest: dict[int, int] = {}
    for number, start, version in changes:
        value = appointment(
            id=uuid_for(str(number)), version=version, starts_at=local(8, start), ends_at=local(9, start)
        )
        model.upsert(value)
        newest[number] = max(newest.get(number, 0), version)
    assert [value.starts_at for value in model.appointments()] == sorted(v.starts_at for v in model.appointments())
    assert {value.id: value.version for value in model.appointments()} == {
        uuid_for(str(number)): version for number, version in newest.items()
    }
    for row, value in enumerate(model.appointments()):
        assert model.row_of(value.id) == row


def test_a_row_speaks_for_itself(model: AgendaModel) -> None:
    from clinicdesk.words import use_language

    use_language("pt_BR")
    try:
        value = appointment(alert="alergia grave a dipirona", note="Usa bengala")
        model.replace_all([value])
        index = model.index(0, AgendaColumn.TIME)
        assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
            "10:45 às 11:30, Dulce Fontoura, Consulta ortopédica, confirmado, alerta: alergia grave a dipirona"
        )
        assert "Usa bengala" in index.data(Qt.ItemDataRole.ToolTipRole)
        assert index.data(AgendaRole.APPOINTMENT) == value
        assert index.data(AgendaRole.ID) == value.id
        assert index.data(Qt.ItemDataRole.DecorationRole) is None
    finally:
        use_language("en")
