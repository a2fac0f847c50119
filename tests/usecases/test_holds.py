"""Holding time while one talks: the owner books it, others are told by whom, and nobody waits for the dead."""

import json
import signal
import subprocess
import sys
from typing import Any

import pytest

from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.holds import HoldSlot, SlotHold
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.errors import NotOffered, SlotClosed, SlotTaken
from clinicdesk.usecases import agenda, holds
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, value
from tests.usecases.test_agenda import booking, moving


@pytest.fixture
def renata(office: Office) -> Clinic:
    return office.desk("renata")


@pytest.fixture
def claudia(office: Office) -> Clinic:
    return office.desk("claudia", desk="mesa 2")


def holding(office: Office, **changes: Any) -> HoldSlot:
    """Helena in room 1 at nine, unless told otherwise."""
    sample = office.sample
    values: dict[str, Any] = {
        "hold_id": new_id(),
        "service_id": sample.services["visit"],
        "professional_id": sample.professionals["helena"],
        "slot": Slot.lasting(at(9), 30),
        "room_id": sample.rooms["room 1"],
        **changes,
    }
    return HoldSlot(**values)


def test_whoever_holds_books_and_the_hold_is_gone(office: Office, renata: Clinic) -> None:
    wish = holding(office)
    held = holds.hold(renata, wish)
    assert (held.holder, held.slot, held.minutes_left) == ("Renata Souza", wish.slot, 5)
    visit = agenda.book(renata, booking(office, hold_id=wish.hold_id))
    assert visit.slot == wish.slot
    assert holds.standing(renata) == ()
    assert not holds.release(renata, wish.hold_id)


def test_another_desk_sees_it_and_is_told_by_whom(office: Office, renata: Clinic, claudia: Clinic) -> None:
    wish = holding(office)
    holds.hold(renata, wish)
    (seen,) = holds.standing(claudia)
    assert isinstance(seen, SlotHold)
    assert (seen.id, seen.holder, set(seen.resource_ids)) == (
        wish.hold_id,
        "Renata Souza",
        {wish.professional_id, wish.room_id},
    )
    for attempt in (
        lambda: agenda.book(claudia, booking(office)),
        lambda: holds.hold(claudia, holding(office)),
        lambda: agenda.book(claudia, booking(office, hold_id=wish.hold_id)),  # not hers to take
    ):
        with pytest.raises(SlotTaken) as caught:
            attempt()
        assert (caught.value.resource_kind, caught.value.holder) == ("professional", "Renata Souza")
        assert caught.value.held_for_minutes == 5
        assert sentence(caught.value).startswith(
            "Renata Souza is holding Dra. Helena Prado at that time, for 5 minutes"
        )
    assert len(holds.standing(claudia)) == 1


def test_what_others_hold_is_not_offered_and_ones_own_is(office: Office, renata: Clinic, claudia: Clinic) -> None:
    wish = holding(office)
    holds.hold(renata, wish)
    service = next(one for one in agenda.catalogue(renata).services if one.id == wish.service_id)
    request = SlotRequest(service, (wish.professional_id,), DAY, 1)

    def offered(desk: Clinic, own: Any = None) -> bool:
        found = agenda.search_slots(desk, request, at(8), own)
        return any(one.slot.starts_at == at(9) for one in found.slots)

    assert not offered(claudia)
    assert not offered(renata)
    assert offered(renata, wish.hold_id)


def test_a_refused_booking_leaves_the_hold_as_it_was(office: Office, renata: Clinic) -> None:
    wish = holding(office)
    holds.hold(renata, wish)
    with pytest.raises(SlotClosed):
        agenda.book(renata, booking(office, slot=Slot.lasting(at(3), 30), hold_id=wish.hold_id))
    (left,) = holds.standing(renata)
    assert left.slot == wish.slot


def test_a_hold_refused_another_place_stays_where_it_was(office: Office, renata: Clinic, claudia: Clinic) -> None:
    wish = holding(office)
    holds.hold(renata, wish)
    agenda.book(claudia, booking(office, slot=Slot.lasting(at(10), 30)))
    with pytest.raises(SlotTaken):
        holds.hold(renata, holding(office, hold_id=wish.hold_id, slot=Slot.lasting(at(10), 30)))
    (left,) = holds.standing(renata)
    assert left.slot == wish.slot


def test_a_visit_is_moved_into_the_time_that_was_held_for_it(office: Office, renata: Clinic, claudia: Clinic) -> None:
    visit = agenda.book(renata, booking(office))
    wish = holding(office, slot=Slot.lasting(at(14), 30))
    holds.hold(renata, wish)
    with pytest.raises(SlotTaken):
        agenda.move(claudia, moving(visit, at(14)))
    moved = agenda.move(renata, moving(visit, at(14), hold_id=wish.hold_id))
    assert moved.starts_at == at(14)
    assert holds.standing(renata) == ()


def test_a_hold_is_refused_as_a_booking_would_be(office: Office, renata: Clinic) -> None:
    sample = office.sample
    with pytest.raises(SlotClosed):
        holds.hold(renata, holding(office, slot=Slot.lasting(at(3), 30)))
    with pytest.raises(NotOffered):
        holds.hold(renata, holding(office, service_id=sample.services["laser"], room_id=sample.rooms["room b"]))


def test_the_buffers_are_held_too(office: Office, renata: Clinic, claudia: Clinic) -> None:
    sample = office.sample
    laser = holding(
        office,
        service_id=sample.services["laser"],
        equipment_id=sample.machines["laser"],
        slot=Slot.lasting(at(9), 60),
    )
    held = holds.hold(renata, laser)
    assert held.slot == Slot(at(8, 50), at(10, 15))
    with pytest.raises(SlotTaken):
        agenda.book(claudia, booking(office, slot=Slot.lasting(at(10), 30)))


def test_nobody_waits_for_a_desk_that_was_killed(office: Office, claudia: Clinic) -> None:
    sample = office.sample
    told = {
        "conninfo": office.conninfo("renata"),
        "clinic": str(sample.clinics["ipe"]),
        "service": str(sample.services["visit"]),
        "professional": str(sample.professionals["helena"]),
        "room": str(sample.rooms["room 1"]),
        "slot": [at(9).isoformat(), at(9, 30).isoformat()],
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.usecases.holding_desk"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    with process, process.stdin, process.stdout:
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "held\n"
        process.send_signal(signal.SIGKILL)
    with pytest.raises(SlotTaken) as caught:
        agenda.book(claudia, booking(office))
    assert caught.value.holder == "Renata Souza"
    office.admin().execute("UPDATE clinicdesk.slot_hold SET expires_at = clock_timestamp() - interval '1 ms'")
    assert holds.standing(claudia) == ()
    assert agenda.book(claudia, booking(office)).starts_at == at(9)
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.slot_hold") == 0
