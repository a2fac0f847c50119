"""Several patients chosen by keys and mouse, changed at once, taken back, and taken out in a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.patients.bulk import BulkPanel
from clinicdesk.desk.patients.export_panel import ExportPanel
from clinicdesk.desk.patients.page import PAGE_OF_ROWS, PatientsPage
from clinicdesk.domain.patients import PatientForm, UpdatePatient
from clinicdesk.domain.tags import AddTag
from clinicdesk.usecases import patients, tags
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.patient_export import Format
from tests.desk.patients.conftest import Show, press, type_text
from tests.desk.patients.test_merging import open_page, toast
from tests.office import DAY, Office, put

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def clinic(office: Office) -> Clinic:
    return office.desk("claudia")


@pytest.fixture
def page(clinic: Clinic, background: Background, shown: Show, qtbot: QtBot) -> PatientsPage:
    tags.add(clinic, AddTag(new_id(), "Gestante", 200))
    made = open_page(clinic, background, shown, qtbot)
    qtbot.waitUntil(lambda: made.finder.model.rowCount() == 3)
    return made


def click(page: PatientsPage, row: int, qtbot: QtBot, modifiers: Qt.KeyboardModifier) -> None:
    place = page.finder.list.visualRect(page.finder.model.index(row)).center()
    qtbot.mouseClick(page.finder.list.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def bulk(page: PatientsPage, qtbot: QtBot) -> BulkPanel:
    qtbot.mouseClick(page.finder.selecting.bar.change, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.upkeep.bulking.panel is not None and page.upkeep.bulking.panel.preview is not None)
    panel = page.upkeep.bulking.panel
    assert panel is not None
    return panel


def choose(panel: BulkPanel, what: object, qtbot: QtBot) -> None:
    panel.what.set_value(what)
    panel.what.activated.emit(panel.what.currentIndex())
    qtbot.waitUntil(lambda: panel.preview is not None)


def test_several_are_chosen_by_mouse_and_keys(page: PatientsPage, qtbot: QtBot) -> None:
    selecting, bar = page.finder.selecting, page.finder.selecting.bar
    click(page, 0, qtbot, Qt.KeyboardModifier.NoModifier)
    assert selecting.ids == [] and not bar.isVisible()
    click(page, 2, qtbot, CONTROL)
    assert len(selecting.ids) == 2 and bar.isVisible()
    page.finder.ask()  # the list is read again: who was chosen stays so
    qtbot.waitUntil(lambda: not page._background.busy)
    assert len(selecting.ids) == 2
    click(page, 0, qtbot, Qt.KeyboardModifier.NoModifier)
    press(page.finder.list, Qt.Key.Key_Down, SHIFT)
    press(page.finder.list, Qt.Key.Key_Down, SHIFT)
    assert len(selecting.ids) == 3
    press(page.finder.list, Qt.Key.Key_Escape)
    assert selecting.ids == [] and not bar.isVisible()


def test_all_that_were_found_are_chosen_also_those_not_on_screen(
    page: PatientsPage, office: Office, qtbot: QtBot
) -> None:
    with office.admin() as admin:
        for number in range(PAGE_OF_ROWS + 20):
            put(admin, "patient", id=uuid4(), full_name=f"Maria Souza {number:03d}")
    page.focus_search()
    type_text(page.finder.box, "maria")
    qtbot.waitUntil(lambda: page.finder.model.rowCount() == PAGE_OF_ROWS)
    press(page.finder.box, Qt.Key.Key_Return)
    press(page.finder.list, Qt.Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: len(page.finder.selecting.ids) == PAGE_OF_ROWS + 20)
    bar = page.finder.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: page.finder.model.rowCount() == PAGE_OF_ROWS + 20)
    assert len(page.finder.list.selectionModel().selectedRows()) == PAGE_OF_ROWS + 20
    assert len(page.finder.selecting.ids) == PAGE_OF_ROWS + 20
    page.focus_search()
    type_text(page.finder.box, "a")
    assert page.finder.selecting.ids == []


def test_a_change_is_previewed_made_and_taken_back(page: PatientsPage, clinic: Clinic, qtbot: QtBot) -> None:
    ids = [one.id for one in page.finder.model.matches()]
    page.finder.list.setFocus()
    press(page.finder.list, Qt.Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: len(page.finder.selecting.ids) == 3)
    panel = bulk(page, qtbot)
    assert panel.do.text() == "Change 3 patients" and panel.model.rowCount() == 3
    choose(panel, "source", qtbot)
    assert not panel.do.isEnabled()
    panel.source.setFocus()
    type_text(panel.source, "Instagram")
    qtbot.waitUntil(panel.do.isEnabled)
    patient = patients.patient(clinic, ids[0])
    form = PatientForm(patient.full_name, phone=patient.phone, note="mudou", birth_date=patient.birth_date)
    patients.save(clinic, UpdatePatient(new_id(), ids[0], patient.version, form), DAY)
    press(panel.source, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "2 patients changed" in toast(page))
    assert "left alone: Ana Conceição Álvares" in toast(page)
    assert sources(clinic, ids) == ["", "Instagram", "Instagram"]
    undo = page._writer._undo
    assert undo is not None
    undo.undo()
    qtbot.waitUntil(lambda: toast(page).startswith("Undone"))
    assert sources(clinic, ids) == ["", "", ""]
    undo.redo()
    qtbot.waitUntil(lambda: toast(page) == "2 patients changed")
    assert sources(clinic, ids) == ["", "Instagram", "Instagram"]


def sources(clinic: Clinic, ids: list[UUID]) -> list[str]:
    return [patients.patient(clinic, one).source for one in ids]


def test_nobody_to_change_is_said_and_the_button_rests(page: PatientsPage, qtbot: QtBot) -> None:
    click(page, 0, qtbot, Qt.KeyboardModifier.NoModifier)
    click(page, 1, qtbot, CONTROL)
    panel = bulk(page, qtbot)
    choose(panel, "vip", qtbot)
    assert panel.do.isEnabled()
    panel.vip.set_value(False)
    panel.vip.activated.emit(1)
    qtbot.waitUntil(lambda: "2 have it already" in panel.summary.text())
    assert not panel.do.isEnabled()
    assert not panel.grab().isNull()


def export(page: PatientsPage, path: Path, qtbot: QtBot) -> ExportPanel:
    def ask(_owner: QWidget, name: str, wanted: Format, done: Callable[[Path], None]) -> None:
        assert name.startswith("patients-2035-03-06.")
        done(path)

    page.upkeep.exporting.ask_file = ask
    qtbot.mouseClick(page.upkeep.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.upkeep.exporting.panel is not None and page.upkeep.exporting.panel.isVisible())
    panel = page.upkeep.exporting.panel
    assert panel is not None
    return panel


def test_those_selected_leave_in_a_file_and_its_folder_opens(page: PatientsPage, tmp_path: Path, qtbot: QtBot) -> None:
    click(page, 0, qtbot, Qt.KeyboardModifier.NoModifier)
    click(page, 1, qtbot, CONTROL)
    opened: list[Any] = []
    page.upkeep.exporting.open_folder = opened.append
    panel = export(page, tmp_path / "saída.csv", qtbot)
    assert [choice.text() for choice in panel.choices] == ["Everybody in the register", "Those selected · 2"]
    panel.form.set_current("csv")
    press(panel.save, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: toast(page) == "saída.csv is written")
    assert len((tmp_path / "saída.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
    assert [one.name for one in tmp_path.iterdir()] == ["saída.csv"]
    assert page._toasts.toast is not None
    page._toasts.toast.button.click()
    assert opened == [tmp_path]


def test_those_found_leave_when_the_list_is_narrowed(page: PatientsPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.focus_search()
    type_text(page.finder.box, "álvares")
    qtbot.waitUntil(lambda: page.finder.model.rowCount() == 2)
    panel = export(page, tmp_path / "achados.xlsx", qtbot)
    assert panel.choices[-1].text() == "Those found · 2" and panel.choices[-1].isChecked()
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: toast(page) == "achados.xlsx is written")
    assert (tmp_path / "achados.xlsx").read_bytes()[:2] == b"PK"


def test_a_place_that_cannot_be_written_is_said_and_another_chosen(
    page: PatientsPage, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = export(page, tmp_path / "nowhere" / "a.xlsx", qtbot)
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.trouble.isVisible)
    assert "a.xlsx cannot be written" in panel.trouble.accessibleName() and panel.save.isEnabled()


def test_writing_can_be_stopped(page: PatientsPage, office: Office, tmp_path: Path, qtbot: QtBot) -> None:
    panel = export(page, tmp_path / "a.xlsx", qtbot)
    page.upkeep.exporting._told.connect(lambda _part: panel.back.click())
    with office.admin() as admin:
        admin.execute(
            "INSERT INTO clinicdesk.patient (id, full_name) SELECT gen_random_uuid(), 'Zé ' || n"
            " FROM generate_series(1, 3000) n"
        )
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page._background.busy)
    assert list(tmp_path.iterdir()) == [] and panel.save.isEnabled() and toast(page) == ""


@pytest.mark.parametrize(
    ("login", "offered", "cpf"), [("claudia", True, True), ("otavio", True, False), ("renata", False, False)]
)
def test_who_is_offered_an_export(
    office: Office, background: Background, shown: Show, qtbot: QtBot, login: str, offered: bool, cpf: bool
) -> None:
    page = open_page(office.desk(login), background, shown, qtbot)
    assert page.upkeep.export.isVisible() == offered
    page.upkeep.open_export()
    panel = page.upkeep.exporting.panel
    assert (panel is not None and panel.isVisible()) == offered
    if panel is not None:
        assert panel.cpf.isVisible() == cpf and not panel.cpf.isChecked()
        panel.dismiss()
