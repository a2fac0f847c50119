"""Offers from the waiting list as rows. What holds the time of an offer is made and taken away by trigger."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.hooks import Receives, can_receive
from clinicdesk.domain.message_rules import QuietHours
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.offers import FreedSlot, Offer, OfferState, Timing
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.storage.conflicts import as_clinic_error

_OFFER = """
    SELECT o.id, o.version, o.entry_id, w.patient_id, coalesce(nullif(p.social_name, ''), p.full_name), w.service_id,
           o.professional_id, o.starts_at, o.ends_at, o.room_id, o.equipment_id, f.name, o.state, o.created_at,
           o.expires_at, o.freed_by, o.hold_id, o.appointment_id, coalesce(m.state, ''), coalesce(b.name, '')
      FROM clinicdesk.waiting_offer o
      JOIN clinicdesk.waiting_entry w ON w.id = o.entry_id
      JOIN clinicdesk.patient p ON p.id = w.patient_id
      JOIN clinicdesk.professional f ON f.id = o.professional_id
      LEFT JOIN clinicdesk.person b ON b.id = o.created_by
      LEFT JOIN LATERAL (SELECT s.state FROM clinicdesk.{messages} s
                          WHERE s.offer_id = o.id ORDER BY s.id DESC LIMIT 1) m ON true
