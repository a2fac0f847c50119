"""Saves of the register, said in a toast and taken back on wish."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.form import Attempt
from clinicdesk.desk.patients.form_fields import start_of
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.custom_fields import CustomField
from clinicdesk.domain.patients import Patient, PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import patients
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class Writer(QObject):
    """`written` carries a Patient who was put back to what they were, or forth again."""

    written = Signal(object)

    def __init__(
        self,
        owner: QObject,
        clinic: Clinic,
        background: Background,
        toasts: ToastArea,
        clock: DeskClock,
        undo: Undo | None,
        own: Callable[[], Sequence[CustomField]] = lambda: (),
    ) -> None:
        super().__init__(owner)
        self._clinic = clinic
        self._background = background
        self._toasts = toasts
        self._clock = clock
        self._undo = undo
        self._own = own  # the clinic's own fields, so that they too go back
        self._cpf_changed = False
        # Taking an edit back makes a new version; the one it brought back is known by it from then on.
        self._stands_as: dict[tuple[UUID, int], int] = {}

    def save(
        self,
        owner: QObject,
        attempt: Attempt,
        done: Callable[[Patient], None],
        failed: Callable[[ClinicError], None],
    ) -> None:
        """Write what the form holds; the same attempt twice has one effect. Once `owner` is gone nobody is told."""
        self._cpf_changed = attempt.form.cpf is not None
        self._background.run(owner, lambda: self._write(attempt), done, failed, lane="writes")

    def say_saved(self, before: Patient | None, after: Patient) -> None:
        """Say what happened. An edit can be taken back, unless the CPF changed: what it was is not kept here."""
        if before is None:
            self._toasts.show_toast(_("{name} is registered").format(name=after.name), icon="user-check")
            return
        words = _("Record of {name} saved").format(name=after.name)
        if self._undo is None or (self._cpf_changed and before.has_cpf):
            self._toasts.show_toast(words)
            return
        self._undo.did(self._deed(words, before, after))

    def _write(self, attempt: Attempt) -> Patient:
        today = self._clock.today()
        if attempt.seen is None:
            command = RegisterPatient(attempt.operation_id, attempt.form, attempt.consented)
            return patients.register(self._clinic, command, today)
        update = UpdatePatient(attempt.operation_id, attempt.seen.id, attempt.seen.version, attempt.form)
        return patients.save(self._clinic, update, today)

    def _deed(self, words: str, before: Patient, after: Patient) -> Deed:
        return Deed(words, lambda done: self._take_back(words, before, after, done))

    def _take_back(self, words: str, before: Patient, after: Patient, done: Callable[[Deed], None]) -> None:
        was, own = start_of(before, "", self._own()), start_of(after, "", self._own())
        back = {key: was.form.custom.get(key) for key in (*was.form.custom, *own.form.custom)}
        form: PatientForm = own.changed(replace(was.form, custom=back))
        if after.has_cpf and not before.has_cpf:
            form = replace(form, cpf="")
        operation_id = new_id()

        def put_back() -> Patient:
            command = UpdatePatient(operation_id, before.id, self._standing(after), form)
            saved = patients.save(self._clinic, command, self._clock.today())
            self._stands_as[before.id, self._standing(before)] = saved.version
            return saved

        def taken_back(saved: Patient) -> None:
            self.written.emit(saved)
            done(self._deed(words, after, saved))

        self._background.run(self, put_back, taken_back, self._tell, lane="writes")

    def _standing(self, seen: Patient) -> int:
        """The version under which what was seen stands now."""
        version = seen.version
        while (seen.id, version) in self._stands_as:
            version = self._stands_as[seen.id, version]
        return version

    def _tell(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")
