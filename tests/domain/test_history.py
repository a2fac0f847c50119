"""What became of a visit, told from its versions: which aspects changed, and what was taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from clinicdesk.domain.agenda import Channel, Slot, Status
from clinicdesk.domain.history import Aspect, Difference, EventKind, Life, Named, VisitVersion, events
from tests.builders import appointment, local, uuid_for

WRITTEN = local(7)
NAMES: dict[Any, Named] = {
    uuid_for(name): Named(name)
    for name in ("Ana", "Bento", "Vera", "Dra. Helena", "Dr. Caio", "Sala 1", "Sala 2", "Laser", "Consulta", "Retorno")
}
VISIT = uuid_for("visit")
DAY = Slot(local(0), local(0) + dt.timedelta(days=1))


def version(number: int = 1, **changes: Any) -> VisitVersion:
    """Ana with Dra. Helena, 9:00–9:30, written a minute after the version before unless told otherwise."""
    values: dict[str, Any] = {
        "appointment_id": VISIT,
        "version": number,
        "at": WRITTEN + dt.timedelta(minutes=number),
        "person_name": "Renata",
        "desk": "Recepção",
        "status": "pending",
        "status_at": WRITTEN,
        "status_channel": "phone",
        "starts_at": local(9),
        "ends_at": local(9, 30),
        "patient_id": uuid_for("Ana"),
        "guardian_id": None,
        "professional_id": uuid_for("Dra. Helena"),
        "room_id": uuid_for("Sala 1"),
        "equipment_id": None,
        "service_id": uuid_for("Consulta"),
        "buffer_before": 0,
        "buffer_after": 0,
        "price": Decimal(0),
        "note": "",
        "overbooking_reason": "",
        "reschedule_count": 0,
        "cancelled_by": None,
        "cancel_reason": "",
        "cancelled_late": False,
        "visit_id": None,
        "series_id": None,
        "series_day": None,
        **changes,
    }
    return VisitVersion(**values)


def test_the_first_version_is_the_booking_and_carries_its_road() -> None:
    (booked,) = events([version()], NAMES)
    assert (booked.kind, booked.channel, booked.before) == (EventKind.BOOKED, Channel.PHONE, None)
    assert (booked.person_name, booked.desk, booked.patient_name) == ("Renata", "Recepção", "Ana")


def test_each_aspect_is_told_by_name_before_and_after() -> None:
    changes: list[tuple[dict[str, Any], Difference, EventKind]] = [
        ({"starts_at": local(10), "ends_at": local(10, 30)}, Difference(Aspect.START), EventKind.MOVED),
        ({"ends_at": local(10)}, Difference(Aspect.LENGTH), EventKind.MOVED),
        (
            {"professional_id": uuid_for("Dr. Caio")},
            Difference(Aspect.PROFESSIONAL, "Dra. Helena", "Dr. Caio"),
            EventKind.MOVED,
        ),
        ({"room_id": uuid_for("Sala 2")}, Difference(Aspect.ROOM, "Sala 1", "Sala 2"), EventKind.MOVED),
        ({"room_id": None}, Difference(Aspect.ROOM, "Sala 1", ""), EventKind.MOVED),
        ({"equipment_id": uuid_for("Laser")}, Difference(Aspect.EQUIPMENT, "", "Laser"), EventKind.MOVED),
        ({"service_id": uuid_for("Retorno")}, Difference(Aspect.SERVICE, "Consulta", "Retorno"), EventKind.EDITED),
        ({"note": "traz exames"}, Difference(Aspect.NOTE, "", "traz exames"), EventKind.EDITED),
        ({"overbooking_reason": "dor"}, Difference(Aspect.OVERBOOKING, "", "dor"), EventKind.EDITED),
        ({"patient_id": uuid_for("Bento")}, Difference(Aspect.PATIENT, "Ana", "Bento"), EventKind.EDITED),
        ({"guardian_id": uuid_for("Vera")}, Difference(Aspect.GUARDIAN, "", "Vera"), EventKind.EDITED),
    ]
    for change, expected, kind in changes:
        event = events([version(), version(2, **change)], NAMES)[-1]
        assert (event.differences, event.kind) == ((expected,), kind)


def test_a_move_with_a_step_is_the_step_and_tells_the_move() -> None:
    moved = version(2, status="confirmed", starts_at=local(11), ends_at=local(11, 30), room_id=None)
    event = events([version(), moved], NAMES)[-1]
    assert (event.kind, event.status) == (EventKind.STATUS, Status.CONFIRMED)
    assert [one.aspect for one in event.differences] == [Aspect.START, Aspect.ROOM]


def test_the_road_of_the_status_is_not_the_road_of_a_move() -> None:
    confirmed = version(2, status="confirmed", status_channel="whatsapp")
    moved = confirmed._replace(version=3, at=WRITTEN + dt.timedelta(minutes=30), room_id=None)
    by_program = moved._replace(version=4, person_name="", room_id=uuid_for("Sala 2"))
    assert [one.channel for one in events([version(), confirmed, moved, by_program], NAMES)] == [
        Channel.PHONE,
        Channel.WHATSAPP,
        Channel.DESK,
        Channel.WHATSAPP,
    ]


def test_a_step_taken_back_at_once_is_one_event() -> None:
    moved = version(2, starts_at=local(10), ends_at=local(10, 30), reschedule_count=1)
    told = events([version(), moved, version(3), version(4, status="confirmed")], NAMES)
    assert [(one.kind, one.taken_back_at) for one in told] == [
        (EventKind.BOOKED, None),
        (EventKind.MOVED, version(3).at),
        (EventKind.STATUS, None),
    ]


def test_two_steps_taken_back_one_after_the_other_are_two_events() -> None:
    first = version(2, status="confirmed")
    second = first._replace(version=3, status="checked_in", at=version(3).at)
    back = first._replace(version=4, at=version(4).at)
    told = events([version(), first, second, back, version(5)], NAMES)
    assert [one.taken_back_at for one in told] == [None, version(5).at, version(4).at]


def test_going_back_later_or_by_somebody_else_is_an_event_of_its_own() -> None:
    moved = version(2, room_id=None)
    for back in (version(3, at=moved.at + dt.timedelta(minutes=11)), version(3, person_name="Paula")):
        told = events([version(), moved, back], NAMES)
        assert [one.taken_back_at for one in told] == [None, None, None]
        assert told[-1].kind is EventKind.MOVED


def life(*versions: VisitVersion, **more: Any) -> Life:
    """The life of the day; today's cards are as the newest versions say."""
    newest = {one.appointment_id: one for one in versions}
    cards = [
        appointment(id=one.appointment_id, version=one.version, starts_at=one.starts_at) for one in newest.values()
    ]
    return Life(DAY, versions, cards, NAMES, local(18), **more)


