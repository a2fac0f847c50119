"""Whom a booking is for: somebody of the register, somebody new, or one who depends on them."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.consent_tick import ConsentTick
from clinicdesk.desk.widgets.field import Check, Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_phone
from clinicdesk.desk.widgets.patient_picker import PatientPicker
from clinicdesk.desk.wording import field_problem
from clinicdesk.domain.consents import Consent, was_asked
from clinicdesk.domain.messages import Purpose
from clinicdesk.domain.patients import (
    NewPatient,
    PatientForm,
    PatientMatch,
    clean_name,
    clean_phone,
    show_phone,
    written_name,
)
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.usecases import consents, patients
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class PatientSection(QWidget):
    """`changed` carries the PatientMatch and the NewPatient, at most one of them; `whom_chosen` a dependant's id."""

    changed = Signal(object, object)
    whom_chosen = Signal(object)  # UUID or None: the patient themselves
    failed = Signal(object)  # ClinicError

    def __init__(self, clinic: Clinic, background: Background, clock: DeskClock) -> None:
        super().__init__()
        self._clinic, self._background, self._clock = clinic, background, clock
        self._lookalike: PatientMatch | None = None
        self._filling = False
        self.picker = PatientPicker(self._search, clock.now, lambda: clock.zone)
        self.for_whom = Select(icon="users")
        self.name, self.phone = LineEdit(), MaskedEdit(mask_phone, "(11) 90000-0000")
        self.advice = Banner("warn", "")
        self.consent = ConsentTick()
        self._arrange()
        self._connect()

    @property
    def registers(self) -> bool:
        """Whether somebody new is being written down."""
        return self._new.isVisible()

    @property
    def typed(self) -> str:
        """What was typed of somebody new."""
        return f"{self.name.text()} {self.phone.text()}".strip()

    @property
    def consented(self) -> str:
        """The words the patient said yes to just now; empty when nobody asked, or they did not."""
        return self.consent.words if not self.consent.isHidden() else ""

    def resume_consent(self, words: str) -> None:
        """What was ticked before this form was left."""
        self.consent.set_words(words)

    def validate(self) -> bool:
        """Whether somebody new can be kept as typed; the first field that cannot gets the focus."""
        wrong = [field for field in (self._name_field, self._phone_field) if not field.validate()]
        if wrong:
            wrong[0].editor.setFocus()
        return not wrong

    def clear(self) -> None:
        """Nobody is chosen and nothing typed."""
        for edit in (self.name, self.phone):
            edit.clear()
        for field in (self._name_field, self._phone_field):
            field.set_error("")
        self.picker.clear()
        self.consent.set_words("")
        self.consent.hide()
        self._show_new(False)
        self._for_whom_field.hide()

    def take(self, patient: PatientMatch) -> None:
        """Choose somebody of the register; who depends on them is offered beside."""
        if self.picker.patient != patient:
            self.picker.choose(patient, tell=False)
        self._show_new(False)
        self._offer_dependants(patient, ())
        self.changed.emit(patient, None)
        self.consent.set_words("")  # what one patient said is not another's word
        self._ask_consent(False)
        self._background.run(
            self,
            lambda: patients.dependants(self._clinic, patient.id),
            lambda found: self._offer_dependants(patient, found),
            self.failed.emit,
            replaces="dependants",
        )
        self._background.run(
            self,
            lambda: consents.of_patient(self._clinic, patient.id),
            lambda found: self._ask_once(patient, found),
            lambda _error: None,
            replaces="consents",
        )

    def begin_new(self, person: NewPatient) -> None:
        """Write somebody new down, as far as they are known."""
        self._show_new(True)
        self.name.setText(person.name)
        self.phone.setText(mask_phone(show_phone(person.phone)))
        self._new_patient_typed()

    # --- what a person does ---

    def _ask_once(self, patient: PatientMatch, found: Sequence[Consent]) -> None:
        """Whoever never said yes or no is asked; everybody else is left in peace."""
        if self.picker.patient == patient:
            self._ask_consent(not was_asked(found, Purpose.CARE))

    def _ask_consent(self, asked: bool) -> None:
        self.consent.setVisible(asked and allowed.may(Capability.WRITE_PATIENTS))

    def _offer_dependants(self, patient: PatientMatch, dependants: Sequence[PatientMatch]) -> None:
        """Somebody who answers for others may book for one of them."""
        self.whom_chosen.emit(None)
        chosen = self.picker.patient
        self._for_whom_field.setVisible(bool(dependants) and chosen is not None)
        if chosen is not None:
            self._filling = True
            self.for_whom.clear()
            self.for_whom.set_options([(None, patient.name), *((one.id, one.name) for one in dependants)])
            self._filling = False

    def _whom_chosen(self) -> None:
        if not self._filling:
            whom = self.for_whom.value
            self.whom_chosen.emit(whom if isinstance(whom, UUID) else None)

    def _cleared(self) -> None:
        self._for_whom_field.hide()
        self._ask_consent(self.registers)
        self.whom_chosen.emit(None)
        self.changed.emit(None, self._new_patient() if self.registers else None)

    def _new_wanted(self, text: str) -> None:
        self._show_new(True)
        digits = sum(letter.isdigit() for letter in text)
        if digits > len(text) / 2:
            self.phone.setText(mask_phone(text.strip()))
        else:
            self.name.setText(written_name(text.strip()))
        self._new_patient_typed()
        (self.name if not self.name.text() else self.phone).setFocus()

    def _new_patient(self) -> NewPatient:
        return NewPatient(self.name.text(), self.phone.text())

    def _new_patient_typed(self) -> None:
        self.changed.emit(None, self._new_patient())

    def _name_left(self) -> None:
        if self.name.text() != written_name(self.name.text()):
            self.name.setText(written_name(self.name.text()))
            self._new_patient_typed()

    def _phone_left(self) -> None:
        form = PatientForm(self.name.text(), phone=self.phone.text())
        if self.registers and self.phone.text().strip():
            self._background.run(
                self,
                lambda: patients.lookalikes(self._clinic, form),
                self._advise,
                lambda _error: None,
                replaces="lookalikes",
            )

    def _advise(self, found: list[PatientMatch]) -> None:
        self._lookalike = found[0] if found else None
        self.advice.setVisible(bool(found))
        if found:
            one = found[0]
            words = _("This phone belongs to {name}").format(name=one.name)
            if not one.phone or show_phone(one.phone) != show_phone(self._clean_phone()):
                words = _("{name} is on the register already").format(name=one.name)
            self.advice.say("warn", words, _("Use that one"), _("The same person? One record is enough."), "user-check")

    def _take_lookalike(self) -> None:
        if self._lookalike is not None:
            self.take(self._lookalike)

    def _show_new(self, shown: bool) -> None:
        self._new.setVisible(shown)
        self._ask_consent(shown)
        if not shown:
            self.advice.hide()

    def _clean_phone(self) -> str:
        try:
            return clean_phone(self.phone.text())
        except InvalidField:
            return ""

    def _search(self, text: str, done: Callable[[list[PatientMatch]], None]) -> None:
        now = self._clock.now()
        self._background.run(
            self,
            lambda: patients.with_visits(self._clinic, patients.search(self._clinic, text, limit=6), now),
            done,
            self._failed,
            replaces="patients",
        )

    def _failed(self, error: ClinicError) -> None:
        self.failed.emit(error)

    # --- arranging ---

    def _connect(self) -> None:
        self.picker.chosen.connect(self.take)
        self.picker.new_wanted.connect(self._new_wanted)
        self.picker.cleared.connect(self._cleared)
        self.name.textEdited.connect(self._new_patient_typed)
        self.phone.textEdited.connect(self._new_patient_typed)
        self.name.editingFinished.connect(self._name_left)
        self.phone.editingFinished.connect(self._phone_left)
        self.advice.acted.connect(self._take_lookalike)
        self.for_whom.currentIndexChanged.connect(self._whom_chosen)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Field(_("Patient"), self.picker, reserve=False))
        self._new = QWidget()
        new = QVBoxLayout(self._new)
        new.setContentsMargins(0, 12, 0, 0)
        new.setSpacing(4)
        title = QHBoxLayout()
        title.addWidget(Label(_("New patient"), "strong"))
        title.addWidget(Label(_("the rest is filled in on arrival"), "second", "muted"))
        title.addStretch(1)
        new.addLayout(title)
        line = QHBoxLayout()
        line.setSpacing(16)
        self._name_field = Field(_("Name"), self.name, check=_problem_of(clean_name))
        self._phone_field = Field(_("Mobile (WhatsApp)"), self.phone, check=_problem_of(clean_phone))
        line.addWidget(self._name_field, 3)
        line.addWidget(self._phone_field, 2)
        new.addLayout(line)
        new.addWidget(self.advice)
        self._for_whom_field = Field(_("Who is the visit for?"), self.for_whom, reserve=False)
        self._for_whom_field.hide()
        column.addWidget(self._for_whom_field)
        column.addWidget(self._new)
        self.consent.hide()
        column.addWidget(self.consent)


def _problem_of(clean: Callable[[str], str]) -> Check:
    """What a field says of a text that cannot be kept."""

    def problem(text: str) -> str:
        try:
            clean(text)
        except InvalidField as error:
            return field_problem(error)
        return ""

    return problem
