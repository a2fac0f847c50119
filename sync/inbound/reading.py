"""A delivery read to its end: each thing it says has its effect in a transaction of its own, and none stops another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.hooks import Receipt
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.told import StatusTold, Told, Unreadable, Written
from clinicdesk.errors import ClinicError, ClinicUnreachable, DiskFull, ServerBusy
from clinicdesk.logs import log, reference
from clinicdesk.usecases import receipts
from clinicdesk.usecases.clinic import Clinic
from sync.inbound import botconversa, meta, sendgrid, twilio, zapi
from sync.inbound.bodies import UnreadableBody

LONGEST_FAULT = 500

_READERS: Mapping[Provider, Callable[[Receipt], list[Told]]] = {
    Provider.META: meta.read,
    Provider.TWILIO: twilio.read,
    Provider.ZAPI: zapi.read,
    Provider.BOTCONVERSA: botconversa.read,
    Provider.SENDGRID: sendgrid.read,
}


def told_by(receipt: Receipt) -> list[Told]:
    """Everything a delivery says, in its order. Raises UnreadableBody."""
    reader = _READERS.get(receipt.channel.provider)
    return [Unreadable("no_webhooks")] if reader is None else reader(receipt)


@dataclass(frozen=True)
class Reader:
    """Reads deliveries. `receive`, `note_status` and `keep` are a transaction each, and repeated they do nothing.

    `keep` takes in words that `receive` failed over, for a person to read.
    """

    sync: Clinic
    receive: Callable[[Clinic, UUID, Written], object]
    note_status: Callable[[Clinic, UUID, StatusTold], object]
    keep: Callable[[Clinic, UUID, Written], object]

    def read_receipt(self, row_id: UUID) -> None:
        """Read one to its end, unless somebody did. Raises ClinicError for what has to be tried again."""
        receipt = receipts.unread(self.sync, row_id)
        if receipt is None:
            return
        try:
            told = told_by(receipt)
        except UnreadableBody as unreadable:
            receipts.mark_read(self.sync, row_id, unreadable.reason)
            return
        faults, again = self._effects(receipt, told)
        if again is not None:
            raise again
        receipts.mark_read(self.sync, row_id, " ".join(faults)[:LONGEST_FAULT])

    def _effects(self, receipt: Receipt, told: list[Told]) -> tuple[list[str], ClinicError | None]:
        """What could not be done, by its place; and what makes the whole be tried again."""
        clinic, faults = self.sync.in_clinic(receipt.channel.clinic_id), []
        again: ClinicError | None = None
        for place, one in enumerate(told, 1):
            try:
                if fault := self._effect(clinic, receipt.channel.id, one):
                    faults.append(f"{place}:{fault}")
            except ClinicUnreachable:
                raise
            except (ServerBusy, DiskFull) as busy:
                again = busy  # the others first: what has had its effect has it once
            except ClinicError as refused:
                log(__name__).warning("told_refused", error=type(refused).__name__, receipt_id=receipt.id)
                faults.append(f"{place}:refused")
                self._leave_to_a_person(clinic, receipt.channel.id, one)
            except Exception as bug:
                faults.append(f"{place}:{reference(bug)}")
                self._leave_to_a_person(clinic, receipt.channel.id, one)
        return faults, again

    def _leave_to_a_person(self, clinic: Clinic, channel_id: UUID, one: Told) -> None:
        """What somebody wrote is seen at the desk, whatever it could not do. Raises what has to be tried again."""
        if not isinstance(one, Written):
            return
        try:
            self.keep(clinic, channel_id, one)
        except (ClinicUnreachable, ServerBusy, DiskFull):
            raise
        except Exception as error:
            log(__name__).error("words_not_kept", exc_info=error, channel_id=channel_id)

    def _effect(self, clinic: Clinic, channel_id: UUID, one: Told) -> str:
        match one:
            case Written():
                self.receive(clinic, channel_id, one)
            case StatusTold():
                self.note_status(clinic, channel_id, one)
            case Unreadable():
                return one.reason
        return ""