"""
# Professionals see what is on offer and not what became of a message.
_NO_MESSAGES = "(SELECT NULL::text AS state, NULL::uuid AS offer_id, NULL::uuid AS id)"
_WITH = _OFFER.format(messages="outgoing_message")
_WITHOUT = _OFFER.replace("clinicdesk.{messages}", _NO_MESSAGES)
_STANDING = {
    told: text(f"{query} WHERE o.clinic_id = :clinic AND o.state = 'offered' ORDER BY o.expires_at, o.id")
    for told, query in ((True, _WITH), (False, _WITHOUT))
}
_BY_IDS = {
    told: text(f"{query} WHERE o.clinic_id = :clinic AND o.id = ANY (:ids) ORDER BY o.updated_at, o.id")
    for told, query in ((True, _WITH), (False, _WITHOUT))
}
_ONE = text(f"{_WITH} WHERE o.clinic_id = :clinic AND o.id = :id")
# In the order in which everybody locks them: the entry, then the offer.
_ENTRY_OF = text(
    """
    SELECT 1 FROM clinicdesk.waiting_entry
     WHERE id = (SELECT entry_id FROM clinicdesk.waiting_offer WHERE clinic_id = :clinic AND id = :id) FOR UPDATE
    """
)
_LOCK = text("SELECT 1 FROM clinicdesk.waiting_offer WHERE clinic_id = :clinic AND id = :id FOR UPDATE")
_INSERT = text(
    """
    INSERT INTO clinicdesk.waiting_offer (id, clinic_id, entry_id, professional_id, room_id, equipment_id, starts_at,
        ends_at, freed_by, expires_at)
    VALUES (:id, :clinic, :entry, :professional, :room, :equipment, :starts, :ends, :freed_by, :expires)
    """
)
_VISIT_LATER = text("SET CONSTRAINTS clinicdesk.waiting_offer_clinic_id_appointment_id_fkey DEFERRED")
_END = text("UPDATE clinicdesk.waiting_offer SET state = :state, appointment_id = :appointment WHERE id = :id")
_SEND = text(
    """
    INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, template_id, patient_id, offer_id, body, planned_for,
        expires_at)
    VALUES (:id, :clinic, 'offer', :template, :patient, :offer, :body, :sent, :expires)
    """
)
_CLOSE_QUESTIONS = text(
    """
    UPDATE clinicdesk.question SET closed_at = clock_timestamp(), closed_reason = :reason
     WHERE offer_id = :offer AND closed_at IS NULL
    """
)
# The rule that says whether times are offered by themselves, and in which words.
_POLICY = text(
    """
    SELECT c.zone, coalesce(p.active, false), coalesce(p.quiet_from, '21:00'), coalesce(p.quiet_to, '08:00'),
           coalesce(p.on_sundays, false), coalesce(p.offer_minutes, 60), coalesce(p.grace_minutes, 3), r.template_id,
           coalesce(r.active, false), coalesce(r.channels, '{whatsapp,sms,email}'), coalesce(p.public_address, '')
      FROM clinicdesk.clinic c
      LEFT JOIN clinicdesk.messaging_policy p ON p.clinic_id = c.id
      LEFT JOIN LATERAL (
          SELECT u.template_id, u.active AND t.active AS active, u.channels FROM clinicdesk.message_rule u
            JOIN clinicdesk.message_template t ON t.id = u.template_id
           WHERE u.clinic_id = c.id AND u.event = 'offer' ORDER BY u.active DESC, u.id LIMIT 1) r ON true
     WHERE c.id = :clinic
    """
)
_CHANNELS = text(
    """
    SELECT id, provider, receives FROM clinicdesk.message_channel
     WHERE clinic_id = :clinic AND active AND paused_at IS NULL AND kind = ANY (:kinds)
    """
)
# Who may be asked: a consent that stands, for a channel that leads to them; for whoever has no address of their own, to
# their guardian.
_REACHABLE = text(
    """
    SELECT p.id FROM clinicdesk.patient p
      LEFT JOIN clinicdesk.patient g ON g.id = p.guardian_id AND p.phone = '' AND p.email = ''
     WHERE p.id = ANY (:patients) AND p.merged_into IS NULL AND EXISTS (
           SELECT 1 FROM clinicdesk.message_channel c
             JOIN clinicdesk.consent y ON y.patient_id IN (p.id, g.id) AND y.channel = c.kind AND y.purpose = 'care'
                                      AND y.revoked_at IS NULL
            WHERE c.id = ANY (:channels)
              AND CASE c.kind WHEN 'email' THEN coalesce(g.email, p.email)
                              ELSE coalesce(g.phone, p.phone) END <> ''
              AND NOT EXISTS (SELECT 1 FROM clinicdesk.conversation t
                               WHERE t.channel_id = c.id AND t.patient_id IN (p.id, g.id)
                                 AND t.opted_out_at IS NOT NULL))
    """
)
# Those who are offered something now, and those who were offered this very time before.
_PASSED_OVER = text(
    """
    SELECT entry_id FROM clinicdesk.waiting_offer
     WHERE clinic_id = :clinic AND (state = 'offered'
           OR professional_id = :professional AND starts_at < :ends AND ends_at > :starts AND created_at > :since)
    """
)
# The time has come, or the message was never delivered and never will be.
_OVER = text(
    """
    SELECT o.id, o.expires_at > :now FROM clinicdesk.waiting_offer o
     WHERE o.clinic_id = :clinic AND o.state = 'offered'
       AND (o.expires_at <= :now OR EXISTS (SELECT 1 FROM clinicdesk.outgoing_message m
             WHERE m.offer_id = o.id AND m.state IN ('failed', 'cancelled')))
     ORDER BY o.expires_at, o.id
    """
)
# Visits given up lately whose time is still ahead and was not offered since, after the minutes in which that is undone.
_FREED = text(
    """
    SELECT a.id, a.professional_id, a.starts_at, a.ends_at, a.status_at FROM clinicdesk.appointment a
     WHERE a.clinic_id = :clinic AND a.status = 'cancelled' AND a.starts_at > :soonest
       AND a.status_at BETWEEN :since AND :until
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.waiting_offer o WHERE o.freed_by = a.id)
    UNION ALL
    SELECT a.id, b.professional_id, b.starts_at, b.ends_at, b.left_at FROM clinicdesk.appointment a
      JOIN LATERAL (
          SELECT v.professional_id, v.starts_at, v.ends_at, n.recorded_at AS left_at
            FROM clinicdesk.appointment_version v
            JOIN clinicdesk.appointment_version n ON n.appointment_id = v.appointment_id AND n.version = v.version + 1
           WHERE v.appointment_id = a.id
             AND (v.starts_at, v.professional_id) IS DISTINCT FROM (n.starts_at, n.professional_id)
           ORDER BY v.version DESC LIMIT 1) b ON true
     WHERE a.clinic_id = :clinic AND a.status NOT IN ('cancelled', 'no_show') AND a.updated_at >= :since
       AND b.starts_at > :soonest AND b.left_at BETWEEN :since AND :until
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.waiting_offer o WHERE o.freed_by = a.id AND o.created_at > b.left_at)
     ORDER BY 3, 1
    """
)
# Times that were offered lately, that nobody took, and that nobody is offered now.
_UNTAKEN = text(
    """
    SELECT (array_agg(o.freed_by ORDER BY o.created_at) FILTER (WHERE o.freed_by IS NOT NULL))[1], o.professional_id,
           o.starts_at, o.ends_at, min(o.created_at) - interval '1 second'
      FROM clinicdesk.waiting_offer o
     WHERE o.clinic_id = :clinic AND o.starts_at > :soonest
     GROUP BY o.professional_id, o.starts_at, o.ends_at
    HAVING bool_and(o.state IN ('refused', 'expired', 'unanswerable')) AND max(o.updated_at) >= :since
     ORDER BY o.starts_at, o.professional_id
    """
)


@dataclass(frozen=True, slots=True)
class OfferPolicy:
    """How a clinic offers times: whether by itself, with which words, for how long, and when it writes to nobody."""

    by_itself: bool
    template_id: UUID | None
    channels: tuple[UUID, ...]  # by which one may ask and be answered
    minutes: int
    grace: dt.timedelta
    quiet: QuietHours


@contextmanager
def attempt(connection: Connection) -> Iterator[None]:
    """A step that may be refused by the database without the rest of the transaction. Raises ClinicError."""
    try:
        with connection.begin_nested():
            yield
    except DBAPIError as error:
        raise as_clinic_error(error.orig) from error


def policy(connection: Connection, clinic_id: UUID) -> OfferPolicy:
    """How this clinic offers times."""
    row = connection.execute(_POLICY, {"clinic": clinic_id}).one()
    quiet = QuietHours(ZoneInfo(row[0]), row[2], row[3], row[4])
    by_itself = bool(row[1] and row[8])
    asked = {"clinic": clinic_id, "kinds": list(row[9])}
    channels = tuple(
        one[0]
        for one in connection.execute(_CHANNELS, asked)
        if can_receive(Provider(one[1]), Receives(one[2]), row[10])
    )
    return OfferPolicy(by_itself, row[7], channels, row[5], dt.timedelta(minutes=row[6]), quiet)


def standing(connection: Connection, clinic_id: UUID, *, with_messages: bool) -> list[Offer]:
    """What is on offer now, what is over soonest first."""
    return [_offer(row) for row in connection.execute(_STANDING[with_messages], {"clinic": clinic_id})]


def by_ids(connection: Connection, clinic_id: UUID, ids: Sequence[UUID], *, with_messages: bool) -> list[Offer]:
    """Those of the offers, however they stand."""
    found = connection.execute(_BY_IDS[with_messages], {"clinic": clinic_id, "ids": list(ids)})
    return [_offer(row) for row in found]


def offer(connection: Connection, clinic_id: UUID, offer_id: UUID, *, locked: bool = False) -> Offer | None:
    """One offer; `locked` keeps it and its entry as they are until the transaction ends."""
    asked = {"clinic": clinic_id, "id": offer_id}
    if locked:
        connection.execute(_ENTRY_OF, asked)
        connection.execute(_LOCK, asked)
    row = connection.execute(_ONE, asked).one_or_none()
    return _offer(row) if row else None


def insert(
    connection: Connection,
    clinic_id: UUID,
    offer_id: UUID,
    entry_id: UUID,
    place: FreeSlot,
    when: Timing,
    freed_by: UUID | None,
) -> None:
    """Offer a time, which is held from now on. Raises what a booking there would."""
    values = {
        "id": offer_id,
        "clinic": clinic_id,
        "entry": entry_id,
        "professional": place.professional_id,
        "room": place.room_id,
        "equipment": place.equipment_id,
        "starts": place.slot.starts_at,
        "ends": place.slot.ends_at,
        "freed_by": freed_by,
        "expires": when.expires_at,
    }
    connection.execute(_INSERT, values)


def send(
    connection: Connection,
    clinic_id: UUID,
    message_id: UUID,
    made: Offer,
    when: Timing,
    template_id: UUID | None,
    body: str,
) -> None:
    """Plan the message that makes the offer."""
    values = {
        "id": message_id,
        "clinic": clinic_id,
        "template": template_id,
        "patient": made.patient_id,
        "offer": made.id,
        "body": body,
        "sent": when.sent_at,
        "expires": when.expires_at,
    }
    connection.execute(_SEND, values)


def end(
    connection: Connection, offer_id: UUID, state: OfferState, appointment_id: UUID | None = None, *, ask_no_more: bool
) -> None:
    """Write what became of an offer; its time is free again. `ask_no_more` closes what was asked about it.

    The visit an accepted one became may be written afterwards, in the same transaction.
    """
    if appointment_id is not None:
        connection.execute(_VISIT_LATER)
    connection.execute(_END, {"id": offer_id, "state": str(state), "appointment": appointment_id})
    if ask_no_more:
        connection.execute(_CLOSE_QUESTIONS, {"offer": offer_id, "reason": str(state)})


def reachable(connection: Connection, patients: Sequence[UUID], channels: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the patients who may be asked by one of the channels."""
    asked = {"patients": list(patients), "channels": list(channels)}
    return frozenset(connection.execute(_REACHABLE, asked).scalars())


