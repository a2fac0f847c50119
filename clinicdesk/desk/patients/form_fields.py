"""The fields of a patient's form: what was typed as a PatientForm, and what is wrong under each of them."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.cpf_edit import CpfEdit
from clinicdesk.desk.patients.own_fields import OwnFields
from clinicdesk.desk.widgets.field import Check, Field
from clinicdesk.desk.widgets.fields import LineEdit, Select, TextArea
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, mask_phone, read_date
from clinicdesk.desk.widgets.patient_picker import PatientPicker, Search
from clinicdesk.desk.widgets.switch import CheckBox
from clinicdesk.desk.wording_fields import OWN, field_problem
from clinicdesk.domain.custom_fields import CustomField, name_in_form, read_values
from clinicdesk.domain.patients import (
    Patient,
    PatientForm,
    PatientMatch,
    check_birth_date,
    check_priority_until,
    clean_email,
    clean_name,
    clean_phone,
    show_phone,
)
from clinicdesk.domain.priority import DONATION_COUNTS_DAYS, TOLD, Priority
from clinicdesk.errors import InvalidField
from clinicdesk.terms import priority_word
from clinicdesk.words import _

_DATES = ("birth_date", "priority_until")
_YEARS_AHEAD = 10
NAMES = tuple(field.name for field in fields(PatientForm))
TELL_WHO = ("full_name", "social_name", "phone", "birth_date")  # what may show that somebody is registered already


@dataclass(frozen=True)
class Start:
    """What a form begins with: its values as shown, who stands behind an id, the CPF that stays unless changed.

    `own` are the clinic's own fields, which `form.custom` holds the values of.
    """

    form: PatientForm
    guardian: PatientMatch | None = None
    cpf_masked: str = ""
    referrer: PatientMatch | None = None
    own: Sequence[CustomField] = ()

    def value(self, name: str) -> Any:
        """What stands in one field, one of the clinic's own too."""
        return value_in(self.form, name)

    def names(self) -> list[str]:
        """Every field by its name, the clinic's own too."""
        return [*(name for name in NAMES if name != "custom"), *(name_in_form(one.id) for one in self.own)]

    def changed(self, form: PatientForm) -> PatientForm:
        """`form` with those of the clinic's own fields alone that hold something else than at the beginning."""
        changed = {key: value for key, value in form.custom.items() if value != self.form.custom.get(key)}
        return replace(form, custom=changed)


def value_in(form: PatientForm, name: str) -> Any:
    """What a form holds in one field, one of the clinic's own too."""
    if name.startswith(OWN):
        return form.custom.get(UUID(name.removeprefix(OWN)))
    return getattr(form, name)


def start_of(patient: Patient, cpf_masked: str, own: Sequence[CustomField] = ()) -> Start:
    """A patient as the form shows them."""
    form = PatientForm(
        full_name=patient.full_name,
        social_name=patient.social_name,
        phone=show_phone(patient.phone),
        email=patient.email,
        birth_date=patient.birth_date,
        guardian_id=patient.guardian_id,
        guardian_kinship=patient.guardian_kinship,
        address=patient.address,
        source=patient.source,
        vip=patient.vip,
        note=patient.note,
        priority=patient.priority,
        priority_until=patient.priority_until,
        referred_by=patient.referred_by,
        custom=read_values(own, patient.custom),
    )
    guardian = _named(patient.guardian_id, patient.guardian_name)
    return Start(form, guardian, cpf_masked, _named(patient.referred_by, patient.referred_by_name), own)


def _named(patient_id: UUID | None, name: str) -> PatientMatch | None:
    return PatientMatch(patient_id, name, "", None, "", False, None, None, "") if patient_id else None


