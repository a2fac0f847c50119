"""The demo clinic as values: repeatable, plausible, and free of double bookings before the database is asked."""

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from stdnum.br import cnpj, cpf
from validate_docbr import CPF

from clinicdesk.domain.clinics import Service
from clinicdesk.domain.demo.build import DemoData, build_demo, demo_moment, local_date
from clinicdesk.domain.demo.catalogue import CLINICS, PROFESSIONALS, SERVICES
from clinicdesk.domain.demo.names import full_names
from clinicdesk.domain.demo.people import cpf_of, phone_of
from clinicdesk.domain.demo.rhythm import closed_days
from clinicdesk.domain.demo.visits import DemoVisit
from clinicdesk.domain.patients import clean_name, clean_phone
from clinicdesk.domain.series import Rule

NOW = dt.datetime(2026, 11, 24, 13, 18, tzinfo=dt.UTC)
TUESDAY = dt.date(2026, 11, 24)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
HELD = ("pending", "confirmed", "checked_in", "in_progress", "completed")


@pytest.fixture(scope="module")
def demo() -> DemoData:
    """The demo as it is made by default."""
    return build_demo(NOW)


def test_the_same_seed_makes_the_same_clinic(demo: DemoData) -> None:
    again = build_demo(NOW)
    assert again.visits == demo.visits and again.patients == demo.patients
    assert build_demo(NOW, 100, 300, seed=1).visits != build_demo(NOW, 100, 300, seed=2).visits


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (NOW, TUESDAY),
        (dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), dt.date(2026, 11, 19)),  # Sunday after Friday's holiday
        (dt.datetime(2026, 11, 25, 2, 30, tzinfo=dt.UTC), TUESDAY),  # still Tuesday in São Paulo
    ],
)
def test_stands_at_the_last_working_day(now: dt.datetime, day: dt.date) -> None:
    moment = demo_moment(now).astimezone(SAO_PAULO)
    assert (moment.date(), moment.time()) == (day, dt.time(10, 18))


def test_is_as_big_as_promised(demo: DemoData) -> None:
    assert len(demo.patients) == 3000 == len({one.id for one in demo.patients})
    assert (len(PROFESSIONALS), len(SERVICES), len({one.category for one in SERVICES})) == (12, 40, 7)
    assert demo.first_day < TUESDAY - dt.timedelta(days=540)
    assert 30_000 < len(demo.visits) < 50_000
    assert len(build_demo(NOW, 150, 1_000).visits) == 1_000


def test_patients_pass_what_a_form_would_ask(demo: DemoData) -> None:
    second_opinion = CPF()
    phones = [one.phone for one in demo.patients if one.phone]
    assert len(phones) - 10 <= len(set(phones)) < len(phones)  # a few stand in the register twice
    for one in demo.patients[:500]:
        assert clean_name(one.full_name) == one.full_name
        assert not one.phone or (clean_phone(one.phone) == one.phone and one.phone.startswith("+5511900"))
        assert not one.cpf or (cpf.is_valid(one.cpf) and second_opinion.validate(one.cpf))
    assert all(cnpj.is_valid(one.cnpj) for one in CLINICS)
    assert clean_phone(phone_of(142)) == "+5511900000142" and cpf_of(529_982_247) == "52998224725"


def test_children_have_somebody_who_answers_for_them(demo: DemoData) -> None:
    by_id = {one.id: one for one in demo.patients}
    children = [one for one in demo.patients if one.guardian_id]
    assert 150 < len(children) < 350
    for one in children:
        guardian = by_id[one.guardian_id]  # type: ignore[index]
        assert one.birth_date and guardian.birth_date and guardian.birth_date < one.birth_date
    assert any(visit.guardian_id for visit in demo.visits)


def test_names_have_accents_particles_and_namesakes() -> None:
    names = full_names(Random(7), 5_000)
    assert 0.3 < sum(1 for name in names if not name.isascii()) / 5_000 < 0.9
    assert 0.3 < sum(1 for name in names if {"da", "de", "do", "dos"} & set(name.split())) / 5_000 < 0.8
    assert 3_000 < len(set(names)) < 5_000
    assert max(map(len, names)) < 60


