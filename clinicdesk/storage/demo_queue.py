"""The queue of the demo clinic as rows: what waits, what went, one that failed, one nobody knows of, and who sends."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange
from sqlalchemy import Connection, select, text
from uuid_utils.compat import uuid7

from clinicdesk.storage import message_tables as t
from clinicdesk.storage import tables as every
from clinicdesk.storage.bulk import insert_rows

_HOUR, _MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
_FOR_EVER = dt.timedelta(days=3650)  # the demo's process is none, and never goes away
_VISITS = text(
    """
    SELECT a.id, a.patient_id, p.phone, a.starts_at FROM clinicdesk.appointment a
      JOIN clinicdesk.patient p ON p.id = a.patient_id
     WHERE a.clinic_id = :clinic AND a.status IN ('pending', 'confirmed') AND a.starts_at > :moment
       AND p.phone LIKE '+55__9%' ORDER BY a.starts_at, a.id LIMIT 60
    """
)
# How each message of the list stands, in turn: state, reason, the last try's fault, what the provider said.
_STANDING = (
    *(("read", "", "", ""), ("delivered", "", "", ""), ("read", "", "", ""), ("sent", "", "", "")) * 4,
    ("failed", "unreachable", "not_reached", "131026 Message undeliverable"),
    ("unknown", "no_answer", "no_answer", ""),
    ("cancelled", "no_consent", "", ""),
    ("cancelled", "already_confirmed", "", ""),
    ("cancelled", "too_old", "", ""),
)
# What the rules planned for a time that is over by now went out then.
_WENT = text(
    """
    UPDATE clinicdesk.outgoing_message
       SET state = CASE WHEN abs(hashtext(id::text)) % 4 = 0 THEN 'delivered' ELSE 'read' END, state_at = planned_for,
           attempts = 1, channel_id = coalesce(channel_id, :channel)
     WHERE clinic_id = :clinic AND state = 'planned' AND planned_for < :moment
    """
)
_DUE = 2  # of what is to go out, so many at this minute


def load_queue(connection: Connection, clinic_id: UUID, moment: dt.datetime) -> None:
    """Write the queue of one unit as it stands at `moment`. Needs patients, visits and consents to be there."""
    channel = _channel(connection, clinic_id)
    visits = list(connection.execute(_VISITS, {"clinic": clinic_id, "moment": moment + 3 * _HOUR}))
    tables = ("outgoing_message", "delivery")
    for table in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} DISABLE TRIGGER USER"))
    connection.execute(_WENT, {"channel": channel, "clinic": clinic_id, "moment": moment})
    messages = [*_settled(visits, moment), *_due(visits[len(_STANDING) :][:_DUE], moment)]
    own: dict[str, Any] = {"clinic_id": clinic_id}
    insert_rows(connection, t.outgoing_message, [{**own, **row, "channel_id": channel} for row, _tried in messages])
    insert_rows(connection, t.delivery, [{**own, **tried, "channel_id": channel} for _row, tried in messages if tried])
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} ENABLE TRIGGER USER"))
    _process(connection, moment)


def _settled(
    visits: list[Any], moment: dt.datetime
) -> Iterator[tuple[Mapping[str, object], Mapping[str, object] | None]]:
    """What was tried today, the latest a few minutes ago."""
    for place, (visit, standing) in enumerate(zip(visits, _STANDING, strict=False)):
        state, reason, fault, detail = standing
        at = moment - (7 + 9 * place) * _MINUTE
        row = _reminder(visit, at) | {"state": state, "reason": reason, "detail": detail, "state_at": at, "attempts": 1}
        if state == "cancelled":
            yield row | {"attempts": 0}, None
            continue
        tried = {"id": uuid7(), "message_id": row["id"], "recipient": visit.phone, "state": state, "fault": fault}
        yield row, tried | {"detail": detail, "started_at": at, "ended_at": None if state == "unknown" else at}


def _due(visits: list[Any], moment: dt.datetime) -> Iterator[tuple[Mapping[str, object], None]]:
    """What is to go out at this minute; what comes later the rules have planned."""
    for visit in visits:
        at = moment - _MINUTE
        yield (
            _reminder(visit, at) | {"state": "planned", "reason": "", "detail": "", "state_at": moment, "attempts": 0},
            None,
        )


def _reminder(visit: Any, at: dt.datetime) -> dict[str, object]:
    about = {"appointment_id": visit.id, "patient_id": visit.patient_id, "visit_at": visit.starts_at}
    times = {"planned_for": at, "expires_at": max(visit.starts_at, at + _HOUR), "created_at": at - 24 * _HOUR}
    return {"id": uuid7(), "kind": "reminder", **about, **times}


def _channel(connection: Connection, clinic_id: UUID) -> UUID:
    c = t.message_channel.c
    found = connection.execute(select(c.id).where(c.clinic_id == clinic_id, c.kind == "whatsapp")).scalar()
    if found is not None:
        return UUID(str(found))
    made = {"id": uuid7(), "clinic_id": clinic_id, "kind": "whatsapp", "provider": "meta", "name": "WhatsApp"}
    insert_rows(connection, t.message_channel, [made | {"receives": "webhook"}])
    return UUID(str(made["id"]))


def _process(connection: Connection, moment: dt.datetime) -> None:
    began = moment.replace(minute=0, second=0, microsecond=0) - 3 * _HOUR
    row = {"id": uuid7(), "host": "recepcao-1", "release": "", "started_at": began, "seen_at": moment + _FOR_EVER}
    insert_rows(connection, t.sync_process, [row])


# Somebody who waits and may be written to, with a time that is free for them: after the last visit of a professional.
_FREE = text(
    """
    SELECT w.id, w.patient_id, w.service_id, a.professional_id, a.room_id, max(a.ends_at) AS starts_at,
           s.duration_minutes
      FROM clinicdesk.waiting_entry w
      JOIN clinicdesk.service s ON s.id = w.service_id
      JOIN clinicdesk.appointment a ON a.clinic_id = w.clinic_id AND a.professional_id = w.professional_id
     WHERE w.clinic_id = :clinic AND w.state = 'open' AND a.status NOT IN ('cancelled', 'no_show')
       AND a.starts_at BETWEEN :since AND :until
       AND (w.last_day IS NULL OR w.last_day >= CAST(:until AS date))
     GROUP BY w.id, a.professional_id, a.room_id, s.duration_minutes
     ORDER BY w.urgency DESC, w.created_at LIMIT 1
    """
)


def load_offer(connection: Connection, clinic_id: UUID, moment: dt.datetime) -> None:
    """One time on offer, since a few minutes; none where the waiting list is too short for it."""
    asked = {"clinic": clinic_id, "since": moment, "until": moment + 10 * _HOUR}
    free = connection.execute(_FREE, asked).first()
    if free is None:
        return
    own: dict[str, Any] = {"clinic_id": clinic_id}
    offer_id, hold_id, ends = uuid7(), uuid7(), free.starts_at + free.duration_minutes * _MINUTE
    at, until = moment - 4 * _MINUTE, moment + 56 * _MINUTE
    tables = ("waiting_offer", "slot_hold", "outgoing_message")
    for table in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} DISABLE TRIGGER USER"))
    hold = {"id": hold_id, "channel": "whatsapp", "label": "offer", "expires_at": moment + _FOR_EVER}
    insert_rows(connection, every.slot_hold, [own | hold])
    during = TimestamptzRange(free.starts_at, ends)
    held = {"resource_id": free.professional_id, "during": during, "slot_hold_id": hold_id}
    insert_rows(connection, every.resource_hold, [own | held])
    place = {"professional_id": free.professional_id, "starts_at": free.starts_at, "ends_at": ends}
    made = {"id": offer_id, "entry_id": free.id, "hold_id": hold_id, "expires_at": until, "created_at": at}
    insert_rows(connection, t.waiting_offer, [own | place | made])
    message = {
        "id": uuid7(),
        "kind": "offer",
        "patient_id": free.patient_id,
        "offer_id": offer_id,
        "state": "delivered",
    }
    times = {"planned_for": at, "expires_at": until, "state_at": at, "created_at": at, "attempts": 1}
    insert_rows(connection, t.outgoing_message, [own | message | times | {"state": "delivered"}])
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} ENABLE TRIGGER USER"))
