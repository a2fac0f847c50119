"""The list keeps the rows of whoever stays found, and says every change row by row."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from clinicdesk.desk.patients.model import PatientListModel, PatientRole
from clinicdesk.desk.patients.timeline import TimelineModel, rows_of
from clinicdesk.desk.patients.visits_table import VisitsModel
from clinicdesk.domain.timeline import Moment
from tests.builders import ZONE, appointment, local
from tests.desk.patients.conftest import NOW, match

PEOPLE = [match(name) for name in ("Ana", "Bento", "Célia", "Davi", "Eva")]


def names(model: PatientListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_it_is_a_proper_model(qtmodeltester: ModelTester) -> None:
    model = PatientListModel()
    qtmodeltester.check(model, force_py=True)
    model.show(PEOPLE[1:4])
    model.show(PEOPLE)
    model.append([match("Fátima")])
    model.show([PEOPLE[4], PEOPLE[0]])
    assert names(model) == ["Eva", "Ana"]


def test_who_stays_found_keeps_the_row(qtbot: QtBot) -> None:
    model = PatientListModel()
    model.show(PEOPLE)
    kept = QPersistentModelIndex(model.index(2))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show([PEOPLE[0], PEOPLE[2], match("Dora")])
    assert kept.isValid() and kept.row() == 1 and kept.data() == "Célia"
    assert names(model) == ["Ana", "Célia", "Dora"]


def test_only_what_changed_is_told(qtbot: QtBot) -> None:
    model = PatientListModel()
    model.show(PEOPLE)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.show(PEOPLE)
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.show([*PEOPLE[:3], match("Davi", vip=True), PEOPLE[4]])
    assert changed.args[0].row() == changed.args[1].row() == 3
    assert not model.update(match("Nobody"))


def test_a_row_speaks(qtbot: QtBot) -> None:
    model = PatientListModel(lambda one: f"{one.name} spoken")
    model.show(PEOPLE[:1])
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Ana spoken"
    assert model.index(0).data(PatientRole.ID) == PEOPLE[0].id
    assert model.index(0).data(Qt.ItemDataRole.DecorationRole) is None


@given(st.lists(st.lists(st.integers(0, 8), unique=True), max_size=8))
def test_whatever_follows_whatever_the_last_answer_is_shown(answers: list[list[int]]) -> None:
    model = PatientListModel()
    for answer in answers:
        model.show([match(str(number)) for number in answer])
        assert names(model) == [str(number) for number in answer]
        assert [model.row_of(one.id) for one in model.matches()] == list(range(len(answer)))


def test_the_timeline_puts_visits_under_their_days(qtmodeltester: ModelTester) -> None:
    model = TimelineModel()
    visits = [appointment(starts_at=local(hour), ends_at=local(hour, 30)) for hour in (9, 15)]
    model.show(rows_of([Moment(one.starts_at, one.id, one) for one in reversed(visits)], NOW, ZONE))
    qtmodeltester.check(model, force_py=True)
    assert model.rowCount() == 3
    assert model.index(0).data() == "Today, 24 November"
    assert model.index(1).data().startswith("Consulta ortopédica, 15:00")
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable


def test_the_table_of_visits(qtmodeltester: ModelTester) -> None:
    model = VisitsModel()
    model.show([appointment()], ZONE)
    qtmodeltester.check(model, force_py=True)
    assert model.index(0, 1).data() == "10:45–11:30"
    assert model.index(0, 5).data() == "Confirmed"