def test_of_versions_with_one_instant_the_newest_counts() -> None:
    at = version().at
    told = life(version(), version(2, at=at, status="confirmed"), version(3, at=version(3).at, status="cancelled"))
    assert [one.status for one in told.as_it_stood(at)] == [Status.CONFIRMED]
    assert told.as_it_stood(at - dt.timedelta(microseconds=1)) == ()


def test_a_clock_that_was_set_back_does_not_bring_an_older_version_back() -> None:
    later = version().at + dt.timedelta(minutes=5)
    told = life(version(at=later), version(2, status="confirmed"), version(3, at=later, status="checked_in"))
    assert [one.version for one in told.as_it_stood(version(2).at)] == [2]


def test_a_visit_that_left_the_day_is_told_of_until_it_left() -> None:
    elsewhere = local(9) + dt.timedelta(days=3)
    moved = version(2, starts_at=elsewhere, ends_at=elsewhere + dt.timedelta(minutes=30))
    there = moved._replace(version=3, at=version(3).at, status="confirmed")
    back = version(4, status="confirmed")
    told = life(version(), moved, there, back)
    assert [len(told.as_it_stood(one.at)) for one in (version(), moved, there, back)] == [1, 0, 0, 1]
    assert [one.at for one in told.events] == [version().at, moved.at, back.at]
    assert told.moments == [version().at, moved.at, back.at]
    assert told.changed_at(moved.at) == {VISIT}
    assert told.changed_at(there.at) == frozenset()


def test_only_the_professionals_asked_for_are_shown() -> None:
    passed = version(2, professional_id=uuid_for("Dr. Caio"))
    told = life(version(), passed, professional_ids=[uuid_for("Dr. Caio")])
    assert told.as_it_stood(version().at) == ()
    assert len(told.as_it_stood(passed.at)) == 1
    assert [one.at for one in told.events] == [passed.at]
