"""The demo clinic on real PostgreSQL: made once, opened again, entered by everybody, free of double bookings."""

import datetime as dt
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clinicdesk.domain.agenda import BookAppointment, Slot, Status
from clinicdesk.domain.history import EventKind
from clinicdesk.domain.staff import Role, check_password
from clinicdesk.errors import SlotTaken
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import agenda, demo, history, patients, staff
from clinicdesk.usecases.clinic import new_id

NOW = dt.datetime(2026, 11, 24, 13, 18, tzinfo=dt.UTC)
TUESDAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def folder(run_folder: Path) -> Path:
    """Where this run's demo keeps its passwords; workers of one run share it as they share the server."""
    made = run_folder / "demo"
    made.mkdir(exist_ok=True)
    return made


@pytest.fixture(scope="module")
def opened(cluster: Cluster, folder: Path) -> demo.DemoClinic:
    """A small demo clinic."""
    return demo.open_demo(cluster, folder, NOW, patients=300, appointments=2_000)


@pytest.fixture(scope="module")
def desk(opened: demo.DemoClinic) -> Iterator[staff.SignedIn]:
    """The receptionist signed in."""
    person = opened.people[0]
    signed_in = staff.sign_in(opened.address, person.login, person.password, "mesa 1")
    yield signed_in
    signed_in.clinic.close()


@pytest.fixture(scope="module")
def admin(cluster: Cluster, opened: demo.DemoClinic) -> Iterator[psycopg.Connection[Any]]:
    """The administrator's view of it."""
    with psycopg.connect(**dict[str, Any](cluster.admin_conninfo(demo.DATABASE)), autocommit=True) as connection:
        yield connection


def test_everybody_signs_in_and_keeps_the_passwords_private(opened: demo.DemoClinic, folder: Path) -> None:
    assert [one.name for one in opened.people] == [
        "Renata Souza",
        "Paula Reis",
        "Dra. Helena Prado",
        "Dr. Caio Menezes",
        "Cláudia Meireles",
    ]
    assert stat.S_IMODE((folder / demo.PEOPLE_FILE).stat().st_mode) == 0o600
    assert len({one.password for one in opened.people}) == 5
    roles = {}
    for one in opened.people:
        check_password(one.password, login=one.login, name=one.name)
        signed_in = staff.sign_in(opened.address, one.login, one.password, "mesa")
        roles[one.login] = (signed_in.clinic.person.role, signed_in.clinic.person.professional_id is not None)
        assert signed_in.clinic.keys.register_key
        signed_in.clinic.close()
    assert roles == {
        "renata": (Role.RECEPTION, False),
        "paula": (Role.MANAGER, False),
        "helena": (Role.PROFESSIONAL, True),
        "caio": (Role.PROFESSIONAL, True),
        "claudia": (Role.OWNER, False),
    }


def test_opening_again_gives_the_same_clinic(cluster: Cluster, opened: demo.DemoClinic, folder: Path) -> None:
    again = demo.open_demo(cluster, folder, NOW)
    assert (again.people, again.address, again.moment, again.made_now) == (
        opened.people,
        opened.address,
        opened.moment,
        False,
    )


def test_the_day_is_the_one_of_the_pictures(desk: staff.SignedIn) -> None:
    things = agenda.catalogue(desk.clinic)
    assert (len(things.services), len(things.rooms), len(things.equipment)) == (40, 10, 4)
    page = agenda.days(desk.clinic, TUESDAY, TUESDAY, [one.id for one in things.professionals])
    columns = Counter(one.professional_name for one in page.appointments)
    for name in ("Dra. Helena Prado", "Dr. Caio Menezes", "Dra. Lívia Tanaka", "Dr. André Falcão", "Dra. Marina Couto"):
        assert 5 <= columns[name] <= 9
    dulce = next(one for one in page.appointments if one.patient_name.startswith("Dulce"))
    assert (dulce.alert, dulce.patient_phone, dulce.room_name) == (
        "Alergia grave: dipirona",
        "+5511900000142",
        "Sala 4",
    )
    child = next(one for one in page.appointments if one.patient_name == "Heitor Magalhães")
    assert child.guardian_name == "Vera Magalhães" and child.first_visit


