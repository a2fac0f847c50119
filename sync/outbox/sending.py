"""Handing over one message: claimed in a transaction, sent outside of any, and what came of it noted until it is noted.

A message that is found handed over already is never handed over again: whoever did, or its provider, tells what became
of it, and after ten minutes a person is asked.
"""

import dataclasses
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.outbox import Claimed, Dropped, InFlight, Later, SealedFile
from clinicdesk.errors import AnotherSpeaks, ClinicError, InvalidField, KeyUnavailable, MessageMoved, NotFound
from clinicdesk.keychain import FieldPlace
from clinicdesk.logs import log
from clinicdesk.usecases import outbox
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.sync_account import SyncAccount
from sync.carrier import Attachment, Parcel, Refusal, Refused, Sent, Verdict
from sync.outbox.breaker import Breaker
from sync.outbox.roads import Roads

AGAIN_SECONDS = 1.0
LAST_SECONDS = 5.0  # how long what came of a message is still tried to be noted once the process has to end
# Asked again, the database would say the same.
_SETTLED = (AnotherSpeaks, InvalidField, MessageMoved, NotFound)


@dataclass
class Sender:
    """Does the task `send_message`. Safe from several threads."""

    account: SyncAccount
    roads: Roads
    breaker: Breaker
    stopping: threading.Event

    def send(self, message_id: UUID) -> None:
        """Hand it over if it may go now. Raises ClinicError when nothing could be asked."""
        claim = outbox.claim(self.account.line, message_id)
        match claim:
            case Claimed():
                self._hand_over(self.account.at(claim.channel.clinic_id), claim)
            case Later(why=why):
                log(__name__).info("message_later", message_id=message_id, reason=why.value)
            case Dropped(why=why) if why is not None:
                log(__name__).info("message_dropped", message_id=message_id, reason=why.value)
            case InFlight(attempt_id=attempt_id):
                log(__name__).warning("message_in_flight", message_id=message_id, attempt_id=attempt_id)

    def _hand_over(self, clinic: Clinic, claim: Claimed) -> None:
        parcel = claim.parcel
        try:
            sent = self._carry(claim)
        except Refused as refused:
            refusal = refused.refusal
            log(__name__).warning(
                "message_refused",
                message_id=claim.message_id,
                attempt_id=parcel.attempt_id,
                channel_id=claim.channel.id,
                kind=refusal.verdict.value,
                reason=str(refusal.fault),
            )
            self._note(lambda: outbox.note_refused(clinic, parcel.attempt_id, refusal))
            self.breaker.refused(clinic, claim.channel.id, refusal)
            return
        except Exception as error:
            # Nobody knows how far it came. It is for a person to find out, and for us to mend.
            log(__name__).error("carrier_failed", attempt_id=parcel.attempt_id, exc_info=error)
            unknown = Refusal(Verdict.UNKNOWN, CarrierFault.NO_ANSWER)
            self._note(lambda: outbox.note_refused(clinic, parcel.attempt_id, unknown))
            return
        self._note(lambda: outbox.note_sent(clinic, parcel.attempt_id, sent))
        self.breaker.answered(claim.channel.id)
        log(__name__).info("message_sent", message_id=claim.message_id, attempt_id=parcel.attempt_id)

    def _carry(self, claim: Claimed) -> Sent:
        parcel = self._with_file(claim.parcel, claim.file) if claim.file else claim.parcel
        with self.roads.carrier(claim.channel) as carrier:
            if parcel.only_checks or claim.test:
                carrier.check()
            if parcel.only_checks:
                return Sent(f"check:{parcel.attempt_id}")
            return carrier.send(parcel)

    def _with_file(self, parcel: Parcel, file: SealedFile) -> Parcel:
        place = FieldPlace(file.clinic_id, "media", file.media_id, "sealed_for_sync")
        try:
            content = self.account.open(place, file.sealed)
        except KeyUnavailable:
            raise Refused(Verdict.OUR_FAULT, CarrierFault.MEDIA_GONE) from None
        attached = Attachment(file.kind, file.mime, file.file_name, content)
        return dataclasses.replace(parcel, attachment=attached)

    def _note(self, note: Callable[[], object]) -> None:
        """Write down what came of it, however long the database is away: nobody else knows it."""
        ending = None
        while True:
            try:
                note()
                return
            except _SETTLED as error:
                # What it came to stands already, or cannot; after ten minutes without an end a person is asked.
                log(__name__).error("not_noted", error=type(error).__name__)
                return
            except ClinicError as error:
                log(__name__).warning("not_noted_yet", error=type(error).__name__)
                if self.stopping.is_set():
                    ending = ending or time.monotonic() + LAST_SECONDS
                    if time.monotonic() > ending:
                        raise
                    time.sleep(AGAIN_SECONDS / 4)
                else:
                    self.stopping.wait(AGAIN_SECONDS)
