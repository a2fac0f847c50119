"""Consents as the page uses them: the popover, the use cases behind it, and the way back."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.consents_popover import ConsentsPopover
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.wording_messages import channels_words
from clinicdesk.domain.consents import Consent, GiveConsent, RevokeConsent, standing
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.terms import asked_words
from clinicdesk.usecases import consents
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _

Channels = tuple[ChannelKind, ...]


class Consenting(QObject):
    """`changed` says that a patient's consents are not what they were; `failed` carries a ClinicError."""

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, owner: QWidget, clinic: Clinic, background: Background, clock: DeskClock, undo: Undo | None
    ) -> None:
        super().__init__(owner)
        self._clinic, self._background, self._clock, self._undo = clinic, background, clock, undo
        self._patient_id: UUID | None = None
        self._name = ""
        self._held: tuple[Consent, ...] = ()
        self.popover = ConsentsPopover(owner)
        self.popover.give_wanted.connect(self._give)
        self.popover.revoke_wanted.connect(self._revoke)

    def open_for(self, profile: Profile, anchor: QWidget) -> None:
        """Open the popover; what proves one patient's word is not kept for the next."""
        if self._patient_id != profile.patient.id:
            self.popover.proof.clear()
        self._take(profile)
        self.popover.open_centred()

    def refresh(self, profile: Profile) -> None:
        """The patient was read again while the popover is open."""
        if self.popover.isVisible() and profile.patient.id == self._patient_id:
            self._take(profile)

    def _take(self, profile: Profile) -> None:
        self._patient_id, self._name = profile.patient.id, profile.patient.name
        self._show(profile.consents)

    def _show(self, held: tuple[Consent, ...]) -> None:
        self._held = held
        self.popover.show_consents(self._name, held, self._clock.zone)

    def _give(self, purpose: Purpose, channels: Channels, proof: str) -> None:
        if self._patient_id is not None:
            before = standing(self._held, purpose)
            added = tuple(one for one in channels if one not in before)
            self._write(self._patient_id, purpose, added, True, proof)

    def _revoke(self, purpose: Purpose, channels: Channels) -> None:
        if self._patient_id is not None:
            before = standing(self._held, purpose)
            ended = tuple(one for one in channels if one in before)
            self._write(self._patient_id, purpose, ended, False, "")

    def _write(self, patient_id: UUID, purpose: Purpose, channels: Channels, given: bool, proof: str) -> None:
        words = _("{name}: yes to {channels}") if given else _("{name}: no more {channels}")
        said = words.format(name=self._name, channels=channels_words(tuple(str(one) for one in channels)))
        deed = self._deed(said, patient_id, purpose, channels, given, proof)

        def written(held: tuple[Consent, ...]) -> None:
            self.popover.proof.clear()
            self._came(patient_id, held)
            if self._undo is not None:
                self._undo.did(deed, "check" if given else "ban")

        self._do(patient_id, purpose, channels, given, proof, written)

    def _deed(self, said: str, patient_id: UUID, purpose: Purpose, channels: Channels, given: bool, proof: str) -> Deed:
        """The way back of a yes is a no, and the other way round: both stay in the history."""

        def take_back(done: Callable[[Deed], None]) -> None:
            def taken_back(held: tuple[Consent, ...]) -> None:
                self._came(patient_id, held)
                done(self._deed(said, patient_id, purpose, channels, not given, proof))

            self._do(patient_id, purpose, channels, not given, proof, taken_back)

        return Deed(said, take_back)

    def _do(
        self,
        patient_id: UUID,
        purpose: Purpose,
        channels: Channels,
        given: bool,
        proof: str,
        done: Callable[[tuple[Consent, ...]], None],
    ) -> None:
        operation = new_id()
        if given:
            give = GiveConsent(operation, patient_id, purpose, channels, asked_words(purpose), proof=proof)
            self._background.run(self, lambda: consents.give(self._clinic, give), done, self._refused, lane="writes")
        else:
            revoke = RevokeConsent(operation, patient_id, purpose, channels)
            self._background.run(
                self, lambda: consents.revoke(self._clinic, revoke), done, self._refused, lane="writes"
            )

    def _came(self, patient_id: UUID, held: tuple[Consent, ...]) -> None:
        if patient_id == self._patient_id:
            self._show(held)
        self.changed.emit()

    def _refused(self, error: object) -> None:
        self._show(self._held)  # a switch that was pressed stands as what is true
        self.failed.emit(error)
