"""Patients in the thousands: what an import is compared with, how it is written in one transaction, and taken back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from clinicdesk.storage import tables as t

_P = t.patient
# What an import may fill in; the three columns of a CPF go together.
FILLABLE = (
    "social_name",
    "phone",
    "email",
    "birth_date",
    "cpf_ciphertext",
    "cpf_index",
    "cpf_key_version",
    "address",
    "source",
    "note",
)


class Known(NamedTuple):
    """What somebody on the register is recognised by."""

    id: UUID
    cpf_index: bytes | None
    phone: str
    sort_name: str
    birth_date: dt.date | None
    name: str


def allow_minutes(connection: Connection) -> None:
    """Let this transaction take longer than a click may."""
    connection.execute(text("SET LOCAL statement_timeout = '5min'"))


def register(connection: Connection) -> list[Known]:
    """Everybody on the register."""
    name = func.coalesce(func.nullif(_P.c.social_name, ""), _P.c.full_name)
    query = select(_P.c.id, _P.c.cpf_index, _P.c.phone, _P.c.sort_name, _P.c.birth_date, name)
    return [Known(*row) for row in connection.execute(query.where(_P.c.merged_into.is_(None)))]


def locked(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[int, dict[str, object]]]:
    """Version and fillable columns of patients, whom nobody else changes until the transaction ends."""
    query = (
        select(_P.c.id, _P.c.version, *(_P.c[name] for name in FILLABLE))
        .where(_P.c.id == func.any(list(ids)))
        .order_by(_P.c.id)
        .with_for_update()
    )
    return {row[0]: (row[1], dict(zip(FILLABLE, row[2:], strict=True))) for row in connection.execute(query)}


def insert_batch(connection: Connection, batch_id: UUID, clinic_id: UUID, kind: str, file_name: str) -> None:
    """Write down that an import takes place."""
    values = {"id": batch_id, "clinic_id": clinic_id, "kind": kind, "file_name": file_name}
    connection.execute(insert(t.import_batch), values)


def insert_patients(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Put people on the register; every row has the same columns."""
    if rows:
        connection.execute(insert(_P), [dict(row) for row in rows])


def fill(connection: Connection, patient_id: UUID, values: Mapping[str, object]) -> None:
    """Write what was empty; the row has been locked and looked at."""
    connection.execute(update(_P).where(_P.c.id == patient_id).values(**values))


def insert_lines(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Keep the outcome of every line."""
    if rows:
        connection.execute(insert(t.import_line), [dict(row) for row in rows])


def fills(connection: Connection, batch_id: UUID) -> list[tuple[UUID, dict[str, Any]]]:
    """Whom an import filled in, and what is needed to take that back."""
    line = t.import_line
    query = select(line.c.row_id, line.c.before).where(line.c.import_id == batch_id, line.c.before.is_not(None))
    return [(row[0], row[1]) for row in connection.execute(query)]


def empty_again(connection: Connection, patient_id: UUID, version: int, names: Iterable[str]) -> bool:
    """Empty what an import filled in, if nobody has saved the row since."""
    wanted = {name: "" if _P.c[name].server_default is not None else None for name in names}
    query = update(_P).where(_P.c.id == bindparam("of_patient"), _P.c.version == bindparam("seen")).values(**wanted)
    return connection.execute(query, {"of_patient": patient_id, "seen": version}).rowcount == 1


def undo(connection: Connection, batch_id: UUID) -> int:
    """Remove what an import made and nobody has touched since; how many. NotFound for one that is not there to undo."""
    query = text("SELECT removed FROM clinicdesk.undo_patient_import(:batch)")
    return int(connection.execute(query, {"batch": batch_id}).scalar_one())


def names_of(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The full names of patients."""
    query = select(_P.c.id, _P.c.full_name).where(_P.c.id == func.any(list(ids))).order_by(_P.c.sort_name)
    return {row[0]: row[1] for row in connection.execute(query)}


def made_by(connection: Connection, batch_id: UUID) -> dict[UUID, str]:
    """Whom an import made and who is there still."""
    query = select(_P.c.id, _P.c.full_name).where(_P.c.import_id == batch_id).order_by(_P.c.sort_name)
    return {row[0]: row[1] for row in connection.execute(query)}


def batches(connection: Connection, clinic_id: UUID, kind: str) -> list[tuple[UUID, str, dt.datetime, bool]]:
    """The imports of a clinic, newest first: id, file, when, and whether it was undone."""
    batch = t.import_batch
    query = (
        select(batch.c.id, batch.c.file_name, batch.c.created_at, batch.c.undone_at.is_not(None))
        .where(batch.c.clinic_id == clinic_id, batch.c.kind == kind)
        .order_by(batch.c.created_at.desc())
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def by_email(connection: Connection, email: str) -> list[UUID]:
    """Everybody with that address."""
    query = select(_P.c.id).where(_P.c.email == email, _P.c.merged_into.is_(None)).limit(2)
    return list(connection.execute(query).scalars())


def blocks_like(
    connection: Connection, clinic_id: UUID, resource_id: UUID, starts_at: dt.datetime, ends_at: dt.datetime
) -> bool:
    """Whether exactly that time is kept free already."""
    b = t.time_block
    query = select(b.c.id).where(
        b.c.clinic_id == clinic_id,
        b.c.resource_id == resource_id,
        b.c.starts_at == starts_at,
        b.c.ends_at == ends_at,
        b.c.active,
    )
    return connection.execute(query.limit(1)).one_or_none() is not None
