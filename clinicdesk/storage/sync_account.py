"""The login of the process that sends, the key that is sealed to, and the signs of life it gives."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, delete, func, insert, select, text, update

from clinicdesk.domain.sync_process import FORGOTTEN, SyncProcess
from clinicdesk.storage import message_tables as t
from clinicdesk.storage.conflicts import as_clinic_error

SYNC = "sync"  # the login name; no person may have it

_DUE_HERE = """
    SELECT EXISTS (SELECT FROM clinicdesk.messaging_policy WHERE active),
           (SELECT count(*) FROM clinicdesk.outgoing_message m
              JOIN clinicdesk.messaging_policy p ON p.clinic_id = m.clinic_id AND p.active
             WHERE m.state IN ('planned', 'claimed') AND m.planned_for < clock_timestamp() + interval '1 day')
"""


def give_login(connection: Connection, verifier: str) -> None:
    """Make the login where it is missing, and give it another password. Owners only."""
    connection.execute(text("SELECT clinicdesk.give_sync_login(:verifier)"), {"verifier": verifier})


def due_here(admin: Mapping[str, str], database: str) -> tuple[bool, int]:
    """Whether any clinic of a database sends messages, and how many are planned until this time tomorrow.

    `admin` reaches the server as its administrator, for on one computer nobody may be signed in.
    """
    try:
        with psycopg.connect(**dict[str, Any]({**admin, "dbname": database}), autocommit=True) as connection:
            row = connection.execute(_DUE_HERE).fetchone()
    except psycopg.Error as error:
        raise as_clinic_error(error) from error
    assert row is not None
    return bool(row[0]), int(row[1])


def current_key(connection: Connection) -> tuple[UUID, bytes] | None:
    """The public key that desks seal to, and its id; None while no process has shown one."""
    k = t.sync_key.c
    row = connection.execute(
        select(k.id, k.public_key).where(k.retired_at.is_(None)).order_by(k.created_at.desc(), k.id.desc()).limit(1)
    ).one_or_none()
    return (row.id, bytes(row.public_key)) if row else None


def show_key(connection: Connection, key_id: UUID, public_key: bytes, host: str) -> None:
    """Let desks seal to this key from now on, and to no earlier one."""
    k = t.sync_key.c
    connection.execute(update(t.sync_key).where(k.retired_at.is_(None)).values(retired_at=func.clock_timestamp()))
    connection.execute(insert(t.sync_key), {"id": key_id, "public_key": public_key, "host": host})


def begin_process(connection: Connection, process_id: UUID, host: str, release: str) -> None:
    """Stand on the list of processes, from which those seen last a week ago are taken."""
    p = t.sync_process.c
    connection.execute(delete(t.sync_process).where(p.seen_at < func.clock_timestamp() - FORGOTTEN))
    connection.execute(insert(t.sync_process), {"id": process_id, "host": host, "release": release, "status": {}})


def beat(connection: Connection, process_id: UUID, status: Mapping[str, Any]) -> bool:
    """Give a sign of life; False where the process stands on no list any more."""
    done = connection.execute(
        update(t.sync_process)
        .where(t.sync_process.c.id == process_id)
        .values(seen_at=func.clock_timestamp(), stopped_at=None, status=dict(status))
    )
    return bool(done.rowcount)


def end_process(connection: Connection, process_id: UUID) -> None:
    """Say that it stopped by itself."""
    p = t.sync_process.c
    connection.execute(update(t.sync_process).where(p.id == process_id).values(stopped_at=func.clock_timestamp()))


def processes(connection: Connection) -> list[SyncProcess]:
    """Every process seen within a week, the one seen last first."""
    p = t.sync_process.c
    rows = connection.execute(
        select(p.id, p.host, p.release, p.started_at, p.seen_at, p.stopped_at, p.status).order_by(p.seen_at.desc())
    )
    return [SyncProcess(*row) for row in rows]


def alone(connection: Connection, name: str) -> bool:
    """Whether no other process does what `name` says, until this transaction ends."""
    return bool(
        connection.execute(
            text("SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(:name, 0))"), {"name": name}
        ).scalar_one()
    )


def revive_jobs(connection: Connection) -> int:
    """Put back the jobs of workers that died; how many."""
    return int(connection.execute(text("SELECT clinicdesk.revive_jobs()")).scalar_one())


def remove_old_jobs(connection: Connection, older_than: dt.timedelta) -> int:
    """Remove jobs that ended so long ago, with what the queue noted of them; how many."""
    return int(connection.execute(text("SELECT clinicdesk.remove_old_jobs(:age)"), {"age": older_than}).scalar_one())


def empty_expired_media(connection: Connection, clinic_id: UUID) -> int:
    """Take the content from files whose time is over and that no record keeps; how many."""
    m = t.media.c
    return int(
        connection.execute(
            update(t.media)
            .where(
                m.clinic_id == clinic_id,
                m.expires_at < func.clock_timestamp(),
                m.kept_at.is_(None),
                m.sealed.is_not(None),
            )
            .values(sealed=None)
        ).rowcount
    )
