"""The page on a real database: find, open, register, edit, take back, and hear of other desks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import psycopg.sql
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.form import PatientFormPanel
from clinicdesk.desk.patients.form_fields import start_of
from clinicdesk.desk.patients.page import PAGE_OF_ROWS, PatientsPage
from clinicdesk.desk.patients.timeline import DayRow, MomentRole
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.patients import UpdatePatient
from clinicdesk.usecases import patients
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from tests.desk.patients.conftest import Show, press, type_text
from tests.office import DAY, Office, at, put

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def clinic(office: Office) -> Clinic:
    return office.desk("renata")


@pytest.fixture
def page(clinic: Clinic, background: Background, shown: Show, qtbot: QtBot) -> PatientsPage:
    frame = QWidget()
    window = shown(frame)
    toasts = ToastArea(frame)
    clock = DeskClock(at(7), frame)
    made = PatientsPage(clinic, background, toasts, clock, Undo(toasts, frame))
    QVBoxLayout(frame).addWidget(made)
    window.activateWindow()
    qtbot.waitUntil(lambda: made.finder.model.rowCount() == 3)
    return made


def names(page: PatientsPage) -> list[str]:
    return [one.name for one in page.finder.model.matches()]


def search(page: PatientsPage, words: str, qtbot: QtBot) -> None:
    page.focus_search()
    type_text(page.finder.box, words)
    qtbot.waitUntil(lambda: page.finder._answered == page.finder.text)


def opened(page: PatientsPage, name: str, qtbot: QtBot) -> None:
    def there() -> bool:
        return page.profile.profile is not None and page.profile.profile.patient.name == name

    qtbot.waitUntil(there)


def form(page: PatientsPage) -> PatientFormPanel:
    return next(popover.panel for popover in page.forms.open_now.values() if popover.isVisible())


def write(panel: PatientFormPanel, name: str, words: str) -> None:
    field = panel.fields.fields[name].editor
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    type_text(field, words)


def test_everybody_is_listed_and_counted(page: PatientsPage, qtbot: QtBot) -> None:
    assert names(page) == ["Ana Conceição Álvares", "Bento d'Ávila", "Nina Álvares"]
    qtbot.waitUntil(lambda: any(label.text() == "3 patients" for label in page.header.findChildren(Label)))
    assert page.finder.box.hasFocus()


def test_accents_order_and_digits_find(page: PatientsPage, qtbot: QtBot) -> None:
    search(page, "alvares çao", qtbot)
    assert names(page) == ["Ana Conceição Álvares"]
    search(page, "0143", qtbot)
    assert names(page) == ["Bento d'Ávila"]
    search(page, "zzz", qtbot)
    assert names(page) == [] and page.finder.register_row.isVisible() and not page.finder.list.isVisible()
    press(page.finder.box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(names(page)) == 3)


def test_enter_opens_the_first_even_before_the_answer(page: PatientsPage, qtbot: QtBot) -> None:
    page.focus_search()
    type_text(page.finder.box, "bento")
    press(page.finder.box, Qt.Key.Key_Return)
    opened(page, "Bento d'Ávila", qtbot)
    assert page.finder.list.hasFocus()


def test_arrows_walk_while_the_focus_stays(page: PatientsPage, qtbot: QtBot) -> None:
    for name in ("Ana Conceição Álvares", "Bento d'Ávila"):
        press(page.finder.box, Qt.Key.Key_Down)
        opened(page, name, qtbot)
    assert page.finder.box.hasFocus()
    search(page, "álvares", qtbot)
    assert page.finder.selected is None and page.profile.profile is not None  # nobody else is opened unasked


def test_visits_become_a_timeline_and_figures(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        office.book_row(admin, starts_at=at(9), ends_at=at(9, 30))
        office.book_row(admin, starts_at=at(11), ends_at=at(11, 30), status="no_show")
    page.apply_change(Change("appointment", uuid4(), 1))
    qtbot.waitUntil(lambda: "today" in (page.finder.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)))
    press(page.finder.box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.profile.timeline.rowCount() == 5)
    heading = page.profile.timeline.index(0).data(MomentRole.ROW)
    assert heading == DayRow("Today, 6 March")
    with qtbot.waitSignal(page.visit_requested) as wanted:
        page.profile.list.activated.emit(page.profile.timeline.index(1))
    assert wanted.args[0].starts_at == at(11)


def test_book_carries_the_patient(page: PatientsPage, qtbot: QtBot) -> None:
    page.book()  # nobody is chosen: nothing happens
    press(page.finder.box, Qt.Key.Key_Down)
    opened(page, "Ana Conceição Álvares", qtbot)
    with qtbot.waitSignal(page.book_requested) as wanted:
        page.commands()["book"]()
    assert (wanted.args[0].name, wanted.args[0].phone) == ("Ana Conceição Álvares", "+5511900000142")


def test_register_with_what_was_searched(page: PatientsPage, clinic: Clinic, qtbot: QtBot) -> None:
    search(page, "Joaquina Conceição", qtbot)
    press(page.finder.box, Qt.Key.Key_Return, CONTROL)
    panel = form(page)
    assert panel.fields.form().full_name == "Joaquina Conceição"
    write(panel, "phone", "11900000155")
    write(panel, "cpf", "52998224725")
    for _ in range(2):
        qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)
    opened(page, "Joaquina Conceição", qtbot)
    assert patients.count(clinic) == 4
    assert page.profile.profile is not None and page.profile.profile.cpf_masked == "•••.982.247-••"
    assert page._toasts.toast is not None and "Joaquina" in page._toasts.toast.accessibleName()
    qtbot.waitUntil(lambda: names(page) == ["Joaquina Conceição"])


@pytest.mark.parametrize(("typed", "field"), [("11 90000-0177", "phone"), ("529.982.247-25", "cpf"), ("1190", "")])
def test_figures_begin_a_form_as_what_they_are(page: PatientsPage, typed: str, field: str) -> None:
    page.new_patient(typed)
    begun = form(page).fields.form()
    assert begun.full_name == ""
    assert {name for name in ("phone", "cpf") if getattr(begun, name)} == ({field} if field else set())


def test_somebody_elses_cpf_leads_to_them(page: PatientsPage, clinic: Clinic, office: Office, qtbot: QtBot) -> None:
    ana = patients.patient(clinic, office.sample.patients["ana"])
    kept = replace(start_of(ana, "").form, cpf="529.982.247-25")
    patients.save(clinic, UpdatePatient(new_id(), ana.id, ana.version, kept), DAY)
    page.new_patient("Outra Pessoa")
    panel = form(page)
    write(panel, "cpf", "52998224725")
    panel.save()
    qtbot.waitUntil(panel.notice.isVisible)
    assert "Ana Conceição" in panel.fields.fields["cpf"].error
    panel.notice.button.click()
    opened(page, "Ana Conceição Álvares", qtbot)
    page.new_patient()
    assert form(page).fields.form().full_name == "Outra Pessoa"  # the draft is still there


def test_an_edit_is_saved_and_taken_back(page: PatientsPage, clinic: Clinic, office: Office, qtbot: QtBot) -> None:
    page.show_patient(office.sample.patients["ana"])
    opened(page, "Ana Conceição Álvares", qtbot)
    page.edit()
    write(form(page), "social_name", "Ana Clara")
    press(form(page).fields, Qt.Key.Key_Return, CONTROL)
    form(page).save()
    opened(page, "Ana Clara", qtbot)
    assert page._writer._undo is not None
    page._writer._undo.undo()
    opened(page, "Ana Conceição Álvares", qtbot)
    assert patients.patient(clinic, office.sample.patients["ana"]).social_name == ""
    page._writer._undo.redo()
    opened(page, "Ana Clara", qtbot)


def test_two_edits_are_taken_back_one_after_the_other(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    page.show_patient(office.sample.patients["ana"])
    opened(page, "Ana Conceição Álvares", qtbot)
    for name in ("Ana Clara", "Ana Rosa"):
        page.edit()
        write(form(page), "social_name", name)
        form(page).save()
        opened(page, name, qtbot)
    undo = page._writer._undo
    assert undo is not None
    undo.undo()
    opened(page, "Ana Clara", qtbot)
    undo.undo()
    opened(page, "Ana Conceição Álvares", qtbot)
    undo.redo()
    opened(page, "Ana Clara", qtbot)


def test_a_draft_comes_back_after_escape(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    page.show_patient(office.sample.patients["ana"])
    opened(page, "Ana Conceição Álvares", qtbot)
    page.edit()
    panel = form(page)
    write(panel, "address", "Rua Nova, 10")
    press(panel.fields.fields["address"].editor, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    page.edit()
    assert form(page).fields.form().address == "Rua Nova, 10" and form(page).notice.isVisible()
    form(page).notice.button.click()
    assert form(page).fields.form().address == ""


def test_a_stale_save_names_the_desk_and_merges_in_sight(
    page: PatientsPage, clinic: Clinic, office: Office, qtbot: QtBot
) -> None:
    key = office.sample.patients["ana"]
    page.show_patient(key)
    opened(page, "Ana Conceição Álvares", qtbot)
    page.edit()
    panel = form(page)
    write(panel, "address", "Rua Nova, 10")
    other = office.desk("otavio", desk="mesa 2")
    read = patients.patient(other, key)
    changed = replace(start_of(read, "").form, phone="11 90000-0199", address="Rua Velha, 3")
    patients.save(other, UpdatePatient(new_id(), key, read.version, changed), DAY)
    panel.save()
    qtbot.waitUntil(panel.notice.isVisible)
    assert "Otávio Lins" in panel.notice.accessibleName()
    assert panel.fields.form().address == "Rua Nova, 10"
    panel.notice.button.click()
    qtbot.waitUntil(lambda: panel.fields.form().phone == "(11) 90000-0199")
    panel.save()
    qtbot.waitUntil(lambda: key not in page.forms.open_now)
    saved = patients.patient(clinic, key)
    assert (saved.address, saved.phone) == ("Rua Nova, 10", "+5511900000199")


def test_another_desks_change_is_shown(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    key = office.sample.patients["ana"]
    page.show_patient(key)
    opened(page, "Ana Conceição Álvares", qtbot)
    with office.admin() as admin:
        admin.execute(
            "UPDATE clinicdesk.patient SET social_name = 'Aninha', version = version + 1 WHERE id = %s", [key]
        )
    page.apply_change(Change("patient", key, 99))
    opened(page, "Aninha", qtbot)
    qtbot.waitUntil(lambda: "Aninha" in names(page))


def test_a_long_list_comes_in_pages(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        for number in range(PAGE_OF_ROWS + 20):
            put(admin, "patient", id=uuid4(), full_name=f"Maria Souza {number:03d}")
    search(page, "maria", qtbot)
    assert len(names(page)) == PAGE_OF_ROWS
    bar = page.finder.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(names(page)) == PAGE_OF_ROWS + 20)
    assert names(page) == sorted(names(page))


def test_without_a_connection_what_was_found_stays(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    door = psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    name = psycopg.sql.Identifier(office.database)
    with psycopg.connect(**dict[str, Any](office.cluster.admin_conninfo()), autocommit=True) as server:
        server.execute(door.format(name, psycopg.sql.Literal(False)))
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [office.database])
        page.focus_search()
        type_text(page.finder.box, "ana")
        qtbot.waitUntil(page.finder._trouble.isVisible)
        assert len(names(page)) == 3 and page.finder.text == "ana"
        server.execute(door.format(name, psycopg.sql.Literal(True)))
    page.reload()
    qtbot.waitUntil(lambda: names(page) == ["Ana Conceição Álvares"])
    assert not page.finder._trouble.isVisible()


def test_markup_in_a_name_is_text(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        put(admin, "patient", id=uuid4(), full_name="<img src=x> Zé")
    search(page, "img", qtbot)
    press(page.finder.box, Qt.Key.Key_Return)
    opened(page, "<img src=x> Zé", qtbot)
    labels = [label for label in page.findChildren(Label) if "<img" in label.text()]
    assert labels and all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_loading_shows_shapes_only_after_a_while(page: PatientsPage, qtbot: QtBot) -> None:
    page.profile.expect(uuid4())
    assert not page.profile._skeleton.revealed
    qtbot.waitUntil(lambda: page.profile._skeleton.revealed)


def test_it_draws_in_both_themes(page: PatientsPage, dress: Callable[..., None], qtbot: QtBot) -> None:
    press(page.finder.box, Qt.Key.Key_Down)
    opened(page, "Ana Conceição Álvares", qtbot)
    for dark in (False, True):
        dress(dark=dark)
        assert not page.grab().isNull()
