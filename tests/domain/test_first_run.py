"""What is guessed for a new clinic: its time zone, a login; and the services it may begin with."""

import datetime as dt
import json
from dataclasses import replace
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.clinics import STATES
from clinicdesk.domain.first_run import (
    USUAL_DAYS,
    ZONES,
    Answers,
    Attends,
    Place,
    as_json,
    of_json,
    suggested_login,
    zone_of,
)
from clinicdesk.domain.starter_services import STARTER_SERVICES, ClinicKind
from clinicdesk.errors import InvalidField


@pytest.mark.parametrize(
    ("state", "city", "zone"),
    [
        ("SP", "São Paulo", "America/Sao_Paulo"),
        ("AC", "", "America/Rio_Branco"),
        ("PE", "Recife", "America/Recife"),
        ("PE", " Fernando de Noronha ", "America/Noronha"),
        ("AM", "Manaus", "America/Manaus"),
        ("AM", "Tabatinga", "America/Eirunepe"),
        ("SP", "Tabatinga", "America/Sao_Paulo"),
    ],
)
def test_the_zone_of_a_place(state: str, city: str, zone: str) -> None:
    assert zone_of(state, city) == zone


def test_every_state_has_a_zone_that_is_offered() -> None:
    assert {zone_of(state) for state in STATES} <= set(ZONES) <= available_timezones()


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Dra. Helena Prado", "helena"),
        ("José d'Ávila", "jose"),
        ("  ", ""),
        ("Dr.", ""),
        ("李 Ana", ""),
        ("Ó", ""),
        ("4ª Vara", ""),
    ],
)
def test_a_login_is_suggested(name: str, login: str) -> None:
    assert suggested_login(name) == login


@pytest.mark.parametrize("kind", list(ClinicKind))
def test_a_set_of_services_is_ready_to_be_booked(kind: ClinicKind) -> None:
    services = STARTER_SERVICES[kind]
    assert 8 <= len(services) <= 12
    assert len({one.name for one in services}) == len(services)
    assert all(one.minutes % 5 == 0 and 15 <= one.minutes <= 120 and one.after % 5 == 0 for one in services)
    assert not {one.category.hue for one in services} & set(range(10, 41))


answers = st.builds(
    Answers,
    step=st.integers(0, 6),
    place=st.sampled_from(Place),
    clinic_name=st.text(max_size=40),
    zone=st.sampled_from(("", *ZONES)),
    days=st.sampled_from((USUAL_DAYS, ((),) * 7, (((dt.time(18), dt.time(0)),),) * 7)),
    attends=st.sampled_from(Attends),
    weekdays=st.none() | st.tuples(st.integers(1, 7)),
    kind=st.none() | st.sampled_from(ClinicKind),
    left_out=st.tuples(st.sampled_from(["Retorno", "Consulta"])),
)


@given(answers)
def test_answers_come_back_as_they_were_kept(given_answers: Answers) -> None:
    assert of_json(json.loads(json.dumps(as_json(given_answers)))) == given_answers


@pytest.mark.parametrize(
    "damage",
    [{"days": []}, {"days": [[[0, 1, 2]]] * 7}, {"place": "moon"}, {"clinic_name": {}}, {"weekdays": "x"}],
)
def test_damaged_answers_are_told_from_others(damage: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, InvalidField)):
        of_json(as_json(Answers()) | damage)


def test_what_is_not_said_is_guessed() -> None:
    plain = Answers(owner_name="Dra. Helena Prado", state="AM", city="Tabatinga", council="CRM")
    assert (plain.zone_name, plain.login_name, plain.attending_name) == (
        "America/Eirunepe",
        "helena",
        "Dra. Helena Prado",
    )
    professional = plain.beginning().professional
    assert professional is not None and (professional.council, professional.council_state) == ("CRM", "AM")
    assert replace(plain, attends=Attends.SOMEBODY).attending_name == ""
    assert replace(plain, attends=Attends.LATER).beginning().professional is None
    assert replace(plain, weekdays=(1, 6)).worked() == (USUAL_DAYS[0], (), (), (), (), (), ())