def test_what_triggers_would_have_written_is_there(desk: staff.SignedIn, admin: psycopg.Connection[Any]) -> None:
    wrong = """
        SELECT count(*) FROM clinicdesk.patient p WHERE sort_name <> clinicdesk.folded(coalesce(nullif(social_name, ''),
               full_name)) OR search_text NOT LIKE '% ' || regexp_replace(phone, '^\\+55', '') || ' '"""
    assert _number(admin, wrong) == 0
    versions = """
        SELECT count(*) FROM clinicdesk.appointment a JOIN clinicdesk.appointment_version v
               ON v.appointment_id = a.id AND v.version = a.version
         WHERE (v.status, v.status_at, v.starts_at, v.price) = (a.status, a.status_at, a.starts_at, a.price)"""
    assert _number(admin, versions) == _number(admin, "SELECT count(*) FROM clinicdesk.appointment") == 2_000
    held = """
        SELECT count(*) FROM clinicdesk.appointment a WHERE (status NOT IN ('cancelled', 'no_show')) <>
               EXISTS (SELECT 1 FROM clinicdesk.resource_hold h WHERE h.appointment_id = a.id
                          AND h.resource_id = a.professional_id AND h.exempt = (a.overbooking_reason <> ''))"""
    assert _number(admin, held) == 0
    quiet = "SELECT count(*) FROM pg_trigger WHERE tgenabled NOT IN ('O', 'A') AND NOT tgisinternal"
    assert _number(admin, quiet) == 0
    found = patients.search(desk.clinic, "dulce albuquerque")
    masked = [patients.masked_cpf(desk.clinic, one.id) for one in found]  # she stands in the register twice
    assert any(cpf.startswith("•••") for cpf in masked)


def test_the_history_tells_how_a_visit_came_about(desk: staff.SignedIn) -> None:
    beatriz = patients.search(desk.clinic, "beatriz nóbrega")[0]
    visit = next(one for one in agenda.of_patient(desk.clinic, beatriz.id) if one.status is Status.COMPLETED)
    events = agenda.history(desk.clinic, visit.id)
    assert events[0].kind is EventKind.BOOKED and events[0].person_name == "Renata Souza"
    assert [one.status for one in events][-3:] == [Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED]
    assert [one.at for one in events] == sorted(one.at for one in events)


def test_the_day_has_a_past_in_which_several_desks_moved_visits(desk: staff.SignedIn) -> None:
    life = history.life(desk.clinic, TUESDAY, TUESDAY)
    moved = [one for one in life.events if one.kind is EventKind.MOVED]
    assert len({one.desk for one in moved}) == 2 and len({one.person_name for one in life.events}) >= 3
    left = [one for one in moved if one.after and one.after.starts_at >= life.span.ends_at]
    came = [one for one in moved if one.before and one.before.starts_at >= life.span.ends_at]
    assert len(left) == 3 and came
    (kenji,) = [one for one in moved if one.patient_name == "Kenji Watanabe"]
    there = {one.patient_name: one.status for one in life.as_it_stood(kenji.at)}
    assert there["Kenji Watanabe"] is Status.PENDING and there["Noemi Peixoto"] is Status.CANCELLED
    before = {one.patient_name for one in life.as_it_stood(kenji.at - dt.timedelta(minutes=1))}
    assert "Kenji Watanabe" not in before


def test_a_double_booking_is_refused_in_it(desk: staff.SignedIn) -> None:
    things = agenda.catalogue(desk.clinic)
    page = agenda.days(desk.clinic, TUESDAY, TUESDAY, [one.id for one in things.professionals])
    held = next(one for one in page.appointments if one.status is Status.CONFIRMED)
    with pytest.raises(SlotTaken):
        agenda.book(
            desk.clinic,
            BookAppointment(
                new_id(), held.patient_id, held.professional_id, held.service_id, Slot(held.starts_at, held.ends_at)
            ),
        )


def test_a_demo_cut_short_is_not_taken_for_one(
    cluster: Cluster, opened: demo.DemoClinic, folder: Path, data_dir: Path
) -> None:
    data_dir.mkdir()
    assert demo._kept(cluster, data_dir) is None
    (data_dir / demo.PEOPLE_FILE).write_text((folder / demo.PEOPLE_FILE).read_text("utf-8")[:40], "utf-8")
    assert demo._kept(cluster, data_dir) is None


def _number(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
