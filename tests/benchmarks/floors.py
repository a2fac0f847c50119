"""The same work as bare SQL over psycopg, by the person's own login: what the desk's figures are held against."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Service
from clinicdesk.usecases.clinic import new_id
from tests.benchmarks.ground import NOTE, Ground, Place

_CLAIM = "INSERT INTO clinicdesk.operation (id, kind, row_id) VALUES (%s, 'book', %s)"
_LOCK = "SELECT clinicdesk.lock_resources(%s)"
_BOOK = """
    INSERT INTO clinicdesk.appointment (id, clinic_id, patient_id, professional_id, room_id, service_id, starts_at,
        ends_at, buffer_before, buffer_after, price, note)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

_CARDS = """
    SELECT a.id, a.clinic_id, a.version, a.status, a.status_at, a.status_channel, a.starts_at, a.ends_at, a.patient_id,
           coalesce(nullif(p.social_name, ''), p.full_name), p.phone, p.birth_date, a.professional_id, f.name,
           a.service_id, s.name, c.icon, s.category_id, c.hue, a.room_id, r.name, a.equipment_id, e.name,
           a.buffer_before, a.buffer_after, a.price, a.note, a.overbooking_reason, a.reschedule_count, a.cancelled_by,
           a.cancel_reason, coalesce(nullif(g.social_name, ''), g.full_name),
           NOT EXISTS (SELECT 1 FROM clinicdesk.appointment b
                        WHERE b.patient_id = a.patient_id AND b.starts_at < a.starts_at
                          AND b.status NOT IN ('cancelled', 'no_show')),
           (SELECT t.text FROM clinicdesk.patient_alert t
             WHERE t.patient_id = a.patient_id AND t.active AND t.severity IN ('severe', 'warning')
             ORDER BY t.severity = 'severe' DESC, t.created_at LIMIT 1)
      FROM clinicdesk.appointment a
      JOIN clinicdesk.patient p ON p.id = a.patient_id
      JOIN clinicdesk.professional f ON f.id = a.professional_id
      JOIN clinicdesk.service s ON s.id = a.service_id
      LEFT JOIN clinicdesk.service_category c ON c.id = s.category_id
      LEFT JOIN clinicdesk.room r ON r.id = a.room_id
      LEFT JOIN clinicdesk.equipment e ON e.id = a.equipment_id
      LEFT JOIN clinicdesk.patient g ON g.id = a.guardian_id
     WHERE a.clinic_id = %s AND a.starts_at >= %s AND a.starts_at < %s AND a.professional_id = ANY (%s)
     ORDER BY a.starts_at, a.id
"""

_SEARCH = """
    SELECT p.id, coalesce(nullif(p.social_name, ''), p.full_name), p.phone, p.birth_date,
           coalesce(nullif(g.social_name, ''), g.full_name, ''), p.vip,
           (SELECT t.text FROM clinicdesk.patient_alert t
             WHERE t.patient_id = p.id AND t.active AND t.severity = 'severe' LIMIT 1)
      FROM clinicdesk.patient p LEFT JOIN clinicdesk.patient g ON g.id = p.guardian_id
     WHERE p.merged_into IS NULL AND p.search_text LIKE %s
     ORDER BY p.sort_name, p.id LIMIT 50
"""