def passed_over(
    connection: Connection, clinic_id: UUID, professional_id: UUID, slot: Slot, since: dt.datetime
) -> frozenset[UUID]:
    """The entries that are offered something now, or were offered this time since then."""
    asked = {"clinic": clinic_id, "professional": professional_id, "since": since}
    found = connection.execute(_PASSED_OVER, asked | {"starts": slot.starts_at, "ends": slot.ends_at})
    return frozenset(found.scalars())


def over(connection: Connection, clinic_id: UUID, now: dt.datetime) -> list[tuple[UUID, OfferState]]:
    """The offers that are to end: their time has come, or they did not reach anybody."""
    ends = {True: OfferState.UNANSWERABLE, False: OfferState.EXPIRED}
    return [(row[0], ends[row[1]]) for row in connection.execute(_OVER, {"clinic": clinic_id, "now": now})]


def freed(
    connection: Connection, clinic_id: UUID, since: dt.datetime, until: dt.datetime, soonest: dt.datetime
) -> list[FreedSlot]:
    """The times that visits gave back between two moments, and that begin late enough to be offered."""
    asked = {"clinic": clinic_id, "since": since, "until": until, "soonest": soonest}
    return [FreedSlot(row[0], row[1], Slot(row[2], row[3]), row[4]) for row in connection.execute(_FREED, asked)]


def untaken(connection: Connection, clinic_id: UUID, since: dt.datetime, soonest: dt.datetime) -> list[FreedSlot]:
    """The times that were offered and that nobody took, the last no since that moment."""
    asked = {"clinic": clinic_id, "since": since, "soonest": soonest}
    return [FreedSlot(row[0], row[1], Slot(row[2], row[3]), row[4]) for row in connection.execute(_UNTAKEN, asked)]


def _offer(row: Sequence[Any]) -> Offer:
    return Offer(
        id=row[0],
        version=row[1],
        entry_id=row[2],
        patient_id=row[3],
        patient_name=row[4],
        service_id=row[5],
        place=FreeSlot(row[6], Slot(row[7].astimezone(dt.UTC), row[8].astimezone(dt.UTC)), row[9], row[10]),
        professional_name=row[11],
        state=OfferState(row[12]),
        offered_at=row[13],
        expires_at=row[14],
        freed_by=row[15],
        hold_id=row[16],
        appointment_id=row[17],
        message_state=row[18],
        offered_by=row[19],
    )
