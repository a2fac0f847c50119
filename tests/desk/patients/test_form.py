"""The form: masks beside the cursor, errors on leaving, one save one effect, nothing typed is lost."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.patients.cpf_edit import CpfEdit
from clinicdesk.desk.patients.form import Attempt, FormDoors, PatientFormPanel
from clinicdesk.desk.patients.form_fields import FormFields, start_of
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_phone
from clinicdesk.domain.patients import Patient, PatientForm, PatientMatch
from clinicdesk.errors import ChangedElsewhere, ClinicError, ClinicUnreachable, InvalidField, InvalidForm
from tests.builders import ZONE, uuid_for
from tests.desk.patients.conftest import NOW, Show, match, press, type_text

ANA = Patient(
    id=uuid_for("Ana"),
    version=3,
    full_name="Ana Paula Nogueira",
    social_name="",
    phone="+5511900000321",
    email="ana@exemplo.com.br",
    birth_date=dt.date(1988, 2, 9),
    has_cpf=True,
    guardian_id=uuid_for("Lúcia"),
    guardian_name="Lúcia Nogueira",
    guardian_kinship="mãe",
    address="Rua A, 1",
    source="",
    vip=False,
    note="",
    created_at=NOW,
)


class Desk:
    """Writes down what the form asked for; the test answers when it likes."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.saved: Callable[[Patient], None] = lambda _patient: None
        self.failed: Callable[[ClinicError], None] = lambda _error: None
        self.same: list[PatientMatch] = []
        self.current = ANA
        self.doors = FormDoors(self.save, self.lookalikes, self.read, self.search)

    def save(self, attempt: Attempt, done: Callable[[Patient], None], failed: Callable[[ClinicError], None]) -> None:
        self.attempts.append(attempt)
        self.saved, self.failed = done, failed

    def lookalikes(self, form: PatientForm, done: Callable[[Sequence[PatientMatch]], None]) -> None:
        done(self.same if form.phone else [])

    def read(self, patient_id: UUID, done: Callable[[Patient, str], None]) -> None:
        done(self.current, "•••.982.247-••")

    def search(self, text: str, done: Callable[[Sequence[PatientMatch]], None]) -> None:
        done([match("Bento Reis")])


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def register(desk: Desk, shown: Show) -> PatientFormPanel:
    panel = PatientFormPanel(desk.doors, lambda: NOW, lambda: ZONE)
    shown(panel, 700, 860)
    return panel


@pytest.fixture
def edit(desk: Desk, shown: Show) -> PatientFormPanel:
    panel = PatientFormPanel(desk.doors, lambda: NOW, lambda: ZONE, ANA, start_of(ANA, "•••.982.247-••"))
    shown(panel, 700, 860)
    return panel


def editor(panel: PatientFormPanel, name: str) -> QLineEdit:
    found = panel.fields.fields[name].editor
    assert isinstance(found, QLineEdit)
    return found


def fill(panel: PatientFormPanel, name: str, words: str) -> None:
    field = editor(panel, name)
    field.setFocus()
    field.selectAll()
    type_text(field, words)


def test_typing_in_the_middle_keeps_the_cursor(qtbot: QtBot, shown: Show) -> None:
    edit = MaskedEdit(mask_phone)
    shown(edit)
    edit.setFocus()
    type_text(edit, "1190000014")
    assert edit.text() == "(11) 90000-014"
    edit.setCursorPosition(6)
    type_text(edit, "7")
    assert (edit.text(), edit.cursorPosition()) == ("(11) 97000-0014", 7)
    press(edit, Qt.Key.Key_Backspace)
    assert (edit.text(), edit.cursorPosition()) == ("(11) 90000-014", 6)


def test_backspace_steps_over_what_was_filled_in(shown: Show) -> None:
    edit = MaskedEdit(mask_phone)
    shown(edit)
    edit.setFocus()
    type_text(edit, "119000")
    edit.setCursorPosition(5)
    press(edit, Qt.Key.Key_Backspace)
    assert edit.text() == "(19) 000"
    for _ in range(8):
        edit.end(False)
        press(edit, Qt.Key.Key_Backspace)
    assert edit.text() == ""