class FormFields(QWidget):
    """`changed` is any change a person makes; `left` names a field that was left and may tell who it is."""

    changed = Signal()
    left = Signal(str)

    def __init__(
        self,
        search: Search,
        now: Callable[[], dt.datetime],
        zone: Callable[[], dt.tzinfo],
        own: Sequence[CustomField] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._zone = zone
        self._lines: dict[str, QLineEdit] = {
            "full_name": LineEdit(),
            "social_name": LineEdit(),
            "phone": MaskedEdit(mask_phone, "(11) 90000-0000"),
            "email": LineEdit(),
            "birth_date": MaskedEdit(mask_date, _("dd/mm/yyyy")),
            "guardian_kinship": LineEdit(_("mother, father, tutor…")),
            "address": LineEdit(_("street, number, district, city")),
            "source": LineEdit(_("referral, Instagram, passing by…")),
            "priority_until": MaskedEdit(mask_date, _("dd/mm/yyyy")),
        }
        none = ("", _("No, or by age alone"))
        self._priority = Select([none, *((str(one), priority_word(one)) for one in TOLD)])
        self._cpf = CpfEdit()
        self._note = TextArea(lines=2)
        self._vip = CheckBox(_("VIP patient"))
        self.guardian = PatientPicker(search, now, zone, may_be_new=False, floating=True)
        self.referrer = PatientPicker(search, now, zone, may_be_new=False, floating=True)
        self._own = OwnFields(own, self._today)
        self.fields = self._make_fields()
        self._arrange()
        self._listen()

    def fill(self, start: Start) -> None:
        """Show these values; nobody is told, because nobody typed."""
        for name in start.names():
            self.put(name, start)

    def put(self, name: str, start: Start) -> None:
        """Show one value."""
        value = start.value(name)
        if name.startswith(OWN):
            self._own.show_value(UUID(name.removeprefix(OWN)), value)
        elif name in _DATES:
            self._lines[name].setText(formats.numeric_date(value) if value else "")
        elif name == "priority":
            self._priority.blockSignals(True)
            self._priority.set_value(value)
            self._priority.blockSignals(False)
            self._lines["priority_until"].setEnabled(bool(value))
        elif name in self._lines:
            self._lines[name].setText(value)
        elif name == "note":
            self._note.blockSignals(True)
            self._note.setPlainText(value)
            self._note.blockSignals(False)
        elif name == "cpf":
            self._cpf.start(start.cpf_masked, value or "")
        elif name == "vip":
            self._vip.setChecked(value)
        else:
            picker, person = (
                (self.guardian, start.guardian) if name == "guardian_id" else (self.referrer, start.referrer)
            )
            if person is None:
                picker.clear()
            else:
                picker.choose(person, tell=False)

    def form(self) -> PatientForm:
        """What was typed; a date that is none counts as not given, and is found by `validate`."""
        words = {name: line.text().strip() for name, line in self._lines.items() if name not in _DATES}
        guardian, referrer = self.guardian.patient, self.referrer.patient
        return PatientForm(
            full_name=words["full_name"],
            social_name=words["social_name"],
            phone=words["phone"],
            email=words["email"],
            guardian_kinship=words["guardian_kinship"],
            address=words["address"],
            source=words["source"],
            birth_date=self._typed("birth_date"),
            cpf=self._cpf.value,
            guardian_id=guardian.id if guardian else None,
            vip=self._vip.isChecked(),
            note=self._note.toPlainText().strip(),
            priority=str(self._priority.value or ""),
            priority_until=self._typed("priority_until") if self._priority.value else None,
            referred_by=referrer.id if referrer else None,
            custom=self._own.values(),
        )

    def validate(self) -> bool:
        """Ask every check; the focus goes to the first field that fails."""
        failed = [field for field in self.fields.values() if not field.validate()]
        if failed:
            failed[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return not failed

    def show_problems(self, problems: Iterable[InvalidField]) -> None:
        """Say under each field what was refused; the focus goes to the first."""
        named = [(self.fields[one.field], field_problem(one)) for one in problems if one.field in self.fields]
        for field, words in named:
            field.set_error(words)
        if named:
            named[0][0].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, name: str) -> dt.date | None:
        try:
            return self._date(name, self._lines[name].text())
        except InvalidField:
            return None

    def _date(self, name: str, text: str) -> dt.date | None:
        # A year of two figures is one of the last hundred, for what is to come one that ends with the next ten.
        today = self._today()
        latest = today if name == "birth_date" else today + dt.timedelta(days=_YEARS_AHEAD * 366)
        return read_date(text, latest, name)

    def _today(self) -> dt.date:
        return self._now().astimezone(self._zone()).date()

    def _make_fields(self) -> dict[str, Field]:
        today = self._today
        lines = self._lines
        born: Check = _told(lambda text: check_birth_date(self._date("birth_date", text), today()))
        until: Check = _told(lambda text: check_priority_until(self._date("priority_until", text), today()))
        social: Check = _told(lambda text: clean_name(text, "social_name") if text.strip() else "")
        return {
            "full_name": Field(_("Full name"), lines["full_name"], check=_told(clean_name)),
            "social_name": Field(_("Social name"), lines["social_name"], True, check=social),
            "birth_date": Field(_("Birth date"), lines["birth_date"], True, check=born),
            "phone": Field(_("Mobile (WhatsApp)"), lines["phone"], True, check=_told(clean_phone)),
            "email": Field(_("E-mail"), lines["email"], True, check=_told(clean_email)),
            "cpf": Field(_("CPF"), self._cpf, True, check=_told(lambda _text: self._cpf.check())),
            "source": Field(_("How they found us"), lines["source"], True),
            "guardian_id": Field(_("Guardian"), self.guardian, True),
            "guardian_kinship": Field(_("Kinship"), lines["guardian_kinship"], True),
            "priority": Field(_("Goes first by law"), self._priority, True),
            "priority_until": Field(_("Until"), lines["priority_until"], True, check=until),
            "address": Field(_("Address"), lines["address"], True),
            "note": Field(_("Note"), self._note, True, reserve=False),
            "referred_by": Field(_("Referred by"), self.referrer, True),
            **self._own.fields,
        }

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        pairs = (
            ("social_name", "birth_date"),
            ("phone", "email"),
            ("cpf", "source"),
            ("guardian_id", "guardian_kinship"),
            ("priority", "priority_until"),
        )
        grid.addWidget(self.fields["full_name"], 0, 0, 1, 2)
        for row, pair in enumerate(pairs, 1):
            for column, name in enumerate(pair):
                grid.addWidget(self.fields[name], row, column, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["referred_by"], 6, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["address"], 7, 0, 1, 2)
        grid.addWidget(self._own, 8, 0, 1, 2)
        grid.addWidget(self.fields["note"], 9, 0, 1, 2)
        grid.addWidget(self._vip, 6, 1, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def _listen(self) -> None:
        for name, line in (*self._lines.items(), ("cpf", self._cpf)):
            line.textEdited.connect(self.changed)
            if name in TELL_WHO:
                line.editingFinished.connect(lambda name=name: self.left.emit(name))
        self._cpf.switched.connect(self._cpf_switched)
        self._note.textChanged.connect(self.changed)
        self._vip.toggled.connect(self.changed)
        self._priority.currentIndexChanged.connect(self._priority_chosen)
        for picker in (self.guardian, self.referrer):
            picker.chosen.connect(self.changed)
            picker.cleared.connect(self.changed)
        self._own.changed.connect(self.changed)
        for name in _DATES:
            self._lines[name].editingFinished.connect(lambda name=name: self._write_year_out(name))

    def _cpf_switched(self, keeps: bool) -> None:
        self.fields["cpf"].set_error("")
        self.fields["cpf"].set_hint("" if keeps else _("Left empty, the CPF is removed"))
        self.changed.emit()

    def _priority_chosen(self) -> None:
        chosen = bool(self._priority.value)
        self._lines["priority_until"].setEnabled(chosen)
        until = ""
        if self._priority.value == Priority.BLOOD_DONOR:
            until = formats.numeric_date(self._today() + dt.timedelta(days=DONATION_COUNTS_DAYS))
        self._lines["priority_until"].setText(until)
        self.changed.emit()

    def _write_year_out(self, name: str) -> None:
        """`9/2/88` becomes `09/02/1988`, so that one sees which century was understood."""
        typed = self._typed(name)
        if typed is not None:
            self._lines[name].setText(formats.numeric_date(typed))


def _told(clean: Callable[[str], object]) -> Check:
    """A check of the domain as the words that stand under the field."""

    def check(text: str) -> str:
        try:
            clean(text)
        except InvalidField as problem:
            return field_problem(problem)
        return ""

    return check
