"""The cable is pulled: what a receptionist sees, may do and keeps, and how it goes on when it is plugged in again."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk import settings
from clinicdesk.desk.agenda.board import MONTH
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.domain.agenda import Status
from clinicdesk.usecases import agenda, snapshot
from clinicdesk.usecases.door import Door
from clinicdesk.usecases.own_key import own_files
from clinicdesk.usecases.staff import SignedIn
from tests.faults.cable import Cable
from tests.journeys.conftest import at_the_desk, sign_renata_in, watched
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, PASSWORD, Office, at, value
from tests.usecases.test_agenda import booking
from tests.usecases.test_snapshot import taken

TOMORROW = DAY + dt.timedelta(days=1)


@pytest.fixture
def cable(office: Office) -> Iterator[Cable]:
    with Cable(office.address) as opened:
        yield opened


@pytest.fixture
def desk(office: Office, cable: Cable, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Hands]:
    """Renata is at work over the cable; Ana comes at nine, and tomorrow at ten."""
    agenda.book(office.desk("renata"), booking(office))
    agenda.book(office.desk("renata"), booking(office, slot=agenda.Slot.lasting(at(10, day=TOMORROW), 30)))
    with at_the_desk(office, qapp, qtbot, tmp_path) as hands:
        address = cable.address(office.address)
        door = Door(tmp_path, lambda: address, "Balcão", hands.application.tries)
        hands.window.set_door(lambda login, password: _watched(door.enter(login, password)))
        sign_renata_in(hands)
        hands.until(lambda: hands.workspace.signed_in.clinic.snapshot is not None)
        hands.idle()
        yield hands


def _watched(signed_in: SignedIn) -> SignedIn:
    return signed_in if signed_in.clinic.away else watched(signed_in)


def pull(desk: Hands, cable: Cable) -> None:
    """Pull the cable and wait for the banner."""
    cable.pull()
    desk.until(lambda: desk.workspace.agenda.banner.isVisible())


def plug(desk: Hands, cable: Cable) -> None:
    """Plug it in again and wait until the banner has gone."""
    cable.plug()
    desk.workspace.agenda.banner.acted.emit()
    desk.until(lambda: not desk.workspace.agenda.banner.isVisible())
    desk.idle()


def test_today_and_tomorrow_can_be_read_and_nothing_else_is_promised(desk: Hands, cable: Cable) -> None:
    pull(desk, cable)
    banner = desk.workspace.agenda.banner
    assert "No connection" in banner.accessibleName() and "08:10" in banner.accessibleName()
    assert "Today and tomorrow can be read" in banner.accessibleName()
    page = desk.workspace.agenda
    page.step(1)
    desk.until(lambda: page.loading.days == (TOMORROW, TOMORROW))
    assert [one.patient_name for one in desk.visits()] == ["Ana Conceição Álvares"]
    assert desk.visits()[0].patient_phone
    page.step(1)
    desk.said("only 6 March and 7 March")
    assert page.day == TOMORROW
    page.show_mode(MONTH)
    desk.idle()
    assert page.mode is not MONTH
    page.go_today()
    desk.until(lambda: page.loading.days == (DAY, DAY))
    assert [one.patient_name for one in desk.visits()] == ["Ana Conceição Álvares"]


def test_nothing_is_written_and_that_is_said_in_words(desk: Hands, cable: Cable, office: Office) -> None:
    visit = desk.visit_of("Ana Conceição Álvares")
    desk.workspace.agenda.select(visit.id)
    pull(desk, cable)
    desk.workspace.agenda.command("confirm")
    desk.said("read only")
    plug(desk, cable)
    assert desk.held(visit.id).status is Status.PENDING
    desk.workspace.agenda.command("confirm")
    desk.status(visit.id, Status.CONFIRMED)


def test_who_comes_today_is_found_without_the_server(desk: Hands, cable: Cable) -> None:
    pull(desk, cable)
    desk.key(Qt.Key.Key_2, CTRL)
    patients = desk.workspace.patients
    patients.finder.box.setText("ana")
    desk.until(lambda: patients.finder.model.matches())
    match = patients.finder.model.matches()[0]
    assert match.name == "Ana Conceição Álvares" and match.phone
    patients.show_patient(match.id)
    desk.until(lambda: patients.profile.profile is not None)
    assert "only what today and tomorrow tell" in patients.profile._trouble.accessibleName()
    assert "patient since" not in " ".join(desk.words(patients.profile))
    patients.edit()
    desk.said("no connection now")


def test_a_booking_is_typed_without_the_server_and_booked_when_it_is_back(desk: Hands, cable: Cable) -> None:
    pull(desk, cable)
    desk.workspace.book(patient=None)
    desk.editor.who.begin_new(agenda.NewPatient("Bia Prado", "(11) 98888-7777"))
    desk.editor.note.setText("prefere de manhã")
    desk.until(lambda: desk.editor.booking.free is not None)  # as it looked when the cable was pulled
    desk.key(Qt.Key.Key_Return, CTRL)
    assert "draft" in desk.editor.trouble.accessibleName()
    assert desk.editor.isVisible()
    plug(desk, cable)
    assert desk.editor.isVisible() and desk.editor.note.text() == "prefere de manhã"
    desk.until(lambda: desk.editor.booking.free is not None)
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.visit_of("Bia Prado")


def test_what_was_booked_just_before_stays_on_every_page_that_is_leafed_to(
    desk: Hands, cable: Cable, office: Office
) -> None:
    late = agenda.book(office.desk("renata"), booking(office, slot=agenda.Slot.lasting(at(11), 30)))
    desk.until(lambda: desk.workspace.agenda.model.appointment(late.id) is not None)
    pull(desk, cable)
    page = desk.workspace.agenda
    page.step(1)
    desk.until(lambda: page.loading.days == (TOMORROW, TOMORROW))
    page.step(-1)
    desk.until(lambda: page.loading.days == (DAY, DAY))
    assert late.id in {one.id for one in desk.visits()}


def test_the_paper_kit_is_printed_without_the_server(desk: Hands, cable: Cable) -> None:
    pull(desk, cable)
    desk.click(desk.workspace.agenda.banner.other)
    desk.until(lambda: desk.window.findChildren(PrintPreview))
    preview = desk.overlay(PrintPreview)
    assert isinstance(preview, PrintPreview) and preview.document.pageCount() >= 3
    text = " ".join(preview.document.getAllText(page).text() for page in range(preview.document.pageCount()))
    assert "Ana Conceição Álvares" in text and "Booked by hand" in text


def test_signing_in_without_the_server_shows_what_was_kept_and_goes_on_by_itself(
    desk: Hands, cable: Cable, office: Office, tmp_path: Path
) -> None:
    desk.window.leave()
    cable.pull()
    page = desk.window.sign_in_page
    page.tiles.select("renata")
    desk.write("porta 12 fechada")
    desk.click(page.button)
    desk.until(page.banner.isVisible)
    assert desk.window.workspace is None and desk.application.tries._read()["renata"][0] == 1
    sign_renata_in(desk)
    workspace = desk.workspace
    agenda_page = workspace.agenda
    assert agenda_page.banner.isVisible() and "read only" in agenda_page.banner.accessibleName()
    desk.until(lambda: agenda_page.model.appointments())
    assert [one.patient_name for one in desk.visits()] == ["Ana Conceição Álvares"]
    assert desk.toast == ""
    agenda_page.step(1)
    desk.until(lambda: agenda_page.loading.days == (TOMORROW, TOMORROW))
    meanwhile = agenda.book(office.desk("renata"), booking(office, slot=agenda.Slot.lasting(at(14, day=TOMORROW), 30)))
    plug(desk, cable)
    assert desk.workspace is workspace and agenda_page.day == TOMORROW
    desk.until(lambda: agenda_page.model.appointment(meanwhile.id) is not None)
    agenda_page.select(meanwhile.id)
    agenda_page.command("confirm")
    desk.status(meanwhile.id, Status.CONFIRMED)


def test_whoever_was_closed_out_meanwhile_is_not_let_stay(desk: Hands, cable: Cable, office: Office) -> None:
    desk.window.leave()
    cable.pull()
    sign_renata_in(desk)
    office.admin().execute("UPDATE clinicdesk.person SET active = false WHERE login = 'renata'")
    cable.plug()
    desk.workspace.agenda.banner.acted.emit()
    desk.until(lambda: desk.window.workspace is None)
    assert desk.window.sign_in_page.banner.isVisible()


def test_a_lost_answer_to_a_booking_ends_in_one_visit_that_the_desk_shows(
    desk: Hands, cable: Cable, office: Office
) -> None:
    desk.workspace.book()
    desk.editor.who.begin_new(agenda.NewPatient("Bia Prado", "(11) 98888-7777"))
    desk.until(lambda: desk.editor.booking.free is not None)
    desk.idle()
    with cable.losing(1):
        desk.key(Qt.Key.Key_Return, CTRL)
        desk.until(lambda: cable.lost)
    visit = desk.visit_of("Bia Prado")
    desk.said("Bia Prado booked")
    assert desk.workspace.editor is not None and not desk.workspace.editor.isVisible()
    booked = value(
        office.admin(),
        "SELECT count(*) FROM clinicdesk.appointment a JOIN clinicdesk.patient p ON p.id = a.patient_id"
        " WHERE p.full_name = 'Bia Prado'",
    )
    assert booked == 1 and desk.held(visit.id).patient_name == "Bia Prado"


def test_a_step_whose_answer_was_lost_is_told_when_the_server_is_back(desk: Hands, cable: Cable) -> None:
    visit = desk.visit_of("Ana Conceição Álvares")
    desk.workspace.agenda.select(visit.id)
    with cable.losing(1):
        desk.workspace.agenda.command("confirm")
        desk.until(lambda: cable.lost)
        pull(desk, cable)
        desk.until(lambda: "sent and not answered" in desk.workspace.agenda.banner.accessibleName())
    plug(desk, cable)
    desk.status(visit.id, Status.CONFIRMED)


def test_a_desk_whose_own_database_does_not_start_shows_what_was_kept(
    office: Office, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    agenda.book(office.desk("renata"), booking(office))
    clinic, taken_now = taken(office, "renata")
    snapshot.keep(own_files(tmp_path, "renata", PASSWORD), replace(taken_now, taken_at=dt.datetime.now(dt.UTC)))
    settings.save(tmp_path, settings.Settings(postgres_binaries=Path("/nowhere")))
    (tmp_path / "postgres-admin").mkdir()  # there was a server here once
    with at_the_desk(office, qapp, qtbot, tmp_path) as hands:
        hands.application.open()
        hands.until(lambda: hands.window.sign_in_page.banner.isVisible())
        hands.idle()
        hands.window.sign_in_page.sign_in_requested.emit("renata", PASSWORD)
        hands.until(lambda: hands.window.workspace is not None)
        hands.until(lambda: hands.visits())
        assert [one.patient_name for one in hands.visits()] == ["Ana Conceição Álvares"]
        assert hands.workspace.agenda.banner.isVisible()
        assert hands.workspace.signed_in.clinic.person == clinic.person
