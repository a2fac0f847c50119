"""Today and tomorrow can be read without the server, by whoever saw them, and by nobody else."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.plain import from_plain, to_plain
from clinicdesk.domain.snapshot import Snapshot
from clinicdesk.errors import ClinicUnreachable, DaysNotKept, SignInRefused
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.usecases import agenda, patients, snapshot
from clinicdesk.usecases.clinic import Clinic, Link
from clinicdesk.usecases.own_key import own_files
from clinicdesk.usecases.staff import SignedIn
from tests.office import DAY, PASSWORD, Office, at
from tests.usecases.test_agenda import booking

NEXT = DAY + dt.timedelta(days=1)


def taken(office: Office, login: str) -> tuple[Clinic, Snapshot]:
    """What a person may see of today and tomorrow."""
    clinic = office.desk(login)
    with clinic.transaction() as tx:
        theirs = [one for one in clinic_rows.clinics(tx) if one.id in clinic.person.clinic_ids]
    return clinic, snapshot.take(clinic, theirs, DAY)


def away(office: Office, login: str, folder: Path) -> tuple[SignedIn, Snapshot]:
    """The person at work without a server, over what was kept."""
    _clinic, found = taken(office, login)
    snapshot.keep(own_files(folder, login, PASSWORD), found)
    signed_in = snapshot.sign_in_away(folder, {}, login, PASSWORD, "mesa 1", found.taken_at)
    return signed_in, found


def test_what_was_kept_is_what_was_seen(office: Office, tmp_path: Path) -> None:
    visit = agenda.book(office.desk("renata"), booking(office))
    office.admin().execute(
        "INSERT INTO clinicdesk.patient_alert (id, patient_id, severity, text) VALUES (gen_random_uuid(), %s, 'severe',"
        " 'Alergia a dipirona')",
        [visit.patient_id],
    )
    signed_in, found = away(office, "renata", tmp_path)
    assert from_plain(Snapshot, to_plain(found)) == found
    clinic = signed_in.clinic
    people = [one.id for one in agenda.catalogue(clinic).professionals]
    page = agenda.days(clinic, DAY, NEXT, people)
    assert [one.id for one in page.appointments] == [visit.id]
    assert page.appointments[0].patient_phone and page.appointments[0].alert == "Alergia a dipirona"
    assert [one.text for one in found.days[clinic.id].alerts[visit.patient_id]] == ["Alergia a dipirona"]
    assert page.calendar.open_slots(people[0], DAY)
    assert agenda.of_patient(clinic, visit.patient_id) == [page.appointments[0]]
    assert signed_in.clinics[0].name and clinic.person.name == "Renata Souza"


def test_who_comes_is_found_by_name_and_phone(office: Office, tmp_path: Path) -> None:
    visit = agenda.book(office.desk("renata"), booking(office))
    clinic = away(office, "renata", tmp_path)[0].clinic
    for text in (visit.patient_name[:2], visit.patient_name.upper(), visit.patient_phone[-6:], ""):
        found = patients.with_visits(clinic, patients.search(clinic, text), at(8))
        assert [one.id for one in found] == [visit.patient_id], text
    assert patients.search(clinic, "zzz") == []
    assert patients.search(clinic, "", limit=5, offset=1) == []


def test_other_days_are_refused_with_the_days_there_are(office: Office, tmp_path: Path) -> None:
    clinic = away(office, "renata", tmp_path)[0].clinic
    with pytest.raises(DaysNotKept) as refused:
        agenda.days(clinic, NEXT, NEXT + dt.timedelta(days=1), [])
    assert (refused.value.first, refused.value.last) == (DAY, NEXT)


def test_nothing_is_written_without_the_server(office: Office, tmp_path: Path) -> None:
    clinic = away(office, "renata", tmp_path)[0].clinic
    with pytest.raises(ClinicUnreachable):
        agenda.book(clinic, booking(office))


def test_a_person_keeps_what_they_may_see_and_no_more(office: Office, tmp_path: Path) -> None:
    """Renata works in one unit; whoever takes her folder to another login opens nothing."""
    _clinic, found = taken(office, "renata")
    assert set(found.days) == {office.sample.clinics["ipe"]}
    assert {one.clinic_id for one in found.days[office.sample.clinics["ipe"]].appointments} <= set(found.days)
    _owner, all_of_it = taken(office, "claudia")
    assert set(all_of_it.days) == set(office.sample.clinics.values())
    snapshot.keep(own_files(tmp_path, "claudia", PASSWORD), all_of_it)
    (tmp_path / "people" / "renata").mkdir()
    for name in ("key", "snapshot.sealed"):
        content = (tmp_path / "people" / "claudia" / name).read_bytes()
        (tmp_path / "people" / "renata" / name).write_bytes(content)
    with pytest.raises(ClinicUnreachable):
        snapshot.sign_in_away(tmp_path, {}, "renata", PASSWORD, "mesa 1", found.taken_at)


def test_a_wrong_password_opens_nothing_and_reads_like_any_other(office: Office, tmp_path: Path) -> None:
    found = away(office, "renata", tmp_path)[1]
    with pytest.raises(SignInRefused):
        snapshot.sign_in_away(tmp_path, {}, "renata", "porta 12 fechada", "mesa 1", found.taken_at)
    with pytest.raises(ClinicUnreachable):
        snapshot.sign_in_away(tmp_path, {}, "nobody", PASSWORD, "mesa 1", found.taken_at)


def test_it_goes_after_three_days_and_with_the_account(office: Office, tmp_path: Path) -> None:
    found = away(office, "renata", tmp_path)[1]
    assert snapshot.anybody_kept(tmp_path)
    files = own_files(tmp_path, "renata", PASSWORD)
    assert snapshot.kept(files, found.taken_at + dt.timedelta(days=2, hours=23)) is not None
    assert snapshot.kept(files, found.taken_at + dt.timedelta(days=3, seconds=1)) is None
    assert not snapshot.anybody_kept(tmp_path)
    snapshot.keep(files, found)
    os.utime(files.folder / "snapshot.sealed", (1_000_000, 1_000_000))
    snapshot.sweep(tmp_path)
    assert not snapshot.anybody_kept(tmp_path)
    snapshot.keep(files, found)
    snapshot.forget(tmp_path, "renata")
    assert not snapshot.anybody_kept(tmp_path)


def test_what_another_release_kept_is_left_alone_and_removed(office: Office, tmp_path: Path) -> None:
    files = own_files(tmp_path, "renata", PASSWORD)
    for content in (b"", b"\x78\x9c", b"[]"):
        files.keep(snapshot.KIND, content)
        assert snapshot.kept(files, at(8)) is None
        assert files.kinds() == []


def test_what_is_known_later_takes_the_place_of_what_was_kept(office: Office, tmp_path: Path) -> None:
    desk = office.desk("renata")
    visit = agenda.book(desk, booking(office))
    clinic, found = taken(office, "renata")
    days = found.days[clinic.id]
    later = replace(visit, version=9, note="moved")
    gone = days.with_visits(DAY, DAY, [visit.professional_id], [])
    assert gone.appointments == ()
    assert gone.with_visits(DAY, DAY, [visit.professional_id], [later]).appointments == (later,)
    far = replace(later, starts_at=at(9, day=DAY + dt.timedelta(days=9)))
    assert days.with_visits(DAY, DAY, [visit.professional_id], [far]).appointments == ()
    others = days.with_visits(DAY, DAY, [], [])
    assert others.appointments == days.appointments


def test_the_server_is_asked_again_once_it_is_there(office: Office, tmp_path: Path) -> None:
    """What was opened without it goes on over the connections of the real sign-in."""
    clinic = away(office, "renata", tmp_path)[0].clinic
    told: Queue[Link] = Queue()
    listening = clinic.watch(lambda _change: None, told.put)
    assert clinic.away and told.get() is Link.UNREACHABLE
    clinic.arrive(office.desk("renata"))
    assert told.get(timeout=10) is Link.CONNECTED
    assert clinic.kept is None
    booked: Appointment = agenda.book(clinic, booking(office))
    assert agenda.appointments(clinic, [booked.id]) == [booked]
    listening.close()
    clinic.close()
