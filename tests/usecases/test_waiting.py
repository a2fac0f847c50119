"""The waiting list: who gets a time, that nobody gets it twice, and the way back."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import CancelledBy, ChangeStatus, Slot, Status
from clinicdesk.domain.waiting import (
    AddToWaitingList,
    BookFromList,
    ChangeWaiting,
    CloseWaiting,
    Urgency,
    WaitingEntry,
    WaitingState,
    WaitingWish,
)
from clinicdesk.errors import InvalidField, NotFound, NotOffered, SlotTaken, WaitingEntryTaken
from clinicdesk.usecases import agenda, waiting
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, value
from tests.usecases.test_agenda import booking
from tests.usecases.test_races import PROCESSES, _race

WEEK_AHEAD = DAY + dt.timedelta(days=7)


@pytest.fixture
def renata(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def adding(office: Office, name: str = "bento", **changes: Any) -> AddToWaitingList:
    """Bento waits for a visit with whoever does it."""
    wish = WaitingWish(office.sample.services["visit"], DAY)
    return AddToWaitingList(new_id(), office.sample.patients[name], replace(wish, **changes))


def from_list(office: Office, entry: WaitingEntry, **changes: Any) -> BookFromList:
    """Book somebody of the list with Helena at nine."""
    return BookFromList(entry.id, entry.version, booking(office, patient=entry.patient_id, **changes))


def unbooking(visit: Any) -> ChangeStatus:
    """Take the booking back, as undo does."""
    return ChangeStatus(
        new_id(), visit.id, visit.version, Status.CANCELLED, reason="engano", cancelled_by=CancelledBy.CLINIC
    )


def test_whoever_is_put_on_the_list_stands_there_in_the_order_of_service(rolled_back: Office, renata: Clinic) -> None:
    helena = rolled_back.sample.professionals["helena"]
    first = waiting.add(renata, adding(rolled_back, weekdays=(2, 4), from_time=dt.time(13), note="liga antes"))
    urgent = waiting.add(renata, adding(rolled_back, "ana", urgency=Urgency.URGENT, professional_id=helena))
    found = waiting.waiting_list(renata, DAY)
    assert found.entries == (urgent, first)
    assert (urgent.patient_name, urgent.professional_name, urgent.service_name) == (
        "Ana Conceição Álvares",
        "Dra. Helena Prado",
        "Consulta",
    )
    assert (first.wish.weekdays, first.wish.from_time, first.wish.note) == ((2, 4), dt.time(13), "liga antes")
    assert (first.changed_by, first.state) == ("Renata Souza", WaitingState.OPEN)
    assert waiting.of_patient(renata, first.patient_id) == (first,)


def test_the_same_click_twice_is_one_entry(rolled_back: Office, renata: Clinic) -> None:
    wish = adding(rolled_back)
    assert waiting.add(renata, wish) == waiting.add(renata, wish)
    assert len(waiting.waiting_list(renata, DAY).entries) == 1


def test_an_entry_whose_last_day_has_passed_leaves_the_list_and_is_still_counted(
    rolled_back: Office, renata: Clinic
) -> None:
    past = waiting.add(renata, adding(rolled_back, last_day=DAY + dt.timedelta(days=2)))
    assert waiting.waiting_list(renata, DAY).entries == (past,)
    later = waiting.waiting_list(renata, WEEK_AHEAD)
    assert (later.entries, later.expired) == ((), (past,))


def test_a_wish_is_changed_and_a_stale_change_is_told(rolled_back: Office, renata: Clinic) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    wish = replace(entry.wish, urgency=Urgency.URGENT)
    changed = waiting.change(renata, ChangeWaiting(new_id(), entry.id, entry.version, wish))
    assert (changed.wish.urgency, changed.version) == (Urgency.URGENT, 2)
    with pytest.raises(WaitingEntryTaken) as caught:
        waiting.change(renata, ChangeWaiting(new_id(), entry.id, entry.version, entry.wish))
    assert "Renata Souza has changed what Bento" in sentence(caught.value)


def test_whoever_gives_up_leaves_the_list_and_comes_back(rolled_back: Office, renata: Clinic) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    gone = waiting.close(renata, CloseWaiting(new_id(), entry.id, entry.version, WaitingState.GIVEN_UP))
    assert waiting.waiting_list(renata, DAY).given_up == 1
    assert waiting.closed(renata, [WaitingState.GIVEN_UP]) == (gone,)
    back = waiting.close(renata, CloseWaiting(new_id(), gone.id, gone.version, WaitingState.OPEN))
    assert waiting.waiting_list(renata, DAY).entries == (back,)


def test_a_booking_from_the_list_takes_the_entry_along_and_undo_brings_it_back(
    rolled_back: Office, renata: Clinic
) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    wish = from_list(rolled_back, entry)
    visit = waiting.book(renata, wish)
    assert waiting.book(renata, wish) == visit  # the same click
    booked = waiting.of_visit(renata, visit.id)
    assert booked is not None
    assert (booked.id, booked.state, booked.appointment_id) == (entry.id, WaitingState.BOOKED, visit.id)
    assert waiting.waiting_list(renata, DAY).booked == 1
    cancelled = waiting.unbook(renata, unbooking(visit))
    assert cancelled.status is Status.CANCELLED
    (open_again,) = waiting.waiting_list(renata, DAY).entries
    assert (open_again.id, open_again.appointment_id) == (entry.id, None)


def test_whoever_waits_is_booked_and_nobody_in_their_place(rolled_back: Office, renata: Clinic) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    named = replace(from_list(rolled_back, entry), booking=booking(rolled_back))
    assert named.booking.patient != entry.patient_id
    assert waiting.book(renata, named).patient_id == entry.patient_id


def test_an_entry_is_booked_in_its_own_clinic(rolled_back: Office) -> None:
    claudia, sample = rolled_back.desk("claudia"), rolled_back.sample
    entry = waiting.add(claudia, adding(rolled_back))
    elsewhere: dict[str, Any] = {
        "professional_id": sample.professionals["davi"],
        "service_id": sample.services["visit b"],
        "room_id": None,
    }
    with pytest.raises(NotFound) as caught:
        waiting.book(rolled_back.desk("claudia", "jacaranda"), from_list(rolled_back, entry, **elsewhere))
    assert caught.value.kind == "waiting_entry"


def test_a_time_that_is_refused_leaves_the_entry_on_the_list(rolled_back: Office, renata: Clinic) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    agenda.book(renata, booking(rolled_back))
    with pytest.raises(SlotTaken):
        waiting.book(renata, from_list(rolled_back, entry))
    assert waiting.waiting_list(renata, DAY).entries == (entry,)


def test_a_visit_that_was_cancelled_by_another_road_can_wait_again(rolled_back: Office, renata: Clinic) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    visit = waiting.book(renata, from_list(rolled_back, entry))
    agenda.change_status(renata, unbooking(visit))
    booked = waiting.of_visit(renata, visit.id)
    assert booked is not None
    back = waiting.close(renata, CloseWaiting(new_id(), booked.id, booked.version, WaitingState.OPEN))
    assert (back.state, back.appointment_id) == (WaitingState.OPEN, None)


def test_who_was_booked_elsewhere_is_told_by_whom(rolled_back: Office, renata: Clinic) -> None:
    entry = waiting.add(renata, adding(rolled_back))
    waiting.book(renata, from_list(rolled_back, entry))
    with pytest.raises(WaitingEntryTaken) as caught:
        waiting.book(renata, from_list(rolled_back, entry, slot=Slot.lasting(at(14), 30)))
    assert caught.value == WaitingEntryTaken("Bento d'Ávila", "booked", "Renata Souza")
    assert sentence(caught.value) == "Renata Souza has booked Bento d'Ávila from the list already."


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"weekdays": ()}, InvalidField),
        ({"service_id": new_id()}, NotOffered),
        ({"professional_id": new_id()}, NotOffered),
    ],
)
def test_what_cannot_be_waited_for_is_refused(
    changes: dict[str, object], refused: type[Exception], rolled_back: Office, renata: Clinic
) -> None:
    with pytest.raises(refused):
        waiting.add(renata, adding(rolled_back, **changes))


def test_nobody_waits_for_somebody_who_is_not_there(rolled_back: Office, renata: Clinic) -> None:
    with pytest.raises(NotFound):
        waiting.add(renata, replace(adding(rolled_back), patient_id=new_id()))
    with pytest.raises(NotFound):
        waiting.close(renata, CloseWaiting(new_id(), new_id(), 1, WaitingState.GIVEN_UP))


def test_another_clinics_list_is_not_seen(rolled_back: Office, renata: Clinic) -> None:
    waiting.add(renata, adding(rolled_back))
    assert waiting.waiting_list(rolled_back.desk("bruno"), DAY).entries == ()


def test_desks_that_want_the_same_person_get_them_once(office: Office) -> None:
    """Eight processes, each with a time of its own for one and the same entry."""
    renata = office.desk("renata")
    entries = [waiting.add(renata, adding(office)) for _number in range(4)]
    told = _race(office, "waiting", entries=[[str(one.id), one.version] for one in entries])
    assert sum(one.get("done", 0) for one in told) == len(entries)
    assert sum(one.get("WaitingEntryTaken", 0) for one in told) == len(entries) * (PROCESSES - 1)
    admin = office.admin()
    assert value(admin, "SELECT count(*) FROM clinicdesk.appointment") == len(entries)
    assert value(admin, "SELECT count(*) FROM clinicdesk.waiting_entry WHERE state = 'booked'") == len(entries)
