"""What one line leads to, over the office's register and agenda."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.one_line import Vocabulary
from clinicdesk.domain.patients import NewPatient, PatientForm, PatientMatch, RegisterPatient
from clinicdesk.domain.slots import WhyNot
from clinicdesk.errors import NotOffered, SlotClosed, SlotTaken
from clinicdesk.usecases import agenda, one_line, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.one_line import Answer, Decided, Draft
from tests.office import ZONE, Office, at

NOW = at(8, 10)


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def ask(clinic: Clinic, line: str, decided: Decided | None = None, now: dt.datetime = NOW) -> Answer:
    return one_line.answer(clinic, Vocabulary(agenda.catalogue(clinic)), line, now, ZONE, decided)


def draft(clinic: Clinic, line: str, decided: Decided | None = None) -> Draft:
    found = ask(clinic, line, decided).draft
    assert found is not None
    return found


def book(office: Office, clinic: Clinic, **changes: Any) -> None:
    """A visit by the desk itself, in the same transaction as the question."""
    from tests.usecases.test_agenda import booking

    agenda.book(clinic, replace(booking(office), **changes))


def local(moment: dt.datetime) -> str:
    return f"{moment.astimezone(ZONE):%d/%m %H:%M}"


# --- who ---


def test_the_only_one_of_a_name_is_meant(reception: Clinic) -> None:
    found = draft(reception, "bento consulta hoje 15h helena")
    assert isinstance(found.patient, PatientMatch)
    assert found.patient.name == "Bento d'Ávila"


def test_nobody_is_meant_among_several_or_inside_another_word(rolled_back: Office, reception: Clinic) -> None:
    assert draft(reception, "álvares consulta hoje 15h").patient is None  # Ana and Nina
    inside = draft(reception, "lvares consulta hoje 15h")
    assert (len(inside.people), inside.patient) == (2, None)
    assert draft(reception, "ento consulta hoje 15h").patient is None


def test_a_pick_holds_for_its_words_only(reception: Clinic) -> None:
    first = draft(reception, "álvares consulta hoje 15h")
    pick = Decided(first.people[0], first.name_words)
    assert draft(reception, "álvares consulta hoje 16h", pick).patient == first.people[0]
    assert draft(reception, "bento consulta hoje 16h", pick).patient != first.people[0]


def test_a_name_that_only_the_second_reading_has_is_found(rolled_back: Office, reception: Clinic) -> None:
    found = draft(reception, "bento caio consulta hoje 15h")
    assert found.reading.patient == "bento"
    assert found.professional_ids == (rolled_back.sample.professionals["caio"],)


def test_an_unknown_name_with_a_phone_is_somebody_new(reception: Clinic) -> None:
    found = draft(reception, "ÍRIS FALCÃO 11 90000-0177 consulta hoje 15h helena")
    assert found.patient == NewPatient("Íris Falcão", "+5511900000177")
    assert draft(reception, "íris falcão consulta hoje 15h helena").patient is None


def test_the_whole_line_finds_people_too(reception: Clinic) -> None:
    assert [one.name for one in ask(reception, "d'avila").people] == ["Bento d'Ávila"]
    assert ask(reception, "").people == ()
    assert ask(reception, "\0 \ud800").draft is None


# --- what and with whom ---


def test_what_may_be_meant_is_asked_when_it_is_not_said(reception: Clinic) -> None:
    found = draft(reception, "bento hoje 15h")
    assert found.service is None
    assert {one.name for one in found.services} == {"Consulta", "Laser"}
    caio = draft(reception, "bento hoje 15h com caio")
    assert caio.service is not None and caio.service.name == "Consulta"  # the only one he gives


def test_a_professional_books_for_themselves(rolled_back: Office) -> None:
    caio = rolled_back.desk("caio")
    found = draft(caio, "bento consulta hoje 15h")
    assert found.professional_ids == (rolled_back.sample.professionals["caio"],)


# --- when ---


def test_a_free_time_is_offered_just_as_asked(rolled_back: Office, reception: Clinic) -> None:
    offer = draft(reception, "bento laser hoje 15h20 room 2").offer
    assert offer is not None and offer.free is not None
    sample = rolled_back.sample
    assert local(offer.free.slot.starts_at) == "06/03 15:20"
    assert (offer.free.professional_id, offer.free.room_id) == (sample.professionals["helena"], sample.rooms["room 2"])
    assert offer.free.equipment_id == sample.machines["laser"]


def test_whoever_is_free_gets_the_visit_when_nobody_was_named(rolled_back: Office, reception: Clinic) -> None:
    sample = rolled_back.sample
    book(rolled_back, reception, professional_id=sample.professionals["caio"], room_id=None)
    offer = draft(reception, "bento consulta hoje 9h").offer
    assert offer is not None and offer.free is not None
    assert offer.free.professional_id == sample.professionals["helena"]


def test_a_taken_time_comes_with_the_holder_and_the_nearest_times(rolled_back: Office, reception: Clinic) -> None:
    book(rolled_back, reception)
    offer = draft(reception, "bento consulta hoje 9h helena").offer
    assert offer is not None and offer.free is None
    assert isinstance(offer.refusal, SlotTaken)
    assert (offer.refusal.holder, offer.refusal.resource_name) == ("Ana Conceição Álvares", "Dra. Helena Prado")
    times = [local(one.slot.starts_at) for one in offer.others]
    assert times[:3] == ["06/03 08:30", "06/03 09:30", "06/03 10:00"]
    assert times == sorted(times)


def test_closed_time_says_so_and_a_holiday_leads_to_the_next_day(reception: Clinic) -> None:
    offer = draft(reception, "bento consulta sábado 9h helena").offer
    assert offer is not None and isinstance(offer.refusal, SlotClosed)
    assert offer.others[0].slot.starts_at.astimezone(ZONE).date() == dt.date(2035, 3, 12)


def test_a_stretch_gives_its_first_times_and_an_empty_one_the_next(reception: Clinic) -> None:
    week = draft(reception, "bento consulta semana que vem à tarde helena").offer
    assert week is not None
    days = {one.slot.starts_at.astimezone(ZONE).date() for one in week.others}
    assert min(days) == dt.date(2035, 3, 12) and len(days) > 1
    assert all(one.slot.starts_at.astimezone(ZONE).hour >= 13 for one in week.others)
    night = draft(reception, "bento consulta hoje à noite helena").offer
    assert night is not None and night.others and night.why_not is WhyNot.OUTSIDE_HOURS_ASKED


def test_an_hour_without_a_day_is_looked_for_on_the_days_ahead(reception: Clinic) -> None:
    offer = draft(reception, "bento consulta 15h helena").offer
    assert offer is not None
    assert {f"{one.slot.starts_at.astimezone(ZONE):%H:%M}" for one in offer.others} == {"15:00"}


def test_what_the_service_does_not_use_is_refused(reception: Clinic) -> None:
    offer = draft(reception, "bento laser hoje 15h caio").offer
    assert offer is not None and offer.refusal == NotOffered("professional")


def test_an_overbooking_may_lie_over_a_visit(rolled_back: Office, reception: Clinic) -> None:
    book(rolled_back, reception, room_id=None)
    assert draft(reception, "bento consulta hoje 9h helena").offer.free is None  # type: ignore[union-attr]
    assert draft(reception, "bento consulta hoje 9h helena encaixe").offer.free is not None  # type: ignore[union-attr]


def test_nothing_is_written(rolled_back: Office, reception: Clinic) -> None:
    ask(reception, "íris falcão 11 90000-0177 consulta hoje 15h helena")
    assert ask(reception, "íris falcão").people == ()


def test_another_clinics_desk_sees_its_own_agenda_only(rolled_back: Office) -> None:
    marta = rolled_back.desk("marta")
    found = draft(marta, "bento consulta amanhã 9h")
    assert found.service is not None
    assert found.service.id == rolled_back.sample.services["visit b"]


def test_other_readings_are_offered_when_somebody_bears_the_name(reception: Clinic) -> None:
    assert draft(reception, "bento caio consulta hoje 15h").otherwise == ()  # nobody is called Bento Caio
    patients.register(reception, RegisterPatient(new_id(), PatientForm("Bento Caio Torres")), NOW.date())
    found = draft(reception, "bento caio consulta hoje 15h")
    assert found.reading.patient == "bento caio"
    assert [one.patient for one in found.otherwise] == ["bento"]


# --- moving ---


def test_a_visit_is_moved_where_the_line_says_and_the_rest_stays(rolled_back: Office, reception: Clinic) -> None:
    book(rolled_back, reception)  # Ana with Helena in room 1 at nine
    found = draft(reception, "remarcar ana amanhã")
    assert found.visit is not None and found.offer is not None and found.offer.free is not None
    assert local(found.offer.free.slot.starts_at) == "07/03 09:00"
    assert found.offer.free.professional_id == rolled_back.sample.professionals["helena"]
    assert found.offer.free.room_id == rolled_back.sample.rooms["room 1"]


def test_a_visit_is_not_in_its_own_way(rolled_back: Office, reception: Clinic) -> None:
    book(rolled_back, reception)
    found = draft(reception, "remarcar ana hoje 9h15")
    assert found.offer is not None and found.offer.free is not None
    assert local(found.offer.free.slot.starts_at) == "06/03 09:15"


def test_which_of_several_visits_is_asked_and_a_service_tells_it(rolled_back: Office, reception: Clinic) -> None:
    book(rolled_back, reception)
    book(rolled_back, reception, slot=Slot(at(14), at(14, 30)))
    found = draft(reception, "remarcar ana amanhã")
    assert (len(found.visits), found.visit, found.offer) == (2, None, None)
    assert found.patient is not None
    pick = Decided(found.patient, found.name_words, visit_id=found.visits[1].id)
    offer = draft(reception, "remarcar ana amanhã", pick).offer
    assert offer is not None and offer.free is not None
    assert local(offer.free.slot.starts_at) == "07/03 14:00"


def test_nothing_to_move_and_nothing_said_of_where(rolled_back: Office, reception: Clinic) -> None:
    assert draft(reception, "remarcar bento amanhã").visits == ()
    book(rolled_back, reception)
    found = draft(reception, "remarcar ana")
    assert found.visit is not None and found.offer is None
    assert draft(reception, "remarcar íris falcão 11 90000-0177 amanhã").patient is None