def test_has_the_rhythm_of_a_clinic(demo: DemoData) -> None:
    past = [one for one in demo.visits if one.starts_at < demo.moment]
    share = Counter(one.status for one in past)
    assert 0.04 < share["no_show"] / len(past) < 0.08
    assert 0.06 < share["cancelled"] / len(past) < 0.10
    assert 0.005 < sum(1 for one in demo.visits if one.overbooking_reason) / len(demo.visits) < 0.015
    local = [one.starts_at.astimezone(SAO_PAULO) for one in demo.visits]
    closed = closed_days("SP", demo.first_day, dt.date(2027, 12, 31))
    assert not any(at.isoweekday() == 7 or at.date() in closed for at in local)
    assert 0 < sum(1 for at in local if at.isoweekday() == 6) < len(local) / 10
    assert sum(1 for at in local if at.hour < 12) > sum(1 for at in local if 13 <= at.hour < 17) * 0.9
    weeks = Counter((local_date(one.starts_at) - TUESDAY).days // 7 for one in demo.visits)
    assert weeks[1] > weeks[3] > weeks[6] > weeks[10] > 0


def test_nobody_and_nothing_is_in_two_places(demo: DemoData) -> None:
    services: dict[object, Service] = {one.id: one for unit in demo.house.units for one in unit.services.values()}
    taken: dict[object, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for one in demo.visits:
        if one.status not in HELD:
            continue
        until = one.ends_at + dt.timedelta(minutes=services[one.service_id].buffer_after)
        things = [one.room_id, one.equipment_id, *([] if one.overbooking_reason else [one.professional_id])]
        for thing in filter(None, things):
            taken[thing].append((one.starts_at, until))
    for spans in taken.values():
        spans.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_the_day_stands_half_done(demo: DemoData) -> None:
    day = [one for one in demo.visits if local_date(one.starts_at) == TUESDAY]
    first_five = {one.id for one in demo.house.professionals[:5]}
    columns = Counter(one.professional_id for one in day if one.professional_id in first_five)
    assert len(columns) == 5 and all(5 <= count <= 9 for count in columns.values())
    seen = [one for one in day if one.professional_id in first_five]
    assert {one.status for one in seen if one.ends_at <= demo.moment} == {"completed", "no_show"}
    waiting = sorted(_waited(one, demo.moment) for one in seen if one.status == "checked_in")
    assert waiting == [12, 20, 24]
    assert sum(1 for one in seen if one.status == "in_progress") == 3
    assert {one.status for one in seen if one.starts_at > demo.moment} >= {"confirmed", "pending"}


def _waited(visit: DemoVisit, moment: dt.datetime) -> int:
    assert visit.arrived_at is not None
    return int((moment - visit.arrived_at).total_seconds() // 60)


def test_the_past_of_a_visit_is_in_order(demo: DemoData) -> None:
    for one in demo.visits:
        moments = [one.booked_at, one.confirmed_at, one.arrived_at, one.started_at, one.closed_at]
        happened = [each for each in moments if each is not None]
        assert happened == sorted(happened), one
        if one.moved_at is not None:
            assert one.booked_at < one.moved_at < min(filter(None, (one.arrived_at, one.closed_at, one.starts_at))), one
            assert one.moved_at <= demo.moment and one.moved_at != one.confirmed_at, one
        assert happened[-1] <= demo.moment or one.starts_at > demo.moment or one.status == "cancelled", one
        assert one.status != "completed" or one.closed_at


def test_treatments_are_series_and_two_services_one_visit(demo: DemoData) -> None:
    assert len(demo.series) >= 3
    for series in demo.series:
        members = [one for one in demo.visits if one.series_id == series.id]
        days = Rule.read(series.rule).days(series.first_day)
        assert len(members) >= 6 and {one.series_day for one in members} <= set(days)
        assert {one.starts_at.astimezone(SAO_PAULO).time() for one in members} == {series.starts}
        assert len({one.patient_id for one in members}) == 1
    shared = Counter(one.visit_id for one in demo.visits if one.visit_id)
    assert shared and set(shared.values()) == {2}


def test_the_front_desk_has_somebody_to_call_for_every_month(demo: DemoData) -> None:
    desk, known = demo.front_desk, {one.id: one for one in demo.visits}
    this_month = local_date(demo.moment).replace(day=1)
    months = Counter(one.due_month for one in desk.recalls if one.state == "open")
    assert months[this_month] >= 8
    assert sum(count for month, count in months.items() if month < this_month) >= 3
    for one in desk.recalls:
        assert one.due_month.day == 1
        assert (one.state == "booked") == (one.appointment_id is not None)
        assert one.appointment_id is None or known[one.appointment_id].starts_at > demo.moment
    assert all(one.created_at <= demo.moment for one in desk.attempts)
    assert desk.calls and all(one.called_at <= demo.moment for one in desk.calls)
