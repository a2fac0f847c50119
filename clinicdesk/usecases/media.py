"""What people and sync do with the files of conversations. Their content is sealed wherever it lies.

What patients send is sealed as it arrives to the clinic's own key, which every desk of the clinic opens and sync does
not. What a desk sends is sealed twice, for the clinic and for sync; sync's half goes once it was sent.
"""

from collections.abc import Sequence
from uuid import UUID

from clinicdesk import sealing
from clinicdesk.domain.free_text import without_unwritable
from clinicdesk.domain.media import LARGEST_FILE, Media, MediaFault, MediaKind, clean_file_name, look_at
from clinicdesk.domain.told import Written
from clinicdesk.errors import InvalidField, KeyUnavailable, NotFound
from clinicdesk.keychain import FieldPlace
from clinicdesk.storage import ledger
from clinicdesk.storage import media as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.storage.media import ToFetch
from clinicdesk.usecases.clinic import Clinic, new_id

__all__ = ["ToFetch"]

_PURPOSE = "media"


# --- at a desk -------------------------------------------------------------------------------------------------------


def make_media_keys(clinic: Clinic) -> None:
    """Show the keys to which the files of this person's clinics are sealed, where nobody has; asked at each sign-in."""
    keys = clinic.keys
    theirs = keys.clinic_keys.keys() & set(clinic.person.clinic_ids)
    with clinic.transaction() as tx:
        missing = theirs - rows.clinics_with_key(tx, keys.key_version)
        made = [(one, sealing.public_key_of(_private_key(clinic, one))) for one in missing]
        rows.add_keys(tx, keys.key_version, made)


def of_conversation(clinic: Clinic, conversation_id: UUID) -> Sequence[Media]:
    """The files of a conversation, without their content."""
    with clinic.transaction() as tx:
        return rows.of_conversation(tx, clinic.id, conversation_id)


def open_media(clinic: Clinic, media_id: UUID) -> bytes:
    """The content of a file. Raises NotFound for one that is not there or whose time is over, KeyUnavailable."""
    with clinic.transaction() as tx:
        found = _found(tx, clinic, media_id)
        sealed = rows.sealed(tx, clinic.id, media_id)
    if sealed is None:
        raise NotFound("media", str(media_id))
    place = FieldPlace(clinic.id, "media", media_id, "sealed", found.key_version)
    return sealing.open_sealed(_private_key(clinic, clinic.id), place, sealed)


def keep_media(clinic: Clinic, media_id: UUID, kept: bool = True) -> Media:
    """Keep a file beyond the clinic's days, or let it go with them again. Raises NotFound when it is gone already."""
    with clinic.transaction() as tx:
        if not rows.keep(tx, clinic.id, media_id, kept):
            raise NotFound("media", str(media_id))
        return _found(tx, clinic, media_id)


def attach(clinic: Clinic, conversation_id: UUID, content: bytes, file_name: str, operation_id: UUID) -> UUID:
    """Lay a file aside that a message will carry; its id.

    Raises InvalidField for what is no such file or too large, KeyUnavailable before sync ran for the first time.
    """
    looked = look_at(content)
    media_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, operation_id, "attach_media", media_id)
        if done:
            return done
        key = rows.sync_key(tx)
        if key is None:
            raise KeyUnavailable
        for_sync = FieldPlace(clinic.id, "media", media_id, "sealed_for_sync")
        values = {
            "id": media_id,
            "conversation_id": conversation_id,
            "kind": looked.kind,
            "mime": looked.mime,
            "file_name": clean_file_name(file_name, looked.mime),
            "sync_key_id": key[0],
            "sealed_for_sync": sealing.seal_to(key[1], for_sync, content),
        }
        rows.add(tx, clinic.id, values | _sealed_for_clinic(tx, clinic.id, media_id, content))
    return media_id


# --- in the process that sends ---------------------------------------------------------------------------------------


def note_told(tx: Transaction, clinic_id: UUID, conversation_id: UUID, written: Written) -> UUID | None:
    """Keep that there is a file, in the transaction of its message; it is fetched after. None when there is none."""
    told = written.media
    if told is None:
        return None
    media_id = new_id()
    known = written.kind.value in set(MediaKind)
    values: dict[str, object] = {
        "id": media_id,
        "conversation_id": conversation_id,
        "kind": written.kind.value if known else MediaKind.DOCUMENT,
        "mime": without_unwritable(told.mime)[:100],
        "file_name": clean_file_name(without_unwritable(told.file_name), told.mime),
        "size": min(told.size, LARGEST_FILE),
        "seconds": min(told.seconds, 32_000),
        "fetch_from": without_unwritable(told.fetch_from),
        "fault": MediaFault.TOO_LARGE if told.size > LARGEST_FILE else "",
    }
    rows.add(tx, clinic_id, values)
    return media_id


def to_fetch(sync: Clinic, media_id: UUID) -> ToFetch | None:
    """A file that lies at the provider; None when it was fetched, given up, or its time is over."""
    with sync.transaction() as tx:
        return rows.to_fetch(tx, media_id)


def keep_fetched(sync: Clinic, wanted: ToFetch, content: bytes, file_name: str = "") -> None:
    """Seal what was fetched for the clinic, as what its bytes say it is; what may not be kept leaves a fault."""
    try:
        looked = look_at(content)
    except InvalidField as refused:
        give_up(sync, wanted.id, _FAULTS.get(refused.reason, MediaFault.UNKNOWN_KIND))
        return
    with sync.transaction() as tx:
        try:
            values = _sealed_for_clinic(tx, wanted.clinic_id, wanted.id, content)
        except KeyUnavailable:
            values = {"fault": MediaFault.NO_KEY}
        name = clean_file_name(wanted.file_name or file_name, looked.mime)
        rows.change(tx, wanted.id, {"mime": looked.mime, "file_name": name, **values})


def give_up(sync: Clinic, media_id: UUID, fault: str) -> None:
    """Note why a file will not come."""
    with sync.transaction() as tx:
        rows.change(tx, media_id, {"fault": fault})


_FAULTS = {
    "file_too_large": MediaFault.TOO_LARGE,
    "too_many_pixels": MediaFault.TOO_LARGE,
    "dangerous": MediaFault.DANGEROUS,
}


def _private_key(clinic: Clinic, clinic_id: UUID) -> bytes:
    if (key := clinic.keys.clinic_keys.get(clinic_id)) is None:
        raise KeyUnavailable
    return sealing.private_key_from(key, _PURPOSE)


def _found(tx: Transaction, clinic: Clinic, media_id: UUID) -> Media:
    if (found := rows.media(tx, clinic.id, media_id)) is None:
        raise NotFound("media", str(media_id))
    return found


def _sealed_for_clinic(tx: Transaction, clinic_id: UUID, media_id: UUID, content: bytes) -> dict[str, object]:
    key = rows.public_key(tx, clinic_id)
    if key is None:
        raise KeyUnavailable
    version, public_key = key
    place = FieldPlace(clinic_id, "media", media_id, "sealed", version)
    return {"sealed": sealing.seal_to(public_key, place, content), "size": len(content), "key_version": version}
