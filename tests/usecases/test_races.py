"""Several desks at once, each a process of its own."""

import json
import subprocess
import sys
from queue import Queue
from typing import Any

from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Change, Link
from tests.office import Office, at, value
from tests.usecases.test_agenda import booking

PROCESSES, BOOKINGS = 8, 20


def _race(office: Office, work: str, **more: Any) -> list[dict[str, Any]]:
    """Let the desks go together, and gather what each was told."""
    sample = office.sample
    told = {
        "conninfo": office.conninfo("renata"),
        "clinic": str(sample.clinics["ipe"]),
        "patient": str(sample.patients["ana"]),
        "professionals": [str(sample.professionals[name]) for name in ("helena", "caio")],
        "rooms": [str(sample.rooms[name]) for name in ("room 1", "room 2")],
        "service": str(sample.services["visit"]),
        "day": at(0).isoformat(),
        "work": work,
        "count": BOOKINGS,
        "processes": PROCESSES,
        **more,
    }
    command = [sys.executable, "-m", "tests.usecases.racing_desk"]
    ended = subprocess.run(command, input=json.dumps(told), stdout=subprocess.PIPE, text=True, check=True)
    answers: list[dict[str, Any]] = json.loads(ended.stdout)
    return answers


OVERLAPS = """
    SELECT count(*) FROM clinicdesk.appointment a JOIN clinicdesk.appointment b ON a.id < b.id
     WHERE (a.professional_id = b.professional_id OR a.room_id = b.room_id)
       AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
       AND a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show')
"""


def test_racing_desks_book_nothing_twice_and_never_deadlock(office: Office) -> None:
    admin = office.admin()
    before = value(admin, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    told = _race(office, "mixed")
    facts = {fact for one in told for fact in one}
    assert facts <= {"done", "SlotTaken", "ChangedElsewhere", "StatusRefused", "SlotClosed"}, told
    assert sum(one.get("done", 0) for one in told) > BOOKINGS
    assert value(admin, OVERLAPS) == 0
    admin.execute("SELECT pg_stat_clear_snapshot()")
    after = value(admin, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert after == before


def test_one_slot_wanted_by_all_is_one_desks(office: Office) -> None:
    told = _race(office, "same")
    assert sum(one.get("done", 0) for one in told) == BOOKINGS
    assert sum(one.get("SlotTaken", 0) for one in told) == BOOKINGS * (PROCESSES - 1)
    assert value(office.admin(), OVERLAPS) == 0


def test_one_slot_held_by_all_is_booked_by_the_one_who_held_it(office: Office) -> None:
    told = _race(office, "held")
    assert sum(one.get("done", 0) for one in told) == BOOKINGS
    assert sum(one.get("SlotTaken", 0) for one in told) == BOOKINGS * (PROCESSES - 1)
    assert value(office.admin(), OVERLAPS) == 0
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.slot_hold") == 0


def test_a_booking_is_heard_at_another_desk(office: Office) -> None:
    """And still after its listener was cut off: then it is told that it is back, and reloads."""
    heard: Queue[Change | Link] = Queue()
    listening = office.desk("claudia", desk="mesa 2")
    listening.watch(heard.put, heard.put)
    assert heard.get(timeout=10) is Link.CONNECTED
    visit = agenda.book(office.desk("renata"), booking(office))
    assert heard.get(timeout=10) == Change("appointment", visit.id, 1, visit.slot.starts_at)
    office.connect("bruno").execute('SELECT pg_notify(\'clinicdesk\', \'{"kind": 1, "id": 5, "version": 1}\')')
    office.admin().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'mesa 2 listens'"
    )
    assert heard.get(timeout=10) is Link.RECONNECTING
    assert heard.get(timeout=10) is Link.CONNECTED
    assert agenda.appointments(listening, [visit.id]) == [visit]
