"""What is guessed for a new clinic: its time zone, a login; and the services it may begin with."""

from zoneinfo import available_timezones

import pytest

from clinicdesk.domain.clinics import STATES
from clinicdesk.domain.first_run import ZONES, suggested_login, zone_of
from clinicdesk.domain.starter_services import STARTER_SERVICES, ClinicKind


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
