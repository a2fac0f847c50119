"""The register of patients as rows: found by any part of a name or a phone, by CPF, and kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from clinicdesk.domain.patients import Alert, Patient, PatientMatch, Severity
from clinicdesk.storage import tables as t

_P = t.patient
_GUARDIAN = t.patient.alias("guardian")
_REFERRER = t.patient.alias("referrer")
_GUARDIAN_NAME = func.coalesce(func.nullif(_GUARDIAN.c.social_name, ""), _GUARDIAN.c.full_name, "")
_REFERRER_NAME = func.coalesce(func.nullif(_REFERRER.c.social_name, ""), _REFERRER.c.full_name, "")
_PATIENT = (
    select(
        _P.c.id,
        _P.c.version,
        _P.c.full_name,
        _P.c.social_name,
        _P.c.phone,
        _P.c.email,
        _P.c.birth_date,
        _P.c.cpf_index.is_not(None),
        _P.c.guardian_id,
        _GUARDIAN_NAME,
        _P.c.guardian_kinship,
        _P.c.address,
        _P.c.source,
        _P.c.vip,
        _P.c.note,
        _P.c.created_at,
        _P.c.referred_by,
        _REFERRER_NAME,
        _P.c.custom,
        _P.c.priority,
        _P.c.priority_until,
    )
    .outerjoin(_GUARDIAN, _GUARDIAN.c.id == _P.c.guardian_id)
    .outerjoin(_REFERRER, _REFERRER.c.id == _P.c.referred_by)
)
_ALERT = (
    select(t.patient_alert.c.text)
    .where(t.patient_alert.c.patient_id == _P.c.id, t.patient_alert.c.active, t.patient_alert.c.severity == "severe")
    .limit(1)
    .scalar_subquery()
)
_MATCH = select(
    _P.c.id,
    func.coalesce(func.nullif(_P.c.social_name, ""), _P.c.full_name),
    _P.c.phone,
    _P.c.birth_date,
    _GUARDIAN_NAME,
    _P.c.vip,
    func.coalesce(_ALERT, ""),
).outerjoin(_GUARDIAN, _GUARDIAN.c.id == _P.c.guardian_id)
_FOUND = func.clinicdesk.find_patients(
    bindparam("patterns", type_=ARRAY(Text)),
    bindparam("beginning", type_=Text),
    bindparam("cpf", type_=LargeBinary),
    bindparam("most", type_=Integer),
    bindparam("skipped", type_=Integer),
).table_valued(column("id", Uuid), column("place", Integer), name="found")
_SEARCH = _MATCH.join(_FOUND, _FOUND.c.id == _P.c.id).order_by(_FOUND.c.place)

_VISITS_AROUND = text(
    """
    SELECT patient_id, max(starts_at) FILTER (WHERE starts_at < :now), min(starts_at) FILTER (WHERE starts_at >= :now)
      FROM clinicdesk.appointment WHERE patient_id = ANY (:ids) AND status NOT IN ('cancelled', 'no_show')
     GROUP BY patient_id
    """
)


def patient(connection: Connection, patient_id: UUID) -> Patient | None:
    """One person of the register with the alerts written for the desk."""
    row = connection.execute(_PATIENT.where(_P.c.id == patient_id)).one_or_none()
    if row is None:
        return None
    a = t.patient_alert
    alerts = connection.execute(
        select(a.c.id, a.c.severity, a.c.text)
        .where(a.c.patient_id == patient_id, a.c.active)
        .order_by((a.c.severity == "severe").desc(), a.c.created_at)
    )
    found = tuple(Alert(one[0], Severity(one[1]), one[2]) for one in alerts)
    values: tuple[Any, ...] = (*row, found)
    return Patient(*values)


def search(
    connection: Connection, words: Sequence[str], cpf_index: bytes | None = None, limit: int = 50, offset: int = 0
) -> list[PatientMatch]:
    """Patients whose names or phone hold every one of the folded `words`, or whose CPF it is, by name.

    A word of one or two letters has no trigram inside a longer one, so it is looked for where words begin.
    """
    asked = {
        "patterns": sorted(map(_pattern, words), key=len, reverse=True) or ["%"],
        "beginning": f"{_literal(' '.join(words))}%",
        "cpf": cpf_index,
        "most": limit,
        "skipped": offset,
    }
    return [_match(row) for row in connection.execute(_SEARCH, asked)]


def holding(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """That names or phone hold every one of the folded `words`, as clauses."""
    return [_P.c.search_text.like(_pattern(word)) for word in words]


def some(
    connection: Connection, clauses: Sequence[ColumnElement[bool]], limit: int, offset: int = 0
) -> list[PatientMatch]:
    """The patients of whom every clause is true, by name."""
    query = _MATCH.where(_P.c.merged_into.is_(None), *clauses).order_by(_P.c.sort_name, _P.c.id)
    return [_match(row) for row in connection.execute(query.limit(limit).offset(offset))]


def how_many(connection: Connection, clauses: Sequence[ColumnElement[bool]]) -> int:
    """Of how many patients every clause is true."""
    query = select(func.count()).select_from(_P).where(_P.c.merged_into.is_(None), *clauses)
    return connection.execute(query).scalar_one()


def _pattern(word: str) -> str:
    return f"%{_literal(word)}%" if len(word) > 2 else f"% {_literal(word)}%"


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _match(row: Sequence[Any]) -> PatientMatch:
    return PatientMatch(row[0], row[1], row[2], row[3], row[4], row[5], None, None, row[6])


def visits_around(
    connection: Connection, ids: Sequence[UUID], now: dt.datetime
) -> dict[UUID, tuple[dt.datetime | None, dt.datetime | None]]:
    """The last visit that took place and the next one that stands, of each patient, in the clinics this person sees."""
    rows = connection.execute(_VISITS_AROUND, {"ids": list(ids), "now": now})
    return {row[0]: (row[1], row[2]) for row in rows}


def count(connection: Connection) -> int:
    """How many people the register holds."""
    return connection.execute(select(func.count()).select_from(_P).where(_P.c.merged_into.is_(None))).scalar_one()


def lookalikes(
    connection: Connection, *, phone: str, sort_name: str, birth_date: dt.date | None, limit: int = 5
) -> list[PatientMatch]:
    """People who may be the same one: the same phone, or the same name and no other birth date."""
    same = []
    if phone:
        same.append(_P.c.phone == phone)
    if sort_name:
        same_name = _P.c.sort_name == sort_name
        if birth_date:
            same_name = and_(same_name, or_(_P.c.birth_date.is_(None), _P.c.birth_date == birth_date))
        same.append(same_name)
    if not same:
        return []
    query = _MATCH.where(_P.c.merged_into.is_(None), or_(*same)).order_by(_P.c.sort_name).limit(limit)
    return [_match(row) for row in connection.execute(query)]


def by_cpf(connection: Connection, cpf_index: bytes) -> PatientMatch | None:
    """Whoever has that CPF."""
    row = connection.execute(_MATCH.where(_P.c.cpf_index == cpf_index, _P.c.merged_into.is_(None))).one_or_none()
    return _match(row) if row else None


def encrypted_cpf(connection: Connection, patient_id: UUID) -> tuple[bytes, int] | None:
    """The encrypted CPF and the version of its key."""
    row = connection.execute(
        select(_P.c.cpf_ciphertext, _P.c.cpf_key_version).where(_P.c.id == patient_id)
    ).one_or_none()
    return (bytes(row[0]), row[1]) if row and row[0] is not None else None


def insert_patient(connection: Connection, patient_id: UUID, values: Mapping[str, object]) -> None:
    """Put a person on the register; the columns it is searched by follow by trigger."""
    connection.execute(insert(_P), {"id": patient_id, **values})


def update_patient(
    connection: Connection,
    patient_id: UUID,
    seen_version: int,
    values: Mapping[str, object],
    custom: tuple[Mapping[str, object], Sequence[str]] = ({}, ()),
) -> bool:
    """Write what changed of the version that was seen; False when another desk changed it first.

    `custom` gives what goes into the clinic's own fields and which of them are emptied; the others stay.
    """
    written, emptied = custom
    if written or emptied:
        kept = _P.c.custom.op("-")(bindparam("emptied", list(emptied), type_=ARRAY(Text)))
        values = {**values, "custom": kept.op("||")(bindparam("written", dict(written), type_=JSONB))}
    query = update(_P).where(_P.c.id == patient_id, _P.c.version == seen_version).values(**values)
    return connection.execute(query).rowcount == 1


def last_change(connection: Connection, patient_id: UUID) -> tuple[int, str, dt.datetime] | None:
    """The current version of a patient's row, who made it and when."""
    row = connection.execute(
        select(_P.c.version, func.coalesce(t.person.c.name, ""), _P.c.updated_at)
        .outerjoin(t.person, t.person.c.id == _P.c.updated_by)
        .where(_P.c.id == patient_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def registration(connection: Connection, patient_id: UUID) -> tuple[dt.datetime, str, str] | None:
    """When a patient was put on the register, by whom where it is known, and how they had found the clinic."""
    row = connection.execute(
        select(_P.c.created_at, func.coalesce(t.person.c.name, ""), _P.c.source)
        .outerjoin(t.person, t.person.c.id == _P.c.created_by)
        .where(_P.c.id == patient_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def dependants(connection: Connection, guardian_id: UUID) -> list[PatientMatch]:
    """The people a patient answers for."""
    query = _MATCH.where(_P.c.guardian_id == guardian_id, _P.c.merged_into.is_(None)).order_by(_P.c.sort_name)
    return [_match(row) for row in connection.execute(query)]
