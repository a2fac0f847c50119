"""Alerts as the page uses them: the popover, the use cases behind it, and the way back."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.patients.alerts_popover import AlertsPopover
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.domain.alerts import WriteAlert
from clinicdesk.domain.patients import Alert, Severity
from clinicdesk.usecases import alerts
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class Alerting(QObject):
    """`changed` says that a patient's alerts are not what they were; `failed` carries a ClinicError."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, owner: QWidget, clinic: Clinic, background: Background, undo: Undo | None) -> None:
        super().__init__(owner)
        self._clinic = clinic
        self._background = background
        self._undo = undo
        self._patient_id: UUID | None = None
        self.popover = AlertsPopover(owner)
        self.popover.write_wanted.connect(self._write)
        self.popover.withdraw_wanted.connect(self._withdraw)

    def open_for(self, profile: Profile, anchor: QWidget) -> None:
        """Open the popover under `anchor`; what was typed for another patient is not kept for this one."""
        if self._patient_id != profile.patient.id:
            self.popover.written()
        self._patient_id = profile.patient.id
        self.popover.show_alerts(profile.patient.alerts)
        self.popover.open_at(anchor)

    def refresh(self, profile: Profile) -> None:
        """The patient was read again while the popover is open."""
        if self.popover.isVisible() and profile.patient.id == self._patient_id:
            self.popover.show_alerts(profile.patient.alerts)

    def _write(self, severity: Severity, text: str) -> None:
        if self._patient_id is None:
            return
        command = WriteAlert(new_id(), self._patient_id, severity, text)

        def written(alert: Alert) -> None:
            self.popover.written()
            self.popover.dismiss()
            self._did(self._deed(alert.id, True, _("Alert written: {text}").format(text=alert.text)))

        self._do(lambda: alerts.write(self._clinic, command), written)

    def _withdraw(self, alert: Alert) -> None:
        words = _("Alert withdrawn: {text}").format(text=alert.text)
        self._set(alert.id, False, lambda: self._did(self._deed(alert.id, False, words)))

    def _set(self, alert_id: UUID, stands: bool, then: Callable[[], None]) -> None:
        self._do(lambda: alerts.set_standing(self._clinic, alert_id, stands), lambda _none: then())

    def _deed(self, alert_id: UUID, stands: bool, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def taken_back() -> None:
                self.changed.emit()
                done(self._deed(alert_id, not stands, words))

            self._set(alert_id, not stands, taken_back)

        return Deed(words, take_back)

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(self, work, done, self.failed.emit, lane="writes")

    def _did(self, deed: Deed) -> None:
        self.changed.emit()
        if self._undo is not None:
            self._undo.did(deed, "shield-alert")
