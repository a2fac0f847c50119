"""Two entries that are one person, on a real database: found, compared by mouse and keys, joined, and parted again."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.form_fields import start_of
from clinicdesk.desk.patients.page import PatientsPage
from clinicdesk.desk.patients.side_by_side import BOTH, KEPT, MERGED
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.merging import MergePatients
from clinicdesk.domain.patients import PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.usecases import agenda, merging, patients
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from tests.desk.patients.conftest import Show, press, type_text
from tests.office import DAY, Office, at

CONTROL = Qt.KeyboardModifier.ControlModifier


def register(clinic: Clinic, name: str, **form: object) -> UUID:
    filled = {"full_name": name, "phone": "11987654321", **form}
    return patients.register(clinic, RegisterPatient(new_id(), PatientForm(**filled)), DAY).id  # type: ignore[arg-type]


@pytest.fixture
def clinic(office: Office) -> Clinic:
    return office.desk("renata")


@pytest.fixture
def two(clinic: Clinic, office: Office) -> tuple[UUID, UUID]:
    """Dulce twice: the first with a visit, the second with what the first lacks."""
    first = register(clinic, "Dulce Fontoura", note="Prefere manhã", source="Google")
    second = register(clinic, "Dulce M. Fontoura", email="d@x.com.br", note="Liga antes", source="Site")
    for key, hour in ((first, 9), (first, 11), (second, 15)):
        with office.admin() as admin:
            office.book_row(admin, patient_id=key, starts_at=at(hour), ends_at=at(hour, 30))
    return first, second


def open_page(clinic: Clinic, background: Background, shown: Show, qtbot: QtBot) -> PatientsPage:
    frame = QWidget()
    window = shown(frame)
    toasts = ToastArea(frame)
    made = PatientsPage(clinic, background, toasts, DeskClock(at(7), frame), Undo(toasts, frame))
    QVBoxLayout(frame).addWidget(made)
    window.activateWindow()
    qtbot.waitUntil(lambda: made.finder.model.rowCount() > 0)
    return made


@pytest.fixture
def page(two: tuple[UUID, UUID], clinic: Clinic, background: Background, shown: Show, qtbot: QtBot) -> PatientsPage:
    return open_page(clinic, background, shown, qtbot)


def compare(page: PatientsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(page.upkeep.duplicates.isVisible)
    qtbot.mouseClick(page.upkeep.duplicates, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.upkeep.merging.view.compared.ids) == 2)
    qtbot.waitUntil(page.upkeep.merging.view.compared.isVisible)


def toast(page: PatientsPage) -> str:
    return page._toasts.toast.accessibleName() if page._toasts.toast is not None else ""


def test_a_pair_is_joined_by_the_keyboard_and_parted_again(
    page: PatientsPage, two: tuple[UUID, UUID], clinic: Clinic, office: Office, qtbot: QtBot
) -> None:
    first, second = two
    compare(page, qtbot)
    assert page.upkeep.duplicates.text() == "1 possible duplicate"
    view = page.upkeep.merging.view
    compared = view.compared
    assert view.list.hasFocus()
    assert compared.kept is not None and compared.kept.id == first  # with more visits
    assert compared.choices == {"full_name": KEPT, "email": MERGED, "source": KEPT, "note": BOTH}
    press(view.list, Qt.Key.Key_Right)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        focused = QApplication.focusWidget()
        assert focused is not None
        press(focused, key)
    assert compared.choices == {"full_name": MERGED, "email": MERGED, "source": MERGED, "note": BOTH}
    assert compared.merge.text() == "Merge into Dulce M. Fontoura"
    focused = QApplication.focusWidget()
    assert focused is not None
    press(focused, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "joined" in toast(page))
    kept = patients.patient(clinic, first)
    assert (kept.full_name, kept.email, kept.source) == ("Dulce M. Fontoura", "d@x.com.br", "Site")
    assert kept.note == "Prefere manhã\nLiga antes"
    qtbot.waitUntil(view._none.isVisible)
    since = office.visit(patient_id=first, starts_at=at(17), ends_at=at(17, 30))
    with office.admin() as admin:
        office.book_row(admin, **since)
    undo = page._writer._undo
    assert undo is not None
    undo.undo()
    qtbot.waitUntil(lambda: "Undone" in toast(page))
    assert "1 visit booked since stays with Dulce Fontoura" in toast(page)
    assert patients.patient(clinic, first).full_name == "Dulce Fontoura"
    assert len(agenda.of_patient(clinic, second)) == 1
    undo.redo()
    qtbot.waitUntil(lambda: toast(page) == "Dulce M. Fontoura joined with Dulce Fontoura")
    assert len(agenda.of_patient(clinic, first)) == 4
    undo.undo()
    qtbot.waitUntil(lambda: len(agenda.of_patient(clinic, second)) == 1)


def test_values_are_chosen_by_the_mouse_and_the_other_entry_can_be_kept(
    page: PatientsPage, two: tuple[UUID, UUID], clinic: Clinic, qtbot: QtBot
) -> None:
    _first, second = two
    compare(page, qtbot)
    compared = page.upkeep.merging.view.compared
    qtbot.mouseClick(compared.rows["source"][MERGED], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(compared.rows["note"][KEPT], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(compared.swap, Qt.MouseButton.LeftButton)
    assert compared.choices == {"full_name": MERGED, "email": KEPT, "source": KEPT, "note": MERGED}
    qtbot.mouseClick(compared.merge, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "joined" in toast(page))
    kept = patients.patient(clinic, second)
    assert (kept.full_name, kept.source, kept.note) == ("Dulce Fontoura", "Site", "Prefere manhã")
    assert [one.id for one in patients.search(clinic, "dulce")] == [second]


def test_an_old_link_leads_to_the_entry_that_was_kept(
    page: PatientsPage, two: tuple[UUID, UUID], clinic: Clinic, qtbot: QtBot
) -> None:
    first, second = two
    page.show_patient(second)
    qtbot.waitUntil(lambda: page.profile.patient_id == second)
    entries = merging.side_by_side(clinic, first, second)
    merging.merge(clinic, MergePatients(new_id(), first, entries[0].version, second, entries[1].version))
    page.apply_change(Change("patient_merge", new_id(), 1))
    qtbot.waitUntil(lambda: page.profile.patient_id == first)
    page.show_patient(second)
    qtbot.waitUntil(lambda: page.profile.patient_id == first)


def test_two_people_are_not_brought_up_again_until_that_is_undone(page: PatientsPage, qtbot: QtBot) -> None:
    compare(page, qtbot)
    view = page.upkeep.merging.view
    qtbot.mouseClick(view.compared.distinct, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "two people" in toast(page))
    assert view.model.rowCount() == 0 and not page.upkeep.duplicates.isVisible()
    assert page._writer._undo is not None
    page._writer._undo.undo()
    qtbot.waitUntil(lambda: view.model.rowCount() == 1)
    press(view.list, Qt.Key.Key_Escape)
    assert page.finder.isVisible() and page.finder.box.hasFocus()


def test_what_another_desk_changed_is_said_and_choices_stay(
    page: PatientsPage, two: tuple[UUID, UUID], office: Office, qtbot: QtBot
) -> None:
    first, _second = two
    compare(page, qtbot)
    compared = page.upkeep.merging.view.compared
    qtbot.mouseClick(compared.rows["source"][MERGED], Qt.MouseButton.LeftButton)
    other = office.desk("otavio", desk="mesa 2")
    read = patients.patient(other, first)
    changed = replace(start_of(read, "").form, full_name="Dulce Fontoura Lima")
    patients.save(other, UpdatePatient(new_id(), first, read.version, changed), DAY)
    qtbot.mouseClick(compared.merge, Qt.MouseButton.LeftButton)  # before the news came
    qtbot.waitUntil(compared.notice.isVisible)
    qtbot.waitUntil(lambda: compared.kept is not None and compared.kept.name == "Dulce Fontoura Lima")
    assert "Otávio Lins" in compared.notice.accessibleName()
    assert compared.choices["source"] == MERGED
    qtbot.mouseClick(compared.merge, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "joined" in toast(page))
    assert patients.patient(other, first).source == "Site"


def test_two_that_were_joined_at_another_desk_leave_the_list(
    page: PatientsPage, two: tuple[UUID, UUID], office: Office, qtbot: QtBot
) -> None:
    first, second = two
    compare(page, qtbot)
    other = office.desk("otavio", desk="mesa 2")
    entries = merging.side_by_side(other, first, second)
    merging.merge(other, MergePatients(new_id(), first, entries[0].version, second, entries[1].version))
    view = page.upkeep.merging.view
    qtbot.mouseClick(view.compared.merge, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "already joined" in toast(page))
    assert view.model.rowCount() == 0


def test_a_patient_is_joined_with_somebody_who_is_searched(
    page: PatientsPage, two: tuple[UUID, UUID], office: Office, clinic: Clinic, qtbot: QtBot
) -> None:
    page.show_patient(office.sample.patients["ana"])
    qtbot.waitUntil(lambda: page.profile.patient_id == office.sample.patients["ana"])
    profile = page.profile.profile
    assert profile is not None
    menu = page.upkeep.open_menu(profile, page.profile.head.more)
    assert menu is not None
    join = next(one for one in menu.actions() if one.text().startswith("Join"))
    menu.close()
    join.trigger()
    view = page.upkeep.merging.view
    assert page.window().focusWidget() is view.picker.box
    type_text(view.picker.box, "bento")
    qtbot.waitUntil(lambda: view.picker.choices.rowCount() == 1)
    press(view.picker.box, Qt.Key.Key_Return)
    qtbot.waitUntil(view.compared.isVisible)
    assert view.compared.ids == {office.sample.patients["ana"], office.sample.patients["bento"]}
    qtbot.mouseClick(view.compared.merge, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "joined" in toast(page))
    assert page.finder.isVisible()
    qtbot.waitUntil(lambda: page.profile.patient_id in view.compared.ids)


def test_a_professional_is_offered_none_of_it(
    office: Office, background: Background, shown: Show, qtbot: QtBot
) -> None:
    clinic = office.desk("helena")
    for name in ("Dulce Fontoura", "Dulce M. Fontoura"):
        register(clinic, name)
    page = open_page(clinic, background, shown, qtbot)
    qtbot.waitUntil(lambda: not background.busy)
    assert not page.upkeep.duplicates.isVisible() and page.profile.head.more.isHidden()


def test_it_draws_in_both_themes(page: PatientsPage, dress: Callable[..., None], qtbot: QtBot) -> None:
    compare(page, qtbot)
    for dark in (False, True):
        dress(dark=dark)
        assert not page.grab().isNull()
