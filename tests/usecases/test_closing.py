"""Closing visits that are over: which of them a person sees, and all of them or none at once."""

import datetime as dt
from dataclasses import replace

import pytest

from clinicdesk.domain.agenda import ChangeStatus, Status, reversed_status
from clinicdesk.errors import ChangedElsewhere, NotAllowed, StatusRefused, TooEarly
from clinicdesk.usecases import agenda, closing
from clinicdesk.usecases.clinic import new_id
from tests.office import DAY, Office, at

EVENING = at(20)


def put(office: Office, hour: int, **changes: object) -> object:
    room = {} if "room_id" in changes else {"room_id": None}
    return office.book_row(office.admin(), starts_at=at(hour), ends_at=at(hour, 30), **{**room, **changes})


def test_what_ended_and_was_not_closed_is_listed_oldest_first(office: Office) -> None:
    late, early = put(office, 11), put(office, 9, status="checked_in")
    put(office, 10, status="completed")
    put(office, 12, status="cancelled", cancelled_by="patient", cancel_reason="x")
    put(office, 19)  # ended less than an hour ago
    renata = office.desk("renata")
    assert [one.id for one in closing.unclosed(renata, EVENING)] == [early, late]
    assert closing.unclosed(renata, at(9, 15)) == []
    assert closing.unclosed(renata, EVENING + dt.timedelta(days=70)) == []
    assert closing.unclosed(renata) == []  # the server's clock is years before that day


def test_a_professional_sees_their_own_and_another_unit_sees_none(office: Office) -> None:
    caio = office.sample.professionals["caio"]
    own, other = put(office, 9), put(office, 9, professional_id=caio)
    assert [one.id for one in closing.unclosed(office.desk("helena"), EVENING)] == [own]
    assert {one.id for one in closing.unclosed(office.desk("claudia"), EVENING)} == {own, other}
    assert closing.unclosed(office.desk("bruno"), EVENING) == []


def steps(found: list, status: Status) -> list[ChangeStatus]:  # type: ignore[type-arg]
    return [ChangeStatus(new_id(), one.id, one.version, status) for one in found]


def test_many_are_closed_at_once_and_all_come_back(office: Office) -> None:
    put(office, 9, status="pending")
    put(office, 10, status="confirmed")
    put(office, 11, status="in_progress")
    renata = office.desk("renata")
    before = closing.unclosed(renata, EVENING)
    commands = steps(before, Status.COMPLETED)
    after = closing.change_statuses(renata, commands, EVENING)
    assert [one.status for one in after] == [Status.COMPLETED] * 3
    assert closing.unclosed(renata, EVENING) == []
    assert closing.change_statuses(renata, commands, EVENING) == after  # a repeated click has one effect
    now_as = {one.id: one for one in after}
    back = [reversed_status(one, now_as[one.id], new_id()) for one in before]
    restored = closing.change_statuses(renata, back, EVENING)
    assert {one.id: one.status for one in restored} == {one.id: one.status for one in before}


def test_one_that_cannot_be_closed_leaves_all_as_they_were(office: Office) -> None:
    put(office, 9)
    put(office, 11, status="in_progress")
    renata = office.desk("renata")
    before = closing.unclosed(renata, EVENING)
    with pytest.raises(StatusRefused):
        closing.change_statuses(renata, steps(before, Status.NO_SHOW), EVENING)
    with pytest.raises(ChangedElsewhere):
        stale = [*steps(before[:1], Status.COMPLETED), replace(steps(before[1:], Status.COMPLETED)[0], seen_version=9)]
        closing.change_statuses(renata, stale, EVENING)
    assert closing.unclosed(renata, EVENING) == before


def test_a_professional_closes_nobody_elses(office: Office) -> None:
    put(office, 9, professional_id=office.sample.professionals["caio"])
    found = closing.unclosed(office.desk("renata"), EVENING)
    with pytest.raises(NotAllowed):
        closing.change_statuses(office.desk("helena"), steps(found, Status.COMPLETED), EVENING)


def test_nobody_is_missing_before_the_time(office: Office) -> None:
    put(office, 9)
    renata = office.desk("renata")
    (visit,) = agenda.days(renata, DAY, DAY, [office.sample.professionals["helena"]]).appointments
    for wanted in (Status.NO_SHOW, Status.COMPLETED):
        with pytest.raises(TooEarly):
            agenda.change_status(renata, steps([visit], wanted)[0], at(8, 59))
    assert agenda.change_status(renata, steps([visit], Status.NO_SHOW)[0], at(9)).status is Status.NO_SHOW