def test_undo_is_left_alone(shown: Show) -> None:
    edit = MaskedEdit(mask_phone)
    shown(edit)
    edit.setFocus()
    type_text(edit, "119")
    for _ in range(6):
        press(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == ""


def test_errors_show_on_leaving_and_go_while_typing(register: PatientFormPanel) -> None:
    fill(register, "phone", "(11) 9000-019")
    assert register.fields.fields["phone"].error == ""
    editor(register, "email").setFocus()
    assert register.fields.fields["phone"].error != ""
    phone = editor(register, "phone")
    phone.setFocus()
    phone.end(False)
    type_text(phone, "90")
    assert register.fields.fields["phone"].error == ""


def test_saving_goes_to_the_first_error_and_asks_nothing(register: PatientFormPanel, desk: Desk) -> None:
    fill(register, "email", "joaquina@")
    register.save()
    assert desk.attempts == []
    assert register.focusWidget() is editor(register, "full_name")
    assert register.fields.fields["email"].error and register.fields.fields["full_name"].error


def test_a_double_click_is_one_save_and_a_retry_the_same_operation(
    register: PatientFormPanel, desk: Desk, qtbot: QtBot
) -> None:
    fill(register, "full_name", "Joaquina Conceição")
    for _ in range(2):
        qtbot.mouseClick(register.save_button, Qt.MouseButton.LeftButton)
    press(register.fields, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.attempts) == 1
    desk.failed(ClinicUnreachable())
    assert editor(register, "full_name").text() == "Joaquina Conceição"
    assert register.notice.isVisible()
    register.save()
    assert desk.attempts[1].operation_id == desk.attempts[0].operation_id
    desk.failed(ClinicUnreachable())
    fill(register, "social_name", "Quina")
    register.save()
    assert desk.attempts[2].operation_id != desk.attempts[0].operation_id
    with qtbot.waitSignal(register.saved):
        desk.saved(ANA)


def test_what_the_database_refuses_stands_under_its_field(register: PatientFormPanel, desk: Desk) -> None:
    fill(register, "full_name", "Joaquina")
    register.save()
    desk.failed(InvalidForm((InvalidField("birth_date", "in_the_future"), InvalidField("cpf", "check_digits"))))
    assert register.fields.fields["birth_date"].error and register.fields.fields["cpf"].error
    assert register.focusWidget() is editor(register, "birth_date")
    assert editor(register, "full_name").text() == "Joaquina"


def test_a_known_phone_is_advice_and_can_be_used(register: PatientFormPanel, desk: Desk, qtbot: QtBot) -> None:
    desk.same = [match("Conceição Almeida e Silva", phone="+5511900000233")]
    fill(register, "phone", "11900000233")
    editor(register, "email").setFocus()
    assert "Conceição Almeida e Silva" in register.advice.accessibleName()
    with qtbot.waitSignal(register.use_wanted) as wanted:
        register.advice.button.click()
    assert wanted.args == [desk.same[0].id]
    desk.same = []
    fill(register, "phone", "11900000234")
    editor(register, "email").setFocus()
    assert not register.advice.isVisible()


def test_the_year_is_written_out(register: PatientFormPanel) -> None:
    fill(register, "birth_date", "9/2/88")
    editor(register, "email").setFocus()
    assert editor(register, "birth_date").text() == "09/02/1988"
    assert register.fields.form().birth_date == dt.date(1988, 2, 9)


def test_a_known_cpf_stays_covered_until_changed(edit: PatientFormPanel) -> None:
    cpf = edit.fields.fields["cpf"].editor
    assert isinstance(cpf, CpfEdit)
    assert cpf.isReadOnly() and edit.fields.form().cpf is None
    switch = cpf.findChild(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert switch is not None
    cpf._switch.click()
    assert edit.fields.form().cpf == ""
    type_text(cpf, "52998224725")
    assert edit.fields.form().cpf == "529.982.247-25"
    cpf._switch.click()
    assert edit.fields.form().cpf is None and edit.fields.validate()


def test_a_stale_save_shows_both_and_keeps_what_was_typed(edit: PatientFormPanel, desk: Desk) -> None:
    fill(edit, "address", "Rua Nova, 10")
    edit.save()
    desk.failed(ChangedElsewhere("patient", ANA.id, 3, 4, "Otávio", NOW))
    assert "Otávio" in edit.notice.accessibleName() and "10:18" in edit.notice.accessibleName()
    desk.current = Patient(
        **{
            **{name: getattr(ANA, name) for name in ANA.__slots__},
            "version": 4,
            "phone": "+5511900000399",
            "address": "Rua Velha, 3",
        }
    )
    edit.notice.button.click()
    assert editor(edit, "address").text() == "Rua Nova, 10"
    assert editor(edit, "phone").text() == "(11) 90000-0399"
    edit.save()
    seen = desk.attempts[-1].seen
    assert seen is not None and seen.version == 4
    assert desk.attempts[-1].operation_id != desk.attempts[0].operation_id


def test_another_desk_is_noticed_while_the_form_is_open(edit: PatientFormPanel) -> None:
    edit.notice_change(3)
    assert not edit.notice.isVisible()
    edit.notice_change(4)
    assert edit.notice.isVisible()


def test_a_guardian_is_searched_and_chosen(register: PatientFormPanel) -> None:
    guardian = register.fields.guardian
    guardian.box.setFocus()
    type_text(guardian.box, "bento")
    assert guardian.list.isVisible()
    press(guardian.box, Qt.Key.Key_Return)
    assert register.fields.form().guardian_id == uuid_for("Bento Reis")
    assert register.dirty


def test_a_name_of_200_letters_and_markup_are_kept_as_typed(register: PatientFormPanel, desk: Desk) -> None:
    name = ("<b>" + "x" * 200)[:200]
    editor(register, "full_name").setText(name)
    register.save()
    assert desk.attempts[0].form.full_name == name
    desk.failed(ClinicUnreachable())
    editor(register, "full_name").setText(name + "y")
    register.save()
    assert len(desk.attempts) == 1 and "200" in register.fields.fields["full_name"].error


def test_the_form_fits_both_themes(edit: PatientFormPanel, dress: Callable[..., None]) -> None:
    dress(dark=True)
    assert not edit.grab().isNull()


def test_the_last_day_of_a_priority_is_asked_only_with_one(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    fields = FormFields(lambda _text: [], lambda: NOW, lambda: ZONE)
    qtbot.addWidget(fields)
    fields.fill(start_of(ANA, ""))
    until, priority = fields.fields["priority_until"].editor, fields.fields["priority"].editor
    assert isinstance(priority, Select) and isinstance(until, QLineEdit)
    assert not until.isEnabled()
    priority.set_value("blood_donor")
    assert until.isEnabled()
    assert fields.form().priority_until == NOW.astimezone(ZONE).date() + dt.timedelta(days=120)
    priority.set_value("pregnant")
    type_text(until, "9/3/27")
    assert (fields.form().priority, fields.form().priority_until) == ("pregnant", dt.date(2027, 3, 9))
    priority.set_value("")
    assert (fields.form().priority, fields.form().priority_until) == ("", None)
    assert fields.validate()
