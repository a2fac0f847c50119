"""The forms of the page: one for whoever is new, one for each patient being edited, kept with what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.patients.form import Attempt, FormDoors, PatientFormPanel
from clinicdesk.desk.patients.form_draft import PatientTyped, patient_typed
from clinicdesk.desk.patients.form_fields import Start, start_of
from clinicdesk.desk.patients.form_popover import FormPopover
from clinicdesk.desk.patients.reading import Profile, read_profile
from clinicdesk.desk.patients.saving import Writer
from clinicdesk.domain.custom_fields import CustomField
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.patients import (
    Patient,
    PatientForm,
    PatientMatch,
    clean_cpf,
    clean_phone,
    show_phone,
    written_name,
)
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.usecases import patients
from clinicdesk.usecases.clinic import Change, Clinic

Found = Callable[[Sequence[PatientMatch]], None]


class Forms(QObject):
    """`saved` carries the Patient, `use_wanted` the id of a record to use instead, `failed` a ClinicError to be told.

    `search` finds who may be a guardian; it is called on a lane.
    """

    saved = Signal(object)
    use_wanted = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        clock: DeskClock,
        writer: Writer,
        search: Callable[[str], Sequence[PatientMatch]],
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._clinic = clinic
        self._background = background
        self._clock = clock
        self._writer = writer
        self._search = search
        self.own: Sequence[CustomField] = ()  # the clinic's own fields, as the page last read them
        self.open_now: dict[UUID | None, FormPopover] = {}

    def register(self, text: str, phone: str = "") -> None:
        """Register somebody, beginning with what was searched, or a phone that is known; a draft comes back first."""
        if not self._bring_back(None):
            start = _start_from(text)
            form = replace(start.form, phone=show_phone(phone)) if phone else start.form
            self._open_form(None, replace(start, form=form, own=self.own), None)

    def register_who(self, name: str, phone: str, known: Callable[[UUID], None]) -> None:
        """Register whoever has this phone; `known` is told who it is, somebody new or on the register already."""
        self.register(name, phone)
        panel = self.open_now[None].panel
        # A draft of somebody else may have come back in the form: who is saved has to have this number.
        panel.saved.connect(lambda saved: known(saved.id) if saved.phone == phone or not phone else None)
        panel.use_wanted.connect(known)

    def edit(self, profile: Profile) -> None:
        """Edit a patient; a draft comes back first."""
        if not self._bring_back(profile.patient.id):
            start = start_of(profile.patient, profile.cpf_masked, profile.own)
            self._open_form(profile.patient.id, start, profile.patient)

    def typed(self) -> list[Typed]:
        """What is typed in the forms and not saved."""
        return [one.panel.typed().as_draft() for one in self.open_now.values() if one.panel.dirty]

    def resume(self, draft: Draft) -> None:
        """Open a form with what was typed before; what changed meanwhile is shown on saving, as ever."""
        typed = patient_typed(draft.values)
        if typed.patient_id is None:
            self._open_form(None, Start(PatientForm(""), own=self.own), None)
            self._take_up(None, typed)
            return
        patient_id = typed.patient_id
        self._background.run(
            self,
            lambda: read_profile(self._clinic, patient_id),
            lambda profile: self._resume_edit(profile, typed),
            self.failed.emit,
        )

    def _resume_edit(self, profile: Profile, typed: PatientTyped) -> None:
        key = profile.patient.id
        start = start_of(profile.patient, profile.cpf_masked, profile.own)
        self._open_form(key, start, replace(profile.patient, version=typed.seen_version))
        self._take_up(key, typed)

    def _take_up(self, key: UUID | None, typed: PatientTyped) -> None:
        panel = self.open_now[key].panel
        panel.take_up(typed)
        panel.say_draft()

    def notice_change(self, change: Change) -> None:
        """Another desk changed a patient who may be on a form here."""
        popover = self.open_now.get(change.id) if change.id is not None else None
        if popover is not None:
            popover.panel.notice_change(change.version)

    def _bring_back(self, key: UUID | None) -> bool:
        popover = self.open_now.get(key)
        if popover is None or not popover.panel.dirty:
            return False
        popover.panel.say_draft()
        popover.open_centred()
        return True

    def _open_form(self, key: UUID | None, start: Start, patient: Patient | None) -> None:
        self._forget_form(key)
        asker = QObject(self)
        panel = PatientFormPanel(self._doors(asker), self._clock.now, lambda: self._clock.zone, patient, start)
        asker.setParent(panel)  # with the form go the questions it asked
        popover = FormPopover(self._owner, panel)
        self.open_now[key] = popover
        afresh = Start(PatientForm(""), own=start.own) if patient is None else start
        panel.saved.connect(lambda saved: self._saved(key, patient, saved))
        panel.use_wanted.connect(lambda other: self._use_instead(key, other))
        panel.start_over_wanted.connect(lambda: self._open_form(key, afresh, patient))
        popover.open_centred()

    def _doors(self, asker: QObject) -> FormDoors:
        run = self._background.run

        def save(attempt: Attempt, done: Callable[[Patient], None], failed: Callable[[ClinicError], None]) -> None:
            self._writer.save(asker, attempt, done, failed)

        def lookalikes(form: PatientForm, done: Found) -> None:
            run(asker, lambda: patients.lookalikes(self._clinic, form), done, _silent, replaces="lookalikes")

        def read(patient_id: UUID, done: Callable[[Patient, str], None]) -> None:
            def read_done(profile: Profile) -> None:
                done(profile.patient, profile.cpf_masked)

            run(asker, lambda: read_profile(self._clinic, patient_id), read_done, self.failed.emit, replaces="read")

        def search(text: str, done: Found) -> None:
            run(asker, lambda: self._search(text), done, lambda _error: done([]), replaces="guardian")

        return FormDoors(save, lookalikes, read, search)

    def _saved(self, key: UUID | None, before: Patient | None, saved: Patient) -> None:
        self._forget_form(key)
        self._writer.say_saved(before, saved)
        self.saved.emit(saved)

    def _use_instead(self, key: UUID | None, other: UUID) -> None:
        self.open_now[key].dismiss()
        self.use_wanted.emit(other)

    def _forget_form(self, key: UUID | None) -> None:
        old = self.open_now.pop(key, None)
        if old is not None:
            old.dismiss()
            old.deleteLater()


def _silent(_error: ClinicError) -> None:
    """Advice that cannot be had is not missed."""


def _start_from(text: str) -> Start:
    """A new form out of what was searched: a CPF, a phone, or else a name."""
    written = text.strip()
    letters = any(letter.isalpha() for letter in written)
    if written and not letters:
        try:
            return Start(PatientForm("", cpf=clean_cpf(written)))
        except InvalidField:
            pass
        try:
            clean_phone(written)
        except InvalidField:
            return Start(PatientForm(""))
        return Start(PatientForm("", phone=written))
    return Start(PatientForm(written_name(" ".join(written.split()))))
