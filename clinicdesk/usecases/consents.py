"""What a person does with consents: read them with their history, write down a yes, and its end."""

from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.consents import (
    Consent,
    ConsentSource,
    GiveConsent,
    RevokeConsent,
    clean_proof,
    clean_words,
)
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.storage import consents as rows
from clinicdesk.storage import ledger
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic


def of_patient(clinic: Clinic, patient_id: UUID) -> tuple[Consent, ...]:
    """Every consent of a patient, newest first, with who wrote it down and when it ended."""
    with clinic.transaction() as tx:
        return tuple(rows.of_patient(tx, patient_id))


def give(clinic: Clinic, command: GiveConsent) -> tuple[Consent, ...]:
    """Write down a yes; the patient's consents then. Raises InvalidField, NotFound or NotAllowed."""
    with clinic.transaction() as tx:
        if not ledger.claim(tx, command.operation_id, "give_consent", command.patient_id):
            give_within(
                tx,
                command.patient_id,
                command.words,
                command.channels,
                purpose=command.purpose,
                source=command.source,
                proof=command.proof,
            )
        return tuple(rows.of_patient(tx, command.patient_id))


def give_within(
    tx: Transaction,
    patient_id: UUID,
    words: str,
    channels: Sequence[ChannelKind] = tuple(ChannelKind),
    *,
    purpose: Purpose = Purpose.CARE,
    source: ConsentSource = ConsentSource.DESK,
    proof: str = "",
) -> None:
    """Write down a yes inside another use case's transaction. Where one stands already nothing is written."""
    said, shown = clean_words(words), clean_proof(proof)
    missing = [one for one in channels if one not in rows.standing(tx, patient_id, purpose)]
    # A yes that a later no under another entry outlived counts no more; it ends before the new one begins.
    rows.revoke(tx, patient_id, purpose, missing, source)
    rows.give(tx, patient_id, purpose, missing, said, source, shown)


def revoke(clinic: Clinic, command: RevokeConsent) -> tuple[Consent, ...]:
    """Write down that a yes is over; the patient's consents then. Raises NotAllowed."""
    with clinic.transaction() as tx:
        if not ledger.claim(tx, command.operation_id, "revoke_consent", command.patient_id):
            revoke_within(tx, command.patient_id, command.purpose, command.channels, command.source)
        return tuple(rows.of_patient(tx, command.patient_id))


def revoke_within(
    tx: Transaction,
    patient_id: UUID,
    purpose: Purpose,
    channels: Sequence[ChannelKind] = tuple(ChannelKind),
    source: ConsentSource = ConsentSource.MESSAGE,
) -> int:
    """End what stands inside another use case's transaction; how many consents that were."""
    return rows.revoke(tx, patient_id, purpose, channels, source)