# Opening hours of the clinic and of the person, less holidays, blocks and what is held, cut into starts on the grid of
# the local day; {rooms} asks for a free room besides.
_FREE = """
    WITH cal AS (
        SELECT h.professional_id, day AT TIME ZONE k.zone AS midnight,
               tstzrange((day + greatest(h.starts, o.starts)) AT TIME ZONE k.zone,
                         (day + least(h.ends, o.ends)) AT TIME ZONE k.zone) AS worked
          FROM clinicdesk.clinic k
         CROSS JOIN generate_series(%(first)s::timestamp, %(first)s::timestamp + make_interval(days => %(days)s - 1),
                                    interval '1 day') day
          JOIN clinicdesk.working_hours h ON h.clinic_id = k.id AND h.weekday = extract(isodow FROM day)
           AND h.professional_id = ANY (%(people)s)
          JOIN clinicdesk.working_hours o ON o.clinic_id = k.id AND o.weekday = h.weekday
           AND o.professional_id IS NULL AND o.starts < h.ends AND h.starts < o.ends
         WHERE k.id = %(clinic)s AND day::date <> ALL (%(holidays)s)),
    off AS (
        SELECT b.resource_id, range_agg(tstzrange(b.starts_at, b.ends_at)) AS blocked FROM clinicdesk.time_block b
         WHERE b.clinic_id = %(clinic)s AND b.active AND b.resource_id = ANY (%(people)s)
           AND b.starts_at < %(first)s::timestamptz + make_interval(days => %(days)s + 1)
           AND b.ends_at > %(first)s::timestamptz - interval '1 day'
         GROUP BY b.resource_id),
    free AS (
        SELECT cal.professional_id, cal.midnight,
               unnest(tstzmultirange(cal.worked) - coalesce(held.busy, '{{}}') - coalesce(off.blocked, '{{}}')) AS r
          FROM cal
          LEFT JOIN LATERAL (
              SELECT range_agg(tstzrange(x.starts_at - make_interval(mins => x.buffer_before + %(after)s),
                                         x.ends_at + make_interval(mins => x.buffer_after + %(before)s))) AS busy
                FROM clinicdesk.appointment x
               WHERE x.clinic_id = %(clinic)s AND x.professional_id = cal.professional_id
                 AND x.starts_at >= lower(cal.worked) - interval '12 hours' AND x.starts_at < upper(cal.worked)
                 AND x.status NOT IN ('cancelled', 'no_show')
              ) held ON true
          LEFT JOIN off ON off.resource_id = cal.professional_id)
    SELECT free.professional_id, s{room_column}
      FROM free, generate_series(
          free.midnight + ceil(extract(epoch FROM lower(r) - free.midnight) / 60 / %(step)s)
              * make_interval(mins => %(step)s),
          upper(r) - make_interval(mins => %(length)s), make_interval(mins => %(step)s)) s
      {rooms}
     WHERE s >= clock_timestamp()
     ORDER BY s, free.professional_id
"""
_THING = """
     CROSS JOIN LATERAL (
         SELECT wanted.id FROM unnest(%({things})s::uuid[]) WITH ORDINALITY wanted (id, place)
          WHERE NOT EXISTS (
              SELECT 1 FROM clinicdesk.resource_hold x
               WHERE x.resource_id = wanted.id AND NOT x.exempt
                 AND x.during && tstzrange(s - make_interval(mins => %(before)s),
                                           s + make_interval(mins => %(length)s + %(after)s)))
          ORDER BY wanted.place LIMIT 1) {thing}
"""


def booker(ground: Ground) -> Callable[[Place, UUID], None]:
    """A booking: operation, locks, appointment and all that its triggers write, one transaction."""
    connection, clinic_id = ground.bare(), ground.desk().id

    def book(place: Place, patient_id: UUID) -> None:
        key, service, room_id = new_id(), place.service, place.room_ids[0]
        connection.execute(_CLAIM, [new_id(), key])
        connection.execute(_LOCK, [[place.professional_id, room_id]])
        who = [key, clinic_id, patient_id, place.professional_id, room_id, service.id]
        when = [place.slot.starts_at, place.slot.ends_at, service.buffer_before, service.buffer_after]
        connection.execute(_BOOK, [*who, *when, service.price, NOTE])
        connection.commit()

    return book


def cards(connection: psycopg.Connection[Any], clinic_id: UUID, slot: Slot, people: Sequence[UUID]) -> list[Any]:
    """The rows of a stretch of the agenda, all joins made."""
    rows = connection.execute(_CARDS, [clinic_id, slot.starts_at, slot.ends_at, list(people)]).fetchall()
    connection.commit()
    return rows


def found(connection: psycopg.Connection[Any], folded: str) -> list[Any]:
    """Fifty patients whose name has these letters anywhere."""
    rows = connection.execute(_SEARCH, [f"%{folded}%"]).fetchall()
    connection.commit()
    return rows


def free(
    connection: psycopg.Connection[Any],
    ground: Ground,
    people: Sequence[UUID],
    first: dt.date,
    days: int,
    holidays: Sequence[dt.date],
    step: int,
    service: Service,
) -> list[Any]:
    """Every free start, in one query; of a service with rooms or machines, only those at which one of each is free."""
    asked = {"room": "rooms" if service.room_ids else "", "machine": "machines" if service.equipment_ids else ""}
    wanted = {thing: things for thing, things in asked.items() if things}
    query = _FREE.format(
        room_column="".join(f", {thing}.id" for thing in wanted),
        rooms="".join(_THING.format(thing=thing, things=things) for thing, things in wanted.items()),
    )
    values = {
        "clinic": ground.desk().id,
        "first": first,
        "days": days,
        "people": list(people),
        "holidays": list(holidays),
        "before": service.buffer_before,
        "after": service.buffer_after,
        "length": service.duration_minutes,
        "step": step,
        "rooms": list(service.room_ids),
        "machines": list(service.equipment_ids),
    }
    rows = connection.execute(query.encode(), values).fetchall()
    connection.commit()
    return rows
