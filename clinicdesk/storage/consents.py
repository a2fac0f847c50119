"""Consents, as rows: written once, revoked once, never changed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from clinicdesk.domain.consents import Consent, ConsentSource
from clinicdesk.domain.consents import standing as allowed_by
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.storage import tables as t
from clinicdesk.storage.message_tables import consent

_C = consent
_GIVER, _REVOKER = t.person.alias("giver"), t.person.alias("revoker")
_CONSENT = (
    select(
        _C.c.id,
        _C.c.patient_id,
        _C.c.purpose,
        _C.c.channel,
        _C.c.words,
        _C.c.source,
        _C.c.proof,
        _C.c.created_at,
        func.coalesce(_GIVER.c.name, ""),
        _C.c.revoked_at,
        _C.c.revoked_source,
        func.coalesce(_REVOKER.c.name, ""),
    )
    .outerjoin(_GIVER, _GIVER.c.id == _C.c.created_by)
    .outerjoin(_REVOKER, _REVOKER.c.id == _C.c.updated_by)
)


def of_patient(connection: Connection, patient_id: UUID) -> list[Consent]:
    """Every consent of a patient and of the entries joined with theirs, newest first, the revoked ones too."""
    query = _CONSENT.where(_C.c.patient_id.in_(_entries(patient_id))).order_by(_C.c.created_at.desc(), _C.c.id.desc())
    return [
        Consent(
            row[0],
            row[1],
            Purpose(row[2]),
            ChannelKind(row[3]),
            row[4],
            ConsentSource(row[5]),
            row[6],
            row[7],
            row[8],
            row[9],
            ConsentSource(row[10]) if row[10] else None,
            row[11] if row[9] else "",
        )
        for row in connection.execute(query)
    ]


def standing(connection: Connection, patient_id: UUID, purpose: Purpose) -> frozenset[ChannelKind]:
    """The channels by which a patient may be written to now."""
    return allowed_by(of_patient(connection, patient_id), purpose)


def give(
    connection: Connection,
    patient_id: UUID,
    purpose: Purpose,
    channels: Sequence[ChannelKind],
    words: str,
    source: ConsentSource,
    proof: str,
) -> None:
    """Write consents; where one stands already nothing is written."""
    rows = [
        {
            "id": uuid7(),
            "patient_id": patient_id,
            "purpose": str(purpose),
            "channel": str(channel),
            "words": words,
            "source": str(source),
            "proof": proof,
        }
        for channel in channels
    ]
    if rows:
        connection.execute(insert(_C).on_conflict_do_nothing(), rows)


def revoke(
    connection: Connection, patient_id: UUID, purpose: Purpose, channels: Sequence[ChannelKind], source: ConsentSource
) -> int:
    """End those that stand; how many."""
    query = (
        update(_C)
        .where(
            _C.c.patient_id.in_(_entries(patient_id)),
            _C.c.purpose == str(purpose),
            _C.c.channel.in_([str(one) for one in channels]),
            _C.c.revoked_at.is_(None),
        )
        .values(revoked_at=func.clock_timestamp(), revoked_source=str(source))
    )
    return connection.execute(query).rowcount


def _entries(patient_id: UUID) -> Select[tuple[UUID]]:
    """A patient and who was joined with them: what was said under an old entry was said by the same person."""
    return select(t.patient.c.id).where(or_(t.patient.c.id == patient_id, t.patient.c.merged_into == patient_id))
